//! `multipart/form-data` bodies (RFC 7578): cut into parts, and the parts made into the object that the schema describes, each
//! by its `encoding` or, where there is none, by the type of its property (OpenAPI 3.0.4, "Encoding Object").

use std::borrow::Cow;

use serde_json::{Map, Value};
use wireproof_openapi::{Encoding, Pointer};

use super::Given;
use super::form::{json_type, member, names};
use super::typed::Typer;
use crate::finding::Side;
use crate::json::{self, Fault};
use crate::media_type::MediaType;
use crate::schema::{Schemas, shorten};

/// How many parts are read; a body with more is refused.
const MAX_PARTS: usize = 10_000;

/// A body as an object, and what its parts say that the document does not.
#[derive(Debug)]
pub(crate) struct Multipart {
    /// The object.
    pub(crate) value: Value,
    /// Faults that did not keep it from being read.
    pub(crate) faults: Vec<Fault>,
    /// Parts of another content type than `encoding` asks for.
    pub(crate) other_types: Vec<OtherType>,
}

/// A part of another content type than its `encoding` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OtherType {
    /// The property.
    pub(crate) property: String,
    /// The part's content type.
    pub(crate) is: String,
    /// What the document asks for.
    pub(crate) expected: String,
}

/// One part.
#[derive(Debug)]
struct Part<'b> {
    name: String,
    is_file: bool,
    content_type: Option<String>,
    bytes: &'b [u8],
    /// Where it begins in the body.
    offset: usize,
}

/// Reads a body; `boundary` is that of its content type.
///
/// # Errors
///
/// Where the body is not made of parts, or a part that is JSON by its content type is none.
pub(crate) fn read_multipart(
    schemas: &Schemas,
    schema: Option<&Pointer>,
    encoding: &[Encoding],
    side: Side,
    (body, boundary): (&[u8], Option<&str>),
) -> Result<Multipart, Fault> {
    let typer = Typer { schemas, side };
    let parts = parts(body, boundary)?;
    let mut out = Multipart { value: Value::Null, faults: Vec::new(), other_types: Vec::new() };
    let mut members = Map::new();
    for name in names(&typer, schema, parts.iter().map(|part| part.name.as_str())) {
        let property = schema.and_then(|schema| typer.property_or_other(schema, &name));
        let said = encoding.iter().find(|encoding| encoding.property == name);
        let own: Vec<&Part<'_>> = parts.iter().filter(|part| part.name == name || part.name.strip_suffix("[]") == Some(&name)).collect();
        for part in &own {
            out.other_types.extend(other_type(part, said));
        }
        if own.is_empty() || said.is_some_and(|said| said.style.is_some()) {
            // Written as a form writes it, one part per pair: `meta[a]`.
            let pairs: Vec<(Cow<'_, str>, String)> =
                parts.iter().map(|part| (Cow::Borrowed(part.name.as_str()), escaped(&text_of(part.bytes)))).collect();
            let pairs: Vec<(Cow<'_, str>, &str)> = pairs.iter().map(|(name, text)| (name.clone(), text.as_str())).collect();
            if let Given::Value(value) = member(&typer, property.as_ref(), said, &pairs, &name) {
                members.insert(name, value);
            }
            continue;
        }
        let is_list = property.as_ref().is_some_and(|property| typer.is_list(property));
        let repeats = own.len() > 1 || own.iter().any(|part| part.name.ends_with("[]"));
        let item = property.as_ref().filter(|_| is_list).and_then(|property| typer.items(property));
        let mut values = Vec::with_capacity(own.len());
        for part in own {
            let schema = if is_list { item.as_ref() } else { property.as_ref() };
            let value = out.part(&typer, body, part, said, schema)?;
            match value {
                // One part of JSON may be the list itself.
                Value::Array(items) if is_list && !repeats => values.extend(items),
                value => values.push(value),
            }
        }
        let value = if is_list || values.len() > 1 { Value::Array(values) } else { values.pop().unwrap_or_default() };
        members.insert(name, value);
    }
    out.value = Value::Object(members);
    Ok(out)
}

impl Multipart {
    /// The value of one part.
    fn part(
        &mut self,
        typer: &Typer<'_>,
        body: &[u8],
        part: &Part<'_>,
        said: Option<&Encoding>,
        schema: Option<&Pointer>,
    ) -> Result<Value, Fault> {
        let own = part.content_type.as_deref();
        let promised = json_type(own.unwrap_or_default()).or_else(|| json_type(said?.content_type.as_deref()?));
        let named = |fault: &Fault| {
            let message = format!("the part `{}`: {}", shorten(&part.name, 80), fault.message);
            Fault::at(body, part.offset + fault.place.offset, message)
        };
        if promised.is_some() && !part.is_file {
            let parsed = json::parse(part.bytes).map_err(|fault| named(&fault))?;
            self.faults.extend(parsed.faults.iter().map(named));
            return Ok(parsed.value);
        }
        if part.is_file {
            return Ok(Value::String(text_of(part.bytes)));
        }
        if schema.is_some_and(|schema| !typer.is_scalar(schema))
            && let Ok(parsed) = json::parse(part.bytes)
        {
            // Objects are JSON unless the document says otherwise, whether the part says so or not.
            self.faults.extend(parsed.faults.iter().map(named));
            return Ok(parsed.value);
        }
        Ok(typer.scalar(schema, &text_of(part.bytes)))
    }
}

/// The bytes as text; what is not UTF-8 becomes a character for each byte, so that a limit on length counts bytes.
fn text_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned)
}

