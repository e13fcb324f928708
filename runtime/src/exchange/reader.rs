//! [`ResponseReader`]: tries the documented responses of an operation on what came, in the document's words: `200`, `4XX`, `default`.
//!
//! Generated code lists them, narrow patterns before wide ones; what none of them takes is undocumented. What comes of it is in `operation.rs`.

use bytes::Bytes;

use crate::decode::Decode;
use crate::exchange::{DecodeError, RawResponse, WithHeaders};
use crate::model::Model;

/// The media type of nearly every body: `application/json`.
pub const JSON: &[&str] = &["application/json"];

/// Reads a response as the first documented one that has its status and content type.
///
/// ```
/// use wireproof_runtime::{Bytes, JSON, RawResponse, StatusCode};
///
/// #[derive(Debug, PartialEq)]
/// enum Answer {
///     Ok(i64),
///     Failed(StatusCode),
///     Undocumented(RawResponse),
/// }
///
/// let read = |status: u16, content_type: &str, body: &'static str| -> Result<Answer, Box<dyn std::error::Error>> {
///     let response = http::Response::builder().status(status).header("content-type", content_type).body(Bytes::from(body))?;
///     let answer = RawResponse::from(response)
///         .reader()
///         .json("200", JSON, Answer::Ok)
///         .with("default", |response| Answer::Failed(response.status()))
///         .finish(Answer::Undocumented)?;
///     Ok(answer)
/// };
/// assert_eq!(read(200, "application/json", "7")?, Answer::Ok(7));
/// assert_eq!(read(503, "text/html", "")?, Answer::Failed(StatusCode::SERVICE_UNAVAILABLE));
/// // A content type that the document does not name is no case of the wider pattern.
/// assert!(matches!(read(200, "text/html", "7")?, Answer::Undocumented(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a reader answers by `finish`"]
pub struct ResponseReader<R> {
    response: RawResponse,
    /// The pattern that the status has met. Wider ones that come later are not for this response.
    met: Option<&'static str>,
    found: Option<Result<R, DecodeError>>,
}

impl<R> ResponseReader<R> {
    pub(super) fn new(response: RawResponse) -> Self {
        Self { response, met: None, found: None }
    }

    /// A response with a JSON body.
    pub fn json<T: Decode>(self, statuses: &'static str, media_types: &[&str], make: fn(T) -> R) -> Self {
        self.body(statuses, media_types, RawResponse::json, |_, body| make(body))
    }

    /// The same; `make` gets the response, too.
    pub fn json_with<T: Decode>(self, statuses: &'static str, media_types: &[&str], make: fn(&RawResponse, T) -> R) -> Self {
        self.body(statuses, media_types, RawResponse::json, make)
    }

    /// A response with a JSON body and documented headers; those of `exploded` write objects as `a=1,b=2`.
    pub fn json_and_headers<T: Decode, H: Model + Decode + Default>(
        self,
        statuses: &'static str,
        media_types: &[&str],
        exploded: &[&str],
        make: fn(WithHeaders<T, H>) -> R,
    ) -> Self {
        self.body(statuses, media_types, RawResponse::json, |response, body| make(response.with_headers(body, exploded)))
    }

    /// A response with a body of text.
    pub fn text(self, statuses: &'static str, media_types: &[&str], make: fn(String) -> R) -> Self {
        self.body(statuses, media_types, RawResponse::text, |_, body| make(body))
    }

    /// The same; `make` gets the response, too.
    pub fn text_with(self, statuses: &'static str, media_types: &[&str], make: fn(&RawResponse, String) -> R) -> Self {
        self.body(statuses, media_types, RawResponse::text, make)
    }

    /// A response whose body is taken as it is.
    pub fn bytes(self, statuses: &'static str, media_types: &[&str], make: fn(Bytes) -> R) -> Self {
        self.body(statuses, media_types, |response| Ok(response.bytes()), |_, body| make(body))
    }

    /// The same; `make` gets the response, too.
    pub fn bytes_with(self, statuses: &'static str, media_types: &[&str], make: fn(&RawResponse, Bytes) -> R) -> Self {
        self.body(statuses, media_types, |response| Ok(response.bytes()), make)
    }

    /// A response that is told by its status alone.
    pub fn empty(self, statuses: &'static str, made: R) -> Self {
        self.take(statuses, None, |_| Ok(made))
    }

    /// A response that is told by its status alone, of which nothing but its headers is documented.
    pub fn headers<H: Model + Decode + Default>(self, statuses: &'static str, exploded: &[&str], make: fn(H) -> R) -> Self {
        self.take(statuses, None, |response| Ok(make(response.typed_headers(exploded))))
    }

    /// A response that is told by its status alone, and kept as it is.
    pub fn raw(self, statuses: &'static str, make: fn(RawResponse) -> R) -> Self {
        self.take(statuses, None, |response| Ok(make(response.clone())))
    }

    /// A response that is told by its status alone, whatever its body.
    pub fn with(self, statuses: &'static str, make: fn(&RawResponse) -> R) -> Self {
        self.take(statuses, None, |response| Ok(make(response)))
    }

    /// What has been read.
    ///
    /// # Errors
    ///
    /// A body that does not fit the type of its status and content type.
    pub fn finish(self, undocumented: fn(RawResponse) -> R) -> Result<R, DecodeError> {
        self.found.unwrap_or_else(|| Ok(undocumented(self.response)))
    }

    fn body<T>(
        self,
        statuses: &'static str,
        media_types: &[&str],
        read: impl FnOnce(&RawResponse) -> Result<T, DecodeError>,
        make: impl FnOnce(&RawResponse, T) -> R,
    ) -> Self {
        self.take(statuses, Some(media_types), |response| read(response).map(|body| make(response, body)))
    }

