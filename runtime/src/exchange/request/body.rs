//! The bodies of requests: JSON, forms, parts, text and bytes.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};

use super::parts::Part;
use super::{RequestBuilder, check_as, json_of};
use crate::data::{Json, JsonError};
use crate::decode::Decode;
use crate::exchange::{EncodingInfo, MediaType, Multipart, RequestError, form};

impl RequestBuilder {
    /// Writes a body as JSON.
    ///
    /// The request fails for a value that has no JSON form.
    pub fn json(&mut self, content_type: &str, body: &impl Decode) {
        self.attempt(|request| {
            request.note(|| Part::value("body", content_type, json_of(body)));
            let text = serde_json::to_string(body).map_err(|error| RequestError::body(error.to_string()))?;
            if let Some(constraints) = request.constraints_of(content_type) {
                let value = text.parse().map_err(|error: JsonError| RequestError::body(error.to_string()))?;
                request.check("body", content_type, constraints, &value, check_as(body));
            }
            request.body(content_type, "application/json", text.into())
        });
    }

    /// Writes a body as `application/x-www-form-urlencoded`, each property in the way that is the default for its type.
    ///
    /// The request fails for a value that is not an object.
    pub fn form(&mut self, content_type: &str, body: &impl Decode) {
        self.attempt(|request| {
            request.form_with(content_type, body, &[]);
            Ok(())
        });
    }

    /// Writes a body as `application/x-www-form-urlencoded`, properties in the way that the document says.
    ///
    /// The request fails for a value that is not an object, or that a style has no form for.
    pub fn form_with(&mut self, content_type: &str, body: &impl Decode, encodings: &[EncodingInfo]) {
        self.attempt(|request| {
            let check = check_as(body);
            request.note(|| Part::value("body", content_type, json_of(body)));
            let body = json_of(body).map_err(RequestError::body)?;
            if let Some(constraints) = request.constraints_of(content_type) {
                request.check("body", content_type, constraints, &body, check);
            }
            let text = form::encode(&body, encodings).map_err(RequestError::body)?;
            request.body(content_type, "application/x-www-form-urlencoded", text.into())
        });
    }

    /// Writes a body of parts.
    ///
    /// The request fails for a content type that a header cannot carry.
    pub fn multipart(&mut self, content_type: &str, form: &Multipart) {
        self.attempt(|request| {
            if let Some(constraints) = request.constraints_of(content_type) {
                request.check("body", content_type, &[], &Json::Null, |_, checker| form.check(constraints, checker));
            }
            let encoded = form.encode();
            request.note(|| match &encoded {
                Ok((_, body)) => Part::bytes(content_type, body.clone()),
                Err(error) => Part::value("body", content_type, Err(error.to_string())),
            });
            let (boundary, body) = encoded?;
            let kind = MediaType::parse(content_type)
                .map(|media_type| media_type.essence())
                .filter(|essence| essence.starts_with("multipart/") && !essence.contains('*'));
            let kind = kind.as_deref().unwrap_or("multipart/form-data");
            request.body(&format!("{kind}; boundary={boundary}"), "multipart/form-data", body)
        });
    }

    /// Writes a body of text.
    ///
    /// The request fails for a content type that a header cannot carry.
    pub fn text(&mut self, content_type: &str, body: &(impl AsRef<str> + ?Sized)) {
        self.whole(content_type, "text/plain; charset=utf-8", Bytes::copy_from_slice(body.as_ref().as_bytes()));
    }

    /// Writes a body as it is.
    ///
    /// The request fails for a content type that a header cannot carry.
    pub fn bytes(&mut self, content_type: &str, body: Bytes) {
        self.whole(content_type, "application/octet-stream", body);
    }

    fn whole(&mut self, content_type: &str, default: &str, body: Bytes) {
        self.attempt(|request| {
            request.note(|| Part::bytes(content_type, body.clone()));
            request.body(content_type, default, body)
        });
    }

    /// Sets the body. Documents may have a range such as `*/*` as content type, which nothing is; then `default` is what it is.
    fn body(&mut self, content_type: &str, default: &str, body: Bytes) -> Result<(), RequestError> {
        let content_type = if content_type.contains('*') || content_type.is_empty() { default } else { content_type };
        let content_type = HeaderValue::from_str(content_type)
            .map_err(|_| RequestError::body("its content type has characters that a header cannot carry"))?;
        self.headers.insert(CONTENT_TYPE, content_type);
        self.body = body;
        Ok(())
    }
}
