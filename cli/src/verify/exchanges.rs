//! The parts of a vendor's proof that rest on exchanges: documented examples and recordings go through the contract engine in one
//! run, and what they say is told as examples, recordings, types, known drift and coverage. The events of the run go on to the
//! reports of the command.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use wireproof_contract::report::{Pretty, Report, Style};
use wireproof_contract::{
    Checked, Contract, Contracts, Coverage, Event, Formats, KnownDrift, Options, Outcome, Part, Rule, Severity, State, Summary,
    VendorOutcome, Verdict,
};
use wireproof_documents::{agreement, page::Page};
use wireproof_openapi::Document;
use wireproof_runtime::Api;

use super::pages::file_name;
use super::vendor::{Context, Told, unusable};
use crate::config::Vendor;
use crate::contracts::{DriftFile, contract};
use crate::error::Failure;
use crate::output::{Stream, count, printable};
use crate::recordings::{self, Recordings};
use crate::types;
use crate::validate::accept::Accepting;
use crate::validate::check_all;

/// How many operations the coverage lists before it only counts.
const SHOWN_OPERATIONS: usize = 6;

/// How many entries of known drift are listed before they are only counted.
const SHOWN_ENTRIES: usize = 10;

/// Whether a vendor's generated code is what its document makes, and its types if so: those of stale code would be held against a document
/// that they were not made from.
pub(super) fn generated_types(vendor: &Vendor, context: &Context<'_>) -> (bool, Option<&'static Api>) {
    let fresh = context.freshness.problems(context.config, Some(&vendor.name)).is_empty();
    (fresh, if fresh { types::of(&vendor.name, &context.config.root) } else { None })
}

/// Adds the parts that rest on exchanges to `parts`; events go to `sink`, all but the last.
pub(super) fn prove(
    (vendor, pages): (&Vendor, &[Page]),
    document: Arc<Document>,
    context: &Context<'_>,
    parts: &mut Vec<Part>,
    sink: &mut dyn FnMut(&Event) -> ControlFlow<()>,
) -> Option<Told> {
    let listed = DriftFile::of(context.config, vendor).and_then(|file| Ok((file.parse(context.today)?, [Some(file)])));
    let (drift, list) = match listed {
        Ok(listed) => listed,
        Err(failure) => return give_up(parts, "known drift", &failure),
    };
    let files = match recording_files(vendor, context) {
        Ok(files) => files,
        Err(failure) => return give_up(parts, "recordings", &failure),
    };
    let (fresh, api) = generated_types(vendor, context);
    let options = Options {
        vendor: Some(vendor.name.clone()),
        servers: vendor.servers.clone(),
        api,
        drift,
        show_values: context.show_values,
        excerpts: true,
        fields: false,
        formats: Formats::default(),
    };
    let contracts = match contract(document, options) {
        Ok(contract) => Contracts::new(vec![contract]),
        Err(failure) => return give_up(parts, "recordings", &failure),
    };
    let mut accepting = context.accept_until.map(|until| Accepting::new(&contracts, &list, until));
    let mut sink = |event: &Event| {
        if let (Some(accepting), Event::Checked(checked)) = (&mut accepting, event) {
            accepting.take(checked);
        }
        sink(event)
    };
    let run = match Run::new(&contracts, pages, &files, context, &mut sink) {
        Ok(run) => run,
        Err(failure) => return give_up(parts, "recordings", &failure),
    };
    parts.push(run.prose_part(pages));
    parts.push(run.examples_part());
    parts.push(run.recordings_part(&files));
    parts.push(run.types_part(api.is_some(), fresh));
    if let Some(outcome) = run.outcome.vendors.first() {
        parts.push(drift_part(&contracts, outcome, context.verbose));
        parts.push(coverage_part(&outcome.coverage, context.verbose));
    }
    let mut accepted = Vec::new();
    // Who could not read everything would accept what is only half of it.
    if let Some(accepting) = accepting.filter(|_| run.unreadable.is_empty())
        && let Err(failure) = accepting.write(&run.outcome, &mut Stream::plain(&mut accepted))
    {
        parts.push(unusable("known drift", &failure));
    }
    let [findings, accepted] = [&run.pretty, &accepted].map(|text| String::from_utf8_lossy(text).into_owned());
    Some(Told { findings, outcome: run.outcome, accepted })
}

