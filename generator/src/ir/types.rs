//! Types: what a schema becomes. A [`Type`] is a use, a [`TypeDef`] a definition with a name of its own.

use std::collections::BTreeSet;

use wireproof_openapi::Pointer;

use super::constraint::Constraint;

/// The identity of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct TypeId(pub(crate) usize);

/// A type where it is used.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    /// Any JSON value.
    Any,
    /// `null` and nothing else.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Integer),
    /// A number of unlimited precision.
    Number,
    /// `format: float` and `format: double`.
    Double,
    /// Text.
    String,
    /// A list.
    Array(Box<Type>),
    /// An object whose member names are data.
    Map(Box<Type>),
    /// The type or `null`.
    Nullable(Box<Type>),
    /// A definition.
    Named(TypeId),
    /// The same behind a pointer, where a definition contains itself.
    Boxed(TypeId),
}

impl Type {
    /// The type, and `null` beside it.
    pub(crate) fn nullable(self) -> Self {
        match self {
            Self::Any | Self::Null | Self::Nullable(_) => self,
            other => Self::Nullable(Box::new(other)),
        }
    }

    /// Without `null`, and whether it was there.
    pub(crate) fn split_null(&self) -> (&Self, bool) {
        match self {
            Self::Nullable(inner) => (inner, true),
            other => (other, false),
        }
    }

    /// Puts other definitions in the place of those that this type names, where `other` has one.
    pub(crate) fn replace_named(&mut self, other: &impl Fn(TypeId) -> Option<TypeId>) {
        match self {
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.replace_named(other),
            Self::Named(id) | Self::Boxed(id) => *id = other(*id).unwrap_or(*id),
            _ => {}
        }
    }

    /// Calls `visit` for every definition that this type names, however deep.
    pub(crate) fn each_named(&self, visit: &mut impl FnMut(TypeId)) {
        match self {
            Self::Array(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.each_named(visit),
            Self::Named(id) | Self::Boxed(id) => visit(*id),
            _ => {}
        }
    }
}

/// The whole numbers that a schema's format or bounds fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Integer {
    /// `int32`, or bounds within it.
    I32,
    /// `int64`, or bounds within it.
    I64,
    /// `uint32`.
    U32,
    /// `uint64`.
    U64,
    /// No bounds known: of any size.
    Any,
}

/// A definition.
#[derive(Debug)]
pub(crate) struct TypeDef {
    /// Where it comes from: its identity, its name and its file follow from it.
    pub(crate) at: Pointer,
    /// A schema's own `title`.
    pub(crate) title: Option<String>,
    /// Documentation (CommonMark).
    pub(crate) doc: Doc,
    /// Whether this is only what is sent of the schema, because what is received of it is a definition of its own.
    pub(crate) request_side: bool,
    /// The definition with whose file it stands, itself perhaps; none where that is the file of its component or operation.
    pub(crate) home: Option<TypeId>,
    /// What is asked of its values beyond what it is.
    pub(crate) constraints: Vec<Constraint>,
    /// What it is.
    pub(crate) shape: Shape,
}

/// What a document says about a type, field or operation, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Doc {
    /// `description`, else `title` or `summary`.
    pub(crate) text: Option<String>,
    /// Constraints that the type does not express, in words.
    pub(crate) notes: Vec<String>,
    /// Whether the document advises against it.
    pub(crate) deprecated: bool,
}

/// The kinds of definition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// An object with named members.
    Struct(Struct),
    /// A list whose items each have a type of their own.
    Tuple(Tuple),
    /// A choice among strings.
    Enumeration(Enumeration),
    /// A choice among whole numbers.
    IntegerEnumeration(IntegerEnumeration),
    /// A choice among types.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
    /// An alias that contains itself, hence a type of its own.
    Newtype(Newtype),
    /// Not known yet, while its schema is being read.
    Pending,
}

/// An object with named members.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Struct {
    /// Sorted: required ones first, then by name.
    pub(crate) fields: Vec<Field>,
    /// What other members there may be.
    pub(crate) additional: AdditionalProperties,
    /// Which members must be there together or not.
    pub(crate) presence: Option<Presence>,
}

