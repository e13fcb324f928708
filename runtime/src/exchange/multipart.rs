//! Bodies of `multipart/form-data`.

use std::collections::BTreeSet;
use std::fmt;

use bytes::Bytes;
use serde_core::Serialize;

use crate::data::Json;
use crate::decode::{Decode, Decoder};
use crate::exchange::style::Primitive;
use crate::exchange::{MediaType, RequestError};
use crate::validate::{Checker, Constraint};

/// What every boundary starts with; a number follows.
const BOUNDARY: &str = "wireproof-boundary-";

/// A form of parts, among them files.
#[derive(Debug, Clone, Default)]
pub struct Multipart {
    parts: Vec<Part>,
    /// The values among them, for whoever checks them.
    values: Vec<Checked>,
    /// The first value that could not be written.
    error: Option<RequestError>,
}

/// A value, and the checks of its type.
#[derive(Debug, Clone)]
struct Checked {
    name: String,
    value: Json,
    check: fn(&Json, &mut Checker),
}

#[derive(Debug, Clone)]
struct Part {
    name: String,
    filename: Option<String>,
    content_type: Option<String>,
    content: Bytes,
}

/// A file for a [`Multipart`] form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct File {
    /// The name that the server is told.
    pub filename: Option<String>,
    /// The media type; `application/octet-stream` where it is not given.
    pub content_type: Option<String>,
    /// The content.
    pub bytes: Bytes,
}

impl From<Bytes> for File {
    fn from(bytes: Bytes) -> Self {
        Self { filename: None, content_type: None, bytes }
    }
}

impl From<Vec<u8>> for File {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl Multipart {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value: a primitive as text, an array as one part per element, an object as JSON. Null adds nothing.
    /// A value that has no JSON form is an error of the request.
    pub fn value(&mut self, name: &str, value: &impl Decode) -> &mut Self {
        self.add_value(name, None, value)
    }

    /// Adds a value as a document of this media type: as JSON where the type says so, otherwise as [`value`](Self::value) does. Each element of
    /// an array is a part of its own, which is how OpenAPI has encodings apply.
    /// A value that has no JSON form is an error of the request.
    pub fn value_as(&mut self, name: &str, content_type: &str, value: &impl Decode) -> &mut Self {
        self.add_value(name, Some(content_type), value)
    }

    /// Adds a value as a JSON document.
    /// A value that has no JSON form is an error of the request.
    pub fn json(&mut self, name: &str, value: &(impl Serialize + ?Sized)) -> &mut Self {
        match serde_json::to_vec(value) {
            Ok(content) => self.add(name, None, Some("application/json".to_owned()), content.into()),
            Err(error) => self.fail(name, &error),
        }
        self
    }

    /// Adds a file.
    pub fn file(&mut self, name: &str, file: File) -> &mut Self {
        let filename = file.filename.unwrap_or_else(|| name.to_owned());
        let content_type = file.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
        self.add(name, Some(filename), Some(content_type), file.bytes);
        self
    }

    /// Adds a file of this media type, unless it names another one itself.
    pub fn file_as(&mut self, name: &str, content_type: &str, mut file: File) -> &mut Self {
        file.content_type.get_or_insert_with(|| content_type.to_owned());
        self.file(name, file)
    }

    fn add_value<T: Decode>(&mut self, name: &str, content_type: Option<&str>, value: &T) -> &mut Self {
        let value = match Json::of(value) {
            Ok(value) => value,
            Err(error) => {
                self.fail(name, &error);
                return self;
            }
        };
        match &value {
            Json::Array(elements) => elements.iter().for_each(|element| self.one(name, content_type, element)),
            value => self.one(name, content_type, value),
        }
        self.values.push(Checked { name: name.to_owned(), value, check: <T::By as Decoder<T>>::check });
        self
    }

    /// Checks the values, each under the name of its part.
    pub(super) fn check(&self, constraints: &[Constraint], checker: &mut Checker) {
        for Checked { name, value, check } in &self.values {
            checker.within(name, |checker| {
                for constraint in constraints {
                    if let Constraint::Member(asked, inner) = constraint
                        && asked == name
                    {
                        checker.apply(inner, value);
                    }
                }
                check(value, checker);
            });
        }
    }

    fn fail(&mut self, name: &str, error: &dyn fmt::Display) {
        self.error.get_or_insert_with(|| RequestError::body(format!("`{name}`: {error}")));
    }

    fn one(&mut self, name: &str, content_type: Option<&str>, value: &Json) {
        let is_json =
            content_type.is_some_and(|content_type| MediaType::parse(content_type).is_some_and(|media_type| media_type.is_json()));
        let given = content_type.map(str::to_owned);
        match Primitive::of(value) {
            Primitive::Undefined => {}
            Primitive::Text(text) if !is_json => self.add(name, None, given, text.into_owned().into()),
            Primitive::Text(_) | Primitive::Nested => {
                self.add(name, None, given.or_else(|| Some("application/json".to_owned())), value.to_string().into());
            }
        }
    }

