//! Packages around modules: `Cargo.toml` and `lib.rs`, for one document or for all vendors of a repository.

use std::collections::BTreeMap;

use super::code::{Code, Text, code};
use crate::naming::{Ident, Scope, words};
use crate::{FileSet, Output, Runtime};

/// Lints that generated code answers for otherwise, or that speak of the document's own words.
const LINTS: &str = r#"
[lints.rust]
# Names come from the document and are checked where they are made.
non_ascii_idents = "forbid"

[lints.clippy]
# Sizes, counts and names are the document's.
enum_variant_names = "allow"
large_enum_variant = "allow"
module_inception = "allow"
new_without_default = "allow"
result_large_err = "allow"
should_implement_trait = "allow"
struct_field_names = "allow"
too_many_arguments = "allow"
type_complexity = "allow"
upper_case_acronyms = "allow"
wrong_self_convention = "allow"
# Doc comments are the document's text.
doc_lazy_continuation = "allow"
doc_overindented_list_items = "allow"
empty_docs = "allow"
tabs_in_doc_comments = "allow"
too_long_first_doc_paragraph = "allow"

[lints.rustdoc]
all = "allow"
"#;

/// The feature of the runtime by which it checks `pattern`.
const PATTERN: &str = "pattern";

/// `Cargo.toml` and `src/` for one document.
pub(crate) fn package(output: &Output, name: &str, runtime: &Runtime, header: &str) -> FileSet {
    let mut files = FileSet::new();
    let name = package_name(name);
    files.insert("Cargo.toml".to_owned(), manifest(&name, runtime, &output.features, header));
    for (path, text) in &output.files {
        if path == "mod.rs" {
            files.insert("src/lib.rs".to_owned(), with_limit(text, output.recursion_limit));
        } else {
            files.insert(format!("src/{path}"), text.clone());
        }
    }
    files
}

/// `Cargo.toml` and `src/` for many documents, each a module behind a feature of its name.
pub(crate) fn workspace_package(vendors: &BTreeMap<String, Output>, name: &str, runtime: &Runtime, header: &str) -> FileSet {
    let mut files = FileSet::new();
    let mut scope = Scope::default();
    let modules: Vec<(&String, Ident)> = vendors.keys().map(|vendor| (vendor, scope.module(&[words(vendor)]))).collect();
    let features: Vec<String> = modules.iter().map(|(_, module)| module.as_str().replace('_', "-")).collect();
    files.insert("Cargo.toml".to_owned(), manifest(&package_name(name), runtime, &features, header));
    let mut lib = Code::default();
    for ((_, module), feature) in modules.iter().zip(&features) {
        code!(lib, "#[cfg(feature = {})]", Text(feature));
        code!(lib, "#[rustfmt::skip]");
        code!(lib, "pub mod {};", module);
    }
    code!(lib);
    code!(lib, "/// Every document whose feature is on: its vendor's name and what it offers.");
    code!(lib, "pub fn apis() -> &'static [(&'static str, &'static wireproof_runtime::Api)] {{");
    code!(lib, "    &[");
    for ((vendor, module), feature) in modules.iter().zip(&features) {
        code!(lib, "        #[cfg(feature = {})]", Text(feature));
        code!(lib, "        ({}, &{}::API),", Text(vendor), module);
    }
    code!(lib, "    ]");
    code!(lib, "}}");
    let about = "//! The vendors' documents as types, one module and one cargo feature each.\n\n";
    let limit = vendors.values().filter_map(|output| output.recursion_limit).max();
    files.insert("src/lib.rs".to_owned(), with_limit(&format!("{header}{about}{}", lib.into_string()), limit));
    for ((vendor, module), _) in modules.iter().zip(&features) {
        let Some(output) = vendors.get(*vendor) else { continue };
        for (path, text) in &output.files {
            files.insert(format!("src/{}/{path}", module.as_str()), text.clone());
        }
    }
    files
}

/// The root of a crate with the recursion limit that its types need, after the words that open it.
fn with_limit(text: &str, limit: Option<usize>) -> String {
    let Some(limit) = limit else { return text.to_owned() };
    let end =
        text.lines().take_while(|line| line.is_empty() || line.starts_with("//")).map(|line| line.len() + 1).sum::<usize>().min(text.len());
    let (head, rest) = text.split_at(end);
    format!("{head}#![recursion_limit = \"{limit}\"]\n\n{rest}")
}

/// A name that cargo takes: letters, digits and dashes.
fn package_name(name: &str) -> String {
    let name = words(name).join("-");
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("api-{name}") } else { name }
}

fn manifest(name: &str, runtime: &Runtime, features: &[String], header: &str) -> String {
    let inherited = matches!(runtime, Runtime::Workspace);
    let field = |key: &str, value: &str| if inherited { format!("{key}.workspace = true") } else { format!("{key} = {value}") };
    let mut lines: Vec<String> = Vec::new();
    let mut push = |line: &str| lines.push(line.to_owned());
    for line in header.lines().filter_map(|line| line.strip_prefix("//")) {
        push(&format!("#{line}"));
    }
    push("\n[package]");
    push(&format!("name = \"{name}\""));
    push("description = \"Types and operations generated from an OpenAPI document\"");
    push(&field("version", "\"0.1.0\""));
    push(&field("edition", "\"2024\""));
    push(&field("rust-version", "\"1.88\""));
    if inherited {
        push("license.workspace = true\nrepository.workspace = true");
    }
    push("publish = false\n\n[lib]\n# Code blocks in the document's words are no tests.\ndoctest = false\n");
    push("[features]");
    if !features.is_empty() {
        let quoted: Vec<String> = features.iter().map(|feature| format!("\"{feature}\"")).collect();
        push(&format!("default = [{}]", quoted.join(", ")));
        for feature in features {
            push(&format!("{feature} = []"));
        }
    }
    // A document may have that name; then the feature of the runtime is to be had from the runtime only.
    if !features.iter().any(|feature| feature == PATTERN) {
        push("# Patterns of strings are checked too before a request is sent.");
        push(&format!("{PATTERN} = [\"wireproof-runtime/{PATTERN}\"]"));
    }
    push("");
    push("[dependencies]");
    push(&match runtime {
        Runtime::Version(version) => format!("wireproof-runtime = {}", toml_string(version)),
        Runtime::Path(path) => format!("wireproof-runtime = {{ path = {} }}", toml_string(path)),
        Runtime::Workspace => "wireproof-runtime.workspace = true".to_owned(),
    });
    push(LINTS.trim_end());
    if !inherited {
        // A package of its own, wherever it is put. Its code changes as a whole or not at all, so there is nothing to keep between builds.
        push("\n[profile.dev]\nincremental = false\n\n[workspace]");
    }
    lines.join("\n") + "\n"
}

/// A TOML basic string (TOML 1.0, "String").
fn toml_string(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<Vec<_>>().concat())
}

#[cfg(test)]
mod tests {
    use super::{package_name, toml_string};

    #[test]
    fn paths_of_any_kind_are_toml_strings() {
        assert_eq!(toml_string("C:\\a \"b\"\n"), "\"C:\\\\a \\\"b\\\"\\u000A\"");
    }

    #[test]
    fn any_name_is_a_package_name() {
        assert_eq!(package_name("My API v2"), "my-api-v2");
        assert_eq!(package_name("3scale"), "api-3scale");
        assert_eq!(package_name(""), "empty");
    }
}
