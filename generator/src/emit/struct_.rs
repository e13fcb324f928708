//! Structs: members as public fields, and what makes them objects in JSON (`wireproof_runtime::Model`).
//! Structs with a presence rule are in `presence.rs`.

use std::borrow::Cow;

use super::code::{Code, Fixed, Text, code, fragment};
use super::constraint;
use super::docs;
use super::enumeration;
use super::file::File;
use crate::ir::{AdditionalProperties, Constraint, Field, Struct, TypeId};
use crate::naming::{Ident, Scope, words};

/// The identifiers inside a struct.
pub(super) struct Fields {
    pub(super) members: Vec<Ident>,
    pub(super) additional: Ident,
}

impl Fields {
    pub(super) fn of(object: &Struct) -> Self {
        let mut scope = Scope::default();
        // In the order of names, whatever is required: a member keeps its name when it becomes optional.
        let mut order: Vec<usize> = (0..object.fields.len()).collect();
        order.sort_by(|left, right| object.fields[*left].name.cmp(&object.fields[*right].name));
        let idents = scope.members(order.iter().map(|index| object.fields[*index].name.as_str()));
        let mut named: Vec<(usize, Ident)> = order.into_iter().zip(idents).collect();
        named.sort_by_key(|(index, _)| *index);
        Self { members: named.into_iter().map(|(_, ident)| ident).collect(), additional: scope.lower(&[words("additional_properties")]) }
    }
}

/// How a member is held and read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// Required: the type itself, null being a value of it if allowed.
    Required,
    /// Optional: `Option`, absent or a value.
    Optional,
    /// Optional and nullable: `Field`, with three states.
    ThreeState,
}

impl Held {
    pub(super) fn of(field: &Field) -> Self {
        match (field.required, field.ty.split_null().1) {
            (true, _) => Self::Required,
            (false, false) => Self::Optional,
            (false, true) => Self::ThreeState,
        }
    }
}

/// The type of a field.
pub(super) fn field_type(file: &mut File<'_>, field: &Field) -> Code {
    match Held::of(field) {
        Held::Required => file.ty(&field.ty),
        Held::Optional => {
            let inner = file.ty(&field.ty);
            file.option(&inner)
        }
        Held::ThreeState => {
            let inner = file.ty(field.ty.split_null().0);
            fragment!("{}<{}>", file.runtime("Field"), inner)
        }
    }
}

/// Writes a struct without a presence rule.
pub(super) fn emit(file: &mut File<'_>, ident: &Ident, id: TypeId, object: &Struct) {
    let def = file.ir().get(id);
    docs::emit(file.body(), 0, &def.doc);
    let fields = Fields::of(object);
    definition(file, ident, object, &fields);
    if object.fields.iter().filter(|field| field.required).count() <= MAX_ARGUMENTS || !file.reach().is_received_only(id) {
        constructor(file, ident, object, &fields);
    }
    model(file, ident, object, &fields, &def.constraints);
}

/// With how many required members a struct that operations only receive has a constructor. Nobody but tests makes such a struct, and a literal, which
/// names its members, reads better than a row of so many arguments; to a compiler a long constructor is the dearest part of it.
const MAX_ARGUMENTS: usize = 7;

/// The definition.
pub(super) fn definition(file: &mut File<'_>, ident: &Ident, object: &Struct, fields: &Fields) {
    code!(file.body(), "pub struct {} {{", ident);
    for (field, name) in object.fields.iter().zip(&fields.members) {
        let mut doc = Cow::Borrowed(&field.doc);
        // Where nothing is said of a member and its name had to change, the name in JSON is worth saying.
        if doc.text.is_none() && field.name != name.as_str().trim_start_matches("r#") {
            doc.to_mut().text = Some(format!("`{}`", field.name.replace('`', "'")));
        }
        docs::emit(file.body(), 4, &doc);
        let ty = field_type(file, field);
        code!(file.body(), "    pub {}: {},", name, ty);
    }
    if let AdditionalProperties::Allowed(ty) = &object.additional {
        code!(file.body(), "    /// Members that the document does not name.");
        let additional = additional_type(file, ty);
        code!(file.body(), "    pub {}: {},", fields.additional, additional);
    }
    code!(file.body(), "}}");
    code!(file.body());
}

