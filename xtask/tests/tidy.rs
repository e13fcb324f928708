//! What holds for the repository as a whole, and no compiler checks: module docs, sizes, the direction of dependencies, digests of
//! the vendors' documents, freshness of generated code. Each test says what to do about what it finds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use sha2::{Digest, Sha256};
use wireproof::{Environment, Stream};

/// Files longer than this, tests not counted, are split.
const MAX_FILE_LINES: usize = 600;

/// Functions longer than this are split.
const MAX_FUNCTION_LINES: usize = 100;

/// Which packages of the workspace each package may depend on, development apart. Nothing else is allowed, and nothing is missing.
const DEPENDENCIES: &[(&str, &[&str])] = &[
    ("wireproof-openapi", &[]),
    ("wireproof-runtime", &[]),
    ("wireproof-generator", &["wireproof-openapi"]),
    ("wireproof-generated", &["wireproof-runtime"]),
    ("wireproof-contract", &["wireproof-openapi", "wireproof-runtime"]),
    ("wireproof-documents", &["wireproof-contract", "wireproof-openapi"]),
    ("wireproof-live", &["wireproof-contract", "wireproof-openapi"]),
    (
        "wireproof",
        &[
            "wireproof-contract",
            "wireproof-documents",
            "wireproof-generated",
            "wireproof-generator",
            "wireproof-live",
            "wireproof-openapi",
            "wireproof-runtime",
        ],
    ),
    ("xtask", &["wireproof", "wireproof-contract", "wireproof-documents", "wireproof-generator", "wireproof-openapi"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository").to_path_buf()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// All files below `folder` with that extension, without what cargo builds.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let kind = entry.file_type().expect("a kind of file");
            if kind.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
                open.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The Rust that people write.
fn sources() -> Vec<(String, String)> {
    let own = files(&root(), "rs").into_iter().filter(|path| !path.starts_with(root().join("generated")));
    let own: Vec<_> = own.map(|path| (shown(&path), fs::read_to_string(&path).expect("text"))).collect();
    assert!(own.len() > 50, "the sources are found");
    own
}

#[track_caller]
fn none(problems: &[String], advice: &str) {
    assert!(problems.is_empty(), "{advice}:\n  {}", problems.join("\n  "));
}

#[test]
fn every_module_says_what_it_is_for() {
    let silent: Vec<String> = sources().into_iter().filter(|(_, text)| !text.starts_with("//! ")).map(|(path, _)| path).collect();
    none(&silent, "open these files with `//!`: what it is for, and what to read next");
}

#[test]
fn files_and_functions_stay_readable() {
    let mut problems = Vec::new();
    for (path, text) in sources() {
        let code: Vec<&str> = text.lines().take_while(|line| *line != "#[cfg(test)]").collect();
        if code.len() > MAX_FILE_LINES {
            problems.push(format!("{path} has {} lines", code.len()));
        }
        problems.extend(long_functions(&code).into_iter().map(|(line, length)| format!("{path}:{line} is a function of {length} lines")));
    }
    none(&problems, "split these");
}

/// Line and length of functions that are too long; by indentation, which rustfmt sees to.
fn long_functions(code: &[&str]) -> Vec<(usize, usize)> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    // `fn` among the words before the parameters: `pub(crate) const fn`.
    let begins = |line: &str| {
        let line = line.trim_start();
        !line.starts_with("//") && !line.ends_with([';', '}']) && (line.starts_with("fn ") || line.contains(" fn ")) && !line.contains('"')
    };
    let mut long = Vec::new();
    for (index, line) in code.iter().enumerate().filter(|(_, line)| begins(line)) {
        // `) -> T {` and `where` stand at the same depth; the brace that closes is the first one there.
        let end = code[index..].iter().position(|other| indent(other) == indent(line) && other.trim_start().starts_with('}'));
        let length = end.map_or(0, |end| end + 1);
        if length > MAX_FUNCTION_LINES {
            long.push((index + 1, length));
        }
    }
    long
}

#[test]
fn a_long_function_is_found() {
    let body = "    x();\n".repeat(MAX_FUNCTION_LINES);
    let text = format!("pub(crate) fn long<T>(\n    x: T,\n) {{\n{body}}}\n\nfn short() {{\n    y();\n}}\n");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(long_functions(&lines), [(1, MAX_FUNCTION_LINES + 4)]);
}

fn metadata(arguments: &[&str]) -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        Command::new(cargo).args(["metadata", "--format-version", "1"]).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn packages(metadata: &Value) -> &[Value] {
    metadata["packages"].as_array().expect("a list of packages")
}

#[test]
fn dependencies_point_one_way() {
    let metadata = metadata(&["--no-deps"]);
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages(&metadata) {
        let inside = package["dependencies"].as_array().expect("a list").iter().filter(|dependency| !dependency["path"].is_null());
        let mut names: Vec<&str> =
            inside.clone().filter(|dependency| dependency["kind"] != "dev").filter_map(|dependency| dependency["name"].as_str()).collect();
        names.sort_unstable();
        found.insert(package["name"].as_str().expect("a name"), names);
    }
    for (package, expected) in DEPENDENCIES {
        let names = found.remove(package).unwrap_or_else(|| panic!("there is no package `{package}`"));
        assert_eq!(names, *expected, "`{package}` depends on other packages of the workspace than ARCHITECTURE.md says");
    }
    // What only tests may depend on anything; nothing may depend on it.
    assert_eq!(found.into_keys().collect::<Vec<_>>(), ["wireproof-contract-tests"]);
}

#[test]
fn the_engine_never_tests_itself_with_the_generator() {
    let metadata = metadata(&["--no-deps"]);
    for package in packages(&metadata) {
        let name = package["name"].as_str().expect("a name");
        let dependencies = package["dependencies"].as_array().expect("a list").iter().filter_map(|dependency| dependency["name"].as_str());
        let forbidden: &[&str] = match name {
            "wireproof-contract" => &["wireproof-generator", "wireproof", "xtask"],
            "wireproof-generator" => &["wireproof-contract", "wireproof", "xtask"],
            "wireproof-openapi" | "wireproof-runtime" | "wireproof-generated" => {
                &["wireproof-generator", "wireproof-contract", "wireproof", "xtask"]
            }
            _ => &["xtask"],
        };
        let crossed: Vec<&str> = dependencies.filter(|dependency| forbidden.contains(dependency)).collect();
        assert_eq!(crossed, Vec::<&str>::new(), "`{name}` must not depend on these, not even for tests");
    }
}

#[test]
fn the_stated_rust_version_is_enough_for_every_dependency() {
    let version = |text: &str| text.split('.').map(|part| part.parse::<u32>().expect("a number")).take(2).collect::<Vec<_>>();
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let rustc = String::from_utf8(rustc.stdout).expect("text");
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let metadata = metadata(&["--filter-platform", host]);
    let stated =
        packages(&metadata).iter().find(|package| package["name"] == "wireproof").and_then(|package| package["rust_version"].as_str());
    let stated = version(stated.expect("the workspace states a version"));
    let newer =
        packages(&metadata).iter().filter(|package| package["rust_version"].as_str().is_some_and(|needed| version(needed) > stated));
    let newer: Vec<String> =
        newer.map(|package| format!("{} {} needs {}", package["name"], package["version"], package["rust_version"])).collect();
    none(&newer, "raise `rust-version`, or take an older version of these");
}

#[test]
fn every_document_of_a_vendor_has_its_source_and_digest() {
    let mut problems = Vec::new();
    let vendors: Vec<PathBuf> =
        fs::read_dir(root().join("specs")).expect("specs").flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    assert!(vendors.len() >= 4, "the vendors are found");
    for vendor in vendors {
        let Ok(source) = fs::read_to_string(vendor.join("SOURCE.md")) else {
            problems.push(format!("{} has no SOURCE.md", shown(&vendor)));
            continue;
        };
        for file in fs::read_dir(&vendor).expect("a folder").flatten().map(|entry| entry.path()) {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            // Ours, and meant to change.
            if ["SOURCE.md", "known-drift.toml", "overlay.yaml"].contains(&name.as_str()) {
                continue;
            }
            let digest =
                Sha256::digest(fs::read(&file).expect("a file")).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
            if !source.lines().any(|line| line.contains(&name) && line.contains(&digest)) {
                problems.push(format!("{}: SOURCE.md should give `{name}` the sha256 {digest}", shown(&vendor)));
            }
        }
    }
    none(&problems, "a vendor's documents and pages are kept as captured; if one was captured again, bring SOURCE.md up to date");
}

#[test]
fn generated_code_is_fresh() {
    let environment = Environment {
        program: "cargo xtask",
        directory: root(),
        stdin: Box::new(std::io::empty()),
        out: Stream::plain(std::io::sink()),
        err: Stream::plain(std::io::sink()),
    };
    let problems = wireproof::generate::check(&root().join("wireproof.toml"), &environment).expect("the documents can be read");
    none(&problems, "run `cargo xtask generate`");
}

#[test]
fn the_changelog_names_the_version() {
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).expect("a changelog");
    let version = env!("CARGO_PKG_VERSION");
    assert!(changelog.lines().any(|line| line.starts_with("## ") && line.contains(version)), "CHANGELOG.md has a heading for {version}");
}
