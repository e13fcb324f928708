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
//! use wireproof_runtime::{
//!     AdditionalProperties, Bytes, Credentials, DecodeError, EncodeError, MapAccess, Model, Object, ObjectWriter, Operation, OperationInfo,
//!     OperationResponse, PathStyle, RawResponse, RequestBuilder, RequestError, SchemeKind, SecuritySchemeInfo, SecurityUse, SerializeMap, Server,
//!     StatusCode,
//! };
//!
//! #[derive(Clone, Debug, PartialEq)]
//! pub struct Deleted {
//!     pub success: bool,
//!     pub message: Option<String>,
//!     pub additional_properties: AdditionalProperties,
//! }
//!
//! impl Model for Deleted {
//!     const NAME: &'static str = "Deleted";
//!     const KEYS: &'static [&'static str] = &["success", "message"];
//!
//!     fn decode_fields<'de, A: MapAccess<'de>>(object: &mut Object<'de, A>) -> Option<Self> {
//!         let mut success = None;
//!         let mut message = None;
//!         let mut additional_properties = AdditionalProperties::new();
//!         while let Some(key) = object.next_key() {
//!             match key {
//!                 0 => object.read(&mut success),
//!                 1 => object.read(&mut message),
//!                 _ => object.read_other(&mut additional_properties),
//!             }
//!         }
//!         Some(Self { success: object.take(0, success)?, message, additional_properties })
//!     }
//!
//!     fn encode_fields<S: SerializeMap>(&self, object: &mut ObjectWriter<S>) {
//!         object.write("success", &self.success);
//!         object.write_optional("message", &self.message);
//!         object.write_other(&self.additional_properties);
//!     }
//! }
//!
//! wireproof_runtime::model!(Deleted);
//!
//! pub struct DeleteContact {
//!     pub id: String,
//! }
//!
//! #[derive(Clone, Debug, PartialEq)]
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
//!         round_trip: wireproof_runtime::round_trip::<Self>,
//!     };
//!
//!     fn encode(&self, request: &mut RequestBuilder) -> Result<(), RequestError> {
//!         request.path("id", PathStyle::Simple, false, &self.id)
//!     }
//!
//!     fn decode(response: RawResponse) -> Result<DeleteContactResponse, DecodeError> {
//!         Ok(match response.status().as_u16() {
//!             200 if response.is(&["application/json"]) => DeleteContactResponse::Ok(response.json()?),
//!             404 => DeleteContactResponse::NotFound,
//!             _ => DeleteContactResponse::Undocumented(response),
//!         })
//!     }
//! }
//!
//! impl OperationResponse for DeleteContactResponse {
//!     fn status(&self) -> StatusCode {
//!         match self {
//!             Self::Ok(_) => wireproof_runtime::status_code(200),
//!             Self::NotFound => wireproof_runtime::status_code(404),
//!             Self::Undocumented(raw) => raw.status(),
//!         }
//!     }
//!
//!     fn encode_body(&self) -> Result<Option<Bytes>, EncodeError> {
//!         match self {
//!             Self::Ok(body) => wireproof_runtime::json_bytes(body),
//!             Self::NotFound | Self::Undocumented(_) => Ok(None),
//!         }
//!     }
//!
//!     fn variant(&self) -> &'static str {
//!         match self {
//!             Self::Ok(_) => "Ok",
//!             Self::NotFound => "NotFound",
//!             Self::Undocumented(_) => "Undocumented",
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
mod tuple;
mod union;

pub use crate::data::{
    AdditionalProperties, Field, Integer, Json, JsonError, Map, NotAnInteger, Null, Nullable, Number, NumberError, raw_json, serialize_raw,
};
pub use crate::decode::{Decode, Kinds};
pub use crate::enumeration::{Enumeration, EnumerationError, decode_enumeration, parse_enumeration};
pub use crate::exchange::{
    Api, Credentials, DecodeError, EncodeError, EncodingInfo, File, KeyLocation, MediaType, Multipart, Operation, OperationInfo,
    OperationResponse, PathStyle, QueryStyle, RawResponse, RequestBuilder, RequestError, RoundTrip, SchemeKind, Secret, SecuritySchemeInfo,
    SecurityUse, Server, ServerError, ServerInfo, json_bytes, raw_bytes, round_trip, status_code, text_bytes,
};
#[cfg(feature = "reqwest")]
pub use crate::exchange::{Client, SendError};
pub use crate::integer_enumeration::{IntegerEnumeration, IntegerEnumerationError, decode_integer_enumeration, integer_variant};
pub use crate::model::{
    Model, Object, ObjectWriter, Optional, Presence, PresenceError, check_presence, decode_checked, decode_model, encode_model,
};
pub use crate::newtype::decode_newtype;
pub use crate::tuple::{Items, Tuple, decode_tuple, encode_tuple};
pub use crate::union::{Choice, RawUnion, Union, UnionError, decode_union};

// What generated code names, so that its crate depends on this one only.
pub use bytes::{self, Bytes};
pub use http::{self, HeaderMap, StatusCode};
pub use serde_core::{
    self as serde, Serialize, Serializer,
    de::{MapAccess, SeqAccess},
    ser::{SerializeMap, SerializeSeq},
};
pub use serde_json;
