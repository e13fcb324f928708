//! [`Operation`] and [`OperationResponse`]: what generated operations implement.

use std::any::Any;
use std::fmt;

use bytes::Bytes;
use http::StatusCode;
use serde_core::Serialize;

use crate::decode::Decode;
use crate::exchange::response::read_json;
use crate::exchange::{BodyError, Credentials, DecodeError, EncodeError, OperationInfo, RawResponse, RequestBuilder, RequestError, Server};

/// An operation with its parameters and its body: a request that is about to be made.
pub trait Operation: Sized {
    /// The documented responses.
    type Response: OperationResponse;

    /// What the document says about it.
    const INFO: OperationInfo;

    /// Writes the parameters and the body. A value that has no place in a request is an error of the request.
    fn encode(&self, request: &mut RequestBuilder);

    /// Reads a response.
    ///
    /// # Errors
    ///
    /// A body that does not fit the type of its status and content type.
    fn decode(response: RawResponse) -> Result<Self::Response, DecodeError>;

    /// Makes the request, with the credentials that the operation asks for.
    ///
    /// # Errors
    ///
    /// A value that has no place in a request, one that breaks a constraint of the document ([`RequestError::Invalid`]), and credentials that are
    /// missing: see [`Credentials::anonymous`].
    fn to_request(&self, server: &Server, credentials: &Credentials) -> Result<http::Request<Bytes>, RequestError> {
        let mut request = RequestBuilder::new(&Self::INFO);
        self.encode(&mut request);
        request.build(server, credentials)
    }

    /// Makes the request without a look at lengths, ranges, patterns and formats: for a document that asks for more than its server does.
    ///
    /// # Errors
    ///
    /// Those of [`to_request`](Self::to_request), without `Invalid`.
    fn to_request_unchecked(&self, server: &Server, credentials: &Credentials) -> Result<http::Request<Bytes>, RequestError> {
        let mut request = RequestBuilder::unchecked(&Self::INFO);
        self.encode(&mut request);
        request.build(server, credentials)
    }

    /// Reads a response.
    ///
    /// # Errors
    ///
    /// A body that does not fit the type of its status and content type.
    fn from_response(response: http::Response<Bytes>) -> Result<Self::Response, DecodeError> {
        Self::decode(response.into())
    }
}

/// The responses of an operation: one variant per documented status, and one for any other.
pub trait OperationResponse: Sized {
    /// Which variant it is, and what is in it.
    fn parts(&self) -> ResponseParts<'_>;

    /// The status.
    fn status(&self) -> StatusCode {
        self.parts().status
    }

    /// The name of the variant.
    fn variant(&self) -> &'static str {
        self.parts().variant
    }

    /// Whether the document describes this response.
    fn is_documented(&self) -> bool {
        self.parts().documented
    }

    /// Writes the body. `None` where the document describes none, and for a response that it does not describe.
    ///
    /// # Errors
    ///
    /// A value that has no JSON form.
    fn encode_body(&self) -> Result<Option<Bytes>, EncodeError> {
        self.parts().body.encode()
    }
}

/// A response, taken apart.
#[derive(Debug, Clone, Copy)]
pub struct ResponseParts<'r> {
    status: StatusCode,
    variant: &'static str,
    documented: bool,
    body: ResponseBody<'r>,
    value: Option<&'r dyn ResponseValue>,
}

impl<'r> ResponseParts<'r> {
    /// A documented response. What HTTP does not know as a status matches no response, so it does not matter that it becomes 200.
    pub fn new(status: u16, variant: &'static str, body: ResponseBody<'r>) -> Self {
        Self { status: StatusCode::from_u16(status).unwrap_or_default(), variant, documented: true, body, value: None }
    }

    /// One with a JSON body.
    pub fn json<T: Decode + 'static>(status: u16, variant: &'static str, body: &'r T) -> Self {
        Self::new(status, variant, ResponseBody::Json(body)).of(body)
    }

    /// One with a body of text.
    pub fn text(status: u16, variant: &'static str, body: &'r String) -> Self {
        Self::new(status, variant, ResponseBody::Text(body)).of(body)
    }

    /// One with a body of bytes.
    pub fn bytes(status: u16, variant: &'static str, body: &'r Bytes) -> Self {
        Self::new(status, variant, ResponseBody::Bytes(body)).of(body)
    }

    /// One without a body, or with one that the document does not describe.
    pub fn empty(status: u16, variant: &'static str) -> Self {
        Self::new(status, variant, ResponseBody::None)
    }

    /// The same, with what stands in the variant: that is shown and compared.
    pub fn of<T: ResponseValue>(self, value: &'r T) -> Self {
        Self { value: Some(value), ..self }
    }

    /// A response that the document does not describe.
    pub fn undocumented(response: &'r RawResponse) -> Self {
        let variant = "Undocumented";
        Self { status: response.status(), variant, documented: false, body: ResponseBody::None, value: Some(response) }
    }
}

