//! A request of a Postman collection: URL, header fields, credentials and body in Postman's own form.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::coding;
use super::super::fields::{self, Fields};
use super::super::node::Node;
use super::variables::Variables;
use crate::exchange::{Body, Headers, Message};

/// What would end a part of a query where it is written as it is typed.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'&').add(b'"').add(b'<').add(b'>');

/// A request as it was sent.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) message: Message,
}

/// Reads a request; `auth` is what stands in for its own credentials, and `template` is the request that it was made from: saved
/// examples name the variables of the path and often leave their values there.
///
/// # Errors
///
/// Why it is none: a fragment of a sentence.
pub(super) fn read(request: &Node<'_>, template: &Node<'_>, auth: &Node<'_>, variables: &mut Variables<'_, '_>) -> Result<Request, String> {
    // A request may be nothing but its URL.
    let written = if request.is_map() { request.get("url") } else { request };
    let sent = Fields::read(request.get("header"));
    let mut headers: Headers = sent.headers.iter().map(|(name, value)| (name.to_owned(), variables.resolve(value).into_owned())).collect();
    let mut url = url(written, template.get("url"), variables).ok_or("its request has no URL")?;
    credentials(auth, &mut headers, &mut url, variables);
    let url = fields::url(&url, headers.get("host"))?;
    let method = request.get("method").text().unwrap_or("GET").trim().to_ascii_uppercase();
    let body = body(request.get("body"), &mut headers, variables);
    Ok(Request { method, url, message: Message { headers, body } })
}

/// The media type of a language that Postman names.
pub(super) fn media_type(language: &str) -> Option<&'static str> {
    Some(match language {
        "json" => "application/json",
        "xml" => "application/xml",
        "html" => "text/html",
        "javascript" => "application/javascript",
        "text" | "plain" => "text/plain",
        _ => return None,
    })
}

/// The URL from its parts, which know what is disabled; from the text where there are no parts.
fn url(url: &Node<'_>, template: &Node<'_>, variables: &mut Variables<'_, '_>) -> Option<String> {
    let host = joined(url.get("host"), ".");
    let path = joined(url.get("path"), "/");
    if host.is_none() && path.is_none() {
        let raw = if url.is_map() { url.get("raw").text() } else { url.text() };
        return raw.map(|raw| variables.resolve_url(raw));
    }
    let mut written = String::new();
    if let Some(host) = host {
        if let Some(protocol) = url.get("protocol").text() {
            written.push_str(protocol);
            written.push_str("://");
        }
        written.push_str(&host);
        if let Some(port) = url.get("port").text() {
            written.push(':');
            written.push_str(port);
        }
    }
    for segment in path.iter().flat_map(|path| path.split('/')) {
        written.push('/');
        written.push_str(&path_variable(segment, [url, template]));
    }
    let mut separator = '?';
    for parameter in enabled(url.get("query")) {
        let Some(name) = parameter.get("key").text() else { continue };
        written.push(separator);
        separator = '&';
        written.extend(utf8_percent_encode(name, QUERY));
        if let Some(value) = parameter.get("value").any_text() {
            written.push('=');
            written.extend(utf8_percent_encode(value, QUERY));
        }
    }
    Some(variables.resolve_url(&written))
}

/// The parts of a host or a path; each may be a text or an object that holds one.
fn joined(parts: &Node<'_>, separator: &str) -> Option<String> {
    match parts {
        Node::List(parts) => {
            let parts = parts.iter().map(|part| part.any_text().or_else(|| part.get("value").any_text()).unwrap_or_default());
            Some(parts.collect::<Vec<_>>().join(separator))
        }
        Node::Text(text) => Some(text.trim_start_matches('/').to_owned()),
        _ => None,
    }
}

