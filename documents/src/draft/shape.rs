//! What values look like: taken in one after the other, held in memory that does not grow with their number, and told as a schema that
//! every one of them meets. Next: `schema.rs`, which tells it.
//!
//! A schema of values is a guess at what they have in common. It is made on the careful side: what was always there is required, what
//! was null once may be null, a format or an `enum` is told only where much speaks for it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::format::Formats;

/// How deep values are looked into. What lies deeper may be anything.
const DEPTH_LIMIT: usize = 64;

/// How many members of an object, and how many different texts, are remembered one by one.
const MEMBER_LIMIT: usize = 2_000;
const TEXT_LIMIT: usize = 24;

/// What is known of the values in one place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape {
    /// How many values were seen.
    pub(crate) seen: usize,
    pub(super) nulls: usize,
    pub(super) booleans: usize,
    pub(super) integers: usize,
    /// Whether one of them does not fit 32 bits.
    pub(super) long: bool,
    /// Numbers that are no integers.
    pub(super) numbers: usize,
    pub(super) texts: Texts,
    pub(super) objects: Objects,
    pub(super) arrays: usize,
    pub(super) items: Option<Box<Shape>>,
    /// Whether something was not looked into.
    pub(super) cut: bool,
}

/// The texts in one place.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    pub(super) seen: usize,
    /// The different ones, as long as they are few, and how often each was seen.
    pub(super) different: BTreeMap<String, usize>,
    /// Whether there were more than are remembered.
    pub(super) many: bool,
    pub(super) formats: Formats,
}

/// The objects in one place.
#[derive(Clone, Debug, Default)]
pub(super) struct Objects {
    pub(super) seen: usize,
    /// By name: in how many objects the member is, and what it looks like.
    pub(super) members: indexmap::IndexMap<String, (usize, Shape)>,
    /// All members beyond those that are remembered one by one.
    pub(super) more: Option<Box<Shape>>,
}

impl Shape {
    /// Takes a value in.
    pub(crate) fn take(&mut self, value: &Value) {
        self.take_at(value, 0);
    }

    fn take_at(&mut self, value: &Value, depth: usize) {
        self.seen += 1;
        if depth >= DEPTH_LIMIT {
            self.cut = true;
            return;
        }
        match value {
            Value::Null => self.nulls += 1,
            Value::Bool(_) => self.booleans += 1,
            Value::Number(number) => {
                if is_integer(&number.to_string()) {
                    self.integers += 1;
                    self.long |= number.as_i64().is_none_or(|number| i32::try_from(number).is_err());
                } else {
                    self.numbers += 1;
                }
            }
            Value::String(text) => self.texts.take(text),
            Value::Array(items) => {
                self.arrays += 1;
                let shape = self.items.get_or_insert_default();
                for item in items {
                    shape.take_at(item, depth + 1);
                }
            }
            Value::Object(members) => self.objects.take(members, depth),
        }
    }

    /// Takes in all that another shape has seen.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.seen += other.seen;
        self.nulls += other.nulls;
        self.booleans += other.booleans;
        self.integers += other.integers;
        self.long |= other.long;
        self.numbers += other.numbers;
        self.arrays += other.arrays;
        self.cut |= other.cut;
        self.texts.absorb(other.texts);
        if let Some(items) = other.items {
            self.items.get_or_insert_default().absorb(*items);
        }
        self.objects.seen += other.objects.seen;
        for (name, (count, shape)) in other.objects.members {
            self.objects.member(&name, |known, into| {
                *known += count;
                into.absorb(shape);
            });
        }
        if let Some(more) = other.objects.more {
            self.objects.more.get_or_insert_default().absorb(*more);
        }
    }

    /// Whether values of several kinds were seen; integers are numbers.
    pub(super) fn kinds(&self) -> usize {
        let kinds = [self.booleans, self.integers + self.numbers, self.texts.seen, self.arrays, self.objects.seen];
        kinds.iter().filter(|count| **count > 0).count()
    }

    /// Whether nothing but null was seen.
    pub(crate) fn is_null_only(&self) -> bool {
        self.nulls > 0 && self.kinds() == 0 && !self.cut
    }
}

/// Whether the text of a number is that of an integer.
fn is_integer(text: &str) -> bool {
    !text.contains(['.', 'e', 'E'])
}

impl Texts {
    fn take(&mut self, text: &str) {
        self.formats.take(text, self.seen == 0);
        self.seen += 1;
        self.count(text, 1);
    }

    fn count(&mut self, text: &str, count: usize) {
        if let Some(known) = self.different.get_mut(text) {
            *known += count;
        } else if self.different.len() < TEXT_LIMIT && text.len() <= 64 {
            self.different.insert(text.to_owned(), count);
        } else {
            self.many = true;
        }
    }

    fn absorb(&mut self, other: Self) {
        if other.seen == 0 {
            return;
        }
        self.formats.absorb(other.formats, self.seen == 0);
        self.seen += other.seen;
        self.many |= other.many;
        for (text, count) in other.different {
            self.count(&text, count);
        }
    }
}

impl Objects {
    fn take(&mut self, members: &Map<String, Value>, depth: usize) {
        self.seen += 1;
        for (name, value) in members {
            self.member(name, |count, shape| {
                *count += 1;
                shape.take_at(value, depth + 1);
            });
        }
    }

    /// Does something to what is known of a member.
    fn member(&mut self, name: &str, act: impl FnOnce(&mut usize, &mut Shape)) {
        if let Some((count, shape)) = self.members.get_mut(name) {
            act(count, shape);
        } else if self.members.len() < MEMBER_LIMIT {
            let (count, shape) = self.members.entry(name.to_owned()).or_default();
            act(count, shape);
        } else {
            act(&mut 0, self.more.get_or_insert_default());
        }
    }
}
