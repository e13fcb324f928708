//! Secrets of an exchange, replaced before it is recorded. What is replaced: credentials by the document's security schemes and by the
//! names of headers, cookies, parameters and members; the fields and headers that were asked for; values that look like keys; and
//! whatever was found to be a secret in one place wherever else it stands. A replacement has the form of what it stands for
//! (`replace.rs`), so what was valid mostly stays so. Next: `json.rs` for bodies, `text.rs` for the rest.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use wireproof_openapi::Document;

use super::json::{self, Scalar, Step};
use super::names::{is_secret_header, is_secret_member, is_session};
use super::replace::Replacer;
use super::text::{Known, Search, basic, is_scheme};
use super::{SHORTEST_SECRET, look};
use crate::exchange::{Body, Exchange, Headers};
use crate::media_type::MediaType;
use crate::url::{decode_query, query_pairs};

/// How many secrets of earlier exchanges are looked for in later ones.
const REMEMBERED: usize = 64;

/// Headers that say how a message is made, and never hold a secret; some of them must stay equal to what stands in the body.
const STRUCTURE: &[&str] = &[
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "host",
    "transfer-encoding",
    "www-authenticate",
];

/// What is replaced besides credentials.
#[derive(Clone, Debug, Default)]
pub struct Redactions {
    /// Headers, by name.
    pub headers: Vec<String>,
    /// Members of JSON bodies, fields of forms and query parameters, by name; with a `/` in front, places in JSON bodies as JSON
    /// Pointers, in which `*` is any step.
    pub fields: Vec<String>,
    /// Whether values stay that only look like keys.
    pub keep_values: bool,
}

/// Replaces secrets, equal ones equally for as long as it lives.
pub struct Redactor {
    replacer: Replacer,
    headers: Vec<String>,
    fields: Vec<String>,
    pointers: Vec<Vec<String>>,
    keep_values: bool,
    /// Secrets that were seen, in the forms in which they may be written, each with its replacement; the latest first.
    known: Vec<Known>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").field("headers", &self.headers).field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl Redactor {
    /// A redactor. `key` is random and nobody keeps it: who has it can try guesses.
    pub fn new(key: [u8; 32], redactions: Redactions) -> Self {
        let (pointers, fields): (Vec<_>, Vec<_>) = redactions.fields.into_iter().partition(|field| field.starts_with('/'));
        let steps = |pointer: String| pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
        Self {
            replacer: Replacer::new(key),
            headers: redactions.headers,
            fields,
            pointers: pointers.into_iter().map(steps).collect(),
            keep_values: redactions.keep_values,
            known: Vec::new(),
        }
    }

    /// Replaces the secrets of an exchange.
    pub fn exchange(&mut self, document: Option<&Document>, exchange: &mut Exchange) {
        self.learn(document, exchange);
        let search = self.search(document, &self.known);
        if let Some(url) = search.url(&exchange.url) {
            exchange.url = url;
        }
        for message in [&mut exchange.request, &mut exchange.response] {
            self.replace_headers(&search, &mut message.headers);
            if let Body::Bytes(bytes) = &message.body
                && let Some(body) = self.body(&search, &message.headers, bytes)
            {
                message.body = Body::from_bytes(body);
            }
        }
    }

    /// Replaces the secrets of headers.
    pub fn headers(&self, document: Option<&Document>, headers: &mut Headers) {
        self.replace_headers(&self.search(document, &self.known), headers);
    }

    /// A text that came with an exchange, without the secrets that are known.
    pub fn text(&self, text: &str) -> String {
        self.search(None, &self.known).text(text).unwrap_or_else(|| text.to_owned())
    }