    fn add(&mut self, name: &str, filename: Option<String>, content_type: Option<String>, content: Bytes) {
        self.parts.push(Part { name: name.to_owned(), filename, content_type, content });
    }

    /// The boundary, and the body; an error where a value could not be written.
    pub(super) fn encode(&self) -> Result<(String, Bytes), RequestError> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let boundary = self.boundary();
        let mut body = Vec::new();
        for part in &self.parts {
            body.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", escaped(&part.name)).as_bytes());
            if let Some(filename) = &part.filename {
                body.extend_from_slice(format!("; filename=\"{}\"", escaped(filename)).as_bytes());
            }
            if let Some(content_type) = &part.content_type {
                let content_type: String = content_type.chars().filter(|character| !character.is_control()).collect();
                body.extend_from_slice(format!("\r\nContent-Type: {content_type}").as_bytes());
            }
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(&part.content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok((boundary, body.into()))
    }

    /// The first boundary that no part has: the same form always has the same one, whatever its content.
    fn boundary(&self) -> String {
        let mut taken = BTreeSet::new();
        for part in &self.parts {
            let prefix = BOUNDARY.as_bytes();
            for (at, _) in part.content.windows(prefix.len()).enumerate().filter(|(_, window)| *window == prefix) {
                let digits = part.content.iter().skip(at + prefix.len()).take(19).take_while(|byte| byte.is_ascii_digit());
                let mut number = 0_u64;
                for digit in digits {
                    // Every number that the digits start with is taken: a boundary must not even start a line of the content.
                    number = number * 10 + u64::from(digit - b'0');
                    taken.insert(number);
                }
            }
        }
        // Of so many numbers and one more, one is free.
        let free = (1..=taken.len() as u64 + 1).find(|number| !taken.contains(number)).unwrap_or_default();
        format!("{BOUNDARY}{free}")
    }
}

/// A name inside quotes, escaped as browsers do.
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::{File, Multipart};
    use crate::Json;

    #[test]
    fn parts_are_written_and_cannot_break_out() {
        let mut form = Multipart::new();
        form.value("tags", &vec!["a".to_owned(), "b".to_owned()]);
        form.value("none", &None::<i32>);
        form.value("meta", &"{\"x\":1}".parse::<Json>().unwrap());
        form.json("n", &1);
        form.file(
            "f\"\r\nX: y",
            File { filename: Some("a.txt".into()), content_type: Some("text/plain\r\nX: y".into()), bytes: "hi".into() },
        );
        let (boundary, body) = form.encode().unwrap();
        assert_eq!(boundary, "wireproof-boundary-1");
        let parts = [
            "--B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\na\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nb\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"x\":1}\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"n\"\r\nContent-Type: application/json\r\n\r\n1\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"f%22%0D%0AX: y\"; filename=\"a.txt\"\r\nContent-Type: text/plainX: y\r\n\r\nhi\r\n",
            "--B--\r\n",
        ];
        assert_eq!(std::str::from_utf8(&body).unwrap(), parts.concat().replace("--B", "--wireproof-boundary-1"));
    }

    #[test]
    fn parts_have_the_media_type_that_is_asked_for() {
        let mut form = Multipart::new();
        form.value_as("a", "application/vnd.x+json", &vec!["x".to_owned(), "y".to_owned()]);
        form.value_as("b", "text/markdown", &1);
        form.value_as("c", "text/csv", &None::<i32>);
        form.file_as("d", "image/png", File { filename: None, content_type: Some("image/gif".into()), bytes: "g".into() });
        let body = String::from_utf8(form.encode().unwrap().1.to_vec()).unwrap();
        for part in [
            "name=\"a\"\r\nContent-Type: application/vnd.x+json\r\n\r\n\"x\"\r\n",
            "name=\"a\"\r\nContent-Type: application/vnd.x+json\r\n\r\n\"y\"\r\n",
            "name=\"b\"\r\nContent-Type: text/markdown\r\n\r\n1\r\n",
            "name=\"d\"; filename=\"d\"\r\nContent-Type: image/gif\r\n\r\ng\r\n",
        ] {
            assert!(body.contains(part), "{body} lacks {part}");
        }
        assert!(!body.contains("name=\"c\""), "{body}");
    }

    #[test]
    fn the_boundary_is_in_no_part() {
        let mut form = Multipart::new();
        form.value("a", &"x wireproof-boundary-1 wireproof-boundary-20".to_owned());
        assert_eq!(form.encode().unwrap().0, "wireproof-boundary-3");
    }
}
