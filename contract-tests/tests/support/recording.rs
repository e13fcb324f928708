//! A recording as tests: one per entry, with a name that says what the exchange is about.
//! Next: `expectations.rs`, which says what must come of broken ones.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;

use serde::Deserialize;
use wireproof_contract::{Checked, Contracts, Event, Format, Run};

use super::vendor::{Vendor, root};

/// How many characters of a comment a name takes.
const MAX_COMMENT: usize = 80;

/// A HAR file, its entries checked.
#[derive(Debug)]
pub(crate) struct Recording {
    /// The name of the file.
    pub(crate) name: String,
    /// Its entries in order.
    pub(crate) entries: Vec<Entry>,
}

/// An entry of a recording.
#[derive(Debug)]
pub(crate) struct Entry {
    /// What it is: `DELETE /contacts/{id} 404: Nobody has this id`.
    pub(crate) title: String,
    /// What came of it; the reason where it is no whole exchange.
    pub(crate) checked: Result<Checked, String>,
}

/// The parts of a HAR file that name its entries. Exchanges themselves are read by the contract engine.
#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    comment: String,
}

impl Recording {
    /// The names of the recordings in `folder`, in order.
    pub(crate) fn names(folder: &str) -> Result<Vec<String>, String> {
        let failed = |error| format!("cannot read `{folder}`: {error}");
        let mut names = Vec::new();
        for entry in fs::read_dir(root().join(folder)).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
            if Format::of(&name).is_some() {
                names.push(name);
            }
        }
        names.sort();
        if names.is_empty() { Err(format!("there are no recordings in `{folder}`")) } else { Ok(names) }
    }

    /// Holds a recording against the contracts of `run`, as a whole: whether its credentials were stripped on export shows only when all
    /// of it was seen.
    pub(crate) fn check(folder: &str, name: &str, contracts: &Contracts, run: &mut Run<'_>) -> Result<Self, String> {
        let path = format!("{folder}/{name}");
        let text = Vendor::read(&path)?;
        let har: Har = serde_json::from_str(&text).map_err(|error| format!("cannot read `{path}`: {error}"))?;
        let mut told = BTreeMap::new();
        let mut sink = |event: Event| {
            match event {
                Event::Checked(checked) => drop(told.insert(checked.entry, Ok(*checked))),
                Event::Unusable { entry, reason, .. } => drop(told.insert(entry, Err(reason))),
                // A run sends neither `Unreadable` nor `Proved`: they are its caller's.
                Event::Note { .. }
                | Event::RecordingStarted { .. }
                | Event::RecordingFinished { .. }
                | Event::Finished(_)
                | Event::Unreadable { .. }
                | Event::Proved(_) => {}
            }
            ControlFlow::Continue(())
        };
        run.recording(&path, Format::Har, text.as_bytes(), &mut sink).map_err(|error| error.to_string())?;
        if har.log.entries.is_empty() || har.log.entries.len() != told.len() {
            return Err(format!("`{path}` has {} entries, and {} were checked", har.log.entries.len(), told.len()));
        }
        let entries = har.log.entries.iter().zip(told.into_values());
        let entries = entries.map(|(named, checked)| Entry { title: title(&named.comment, checked.as_ref().ok(), contracts), checked });
        Ok(Self { name: name.to_owned(), entries: entries.collect() })
    }
}

/// Method, path and status, and the first sentence of the comment.
fn title(comment: &str, checked: Option<&Checked>, contracts: &Contracts) -> String {
    let sentence = comment.split_once(". ").map_or(comment, |(first, _)| first).trim_end_matches('.').replace('\n', " ");
    let sentence = match sentence.char_indices().nth(MAX_COMMENT) {
        Some((end, _)) => format!("{}...", sentence.split_at(end).0),
        None => sentence,
    };
    let Some(checked) = checked else { return sentence };
    let template = || {
        let contract = contracts.contracts().get(checked.contract?)?;
        Some(contract.document().operations().get(checked.operation_index?)?.path.clone())
    };
    format!("{} {} {}: {sentence}", checked.method, template().unwrap_or_else(|| checked.url.clone()), checked.status)
}
