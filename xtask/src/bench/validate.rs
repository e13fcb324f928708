//! `bench validate`: exchanges a second of the contract engine, beside `serde_json` reading the same bytes and `jsonschema` validating
//! the same values, and how much memory a long recording takes.

use std::hint::black_box;
use std::io::Read;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};
use wireproof::{Environment, Exit, Failure};
use wireproof_contract::{Body, Contract, Contracts, Entry, Event, Exchange, Format, Options, Verdict, read};
use wireproof_openapi::{Document, Source};

use super::{input, measure};

/// How many bytes of lines are measured on.
const SAMPLE: usize = 8 << 20;

/// The arguments of `bench validate`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How long each figure is measured
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How long the recording is on which memory is measured
    #[arg(long, value_name = "MB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(8..=1_000_000))]
    megabytes: u64,
}

/// The same exchanges in the forms that are measured.
struct Sample {
    name: &'static str,
    lines: String,
    exchanges: Vec<Exchange>,
    values: Vec<Value>,
    schema: &'static str,
}

pub(super) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let budget = Duration::from_secs(arguments.seconds);
    let document = Document::parse(Source::new("library.yaml", input::DOCUMENT))?;
    let normalised = document.root().clone();
    let contract = Contract::new(Arc::new(document), Options::default()).map_err(|error| Failure::new(error.to_string()))?;
    let contracts = Contracts::new(vec![contract]);
    let cores = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    // Memory comes first: what the samples take would count as well.
    memory(arguments.megabytes << 20, &contracts, cores, environment)?;
    environment.out.line("");
    environment.out.line("responses a second, and the time as a multiple of reading the same bytes with serde_json");
    environment.out.line(format_args!("{:<14}{:>12}{:>12}{:>8}  of what", "bodies", "bytes", "per second", "times"));
    for sample in [Sample::new("small", false)?, Sample::new("large", true)?] {
        compare(&sample, &contracts, &normalised, budget, cores, environment)?;
    }
    Ok(Exit::Holds)
}

impl Sample {
    fn new(name: &'static str, large: bool) -> Result<Self, Failure> {
        let mut lines = String::new();
        let mut number = 0;
        while lines.len() < SAMPLE {
            lines.push_str(&input::line(number, large));
            number += 1;
        }
        let mut exchanges = Vec::new();
        read("sample", Format::Ndjson, lines.as_bytes(), &mut |entry| {
            if let Entry::Exchange(exchange) = entry {
                exchanges.push(*exchange);
            }
            ControlFlow::Continue(())
        })
        .map_err(|error| Failure::new(error.to_string()))?;
        let values = exchanges.iter().filter_map(|exchange| serde_json::from_slice(bytes(exchange)).ok()).collect();
        Ok(Self { name, lines, exchanges, values, schema: if large { input::BOOKS } else { input::BOOK } })
    }
}

fn bytes(exchange: &Exchange) -> &[u8] {
    match &exchange.response.body {
        Body::Bytes(bytes) => bytes,
        Body::Empty | Body::Unknown(_) => &[],
    }
}

