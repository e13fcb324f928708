//! What of an exchange never reaches a report as it is: secrets always, and values that may be personal unless they were asked for.
//!
//! Bodies and parameters are masked where sentences and excerpts are made. Here is the rest: the URL, whose path and query hold
//! values as well, and a last look at all texts of an exchange for the secrets that it carries, which holds even where values are
//! shown. Next: `contract.rs`, which calls this for every exchange; and `redact/recorded.rs`, which replaces secrets in traffic before it
//! is recorded.

mod json;
mod look;
mod names;
mod recorded;
mod replace;
mod text;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wireproof_openapi::Document;

use crate::exchange::Exchange;
use crate::url::{decode, decode_query, query_pairs};
use crate::verdict::Checked;
use names::{is_secret_header, is_secret_key};

pub use recorded::{Redactions, Redactor};

/// What stands in the place of a value.
const MASK: &str = "***";

/// Texts shorter than this are no secrets to look for: they would be found in any sentence.
const SHORTEST_SECRET: usize = 6;

/// The URL of an exchange as reports show it.
///
/// User information and fragments never show, nor do values of query keys that authenticate. Unless `show_values` is set, the other
/// values of the query and what stands for the variables of `template` are masked too, but for plain identifiers (short numbers,
/// UUIDs, hexadecimal), by which exchanges are told apart. Parts of the path that no template explains are shown unless they look
/// personal or secret.
pub(crate) fn url(document: Option<&Document>, template: Option<&str>, url: &str, show_values: bool) -> String {
    let (before_fragment, fragment) = cut(url, '#');
    let (before_query, query) = cut(before_fragment, '?');
    let (origin, path) = match before_query.find("://").map(|at| at + 3).or_else(|| before_query.starts_with("//").then_some(2)) {
        Some(start) => {
            let (head, rest) = before_query.split_at(start);
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit_once('@').map_or(Cow::Borrowed(authority), |(_, host)| Cow::Owned(format!("{MASK}@{host}")));
            (format!("{head}{host}"), path)
        }
        None => (String::new(), before_query),
    };
    let mut shown = origin;
    shown.push_str(&redacted_path(template, path, show_values));
    if let Some(query) = query {
        // Without a document nobody knows the names of its secrets.
        let show_values = show_values && document.is_some();
        let pairs = query.split('&').map(|pair| redacted_pair(document, pair, show_values));
        shown.push('?');
        shown.push_str(&pairs.collect::<Vec<_>>().join("&"));
    }
    if let Some(fragment) = fragment {
        shown.push('#');
        shown.push_str(if fragment.is_empty() { "" } else { MASK });
    }
    shown
}

/// The path of a URL by the same rules.
pub(crate) fn redacted_path(template: Option<&str>, path: &str, show_values: bool) -> String {
    if show_values {
        return path.to_owned();
    }
    let (bare, slash) = path.strip_suffix('/').map_or((path, ""), |bare| (bare, "/"));
    let segments = bare.split('/').count();
    let steps: Vec<&str> = template
        .map(|template| template.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').split('/').skip(1).collect())
        .unwrap_or_default();
    // A server's base path comes before what the template describes.
    let base = segments.saturating_sub(steps.len());
    let mut shown = String::with_capacity(path.len());
    for (index, segment) in bare.split('/').enumerate() {
        let hidden = match index.checked_sub(base).and_then(|index| steps.get(index)) {
            Some(step) => step.contains('{') && !is_identifier(&decode(segment)),
            None => looks_private(&decode(segment)),
        };
        if index > 0 {
            shown.push('/');
        }
        shown.push_str(if hidden { MASK } else { segment });
    }
    shown.push_str(slash);
    shown
}

fn redacted_pair(document: Option<&Document>, pair: &str, show_values: bool) -> String {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let decoded = decode_query(name);
    let shown_name = if !show_values && looks_private(&decoded) { MASK } else { name };
    match pair.contains('=') {
        false => shown_name.to_owned(),
        true if value.is_empty() => format!("{shown_name}="),
        true if !is_secret_key(document, &decoded) && (show_values || is_identifier(&decode_query(value))) => {
            format!("{shown_name}={value}")
        }
        true => format!("{shown_name}={MASK}"),
    }
}

/// Whether a text names a thing without saying anything of a person: a short number, a UUID, or hexadecimal of some length.
fn is_identifier(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let uuid = text.len() == 36
        && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
        && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    (digits && (1..=8).contains(&text.len())) || (hexadecimal && !digits && text.len() >= 16) || uuid
}

/// Whether a text looks like an address, a number of a person, or a token.
fn looks_private(text: &str) -> bool {
    let letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let token = text.len() >= 20 && letters && digits >= 4 && !text.contains(' ');
    text.contains('@') || (digits >= 9 && !letters) || (token && !is_identifier(text))
}

/// A text from a recording that says why something went wrong, without what it quotes: quoted pieces, addresses and long numbers.
pub(crate) fn reason(text: String) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, piece) in text.split('"').enumerate() {
        let quoted = index % 2 == 1;
        if index > 0 {
            out.push('"');
        }
        if quoted {
            out.push_str(if piece.is_empty() { "" } else { MASK });
            continue;
        }
        for (index, word) in piece.split(' ').enumerate() {
            if index > 0 {
                out.push(' ');
            }
            match word.find("://") {
                Some(_) => out.push_str(&url(None, None, word, false)),
                None if looks_private(word) => out.push_str(MASK),
                None => out.push_str(word),
            }
        }
    }
    if out == text { text } else { out }
}

