//! What generated code stands on: everything about JSON and HTTP that is the same for every document.
//!
//! Generated code says what a document says (which members an object has, where a parameter goes, what a status means) and this crate does
//! the rest, so that a fault is mended here once, and generated code stays small enough to be read and quick to compile.
//!
//! ```text
//! operation -> RequestBuilder -> http::Request<Bytes>        exchange/  parameters, styles, bodies, credentials
//! http::Response<Bytes> -> RawResponse -> typed response     exchange/  statuses, media types, headers
//! JSON text <-> structs, enumerations, unions                model/, enumeration.rs, integer_enumeration.rs, union/, newtype.rs,
//!                                                            tuple.rs
//! JSON text <-> fields                                       decode/, data/
//! what types cannot say, before a request is sent            validate/
//! ```
//!
//! Nothing is lost on the way through a type: numbers keep every digit ([`Number`], [`Integer`], [`Json`]), members without a name in the
//! schema are kept ([`AdditionalProperties`]), and absent and null are two things ([`Field`]). What does not fit is an error that says
//! where: `/data/0/id: invalid type: null, expected a number`. No input makes the crate panic, overflow the stack or run for ever; see
//! `depth.rs` and `union/search.rs`. Nothing depends on the features of `serde_json` that other crates of a build may switch on.
//!
//! # The pipeline
//!
//! What follows is what generated code looks like, and what its users write at the end.
//!
//! ```
//! use wireproof_runtime::prelude::*;
//! use wireproof_runtime::{Credentials, RequestError, SchemeKind, SecuritySchemeInfo, Server};
//!
//! pub struct Deleted {
//!     pub success: bool,
//!     pub message: Option<String>,
//!     pub additional_properties: AdditionalProperties,
//! }
//!
//! impl Model for Deleted {
//!     const INFO: ModelInfo = ModelInfo { name: "Deleted", keys: &["success", "message"], required: 1 };
//!     type Members = (bool, Option<String>);
//!     type Others = AdditionalProperties;
//!
//!     fn build((success, message): Self::Members, additional_properties: Self::Others) -> Self {
//!         Self { success, message, additional_properties }
//!     }
//!
//!     fn refs(&self) -> Refs<'_, Self> {
//!         let Self { success, message, additional_properties } = self;
//!         ((success, message), additional_properties)
//!     }
//! }
//!
//! wireproof_runtime::object!(Deleted);
//!
//! pub struct DeleteContact {
//!     pub id: String,
//! }
//!
//! #[derive(Clone)]
//! pub enum DeleteContactResponse {
//!     Ok(Deleted),
//!     NotFound,
//!     Undocumented(RawResponse),
//! }
//!
//! impl Operation for DeleteContact {
//!     type Response = DeleteContactResponse;
//!
//!     const INFO: OperationInfo = OperationInfo {
//!         id: Some("deleteContact"),
//!         method: "DELETE",
//!         path: "/contacts/{id}",
//!         security: &[&[SecurityUse { scheme: "ApiKey", scopes: &[] }]],
//!         security_schemes: &[SecuritySchemeInfo { name: "ApiKey", kind: SchemeKind::Http { scheme: "bearer" } }],
//!         deprecated: false,
//!         parameters: &[],
//!         bodies: &[],
//!         round_trip: wireproof_runtime::round_trip::<Self>,
//!     };
//!
//!     fn encode(&self, request: &mut RequestBuilder) {
//!         request.path("id", &self.id);
//!     }
//!
//!     fn decode(response: RawResponse) -> Result<DeleteContactResponse, DecodeError> {
//!         response
//!             .reader()
//!             .json("200", JSON, DeleteContactResponse::Ok)
//!             .empty("404", DeleteContactResponse::NotFound)
//!             .finish(DeleteContactResponse::Undocumented)
//!     }
//! }
//!
//! impl OperationResponse for DeleteContactResponse {
//!     fn parts(&self) -> ResponseParts<'_> {
//!         match self {
//!             Self::Ok(body) => ResponseParts::json(200, "Ok", body),
//!             Self::NotFound => ResponseParts::empty(404, "NotFound"),
//!             Self::Undocumented(raw) => ResponseParts::undocumented(raw),
//!         }
//!     }
//! }
//!
//! wireproof_runtime::response!(DeleteContactResponse);
//!
//! // A typed operation becomes a request as bytes.
//! let server = Server::parse("https://api.example.com/v1")?;
//! let credentials = Credentials::new().bearer("ApiKey", "t0k3n");
//! let request = DeleteContact { id: "a/b".into() }.to_request(&server, &credentials)?;
//! assert_eq!(request.uri(), "https://api.example.com/v1/contacts/a%2Fb");
//!
//! // A response as bytes becomes a typed answer.
//! let answer = |body: &'static str| {
//!     let response = http::Response::builder().header("content-type", "application/json").body(Bytes::from(body)).unwrap();
//!     DeleteContact::from_response(response)
//! };
//! assert!(matches!(answer(r#"{"success": true}"#)?, DeleteContactResponse::Ok(deleted) if deleted.success));
//! let error = answer(r#"{"success": "yes"}"#).unwrap_err();
//! assert_eq!(error.pointer, "/success");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Start reading at `model/mod.rs` for JSON, and at `exchange/mod.rs` for HTTP.

