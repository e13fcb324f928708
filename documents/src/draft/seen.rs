//! What exchanges show of one operation: shapes of its parameters, headers and bodies, and how it becomes part of a document.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use wireproof_contract::{Exchange, Headers};

use super::document::{Evidence, OperationOutline, Outline, ParameterOutline, ResponseOutline};
use super::schema::schema;
use super::scheme::{Scheme, credentials, is_secret_name};
use super::shape::Shape;
use super::step::{Step, template};
use crate::page::Place;

/// What is known of an operation.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) count: usize,
    /// By the number of the variable among those of the path.
    pub(super) path: Vec<Shape>,
    query: IndexMap<String, Query>,
    pub(super) headers: IndexMap<String, (String, Shape)>,
    pub(super) security: BTreeSet<Scheme>,
    pub(super) open: bool,
    pub(super) bodies: usize,
    pub(super) request: IndexMap<String, Shape>,
    pub(super) responses: BTreeMap<u16, SeenResponse>,
}

#[derive(Debug, Default)]
struct Query {
    shape: Shape,
    /// What stands between commas, where there are any.
    items: Shape,
    commas: bool,
}

#[derive(Debug, Default)]
pub(super) struct SeenResponse {
    count: usize,
    headers: IndexMap<String, (String, usize, Shape)>,
    content: IndexMap<String, Shape>,
}

impl Seen {
    pub(super) fn query(&mut self, query: &str) {
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
            let (name, value) = (decode(name), decode(value));
            if is_secret_name(&name) {
                self.security.insert(Scheme::ApiKey(format!("query {name}")));
                continue;
            }
            let known = self.query.entry(name).or_default();
            known.shape.take(&scalar(&value));
            known.commas |= value.contains(',') && value.split(',').all(|word| !word.is_empty() && !word.contains(' '));
            for item in value.split(',') {
                known.items.take(&scalar(item));
            }
        }
    }

    pub(super) fn request(&mut self, exchange: &Exchange, left_out: &mut BTreeMap<&'static str, usize>) {
        let headers = &exchange.request.headers;
        let mut schemes = credentials(headers);
        // Without credentials and refused, it needs some; served, it does not.
        self.open |= schemes.is_empty() && exchange.status < 400;
        self.security.append(&mut schemes);
        for (name, value) in headers.iter().filter(|(name, _)| is_own_header(name) && !is_secret_name(name)) {
            let (spelling, shape) = self.headers.entry(name.to_ascii_lowercase()).or_default();
            spelled(spelling, name);
            shape.take(&scalar(value));
        }
        if let Some(bytes) = exchange.request.body.bytes() {
            self.bodies += 1;
            let media_type = media_type(headers);
            body(&media_type, bytes, self.request.entry(media_type.clone()).or_default(), left_out);
        }
    }

    pub(super) fn response(&mut self, exchange: &Exchange, left_out: &mut BTreeMap<&'static str, usize>) {
        let response = self.responses.entry(exchange.status).or_default();
        response.count += 1;
        for (name, value) in exchange.response.headers.iter().filter(|(name, _)| is_own_header(name)) {
            let (spelling, count, shape) = response.headers.entry(name.to_ascii_lowercase()).or_default();
            spelled(spelling, name);
            *count += 1;
            shape.take(&scalar(value));
        }
        if let Some(bytes) = exchange.response.body.bytes() {
            let media_type = media_type(&exchange.response.headers);
            body(&media_type, bytes, response.content.entry(media_type.clone()).or_default(), left_out);
        }
    }

    pub(super) fn absorb(&mut self, other: Self) {
        self.count += other.count;
        self.bodies += other.bodies;
        self.open |= other.open;
        self.security.extend(other.security);
        for (number, shape) in other.path.into_iter().enumerate() {
            match self.path.get_mut(number) {
                Some(known) => known.absorb(shape),
                None => self.path.push(shape),
            }
        }
        for (name, query) in other.query {
            let known = self.query.entry(name).or_default();
            known.commas |= query.commas;
            known.shape.absorb(query.shape);
            known.items.absorb(query.items);
        }
        for (name, (spelling, shape)) in other.headers {
            let (known, into) = self.headers.entry(name).or_default();
            spelled(known, &spelling);
            into.absorb(shape);
        }
        for (name, shape) in other.request {
            self.request.entry(name).or_default().absorb(shape);
        }
        for (status, response) in other.responses {
            let known = self.responses.entry(status).or_default();
            known.count += response.count;
            for (name, (spelling, count, shape)) in response.headers {
                let (known, total, into) = known.headers.entry(name).or_default();
                spelled(known, &spelling);
                *total += count;
                into.absorb(shape);
            }
            for (name, shape) in response.content {
                known.content.entry(name).or_default().absorb(shape);
            }
        }
    }

    pub(super) fn outline(self, method: String, steps: &[Step], outline: &mut Outline) -> OperationOutline {
        let (path, names) = template(steps);
        let label = format!("{method} {path}");
        let mut operation = OperationOutline { method, path, open: self.open, ..OperationOutline::default() };
        for scheme in &self.security {
            let (name, value) = scheme.document();
            outline.security.insert(name.clone(), value);
            operation.security.insert(name);
        }
        for (name, shape) in names.into_iter().zip(&self.path) {
            operation.parameters.push(parameter(Place::Path, name, schema(shape), false));
        }
        for (name, query) in self.query {
            let (schema, commas) = if query.commas {
                (json!({"type": "array", "items": schema(&query.items), "x-evidence": "example"}), true)
            } else {
                (schema(&query.shape), false)
            };
            operation.parameters.push(parameter(Place::Query, name, schema, commas));
        }
        for (name, shape) in self.headers.into_values() {
            operation.parameters.push(parameter(Place::Header, name, schema(&shape), false));
        }
        operation.request = self.request.iter().map(|(media_type, shape)| (media_type.clone(), schema(shape))).collect();
        operation.request_required = self.bodies == self.count;
        if !self.responses.keys().any(|status| (200..400).contains(status)) {
            outline.missing.push(format!("no success of `{label}` was seen"));
        }
        if !self.responses.keys().any(|status| *status >= 400) {
            outline.missing.push(format!("no error of `{label}` was seen"));
        }
        for (status, response) in self.responses {
            if response.count == 1 {
                outline.missing.push(format!("a {status} of `{label}` was seen once only: what is required in it is a guess"));
            }
            let headers = response.headers.values().map(|(name, count, shape)| (name.clone(), (*count == response.count, schema(shape))));
            let described = ResponseOutline {
                description: format!("Seen {}.", if response.count == 1 { "once".to_owned() } else { format!("{} times", response.count) }),
                evidence: Evidence::Example,
                headers: headers.collect(),
                content: response.content.iter().map(|(media_type, shape)| (media_type.clone(), (schema(shape), None))).collect(),
            };
            operation.responses.insert(status, described);
        }
        operation
    }
}

