//! [`RequestBuilder`]: what a generated operation writes its parameters and its body into. Bodies are written in `body`; `parts` compares and
//! shows what an operation sends.

mod body;
mod parts;

use std::fmt;

use bytes::Bytes;
use http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue};

use crate::data::Json;
use crate::decode::{Decode, Decoder};
use crate::exchange::error::InvalidPart;
use crate::exchange::style::{self, Encode, PathStyle, QueryStyle};
use crate::exchange::{Credentials, OperationInfo, RequestError, Server, path};
use crate::validate::{Checker, Constraint};

pub use parts::{debug_operation, equal_operations};

use parts::Part;

/// A request in the making. Values may be anything that serializes; null and absent ones are not written.
pub struct RequestBuilder {
    info: OperationInfo,
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    cookies: Vec<(String, String)>,
    has_secret_cookie: bool,
    body: Bytes,
    is_checked: bool,
    /// What breaks constraints of the document.
    invalid: Vec<InvalidPart>,
    /// The first error. Nothing is written after it, and [`build`](Self::build) answers with it: so operations need not look at each step.
    error: Option<RequestError>,
    /// What was written, where that is asked for instead of a request; then everything is, whatever the errors.
    parts: Option<Vec<Part>>,
}

impl RequestBuilder {
    /// A request without parameters and body.
    pub fn new(info: &OperationInfo) -> Self {
        Self {
            info: *info,
            path: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            has_secret_cookie: false,
            body: Bytes::new(),
            is_checked: true,
            invalid: Vec::new(),
            error: None,
            parts: None,
        }
    }

