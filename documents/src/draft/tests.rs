//! Drafts: how near they come to what was written by hand, and that they keep what they were drafted from.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::{Value, json};
use wireproof_contract::{Body, Contract, Entry, Exchange, Format, Headers, Message, Options, Severity, read};
use wireproof_openapi::{Document, Location, ParameterShape, Pointer, Source};

use super::*;
use crate::page::Page;

fn load(text: &str) -> Document {
    Document::parse(Source::new("draft.yaml", text)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What a document says of requests and answers, a line each: no words for people, no evidence, no examples.
fn facts(document: &Document) -> BTreeSet<String> {
    let mut out: BTreeSet<String> = document.servers().iter().map(|server| format!("server {}", server.url)).collect();
    for scheme in document.security_schemes() {
        out.insert(format!("security {:?}", scheme.kind));
    }
    for operation in document.operations() {
        let at = format!("{} {}", operation.method, operation.path);
        out.insert(format!("{at} is {}", operation.label()));
        for parameter in &operation.parameters {
            let name = if parameter.location == Location::Header { parameter.name.to_ascii_lowercase() } else { parameter.name.clone() };
            let at = format!("{} {name}", parameter.location);
            out.insert(format!("{at}, required {}", parameter.required));
            if let ParameterShape::Schema { schema: Some(schema), style, explode, .. } = &parameter.shape {
                out.insert(format!("{at}, {style:?}, explode {explode}"));
                describe(document, schema, &at, &mut out);
            }
        }
        for response in &operation.responses.entries {
            for header in &response.headers {
                out.insert(format!("{} header {}, required {}", response.status, header.name.to_ascii_lowercase(), header.required));
            }
            for content in &response.content {
                if let Some(schema) = &content.schema {
                    describe(document, schema, &format!("{} {} ", response.status, content.name), &mut out);
                }
            }
        }
    }
    out
}

fn describe(document: &Document, schema: &Pointer, at: &str, out: &mut BTreeSet<String>) {
    let Some((place, node)) = document.resolve(schema) else { return };
    let (place, node, nullable) = match node.get("x-wireproof-nullable") {
        Some(_) => (place.join("anyOf").index(0), &node["anyOf"][0], ", nullable"),
        None => (place, node, ""),
    };
    let word = |keyword: &str| node.get(keyword).map(|value| format!(" {keyword} {value}")).unwrap_or_default();
    out.insert(format!("{at}: {}{}{}{nullable}", word("type"), word("format"), word("enum")));
    let required: Vec<&Value> = node.get("required").and_then(Value::as_array).into_iter().flatten().collect();
    for (name, _) in node.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let at = format!("{at}/{name}");
        out.insert(format!("{at}, required {}", required.contains(&&json!(name))));
        describe(document, &place.join("properties").join(name), &at, out);
    }
    if node.get("items").is_some() {
        describe(document, &place.join("items"), &format!("{at}/*"), out);
    }
}

/// What only the first document says (`-`), and what only the second (`+`).
fn difference(by_hand: &str, drafted: &Drafted) -> String {
    let (by_hand, drafted) = (facts(&load(by_hand)), facts(&load(&drafted.to_yaml())));
    let common = by_hand.intersection(&drafted).count();
    let lost = by_hand.difference(&drafted).map(|fact| format!("- {fact}"));
    let new = drafted.difference(&by_hand).map(|fact| format!("+ {fact}"));
    lost.chain(new).chain([format!("{common} in common")]).collect::<Vec<_>>().join("\n")
}

fn drafted_page(path: &str, text: &str) -> Drafted {
    from_pages(&[Page::read(Source::new(path, text))], "Drafted")
}

#[test]
fn drafts_of_pages_are_near_to_what_was_written_by_hand() {
    let leadlex = drafted_page("leadlex.md", include_str!("../../../specs/leadlex/leadlex-delete-contact.md"));
    insta::assert_snapshot!("leadlex", difference(include_str!("../../../specs/leadlex/openapi.yaml"), &leadlex));
    let rolodex = drafted_page("rolodex.txt", include_str!("../../../specs/rolodex/rolodex-delete-contact.txt"));
    insta::assert_snapshot!("rolodex", difference(include_str!("../../../specs/rolodex/openapi.yaml"), &rolodex));
}

#[test]
fn a_draft_says_what_it_rests_on_and_what_is_missing() {
    let rolodex = drafted_page("rolodex.txt", include_str!("../../../specs/rolodex/rolodex-delete-contact.txt"));
    insta::assert_snapshot!("rolodex-draft", rolodex.to_yaml());
    for (path, node) in nodes(&rolodex.document["components"]["schemas"]["DeleteContactResponse"], String::new()) {
        assert!(node.get("x-evidence").is_some(), "{path} says nothing of its evidence");
    }
}

/// All schemas below one.
fn nodes(schema: &Value, at: String) -> Vec<(String, &Value)> {
    let mut out = Vec::new();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        out.extend(nodes(property, format!("{at}/{name}")));
    }
    if let Some(items) = schema.get("items") {
        out.extend(nodes(items, format!("{at}/*")));
    }
    out.push((at, schema));
    out
}