pub(super) fn additional_type(file: &mut File<'_>, ty: &crate::ir::Type) -> Code {
    let name = file.runtime("AdditionalProperties");
    if *ty == crate::ir::Type::Any {
        return name;
    }
    let ty = file.ty(ty);
    fragment!("{}<{}>", name, ty)
}

/// `new` with the required members; `Default` does where there are none.
pub(super) fn constructor(file: &mut File<'_>, ident: &Ident, object: &Struct, fields: &Fields) {
    if object.fields.iter().all(|field| !field.required) {
        return;
    }
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    for (field, name) in object.fields.iter().zip(&fields.members) {
        if field.required {
            let (parameter, value) = argument(file, name, &field.ty);
            parameters.extend(parameter);
            values.push(value);
        } else {
            values.push(absent(file, field, name));
        }
    }
    values.extend(no_others(file, object, fields));
    let body = file.body();
    code!(body, "impl {} {{", ident);
    code!(body, "    /// With its required members.");
    code!(body, "    pub fn new({}) -> Self {{", Code::rows(parameters, 8, "    pub fn new() -> Self {".len()));
    code!(body, "        Self {{");
    for value in values {
        code!(body, "            {},", value);
    }
    code!(body, "        }}");
    code!(body, "    }}");
    code!(body, "}}");
    code!(body);
}

/// The initialiser of an optional member that is not there.
pub(super) fn absent(file: &File<'_>, field: &Field, name: &Ident) -> Code {
    match Held::of(field) {
        Held::ThreeState => fragment!("{}: {}::Absent", name, file.runtime("Field")),
        _ => fragment!("{}: {}", name, file.prelude("None", "::core::option::Option::None")),
    }
}

/// The initialiser of the members that the document does not name, where there may be such.
pub(super) fn no_others(file: &File<'_>, object: &Struct, fields: &Fields) -> Option<Code> {
    matches!(object.additional, AdditionalProperties::Allowed(_))
        .then(|| fragment!("{}: {}::new()", fields.additional, file.runtime("AdditionalProperties")))
}

/// A parameter for a value of the type, and the field initialiser that takes it: text may come in any form. What can be one thing only needs no
/// parameter.
pub(super) fn argument(file: &mut File<'_>, name: &Ident, ty: &crate::ir::Type) -> (Option<Code>, Code) {
    let written = file.ty(ty);
    if let Some(only) = enumeration::only_variant(file.ir(), ty) {
        return (None, fragment!("{}: {}::{}", name, written, only));
    }
    let w = &file.words();
    if is_convertible(ty) {
        let into = w.prelude("Into", "::core::convert::Into");
        (Some(fragment!("{}: impl {}<{}>", name, into, written)), fragment!("{}: {}.into()", name, name))
    } else {
        (Some(fragment!("{}: {}", name, written)), fragment!("{}", name))
    }
}

/// Types for which a caller likely has something at hand that converts.
pub(super) fn is_convertible(ty: &crate::ir::Type) -> bool {
    use crate::ir::{Integer, Type};
    matches!(ty, Type::String | Type::Any | Type::Number | Type::Integer(Integer::Any))
}

/// How many members a tuple of the runtime takes at most.
const TUPLE: usize = 12;

/// The members as a tuple, or as several of them behind one another: `And((a, .., l), (m,))`; beside so many characters on the line.
fn tuples(and: &Code, pieces: &[Code], angles: bool, indent: usize, around: usize) -> Code {
    let tuple = |pieces: &[Code]| match pieces {
        [only] => fragment!("({},)", only),
        _ => fragment!("({})", Code::list(pieces.iter().cloned(), indent, around)),
    };
    match pieces.split_at_checked(TUPLE) {
        Some((first, rest)) if !rest.is_empty() => {
            let (first, rest) = (tuple(first), tuples(and, rest, angles, indent, around));
            if angles { fragment!("{}<{}, {}>", and, first, rest) } else { fragment!("{}({}, {})", and, first, rest) }
        }
        _ => tuple(pieces),
    }
}