/// A text of a part, escaped as it would be within a form.
fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn other_type(part: &Part<'_>, said: Option<&Encoding>) -> Option<OtherType> {
    let expected = said?.content_type.as_deref()?;
    let is = part.content_type.as_deref()?;
    let actual = MediaType::parse(is);
    let fits = expected.split(',').any(|range| match (MediaType::parse(range.trim()), &actual) {
        (Some(range), Some(actual)) => range.includes(actual),
        _ => range.trim().eq_ignore_ascii_case(is),
    });
    (!fits).then(|| OtherType { property: part.name.clone(), is: is.to_owned(), expected: expected.to_owned() })
}

/// Cuts a body at its boundary; without one from the content type, its first line is taken for it.
fn parts<'b>(body: &'b [u8], boundary: Option<&str>) -> Result<Vec<Part<'b>>, Fault> {
    let fault = |offset: usize, message: &str| Err(Fault::at(body, offset, message));
    let first_line = || {
        let line = body.split(|&byte| byte == b'\n').next().unwrap_or_default();
        line.strip_prefix(b"--").map(|rest| rest.strip_suffix(b"\r").unwrap_or(rest).to_vec())
    };
    let Some(boundary) = boundary.map(|boundary| boundary.as_bytes().to_vec()).or_else(first_line).filter(|text| !text.is_empty()) else {
        return fault(0, "it begins with no boundary, and its content type names none");
    };
    let delimiter: Vec<u8> = b"--".iter().chain(&boundary).copied().collect();
    let Some(mut at) = find(body, &delimiter, 0) else { return fault(0, "the boundary of its content type does not occur in it") };
    let mut parts = Vec::new();
    loop {
        at += delimiter.len();
        let rest = body.get(at..).unwrap_or_default();
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        let Some(line) = rest.iter().position(|&byte| byte == b'\n') else {
            return fault(body.len(), "it is cut off: its last boundary is missing");
        };
        let start = at + line + 1;
        let Some(next) = find_at_line(body, &delimiter, start) else {
            return fault(body.len(), "it is cut off: its last boundary is missing");
        };
        if parts.len() >= MAX_PARTS {
            return fault(start, "it has more than 10000 parts");
        }
        parts.push(part(body, start, next)?);
        at = next;
    }
}

