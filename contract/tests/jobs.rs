//! A run on several threads tells what a run on one does, event by event, and stops where it is told to.

mod common;

use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use common::{api, contract};
use wireproof_contract::{Contracts, Event, Format};

const DOCUMENT: &str = "paths:
  /x/{id}:
    get:
      operationId: getX
      security: [{key: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {a: {type: integer}}}}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-API-Key}
";

fn contracts() -> Contracts {
    Contracts::new(vec![contract(&api(DOCUMENT))])
}

/// A line of every kind, by its number; the first credential comes late.
fn line(number: usize) -> String {
    let key = if number > 700 { r#""X-API-Key":"***""# } else { "" };
    let body = match number % 5 {
        0 => r#"{\"a\":\"no\"}"#.to_owned(),
        1 => r#"{\"b\":1}"#.to_owned(),
        _ => format!(r#"{{\"a\":1}}{}"#, " ".repeat(number % 900)),
    };
    match number % 11 {
        3 => "{\"request\":".to_owned(),
        7 => String::new(),
        _ => format!(
            r#"{{"request":{{"method":"GET","url":"https://api.test/v1/x/{number}","headers":{{{key}}}}},"response":{{"status":200,"headers":{{"Content-Type":"application/json"}},"body":"{body}"}}}}"#
        ),
    }
}

fn events(jobs: usize, format: Format, reader: impl Read, most: usize) -> Vec<String> {
    let mut told = Vec::new();
    let mut sink = |event: Event| {
        told.push(format!("{event:?}"));
        if told.len() >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let contracts = contracts();
    let mut run = contracts.run().with_jobs(NonZeroUsize::new(jobs).expect("a number"));
    if let Err(error) = run.recording("x", format, reader, &mut sink) {
        told.push(format!("{error:?}"));
    }
    told
}

#[test]
fn the_events_are_the_same_for_any_number_of_jobs() {
    let text: String = (0..3_000).map(|number| line(number) + "\n").collect();
    let one = events(1, Format::Ndjson, text.as_bytes(), usize::MAX);
    assert!(
        one.len() > 2_000 && one.iter().any(|event| event.contains("SecurityMissing")) && one.iter().any(|event| event.contains("line 4 "))
    );
    for jobs in [2, 3, 8] {
        assert!(events(jobs, Format::Ndjson, text.as_bytes(), usize::MAX) == one, "{jobs} jobs");
    }
}

#[test]
fn a_recording_that_breaks_off_is_told_up_to_there() {
    let entries: Vec<String> = (0..1_000).map(line).filter(|line| line.ends_with('}')).collect();
    let text = format!(r#"{{"log":{{"entries":[{},{{"request":"#, entries.join(","));
    let one = events(1, Format::Har, text.as_bytes(), usize::MAX);
    assert!(
        one.last().is_some_and(|error| error.contains("breaks off") && error.contains(&format!("entries: {}", entries.len()))),
        "{:?}",
        one.last()
    );
    assert_eq!(events(4, Format::Har, text.as_bytes(), usize::MAX), one);
}

#[test]
fn a_run_that_is_stopped_does_not_read_on() {
    /// Lines without end.
    struct Endless(usize, Vec<u8>);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.1.is_empty() {
                self.1 = (line(self.0) + "\n").into_bytes();
                self.0 += 1;
            }
            let count = self.1.len().min(buffer.len());
            for (place, byte) in buffer.iter_mut().zip(self.1.drain(..count)) {
                *place = byte;
            }
            Ok(count)
        }
    }
    let one = events(1, Format::Ndjson, Endless(0, Vec::new()), 2_000);
    assert_eq!(one.len(), 2_000);
    assert_eq!(events(4, Format::Ndjson, Endless(0, Vec::new()), 2_000), one);
}
