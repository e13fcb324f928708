//! The README tells the truth: what it shows of `verify` is what `verify` prints on this repository.

#![cfg(feature = "types")]

use std::fs;
use std::path::Path;

use wireproof::{Environment, Stream, run};

#[test]
fn the_readme_shows_what_verify_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the repository");
    let readme = fs::read_to_string(root.join("README.md")).expect("a README");
    let (_, rest) = readme.split_once("```text\nreforge ").expect("the README shows the output of verify");
    let (shown, _) = rest.split_once("\n```").expect("the block ends");

    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut environment = Environment {
        program: "cargo xtask",
        directory: root.to_path_buf(),
        stdin: Box::new(std::io::empty()),
        out: Stream::plain(&mut out),
        err: Stream::plain(&mut err),
    };
    let exit = run(["wireproof", "verify", "--today", "2026-11-21"].into_iter().map(Into::into), &mut environment);
    drop(environment);
    assert_eq!(exit.code(), 0, "{}", String::from_utf8_lossy(&err));
    let printed = String::from_utf8(out).expect("text");
    assert_eq!(format!("reforge {shown}"), printed.trim_end(), "put the output of `cargo xtask verify` into README.md");
}
