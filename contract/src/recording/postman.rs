//! Postman collections (2.0 and 2.1) with saved responses: each is an exchange of the request that it was saved for. Variables take
//! the values that the collection gives them. A collection is read whole: its variables may stand at its end.
//!
//! Next: `postman/request.rs`, where a request of a collection becomes one of an exchange.

mod request;
mod variables;

use std::io::Read;
use std::ops::ControlFlow;

use super::fields::{self, Fields};
use super::node::Node;
use super::{Entry, Piece, RecordingError, coding, list};
use crate::exchange::{Body, Exchange, Message};
use crate::schema::shorten;
use variables::Variables;

/// How large a collection may be.
const MAX_SIZE: usize = 256 << 20;

/// How deep folders may nest; the parser of JSON sets a bound of its own.
const MAX_DEPTH: usize = 64;

pub(super) fn read(file: &str, reader: impl Read, each: &mut dyn FnMut(Piece) -> ControlFlow<()>) -> Result<(), RecordingError> {
    let fault = |message: String, place| RecordingError { file: file.to_owned(), place, message, entries: 0 };
    let mut bytes = Vec::new();
    reader
        .take(MAX_SIZE as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| fault(format!("the recording cannot be read on: {error}"), None))?;
    if bytes.len() > MAX_SIZE {
        return Err(fault(format!("the Postman collection is larger than {} MiB: split it", MAX_SIZE >> 20), None));
    }
    let text = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&bytes);
    let root: Node<'_> = serde_json::from_slice(text)
        .map_err(|error| fault(format!("no Postman collection: {}", list::fault(&error)), Some((error.line(), error.column()))))?;
    // The API of Postman wraps what its export writes bare.
    let collection = if root.get("collection").is_map() { root.get("collection") } else { &root };
    if !matches!(collection.get("item"), Node::List(_)) {
        return Err(fault("no Postman collection of version 2: it has no list `item`".to_owned(), None));
    }
    let mut variables = Variables::default();
    variables.enter(collection.get("variable"));
    let mut walk = Walk { variables, each };
    if walk.folder(collection, collection.get("auth"), 0).is_continue()
        && let Some(note) = walk.variables.note()
    {
        // There is nothing left to stop.
        let _ = (walk.each)(Piece::Ready(Entry::Note(note)));
    }
    Ok(())
}

struct Walk<'n, 't, 'e> {
    variables: Variables<'n, 't>,
    each: &'e mut dyn FnMut(Piece) -> ControlFlow<()>,
}

impl<'n, 't> Walk<'n, 't, '_> {
    fn folder(&mut self, folder: &'n Node<'t>, auth: &'n Node<'t>, depth: usize) -> ControlFlow<()> {
        for item in folder.get("item").items() {
            let auth = if item.get("auth").is_null() { auth } else { item.get("auth") };
            if matches!(item.get("item"), Node::List(_)) {
                if depth >= MAX_DEPTH {
                    self.tell(Err(format!("the folder `{}` lies deeper than {MAX_DEPTH} folders", name(item))))?;
                    continue;
                }
                self.variables.enter(item.get("variable"));
                let flow = self.folder(item, auth, depth + 1);
                self.variables.leave();
                flow?;
            } else {
                self.variables.enter(item.get("variable"));
                let flow = self.item(item, auth);
                self.variables.leave();
                flow?;
            }
        }
        ControlFlow::Continue(())
    }

    fn item(&mut self, item: &'n Node<'t>, auth: &'n Node<'t>) -> ControlFlow<()> {
        let responses = item.get("response").items();
        if responses.is_empty() {
            return self.tell(Err(format!("`{}` has no saved response", name(item))));
        }
        for response in responses {
            let exchange = self.exchange(item, response, auth).map_err(|reason| format!("`{}`: {reason}", name(item)));
            self.tell(exchange)?;
        }
        ControlFlow::Continue(())
    }

    fn exchange(&mut self, item: &'n Node<'t>, response: &Node<'t>, auth: &Node<'t>) -> Result<Exchange, String> {
        let original = response.get("originalRequest");
        let sent = if original.is_null() { item.get("request") } else { original };
        let own = [original.get("auth"), item.get("request").get("auth")];
        let auth = own.into_iter().find(|auth| !auth.is_null()).unwrap_or(auth);
        let request = request::read(sent, item.get("request"), auth, &mut self.variables)?;
        let code = response.get("code");
        let status = fields::status(if code.is_null() { response.get("status") } else { code }, None)?;
        let mut headers = Fields::read(response.get("header")).headers;
        let language = response.get("_postman_previewlanguage").text();
        if headers.get("content-type").is_none()
            && let Some(kind) = language.and_then(request::media_type)
        {
            headers.push("Content-Type", kind);
        }
        let body = match response.get("body") {
            Node::Text(text) => coding::of_text(text.clone(), &headers),
            Node::Null => Body::Empty,
            other => Body::Unknown(format!("`response.body` is {}, not a text", other.kind()).into()),
        };
        Ok(Exchange { method: request.method, url: request.url, request: request.message, status, response: Message { headers, body } })
    }

    fn tell(&mut self, exchange: Result<Exchange, String>) -> ControlFlow<()> {
        (self.each)(Piece::Ready(Entry::from(exchange)))
    }
}

/// The name of a folder or a request, as people know it.
fn name(item: &Node<'_>) -> String {
    shorten(item.get("name").text().unwrap_or("a request without a name"), 80)
}

#[cfg(test)]
mod tests;