/// The value that a text of a path, a query or a header stands for.
pub(super) fn scalar(text: &str) -> Value {
    let plain = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty()
            && digits.len() < 16
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'))
    };
    match text {
        "true" | "false" => json!(text == "true"),
        text if plain(text) => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
        text => json!(text),
    }
}

fn parameter(place: Place, name: String, schema: Value, commas: bool) -> ParameterOutline {
    ParameterOutline {
        place,
        name,
        required: place == Place::Path,
        description: None,
        evidence: Evidence::Example,
        schema,
        commas,
        example: None,
    }
}

/// The media type of a body, without its parameters.
fn media_type(headers: &Headers) -> String {
    let value = headers.get("content-type").unwrap_or("application/octet-stream");
    let name = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let fits = name.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
        && name.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { name } else { "application/octet-stream".to_owned() }
}

fn body(media_type: &str, bytes: &[u8], shape: &mut Shape, left_out: &mut BTreeMap<&'static str, usize>) {
    if media_type == "application/json" || media_type.ends_with("+json") {
        match serde_json::from_slice::<Value>(bytes) {
            Ok(value) => shape.take(&value),
            Err(_) => *left_out.entry("bodies that claim to be JSON and are none").or_default() += 1,
        }
    } else if media_type == "application/x-www-form-urlencoded" {
        let text = String::from_utf8_lossy(bytes);
        let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs = text.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, value)| (decode(name), scalar(&decode(value))));
        shape.take(&Value::Object(pairs.collect()));
    } else if media_type.starts_with("text/") {
        shape.take(&json!(""));
    }
}

/// Keeps the spelling of a header that was seen first: its letter case means nothing, and people know it by one.
fn spelled(known: &mut String, name: &str) {
    if known.is_empty() {
        name.clone_into(known);
    }
}

/// Whether a header is the vendor's own business and none of HTTP's, or of whoever stands between.
fn is_own_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let passing = [
        "x-forwarded-",
        "x-amz-",
        "x-amzn-",
        "x-envoy-",
        "x-b3-",
        "x-datadog-",
        "x-vercel-",
        "x-cache",
        "x-served-by",
        "x-timer",
        "x-powered-by",
        "x-runtime",
        "x-frame-options",
        "x-xss-protection",
        "x-content-type-options",
        "x-download-options",
        "x-permitted-cross-domain-policies",
        "x-dns-prefetch-control",
        "x-real-ip",
        "x-requested-with",
        "x-csrf",
        "x-stainless-",
    ];
    (name.starts_with("x-") || name.starts_with("ratelimit-") || matches!(name.as_str(), "idempotency-key" | "retry-after"))
        && !passing.iter().any(|prefix| name.starts_with(prefix))
}