/// A segment of the path, or the value of the variable that it is (`:id`), from the first of the URLs that has one.
fn path_variable<'s>(segment: &'s str, urls: [&Node<'_>; 2]) -> Cow<'s, str> {
    let value = segment.strip_prefix(':').and_then(|name| {
        let variables = urls.into_iter().flat_map(|url| url.get("variable").items());
        let mut of_name = variables.filter(|variable| variable.first(&["key", "id"]).text() == Some(name));
        of_name.find_map(|variable| variable.get("value").text()).map(str::to_owned)
    });
    value.map_or(Cow::Borrowed(segment), Cow::Owned)
}

fn enabled<'n, 't>(list: &'n Node<'t>) -> impl Iterator<Item = &'n Node<'t>> {
    list.items().iter().filter(|item| !item.get("disabled").is_true())
}

/// Puts the credentials, which a collection keeps apart, where the request carried them.
fn credentials(auth: &Node<'_>, headers: &mut Headers, url: &mut String, variables: &Variables<'_, '_>) {
    let kind = auth.get("type").text().unwrap_or_default();
    let details = auth.get(kind);
    // Version 2.1 keeps a list of keys and values where 2.0 has an object.
    let detail = |name: &str| {
        let listed = details.items().iter().find(|item| item.get("key").text() == Some(name)).map(|item| item.get("value"));
        listed.unwrap_or(details.get(name)).text().map(|value| variables.resolve(value).into_owned())
    };
    let authorization = match kind {
        "bearer" => detail("token").map(|token| format!("Bearer {token}")),
        "oauth2" => detail("accessToken").map(|token| format!("Bearer {token}")),
        "basic" => {
            let (name, password) = (detail("username").unwrap_or_default(), detail("password").unwrap_or_default());
            Some(format!("Basic {}", coding::to_base64(&format!("{name}:{password}"))))
        }
        "apikey" => {
            let Some((name, value)) = detail("key").zip(detail("value")) else { return };
            if detail("in").as_deref() == Some("query") {
                let separator = if url.contains('?') { '&' } else { '?' };
                url.push(separator);
                url.extend(utf8_percent_encode(&name, NON_ALPHANUMERIC));
                url.push('=');
                url.extend(utf8_percent_encode(&value, NON_ALPHANUMERIC));
            } else if headers.get(&name).is_none() {
                headers.push(name, value);
            }
            return;
        }
        _ => return,
    };
    if let Some(value) = authorization.filter(|_| headers.get("authorization").is_none()) {
        headers.push("Authorization", value);
    }
}

fn body(body: &Node<'_>, headers: &mut Headers, variables: &Variables<'_, '_>) -> Body {
    if body.get("disabled").is_true() {
        return Body::Empty;
    }
    let mut content_type = |kind: &str| {
        if headers.get("content-type").is_none() {
            headers.push("Content-Type", kind);
        }
    };
    match body.get("mode").text() {
        Some("raw") => {
            let text = variables.resolve(body.get("raw").any_text().unwrap_or_default()).into_owned();
            let language = body.get("options").get("raw").get("language").text();
            if let Some(kind) = language.and_then(media_type).filter(|_| !text.is_empty()) {
                content_type(kind);
            }
            coding::of_text(text.into(), headers)
        }
        Some("urlencoded") => {
            let encoded = |text: &str| utf8_percent_encode(&variables.resolve(text), NON_ALPHANUMERIC).to_string();
            let pairs = enabled(body.get("urlencoded")).filter_map(|pair| {
                let value = pair.get("value").any_text().unwrap_or_default();
                Some(format!("{}={}", encoded(pair.get("key").text()?), encoded(value)))
            });
            let form = pairs.collect::<Vec<_>>().join("&");
            content_type("application/x-www-form-urlencoded");
            Body::from_bytes(form)
        }
        Some("graphql") => {
            let query = body.get("graphql").get("query").any_text().unwrap_or_default();
            let query = serde_json::to_string(&variables.resolve(query)).unwrap_or_default();
            let given = body.get("graphql").get("variables").text().map(|text| variables.resolve(text));
            let given = given.map(|text| format!(",\"variables\":{text}")).unwrap_or_default();
            content_type("application/json");
            Body::from_bytes(format!("{{\"query\":{query}{given}}}"))
        }
        Some("formdata") if enabled(body.get("formdata")).next().is_some() => {
            content_type("multipart/form-data");
            Body::Unknown("the collection holds the parts of the multipart body, not the body".into())
        }
        Some("file") => Body::Unknown("the body was a file, which the collection does not hold".into()),
        _ => Body::Empty,
    }
}
