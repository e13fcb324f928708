//! Commands that check the generated types, or open connections, need a program that can. This program cannot, so that it works while
//! the generated code is stale or broken, and its first build stays short; it builds the other one, `wireproof`, with the types once
//! their code is known to be fresh, and hands over.

use std::process::Stdio;

use wireproof::{Command, Environment, Exit, Failure, Global, types_wanted};

use crate::{cargo, root, target_folder};

/// Runs `command` in the program that can do more; `None` where it does not need it, or would not profit.
pub(crate) fn to_able_program(command: &Command, global: &Global, environment: &mut Environment<'_>) -> Result<Option<Exit>, Failure> {
    // Where the configuration or a document cannot be read, the command itself says so best.
    let types = types_wanted(command, global, environment, &root()).unwrap_or(false);
    if !types && !command.is_live() {
        return Ok(None);
    }
    if !target_folder().join("debug").join("wireproof").exists() {
        environment.err.line("building the program that this command needs, which takes a while this first time");
    }
    let program = build(types, command.is_live())?;
    let mut command = std::process::Command::new(&program);
    command.args(std::env::args_os().skip(1));
    run(command).map_err(|error| Failure::new(format!("cannot run `{program}`: {error}")))
}

/// Puts a program in the place of this one, so that signals reach it and nobody else.
#[cfg(unix)]
fn run(mut command: std::process::Command) -> std::io::Result<Option<Exit>> {
    use std::os::unix::process::CommandExt;

    Err(command.exec())
}

/// Runs a program to its end.
#[cfg(not(unix))]
fn run(mut command: std::process::Command) -> std::io::Result<Option<Exit>> {
    let status = command.status()?;
    // A program that was killed has no exit code; its input was not proved to be anything.
    Ok(Some(match status.code() {
        Some(0) => Exit::Holds,
        Some(1) => Exit::Broken,
        _ => Exit::Unusable,
    }))
}

/// Builds `wireproof` with what is needed of it, and answers where it is. Who only proves does not wait for an HTTP client to compile.
fn build(types: bool, live: bool) -> Result<String, Failure> {
    let features: &[&str] = match (types, live) {
        (true, true) => &[],
        (true, false) => &["--no-default-features", "--features", "types"],
        (false, _) => &["--no-default-features", "--features", "live"],
    };
    let output = cargo()
        .args(["build", "--quiet", "--package", "wireproof", "--bin", "wireproof", "--message-format=json-render-diagnostics"])
        .args(features)
        .arg("--manifest-path")
        .arg(root().join("Cargo.toml"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new("the program does not compile, see above").with_help(
            "if an error is in `generated/`, the generator made code that does not compile: please report it with the document",
        ));
    }
    let executable = String::from_utf8_lossy(&output.stdout).lines().rev().find_map(executable_of);
    executable.ok_or_else(|| Failure::new("cargo did not say where it put the program `wireproof`"))
}

/// The path of the program, if a line of cargo's messages is about it.
fn executable_of(line: &str) -> Option<String> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let name = message.get("target")?.get("name")?.as_str()?;
    if name != "wireproof" {
        return None;
    }
    message.get("executable")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::executable_of;

    #[test]
    fn the_program_is_found_among_cargos_messages() {
        let line = r#"{"reason":"compiler-artifact","target":{"name":"wireproof","kind":["bin"]},"executable":"/t/debug/wireproof"}"#;
        assert_eq!(executable_of(line).as_deref(), Some("/t/debug/wireproof"));
        assert_eq!(executable_of(&line.replace("\"/t/debug/wireproof\"", "null")), None);
        assert_eq!(executable_of(&line.replace("\"name\":\"wireproof\"", "\"name\":\"build-script-build\"")), None);
        assert_eq!(executable_of("not JSON"), None);
    }
}
