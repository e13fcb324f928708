//! Traffic as it comes from the proxy: redacted, written down, checked, told. All of it on the thread of the command, while the proxy
//! relays on its own. Next: `wireproof_live::record`.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wireproof_contract::{Checked, Contract, Contracts, Event, Formats, Redactions, Redactor, Run, Severity, Summary, Verdict};
use wireproof_live::record::{Next, Options, Proxy, Seen, Taken, Upstream, random_key};

use super::Arguments;
use super::file::{Form, RecordingWriter};
use crate::address;
use crate::args::Global;
use crate::config::{Config, Redact};
use crate::contracts::{self, Checking, Loaded};
use crate::date::today;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::{Stream, printable, style};
use crate::progress::Progress;
use crate::reports::{self, Reports};

/// How long the command waits for an exchange before it looks up.
const PATIENCE: Duration = Duration::from_millis(200);

/// How long an entry may wait for others, so that many are written in one go where traffic is heavy.
const LATENCY: Duration = Duration::from_millis(20);

/// How much memory bodies may take that wait to be recorded.
const MEMORY: usize = 256 << 20;

pub(super) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let targets = arguments.report.targets()?;
    let form = Form::of(&arguments.into)?;
    let listen = address::parse(&arguments.listen)?;
    let (contract, redact, upstream) = contract(arguments, global, environment)?;
    let shown = arguments.into.to_string_lossy().into_owned();
    let mut opened = reports::open(&targets, environment)?;
    // Before the recording: where the address is taken, no file is begun.
    let proxy = Proxy::start(Options {
        body_limit: usize::from(arguments.body_limit) << 20,
        memory: MEMORY.max(usize::from(arguments.body_limit) << 21),
        signals: true,
        ..Options::new(listen, upstream.clone())
    })
    .map_err(|error| Failure::new(error.to_string()).with_help("name another address, or port 0 for any that is free"))?;
    let writer = RecordingWriter::open(&environment.resolve(&arguments.into), &shown, form)?;

    go_second();
    let contracts = Contracts::new(vec![contract]);
    let Environment { out, err, .. } = environment;
    let head = err.paint(style::STRONG, "recording").to_string();
    err.line(format_args!("{head} http://{} to {} into {}", proxy.address(), printable(&upstream.url()), printable(&shown)));
    // Lines tell how it goes; there is no end to measure progress by.
    let progress = Progress::of_steps(&Stream::plain(std::io::sink()), 0);
    let mut reports = Reports::new(&mut opened, out, arguments.report.verbose, &progress);
    let key = random_key().map_err(|error| Failure::new(error.to_string()))?;
    let redactor = Redactor::new(key, redact);
    let mut recorder = Recorder {
        recording: shown.as_str().into(),
        entry: 0,
        origin: upstream.origin(),
        run: contracts.run(),
        summary: Summary::default(),
        redactor,
        writer,
        lines: Vec::new(),
        told: Vec::new(),
        since: Instant::now(),
    };
    let mut sink = |event: Event| {
        if reports.take(&event) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let document = contracts.contracts().first().map(Contract::document);
    let _ = sink(Event::RecordingStarted { recording: Arc::clone(&recorder.recording) });
    let limit = arguments.exchanges.map_or(u64::MAX, std::num::NonZeroU64::get);
    let result = recorder.all(&proxy, limit, document, err, &mut sink);
    drop(proxy);
    let Recorder { recording, run, summary, writer, .. } = recorder;
    let _ = sink(Event::RecordingFinished { recording, summary });
    let outcome = run.finish(false, &mut sink);
    writer.finish();
    reports.finish()?;
    drop(progress);
    reports::commit(opened)?;
    result?;
    if outcome.summary.exchanges == 0 {
        let head = err.paint(style::WARN, "note").to_string();
        err.line(format_args!("{head}: nothing was recorded, so nothing was shown to hold"));
        return Ok(Exit::Broken);
    }
    Ok(if outcome.holds() && outcome.summary.unusable == 0 { Exit::Holds } else { Exit::Broken })
}

/// The contract that traffic is held against, what is replaced, and the server behind.
fn contract(arguments: &Arguments, global: &Global, environment: &Environment<'_>) -> Result<(Contract, Redactions, Upstream), Failure> {
    let mut checking = Checking {
        servers: Vec::new(),
        today: today(None)?,
        show_values: arguments.report.show_values,
        excerpts: arguments.report.wants_excerpts(),
        fields: false,
        formats: Formats::default(),
    };
    let named = arguments.upstream.as_deref().map(parse).transpose()?;
    checking.servers.extend(named.as_ref().map(Upstream::url));
    checking.servers.extend(named.as_ref().map(Upstream::origin));
    checking.servers.dedup();
    let mut redact = Redact::default();
    let loaded = match (&arguments.spec, &arguments.vendor) {
        (Some(spec), _) => contracts::of_spec(spec, arguments.drift.as_deref(), false, &checking, environment)?,
        (None, vendor) => {
            let config = Config::find(global.config.as_deref(), environment)?;
            let names: Vec<String> = vendor.iter().cloned().collect();
            redact = config.select(&names)?.first().map(|vendor| vendor.redact.clone()).unwrap_or_default();
            let mut loaded = contracts::of_vendors(&config, &names, &checking)?;
            loaded.pop().ok_or_else(|| Failure::new("the configuration names no vendor"))?
        }
    };
    let Loaded { contract, .. } = loaded;
    let upstream = if let Some(upstream) = named {
        upstream
    } else {
        let absolute = contract.document().servers().iter().map(wireproof_openapi::Server::default_url).find(|url| url.contains("://"));
        let url = absolute.ok_or_else(|| {
            Failure::new(format!("`{}` names no server with an absolute URL", contract.document().source().path))
                .with_help("say where the server is: `--upstream https://api.example.com`")
        })?;
        parse(&url)?
    };
    let redactions = Redactions {
        headers: redact.headers.into_iter().chain(arguments.redact_headers.iter().cloned()).collect(),
        fields: redact.fields.into_iter().chain(arguments.redact_fields.iter().cloned()).collect(),
        keep_values: arguments.keep_values,
    };
    Ok((contract, redactions, upstream))
}