    fn search<'s>(&'s self, document: Option<&'s Document>, known: &'s [Known]) -> Search<'s> {
        Search { replacer: &self.replacer, known, fields: &self.fields, keep_tokens: self.keep_values, document }
    }

    fn replace_headers(&self, search: &Search<'_>, headers: &mut Headers) {
        for (name, value) in headers.iter_mut() {
            let is = |other: &str| name.eq_ignore_ascii_case(other);
            if is("set-cookie") {
                let (pair, attributes) = value.split_at(value.find(';').unwrap_or(value.len()));
                *value = format!("{}{attributes}", self.cookie(pair));
            } else if is("cookie") {
                *value = value.split(';').map(|pair| self.cookie(pair)).collect::<Vec<_>>().join(";");
            } else if is_secret_header(search.document, name) || self.headers.iter().any(|header| is(header)) {
                *value = search.credential(value);
            } else if STRUCTURE.iter().any(|other| is(other)) {
            } else if let Some(new) =
                if is("location") || is("content-location") || is("referer") { search.url(value) } else { search.text(value) }
            {
                *value = new;
            }
        }
    }

    /// A cookie with its value replaced.
    fn cookie(&self, pair: &str) -> String {
        match pair.split_once('=') {
            Some((name, value)) => format!("{name}={}", self.replacer.text(value)),
            None => pair.to_owned(),
        }
    }

    fn body(&self, search: &Search<'_>, headers: &Headers, bytes: &[u8]) -> Option<Vec<u8>> {
        let Ok(text) = std::str::from_utf8(bytes) else { return binary(search, bytes) };
        // Secrets that stand nowhere in the body need not be looked for in each of its texts; escapes may hide any of them.
        let all = text.contains('\\');
        let known: Vec<Known> = search.known.iter().filter(|known| all || known.places(bytes).next().is_some()).cloned().collect();
        let search = &Search { known: &known, ..*search };
        let media_type = headers.get("content-type").and_then(MediaType::parse);
        let changed = match media_type {
            Some(media_type) if media_type.is_form() => search.pairs(text),
            Some(media_type) if media_type.is_multipart_form() => parts(search, text, media_type.parameter("boundary")?),
            Some(media_type) if media_type.is_json() => self.json(search, text),
            _ if text.trim_start().starts_with(['{', '[']) => self.json(search, text),
            _ => search.text(text),
        };
        changed.map(String::into_bytes)
    }

    fn json(&self, search: &Search<'_>, text: &str) -> Option<String> {
        json::rewrite(text, &mut |path, scalar| {
            let wanted = self.is_asked_for(path);
            match scalar {
                Scalar::Key(key) => search.text(key),
                Scalar::Text("") => None,
                Scalar::Text(text) if wanted || is_secret(path) => Some(search.credential(text)),
                Scalar::Text(text) => search.text(text),
                Scalar::Number(number) if wanted || search.known.iter().any(|known| known.secret == number) => {
                    Some(self.replacer.number(number))
                }
                Scalar::Number(_) => None,
            }
        })
    }

    /// Whether the value at a place in a JSON body was asked to be replaced, or lies within one that was.
    fn is_asked_for(&self, path: &[Step<'_>]) -> bool {
        let named = |step: &Step<'_>| match step {
            Step::Key(key) => self.fields.iter().any(|field| field.eq_ignore_ascii_case(key)),
            Step::Index(_) => false,
        };
        let leads = |pointer: &Vec<String>| {
            let fits = |(wanted, step): (&String, &Step<'_>)| match step {
                _ if wanted == "*" => true,
                Step::Key(key) => wanted == key,
                Step::Index(index) => *wanted == index.to_string(),
            };
            pointer.len() <= path.len() && pointer.iter().zip(path).all(fits)
        };
        (!self.fields.is_empty() && path.iter().any(named)) || self.pointers.iter().any(leads)
    }

    /// Takes notice of the secrets of an exchange, so that they are found wherever else they stand.
    fn learn(&mut self, document: Option<&Document>, exchange: &Exchange) {
        let mut found: Vec<(String, bool)> = Vec::new();
        let messages = [&exchange.request, &exchange.response];
        for message in messages {
            for (name, value) in message.headers.iter() {
                if is_secret_header(document, name) {
                    found.extend(credentials(value).into_iter().map(|secret| (secret, true)));
                } else if self.headers.iter().any(|header| header.eq_ignore_ascii_case(name)) {
                    found.push((value.to_owned(), false));
                }
            }
        }
        let sent = exchange.request.headers.all("cookie").flat_map(|line| line.split(';'));
        let set = exchange.response.headers.all("set-cookie").filter_map(|line| line.split(';').next());
        for (name, value) in sent.chain(set).filter_map(|pair| pair.split_once('=')) {
            let value = value.trim().trim_matches('"');
            if is_session(document, name.trim()) || value.len() >= 16 || look::is_token(value) {
                found.push((value.to_owned(), is_session(document, name.trim())));
            }
        }
        let authority = exchange.url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
        if let Some((user, _)) = authority.rsplit_once('@') {
            found.extend(user.split(':').map(|part| (part.to_owned(), true)));
        }
        let search = self.search(document, &[]);
        let pairs = |text: &str, found: &mut Vec<(String, bool)>| {
            for (name, value) in query_pairs(text).filter(|(name, _)| search.is_secret_field(name)) {
                let documented = document.is_some() && super::names::is_documented_key(document, &name);
                found.push((decode_query(value).into_owned(), documented));
            }
        };
        pairs(crate::url::Url::split(&exchange.url).query.unwrap_or_default(), &mut found);
        for message in messages {
            let Some(text) = message.body.bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()) else { continue };
            if message.headers.get("content-type").and_then(MediaType::parse).is_some_and(|media_type| media_type.is_form()) {
                pairs(text, &mut found);
            } else if text.trim_start().starts_with(['{', '[']) {
                json::rewrite(text, &mut |path, scalar| {
                    if let Scalar::Text(text) = scalar
                        && (is_secret(path) || self.is_asked_for(path))
                    {
                        found.extend(credentials(text).into_iter().map(|secret| (secret, false)));
                    }
                    None
                });
            }
        }
        for (secret, certain) in found {
            self.remember(&secret, certain);
        }
    }

    /// Remembers a secret that is unlikely to stand in a text by chance. One that is `certain` to be a secret may be short.
    fn remember(&mut self, secret: &str, certain: bool) {
        let digits = secret.bytes().any(|byte| byte.is_ascii_digit());
        let letters = secret.bytes().any(|byte| byte.is_ascii_alphabetic());
        let telling = secret.len() >= 16 || (secret.len() >= 8 && ((digits && letters) || secret.contains('@')));
        if secret.len() < SHORTEST_SECRET || !(certain || telling) || self.known.iter().any(|known| known.secret == secret) {
            return;
        }
        let new = self.replacer.text(secret);
        let escaped = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
        if escaped != secret {
            self.known.insert(0, Known::new(escaped, utf8_percent_encode(&new, NON_ALPHANUMERIC).to_string()));
        }
        self.known.insert(0, Known::new(secret.to_owned(), new));
        self.known.truncate(REMEMBERED);
    }
}