/// Measures one sample and prints its rows.
fn compare(
    sample: &Sample,
    contracts: &Contracts,
    document: &Value,
    budget: Duration,
    cores: NonZeroUsize,
    environment: &mut Environment<'_>,
) -> Result<(), Failure> {
    let number = sample.exchanges.len();
    let bodies: usize = sample.exchanges.iter().map(|exchange| bytes(exchange).len()).sum();
    let mut row = |time: Duration, of: Duration, size: usize, what: &str| {
        let rate = count_as_f64(number) / time.as_secs_f64();
        let ratio = time.as_secs_f64() / of.as_secs_f64();
        environment.out.line(format_args!("{:<14}{:>12}{rate:>12.0}{ratio:>8.2}  {what}", sample.name, size / number));
    };
    let parse = measure::time(budget, || {
        for exchange in &sample.exchanges {
            black_box(serde_json::from_slice::<Value>(bytes(exchange)).is_ok());
        }
    });
    row(parse, parse, bodies, "serde_json, bodies");
    let validator = validator(document, sample.schema)?;
    let validate = measure::time(budget, || {
        for value in &sample.values {
            black_box(validator.is_valid(value));
        }
    });
    row(validate, parse, bodies, "jsonschema, values already read");
    let contract = contracts.contracts().first().ok_or_else(|| Failure::new("there is no contract"))?;
    if let Some(broken) =
        sample.exchanges.iter().map(|exchange| contract.check(exchange)).find(|checked| checked.verdict != Verdict::Conforms)
    {
        return Err(Failure::new(format!("the sample breaks its own document: {:?}", broken.findings)));
    }
    let check = measure::time(budget, || {
        for exchange in &sample.exchanges {
            black_box(contract.check(exchange));
        }
    });
    row(check, parse, bodies, "wireproof: read, route, all checks; exchanges in memory");
    let text = measure::time(budget, || {
        for line in sample.lines.lines() {
            let entry = serde_json::from_str::<Value>(line);
            let body = entry.as_ref().ok().and_then(|entry| entry["response"]["content"]["text"].as_str());
            black_box(body.map(serde_json::from_str::<Value>).is_some_and(|value| value.is_ok()));
        }
    });
    row(text, text, sample.lines.len(), "serde_json, lines and bodies");
    for jobs in [NonZeroUsize::MIN, cores] {
        let time = measure::time(budget, || {
            black_box(recording(contracts, sample.lines.as_bytes(), jobs).is_ok());
        });
        row(time, text, sample.lines.len(), &format!("wireproof: NDJSON to verdicts, --jobs {jobs}"));
    }
    Ok(())
}

/// A run over NDJSON; the number of exchanges that conform.
fn recording(contracts: &Contracts, reader: impl Read, jobs: NonZeroUsize) -> Result<usize, Failure> {
    let mut sink = |event: Event| {
        black_box(event);
        ControlFlow::Continue(())
    };
    let mut run = contracts.run().with_jobs(jobs);
    run.recording("sample", Format::Ndjson, reader, &mut sink).map_err(|error| Failure::new(error.to_string()))?;
    Ok(run.finish(false, &mut sink).summary.conforms)
}

/// A validator for a schema of the document, by itself.
fn validator(document: &Value, pointer: &str) -> Result<jsonschema::Validator, Failure> {
    let failed = |message: String| Failure::new(format!("cannot compile the schema at `{pointer}`: {message}"));
    let registry = jsonschema::Registry::new()
        .add("bench://document/", document.clone())
        .and_then(jsonschema::RegistryBuilder::prepare)
        .map_err(|error| failed(error.to_string()))?;
    jsonschema::draft202012::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&json!({"$ref": format!("bench://document/#{pointer}")}))
        .map_err(|error| failed(error.to_string()))
}

/// Measures memory on a long recording, an eighth of it first: it must not make a difference.
fn memory(bytes: u64, contracts: &Contracts, cores: NonZeroUsize, environment: &mut Environment<'_>) -> Result<(), Failure> {
    let bytes = usize::try_from(bytes).map_err(|_| Failure::new("so long a recording cannot be counted on this machine"))?;
    for part in [bytes / 8, bytes] {
        let begun = std::time::Instant::now();
        let conforms = recording(contracts, input::Endless::new(part), cores)?;
        let seconds = begun.elapsed().as_secs_f64();
        let peak = measure::peak_memory().map_or_else(|| "unknown on this system".to_owned(), |peak| format!("{} MB at most", peak >> 20));
        let rate = count_as_f64(part >> 20) / seconds;
        environment
            .out
            .line(format_args!("NDJSON of {} MB: {conforms} exchanges, {rate:.0} MB/s with --jobs {cores}; memory: {peak}", part >> 20));
    }
    Ok(())
}

/// Counts of this size are exact in 52 bits.
#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
fn count_as_f64(count: usize) -> f64 {
    count as f64
}
