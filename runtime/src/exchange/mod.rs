//! HTTP: operations to requests, responses to typed answers, as bytes. Nothing here opens a connection but the optional `Client`.
//!
//! | module | holds |
//! | --- | --- |
//! | `info` | [`Api`], [`OperationInfo`]: what a document says, as constants |
//! | `operation` | [`Operation`], [`OperationResponse`]: what generated operations implement |
//! | `request`, `path`, `style` | [`RequestBuilder`]; path templates; the styles of parameters |
//! | `form`, `multipart` | bodies of forms |
//! | `server`, `credentials` | where requests go, and with what |
//! | `response`, `media_type`, `header` | [`RawResponse`]; media types and their ranges; typed headers |
//! | `reader` | [`ResponseReader`]: which of the documented responses it is |
//! | `raw_request` | [`RawRequest`]: the other side, for checks |
//! | `error` | what can go wrong |

#[cfg(feature = "reqwest")]
mod client;
mod credentials;
mod error;
mod form;
mod header;
mod info;
mod media_type;
mod multipart;
mod operation;
mod path;
mod raw_request;
mod reader;
mod request;
mod response;
mod server;
mod style;

#[cfg(feature = "reqwest")]
pub use client::{Client, SendError};
pub use credentials::{Credentials, Secret};
pub use error::{BodyError, DecodeError, EncodeError, InvalidPart, RequestError, ServerError};
pub use form::EncodingInfo;
pub use header::WithHeaders;
pub use info::{
    Api, BodyInfo, BodyRoundTrip, KeyLocation, OperationInfo, ParameterInfo, SchemeKind, SecuritySchemeInfo, SecurityUse, ServerInfo,
};
pub use media_type::MediaType;
pub use multipart::{File, Multipart};
pub use operation::{
    Operation, OperationResponse, ResponseBody, ResponseParts, ResponseValue, RoundTrip, ToJson, body_round_trip, debug_response,
    equal_responses, round_trip, show_response,
};
pub use raw_request::RawRequest;
pub use reader::{JSON, ResponseReader};
pub use request::{RequestBuilder, debug_operation, equal_operations};
pub use response::RawResponse;
pub use server::Server;
pub use style::{PathStyle, QueryStyle};
