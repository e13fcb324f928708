//! What generated files name of this crate, for one `use wireproof_runtime::prelude::*;` at the top of each.
//!
//! A single import, since a large document has thousands of files and the compiler keeps a record of every name that a `use` lists: written
//! out, the imports of GitHub's crate take 50 MB. Types of a document hide those of the prelude that have their names; generated code says
//! `::wireproof_runtime::Map` then.

pub use crate::{
    AdditionalProperties, And, BodyInfo, Bytes, Constraint, DecodeError, EncodingInfo, Enumeration, EnumerationInfo, Field, File, Format,
    Integer, IntegerEnumeration, Items, JSON, Json, Map, Model, ModelInfo, Multipart, NoOthers, Nullable, Number, Operation, OperationInfo,
    OperationResponse, ParameterInfo, PathStyle, Presence, PresenceError, QueryStyle, RawResponse, RawUnion, Refs, RequestBuilder,
    ResponseBody, ResponseParts, SecurityUse, SeqAccess, Serialize, SerializeSeq, Serializer, StatusCode, Tuple, Union, UnionError,
    WithHeaders,
};
