//! The binary itself: exit codes of the process, and a reader that goes away.

mod support;

use std::io::Read;
use std::process::{Command, Stdio};

use support::Repository;

fn wireproof(repository: &Repository) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wireproof"));
    command.current_dir(repository.root());
    command
}

#[test]
fn exit_codes_reach_the_shell() {
    let repository = Repository::new();
    let code = |arguments: &[&str]| wireproof(&repository).args(arguments).output().expect("it runs").status.code();
    assert_eq!(code(&["--help"]), Some(0));
    assert_eq!(code(&["generate", "--check"]), Some(1));
    assert_eq!(code(&["generate", "--frobnicate"]), Some(2));
}

#[test]
fn a_closed_pipe_is_no_panic_and_keeps_the_verdict() {
    let repository = Repository::new();
    let mut child =
        wireproof(&repository).args(["generate", "--check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert_eq!(child.wait().expect("it ends").code(), Some(1), "{said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn nothing_is_coloured_where_nobody_sees_it() {
    let repository = Repository::new();
    let output = wireproof(&repository).args(["generate", "--check"]).output().expect("it runs");
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_whole_files() {
    let repository = Repository::new();
    wireproof(&repository).arg("generate").output().expect("it runs");
    let texts =
        || repository.files("generated").iter().filter(|path| !path.contains("/.")).map(|path| repository.read(path)).collect::<Vec<_>>();
    let old = texts();
    let change = |from: &str, to: &str| repository.edit("specs/pets/openapi.yaml", from, to);
    change("What it answers to.", "What it is called.");
    wireproof(&repository).arg("generate").output().expect("it runs");
    let new = texts();
    assert_ne!(old, new);
    let mut wordings = ["What it is called.", "What it answers to."];
    for round in 0..12 {
        change(wordings[0], wordings[1]);
        wordings.swap(0, 1);
        let mut child = wireproof(&repository).arg("generate").stderr(Stdio::null()).spawn().expect("it runs");
        std::thread::sleep(std::time::Duration::from_millis(round * 3));
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        for (index, text) in texts().iter().enumerate() {
            assert!(*text == old[index] || *text == new[index], "half a file in round {round}:\n{text}");
        }
    }
}
