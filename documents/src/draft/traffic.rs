//! Recordings to a document: which operations there are, what they were sent and what they answered. Exchanges are taken in one at a time;
//! memory grows with what is different about them, not with their number. No value of a recording gets into the document but names,
//! media types and words of an `enum`: recordings are full of people.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use wireproof_contract::{Exchange, Headers};

use super::document::{Evidence, OperationOutline, Outline, ParameterOutline, ResponseOutline, singular};
use super::schema::{is_data, schema};
use super::shape::Shape;
use crate::page::Place;

/// How many paths are told apart. A recording with more has paths made of data, which are put together first.
const PATH_LIMIT: usize = 20_000;

/// From how many different steps in one place of a path on they count as data.
const STEPS: usize = 8;

/// What recordings show.
#[derive(Debug, Default)]
pub struct Traffic {
    operations: IndexMap<(String, Vec<Step>), Seen>,
    origins: IndexMap<String, usize>,
    left_out: BTreeMap<&'static str, usize>,
    exchanges: usize,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Step {
    Word(String),
    Variable,
}

/// What is known of an operation.
#[derive(Debug, Default)]
struct Seen {
    count: usize,
    /// By the number of the variable among those of the path.
    path: Vec<Shape>,
    query: IndexMap<String, Query>,
    headers: IndexMap<String, (String, Shape)>,
    security: BTreeSet<Scheme>,
    open: bool,
    bodies: usize,
    request: IndexMap<String, Shape>,
    responses: BTreeMap<u16, SeenResponse>,
}

#[derive(Debug, Default)]
struct Query {
    shape: Shape,
    /// What stands between commas, where there are any.
    items: Shape,
    commas: bool,
}

#[derive(Debug, Default)]
struct SeenResponse {
    count: usize,
    headers: IndexMap<String, (String, usize, Shape)>,
    content: IndexMap<String, Shape>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scheme {
    Http(String),
    ApiKey(String),
}

impl Traffic {
    /// Takes an exchange in.
    pub fn take(&mut self, exchange: &Exchange) {
        let Some((origin, path, query)) = split(&exchange.url) else {
            *self.left_out.entry("exchanges whose URL names no path").or_default() += 1;
            return;
        };
        let method = exchange.method.to_ascii_uppercase();
        if !crate::page::METHODS.contains(&method.as_str()) || exchange.status < 200 {
            *self.left_out.entry("exchanges without an answer, or of methods that OpenAPI has no operations for").or_default() += 1;
            return;
        }
        if let Some(origin) = origin {
            *self.origins.entry(origin).or_default() += 1;
        }
        let steps: Vec<(Step, String)> = path.split('/').skip(1).map(step).collect();
        let key = (method, steps.iter().map(|(step, _)| step.clone()).collect());
        if self.operations.len() >= PATH_LIMIT && !self.operations.contains_key(&key) {
            self.put_together();
            if self.operations.len() >= PATH_LIMIT {
                *self.left_out.entry("exchanges of more paths than can be told apart").or_default() += 1;
                return;
            }
        }
        self.exchanges += 1;
        let seen = self.operations.entry(key).or_default();
        seen.count += 1;
        let values = steps.into_iter().filter(|(step, _)| *step == Step::Variable).map(|(_, text)| text);
        for (number, value) in values.enumerate() {
            if seen.path.len() <= number {
                seen.path.push(Shape::default());
            }
            if let Some(shape) = seen.path.get_mut(number) {
                shape.take(&scalar(&value));
            }
        }
        seen.query(&query);
        seen.request(exchange, &mut self.left_out);
        seen.response(exchange, &mut self.left_out);
    }