impl Struct {
    /// Puts the members in order.
    pub(crate) fn sort(&mut self) {
        self.fields.sort_by(|left, right| right.required.cmp(&left.required).then_with(|| left.name.cmp(&right.name)));
    }
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Field {
    /// The name in JSON.
    pub(crate) name: String,
    /// Its type; nullable if null is allowed.
    pub(crate) ty: Type,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// In which direction it travels.
    pub(crate) access: Access,
    /// Documentation.
    pub(crate) doc: Doc,
}

/// `readOnly` and `writeOnly`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// Both ways.
    #[default]
    Both,
    /// `readOnly`: it is received.
    ReadOnly,
    /// `writeOnly`: it is sent.
    WriteOnly,
}

/// Members beside the named ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum AdditionalProperties {
    /// None may be there.
    Refused,
    /// Any, each of this type.
    Allowed(Type),
}

/// A condition on which members are present, by their JSON names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Presence {
    /// The member is there.
    Has(String),
    /// All conditions hold.
    All(Vec<Presence>),
    /// At least one holds.
    Any(Vec<Presence>),
    /// Exactly one holds.
    One(Vec<Presence>),
    /// It does not hold.
    Not(Box<Presence>),
    /// At least so many members, of whatever name.
    Min(usize),
    /// At most so many.
    Max(usize),
}

impl Presence {
    /// What is left of the condition where some members count as present whether they are or not; `None`: it always holds.
    /// Never stricter than before: what speaks of such members other than by asking for them is dropped whole.
    pub(crate) fn without(&self, is_hidden: &impl Fn(&str) -> bool) -> Option<Self> {
        let kept = |parts: &[Self]| parts.iter().map(|part| part.without(is_hidden)).collect::<Vec<_>>();
        match self {
            Self::Has(name) => (!is_hidden(name)).then(|| self.clone()),
            Self::All(parts) => {
                let mut left: Vec<Self> = kept(parts).into_iter().flatten().collect();
                if left.len() > 1 { Some(Self::All(left)) } else { left.pop() }
            }
            Self::Any(parts) => kept(parts).into_iter().collect::<Option<_>>().map(Self::Any),
            Self::One(_) | Self::Not(_) => {
                let mut names = BTreeSet::new();
                self.names(&mut names);
                (!names.iter().any(|name| is_hidden(name))).then(|| self.clone())
            }
            Self::Min(_) | Self::Max(_) => Some(self.clone()),
        }
    }

    /// The member names that it mentions.
    pub(crate) fn names(&self, into: &mut BTreeSet<String>) {
        match self {
            Self::Has(name) => {
                into.insert(name.clone());
            }
            Self::All(parts) | Self::Any(parts) | Self::One(parts) => parts.iter().for_each(|part| part.names(into)),
            Self::Not(part) => part.names(into),
            Self::Min(_) | Self::Max(_) => {}
        }
    }

    /// Whether setting the member `name` can never break the condition.
    pub(crate) fn is_monotone_in(&self, name: &str) -> bool {
        match self {
            Self::Has(_) | Self::Min(_) => true,
            Self::All(parts) | Self::Any(parts) => parts.iter().all(|part| part.is_monotone_in(name)),
            Self::One(_) | Self::Not(_) => {
                let mut names = BTreeSet::new();
                self.names(&mut names);
                !names.contains(name)
            }
            Self::Max(_) => false,
        }
    }

    /// The smallest sets of members any of which fulfils the condition, where it is a plain choice of such sets.
    pub(crate) fn alternatives(&self) -> Option<Vec<Vec<String>>> {
        match self {
            Self::Has(name) => Some(vec![vec![name.clone()]]),
            Self::All(parts) => {
                let mut whole = Vec::new();
                for part in parts {
                    let Self::Has(name) = part else { return None };
                    whole.push(name.clone());
                }
                Some(vec![whole])
            }
            Self::Any(parts) | Self::One(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    let mut alternatives = part.alternatives()?;
                    if alternatives.len() != 1 {
                        return None;
                    }
                    all.append(&mut alternatives);
                }
                Some(all)
            }
            Self::Not(_) | Self::Min(_) | Self::Max(_) => None,
        }
    }
}

