//! The examples of a page as a recording: each JSON response with the request that it answers becomes an entry of a HAR file, which says
//! where on the page it stands. Credentials are `***`, whatever the page shows.

use serde_json::{Value, json};
use wireproof_openapi::{Document, Location, Operation, ParameterShape, Position, SecuritySchemeKind, StatusPattern};

use crate::page::{Call, Example, Half, Page};

/// One example as an exchange.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The entry of the HAR file.
    pub entry: Value,
    /// Where its response stands on the page.
    pub position: Position,
    /// The number of its operation among those of the document; `None` where there is no document or it has none like it.
    pub operation: Option<usize>,
    /// The status.
    pub status: u16,
    /// Whether the page names the status.
    pub stated: bool,
    /// The response example.
    pub example: Example,
}

/// The exchanges that the examples of a page show, and what could not be made one, with its place.
pub fn recorded(page: &Page, document: Option<&Document>) -> (Vec<Recorded>, Vec<(Position, String)>) {
    let calls = page.calls();
    let (examples, unreadable) = page.examples();
    let mut notes: Vec<(Position, String)> = unreadable.into_iter().map(|(line, reason)| (page.position(line), reason)).collect();
    let bodies: Vec<&Example> = examples.iter().filter(|example| example.half == Half::Request).collect();
    let mut recorded = Vec::new();
    for example in examples.iter().filter(|example| example.half == Half::Response) {
        let position = page.position(example.line);
        let Some(subject) = Subject::of(page, document, &calls, example.line) else {
            notes.push((position, "the example belongs to no request that the page or the document names".to_owned()));
            continue;
        };
        let body = bodies.iter().rev().find(|body| body.line <= example.line).or(bodies.first()).map(|body| &body.text);
        let (status, stated) = match example.status {
            Some(status) => (status, true),
            None => (subject.success(), false),
        };
        let mut entry = subject.entry(body.map(String::as_str), status, &example.text);
        let comment = format!("{}:{}{}", position.file, position.line, if stated { "" } else { "; the page names no status" });
        if let Some(members) = entry.as_object_mut() {
            members.insert("comment".to_owned(), json!(comment));
            members.insert("_page".to_owned(), json!({"file": position.file, "line": position.line}));
        }
        if example.unlinked > 0 {
            notes.push((
                position.clone(),
                format!(
                    "took the angle brackets of Markdown off {} in the example",
                    if example.unlinked == 1 { "a link" } else { "links" }
                ),
            ));
        }
        recorded.push(Recorded { entry, position, operation: subject.number, status, stated, example: example.clone() });
    }
    if recorded.is_empty() {
        notes.extend(
            bodies
                .iter()
                .map(|body| (page.position(body.line), "the request example has no response on the page, so it is no exchange".to_owned())),
        );
    }
    (recorded, notes)
}

/// The operation that a line of a page is about, and the status of its success.
pub(crate) fn operation_at(page: &Page, document: &Document, line: u32) -> Option<(usize, u16)> {
    let calls = page.calls();
    let subject = Subject::of(page, Some(document), &calls, line)?;
    Some((subject.number?, subject.success()))
}

/// Entries as a HAR file.
pub fn har<'r>(entries: impl IntoIterator<Item = &'r Recorded>) -> Value {
    let entries: Vec<&Value> = entries.into_iter().map(|recorded| &recorded.entry).collect();
    json!({"log": {
        "version": "1.2",
        "creator": {"name": "wireproof", "version": env!("CARGO_PKG_VERSION")},
        "comment": "The examples of documentation pages; each entry says where it stands.",
        "entries": entries,
    }})
}

/// What an example is about: a request that the page shows, an operation of the document, or both.
struct Subject<'a> {
    page: &'a Page,
    call: Option<&'a Call>,
    document: Option<&'a Document>,
    operation: Option<&'a Operation>,
    number: Option<usize>,
}