/// Masks the secrets of an exchange wherever they stand in what was found about it.
pub(crate) fn scrub(document: Option<&Document>, exchange: &Exchange, checked: &mut Checked) {
    if checked.findings.is_empty() {
        return;
    }
    let secrets = secrets(document, exchange);
    if secrets.is_empty() {
        return;
    }
    checked.url = masked(&checked.url, &secrets, false);
    for finding in &mut checked.findings {
        finding.message = masked(&finding.message, &secrets, false);
        finding.types = finding.types.as_deref().map(|types| masked(types, &secrets, false));
        // An excerpt of the document is the document's own text; one of a body keeps its length, so that the mark stays in place.
        for excerpt in finding.excerpts.iter_mut().filter(|excerpt| excerpt.name.ends_with(" body")) {
            excerpt.text = masked(&excerpt.text, &secrets, true).into();
        }
    }
}

/// The credentials that an exchange carries, also as they read with their encoding undone.
fn secrets(document: Option<&Document>, exchange: &Exchange) -> Vec<String> {
    let request = &exchange.request.headers;
    let mut found: Vec<String> = Vec::new();
    for (_, value) in request.iter().filter(|(name, _)| is_secret_header(document, name)) {
        found.push(value.to_owned());
        let credential = value.split_once(' ').map_or(value, |(_, credential)| credential.trim());
        found.push(credential.to_owned());
        // `Basic` holds a user and a password.
        if let Some(plain) = STANDARD.decode(credential).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            found.extend(plain.split_once(':').map(|(_, password)| password.to_owned()));
            found.push(plain);
        }
    }
    let cookies = request.all("cookie").flat_map(|line| line.split(';'));
    let set = exchange.response.headers.all("set-cookie").filter_map(|line| line.split(';').next());
    found.extend(cookies.chain(set).filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.trim().trim_matches('"').to_owned()));
    let parts = crate::url::Url::split(&exchange.url);
    for (name, value) in query_pairs(parts.query.unwrap_or_default()) {
        if is_secret_key(document, &name) {
            found.push(value.to_owned());
            found.push(decode_query(value).into_owned());
        }
    }
    let authority = exchange.url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    if let Some((user, _)) = authority.rsplit_once('@') {
        found.extend(user.split(':').map(str::to_owned));
    }
    found.retain(|secret| secret.chars().count() >= SHORTEST_SECRET && secret.chars().any(char::is_alphanumeric));
    // The longest first: what holds another goes before it.
    found.sort_by(|left, right| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
    found.dedup();
    found
}