    fn take(
        mut self,
        statuses: &'static str,
        media_types: Option<&[&str]>,
        read: impl FnOnce(&RawResponse) -> Result<R, DecodeError>,
    ) -> Self {
        let open = self.found.is_none() && self.met.is_none_or(|met| met == statuses);
        if open && has_status(&self.response, statuses) {
            self.met = Some(statuses);
            if media_types.is_none_or(|media_types| self.response.is(media_types)) {
                self.found = Some(read(&self.response));
            }
        }
        self
    }
}

/// Whether the status is one of a key of `responses`: a code, a range as `4XX`, or `default` (OpenAPI 3.1.0, section 4.8.16).
fn has_status(response: &RawResponse, statuses: &str) -> bool {
    if statuses == "default" {
        return true;
    }
    let code = response.status();
    match statuses.strip_suffix("XX") {
        Some(class) => code.as_str().strip_prefix(class).is_some_and(|rest| rest.len() == 2),
        None => code.as_str() == statuses,
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, JSON, Model, RawResponse, WithHeaders};
    use crate::{Map, ModelInfo, NoOthers, Refs};

    fn answer(status: u16, content_type: &str, body: &'static str) -> RawResponse {
        http::Response::builder().status(status).header("content-type", content_type).body(Bytes::from(body)).unwrap().into()
    }

    /// The variant that a response becomes, of a document that has every kind of pattern.
    fn read(status: u16, content_type: &str, body: &'static str) -> Result<String, String> {
        answer(status, content_type, body)
            .reader()
            .json("200", JSON, |value: i64| format!("number {value}"))
            .text("200", &["text/plain"], |text| format!("text {text}"))
            .bytes("200", &["image/*"], |bytes| format!("{} bytes", bytes.len()))
            .empty("204", "nothing".to_owned())
            .json_with("2XX", JSON, |response, value: i64| format!("{} with {value}", response.status().as_u16()))
            .raw("404", |response| format!("kept {}", response.status().as_u16()))
            .with("4XX", |response| format!("refused by {}", response.status().as_u16()))
            .text_with("default", &["text/plain"], |response, text| format!("{} says {text}", response.status().as_u16()))
            .finish(|response| format!("undocumented {}", response.status().as_u16()))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_narrowest_pattern_with_the_content_type_takes_the_response() {
        let json = "application/json";
        for (status, content_type, body, expected) in [
            (200, json, "7", "number 7"),
            (200, "text/plain; charset=utf-8", "7", "text 7"),
            (200, "image/png", "png", "3 bytes"),
            // Neither `2XX` nor `default` is for a status that has a key of its own.
            (200, "text/html", "7", "undocumented 200"),
            (204, json, "", "nothing"),
            (201, json, "8", "201 with 8"),
            (201, "text/plain", "8", "undocumented 201"),
            (404, "text/html", "", "kept 404"),
            (410, "text/html", "", "refused by 410"),
            (503, "text/plain", "later", "503 says later"),
            (503, json, "1", "undocumented 503"),
        ] {
            assert_eq!(read(status, content_type, body).as_deref(), Ok(expected), "{status} {content_type}");
        }
    }

    /// The documented headers of a response.
    #[derive(Default)]
    struct Paging {
        size: Option<i64>,
        link: Option<Map<String>>,
    }

    impl Model for Paging {
        const INFO: ModelInfo = ModelInfo { name: "Paging", keys: &["X-Size", "X-Link"], required: 0 };
        type Members = (Option<i64>, Option<Map<String>>);
        type Others = NoOthers;

        fn build(members: Self::Members, _: Self::Others) -> Self {
            Self { size: members.0, link: members.1 }
        }

        fn refs(&self) -> Refs<'_, Self> {
            let Self { size, link } = self;
            ((size, link), &NoOthers)
        }
    }

    crate::object!(Paging);

    #[test]
    fn documented_headers_come_with_the_body_or_alone() {
        let read = |status: u16, explode: &[&str]| {
            let response = http::Response::builder()
                .status(status)
                .header("x-size", "7")
                .header("x-link", "next=2")
                .header("content-type", "application/json");
            let shown =
                |headers: &Paging| format!("{:?} {:?}", headers.size, headers.link.as_ref().and_then(|link| link.get("next").cloned()));
            let made = RawResponse::from(response.body(Bytes::from("[1]")).unwrap())
                .reader()
                .json_and_headers("200", JSON, explode, |answer: WithHeaders<Vec<i64>, Paging>| (Some(answer.body), answer.headers))
                .headers("404", explode, |headers: Paging| (None, headers))
                .finish(|_| (None, Paging::default()));
            made.map(|(body, headers)| (body, shown(&headers))).unwrap()
        };
        assert_eq!(read(200, &["X-Link"]), (Some(vec![1]), "Some(7) Some(\"2\")".to_owned()));
        // Not exploded, `next=2` is no list of names and values: the header is given up, the body is not.
        assert_eq!(read(200, &[]), (Some(vec![1]), "Some(7) None".to_owned()));
        assert_eq!(read(404, &["X-Link"]), (None, "Some(7) Some(\"2\")".to_owned()));
        assert_eq!(read(500, &["X-Link"]), (None, "None None".to_owned()));
    }

    #[test]
    fn a_body_that_does_not_fit_is_an_error_and_no_other_response() {
        let error = read(200, "application/json", "\"x\"").unwrap_err();
        assert_eq!(error, "response 200 (application/json) cannot be read: invalid type: a string, expected a number");
    }
}