fn give_up(parts: &mut Vec<Part>, topic: &'static str, failure: &Failure) -> Option<Told> {
    parts.push(unusable(topic, failure));
    None
}

/// The recordings of a vendor; none where the configuration names no place and the usual one is not there, or is a folder that
/// waits for its first one.
fn recording_files(vendor: &Vendor, context: &Context<'_>) -> Result<Recordings, Failure> {
    let path = context.config.resolve(&vendor.recordings.path);
    if !vendor.recordings.named && (!path.exists() || waits(&path)) {
        return Ok(Recordings::default());
    }
    recordings::find(&path, &vendor.recordings.path)
}

/// Whether a folder holds nothing but hidden files.
fn waits(folder: &Path) -> bool {
    let is_hidden = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with('.');
    fs::read_dir(folder).is_ok_and(|mut entries| entries.all(|entry| entry.is_ok_and(is_hidden)))
}

/// Everything that one run of the contract engine over a vendor's examples and recordings said.
struct Run {
    /// What the pages say beside the document, an entry for each response and for the parameters of each operation.
    prose: Tally,
    examples: Tally,
    recorded: Tally,
    /// Why recordings could not be read to their end.
    unreadable: Vec<String>,
    pretty: Vec<u8>,
    outcome: Arc<Outcome>,
}

/// What an event is about.
#[derive(Clone, Copy)]
enum Of {
    Prose,
    Examples,
    Recordings,
}

/// Exchanges counted.
#[derive(Default)]
struct Tally {
    summary: Summary,
    /// Exchanges in which the generated types lose something or cannot read the body.
    types: usize,
    /// Why entries could not be used.
    unusable: Vec<String>,
}

impl Tally {
    fn take(&mut self, event: &Event) {
        match event {
            Event::Checked(checked) => {
                self.summary.add(checked);
                self.types += usize::from(breaks_types(checked));
            }
            Event::Unusable { recording, entry, reason } => {
                self.unusable.push(format!("`{}`, entry {entry}: {}", printable(recording), printable(reason)));
            }
            _ => {}
        }
    }
}

/// Whether the generated types fail on a body that the document allows.
fn breaks_types(checked: &Checked) -> bool {
    checked.findings.iter().any(|finding| {
        matches!(finding.rule, Rule::TypeDecode | Rule::TypeRoundTrip) && !finding.known && finding.severity != Severity::Note
    })
}

/// A report of nothing but the exchanges that do not conform, unless everything is wanted.
struct Failures<R> {
    report: R,
    /// The recording that has begun and of which nothing was told yet.
    begun: Option<Event>,
    everything: bool,
}

impl<R: Report> Report for Failures<R> {
    fn event(&mut self, event: &Event) -> std::io::Result<()> {
        if self.everything {
            return self.report.event(event);
        }
        match event {
            Event::RecordingStarted { .. } => {
                self.begun = Some(event.clone());
                Ok(())
            }
            Event::Checked(checked) if checked.verdict != Verdict::Conforms => {
                if let Some(begun) = self.begun.take() {
                    self.report.event(&begun)?;
                }
                self.report.event(event)
            }
            Event::RecordingFinished { .. } if self.begun.take().is_none() => self.report.event(event),
            // What else there is to say stands in the parts of the proof.
            _ => Ok(()),
        }
    }
}

impl Run {
    fn new(
        contracts: &Contracts,
        pages: &[Page],
        found: &Recordings,
        context: &Context<'_>,
        sink: &mut dyn FnMut(&Event) -> ControlFlow<()>,
    ) -> Result<Self, Failure> {
        let mut pretty = Vec::new();
        let style = Style { color: context.colour, width: context.width, verbose: context.verbose };
        let mut to_pretty = Failures { report: Pretty::new(&mut pretty, style), begun: None, everything: context.verbose };
        let (mut prose, mut examples, mut recorded) = (Tally::default(), Tally::default(), Tally::default());
        let mut run = contracts.run().with_jobs(recordings::all_cores());
        let mut report = |event: &Event, of: Of| {
            match of {
                Of::Prose => prose.take(event),
                Of::Examples => examples.take(event),
                Of::Recordings => recorded.take(event),
            }
            // Memory takes everything.
            let _ = to_pretty.event(event);
            // The end of this run is not that of the command.
            if matches!(event, Event::Finished(_)) { ControlFlow::Continue(()) } else { sink(event) }
        };
        // A report that cannot be written is told of at the end of the command.
        if let Some(contract) = contracts.contracts().first() {
            for page in pages {
                let found = agreement(page, contract);
                let _ = run.told(0, &page.source().path, found, &mut |event: Event| report(&event, Of::Prose));
            }
        }
        let _ = run.examples(0, &mut |event: Event| report(&event, Of::Examples));
        let unreadable =
            check_all(&mut run, found, context.progress, &mut std::io::empty(), &mut |event: Event| report(&event, Of::Recordings))?;
        let told = |failure: &Failure| format!("{}: record it again, or take it out of the folder", printable(&failure.message));
        let unreadable = unreadable.iter().map(told).collect();
        let outcome = run.finish(true, &mut |event: Event| report(&event, Of::Recordings));
        drop(to_pretty);
        Ok(Self { prose, examples, recorded, unreadable, pretty, outcome })
    }