fn exchanges(har: &str) -> Vec<Exchange> {
    let mut out = Vec::new();
    let read = read("x.har", Format::Har, har.as_bytes(), &mut |entry| {
        if let Entry::Exchange(exchange) = entry {
            out.push(*exchange);
        }
        ControlFlow::Continue(())
    });
    read.expect("a recording");
    out
}

/// Drafts a document of exchanges and holds each of them against it.
#[track_caller]
fn drafted(exchanges: &[Exchange]) -> (Drafted, Vec<String>) {
    let mut traffic = Traffic::default();
    for exchange in exchanges {
        traffic.take(exchange);
    }
    let drafted = traffic.finish("Drafted");
    let contract = Contract::new(Arc::new(load(&drafted.to_yaml())), Options::default()).expect("a contract");
    let findings = exchanges.iter().flat_map(|exchange| contract.check(exchange).findings);
    let told = findings.filter(|finding| finding.severity > Severity::Note).map(|finding| finding.message).collect();
    (drafted, told)
}

#[test]
fn every_recorded_exchange_keeps_to_the_draft_made_of_it() {
    let recordings = [
        include_str!("../../../contract-tests/recordings/clemta/careful.har"),
        include_str!("../../../contract-tests/recordings/clemta/stripped.har"),
        include_str!("../../../contract-tests/recordings/leadlex/careful.har"),
        include_str!("../../../contract-tests/recordings/reforge/careful.har"),
        include_str!("../../../contract-tests/recordings/rolodex/careful.har"),
        include_str!("../../../contract-tests/broken/rolodex/delete-contact.har"),
    ];
    for recording in recordings {
        let found = exchanges(recording);
        assert!(!found.is_empty());
        let (drafted, told) = drafted(&found);
        assert_eq!(told, Vec::<String>::new(), "{}", drafted.to_yaml());
    }
}

fn exchange(method: &str, url: &str, status: u16, body: &str) -> Exchange {
    let headers: Headers = [("Content-Type", "application/json")].into_iter().collect();
    let request = Message::default();
    let body = if body.is_empty() { Body::Empty } else { Body::from_bytes(body.to_owned()) };
    let headers = if body == Body::Empty { Headers::new() } else { headers };
    Exchange { method: method.to_owned(), url: url.to_owned(), request, status, response: Message { headers, body } }
}

#[test]
fn paths_are_put_together_where_their_steps_are_data() {
    let paths = |urls: &[(&str, u16)]| {
        let found: Vec<Exchange> = urls.iter().map(|(url, status)| exchange("GET", url, *status, "{}")).collect();
        let (drafted, told) = drafted(&found);
        assert_eq!(told, Vec::<String>::new());
        let paths: Vec<String> = drafted.document["paths"].as_object().into_iter().flatten().map(|(path, _)| path.clone()).collect();
        paths.join(" ")
    };
    assert_eq!(paths(&[("https://h/a/1", 200), ("https://h/a/22/b/7", 200), ("https://h/a", 200)]), "/a /a/{id} /a/{a_id}/b/{b_id}");
    assert_eq!(paths(&[("https://h/a/user_4711?x=1", 200), ("https://h/a/nobody", 404)]), "/a/{id}", "what only failed was a try");
    assert_eq!(paths(&[("https://h/a/me", 200), ("https://h/a/you", 200)]), "/a/me /a/you");
    let many: Vec<String> = (0..9).map(|number| format!("https://h/files/v{number}.txt/raw")).collect();
    let many: Vec<(&str, u16)> = many.iter().map(|url| (url.as_str(), 200)).collect();
    assert_eq!(paths(&many), "/files/{id}/raw");
}

/// No value of a recording gets into the draft: recordings are full of people.
#[test]
fn values_stay_out_of_drafts() {
    let body = r#"{"name": "Jane Smith", "mail": "jane@example.com", "list": ["secret-word"], "by": {"a1b2c3d4e5f6a7b8": "person-one"}}"#;
    let (drafted, told) = drafted(&[exchange("GET", "https://user:pass@h/people/jane@example.com?q=hidden-words", 200, body)]);
    assert_eq!(told, Vec::<String>::new());
    let text = drafted.to_yaml();
    for value in ["Jane", "jane@", "secret-word", "hidden-words", "person-one", "a1b2c3d4", "user:pass"] {
        assert!(!text.contains(value), "{value} is in\n{text}");
    }
}
