//! What the recordings say: exchanges that conform to the old document and not to the new one.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use wireproof_contract::{Contracts, Event, Finding, Options, Severity, Verdict};
use wireproof_openapi::Document;

use super::Arguments;
use crate::args::Global;
use crate::config::Config;
use crate::contracts::contract;
use crate::environment::Environment;
use crate::error::Failure;
use crate::progress::Progress;
use crate::recordings::{self, Recordings};
use crate::validate::check_all;

/// What became of the recorded exchanges.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    /// How many there are.
    pub(super) exchanges: usize,
    /// How many conform to the old document.
    pub(super) conform: usize,
    /// Those that conform to the old document and not to the new one.
    pub(super) lost: Vec<Lost>,
}

/// An exchange that no longer conforms.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) recording: String,
    pub(super) entry: usize,
    pub(super) operation: Option<String>,
    pub(super) verdict: Verdict,
    /// What the new document holds against it.
    pub(super) messages: Vec<String>,
}

/// What one document makes of an exchange.
struct Judged {
    recording: String,
    entry: usize,
    operation: Option<String>,
    verdict: Verdict,
    findings: Vec<Finding>,
}

/// Holds the recordings that the arguments name against both documents; `None` where they name none.
///
/// # Errors
///
/// When a recording cannot be read.
pub(super) fn compare(
    arguments: &Arguments,
    global: &Global,
    (old, new): (&Arc<Document>, &Arc<Document>),
    environment: &mut Environment<'_>,
) -> Result<Option<Recorded>, Failure> {
    let mut found = Recordings::default();
    let mut servers = Vec::new();
    for path in &arguments.recordings {
        found.extend(recordings::find(&environment.resolve(path), &path.to_string_lossy())?);
    }
    if let Some(name) = &arguments.vendor {
        let config = Config::find(global.config.as_deref(), environment)?;
        let vendor = config.vendor(name)?;
        let path: PathBuf = config.resolve(&vendor.recordings.path);
        found.extend(recordings::find(&path, &vendor.recordings.path)?);
        servers.clone_from(&vendor.servers);
    }
    if arguments.recordings.is_empty() && arguments.vendor.is_none() {
        return Ok(None);
    }
    // A base URL that only one of the documents names is told as a change of its own; here it would hide all others.
    let all = [old, new].into_iter().flat_map(|document| document.servers().iter().map(wireproof_openapi::Server::default_url));
    servers.extend(all.filter(|url| url.contains("://")));
    let before = judge(old, &servers, &found, environment)?;
    let after = judge(new, &servers, &found, environment)?;
    let conforms = |judged: &&Judged| judged.verdict == Verdict::Conforms;
    let mut recorded = Recorded { exchanges: before.len(), conform: before.iter().filter(conforms).count(), lost: Vec::new() };
    for (_, judged) in before.iter().zip(after).filter(|(before, after)| conforms(before) && !conforms(&after)) {
        let told = judged.findings.iter().filter(|finding| finding.severity != Severity::Note);
        recorded.lost.push(Lost {
            messages: told.map(|finding| format!("{}: {}", finding.rule.name(), finding.message)).collect(),
            recording: judged.recording,
            entry: judged.entry,
            operation: judged.operation,
            verdict: judged.verdict,
        });
    }
    Ok(Some(recorded))
}

/// What a document makes of all exchanges, in their order.
fn judge(
    document: &Arc<Document>,
    servers: &[String],
    found: &Recordings,
    environment: &mut Environment<'_>,
) -> Result<Vec<Judged>, Failure> {
    let options = Options { servers: servers.to_vec(), ..Options::default() };
    let contracts = Contracts::new(vec![contract(Arc::clone(document), options)?]);
    let mut judged = Vec::new();
    let mut sink = |event: Event| {
        if let Event::Checked(checked) = event {
            judged.push(Judged {
                recording: checked.recording.to_string(),
                entry: checked.entry,
                operation: checked.operation,
                verdict: checked.verdict,
                findings: checked.findings,
            });
        }
        ControlFlow::Continue(())
    };
    let Environment { err, stdin, .. } = environment;
    let progress = Progress::of_bytes(err, found.bytes());
    let mut run = contracts.run().with_jobs(recordings::all_cores());
    let unusable = check_all(&mut run, found, &progress, stdin, &mut sink)?;
    run.finish(false, &mut sink);
    match unusable.into_iter().next() {
        Some(failure) => Err(failure),
        None => Ok(judged),
    }
}