/// A list whose first items each have a type of their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tuple {
    /// The first items, all of which are there.
    pub(crate) items: Vec<TupleItem>,
    /// The type of further items, where there may be such.
    pub(crate) rest: Option<Type>,
}

/// One item of a tuple.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TupleItem {
    /// Its type; nullable if null is allowed.
    pub(crate) ty: Type,
    /// Documentation.
    pub(crate) doc: Doc,
}

/// A choice among strings.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Enumeration {
    /// The values, in the document's order, no two equal.
    pub(crate) values: Vec<String>,
    /// What the document says of each value.
    pub(crate) labels: Vec<Label>,
    /// Whether other values are kept (as `Unknown`) or refused.
    pub(crate) open: bool,
}

/// A choice among whole numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct IntegerEnumeration {
    /// The values, in the document's order, no two equal.
    pub(crate) values: Vec<i128>,
    /// What the document says of each value.
    pub(crate) labels: Vec<Label>,
    /// Whether other values are kept (as `Unknown`) or refused.
    pub(crate) open: bool,
}

/// What a document says of a value of an enumeration, by extensions such as `x-enum-varnames`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Label {
    /// What the value is called.
    pub(crate) name: Option<String>,
    /// What it means.
    pub(crate) text: Option<String>,
}

/// A choice among types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Union {
    /// The branches, in the document's order, no two of equal type.
    pub(crate) branches: Vec<Branch>,
    /// The member that tells them apart.
    pub(crate) tag: Option<Tag>,
    /// The branch for what no other one takes, whatever its tag.
    pub(crate) fallback: Option<usize>,
}

/// One branch of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Branch {
    /// What its variant is called after.
    pub(crate) name: String,
    /// Its type; never nullable.
    pub(crate) ty: Type,
    /// The one string that it is, where it is just that.
    pub(crate) constant: Option<String>,
    /// Documentation.
    pub(crate) doc: Doc,
}

/// `discriminator`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tag {
    /// `propertyName`.
    pub(crate) property: String,
    /// Values with the index of the branch they stand for.
    pub(crate) values: Vec<(String, usize)>,
}

/// A definition around one type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Newtype {
    /// The type inside.
    pub(crate) inner: Type,
}

impl Shape {
    /// Calls `visit` for every type that stands directly in this definition.
    pub(crate) fn each_type(&self, visit: &mut impl FnMut(&Type)) {
        match self {
            Self::Struct(object) => {
                object.fields.iter().for_each(|field| visit(&field.ty));
                if let AdditionalProperties::Allowed(ty) = &object.additional {
                    visit(ty);
                }
            }
            Self::Tuple(tuple) => tuple.items.iter().map(|item| &item.ty).chain(&tuple.rest).for_each(visit),
            Self::Union(union) => union.branches.iter().for_each(|branch| visit(&branch.ty)),
            Self::Alias(ty) | Self::Newtype(Newtype { inner: ty }) => visit(ty),
            Self::Enumeration(_) | Self::IntegerEnumeration(_) | Self::Pending => {}
        }
    }

    /// The same, to change them.
    pub(crate) fn each_type_mut(&mut self, visit: &mut impl FnMut(&mut Type)) {
        match self {
            Self::Struct(object) => {
                object.fields.iter_mut().for_each(|field| visit(&mut field.ty));
                if let AdditionalProperties::Allowed(ty) = &mut object.additional {
                    visit(ty);
                }
            }
            Self::Tuple(tuple) => tuple.items.iter_mut().map(|item| &mut item.ty).chain(&mut tuple.rest).for_each(visit),
            Self::Union(union) => union.branches.iter_mut().for_each(|branch| visit(&mut branch.ty)),
            Self::Alias(ty) | Self::Newtype(Newtype { inner: ty }) => visit(ty),
            Self::Enumeration(_) | Self::IntegerEnumeration(_) | Self::Pending => {}
        }
    }
}

/// Whether a place is a component schema itself, not something inside one.
pub(crate) fn is_component(at: &str) -> bool {
    at.strip_prefix("/components/schemas/").is_some_and(|rest| !rest.contains('/'))
}
