//! `documents DIR`: documents that others made to test tools with. Overlays with the result they must have, documents that their authors
//! call right or wrong, and every OpenAPI document cut up into fragments and put together again.

use std::borrow::Cow;
use std::cell::Cell;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::Value;
use wireproof::{Environment, Exit, Failure, count, printable};
use wireproof_documents::import::{Split, merge};
use wireproof_documents::to_yaml;
use wireproof_openapi::{Document, Overlay, Severity, Source};

/// The arguments of `documents`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} documents overlay/compliant-sets
  {program} documents oas-metaschema-tests
  {program} documents specs --limit 2000000")]
pub(crate) struct Arguments {
    /// A folder; what is done with a file follows from its name (`overlay.yaml`) and folder (`pass`, `fail`)
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Leave out larger documents
    #[arg(long, value_name = "BYTES", default_value_t = u64::MAX)]
    limit: u64,
}

/// A document that takes longer is told with its time.
const SLOW: Duration = Duration::from_secs(2);

/// Documents that their authors call wrong and that are read without a word, each with the reason. All are slips that change nothing of
/// what is generated or checked: a strict reader would turn documents away that people have to work with.
const ACCEPTED: &[(&str, &str)] = &[
    ("example-examples.yaml", "`example` beside `examples`: both are examples, and both are held against the schema"),
    ("header-object-allowReserved.yaml", "`allowReserved` on a header says nothing, as headers have no reserved characters"),
    ("link-object-no-body.yaml", "links are not read"),
    ("parameter-object-cookie-form-allowReserved.yaml", "`allowReserved` on a cookie of style `cookie` changes nothing"),
    ("example-object-old-vs-ser.yaml", "`serializedValue` is not read; `value` is"),
    ("media-type-enc-item-exclusion.yaml", "`itemEncoding` is not read"),
    ("media-type-enc-prefix-exclusion.yaml", "`prefixEncoding` is not read"),
    ("operation-object-query-with-querystring.yaml", "it stands in a path item that nothing refers to"),
    ("parameter-object-content-not-with-style.yaml", "a parameter that nothing refers to"),
    ("parameter-object-header-name.yaml", "a parameter that nothing refers to"),
];

#[derive(Default)]
struct Outcome {
    overlays: usize,
    passed: usize,
    failed: usize,
    accepted: usize,
    put_together: usize,
    fragments: usize,
    unreadable: usize,
    faults: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    collect(&environment.resolve(&arguments.folder), &mut files)?;
    files.sort();
    let mut outcome = Outcome::default();
    for (number, file) in files.iter().enumerate() {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let within = file.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
        let size = fs::metadata(file).map_or(0, |metadata| metadata.len());
        if size > arguments.limit {
            continue;
        }
        match (name, within) {
            ("overlay.yaml", _) => outcome.overlay(file),
            (_, "pass" | "fail") => outcome.judged(file, name, within == "pass"),
            _ if file.with_file_name("overlay.yaml").exists() => {}
            _ => {
                if environment.err.terminal() {
                    // The next one is written over it.
                    let _ = write!(environment.err, "\r\x1b[2K{number} of {}: {}", files.len(), printable(name));
                    let _ = environment.err.flush();
                }
                let begun = Instant::now();
                let length = outcome.cut_up(file);
                if begun.elapsed() >= SLOW {
                    let seconds = begun.elapsed().as_secs_f64();
                    let told = format!("{seconds:5.1} s for {} MB of fragments of {}", length / 1_000_000, file.display());
                    environment.err.line(format_args!("\r{}", printable(&told)));
                }
            }
        }
    }
    for fault in &outcome.faults {
        environment.out.line(format_args!("✗ {}", printable(fault)));
    }
    environment.out.line(format_args!(
        "{} as they must be; {} right and {} wrong documents told apart, {} wrong ones read for a reason; {} put together again from {}, {} not read",
        count(outcome.overlays, "overlay"),
        outcome.passed,
        outcome.failed,
        outcome.accepted,
        count(outcome.put_together, "document"),
        count(outcome.fragments, "fragment"),
        outcome.unreadable,
    ));
    Ok(if outcome.faults.is_empty() { Exit::Holds } else { Exit::Broken })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error| Failure::io("read", folder.display(), &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|known| extension == *known)) {
            files.push(path);
        }
    }
    Ok(())
}

fn source(file: &Path) -> Option<Source> {
    Some(Source::new(file.display().to_string(), fs::read_to_string(file).ok()?))
}

impl Outcome {
    /// The document beside an overlay, and the output it must make.
    fn overlay(&mut self, file: &Path) {
        let made = || -> Result<(Value, Value), String> {
            let read = |name: &str| source(&file.with_file_name(name)).ok_or_else(|| format!("`{name}` is missing"));
            let overlay = Overlay::parse(read("overlay.yaml")?).map_err(|error| error.to_string())?;
            let made = overlay.apply(&read("openapi.yaml")?).map_err(|error| error.to_string())?;
            Ok((made, read("output.yaml")?.value().map_err(|error| error.to_string())?))
        };
        match made() {
            Ok((made, expected)) if made == expected => self.overlays += 1,
            Ok(_) => self.faults.push(format!("{}: the result is another one", file.display())),
            Err(error) => self.faults.push(format!("{}: {error}", file.display())),
        }
    }

    /// A document that its author calls right or wrong.
    fn judged(&mut self, file: &Path, name: &str, right: bool) {
        let Some(source) = source(file) else { return };
        let read = Document::parse(source);
        match (right, read) {
            (true, Ok(_)) => self.passed += 1,
            (true, Err(error)) => self.faults.push(format!("{}: it is right, and refused: {error}", file.display())),
            (false, Err(_)) => self.failed += 1,
            (false, Ok(document)) if document.diagnostics().iter().any(|diagnostic| diagnostic.severity >= Severity::Warning) => {
                self.failed += 1;
            }
            (false, Ok(_)) if ACCEPTED.iter().any(|(known, _)| *known == name) => self.accepted += 1,
            (false, Ok(_)) => self.faults.push(format!("{}: it is wrong, and read without a word", file.display())),
        }
    }

    /// A document as fragments, and the fragments as a document. How long their text is.
    fn cut_up(&mut self, file: &Path) -> usize {
        let document = source(file).and_then(|source| source.value().ok()).filter(|value| value.get("openapi").is_some());
        let Some(document) = document else {
            self.unreadable += 1;
            return 0;
        };
        let split = Split::new(&document);
        let (made, length) = (Cell::new(0), Cell::new(0));
        let merged = merge(|number| {
            let text = to_yaml(&split.fragment(number)?);
            made.set(made.get().max(number + 1));
            length.set(length.get() + text.len());
            Some(Cow::Owned(Source::new(format!("{number}.yaml"), text)))
        });
        self.fragments += made.get();
        match merged.map(|merged| in_order(merged.value)) {
            Ok(whole) if whole == in_order(document) => self.put_together += 1,
            Ok(_) => self.faults.push(format!("{}: put together, it is another document", file.display())),
            Err(error) => self.faults.push(format!("{}: {error:?}", file.display()).chars().take(400).collect()),
        }
        length.get()
    }
}

/// Tags are a set of named things, which fragments bring in the order of their operations.
fn in_order(mut document: Value) -> Value {
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        tags.sort_by_key(|tag| tag.get("name").map(ToString::to_string));
    }
    document
}
