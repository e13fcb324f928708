//! What a validator looks at: a value as `serde_json` has it, or one as it stands in its text. `jsonschema` validates any
//! representation that says how it is looked at, so bodies need not become [`Value`]s to be found valid.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{self, Json, JsonNumber, NodeIdentity, cmp, unique};
use serde_json::{Map, Number, Value};

use super::raw::{Members, Raw};

/// The representation, for `jsonschema`.
pub(crate) struct Instances;

/// A value of either kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Instance<'v> {
    /// One that owns what it holds.
    Value(&'v Value),
    /// One that borrows from its text.
    Raw(&'v Raw<'v>),
    /// The name of a member, on which `propertyNames` looks as on a value.
    Name(&'v str),
}

impl<'v> From<&'v Value> for Instance<'v> {
    fn from(value: &'v Value) -> Self {
        Self::Value(value)
    }
}

impl<'v> Instance<'v> {
    /// Whether it is an object or a list.
    pub(crate) fn is_container(self) -> bool {
        matches!(self, Self::Value(Value::Object(_) | Value::Array(_)) | Self::Raw(Raw::Object(_) | Raw::Array(_)))
    }

    /// The members of an object.
    pub(crate) fn members(self) -> Option<Object<'v>> {
        match self {
            Self::Value(Value::Object(members)) => Some(Object::Value(members)),
            Self::Raw(Raw::Object(members)) => Some(Object::Raw(members)),
            _ => None,
        }
    }

    /// The items of a list.
    pub(crate) fn items(self) -> Option<Array<'v>> {
        match self {
            Self::Value(Value::Array(items)) => Some(Array::Value(items)),
            Self::Raw(Raw::Array(items)) => Some(Array::Raw(items)),
            _ => None,
        }
    }

    /// The text of a string.
    pub(crate) fn text(self) -> Option<&'v str> {
        match self {
            Self::Value(Value::String(text)) => Some(text),
            Self::Raw(Raw::String(text)) => Some(text),
            Self::Name(text) => Some(text),
            _ => None,
        }
    }

    /// Its type; numbers are of none in particular.
    pub(crate) fn kind(self) -> JsonType {
        match self {
            Self::Value(Value::Null) | Self::Raw(Raw::Null) => JsonType::Null,
            Self::Value(Value::Bool(_)) | Self::Raw(Raw::Boolean(_)) => JsonType::Boolean,
            Self::Value(Value::Number(_)) | Self::Raw(Raw::Number(_)) => JsonType::Number,
            Self::Value(Value::String(_)) | Self::Raw(Raw::String(_)) | Self::Name(_) => JsonType::String,
            Self::Value(Value::Array(_)) | Self::Raw(Raw::Array(_)) => JsonType::Array,
            Self::Value(Value::Object(_)) | Self::Raw(Raw::Object(_)) => JsonType::Object,
        }
    }
}

/// An object of either kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Object<'v> {
    Value(&'v Map<String, Value>),
    Raw(&'v Members<'v>),
}

impl<'v> Object<'v> {
    /// The member of a name.
    pub(crate) fn named(self, name: &str) -> Option<Instance<'v>> {
        match self {
            Self::Value(members) => members.get(name).map(Instance::Value),
            Self::Raw(members) => members.get(name).map(Instance::Raw),
        }
    }

    /// The names and values of its members.
    pub(crate) fn all(self) -> Entries<'v> {
        match self {
            Self::Value(members) => Entries::Value(members.iter()),
            Self::Raw(members) => Entries::Raw(members.iter()),
        }
    }
}

/// The members of an object, one after the other.
pub(crate) enum Entries<'v> {
    Value(serde_json::map::Iter<'v>),
    Raw(std::slice::Iter<'v, (Cow<'v, str>, Raw<'v>)>),
}

impl<'v> Iterator for Entries<'v> {
    type Item = (&'v str, Instance<'v>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Value(members) => members.next().map(|(name, value)| (name.as_str(), Instance::Value(value))),
            Self::Raw(members) => members.next().map(|(name, value)| (&**name, Instance::Raw(value))),
        }
    }
}

/// A list of either kind.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Array<'v> {
    Value(&'v [Value]),
    Raw(&'v [Raw<'v>]),
}

impl<'v> Array<'v> {
    /// Its items.
    pub(crate) fn all(self) -> Items<'v> {
        match self {
            Self::Value(items) => Items::Value(items.iter()),
            Self::Raw(items) => Items::Raw(items.iter()),
        }
    }
}

/// The items of a list, one after the other.
pub(crate) enum Items<'v> {
    Value(std::slice::Iter<'v, Value>),
    Raw(std::slice::Iter<'v, Raw<'v>>),
}