    /// The pages say what the document says.
    fn prose_part(&self, pages: &[Page]) -> Part {
        const TOPIC: &str = "prose";
        let summary = self.prose.summary;
        let names: Vec<&str> = pages.iter().map(|page| file_name(&page.source().path)).collect();
        if summary.exchanges == 0 {
            return Part::new(TOPIC, State::Absent, "no page says anything beside the document");
        }
        let parts = count(summary.exchanges, "part");
        if summary.holds() {
            let agree = if summary.exchanges == 1 { "agrees" } else { "agree" };
            return Part::new(
                TOPIC,
                state(summary),
                format!("{parts} of `{}` {agree} with the document{}", names.join("`, `"), known(summary)),
            );
        }
        let differ = summary.exchanges - summary.conforms;
        let say = if differ == 1 { "says" } else { "say" };
        Part::new(TOPIC, State::Broken, format!("{differ} of {parts} of `{}` {say} otherwise than the document", names.join("`, `")))
    }

    fn examples_part(&self) -> Part {
        const TOPIC: &str = "examples";
        let summary = self.examples.summary;
        if summary.exchanges == 0 {
            return Part::new(TOPIC, State::Absent, "the document has none");
        }
        let examples = format!("documented {}", count(summary.exchanges, "example").split_once(' ').map_or("examples", |(_, noun)| noun));
        if summary.holds() {
            let keep = if summary.exchanges == 1 { "keeps" } else { "keep" };
            return Part::new(
                TOPIC,
                state(summary),
                format!("{} {examples} {keep} the document's own schemas{}", summary.exchanges, known(summary)),
            );
        }
        let broken = summary.exchanges - summary.conforms;
        let breaks = if broken == 1 { "breaks" } else { "break" };
        Part::new(TOPIC, State::Broken, format!("{broken} of {} {examples} {breaks} the document's own schemas", summary.exchanges))
    }

    fn recordings_part(&self, found: &Recordings) -> Part {
        const TOPIC: &str = "recordings";
        let summary = self.recorded.summary;
        if found.files.is_empty() {
            return Part::new(TOPIC, State::Absent, "there are none");
        }
        if !self.unreadable.is_empty() {
            let text = format!("{} of {} cannot be read", self.unreadable.len(), count(found.files.len(), "recording"));
            return Part::new(TOPIC, State::Unusable, text).with_details(self.unreadable.clone());
        }
        let exchanges = format!("{} in {}", count(summary.exchanges, "exchange"), count(found.files.len(), "recording"));
        let unusable = match self.recorded.unusable.len() {
            0 => String::new(),
            number => format!(", {} not usable", count(number, "entry").replace("entrys", "entries")),
        };
        let part = if summary.holds() {
            let conform = if summary.exchanges == 1 { "conforms" } else { "conform" };
            Part::new(TOPIC, state(summary), format!("{exchanges} {conform}{}{unusable}", known(summary)))
        } else {
            let kinds = [(summary.violation, "violation"), (summary.drift, "drift"), (summary.unmatched, "unmatched")];
            let kinds: Vec<String> =
                kinds.iter().filter(|(number, _)| *number > 0).map(|(number, kind)| format!("{number} {kind}")).collect();
            Part::new(TOPIC, State::Broken, format!("of {exchanges}, {} conform, {}{unusable}", summary.conforms, kinds.join(", ")))
        };
        part.with_details(self.recorded.unusable.iter().cloned().chain(found.note()).collect())
    }