/// What stands in a variant of a response.
pub trait ResponseValue: fmt::Debug + Any {
    /// Whether it is of the same type and equal.
    fn equals(&self, other: &dyn ResponseValue) -> bool;
}

impl<T: fmt::Debug + PartialEq + 'static> ResponseValue for T {
    fn equals(&self, other: &dyn ResponseValue) -> bool {
        (other as &dyn Any).downcast_ref::<T>().is_some_and(|other| self == other)
    }
}

/// The typed body of a response.
#[derive(Clone, Copy)]
pub enum ResponseBody<'r> {
    /// None, or one whose content the document does not describe.
    None,
    /// JSON.
    Json(&'r dyn ToJson),
    /// Text.
    Text(&'r str),
    /// Bytes as they are.
    Bytes(&'r Bytes),
}

impl ResponseBody<'_> {
    /// The body as bytes.
    ///
    /// # Errors
    ///
    /// A value that has no JSON form.
    pub fn encode(&self) -> Result<Option<Bytes>, EncodeError> {
        match self {
            Self::None => Ok(None),
            Self::Json(value) => value.to_json().map(Some),
            Self::Text(text) => Ok(Some(Bytes::copy_from_slice(text.as_bytes()))),
            Self::Bytes(bytes) => Ok(Some((*bytes).clone())),
        }
    }
}

impl fmt::Debug for ResponseBody<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "None",
            Self::Json(_) => "Json",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
        })
    }
}

/// A value that has a JSON form.
pub trait ToJson {
    /// The value as JSON text.
    ///
    /// # Errors
    ///
    /// A value that has no JSON form.
    fn to_json(&self) -> Result<Bytes, EncodeError>;
}

impl<T: Serialize> ToJson for T {
    fn to_json(&self) -> Result<Bytes, EncodeError> {
        match serde_json::to_vec(self) {
            Ok(text) => Ok(text.into()),
            Err(error) => Err(EncodeError::new(error.to_string())),
        }
    }
}

/// A response that went through its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTrip {
    /// The variant that it was read as.
    pub variant: &'static str,
    /// Whether the document describes such a response.
    pub documented: bool,
    /// The body, written from the typed value; `None` where the type holds none.
    pub body: Option<Bytes>,
}

/// Reads a JSON body into its type, and writes it again: the function behind [`BodyInfo::round_trip`](crate::BodyInfo).
///
/// # Errors
///
/// A body that does not fit the type, or that the type cannot write again.
pub fn body_round_trip<T: Decode>(body: &Bytes) -> Result<Bytes, BodyError> {
    let value: T = read_json(body).map_err(BodyError::new)?;
    value.to_json().map_err(|error| BodyError::new(format!("the typed value cannot be written again: {error}")))
}

/// Reads a response into the type of an operation, and writes it again: the function behind [`OperationInfo::round_trip`].
///
/// # Errors
///
/// A body that does not fit the type, or that the type cannot write again.
pub fn round_trip<O: Operation>(response: RawResponse) -> Result<RoundTrip, DecodeError> {
    let original = response.clone();
    let typed = O::decode(response)?;
    let body =
        typed.encode_body().map_err(|error| DecodeError::new(&original, format!("the typed value cannot be written again: {error}")))?;
    Ok(RoundTrip { variant: typed.variant(), documented: typed.is_documented(), body })
}

/// Shows a response as its status and its variant, without what is in it: `404 Not Found (NotFound)`.
///
/// # Errors
///
/// Those of the formatter.
pub fn show_response<R: OperationResponse>(response: &R, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let ResponseParts { status, variant, .. } = response.parts();
    write!(formatter, "{status} ({variant})")
}

/// Shows a response with all that is in it: `NotFound(404, Problem { .. })`.
///
/// # Errors
///
/// Those of the formatter.
pub fn debug_response<R: OperationResponse>(response: &R, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let ResponseParts { status, variant, value, .. } = response.parts();
    let mut shown = formatter.debug_tuple(variant);
    shown.field(&status.as_u16());
    if let Some(value) = value {
        shown.field(&value);
    }
    shown.finish()
}

/// Whether two responses are the same variant, with the same status and content.
pub fn equal_responses<R: OperationResponse>(left: &R, right: &R) -> bool {
    let (left, right) = (left.parts(), right.parts());
    let same = (left.variant, left.status, left.documented) == (right.variant, right.status, right.documented);
    same && match (left.value, right.value) {
        (Some(left), Some(right)) => left.equals(right),
        (left, right) => left.is_none() && right.is_none(),
    }
}

/// Implements what every response enum has: `Debug` and `PartialEq`, and `Display` and `Error`, so that it can be the error of a `Result`.
#[macro_export]
macro_rules! response {
    ($type:ident) => {
        impl ::core::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::debug_response(self, formatter)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::equal_responses(self, other)
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::show_response(self, formatter)
            }
        }

        impl ::std::error::Error for $type {}
    };
}