mod data;
mod decode;
mod depth;
mod enumeration;
mod exchange;
mod integer_enumeration;
mod model;
mod newtype;
pub mod prelude;
mod tuple;
mod union;
mod validate;

pub use crate::data::{
    AdditionalProperties, Field, Integer, Json, JsonError, Map, NotAnInteger, Null, Nullable, Number, NumberError, raw_json, serialize_raw,
};
pub use crate::decode::{Decode, Decoder, Itself, Kinds};
pub use crate::enumeration::{
    AsString, Enumeration, EnumerationError, EnumerationInfo, debug_enumeration, encode_enumeration, equal_enumerations,
};
pub use crate::exchange::{
    Api, BodyError, BodyInfo, BodyRoundTrip, Credentials, DecodeError, EncodeError, EncodingInfo, File, InvalidPart, JSON, KeyLocation,
    MediaType, Multipart, Operation, OperationInfo, OperationResponse, ParameterInfo, PathStyle, QueryStyle, RawRequest, RawResponse,
    RequestBuilder, RequestError, ResponseBody, ResponseParts, ResponseReader, ResponseValue, RoundTrip, SchemeKind, Secret,
    SecuritySchemeInfo, SecurityUse, Server, ServerError, ServerInfo, ToJson, WithHeaders, body_round_trip, debug_operation,
    debug_response, equal_operations, equal_responses, round_trip, show_response,
};
#[cfg(feature = "reqwest")]
pub use crate::exchange::{Client, SendError};
pub use crate::integer_enumeration::{AsInteger, IntegerEnumeration, IntegerEnumerationError, integer_variant};
pub use crate::model::{
    And, AsChecked, AsObject, Members, Model, ModelInfo, NoOthers, Object, ObjectWriter, Others, Presence, PresenceError, Refs,
    check_presence, clone_model, debug_model, default_model, encode_model, equal_models,
};
pub use crate::newtype::{AsNewtype, Newtype};
pub use crate::tuple::{AsArray, Items, Tuple, encode_tuple};
pub use crate::union::{AsUnion, Choice, RawUnion, Union, UnionError};
pub use crate::validate::{Checker, Constraint, Format, Validate, ValidationError, Violation};

// What generated code names, so that its crate depends on this one only.
pub use bytes::{self, Bytes};
pub use http::{self, HeaderMap, StatusCode};
pub use serde_core::{
    self as serde, Serialize, Serializer,
    de::{MapAccess, SeqAccess},
    ser::{SerializeMap, SerializeSeq},
};
pub use serde_json;