    /// Takes paths together that differ in one step only, of which there are many: such a step is data.
    fn put_together(&mut self) {
        loop {
            let mut groups: BTreeMap<(String, usize, Vec<Step>), BTreeSet<String>> = BTreeMap::new();
            for (method, steps) in self.operations.keys() {
                for (position, step) in steps.iter().enumerate() {
                    let Step::Word(word) = step else { continue };
                    let mut rest = steps.clone();
                    if let Some(step) = rest.get_mut(position) {
                        *step = Step::Variable;
                    }
                    groups.entry((method.clone(), position, rest)).or_default().insert(word.clone());
                }
            }
            // Words that are written as one writes words in paths tell resources apart, however many they are.
            let unlike_words = |words: &BTreeSet<String>| {
                let unlike = words
                    .iter()
                    .filter(|word| word.chars().any(|letter| letter.is_ascii_digit() || letter.is_ascii_uppercase() || letter == '.'));
                unlike.count() * 2 >= words.len()
            };
            let data = groups.into_iter().find(|((_, position, _), words)| *position > 0 && words.len() >= STEPS && unlike_words(words));
            let Some(((method, position, rest), _)) = data else { return };
            let is_one = |(other, steps): &(String, Vec<Step>)| {
                *other == method
                    && steps.len() == rest.len()
                    && steps.iter().zip(&rest).enumerate().all(|(index, (step, wanted))| index == position || step == wanted)
            };
            let keys: Vec<(String, Vec<Step>)> = self.operations.keys().filter(|key| is_one(key)).cloned().collect();
            let mut whole = Seen::default();
            for key in keys {
                let number = rest.iter().take(position).filter(|step| **step == Step::Variable).count();
                let word = match key.1.get(position) {
                    Some(Step::Word(word)) => Some(word.clone()),
                    _ => None,
                };
                if let Some(mut seen) = self.operations.shift_remove(&key) {
                    if let Some(word) = word {
                        let mut shape = Shape::default();
                        shape.take(&scalar(&word));
                        seen.path.insert(number.min(seen.path.len()), shape);
                    }
                    whole.absorb(seen);
                }
            }
            self.operations.insert((method, rest), whole);
        }
    }

    /// Paths that only ever failed, and that the path of another operation stands for, were tries of that one.
    fn adopt_failures(&mut self) {
        let failed = |seen: &Seen| seen.responses.keys().all(|status| *status >= 400);
        let tries: Vec<(String, Vec<Step>)> = self.operations.iter().filter(|(_, seen)| failed(seen)).map(|(key, _)| key.clone()).collect();
        for key in tries {
            let stands_for = |(method, steps): &&(String, Vec<Step>)| {
                let fit = steps.iter().zip(&key.1).all(|(wanted, step)| *wanted == Step::Variable || wanted == step);
                *method == key.0 && steps.len() == key.1.len() && *steps != key.1 && fit
            };
            let Some(target) = self.operations.keys().find(stands_for).cloned() else { continue };
            let Some(mut seen) = self.operations.shift_remove(&key) else { continue };
            let mut number = 0;
            for (wanted, step) in target.1.iter().zip(&key.1) {
                if let (Step::Variable, Step::Word(word)) = (wanted, step) {
                    let mut shape = Shape::default();
                    shape.take(&scalar(word));
                    seen.path.insert(number.min(seen.path.len()), shape);
                }
                number += usize::from(*wanted == Step::Variable);
            }
            if let Some(known) = self.operations.get_mut(&target) {
                known.absorb(seen);
            }
        }
    }

