//! Recordings with a few bytes changed, cut out, doubled or put in, hundreds of each format: whatever comes of it, reading ends, nothing
//! panics, and nothing is passed over in silence.

mod common;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use common::{api, contract};
use wireproof_contract::report::{Json, Markdown, Pretty, Report, Style, Tool};
use wireproof_contract::{Contracts, Event, Format};

const DOCUMENT: &str = "paths:
  /pets/{id}:
    post:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: q, in: query, schema: {type: array, items: {type: number}}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, pattern: '^(a+)+$'}
        age: {type: integer, format: int64, multipleOf: 0.01}
        born: {type: string, format: date-time}
        kin: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: array, items: {$ref: '#/components/schemas/Pet'}}]}
";

/// The same exchange in every format.
const RECORDINGS: &[(Format, &str)] = &[
    (
        Format::Har,
        r#"{"log":{"version":"1.2","entries":[{"request":{"method":"POST","url":"https://api.test/v1/pets/7?q=1,2","headers":[{"name":"Content-Type","value":"application/json"}],"postData":{"mimeType":"application/json","text":"{\"name\":\"aaa\"}"}},"response":{"status":200,"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"mimeType":"application/json","encoding":"base64","text":"eyJuYW1lIjoiYWFhIiwiYWdlIjoxLjAsImJvcm4iOiIyMDI2LTAxLTMxVDEyOjMwOjAwWiIsImtpbiI6W3sibmFtZSI6ImEifV19"}}}]}}"#,
    ),
    (
        Format::Ndjson,
        "{\"request\":{\"method\":\"POST\",\"url\":\"https://api.test/v1/pets/7?q=1,2\",\"headers\":{\"Content-Type\":\"application/json\"},\"body\":\"{\\\"name\\\":\\\"aaa\\\"}\"},\"response\":{\"status\":200,\"headers\":{\"Content-Type\":\"application/json\"},\"body\":\"{\\\"name\\\":\\\"a\\u00e9\\\",\\\"age\\\":1e2,\\\"kin\\\":{\\\"name\\\":\\\"a\\\"}}\"}}\n{\"method\":\"POST\",\"url\":\"/v1/pets/8\",\"status\":200,\"response\":{\"body\":{\"name\":\"a\"}}}\n",
    ),
    (
        Format::CassetteJson,
        r#"{"http_interactions":[{"request":{"method":"post","uri":"https://api.test/v1/pets/7?q=1","body":{"encoding":"UTF-8","string":"{\"name\":\"aaa\"}"},"headers":{"Content-Type":["application/json"]}},"response":{"status":{"code":200,"message":"OK"},"headers":{"Content-Type":["application/json"]},"body":{"encoding":"ASCII-8BIT","base64_string":"eyJuYW1lIjoiYWFhIn0="}}}],"recorded_with":"VCR 6.0.0"}"#,
    ),
    (
        Format::CassetteYaml,
        "interactions:\n- request:\n    body: '{\"name\": \"aaa\"}'\n    headers:\n      Content-Type: [application/json]\n    method: POST\n    uri: https://api.test/v1/pets/7?q=1\n  response:\n    body:\n      string: !!binary |\n        eyJuYW1lIjoi\n        YWFhIn0=\n    headers: &h\n      Content-Type:\n      - application/json\n    status: {code: 200, message: OK}\n- request: {method: POST, uri: 'https://api.test/v1/pets/8', headers: *h, body: null}\n  response: {status: 200, body: \"{\\\"name\\\": \\\"a\\\\u00e9\\\"}\", headers: *h}\nversion: 1\n",
    ),
    (
        Format::Postman,
        r#"{"info":{"schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},"variable":[{"key":"base","value":"https://api.test/{{v}}"},{"key":"v","value":"v1"}],"item":[{"name":"F","item":[{"name":"R","response":[{"originalRequest":{"method":"POST","header":[{"key":"Content-Type","value":"application/json"}],"body":{"mode":"raw","raw":"{\"name\":\"aaa\"}"},"url":{"host":["{{base}}"],"path":["pets",":id"],"query":[{"key":"q","value":"1"}],"variable":[{"key":"id","value":"7"}]}},"code":200,"header":[{"key":"Content-Type","value":"application/json"}],"body":"{\"name\":\"aaa\",\"age\":1}"}]}]}]}"#,
    ),
    (
        Format::Nock,
        r#"[{"scope":"https://api.test:443","method":"POST","path":"/v1/pets/7?q=1","body":{"name":"aaa"},"status":200,"response":["1f8b0800000000000003ab56ca4bcc4d55b252ca4e542a2d4e2d520200"],"rawHeaders":["Content-Type","application/json","Content-Encoding","gzip"]},{"scope":"https://api.test:443","method":"POST","path":"/v1/pets/8","status":200,"response":{"name":"a"},"headers":{"content-type":"application/json"}}]"#,
    ),
];