impl<'a> Subject<'a> {
    /// The request nearest above a line, or the first on the page; where the page names none, the document's only operation.
    fn of(page: &'a Page, document: Option<&'a Document>, calls: &'a [Call], line: u32) -> Option<Self> {
        let operations = document.map(Document::operations).unwrap_or_default();
        let number_of = |call: &Call| {
            let path = call.template();
            let fits = |operation: &Operation| operation.method == call.method && path_fits(operation, call, &path);
            operations.iter().position(fits)
        };
        // A page that speaks of one operation speaks of it throughout; on others, an example belongs to what stands above it.
        let above = calls.iter().filter(|call| call.line <= line).max_by_key(|call| (call.line, call.example)).or(calls.first());
        let number = match above {
            Some(call) => number_of(call),
            None if operations.len() == 1 => Some(0),
            None => None,
        };
        let operation = number.and_then(|number| operations.get(number));
        let same = |call: &&Call| call.example && (number.is_none() || number_of(call) == number);
        let call = calls.iter().find(|call| same(call) && !call.headers.is_empty()).or_else(|| calls.iter().find(same)).or(above);
        (call.is_some() || operation.is_some()).then_some(Self { page, call, document, operation, number })
    }

    /// The status of success: the only one that is documented, else 200.
    fn success(&self) -> u16 {
        let entries = self.operation.map(|operation| operation.responses.entries.as_slice()).unwrap_or_default();
        let successes: Vec<u16> = entries
            .iter()
            .filter_map(|response| match response.status {
                StatusPattern::Code(code) if (200..300).contains(&code) => Some(code),
                _ => None,
            })
            .collect();
        match successes.as_slice() {
            [only] => *only,
            _ => 200,
        }
    }

    fn entry(&self, example_body: Option<&str>, status: u16, text: &str) -> Value {
        let method =
            self.call.map(|call| call.method.as_str()).or(self.operation.map(|operation| operation.method.as_str())).unwrap_or("GET");
        let url = self.url();
        let query: Vec<Value> = url.split_once('?').map_or(Vec::new(), |(_, query)| {
            query
                .split('&')
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect()
        });
        let headers: Vec<Value> = self.headers().into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let mut request = json!({
            "method": method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [], "headers": headers, "queryString": query,
            "headersSize": -1, "bodySize": -1,
        });
        let body = self
            .call
            .and_then(|call| call.body.as_deref())
            .or(example_body)
            .filter(|_| method != "GET" && method != "DELETE" || self.takes_body());
        if let (Some(body), Some(members)) = (body, request.as_object_mut()) {
            members.insert("postData".to_owned(), json!({"mimeType": "application/json", "text": body}));
        }
        json!({
            // A page has no time; HAR asks for one.
            "startedDateTime": "1970-01-01T00:00:00.000Z",
            "time": 0,
            "request": request,
            "response": {
                "status": status, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                "headers": [{"name": "Content-Type", "value": "application/json"}],
                "content": {"size": text.len(), "mimeType": "application/json", "text": text},
                "redirectURL": "", "headersSize": -1, "bodySize": text.len(),
            },
            "cache": {},
            "timings": {"send": 0, "wait": 0, "receive": 0},
        })
    }

    fn takes_body(&self) -> bool {
        self.call.is_some_and(|call| call.body.is_some()) || self.operation.is_some_and(|operation| operation.request_body.is_some())
    }

    /// The URL of an example of the page, else one made of the document's server, path and example values.
    fn url(&self) -> String {
        let origin = self.call.and_then(Call::origin);
        let server =
            self.operation.and_then(|operation| operation.servers.first()).map(|server| server.url.trim_end_matches('/').to_owned());
        let server = server.filter(|server| server.contains("://"));
        if let Some(call) = self.call.filter(|call| call.example && !call.url.contains(['{', '<'])) {
            let query = if call.query.is_empty() { String::new() } else { format!("?{}", call.query) };
            return match origin {
                Some(_) => format!("{}{query}", call.url),
                None => format!("{}{}{query}", server.unwrap_or_default(), call.url),
            };
        }
        let template = match (self.operation, self.call) {
            (Some(operation), _) => operation.path.clone(),
            (None, Some(call)) => call.template(),
            (None, None) => String::new(),
        };
        let base = server.or_else(|| origin.map(str::to_owned)).unwrap_or_default();
        format!("{base}{}", self.filled(&template))
    }

