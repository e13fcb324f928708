//! `init` and `new`: a repository and a vendor, ready to run. Nothing that is there is ever overwritten: a file in the way ends the
//! command before the first one is written.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use sha2::{Digest, Sha256};
use wireproof_contract::Date;

use crate::args::Global;
use crate::config::{Config, FILE_NAME, VENDOR_NAMES, check_vendor_name};
use crate::date::today;
use crate::document;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::{Stream, count, printable, style};
use crate::write::NewFile;

/// The arguments of `init`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} init
  {program} new acme --spec ~/Downloads/openapi.yaml")]
pub struct InitArguments {}

/// The arguments of `new`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} new acme --spec ~/Downloads/openapi.yaml
  {program} generate acme
  {program} verify acme")]
pub struct NewArguments {
    /// What to call the vendor: lower-case letters, digits and `-`
    #[arg(value_name = "VENDOR")]
    name: String,
    /// Its OpenAPI document, which is copied byte for byte, with the files that it refers to
    #[arg(long, value_name = "FILE")]
    spec: PathBuf,
}

/// The configuration of a new repository.
const CONFIG: &str = "\
# What Wireproof works on. Paths are relative to this file.

[generated]
# The package of generated types.
folder = \"generated\"
package = \"generated\"
# How it depends on `wireproof-runtime`: by version, or as `runtime = { path = \"...\" }`, or as `runtime = \"workspace\"`.

# A table per vendor; `wireproof new NAME --spec FILE` adds one. Its keys, all of them optional:
#
#   [vendors.NAME]
#   spec = \"specs/NAME/openapi.yaml\"              its OpenAPI document
#   pages = [\"specs/NAME/page.md\"]                documentation pages that embed the document
#   recordings = \"contract-tests/recordings/NAME\" recorded exchanges
#   drift = \"specs/NAME/known-drift.toml\"         known drift
#   overlay = \"specs/NAME/overlay.yaml\"           corrections to the document, as an OpenAPI Overlay
#   servers = [\"https://sandbox.example.com\"]     servers that the document does not name
";

/// The list of known drift of a new vendor.
const DRIFT: &str = "\
# Drift that we know of and live with, until a date. There is none at the moment; `validate --accept` adds entries:
#
#   [[drift]]
#   rule = \"undocumented-field\"       the rule of the finding, see `wireproof explain`
#   operation = \"deleteContact\"       the operationId, or \"METHOD /path/template\" where there is none
#   status = 404                      optional: the status of the response
#   instance = \"/error/trace_id\"      optional: JSON Pointer into the body; `*` stands for any one segment
#   schema = \"/components/schemas/X\"  optional: JSON Pointer into the document
#   reason = \"...\"                    why we live with it, and who was told
#   expires = 2027-05-31              the last day on which that holds
#
# An entry that matches nothing any more, has expired or has no reason fails `wireproof verify`.
";

pub(crate) fn init(_: &InitArguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let shown = global.config.as_ref().map_or_else(|| FILE_NAME.to_owned(), |path| path.display().to_string());
    let file = environment.resolve(Path::new(&shown));
    write_all(&[(file, shown, CONFIG.as_bytes().to_vec())], &mut environment.err)?;
    environment.err.line(format_args!("add a vendor: `{} new NAME --spec FILE`", environment.program));
    Ok(Exit::Holds)
}