    /// The same for a request whose values may break constraints of the document.
    pub fn unchecked(info: &OperationInfo) -> Self {
        Self { is_checked: false, ..Self::new(info) }
    }

    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> Result<(), RequestError>) {
        if self.error.is_none() || self.parts.is_some() {
            self.error = write(self).err();
        }
    }

    /// Writes a path parameter as most documents have it: style `simple`, not exploded.
    ///
    /// The request fails for a value that is undefined or that the style has no form for.
    pub fn path(&mut self, name: &str, value: &impl Decode) {
        self.path_in_style(name, PathStyle::Simple, false, value);
    }

    /// Writes a path parameter in any style (OpenAPI 3.1.0, section 4.8.12.3).
    ///
    /// The request fails for a value that is undefined or that the style has no form for.
    pub fn path_in_style(&mut self, name: &str, style: PathStyle, explode: bool, value: &impl Decode) {
        self.attempt(|request| {
            let value = request.parameter("path", name, value)?;
            match style::path(name, style, explode, &value) {
                Ok(Some(text)) => {
                    request.path.push((name.to_owned(), text));
                    Ok(())
                }
                Ok(None) => Err(RequestError::parameter("path", name, "has no value")),
                Err(problem) => Err(RequestError::parameter("path", name, problem)),
            }
        });
    }

    /// Writes a query parameter as most documents have it: style `form`, exploded, reserved characters encoded.
    ///
    /// The request fails for a value that the style has no form for.
    pub fn query(&mut self, name: &str, value: &impl Decode) {
        self.query_in_style(name, QueryStyle::Form, true, false, value);
    }

    /// Writes a query parameter in any style (OpenAPI 3.1.0, section 4.8.12.3).
    ///
    /// The request fails for a value that the style has no form for.
    pub fn query_in_style(&mut self, name: &str, style: QueryStyle, explode: bool, allow_reserved: bool, value: &impl Decode) {
        self.attempt(|request| {
            let value = request.parameter("query", name, value)?;
            let encode: Encode = if allow_reserved { style::allow_reserved } else { style::percent_encode };
            let pairs =
                style::query(name, style, explode, encode, &value).map_err(|problem| RequestError::parameter("query", name, problem))?;
            request.query.extend(pairs);
            Ok(())
        });
    }

    /// Writes a path parameter whose value is a JSON document.
    ///
    /// The request fails for a value that has no JSON form.
    pub fn path_content(&mut self, name: &str, value: &impl Decode) {
        self.attempt(|request| {
            let value = request.parameter("path", name, value)?;
            request.path.push((name.to_owned(), style::percent_encode(&value.to_string())));
            Ok(())
        });
    }

    /// Writes a query parameter whose value is a JSON document.
    ///
    /// The request fails for a value that has no JSON form.
    pub fn query_content(&mut self, name: &str, value: &impl Decode) {
        self.attempt(|request| {
            let value = request.parameter("query", name, value)?;
            if !value.is_null() {
                request.add_query(style::percent_encode(name), style::percent_encode(&value.to_string()));
            }
            Ok(())
        });
    }

    /// Writes a header whose value is a JSON document.
    ///
    /// The request fails for a value that has no JSON form.
    pub fn header_content(&mut self, name: &str, value: &impl Decode) {
        self.attempt(|request| {
            let value = request.parameter("header", name, value)?;
            if value.is_null() { Ok(()) } else { request.set_header(name, false, &Json::String(value.to_string())) }
        });
    }

    /// Writes a cookie whose value is a JSON document.
    ///
    /// The request fails for a value that has no JSON form.
    pub fn cookie_content(&mut self, name: &str, value: &impl Decode) {
        self.attempt(|request| {
            let value = request.parameter("cookie", name, value)?;
            if value.is_null() { Ok(()) } else { request.set_cookie(name, false, &Json::String(value.to_string())) }
        });
    }

    /// Writes a header.
    ///
    /// The request fails for a value that the style has no form for, or that a header cannot carry, such as one with a line break.
    pub fn header(&mut self, name: &str, explode: bool, value: &impl Decode) {
        self.attempt(|request| {
            let value = request.parameter("header", name, value)?;
            request.set_header(name, explode, &value)
        });
    }

    fn set_header(&mut self, name: &str, explode: bool, value: &Json) -> Result<(), RequestError> {
        let fail = |problem: &str| RequestError::parameter("header", name, problem);
        if let Some(text) = style::header(explode, value).map_err(|problem| fail(&problem))? {
            let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| fail("has a name that HTTP does not allow"))?;
            let text =
                HeaderValue::from_bytes(text.as_bytes()).map_err(|_| fail("has a line break or another control character in its value"))?;
            self.headers.insert(header, text);
        }
        Ok(())
    }

    /// Writes a cookie: in style `form`, with exploded values as cookies of their own.
    ///
    /// The request fails for a value that the style has no form for.
    pub fn cookie(&mut self, name: &str, explode: bool, value: &impl Decode) {
        self.attempt(|request| {
            let value = request.parameter("cookie", name, value)?;
            request.set_cookie(name, explode, &value)
        });
    }

    fn set_cookie(&mut self, name: &str, explode: bool, value: &Json) -> Result<(), RequestError> {
        let pairs = style::query(name, QueryStyle::Form, explode, style::percent_encode, value);
        self.cookies.extend(pairs.map_err(|problem| RequestError::parameter("cookie", name, problem))?);
        Ok(())
    }

    /// Makes the request.
    ///
    /// # Errors
    ///
    /// The first parameter or body that could not be written, values that break constraints of the document, path parameters without a value, missing credentials, and parts that do not make a URL.
    pub fn build(mut self, server: &Server, credentials: &Credentials) -> Result<http::Request<Bytes>, RequestError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if !self.invalid.is_empty() {
            return Err(RequestError::Invalid { parts: self.invalid });
        }
        let info = self.info;
        let (path, query_of_path) = path::expand(info.path, &self.path)?;
        credentials.apply(&info, &mut self)?;
        let pairs = self.query.iter().map(|(name, value)| format!("{name}={value}"));
        let query = query_of_path.into_iter().filter(|query| !query.is_empty()).chain(pairs).collect::<Vec<_>>().join("&");
        let uri = server.uri(&path, &query).map_err(|error| RequestError::request(error.to_string()))?;
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut value = HeaderValue::from_str(&cookies.join("; "))
                .map_err(|_| RequestError::request("the cookies have characters that a header cannot carry"))?;
            value.set_sensitive(self.has_secret_cookie);
            self.headers.insert(COOKIE, value);
        }
        let mut request = http::Request::new(self.body);
        *request.method_mut() = info.method.parse().map_err(|_| RequestError::request(format!("`{}` is not a method", info.method)))?;
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers;
        Ok(request)
    }

    /// The JSON of a parameter, checked.
    fn parameter<T: Decode>(&mut self, location: &'static str, name: &str, value: &T) -> Result<Json, RequestError> {
        let check = check_as(value);
        self.note(|| Part::value(location, name, json_of(value)));
        let value = json_of(value).map_err(|error| RequestError::parameter(location, name, format!("cannot be written: {error}")))?;
        let parameters = if self.is_checked { self.info.parameters } else { &[] };
        // Null is how a parameter is left out.
        if let Some(asked) = parameters.iter().find(|asked| asked.location == location && asked.name == name).filter(|_| !value.is_null()) {
            self.check(location, name, asked.constraints, &value, check);
        }
        Ok(value)
    }

    /// What is asked of a body of this media type, if any of it is to be checked.
    fn constraints_of(&self, content_type: &str) -> Option<&'static [Constraint]> {
        let bodies = if self.is_checked { self.info.bodies } else { &[] };
        bodies.iter().find(|body| body.media_types.first() == Some(&content_type))?.constraints
    }

    /// Checks one part of the request and keeps what it breaks.
    fn check(
        &mut self,
        location: &'static str,
        name: &str,
        constraints: &[Constraint],
        value: &Json,
        check: impl FnOnce(&Json, &mut Checker),
    ) {
        let mut checker = Checker::default();
        checker.apply(constraints, value);
        check(value, &mut checker);
        if let Err(error) = checker.finish() {
            self.invalid.push(InvalidPart { location, name: name.to_owned(), error });
        }
    }

    /// Adds a query parameter that is encoded already.
    pub(super) fn add_query(&mut self, name: String, value: String) {
        self.query.push((name, value));
    }

    /// Adds a secret cookie that is encoded already.
    pub(super) fn add_cookie(&mut self, name: String, value: String) {
        self.has_secret_cookie = true;
        self.cookies.push((name, value));
    }

    /// Sets a header whose value is secret.
    pub(super) fn secret_header(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.insert(name, value);
    }
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RequestBuilder").field("info", &self.info).finish_non_exhaustive()
    }
}

fn json_of(value: &impl Decode) -> Result<Json, String> {
    Json::of(value).map_err(|error| error.to_string())
}

/// The checks of the type of a value.
fn check_as<T: Decode>(_: &T) -> fn(&Json, &mut Checker) {
    <T::By as Decoder<T>>::check
}