    /// The document that the exchanges make, and what is missing in it.
    pub fn finish(mut self, title: &str) -> super::Drafted {
        self.put_together();
        self.adopt_failures();
        let mut outline = Outline {
            title: title.to_owned(),
            description: format!("Drafted from {} exchanges. Every node says what it rests on.", self.exchanges),
            ..Outline::default()
        };
        for (origin, _) in &self.origins {
            outline.servers.insert(origin.clone(), "Seen in recordings.".to_owned());
        }
        for (what, count) in &self.left_out {
            outline.missing.push(format!("{count} {what} were left out"));
        }
        if self.origins.is_empty() {
            outline.missing.push("no recording names a host: `servers` is missing".to_owned());
        }
        let mut operations: Vec<((String, Vec<Step>), Seen)> = self.operations.into_iter().collect();
        operations.sort_by(|(left, _), (right, _)| (&left.1, &left.0).cmp(&(&right.1, &right.0)));
        for ((method, steps), seen) in operations {
            let operation = seen.outline(method, &steps, &mut outline);
            outline.operations.push(operation);
        }
        if outline.security.is_empty() {
            outline.missing.push("no exchange carries credentials: `security` is missing".to_owned());
        }
        super::Drafted { document: outline.document(), missing: outline.missing }
    }
}

/// Scheme and host, path and query of a URL.
fn split(url: &str) -> Option<(Option<String>, String, String)> {
    let url = url.split('#').next()?;
    let (url, query) = url.split_once('?').unwrap_or((url, ""));
    let (origin, path) = match url.split_once("://") {
        Some((scheme, rest)) => {
            let at = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at(at);
            // Credentials in a URL are no part of the server.
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            (Some(format!("{scheme}://{host}")), path)
        }
        None => (None, url),
    };
    let path = if path.is_empty() { "/" } else { path };
    path.starts_with('/').then(|| (origin, path.to_owned(), query.to_owned()))
}

/// A step of a path with its text, decoded.
fn step(text: &str) -> (Step, String) {
    let decoded = percent_decode_str(text).decode_utf8_lossy().into_owned();
    // What could be taken for a variable of a template is none of our own.
    let data = decoded.starts_with(':')
        || is_data(&decoded)
        || decoded.contains(['{', '}', '?', '#', '/'])
        || decoded == "***"
        || decoded.chars().any(char::is_control);
    (if data { Step::Variable } else { Step::Word(text.to_owned()) }, decoded)
}

/// The value that a text of a path, a query or a header stands for.
fn scalar(text: &str) -> Value {
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

impl Seen {
    fn query(&mut self, query: &str) {
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

    fn request(&mut self, exchange: &Exchange, left_out: &mut BTreeMap<&'static str, usize>) {
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

    fn response(&mut self, exchange: &Exchange, left_out: &mut BTreeMap<&'static str, usize>) {
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

    fn absorb(&mut self, other: Self) {
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

    fn outline(self, method: String, steps: &[Step], outline: &mut Outline) -> OperationOutline {
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

/// The path with its variables named after what they stand behind, and their names.
fn template(steps: &[Step]) -> (String, Vec<String>) {
    let variables = steps.iter().filter(|step| **step == Step::Variable).count();
    let (mut path, mut names, mut before) = (String::new(), Vec::new(), "id");
    for step in steps {
        path.push('/');
        match step {
            Step::Word(word) => {
                path.push_str(word);
                before = word;
            }
            Step::Variable => {
                let word: String =
                    singular(before).chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
                let mut name = if variables == 1 || word == "id" { "id".to_owned() } else { format!("{word}_id") };
                while names.contains(&name) {
                    name.push_str("_2");
                }
                path.extend(["{", &name, "}"]);
                names.push(name);
            }
        }
    }
    (if path.is_empty() { "/".to_owned() } else { path }, names)
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

/// The credentials that a request carries.
fn credentials(headers: &Headers) -> BTreeSet<Scheme> {
    let mut found = BTreeSet::new();
    for (name, value) in headers.iter() {
        if name.eq_ignore_ascii_case("authorization") {
            let scheme = value.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
            let known = matches!(scheme.as_str(), "bearer" | "basic" | "digest");
            found.insert(if known { Scheme::Http(scheme) } else { Scheme::ApiKey("header Authorization".to_owned()) });
        } else if is_secret_name(name) {
            found.insert(Scheme::ApiKey(format!("header {}", name.to_ascii_lowercase())));
        }
    }
    found
}

/// The security scheme that a header carries credentials for, under a name; `value` is what the header has, or what is said of it.
pub(super) fn scheme(name: &str, value: &str) -> Option<(String, Value)> {
    if name.eq_ignore_ascii_case("authorization") {
        let word = value
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .find(|word| ["bearer", "basic"].iter().any(|known| known.eq_ignore_ascii_case(word)));
        let scheme = word.map_or_else(|| Scheme::ApiKey("header Authorization".to_owned()), |word| Scheme::Http(word.to_ascii_lowercase()));
        return Some(scheme.document());
    }
    is_secret_name(name).then(|| Scheme::ApiKey(format!("header {name}")).document())
}

impl Scheme {
    fn document(&self) -> (String, Value) {
        match self {
            Self::Http(scheme) => (format!("{scheme}Auth"), json!({"type": "http", "scheme": scheme, "x-evidence": "example"})),
            Self::ApiKey(place) => {
                let (location, name) = place.split_once(' ').unwrap_or(("header", place));
                let key: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
                (format!("{key}_key"), json!({"type": "apiKey", "in": location, "name": name, "x-evidence": "example"}))
            }
        }
    }
}

/// Whether a header or parameter of this name carries a secret.
fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    matches!(
        name.as_str(),
        "x-api-key"
            | "api-key"
            | "apikey"
            | "x-auth-token"
            | "access-token"
            | "x-access-token"
            | "x-token"
            | "token"
            | "key"
            | "x-amz-security-token"
            | "client-secret"
    ) || name.ends_with("-api-key")
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