    fn types_part(&self, linked: bool, fresh: bool) -> Part {
        const TOPIC: &str = "types";
        let exchanges = self.recorded.summary.exchanges;
        let broken = self.recorded.types + self.examples.types;
        match (linked, fresh) {
            (_, false) => Part::new(TOPIC, State::Absent, "not checked, as the generated code is stale"),
            (false, true) => Part::new(TOPIC, State::Absent, "not checked, as this program was built without the types of this vendor"),
            (true, true) if broken > 0 => {
                Part::new(TOPIC, State::Broken, format!("the generated types fail on the bodies of {}", count(broken, "exchange")))
            }
            (true, true) if exchanges == 0 => Part::new(TOPIC, State::Absent, "there is no recorded body to try them on"),
            (true, true) => Part::new(TOPIC, State::Holds, "the generated types read every documented body and write it back unchanged"),
        }
    }
}

/// The state of exchanges that all conform.
fn state(summary: Summary) -> State {
    if summary.known > 0 { State::Known } else { State::Holds }
}

fn known(summary: Summary) -> String {
    if summary.known == 0 { String::new() } else { format!(", {} of known drift", count(summary.known, "finding")) }
}

/// Known drift is current: each entry still matches something and has not expired.
fn drift_part(contracts: &Contracts, outcome: &VendorOutcome, verbose: bool) -> Part {
    const TOPIC: &str = "known drift";
    if !outcome.drift.is_empty() {
        let details = outcome.drift.iter().map(|problem| printable(&problem.to_string()).into_owned()).collect();
        let details = shortened(details, verbose);
        return Part::new(TOPIC, State::Broken, "the list is out of date").with_details(details);
    }
    let entries = contracts.contracts().iter().filter_map(Contract::drift).flat_map(KnownDrift::entries);
    let accepted: Vec<String> = entries
        .map(|entry| {
            let findings = count(entry.matched(), "finding");
            let (rule, operation, reason) = (entry.rule.name(), printable(&entry.operation), printable(&entry.reason));
            format!("until {}: `{rule}` of `{operation}`, {findings}: {reason}", entry.expires)
        })
        .collect();
    match accepted.len() {
        0 => Part::new(TOPIC, State::Holds, "none"),
        1 => Part::new(TOPIC, State::Known, "1 entry, current").with_details(accepted),
        number => Part::new(TOPIC, State::Known, format!("{number} entries, all current")).with_details(shortened(accepted, verbose)),
    }
}

/// Some of many lines, and how many there are more.
fn shortened(mut lines: Vec<String>, verbose: bool) -> Vec<String> {
    let more = lines.len().saturating_sub(SHOWN_ENTRIES);
    if more > 1 && !verbose {
        lines.truncate(SHOWN_ENTRIES);
        lines.push(format!("and {more} more (`--verbose` shows them)"));
    }
    lines
}

/// Which documented answers the recordings show, operation by operation.
fn coverage_part(coverage: &Coverage, verbose: bool) -> Part {
    const TOPIC: &str = "coverage";
    let operations = coverage.operations();
    let text = format!(
        "{} of {}, {} of {} seen",
        coverage.operations_seen(),
        count(operations.len(), "operation"),
        coverage.seen(),
        count(coverage.total(), "documented answer"),
    );
    let shown = if verbose { operations.len() } else { SHOWN_OPERATIONS };
    let mut details = Vec::new();
    for operation in operations.iter().take(shown) {
        let cells = |seen: bool| {
            let cells = operation.documented.iter().filter(|cell| (cell.seen > 0) == seen).map(|cell| cell.status.to_string());
            let mut cells: Vec<String> = cells.collect();
            cells.dedup();
            cells.join(" ")
        };
        let (seen, unseen) = (cells(true), cells(false));
        let never = match (seen.is_empty(), unseen.is_empty()) {
            (true, false) => format!("never {unseen}"),
            (false, false) => format!(" · never {unseen}"),
            _ => String::new(),
        };
        details.push(format!("{}: {seen}{never}", printable(&operation.label)));
    }
    if operations.len() > shown {
        details.push(format!("and {} more (`--verbose` shows them)", operations.len() - shown));
    }
    Part::new(TOPIC, State::Holds, text).with_details(details)
}