/// The text without the secrets. One that was cut off is found by its beginning.
fn masked(text: &str, secrets: &[String], keep_length: bool) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        let seed: String = secret.chars().take(SHORTEST_SECRET.max(secret.chars().count().min(12))).collect();
        let mut from = 0;
        while let Some(start) = text.get(from..).and_then(|rest| rest.find(&seed)).map(|at| from + at) {
            let rest = text.get(start..).unwrap_or_default();
            let same = rest.chars().zip(secret.chars()).take_while(|(left, right)| left == right);
            let length: usize = same.map(|(letter, _)| letter.len_utf8()).sum();
            let mask = if keep_length { "*".repeat(length) } else { MASK.to_owned() };
            from = start + mask.len();
            text.replace_range(start..start + length, &mask);
        }
    }
    text
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wireproof_openapi::Source;

    fn document() -> Document {
        let text = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents: {securitySchemes: {a: {type: apiKey, in: query, name: letmein}, b: {type: apiKey, in: header, name: X-Pass}}}\n";
        Document::parse(Source::new("a.yaml", text)).expect("a document")
    }

    #[test]
    fn urls_show_what_tells_exchanges_apart_and_no_more() {
        let document = document();
        for (template, given, masked, shown) in [
            (Some("/pets/{id}"), "https://h/v1/pets/12/", "https://h/v1/pets/12/", "https://h/v1/pets/12/"),
            (Some("/pets/{id}"), "https://h/v1/pets/jane%40x.org", "https://h/v1/pets/***", "https://h/v1/pets/jane%40x.org"),
            (Some("/pets/{id}"), "/pets/64b8f0c2a1d3e4f5a6b7c8d9", "/pets/64b8f0c2a1d3e4f5a6b7c8d9", "/pets/64b8f0c2a1d3e4f5a6b7c8d9"),
            (Some("/pets/{id}"), "/pets/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/pets/3f2504e0-4f89-11d3-9a0c-0305e82c3301", ""),
            (Some("/a/{n}/b?x=1"), "/a/4915112345678/b?x=1&y=z", "/a/***/b?x=1&y=***", "/a/4915112345678/b?x=1&y=z"),
            (None, "https://h/pets/jane@x.org/44155512345/me", "https://h/pets/***/***/me", ""),
            (None, "https://me:pw@h/x?a=z&b&c=#f", "https://***@h/x?a=***&b&c=#***", "https://***@h/x?a=z&b&c=#***"),
            (None, "/x?letmein=abc&Access-Token=def", "/x?letmein=***&Access-Token=***", "/x?letmein=***&Access-Token=***"),
            (None, "https://h/x@y", "https://h/***", "https://h/x@y"),
            (None, "", "", ""),
        ] {
            assert_eq!(url(Some(&document), template, given, false), masked, "{given}");
            if !shown.is_empty() {
                assert_eq!(url(Some(&document), template, given, true), shown, "{given}");
            }
        }
        assert_eq!(url(None, None, "/x?anything=z", true), "/x?anything=***", "nobody knows what is secret");
    }

    #[test]
    fn secrets_are_found_whole_cut_off_and_decoded() {
        let mut exchange = Exchange {
            method: "GET".to_owned(),
            url: "https://anna:hunter22@h/x?letmein=query%2Bsecret".to_owned(),
            request: crate::exchange::Message::default(),
            status: 200,
            response: crate::exchange::Message::default(),
        };
        exchange.request.headers.push("Authorization", format!("Basic {}", STANDARD.encode("bob:swordfish")));
        exchange.request.headers.push("x-pass", "an-api-key-of-some-length");
        exchange.request.headers.push("Cookie", "a=cookie-value; theme=dark");
        exchange.response.headers.push("Set-Cookie", "s=next-cookie; Path=/");
        let secrets = secrets(Some(&document()), &exchange);
        for (text, expected) in [
            ("it says an-api-key-of-some-length.", "it says ***."),
            ("it says an-api-key-of-so…", "it says ***…"),
            ("hunter22, swordfish, query+secret, cookie-value, next-cookie", "***, ***, ***, ***, ***"),
            ("a dark string", "a dark string"),
        ] {
            assert_eq!(masked(text, &secrets, false), expected);
        }
        assert_eq!(masked("<hunter22>", &secrets, true), "<********>");
    }

    #[test]
    fn reasons_quote_nothing() {
        assert_eq!(
            reason("invalid type: string \"Jane\", expected u16 (net::ERR_FAILED at https://a:b@h/x?e=z, to jane@x.org)".to_owned()),
            "invalid type: string \"***\", expected u16 (net::ERR_FAILED at https://***@h/x?e=*** to ***"
        );
    }
}
