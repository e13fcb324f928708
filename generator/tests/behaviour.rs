//! That the generated code of every fixture compiles without a warning and behaves: the modules of all fixtures become one
//! package, `behaviour/` its tests, and cargo runs them. What the code looks like is in `snapshots.rs`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use wireproof_generator::{Options, Runtime, generate, workspace_package};
use wireproof_openapi::{Document, Source};

#[test]
fn generated_code_compiles_and_behaves() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut modules = BTreeMap::new();
    for entry in std::fs::read_dir(here.join("tests/fixtures")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let document = Document::parse(Source::new(name.clone(), std::fs::read_to_string(&path).unwrap())).unwrap();
        modules.insert(name, generate(&document, &Options::default()));
    }
    assert!(modules.len() >= 14, "the fixtures are gone");
    let runtime = here.parent().unwrap().join("runtime");
    let mut files = workspace_package(&modules, "behaviour", &Runtime::Path(runtime.display().to_string()));
    let manifest = files.get_mut("Cargo.toml").unwrap();
    manifest.push_str("\n[dev-dependencies]\nserde_json = { version = \"1\", features = [\"arbitrary_precision\"] }\n");

    let package = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("behaviour");
    // What an earlier run left of files that are no longer made must not be compiled again.
    let _ = std::fs::remove_dir_all(package.join("src"));
    let _ = std::fs::remove_dir_all(package.join("tests"));
    for (path, text) in &files {
        write(&package.join(path), text);
    }
    for (name, text) in [
        ("main.rs", include_str!("behaviour/tests.rs")),
        ("operations.rs", include_str!("behaviour/operations.rs")),
        ("schemas.rs", include_str!("behaviour/schemas.rs")),
    ] {
        write(&package.join("tests/behaviour").join(name), text);
    }
    write(&package.join("Cargo.lock"), &std::fs::read_to_string(here.parent().unwrap().join("Cargo.lock")).unwrap());

    let run = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "--offline", "--target-dir"])
        .arg(package.join("target"))
        .current_dir(&package)
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{said}");
}

/// Writes a file only where it differs, so that cargo compiles no more than it must.
fn write(path: &Path, text: &str) {
    if std::fs::read_to_string(path).is_ok_and(|before| before == text) {
        return;
    }
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}
