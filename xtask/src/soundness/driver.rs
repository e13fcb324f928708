//! The driver: a program that is generated around the types of some documents. It reads a line `{document, type, instance}`, decodes the
//! instance as that type, encodes it again, and answers with a line. A panic is an answer; what ends the program, or takes too
//! long, costs one instance, for it is started again.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use wireproof::Failure;

use super::subject::{Subject, write};
use crate::{cargo, root};

/// The parts of the driver that are the same for all documents.
const MAIN: &str = include_str!("driver_main.rs");

/// A program that knows the types of some documents.
pub(super) struct Driver {
    executable: PathBuf,
}

/// What a type made of an instance.
#[derive(Debug)]
pub(super) enum Answer {
    /// It was decoded, and encoded to this.
    Encoded(Value),
    /// It was refused.
    Refused(String),
    /// The code panicked, or took the whole program with it.
    Died(String),
}

impl Driver {
    /// Writes and builds the driver for `subjects`; the inner error is what the compiler said.
    pub(super) fn build(subjects: &[Subject], target: &Path, jobs: usize) -> Result<Result<Self, String>, Failure> {
        let mut main = String::new();
        let limit = subjects.iter().filter_map(|subject| subject.recursion_limit).max();
        if let Some(limit) = limit {
            let _ = writeln!(main, "#![recursion_limit = \"{limit}\"]");
        }
        main.push_str(MAIN);
        let (mut members, mut dependencies, mut arms) = (String::new(), String::new(), String::new());
        for (index, subject) in subjects.iter().enumerate() {
            let (folder, name) = (&subject.found.name, &subject.package);
            let _ = writeln!(members, "    \"packages/{folder}\",");
            let _ = writeln!(dependencies, "{name} = {{ path = \"../packages/{folder}\" }}");
            let _ = writeln!(arms, "        {index} => document_{index}::round(ty, text),");
            let _ = writeln!(main, "mod document_{index};");
            write(&target.join("driver/src").join(format!("document_{index}.rs")), &module(subject))?;
        }
        let _ = write!(
            main,
            "\nfn round(document: usize, ty: usize, text: &str) -> Result<String, String> {{\n    match document {{\n{arms}        _ => Err(\"no such document\".to_owned()),\n    }}\n}}\n"
        );
        write(&target.join("driver/src/main.rs"), &main)?;
        let runtime = toml_string(&root().join("runtime").display().to_string());
        write(
            &target.join("driver/Cargo.toml"),
            &format!(
                "[package]\nname = \"driver\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                 serde_json = {{ version = \"1\", features = [\"raw_value\"] }}\nwireproof-runtime = {{ path = {runtime} }}\n{dependencies}"
            ),
        )?;
        // Nobody steps through it, and it is thrown away: what makes building fast.
        let profile = "[profile.dev]\ndebug = false\nopt-level = 0\nincremental = false\n";
        write(
            &target.join("Cargo.toml"),
            &format!("[workspace]\nresolver = \"3\"\nmembers = [\n    \"driver\",\n{members}]\n\n{profile}"),
        )?;
        let lock = root().join("Cargo.lock");
        if lock.is_file() {
            fs::copy(&lock, target.join("Cargo.lock")).map_err(|error| Failure::io("copy", lock.display(), &error))?;
        }
        let output = cargo()
            .args(["build", "--quiet", "--package", "driver", "--jobs", &jobs.to_string()])
            .arg("--target-dir")
            .arg(target.join("target"))
            .current_dir(target)
            .output()
            .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
        if !output.status.success() {
            return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
        }
        // The next group builds another program of this name.
        let built = target.join("target/debug/driver");
        Ok(Ok(Self { executable: built }))
    }

    /// Starts the program.
    pub(super) fn start(&self) -> Result<Running, Failure> {
        let mut child = Command::new(&self.executable)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Failure::io("run", self.executable.display(), &error))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("the driver has no input or output"));
        };
        Ok(Running { child, input, output: BufReader::new(output) })
    }
}

/// A driver at work.
pub(super) struct Running {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Running {
    /// What the type `ty` of `document` makes of an instance; `None` if the program ended over it.
    pub(super) fn ask(&mut self, document: usize, ty: usize, instance: &Value) -> Option<Answer> {
        let line = json!({ "document": document, "type": ty, "instance": instance });
        writeln!(self.input, "{line}").and_then(|()| self.input.flush()).ok()?;
        let mut answer = String::new();
        if self.output.read_line(&mut answer).ok()? == 0 {
            return None;
        }
        let mut answer: Value = serde_json::from_str(&answer).ok()?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Some(match answer.get_mut("encoded").map(Value::take) {
            Some(encoded) => Answer::Encoded(encoded),
            None => match answer.get("panicked") {
                Some(message) => Answer::Died(text(message)),
                None => Answer::Refused(answer.get("refused").map(text).unwrap_or_default()),
            },
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It ends with its input at the latest; either way it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The module of one document: an arm for each type, by number. Paths are the generator's own.
fn module(subject: &Subject) -> String {
    let crate_name = subject.package.replace('-', "_");
    let mut text = format!("#[allow(unused_imports)]\nuse {crate_name} as module;\n\n");
    text.push_str("pub fn round(ty: usize, text: &str) -> Result<String, String> {\n    match ty {\n");
    for (index, name) in subject.types.iter().enumerate() {
        let _ = writeln!(text, "        {index} => crate::through::<{}>(text),", name.path);
    }
    text.push_str("        _ => Err(\"no such type\".to_owned()),\n    }\n}\n");
    text
}

/// A TOML basic string.
fn toml_string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
