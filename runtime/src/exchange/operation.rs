//! [`Operation`] and [`OperationResponse`]: what generated operations implement.

use bytes::Bytes;
use http::StatusCode;
use serde_core::Serialize;

use crate::exchange::{Credentials, DecodeError, EncodeError, OperationInfo, RawResponse, RequestBuilder, RequestError, Server};

/// An operation with its parameters and its body: a request that is about to be made.
pub trait Operation: Sized {
    /// The documented responses.
    type Response: OperationResponse;

    /// What the document says about it.
    const INFO: OperationInfo;

    /// Writes the parameters and the body.
    ///
    /// # Errors
    ///
    /// A value that has no place in a request.
    fn encode(&self, request: &mut RequestBuilder) -> Result<(), RequestError>;

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
    /// A value that has no place in a request, and credentials that are missing: see [`Credentials::anonymous`].
    fn to_request(&self, server: &Server, credentials: &Credentials) -> Result<http::Request<Bytes>, RequestError> {
        let mut request = RequestBuilder::new(&Self::INFO);
        self.encode(&mut request)?;
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
    /// The status.
    fn status(&self) -> StatusCode;

    /// Writes the body. `None` where the document describes none, and for a response that it does not describe.
    ///
    /// # Errors
    ///
    /// A value that has no JSON form.
    fn encode_body(&self) -> Result<Option<Bytes>, EncodeError>;

    /// The name of the variant.
    fn variant(&self) -> &'static str;

    /// Whether the document describes this response. Generated code names the variant of all others `Undocumented`.
    fn is_documented(&self) -> bool {
        self.variant() != "Undocumented"
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

/// A typed body as JSON text.
///
/// # Errors
///
/// A value that has no JSON form.
pub fn json_bytes<T: Serialize + ?Sized>(body: &T) -> Result<Option<Bytes>, EncodeError> {
    match serde_json::to_vec(body) {
        Ok(text) => Ok(Some(text.into())),
        Err(error) => Err(EncodeError::new(error.to_string())),
    }
}

/// A body of text.
///
/// # Errors
///
/// None: it is a `Result` for the sake of the match that it stands in, between those that can fail.
pub fn text_bytes(body: &str) -> Result<Option<Bytes>, EncodeError> {
    Ok(Some(Bytes::copy_from_slice(body.as_bytes())))
}

/// A body as it is.
///
/// # Errors
///
/// None: as [`text_bytes`].
pub fn raw_bytes(body: &Bytes) -> Result<Option<Bytes>, EncodeError> {
    Ok(Some(body.clone()))
}

/// The status of a code that a document has as a key. What HTTP does not know as a status matches no response, so it does not matter that it
/// becomes 200.
pub fn status_code(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or_default()
}

/// Implements `Display` and `Error` for a response enum, so that it can be the error of a `Result`.
#[macro_export]
macro_rules! response {
    ($type:ty) => {
        impl ::core::fmt::Display for $type {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let variant = $crate::OperationResponse::variant(self);
                ::core::write!(formatter, "{} ({variant})", $crate::OperationResponse::status(self))
            }
        }

        impl ::std::error::Error for $type {}
    };
}
