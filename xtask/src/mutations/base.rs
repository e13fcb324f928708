//! An exchange of an operation that keeps the contract in everything.

use serde_json::Value;
use wireproof_contract::{Body, Contract, Exchange, Headers, Message, Severity, Side};
use wireproof_openapi::{
    Document, Location, MediaType, Operation, Parameter, ParameterShape, Pointer, Response, SecuritySchemeKind, StatusPattern,
};

use super::instance;

/// Makes one.
///
/// # Errors
///
/// What is in the way, in words that group operations.
pub(super) fn exchange(contract: &Contract, operation: &Operation) -> Result<Exchange, String> {
    let document = contract.document();
    let (status, response) = response(operation).ok_or("no status is documented")?;
    let mut answer = Message::default();
    for header in response.headers.iter().filter(|header| header.required) {
        answer.headers.push(&header.name, written(document, &header.shape, Side::Response).ok_or("a header that is not made")?);
    }
    if let Some(entry) = json(&response.content) {
        let value = body(contract, entry, Side::Response).ok_or("a response body that is not made")?;
        answer.headers.push("Content-Type", &entry.name);
        answer.body = Body::from_bytes(value.to_string());
    } else if !response.content.is_empty() {
        return Err("a response that is not JSON".to_owned());
    }
    let mut request = Message::default();
    let (path, query) = addressed(document, operation, &mut request.headers)?;
    let mut url = format!("{}{path}", base_url(operation));
    if let Some(body_of) = &operation.request_body {
        if let Some(entry) = json(&body_of.content) {
            let value = body(contract, entry, Side::Request).ok_or("a request body that is not made")?;
            request.headers.push("Content-Type", &entry.name);
            request.body = Body::from_bytes(value.to_string());
        } else if body_of.required {
            return Err("a request that is not JSON".to_owned());
        }
    }
    let mut pairs = query;
    authorize(document, operation, &mut request.headers, &mut pairs);
    if !pairs.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&pairs.join("&"));
    }
    let exchange = Exchange { method: operation.method.clone(), url, request, status, response: answer };
    let checked = contract.check(&exchange);
    if checked.operation.as_deref() != Some(operation.label().as_str()) {
        return Err("another operation takes its URL".to_owned());
    }
    match checked.findings.iter().find(|finding| finding.severity > Severity::Note) {
        Some(finding) => Err(format!("what was made breaks {}", finding.rule)),
        None => Ok(exchange),
    }
}

/// The response to answer with: the first success, else the first of all.
fn response(operation: &Operation) -> Option<(u16, &Response)> {
    let status = |pattern: StatusPattern| match pattern {
        StatusPattern::Code(code) => code,
        StatusPattern::Range(class) => u16::from(class) * 100,
        StatusPattern::Default => 200,
    };
    let mut all: Vec<(u16, &Response)> = operation.responses.entries.iter().map(|entry| (status(entry.status), entry)).collect();
    // A refusal would make notes of what is wrong with the request.
    all.retain(|(status, _)| (200..400).contains(status) && operation.method != "HEAD");
    all.sort_by_key(|(status, response)| (matches!(status, 204 | 205 | 304), response.content.is_empty(), *status));
    let (status, _) = *all.first()?;
    Some((status, operation.responses.matching(status)?))
}

pub(super) fn json(content: &[MediaType]) -> Option<&MediaType> {
    content.iter().find(|entry| entry.name.split(';').next().is_some_and(|name| name.trim() == "application/json"))
}

/// A body that its schema allows, and in which no field is undocumented: an example, or one made.
fn body(contract: &Contract, entry: &MediaType, side: Side) -> Option<Value> {
    let document = contract.document();
    let Some(schema) = &entry.schema else { return Some(Value::Bool(true)) };
    let examples = entry.examples.iter().filter_map(|(_, place)| document.get(place).cloned());
    let candidates = examples.chain(instance::of(document, schema, side));
    let sound = |value: &Value| {
        contract.check_value(schema, side, value.to_string().as_bytes()).iter().all(|finding| finding.severity == Severity::Note)
    };
    candidates.into_iter().find(sound)
}