impl<'v> Iterator for Items<'v> {
    type Item = Instance<'v>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Value(items) => items.next().map(Instance::Value),
            Self::Raw(items) => items.next().map(Instance::Raw),
        }
    }
}

/// A number of either kind.
pub(crate) enum Digits<'v> {
    Value(&'v Number),
    Raw(&'v str),
}

impl Json for Instances {
    type Node<'a> = Instance<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), text: &str, look: impl FnOnce(Instance<'_>) -> T) -> T {
        look(Instance::Name(text))
    }
}

impl<'v> json::Node<'v, Instances> for Instance<'v> {
    type Object = Object<'v>;
    type Array = Array<'v>;
    type Number = Digits<'v>;

    fn as_object(&self) -> Option<Object<'v>> {
        self.members()
    }

    fn as_array(&self) -> Option<Array<'v>> {
        self.items()
    }

    fn as_string(&self) -> Option<Cow<'v, str>> {
        self.text().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Digits<'v>> {
        match self {
            Self::Value(Value::Number(number)) => Some(Digits::Value(number)),
            Self::Raw(Raw::Number(digits)) => Some(Digits::Raw(digits)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self {
            Self::Value(Value::Bool(value)) | Self::Raw(Raw::Boolean(value)) => Some(*value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        self.kind() == JsonType::Null
    }

    fn json_type(&self) -> JsonType {
        self.kind()
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.text(), expected) {
            (Some(text), Value::String(expected)) => text == expected,
            (Some(_), _) | (None, Value::String(_)) => false,
            (None, _) => cmp::equal(&self.to_value(), expected),
        }
    }

    fn to_value(&self) -> Cow<'v, Value> {
        match self {
            Self::Value(value) => Cow::Borrowed(value),
            Self::Raw(raw) => Cow::Owned(raw.to_value()),
            Self::Name(text) => Cow::Owned(Value::String((*text).to_owned())),
        }
    }

    fn identity(&self) -> Option<NodeIdentity> {
        // The address of a name may be that of the text which a value borrows from, so it is told apart.
        Some(match self {
            Self::Value(value) => NodeIdentity::new(std::ptr::from_ref::<Value>(value) as usize),
            Self::Raw(raw) => NodeIdentity::new(std::ptr::from_ref(*raw) as usize),
            Self::Name(text) => NodeIdentity::tagged(text.as_ptr() as usize, 1),
        })
    }
}

impl<'v> json::Object<'v, Instances> for Object<'v> {
    type Node = Instance<'v>;
    type MemberName = &'v str;
    type MembersIter = Entries<'v>;

    fn len(&self) -> usize {
        match self {
            Self::Value(members) => members.len(),
            Self::Raw(members) => members.len(),
        }
    }

    fn get(&self, name: &String) -> Option<Instance<'v>> {
        self.named(name)
    }

    fn members(&self) -> Entries<'v> {
        self.all()
    }
}

impl<'v> json::Array<'v, Instances> for Array<'v> {
    type Node = Instance<'v>;
    type ElementsIter = Items<'v>;

    fn len(&self) -> usize {
        match self {
            Self::Value(items) => items.len(),
            Self::Raw(items) => items.len(),
        }
    }

    fn elements(&self) -> Items<'v> {
        self.all()
    }

    fn is_unique(&self) -> bool {
        match self {
            Self::Value(items) => unique::is_unique(items),
            Self::Raw(items) => unique::is_unique(&items.iter().map(Raw::to_value).collect::<Vec<_>>()),
        }
    }
}

impl JsonNumber for Digits<'_> {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Value(number) => number.as_u64(),
            Self::Raw(digits) => digits.parse().ok(),
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Value(number) => number.as_i64(),
            Self::Raw(digits) => digits.parse().ok(),
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Value(number) => number.as_f64(),
            Self::Raw(digits) => digits.parse().ok().filter(|number: &f64| number.is_finite()),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Value(number) => JsonNumber::as_str(*number),
            Self::Raw(digits) => Cow::Borrowed(digits),
        }
    }

    fn to_number(&self) -> Cow<'_, Number> {
        match self {
            Self::Value(number) => Cow::Borrowed(number),
            // What was read as a number is one.
            Self::Raw(digits) => Cow::Owned(digits.parse().unwrap_or_else(|_| Number::from(0))),
        }
    }

    fn is_integer(&self) -> bool {
        match self {
            Self::Value(number) => JsonNumber::is_integer(*number),
            Self::Raw(digits) => !digits.contains(['.', 'e', 'E']) || JsonNumber::is_integer(&*self.to_number()),
        }
    }
}
