//! The language-neutral middle: what a document says, as types and operations. No Rust syntax, no document.
//! Built by `lower/`, refined by `passes/`, named by `naming/`, printed by `emit/`. Operations are in `operation.rs`.

mod constraint;
mod operation;
mod types;

use wireproof_openapi::Pointer;

pub(crate) use constraint::{Bound, Constraint, Count, Format};
pub(crate) use operation::{
    Body, BodyAlternative, Content, Message, Operation, Parameter, ParameterStyle, Part, PartKind, Payload, PropertyEncoding, Response,
    ResponseHeaders,
};
pub(crate) use types::{
    Access, AdditionalProperties, Branch, Doc, Enumeration, Field, Integer, IntegerEnumeration, Label, Newtype, Presence, Shape, Struct,
    Tag, Tuple, TupleItem, Type, TypeDef, TypeId, Union, is_component,
};

/// Everything that is made of one document.
#[derive(Debug, Default)]
pub(crate) struct Ir {
    /// All types that get a definition; [`TypeId`] is the index.
    pub(crate) types: Vec<TypeDef>,
    /// All operations, sorted by path and method.
    pub(crate) operations: Vec<Operation>,
    /// What webhooks and callbacks carry.
    pub(crate) messages: Vec<Message>,
    /// What each component schema became where something refers to it, `null` included, sorted by name.
    pub(crate) components: Vec<(Pointer, Type)>,
}

impl Ir {
    /// The definition behind an id.
    pub(crate) fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// All definitions with their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.types.iter().enumerate().map(|(index, def)| (TypeId(index), def))
    }
}