/// Where the member with this index stands in what [`tuples`] makes of so many: `members.1.0`.
fn place(tuples: &Code, index: usize, length: usize) -> Code {
    if length <= TUPLE {
        fragment!("{}.{}", tuples, index)
    } else if index < TUPLE {
        fragment!("{}.0.{}", tuples, index)
    } else {
        place(&fragment!("{}.1", tuples), index - TUPLE, length - TUPLE)
    }
}

/// What makes the struct an object: its members in a row, to put together and to take apart.
pub(super) fn model(file: &mut File<'_>, ident: &Ident, object: &Struct, fields: &Fields, constraints: &[Constraint]) {
    let w = &file.words();
    let and = if object.fields.len() > TUPLE { w.runtime("And") } else { Code::default() };
    let types: Vec<Code> = object.fields.iter().map(|field| field_type(file, field)).collect();
    let others = match &object.additional {
        AdditionalProperties::Allowed(ty) => Some(additional_type(file, ty)),
        AdditionalProperties::Refused => None,
    };
    let none = if others.is_none() { w.runtime("NoOthers") } else { Code::default() };
    let names: Vec<Code> = fields.members.iter().map(|name| fragment!("{}", name)).collect();
    let all = Code::list(
        names.iter().cloned().chain(others.iter().map(|_| fragment!("{}", fields.additional))),
        12,
        "        let Self {  } = self;".len(),
    );
    let (open, close) = if all.is_lines() || all.is_empty() { ("", "") } else { (" ", " ") };
    let required = object.fields.iter().take_while(|field| field.required).count();
    let out = file.body();
    code!(out, "impl {} for {} {{", w.runtime("Model"), ident);
    let info = w.runtime("ModelInfo");
    let keys = object.fields.iter().map(|field| fragment!("{}", Text(&field.name)));
    let members = [
        fragment!("name: {}", Text(ident.as_str())),
        fragment!("keys: &[{}]", Code::list(keys, 12, "        keys: &[],".len())),
        fragment!("required: {}", required),
    ];
    let start = fragment!("const INFO: {} = {}", info, info);
    code!(out, "    {};", Code::record(&start, members, 4));
    constraint::constant(w, out, constraints, &[]);
    code!(out, "    type Members = {};", tuples(&and, &types, true, 8, "    type Members = ();".len()));
    code!(out, "    type Others = {};", others.as_ref().unwrap_or(&none));
    code!(out);
    let rest = if others.is_some() { fragment!("{}", fields.additional) } else { fragment!("_") };
    let members = if names.is_empty() { fragment!("()") } else { fragment!("members") };
    // Taking members by their place costs a compiler less than a pattern, which makes a variable of each.
    let built = names.iter().enumerate().map(|(index, name)| fragment!("{}: {}", name, place(&members, index, names.len())));
    let built = Code::list(built.chain(others.iter().map(|_| rest.clone())), 12, "        Self {  }".len());
    let (open_built, close_built) = if built.is_lines() || built.is_empty() { ("", "") } else { (" ", " ") };
    code!(out, "    fn build({}: Self::Members, {}: Self::Others) -> Self {{", members, rest);
    code!(out, "        Self {{{}{}{}}}", Fixed(open_built), built, Fixed(close_built));
    code!(out, "    }}");
    code!(out);
    // Taking the struct apart as a whole costs a compiler less than a reference to each member does.
    code!(out, "    fn refs(&self) -> {}<'_, Self> {{", w.runtime("Refs"));
    if !all.is_empty() {
        code!(out, "        let Self {{{}{}{}}} = self;", Fixed(open), all, Fixed(close));
    }
    let rest = if others.is_some() { rest } else { fragment!("&{}", none) };
    code!(out, "        ({}, {})", tuples(&and, &names, false, 12, "        ((), )".len() + rest.len()), rest);
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
    let default = if required == 0 { ", Default" } else { "" };
    code!(out, "wireproof_runtime::object!({}{});", ident, Fixed(default));
}
