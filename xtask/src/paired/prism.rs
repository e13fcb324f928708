//! The tests of Prism, a mock server: what it answers to a request tells what it thinks of the request, and of its own answer.

use std::path::{Path, PathBuf};

use serde_json::Value;
use wireproof::Failure;
use wireproof_contract::{Body, Checked, Exchange, Headers, Message, Severity, Side, Verdict};

use super::curl::{self, Request};
use super::{Compared, Outcome, contract, read};

pub(super) fn check(folder: &Path) -> Result<Outcome, Failure> {
    let mut files = Vec::new();
    walk(folder, &mut files)?;
    files.sort();
    let mut outcome = Outcome::default();
    for path in files {
        let shown = path.strip_prefix(folder).unwrap_or(&path).with_extension("").to_string_lossy().into_owned();
        test(&shown, &read(&path)?, &mut outcome);
    }
    Ok(outcome)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::io("read", folder.display(), &error);
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// What is behind a heading `====name====`, up to the next.
fn section<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let start = text.find(&format!("===={name}"))?;
    let body = text.get(start..)?.split_once('\n')?.1;
    Some(body.find("\n====").map_or(body, |end| &body[..=end]).trim())
}

/// Prism's opinion of a request and of an answer; `None` where it has none.
struct Opinion {
    request: Option<bool>,
    answer: Option<bool>,
}

fn test(name: &str, text: &str, outcome: &mut Outcome) {
    let mut left_out = |why| *outcome.left_out.entry(why).or_default() += 1;
    let (Some(spec), Some(command), Some(expected)) = (section(text, "spec"), section(text, "command"), section(text, "expect")) else {
        return left_out("without a document, a command or an answer");
    };
    if !spec.contains("openapi") {
        return left_out("of Swagger 2.0 or of a Postman collection");
    }
    let Some(request) = curl::request(command) else { return left_out("without a request of curl") };
    let server = request
        .url
        .find("://")
        .and_then(|at| request.url[at + 3..].find('/').map(|end| &request.url[..at + 3 + end]))
        .unwrap_or(&request.url);
    // Prism asks for less of a document than OpenAPI does.
    let info = if spec.contains("\ninfo:") { "" } else { "info: {title: Test, version: '1'}\n" };
    let contract = match contract("prism.yaml", &format!("{info}{spec}"), &[server]) {
        Ok(contract) => contract,
        Err(why) => {
            outcome.compared.push(Compared { name: format!("prism-harness/{name}"), expected: "a document".to_owned(), actual: why });
            return;
        }
    };
    let answer = answer(expected);
    let opinion = opinion(&answer);
    if opinion.request.is_none() && opinion.answer.is_none() {
        return left_out("about the mock server itself");
    }
    let mut compare = |what: &str, expected: bool, actual: &Checked, on: Side| {
        let broken = actual.verdict == Verdict::Unmatched && on == Side::Request
            || actual.findings.iter().any(|finding| finding.on == on && finding.severity == Severity::Violation);
        let word = |sound: bool| if sound { "sound" } else { "broken" }.to_owned();
        outcome.compared.push(Compared { name: format!("prism-harness/{name}: {what}"), expected: word(expected), actual: word(!broken) });
    };
    if let Some(sound) = opinion.request {
        compare("request", sound, &contract.check(&exchange(&request, None)), Side::Request);
    }
    if let Some(sound) = opinion.answer {
        compare("answer", sound, &contract.check(&exchange(&request, Some(&answer))), Side::Response);
    }
}

/// An answer: its status, and the rest.
struct Answer {
    status: u16,
    message: Message,
    text: String,
}

fn answer(text: &str) -> Answer {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
    let headers: Headers = lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.trim(), value.trim())).collect();
    Answer { status, message: Message { headers, body: Body::from_bytes(body.to_owned()) }, text: body.to_owned() }
}

fn opinion(answer: &Answer) -> Opinion {
    let problem: Option<Value> = serde_json::from_str(&answer.text)
        .ok()
        .filter(|value: &Value| value["type"].as_str().is_some_and(|kind| kind.contains("prism/errors#")));
    let kind = problem.as_ref().and_then(|problem| problem["type"].as_str()?.split('#').nth(1));
    let is_problem = answer.message.headers.get("content-type").is_some_and(|kind| kind.contains("problem+json"));
    match kind {
        Some("UNPROCESSABLE_ENTITY" | "NO_PATH_MATCHED_ERROR" | "NO_METHOD_MATCHED_ERROR" | "UNAUTHORIZED") => {
            Opinion { request: Some(false), answer: None }
        }
        Some("VIOLATIONS") => {
            let told = problem.as_ref().map(|problem| &problem["validation"]);
            let about = |side: &str| {
                told.and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .any(|entry| entry["location"][0] == side && entry["severity"] == "Error")
            };
            Opinion { request: Some(!about("request")), answer: None }
        }
        // With `-I` there is no body to tell the kind.
        None if is_problem && answer.text.is_empty() && matches!(answer.status, 401 | 404 | 405 | 415 | 422) => {
            Opinion { request: Some(false), answer: None }
        }
        None if is_problem && answer.text.is_empty() => Opinion { request: None, answer: None },
        None if (200..300).contains(&answer.status) => {
            let told = answer.message.headers.get("sl-violations").unwrap_or_default();
            let about = |side: &str| told.contains(&format!("[\"{side}\"")) && told.contains("\"Error\"");
            let has_body = !answer.text.is_empty() && answer.message.headers.get("content-type").is_some();
            Opinion { request: Some(!about("request")), answer: has_body.then(|| !about("response")) }
        }
        _ => Opinion { request: None, answer: None },
    }
}

/// The exchange; without an answer, one of a status that the operation documents, so that only the request is judged.
fn exchange(request: &Request, answer: Option<&Answer>) -> Exchange {
    Exchange {
        method: request.method.clone(),
        url: request.url.clone(),
        request: request.message.clone(),
        status: answer.map_or(200, |answer| answer.status),
        response: answer.map(|answer| answer.message.clone()).unwrap_or_default(),
    }
}