/// What is put in: pieces that break a format, and pieces that it takes for something else.
const PIECES: &[&[u8]] = &[
    b"\xFF\xFE",
    b"\xC3",
    b"\xEF\xBB\xBF",
    b"\0",
    b"\\",
    b"\"",
    b"\\ud83d",
    b"{",
    b"[",
    b"}",
    b"]",
    b",",
    b": ",
    b"\r\n",
    b"\t",
    b"&a *a ",
    b"!!binary ",
    b"<<: *h",
    b"{{base}}",
    b"1e99999999999999999999",
    b"-0.000000000000000000000000000001",
    b"18446744073709551616",
    b"null",
    b"%00%ff%",
];

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % (bound as u64).max(1)).expect("a small number")
    }
}

fn mutilated(text: &str, random: &mut Random) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(12)).min(bytes.len());
        match random.below(8) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at.min(end)..end].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            3 => drop(bytes.splice(at..at, b"[".repeat(300))),
            4 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            5 if at < bytes.len() => bytes[at] = u8::try_from(random.below(256)).expect("a byte"),
            _ => drop(bytes.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
        }
    }
    bytes
}

/// How many events say something of an entry, and the error at the end.
fn told(contracts: &Contracts, format: Format, bytes: &[u8]) -> (usize, Option<String>) {
    let tool = Tool { name: "wireproof", version: "0" };
    let mut reports: Vec<Box<dyn Report>> = vec![
        Box::new(Json::new(std::io::sink(), tool)),
        Box::new(Markdown::new(std::io::sink())),
        Box::new(Pretty::new(std::io::sink(), Style { color: false, width: 80, verbose: true })),
    ];
    let mut told = 0;
    let mut sink = |event: Event| {
        told += usize::from(matches!(event, Event::Checked(_) | Event::Unusable { .. } | Event::Note { .. }));
        for report in &mut reports {
            report.event(&event).expect("a report");
        }
        ControlFlow::Continue(())
    };
    let mut run = contracts.run();
    let result = run.recording("x", format, bytes, &mut sink);
    run.finish(false, &mut sink);
    (told, result.err().map(|error| error.to_string()))
}

#[test]
fn mutilated_recordings_are_read_to_their_end() {
    let contracts = Contracts::new(vec![contract(&api(DOCUMENT))]);
    let mut random = Random(20_260_131);
    for (format, text) in RECORDINGS {
        assert_eq!(told(&contracts, *format, text.as_bytes()).1, None, "{format:?} is sound before");
        for round in 0..300 {
            let bytes = mutilated(text, &mut random);
            let begun = Instant::now();
            let (told, error) = told(&contracts, *format, &bytes);
            let shown = String::from_utf8_lossy(&bytes);
            assert!(begun.elapsed() < Duration::from_secs(10), "{format:?} {round}: {shown}");
            assert!(told > 0 || error.is_some() || bytes.trim_ascii().is_empty(), "{format:?} {round} is passed over: {shown}");
            assert!(error.is_none_or(|error| error.len() < 1_000 && !error.contains('\0')), "{format:?} {round}: {shown}");
        }
    }
}