/// A body that is no text, without the secrets that are known.
fn binary(search: &Search<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut changed: Option<Vec<u8>> = None;
    for known in search.known {
        let Known { secret, new, .. } = known;
        let body = changed.as_deref().unwrap_or(bytes);
        let places: Vec<usize> = known.places(body).collect();
        for place in places {
            let body = changed.get_or_insert_with(|| bytes.to_vec());
            if let Some(place) = body.get_mut(place..place + secret.len()).filter(|_| new.len() == secret.len()) {
                place.copy_from_slice(new.as_bytes());
            }
        }
    }
    changed
}

/// The parts of a multipart body, each replaced by its name or as a text.
fn parts(search: &Search<'_>, text: &str, boundary: &str) -> Option<String> {
    let delimiter = format!("--{boundary}");
    let mut changed = false;
    let part = |part: &str| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let (value, end) = value.strip_suffix("\r\n").map_or((value, ""), |value| (value, "\r\n"));
        let name = head.split_once("name=\"").and_then(|(_, rest)| rest.split_once('"')).map_or("", |(name, _)| name);
        let new = if search.is_secret_field(name) && !value.is_empty() { Some(search.credential(value)) } else { search.text(value) };
        Some(format!("{head}\r\n\r\n{}{end}", new?))
    };
    let parts: Vec<String> = text
        .split(&delimiter)
        .map(|text| {
            let new = part(text);
            changed |= new.is_some();
            new.unwrap_or_else(|| text.to_owned())
        })
        .collect();
    changed.then(|| parts.join(&delimiter))
}

/// Whether the value at a place in a JSON body is a credential by the name of its member.
fn is_secret(path: &[Step<'_>]) -> bool {
    let name = path.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(key),
        Step::Index(_) => None,
    });
    name.is_some_and(|name| is_secret_member(name))
}

/// The secrets within the value of a header: itself without its scheme, and what `Basic` stands for.
fn credentials(value: &str) -> Vec<String> {
    match value.split_once(' ') {
        Some((scheme, rest)) if is_scheme(scheme) => {
            let mut found = vec![rest.trim().to_owned()];
            found.extend(basic(rest).map(|(_, password)| password));
            found
        }
        _ => vec![value.to_owned()],
    }
}

#[cfg(test)]
mod tests;