    /// A path with a value for each variable.
    fn filled(&self, template: &str) -> String {
        let mut out = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            out.push_str(&self.value(name));
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// A value for a path variable: the page's, the document's example, or one of the right type.
    fn value(&self, name: &str) -> String {
        let letters = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_ascii_lowercase();
        if let Some((_, value)) = self.page.sample_values().into_iter().find(|(called, _)| letters(called) == letters(name)) {
            return value;
        }
        let parameter = self.operation.and_then(|operation| {
            operation.parameters.iter().find(|parameter| parameter.location == Location::Path && parameter.name == name)
        });
        let Some((document, parameter)) = self.document.zip(parameter) else { return name.to_owned() };
        let schema = match &parameter.shape {
            ParameterShape::Schema { schema: Some(schema), .. } => document.resolve(schema).map(|(_, schema)| schema),
            _ => None,
        };
        let example = document.get(&parameter.pointer).and_then(|parameter| parameter.get("example"));
        let example = example.or_else(|| schema?.get("example")).or_else(|| schema?.get("examples")?.get(0));
        match (
            example,
            schema.and_then(|schema| schema.get("type")).and_then(Value::as_str),
            schema.and_then(|schema| schema.get("format")).and_then(Value::as_str),
        ) {
            (Some(Value::String(text)), ..) => text.clone(),
            (Some(value), ..) if !value.is_object() && !value.is_array() => value.to_string(),
            (_, Some("integer" | "number"), _) => "1".to_owned(),
            (_, _, Some("uuid")) => "00000000-0000-4000-8000-000000000000".to_owned(),
            _ => name.to_owned(),
        }
    }

    /// The headers of the page's example; where it has none, those that the document asks for as credentials.
    fn headers(&self) -> Vec<(String, String)> {
        let names = self.credentials();
        let mut headers: Vec<(String, String)> = self.call.map(|call| call.headers.clone()).unwrap_or_default();
        for (name, value) in &mut headers {
            if is_secret(name) || names.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
                *value = masked(value);
            }
        }
        if headers.is_empty() {
            headers = names;
        }
        headers
    }

    /// The headers of the first set of credentials that the operation takes.
    fn credentials(&self) -> Vec<(String, String)> {
        let Some((document, operation)) = self.document.zip(self.operation) else { return Vec::new() };
        let Some(required) = operation.security.first() else { return Vec::new() };
        let header = |name: &str| {
            let scheme = document.security_schemes().iter().find(|scheme| scheme.name == name)?;
            match &scheme.kind {
                SecuritySchemeKind::ApiKey { location: Location::Header, name } => Some((name.clone(), "***".to_owned())),
                SecuritySchemeKind::Http { scheme } => Some(("Authorization".to_owned(), format!("{} ***", capitalised(scheme)))),
                SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect => {
                    Some(("Authorization".to_owned(), "Bearer ***".to_owned()))
                }
                _ => None,
            }
        };
        required.schemes.iter().filter_map(|(name, _)| header(name)).collect()
    }
}

/// Whether an operation is what a call of the page is about: the same path, or one that ends in it behind a server's own path.
fn path_fits(operation: &Operation, call: &Call, path: &str) -> bool {
    use crate::page::fits;
    let shape = |template: &str| {
        template.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment }.to_owned()).collect::<Vec<_>>()
    };
    if shape(&operation.path) == shape(path) || fits(&operation.path, path) {
        return true;
    }
    let bases = operation.servers.iter().filter_map(|server| {
        let (_, rest) = server.url.split_once("://")?;
        rest.find('/').and_then(|at| rest.get(at..)).map(|base| base.trim_end_matches('/'))
    });
    let mut bases = bases.filter_map(|base| path.strip_prefix(base));
    call.origin().is_some() && bases.any(|rest| fits(&operation.path, rest))
}

/// Whether a header carries a secret by its name.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["authorization", "cookie", "key", "token", "secret", "signature", "password"].iter().any(|word| name.contains(word))
        && name != "idempotency-key"
}

/// A secret without what is secret in it; the word before it tells the scheme.
fn masked(value: &str) -> String {
    match value.split_once(' ') {
        Some((scheme, _)) if scheme.chars().all(|letter| letter.is_ascii_alphabetic()) => format!("{scheme} ***"),
        _ => "***".to_owned(),
    }
}

fn capitalised(scheme: &str) -> String {
    let mut letters = scheme.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
