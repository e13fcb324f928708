//! Asks a mock of every document below a folder for every documented answer of its safe operations, and holds the answers to the document.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints a table")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use wireproof_contract::{Body, Contract, Exchange, Message, Options, Severity};
use wireproof_live::mock::{Mock, MockOptions, Request};
use wireproof_live::plan::{PlanOptions, Planner};
use wireproof_openapi::{Document, Source, StatusPattern};

fn main() {
    let mut files = Vec::new();
    find(Path::new(&std::env::args_os().nth(1).unwrap_or_default()), &mut files);
    files.sort();
    let limit: usize = std::env::args().nth(2).and_then(|text| text.parse().ok()).unwrap_or(50);
    let (mut sound, mut odd, mut none) = (0, 0, 0);
    let mut whys: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(document) = Document::parse(Source::new(name.clone(), text)) else { continue };
        if document.operations().len() > limit || document.operations().is_empty() {
            continue;
        }
        let begun = Instant::now();
        let document = Arc::new(document);
        let server = "http://127.0.0.1:4010".to_owned();
        let schemes: BTreeSet<String> = document.security_schemes().iter().map(|scheme| scheme.name.clone()).collect();
        let Ok(planner) =
            Planner::new(Arc::clone(&document), PlanOptions { server: Some(server.clone()), schemes, ..PlanOptions::default() })
        else {
            println!("{name}: no planner");
            continue;
        };
        let plan = planner.plan();
        let planned = begun.elapsed();
        let Ok(mock) = Mock::new(Arc::clone(&document), MockOptions { servers: vec![server.clone()], ..MockOptions::default() }) else {
            continue;
        };
        let Ok(contract) = Contract::new(Arc::clone(&document), Options { servers: vec![server.clone()], ..Options::default() }) else {
            continue;
        };
        let before = (sound, odd, none);
        let complete = plan.operations.iter().flat_map(|operation| &operation.requests).filter(|one| one.asks == "a complete request");
        for one in complete {
            let (url, headers) = one.with_key(&document, "dTpw");
            for response in &document.operations()[one.index].responses.entries {
                let code = match response.status {
                    StatusPattern::Code(code) if code >= 200 => code,
                    StatusPattern::Range(class) => u16::from(class) * 100,
                    _ => continue,
                };
                let mut headers = headers.clone();
                headers.push("Prefer", format!("code={code}"));
                let asked = Request { method: one.method.clone(), url: url.clone(), headers, body: one.body.clone() };
                let answer = mock.answer(&asked);
                if answer.headers.get("content-type") == Some("application/problem+json") && answer.note.is_some() {
                    none += 1;
                    let why = answer.note.unwrap_or_default();
                    *whys.entry(why.chars().take(110).collect()).or_default() += 1;
                    continue;
                }
                let exchange = Exchange {
                    method: asked.method,
                    url: asked.url,
                    request: Message { headers: asked.headers, body: Body::from_bytes(asked.body) },
                    status: answer.status,
                    response: Message { headers: answer.headers, body: Body::from_bytes(answer.body) },
                };
                let checked = contract.check(&exchange);
                if checked.findings.iter().any(|finding| finding.severity > Severity::Note) || answer.status != code {
                    odd += 1;
                    println!("  {name} {} {code} -> {}: {:?}", one.operation, answer.status, answer.note);
                    for finding in checked.findings.iter().take(3) {
                        println!("     {} {}", finding.rule, finding.message);
                    }
                } else {
                    sound += 1;
                }
            }
        }
        println!(
            "{name}: sound {} odd {} none {}  plan {planned:?} all {:?}",
            sound - before.0,
            odd - before.1,
            none - before.2,
            begun.elapsed()
        );
    }
    let mut whys: Vec<_> = whys.into_iter().collect();
    whys.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (why, count) in whys.iter().take(40) {
        println!("{count:>5} {why}");
    }
    println!("sound {sound} odd {odd} none {none}");
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known)) {
            files.push(path);
        }
    }
}