pub(crate) fn new(arguments: &NewArguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let name = arguments.name.as_str();
    let (file, shown) = Config::locate(global.config.as_deref(), environment)?;
    let text = document::read_text(&file, &shown)?;
    let config = Config::of_text(&text, &file, &shown)?;
    if config.vendors.iter().any(|vendor| vendor.name == name) {
        return Err(Failure::new(format!("vendor `{name}` is in `{shown}` already")).with_help("give the new one another name"));
    }
    check_vendor_name(name, &config.vendors).map_err(|reason| {
        Failure::new(format!("vendor name `{}` {reason} in `{}`", name.escape_debug(), config.file)).with_help(VENDOR_NAMES)
    })?;

    // What cannot be read as OpenAPI is no vendor's document.
    let given = arguments.spec.to_string_lossy();
    let document = document::load(&environment.resolve(&arguments.spec), &given)?;
    let extension =
        if arguments.spec.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) { "json" } else { "yaml" };
    let folder = format!("specs/{name}");
    let entry = format!("{folder}/openapi.{extension}");
    let mut copies = vec![(entry.clone(), document.source().text.as_bytes().to_vec())];
    for path in document.other_files() {
        copies.push((format!("{folder}/{}", beside(&document.source().path, &path.path)?), path.text.as_bytes().to_vec()));
    }

    let added = format!("{}[vendors.{name}]\nspec = \"{entry}\"\n", if text.ends_with('\n') || text.is_empty() { "\n" } else { "\n\n" });
    let with_vendor = format!("{text}{added}");
    // Text at the end of a file is a table of its own unless the file ends in the middle of something.
    let again = Config::of_text(&with_vendor, &file, &shown);
    if !again.is_ok_and(|again| again.vendors.iter().any(|vendor| vendor.name == name)) {
        return Err(
            Failure::new(format!("cannot add a vendor to `{shown}` as it is written")).with_help(format!("add this by hand:{added}"))
        );
    }

    let mut files: Vec<(PathBuf, String, Vec<u8>)> = Vec::new();
    let mut add = |path: String, bytes: Vec<u8>| files.push((config.resolve(&path), path, bytes));
    let source = source_page(name, &document, &given, &copies, today(None)?);
    for (path, bytes) in copies {
        add(path, bytes);
    }
    add(format!("{folder}/SOURCE.md"), source.into_bytes());
    add(format!("{folder}/known-drift.toml"), DRIFT.as_bytes().to_vec());
    // Keeps the folder in version control until it has its first recording.
    add(format!("contract-tests/recordings/{name}/.gitkeep"), Vec::new());
    write_all(&files, &mut environment.err)?;
    // The configuration comes last: what it names is there by then.
    let mut config_file = NewFile::begin(&file, &shown)?;
    config_file.write_all(with_vendor.as_bytes()).map_err(|error| Failure::io("write", &shown, &error))?;
    config_file.commit()?;
    let head = environment.err.paint(style::STRONG, name).to_string();
    let operations = count(document.operations().len(), "operation");
    let (command, file) = (&config.command, printable(&shown));
    environment.err.line(format_args!(
        "{head}: {operations}, added to `{file}`; now `{command} generate {name}`, then record into `contract-tests/recordings/{name}`"
    ));
    Ok(Exit::Holds)
}

/// The path of a file from the folder of the document that refers to it.
fn beside(document: &str, path: &str) -> Result<String, Failure> {
    let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
    let inside = if folder.is_empty() { Some(path) } else { path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) };
    let plain = |path: &&str| path.split('/').all(|step| !matches!(step, "" | "." | "..") && !step.contains(['\\', ':', '\0']));
    inside
        .filter(plain)
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("`{}` lies outside of the document's folder", path.escape_debug())))
}

/// The page that says where a vendor's files are from.
fn source_page(name: &str, document: &wireproof_openapi::Document, given: &str, copies: &[(String, Vec<u8>)], today: Date) -> String {
    let prefix = format!("specs/{name}/");
    let digest = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let rows: Vec<String> = copies
        .iter()
        .map(|(path, bytes)| format!("| `{}` | `{}` |", printable(path.strip_prefix(&prefix).unwrap_or(path)), digest(bytes)))
        .collect();
    let file = Path::new(given).file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!(
        "# {}\n\n## Where from\n\nCopied from `{}` on {today}, byte for byte. To be filled in: the vendor's page or address that it is \
         from.\n\nNever edit it: corrections lie beside it.\n\n## Digests\n\n| file | sha256 |\n| --- | --- |\n{}\n\n## What is not \
         documented\n\nTo be filled in.\n",
        printable(document.title()).replace('`', "'"),
        printable(&file).replace('`', "'"),
        rows.join("\n")
    )
}

/// Writes files of which none may be there.
fn write_all(files: &[(PathBuf, String, Vec<u8>)], err: &mut Stream<'_>) -> Result<(), Failure> {
    for (path, shown, _) in files {
        // A link that leads nowhere is in the way too.
        if fs::symlink_metadata(path).is_ok() {
            return Err(Failure::new(format!("`{shown}` is there already")).with_help("move it away: nothing is ever overwritten"));
        }
    }
    for (path, shown, bytes) in files {
        let failed = |error: std::io::Error| Failure::io("write", shown, &error);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::File::create_new(path).and_then(|mut file| file.write_all(bytes)).map_err(failed)?;
        let head = err.paint(style::GOOD, "wrote").to_string();
        err.line(format_args!("{head} `{}`", printable(shown)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_document_keep_their_place_beside_it() {
        assert_eq!(beside("a/b/openapi.yaml", "a/b/parts/x.yml"), Ok("parts/x.yml".to_owned()));
        assert_eq!(beside("openapi.yaml", "x.yml"), Ok("x.yml".to_owned()));
        for (document, path) in
            [("a/openapi.yaml", "b/x.yml"), ("a/openapi.yaml", "a/../x"), ("openapi.yaml", "/etc/passwd"), ("a/o", "a//x")]
        {
            assert!(beside(document, path).is_err(), "{path}");
        }
    }
}
