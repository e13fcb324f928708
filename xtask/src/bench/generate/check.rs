//! `--check`: what the compiler takes for our result alone. A package with the same manifest and nothing in it is checked before, so
//! that all that the result depends on is built by then.

use std::fs;
use std::path::Path;
use std::time::Duration;

use wireproof::Failure;

use super::report::Figures;
use super::{empty, offline_cargo};
use crate::measured::{self, Measured};
use crate::root;

/// Measures `cargo check` of the package at `package`.
pub(super) fn check(package: &Path, folder: &Path, limit: Duration) -> Result<Figures, Failure> {
    let stand_in = folder.join("dependencies");
    empty(&stand_in)?;
    fs::create_dir_all(stand_in.join("src")).map_err(|error| Failure::io("make", stand_in.display(), &error))?;
    let write = |path: &Path, text: &str| fs::write(path, text).map_err(|error| Failure::io("write", path.display(), &error));
    let read = |path: &Path| fs::read_to_string(path).map_err(|error| Failure::io("read", path.display(), &error));
    write(&stand_in.join("Cargo.toml"), &read(&package.join("Cargo.toml"))?)?;
    write(&stand_in.join("src/lib.rs"), "")?;
    // The versions that this repository is tested with, so that nothing has to be looked up.
    let lock = root().join("Cargo.lock");
    if lock.is_file() {
        let lock = read(&lock)?;
        write(&stand_in.join("Cargo.lock"), &lock)?;
        write(&package.join("Cargo.lock"), &lock)?;
    }
    let before = cargo_check(&stand_in, folder, limit)?;
    if before.code != Some(0) {
        return Ok(Figures::of(&[before], &folder.join("err.txt")));
    }
    let measured = cargo_check(package, folder, limit)?;
    Ok(Figures::of(&[measured], &folder.join("err.txt")))
}

fn cargo_check(package: &Path, folder: &Path, limit: Duration) -> Result<Measured, Failure> {
    let mut command = offline_cargo();
    command.args(["check", "--quiet", "--all-features", "--target-dir"]).arg(folder.join("target")).current_dir(package);
    measured::run(&command, limit, &folder.join("out.txt"), &folder.join("err.txt"))
}
