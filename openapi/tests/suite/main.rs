//! The tests of reading documents, one module per topic. Each is a table of small documents and what they come to.

mod dialect;
mod errors;
mod hostile;
mod json;
mod operations;
mod overlay;
mod parameters;
mod positions;
mod references;
mod repairs;
mod security;
mod yaml;

use std::collections::BTreeMap;

use serde_json::Value;
use wireproof_openapi::{Document, Files, LoadError, Pointer, Source};

/// A document of OpenAPI 3.0 with these top-level parts in YAML.
fn text_3_0(parts: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: Test, version: '1'}}\n{parts}")
}

#[track_caller]
fn parse(text: &str) -> Document {
    Document::parse(Source::new("api.yaml", text)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[track_caller]
fn fail(text: &str) -> LoadError {
    match Document::parse(Source::new("api.yaml", text)) {
        Ok(_) => panic!("this should not load:\n{text}"),
        Err(error) => error,
    }
}

/// The diagnostics as the command line prints them.
fn said(document: &Document) -> Vec<String> {
    let mut diagnostics = document.diagnostics().to_vec();
    document.locate(&mut diagnostics);
    diagnostics.iter().map(ToString::to_string).collect()
}

/// The codes of the diagnostics with their places.
fn codes(document: &Document) -> Vec<String> {
    document.diagnostics().iter().map(|diagnostic| format!("{} {}", diagnostic.code, diagnostic.pointer)).collect()
}

#[track_caller]
fn at<'d>(document: &'d Document, pointer: &str) -> &'d Value {
    document.get(&Pointer::from_plain(pointer)).unwrap_or_else(|| panic!("nothing at {pointer} in {:#}", document.root()))
}

/// Files in memory.
struct Folder(BTreeMap<&'static str, &'static str>);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Source, String> {
        let text = self.0.get(path).ok_or_else(|| "there is no such file".to_owned())?;
        Ok(Source::new(path, *text))
    }
}

/// Loads the first of these files, with the others at hand.
#[track_caller]
fn load(files: &[(&'static str, &'static str)]) -> Document {
    let (path, text) = files[0];
    Document::load(Source::new(path, text), &Folder(files.iter().copied().collect())).unwrap_or_else(|error| panic!("{error}"))
}