/// The path with its variables filled in, and the pairs of the query; headers and cookies go where they belong.
fn addressed(document: &Document, operation: &Operation, headers: &mut Headers) -> Result<(String, Vec<String>), String> {
    let mut path = operation.path.clone();
    let mut query = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required || is_limited(document, parameter)) {
        let Some(text) = written(document, &parameter.shape, Side::Request).filter(|text| !text.is_empty()) else {
            if parameter.required {
                return Err("a parameter that is not made".to_owned());
            }
            continue;
        };
        match parameter.location {
            Location::Path => path = path.replace(&format!("{{{}}}", parameter.name), &escaped(&text)),
            Location::Query => query.push(format!("{}={}", escaped(&parameter.name), escaped(&text))),
            Location::Header => headers.push(&parameter.name, text),
            Location::Cookie => headers.push("Cookie", format!("{}={text}", parameter.name)),
        }
    }
    if path.contains(['{', '?', '#']) {
        return Err("a path that is not made".to_owned());
    }
    Ok((path, query))
}

/// Whether an optional parameter is worth sending: one of numbers, which text breaks.
fn is_limited(document: &Document, parameter: &Parameter) -> bool {
    scalar(document, &parameter.shape).is_some_and(|(_, node)| node.get("type").is_some_and(|kind| kind == "integer"))
}

/// The schema of a parameter or header that is written as one plain text.
pub(super) fn scalar<'d>(document: &'d Document, shape: &ParameterShape) -> Option<(Pointer, &'d Value)> {
    let ParameterShape::Schema { schema: Some(schema), .. } = shape else { return None };
    let (place, node) = document.resolve(schema)?;
    let kind = node.get("type")?.as_str()?;
    ["string", "integer", "number", "boolean"].contains(&kind).then_some((place, node))
}

/// The text of a parameter or header.
fn written(document: &Document, shape: &ParameterShape, side: Side) -> Option<String> {
    let ParameterShape::Schema { schema, style, .. } = shape else { return None };
    let prefix = match style {
        wireproof_openapi::Style::Label | wireproof_openapi::Style::Matrix | wireproof_openapi::Style::DeepObject => return None,
        _ => "",
    };
    let Some(schema) = schema else { return Some("text".to_owned()) };
    let text = match instance::of(document, schema, side)? {
        Value::String(text) => text,
        Value::Array(items) => match items.as_slice() {
            [Value::String(only)] => only.clone(),
            [only] if !only.is_object() && !only.is_array() => only.to_string(),
            _ => return None,
        },
        Value::Object(_) => return None,
        other => other.to_string(),
    };
    Some(format!("{prefix}{text}"))
}

pub(super) fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn base_url(operation: &Operation) -> String {
    let url = operation.servers.first().map(wireproof_openapi::Server::default_url).unwrap_or_default();
    let url = url.trim_end_matches('/');
    if url.contains("://") {
        url.to_owned()
    } else {
        format!("https://api.test{}{}", if url.is_empty() || url.starts_with('/') { "" } else { "/" }, url)
    }
}

/// Puts the credentials of the first alternative into a request.
fn authorize(document: &Document, operation: &Operation, headers: &mut Headers, query: &mut Vec<String>) {
    let schemes = operation.security.first().into_iter().flat_map(|alternative| &alternative.schemes);
    for (name, _) in schemes {
        match document.security_schemes().iter().find(|scheme| scheme.name == *name).map(|scheme| &scheme.kind) {
            Some(SecuritySchemeKind::ApiKey { location: Location::Query, name }) => query.push(format!("{}=key", escaped(name))),
            Some(SecuritySchemeKind::ApiKey { location: Location::Cookie, name }) => headers.push("Cookie", format!("{name}=key")),
            Some(SecuritySchemeKind::ApiKey { name, .. }) => headers.push(name, "key"),
            Some(SecuritySchemeKind::Http { scheme }) => headers.push("Authorization", format!("{scheme} key")),
            Some(SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect) => headers.push("Authorization", "Bearer key"),
            Some(SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown) | None => {}
        }
    }
}
