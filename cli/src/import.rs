//! `import`: a vendor's documentation pages to its document and to a recording of the examples on them.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use wireproof_documents::import::{ImportError, Imported, Recorded, har, import, recorded};
use wireproof_documents::page::Page;
use wireproof_openapi::{Document, Position};

use crate::document;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::{count, printable, style};
use crate::write::NewFile;

/// The name of the recording of examples.
const RECORDING: &str = "documented.har";

/// The arguments of `import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} import delete-contact.md                     print the document on the page
  {program} import pages/*.md --into specs/acme          openapi.yaml, and examples as documented.har
  {program} import pages/*.md --into specs/acme --replace

Exit code 1 where pages contradict each other: both places are told, and nothing is written.")]
pub struct Arguments {
    /// Pages in Markdown or MDX, of which at least one embeds an OpenAPI document or a fragment of one; or such fragments as files
    #[arg(value_name = "PAGE", required = true)]
    pages: Vec<PathBuf>,
    /// The folder to write into; without it, the document is printed
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Overwrite files that are there and differ
    #[arg(long, requires = "into")]
    replace: bool,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let pages = read_pages(&arguments.pages, environment)?;
    let imported = match import(&pages) {
        Ok(imported) => imported,
        Err(ImportError::Nothing) => {
            return Err(Failure::new(format!("no OpenAPI document is embedded in {}", names(&pages)))
                .with_help(format!("a page without one is for `{} draft PAGE...`", environment.program)));
        }
        Err(ImportError::Unreadable(error)) => return Err(error.into()),
        Err(ImportError::Contradictions(found)) => {
            for contradiction in &found {
                let head = environment.err.paint(style::BAD, "error[contradiction]").to_string();
                environment.err.line(format_args!("{head}: {}", printable(&contradiction.to_string())));
            }
            environment.err.line(format_args!("{} between the pages: nothing was written", count(found.len(), "contradiction")));
            return Ok(Exit::Broken);
        }
    };
    for (place, note) in &imported.notes {
        tell(place, note, environment);
    }
    let name = if imported.json { "openapi.json" } else { "openapi.yaml" };
    // The document must be one before anything is written, and examples need it to find their operations.
    let document = Document::parse(imported.source.clone())?;
    let (exchanges, notes) = exchanges(&pages, &document);
    for (place, note) in &notes {
        tell(place, note, environment);
    }
    let Some(folder) = &arguments.into else {
        // Byte for byte: a stream keeps its own errors.
        let _ = environment.out.write_all(imported.text.as_bytes());
        say(&imported, &document, &exchanges, environment);
        return Ok(Exit::Holds);
    };
    let mut files = vec![(name, imported.text.clone())];
    if !exchanges.is_empty() {
        files.push((RECORDING, format!("{:#}\n", har(&exchanges))));
    }
    write_files(folder, &files, arguments.replace, environment)?;
    say(&imported, &document, &exchanges, environment);
    Ok(Exit::Holds)
}

/// Reads pages, in the order given.
pub(crate) fn read_pages(paths: &[PathBuf], environment: &Environment<'_>) -> Result<Vec<Page>, Failure> {
    let read = |path: &PathBuf| Ok(Page::read(document::read_source(&environment.resolve(path), &path.to_string_lossy())?));
    paths.iter().map(read).collect()
}

/// The exchanges of all pages, and what could not be made one.
fn exchanges(pages: &[Page], document: &Document) -> (Vec<Recorded>, Vec<(Position, String)>) {
    let (mut exchanges, mut notes) = (Vec::new(), Vec::new());
    for page in pages {
        let (more, told) = recorded(page, Some(document));
        exchanges.extend(more);
        notes.extend(told);
    }
    (exchanges, notes)
}

/// Writes files into a folder. One that is there and differs is in the way, unless it is to be replaced; nothing is written then.
pub(crate) fn write_files(
    folder: &Path,
    files: &[(&str, String)],
    replace: bool,
    environment: &mut Environment<'_>,
) -> Result<(), Failure> {
    let place = |name: &str, environment: &Environment<'_>| {
        (environment.resolve(&folder.join(name)), folder.join(name).to_string_lossy().into_owned())
    };
    for (name, text) in files {
        let (path, shown) = place(name, environment);
        let differs = path.exists() && document::read_text(&path, &shown).ok().as_deref() != Some(text);
        if differs && !replace {
            return Err(Failure::new(format!("`{shown}` is there already, and differs"))
                .with_help("look at it, then write over it with `--replace`, or name another folder"));
        }
    }
    for (name, text) in files {
        let (path, shown) = place(name, environment);
        let mut file = NewFile::begin(&path, &shown)?;
        file.write_all(text.as_bytes()).map_err(|error| Failure::io("write", &shown, &error))?;
        file.commit()?;
        environment.err.line(format_args!("wrote {}", printable(&shown)));
    }
    Ok(())
}

/// A note on a place of a page.
pub(crate) fn tell(place: &Position, note: &str, environment: &mut Environment<'_>) {
    let head = environment.err.paint(style::WARN, "note").to_string();
    environment.err.line(format_args!("{head}: {} at {}", printable(note), printable(&place.to_string())));
}

fn say(imported: &Imported, document: &Document, exchanges: &[Recorded], environment: &mut Environment<'_>) {
    let from = if imported.verbatim {
        "byte for byte as on the page".to_owned()
    } else {
        format!("made of {}", count(imported.fragments, "fragment"))
    };
    let operations = count(document.operations().len(), "operation");
    environment.err.line(format_args!("a document of {operations}, {from}; {} of the pages' prose", count(exchanges.len(), "example")));
}

pub(crate) fn names(pages: &[Page]) -> String {
    let names: Vec<String> = pages.iter().map(|page| format!("`{}`", page.source().path)).collect();
    names.join(", ")
}
