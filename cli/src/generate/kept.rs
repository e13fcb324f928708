//! What `generate` made last, so that unchanged documents cost nothing: per vendor the digests of what was read, the stamps of what was
//! written, and what there was to say.
//!
//! It is kept in cargo's build folder, `target/wireproof/generate.json`, where machine-made things lie that nobody commits. It cannot be in
//! the generated files: these are committed and the same for everybody, while a program built from a changed generator must not trust what
//! another build made, even if both have one version. Losing the file, or having no such folder, costs one generation. `generate --check`
//! and `verify` never look at it: what they say rests on the bytes.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wireproof_generator::Output;
use wireproof_openapi::Document;

use super::report::{Said, SummaryJson};
use crate::config::{Config, Vendor};
use crate::document;
use crate::error::Failure;
use crate::write::{NewFile, files_below};

/// What is known of the last runs, and where it is kept.
pub(super) struct Kept {
    /// None where there is no build folder to keep it in.
    place: Option<PathBuf>,
    state: State,
    /// Whether it differs from what is on disk.
    changed: bool,
}

#[derive(Default, Deserialize, PartialEq, Serialize)]
struct State {
    /// Which program made it.
    program: String,
    vendors: BTreeMap<String, Made>,
}

/// What was made of one vendor's document.
#[derive(Deserialize, PartialEq, Serialize)]
pub(super) struct Made {
    /// All else that the files depend on.
    options: String,
    read: Inputs,
    /// The files of the module, from the generated package, and what each was like.
    written: BTreeMap<String, Stamp>,
    pub(super) summary: SummaryJson,
    pub(super) recursion_limit: Option<usize>,
    pub(super) said: Vec<Said>,
}

/// The files of a document, from the root of the configuration, and the SHA-256 of each.
#[derive(Deserialize, PartialEq, Serialize)]
pub(super) struct Inputs(BTreeMap<String, String>);

/// What a file is like without reading it: as for cargo and git, one with the same length and time of change is the same.
#[derive(Deserialize, PartialEq, Serialize)]
struct Stamp {
    length: u64,
    /// In nanoseconds since 1970.
    changed: u128,
}

impl Inputs {
    /// What was read to make this document.
    pub(super) fn of(document: &Document) -> Self {
        let sources = std::iter::once(document.source()).chain(document.overlay()).chain(document.other_files());
        Self(sources.map(|source| (source.path.clone(), hexadecimal(source.text.as_bytes()))).collect())
    }

    /// Whether all of it is as it was.
    fn unchanged(&self, root: &Path) -> bool {
        let digest = |path: &str| document::read_text(&root.join(path), path).ok().map(|text| hexadecimal(text.as_bytes()));
        self.0.iter().all(|(path, before)| digest(path).as_ref() == Some(before))
    }
}

impl Made {
    /// How many files the module has.
    pub(super) fn files(&self) -> usize {
        self.written.len()
    }
}

impl Kept {
    /// Reads what is kept for this configuration. What cannot be read counts as nothing: it is no more than a saving.
    pub(super) fn open(config: &Config) -> Self {
        let target = config.root.join("target");
        let place = target.is_dir().then(|| target.join("wireproof").join("generate.json"));
        let text = place.as_ref().and_then(|place| fs::read(place).ok());
        let state: Option<State> = text.and_then(|text| serde_json::from_slice(&text).ok());
        let program = this_program();
        match (state, program) {
            (Some(state), Some(program)) if state.program == program => Self { place, state, changed: false },
            (_, Some(program)) => Self { place, state: State { program, ..State::default() }, changed: false },
            // A program that cannot tell itself from others trusts nobody.
            (_, None) => Self { place: None, state: State::default(), changed: false },
        }
    }

    /// What was made of a vendor's document, if generating again would change nothing; `module` is its folder in the package.
    pub(super) fn fresh(&self, config: &Config, vendor: &Vendor, module: &str) -> Option<&Made> {
        let made = self.state.vendors.get(&vendor.name)?;
        let same_options = made.options == options(config, vendor);
        let same_output = || stamps(&config.resolve(&config.generated.folder), module).as_ref() == Some(&made.written);
        (same_options && same_output() && made.read.unchanged(&config.root)).then_some(made)
    }

    /// Takes down what is on disk now, after `output` was written there.
    pub(super) fn take(&mut self, config: &Config, vendor: &Vendor, module: &str, read: Inputs, output: &Output) {
        let made = made(config, vendor, module, read, output);
        let before = self.state.vendors.remove(&vendor.name);
        self.changed |= before != made;
        if let Some(made) = made {
            self.state.vendors.insert(vendor.name.clone(), made);
        }
    }

    /// Writes it down where it changed.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub(super) fn save(&self) -> Result<(), Failure> {
        let Some(place) = self.place.as_ref().filter(|_| self.changed) else { return Ok(()) };
        let shown = place.display().to_string();
        let text = serde_json::to_vec(&self.state).map_err(|error| Failure::new(format!("cannot write `{shown}`: {error}")))?;
        let mut file = NewFile::begin(place, &shown)?;
        file.write_all(&text).map_err(|error| Failure::io("write", &shown, &error))?;
        file.commit()
    }
}

/// What to keep of a vendor; none where something besides the digests decides whether it is fresh.
fn made(config: &Config, vendor: &Vendor, module: &str, read: Inputs, output: &Output) -> Option<Made> {
    // A file that could not be read may be there the next time.
    if output.diagnostics.iter().any(|diagnostic| diagnostic.code == "broken-reference") {
        return None;
    }
    let written = stamps(&config.resolve(&config.generated.folder), module)?;
    // A file of somebody else's is told about in every run.
    if written.len() != output.files.len() || !output.files.keys().all(|path| written.contains_key(&format!("{module}/{path}"))) {
        return None;
    }
    Some(Made {
        options: options(config, vendor),
        read,
        written,
        summary: output.summary.into(),
        recursion_limit: output.recursion_limit,
        said: output.diagnostics.iter().map(Said::from).collect(),
    })
}

/// Where the document is and what the headers of its files say.
fn options(config: &Config, vendor: &Vendor) -> String {
    // An overlay in the usual place is applied as soon as it is there.
    let overlay = if document::overlay_of(&config.root, vendor).is_some() { vendor.overlay.path.as_str() } else { "no overlay" };
    format!("{} generate {}: {} with {overlay} to {}", config.command, vendor.name, vendor.spec, config.generated.folder)
}

/// The program that runs: another one, of another version or built anew, may generate otherwise.
fn this_program() -> Option<String> {
    let stamp = stamp(&std::env::current_exe().ok()?)?;
    Some(format!("{}, {} bytes of {}", env!("CARGO_PKG_VERSION"), stamp.length, stamp.changed))
}

/// The files of a module and what they are like; none where that cannot be told.
fn stamps(package: &Path, module: &str) -> Option<BTreeMap<String, Stamp>> {
    let files = files_below(package, module).ok()?;
    files.into_iter().map(|path| stamp(&package.join(&path)).map(|stamp| (path, stamp))).collect()
}

/// A symbolic link is not what was written.
fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    Some(Stamp { length: metadata.len(), changed })
}

fn hexadecimal(bytes: &[u8]) -> String {
    let hex: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}
