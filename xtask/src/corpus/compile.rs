//! `--check`: one workspace of all packages, checked by one call of cargo; its messages are counted per package.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde::Deserialize;
use wireproof::Failure;

use super::report::{Compiled, Row};
use crate::{cargo, root};

/// A line of `cargo check --message-format=json`.
#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<String>,
    #[serde(rename = "message")]
    diagnostic: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
}

/// Compiles the packages of all rows that have one.
pub(super) fn all(rows: &mut [Row], target: &Path, jobs: usize) -> Result<(), Failure> {
    let packages = target.join("packages");
    let members: Vec<String> = rows.iter().filter(|row| row.outcome.is_ok()).map(|row| row.name.clone()).collect();
    if members.is_empty() {
        return Ok(());
    }
    write_workspace(&packages, &members)?;
    let mut child = cargo()
        .args(["check", "--workspace", "--all-features", "--keep-going", "--quiet", "--message-format=json"])
        .args(["--jobs", &jobs.to_string()])
        .arg("--target-dir")
        .arg(target.join("target"))
        .current_dir(&packages)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    let mut errors = child.stderr.take();
    // Read on a thread of its own: either stream may fill up while the other is read.
    let errors =
        std::thread::spawn(move || errors.as_mut().map(|stream| std::io::read_to_string(stream).unwrap_or_default()).unwrap_or_default());
    let mut counted: BTreeMap<String, Compiled> = BTreeMap::new();
    let mut messages = 0_usize;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(|error| Failure::new(format!("cannot read what cargo says: {error}")))?;
            let Ok(message) = serde_json::from_str::<Message>(&line) else { continue };
            messages += 1;
            count(&message, &packages, &mut counted);
        }
    }
    let status = child.wait().map_err(|error| Failure::new(format!("cannot wait for cargo: {error}")))?;
    let errors = errors.join().unwrap_or_default();
    if !status.success() && messages == 0 {
        return Err(Failure::new(format!("cargo cannot check the packages: {}", errors.trim())));
    }
    for row in rows.iter_mut().filter(|row| row.outcome.is_ok()) {
        row.compiled = Some(counted.remove(&row.name).unwrap_or_default());
    }
    Ok(())
}

fn count(message: &Message, packages: &Path, counted: &mut BTreeMap<String, Compiled>) {
    let (Some(manifest), Some(diagnostic)) = (&message.manifest_path, &message.diagnostic) else { return };
    let Some(name) = Path::new(manifest).strip_prefix(packages).ok().and_then(|inside| inside.iter().next()) else { return };
    if message.reason != "compiler-message" {
        return;
    }
    let compiled = counted.entry(name.to_string_lossy().into_owned()).or_default();
    match diagnostic.level.as_str() {
        "error" => compiled.errors += 1,
        "warning" => compiled.warnings += 1,
        _ => return,
    }
    if compiled.first.is_none() {
        compiled.first = Some(diagnostic.message.clone());
    }
}

/// What stands in the manifest of a package for being the root of its build.
const ROOT_ONLY: [&str; 3] = ["[workspace]", "[profile.dev]", "incremental = false"];

/// The manifest of the workspace. Every package stands alone with a `[workspace]` table of its own; as members they do without.
fn write_workspace(packages: &Path, members: &[String]) -> Result<(), Failure> {
    let write = |path: &Path, text: &str| {
        // Cargo goes by the time stamp: a file that says the same as before must keep it.
        if fs::read_to_string(path).is_ok_and(|before| before == text) {
            return Ok(());
        }
        fs::write(path, text).map_err(|error| Failure::io("write", path.display(), &error))
    };
    for member in members {
        let path = packages.join(member).join("Cargo.toml");
        let manifest = fs::read_to_string(&path).map_err(|error| Failure::io("read", path.display(), &error))?;
        let without: Vec<&str> = manifest.lines().filter(|line| !ROOT_ONLY.contains(&line.trim())).collect();
        write(&path, &format!("{}\n", without.join("\n")))?;
    }
    let list: Vec<String> = members.iter().map(|member| format!("    \"{member}\",\n")).collect();
    write(&packages.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = [\n{}]\n", list.concat()))?;
    // The versions that this repository is tested with, so that nothing has to be looked up.
    let lock = root().join("Cargo.lock");
    if lock.is_file() {
        let text = fs::read_to_string(&lock).map_err(|error| Failure::io("read", lock.display(), &error))?;
        write(&packages.join("Cargo.lock"), &text)?;
    }
    Ok(())
}
