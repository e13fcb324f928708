//! A JSON value as it stands in its text: texts are borrowed where no escape stands in them, numbers are their digits. It is made in
//! a fraction of the time that a [`Value`] takes, and that is all most bodies need: only one with findings becomes a [`Value`].
//! Next: `quick.rs`, which reads it, and `instance.rs`, through which a validator looks at either.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Objects with more members than this are looked up by a sorted index.
const SCANNED: usize = 24;

/// A value.
#[derive(Debug, PartialEq)]
pub(crate) enum Raw<'t> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// The digits of a sound number.
    Number(&'t str),
    /// A text, escapes undone.
    String(Cow<'t, str>),
    /// A list.
    Array(Vec<Self>),
    /// An object.
    Object(Members<'t>),
}

/// The members of an object, in the order of the text. No name stands twice.
#[derive(Debug, PartialEq)]
pub(crate) struct Members<'t> {
    list: Vec<(Cow<'t, str>, Raw<'t>)>,
    /// The places of the members in the order of their names; empty where there are few.
    sorted: Vec<usize>,
}

impl<'t> Members<'t> {
    /// `None` where a name stands twice.
    pub(super) fn new(list: Vec<(Cow<'t, str>, Raw<'t>)>) -> Option<Self> {
        let name = |at: &usize| list.get(*at).map(|(name, _)| &**name);
        if list.len() <= SCANNED {
            return (!repeats(&list)).then_some(Self { list, sorted: Vec::new() });
        }
        let mut sorted: Vec<usize> = (0..list.len()).collect();
        sorted.sort_unstable_by(|left, right| name(left).cmp(&name(right)));
        let twice = sorted.iter().zip(sorted.iter().skip(1)).any(|(left, right)| name(left) == name(right));
        (!twice).then_some(Self { list, sorted })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    /// The member of a name.
    pub(crate) fn get(&self, wanted: &str) -> Option<&Raw<'t>> {
        if self.sorted.is_empty() {
            return self.list.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        }
        let name = |at: &usize| self.list.get(*at).map_or("", |(name, _)| name);
        let at = self.sorted.binary_search_by(|at| name(at).cmp(wanted)).ok()?;
        self.list.get(*self.sorted.get(at)?).map(|(_, value)| value)
    }

    /// All of them.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, (Cow<'t, str>, Raw<'t>)> {
        self.list.iter()
    }
}

/// Whether a name stands twice among a few. Names are told apart by their length and ends first: a bit for each such kind says
/// whether one of it was there.
fn repeats(list: &[(Cow<'_, str>, Raw<'_>)]) -> bool {
    let mut kinds = 0_u64;
    list.iter().enumerate().any(|(at, (name, _))| {
        let bytes = name.as_bytes();
        let end = |byte: Option<&u8>| byte.copied().map_or(0, usize::from);
        let kind = 1_u64 << ((bytes.len() * 7 + end(bytes.first()) * 3 + end(bytes.last())) % 64);
        let seen = kinds & kind != 0;
        kinds |= kind;
        seen && list.iter().take(at).any(|(other, _)| other == name)
    })
}

impl Raw<'_> {
    /// The same as a value that owns what it holds.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Bool(*value),
            // What was read as a number is one.
            Self::Number(digits) => digits.parse().map_or(Value::Null, Value::Number),
            Self::String(text) => Value::String(text.clone().into_owned()),
            Self::Array(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.clone().into_owned(), value.to_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }
}