/// The part between two boundaries; `next` is the start of the second.
fn part(body: &[u8], start: usize, next: usize) -> Result<Part<'_>, Fault> {
    let text = body.get(start..next).unwrap_or_default();
    let text = text.strip_suffix(b"\r\n").or_else(|| text.strip_suffix(b"\n")).unwrap_or(text);
    let (head, offset) = match (find(text, b"\r\n\r\n", 0), find(text, b"\n\n", 0)) {
        (Some(end), other) if other.is_none_or(|other| end < other) => (end, end + 4),
        (_, Some(end)) => (end, end + 2),
        // An empty part, whose headers end where it ends.
        _ => (text.len(), text.len()),
    };
    let head = String::from_utf8_lossy(text.get(..head).unwrap_or_default());
    let header = |name: &str| {
        head.lines().find_map(|line| {
            line.split_once(':').filter(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition").unwrap_or_default();
    let Some(name) = parameter(&disposition, "name") else {
        return Err(Fault::at(body, start, "a part has no name in its `Content-Disposition`"));
    };
    let is_file = parameter(&disposition, "filename").or_else(|| parameter(&disposition, "filename*")).is_some();
    Ok(Part { name, is_file, content_type: header("content-type"), bytes: text.get(offset..).unwrap_or_default(), offset: start + offset })
}

/// A parameter of a header, quoted or not.
fn parameter(header: &str, name: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, tail) = match after.strip_prefix('"') {
            Some(quoted) => {
                let mut escaped = false;
                let end = quoted.find(|letter| {
                    let ends = letter == '"' && !escaped;
                    escaped = letter == '\\' && !escaped;
                    ends
                })?;
                (quoted.get(..end)?.replace("\\\"", "\""), quoted.get(end + 1..)?)
            }
            None => after.find(';').map_or((after.trim().to_owned(), ""), |end| (after[..end].trim().to_owned(), &after[end..])),
        };
        if key.trim().trim_start_matches(';').trim().eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = tail;
    }
}

fn find(text: &[u8], what: &[u8], from: usize) -> Option<usize> {
    text.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| from + at)
}

/// The next occurrence at the beginning of a line: elsewhere the letters are content.
fn find_at_line(text: &[u8], what: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = find(text, what, from)?;
        if at == 0 || text.get(at - 1) == Some(&b'\n') {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_cut_at_their_boundaries() {
        let body = b"preamble\r\n--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--x\r\n\
            content-disposition: form-data; filename=\"f;.png\"; name=b\r\nContent-Type: image/png\r\n\r\n\xFF--x\r\n\r\n--x--\r\n";
        let parts = parts(body, Some("x")).expect("parts");
        let told: Vec<_> = parts.iter().map(|part| (part.name.as_str(), part.is_file, part.content_type.as_deref(), part.bytes)).collect();
        assert_eq!(told, [("a", false, None, &b"one"[..]), ("b", true, Some("image/png"), b"\xFF--x\r\n")]);
        assert_eq!(body.get(parts[0].offset..parts[0].offset + 3), Some(&b"one"[..]));
    }

    #[test]
    fn bodies_that_are_none_say_where() {
        let head = "--x\nContent-Disposition: form-data; name=a\n\n";
        for (body, boundary, message) in [
            ("", None, "begins with no boundary"),
            ("hello", Some("x"), "does not occur"),
            ("--x", None, "cut off"),
            (head, None, "cut off"),
            ("--x\nContent-Type: text/plain\n\none\n--x--", None, "no name"),
            ("--x\nContent-Disposition: form-data; name=\"a\n\none\n--x--", None, "no name"),
        ] {
            let fault = parts(body.as_bytes(), boundary).expect_err(body);
            assert!(fault.message.contains(message), "{body}: {}", fault.message);
        }
        assert_eq!(parts(format!("{head}1\n--x--").as_bytes(), None).expect("parts")[0].bytes, b"1");
    }
}
