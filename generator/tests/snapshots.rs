//! What each fixture document becomes, as a reviewer sees it. Accept changes with `cargo insta review`.
//! That the results compile and behave is the matter of `behaviour.rs`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::path::Path;

use wireproof_generator::{Options, generate};
use wireproof_openapi::{Document, Source};

/// The module of a fixture, all files in one text.
fn module_of(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let document = Document::parse(Source::new(name.clone(), std::fs::read_to_string(path).unwrap())).unwrap();
    let options = Options { command: "cargo xtask generate".to_owned(), spec: name, ..Options::default() };
    let output = generate(&document, &options);
    let mut text = String::new();
    for diagnostic in &output.diagnostics {
        writeln!(text, "{diagnostic}").unwrap();
    }
    let header = output.files["mod.rs"].lines().next().unwrap_or_default().to_owned();
    for (path, content) in &output.files {
        syn::parse_file(content).unwrap_or_else(|error| panic!("{path} is no Rust: {error}"));
        // The header is the same everywhere, and its digest says nothing to a reviewer.
        write!(text, "\n===== {path}\n{}", content.strip_prefix(&header).unwrap_or(content)).unwrap();
    }
    text
}

#[test]
fn fixtures() {
    insta::glob!("fixtures/*.yaml", |path| {
        insta::assert_snapshot!(module_of(path));
    });
}

#[test]
fn what_comes_in_a_readable_form_too_is_no_gap() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/words.yaml");
    let document = Document::parse(Source::new("words.yaml", std::fs::read_to_string(path).unwrap())).unwrap();
    let output = generate(&document, &Options::default());
    assert_eq!(output.diagnostics.iter().filter(|diagnostic| diagnostic.code == "untyped-content").count(), 2);
    assert_eq!(output.summary.gaps, 1);
}