fn parse(url: &str) -> Result<Upstream, Failure> {
    Upstream::parse(url).map_err(|error| Failure::new(error.to_string()))
}

/// Lets the relay go first where cores are scarce, and with it client and server: an exchange that is checked a moment later is checked as
/// well, but one that is relayed later was delayed. The thread that relays has begun, and keeps the priority that it has.
#[cfg(target_os = "linux")]
fn go_second() {
    const STEPS: i32 = 5;
    // Where it is not allowed, traffic is a little slower.
    let _ = rustix::process::nice(STEPS);
}

/// Other systems have no priority for a single thread.
#[cfg(not(target_os = "linux"))]
fn go_second() {}

/// What turns traffic into a recording and findings.
struct Recorder<'c> {
    recording: Arc<str>,
    entry: usize,
    origin: String,
    run: Run<'c>,
    summary: Summary,
    redactor: Redactor,
    writer: RecordingWriter,
    /// Entries that are still to be written.
    lines: Vec<String>,
    /// What is still to be told of them.
    told: Vec<String>,
    /// Since when the first of them waits.
    since: Instant,
}

impl Recorder<'_> {
    /// Records until the proxy ends, or so many exchanges have.
    fn all(
        &mut self,
        proxy: &Proxy,
        limit: u64,
        document: Option<&wireproof_openapi::Document>,
        err: &mut Stream<'_>,
        sink: &mut dyn FnMut(Event) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let mut left = limit;
        loop {
            // As long as exchanges wait, the file can, for a moment.
            let patience = if self.lines.is_empty() { PATIENCE } else { Duration::ZERO };
            match proxy.next(patience) {
                // Who waits for the next exchange has to be woken by the relay, and every file costs the same for one entry as for many. So
                // exchanges gather while this thread sleeps.
                Next::Nothing if !self.lines.is_empty() && self.since.elapsed() < LATENCY => {
                    std::thread::sleep(LATENCY.saturating_sub(self.since.elapsed()));
                }
                Next::Exchange(seen) => {
                    if left > 0 && self.exchange(*seen, document, err, sink) {
                        left -= 1;
                        if left == 0 {
                            proxy.end();
                        }
                    }
                    if self.since.elapsed() >= LATENCY {
                        self.write(err)?;
                    }
                }
                Next::Nothing => self.write(err)?,
                Next::Ended => return self.write(err),
            }
        }
    }

    /// Records one exchange; whether there was one.
    fn exchange(
        &mut self,
        seen: Seen,
        document: Option<&wireproof_openapi::Document>,
        err: &mut Stream<'_>,
        sink: &mut dyn FnMut(Event) -> ControlFlow<()>,
    ) -> bool {
        let mut taken = match Taken::of(seen, &self.origin) {
            Ok(taken) => taken,
            Err(why) => {
                let head = err.paint(style::WARN, "note").to_string();
                err.line(format_args!("{head}: not recorded: {}", printable(&why)));
                return false;
            }
        };
        // From here on, nobody sees what was sent.
        taken.redact(&mut self.redactor, document);
        if self.lines.is_empty() {
            self.since = Instant::now();
        }
        self.lines.push(taken.entry());
        let notes: Vec<String> = taken.notes().collect();
        let told = &mut self.told;
        let entry = self.entry;
        self.entry += 1;
        match taken.into_exchange() {
            Ok(exchange) => {
                let summary = &mut self.summary;
                let _ = self.run.exchange(&self.recording, entry, &exchange, &mut |event| {
                    if let Event::Checked(checked) = &event {
                        summary.add(checked);
                        tell(checked, err, told);
                    }
                    sink(event)
                });
            }
            Err(reason) => {
                self.summary.unusable += 1;
                let _ = self.run.unusable(&self.recording, entry, reason, sink);
            }
        }
        for note in notes {
            self.told.push(format!("  {}: {}", err.paint(style::WARN, "note"), printable(&note)));
        }
        true
    }

    /// Writes what waits to the file, and then tells of it.
    fn write(&mut self, err: &mut Stream<'_>) -> Result<(), Failure> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let written = self.writer.add(&self.lines);
        self.lines.clear();
        if !self.told.is_empty() {
            err.line(self.told.join("\n"));
            self.told.clear();
        }
        written.map_err(|error| Failure::io("write", &self.recording, &error))
    }
}

/// One line for an exchange, and one for each thing that was found.
fn tell(checked: &Checked, err: &Stream<'_>, told: &mut Vec<String>) {
    let (word, style) = match checked.verdict {
        Verdict::Conforms => ("conforms", style::GOOD),
        Verdict::Drift => ("drift", style::WARN),
        Verdict::Violation => ("violation", style::BAD),
        Verdict::Unmatched => ("unmatched", style::BAD),
    };
    let path = checked
        .url
        .split_once("://")
        .map_or(checked.url.as_str(), |(_, rest)| rest.find('/').map_or("/", |at| rest.get(at..).unwrap_or("/")));
    let word = err.paint(style, word).to_string();
    told.push(format!("{} {} {} {word}", printable(&checked.method), printable(path), checked.status));
    for finding in checked.findings.iter().filter(|finding| !finding.known && finding.severity != Severity::Note) {
        told.push(printable(&format!("  {}: {}", finding.rule, finding.message)).into_owned());
    }
}
