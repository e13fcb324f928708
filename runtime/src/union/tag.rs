//! Finds the tag of a union with a discriminator: one string among the members of an object, without reading the others.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::decode::Decode;

/// The string that a member of an object has; `None` where there is no such member, or it is no string, or the text is no object.
pub(super) fn tag<'a>(text: &'a str, property: &str) -> Option<Cow<'a, str>> {
    serde_json::Deserializer::from_str(text).deserialize_map(TagVisitor(property)).ok().flatten()
}

struct TagVisitor<'p>(&'p str);

impl<'de> Visitor<'de> for TagVisitor<'_> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut text = None;
        while let Some(is_tag) = members.next_key_seed(IsTag(self.0))? {
            let value = members.next_value::<&'de RawValue>()?.get();
            if is_tag {
                // Of members that come twice the last one counts, as everywhere.
                text = Some(value);
            }
        }
        Ok(text.and_then(string))
    }
}

/// Whether the name of a member is that of the tag.
struct IsTag<'p>(&'p str);

impl<'de> DeserializeSeed<'de> for IsTag<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for IsTag<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

/// The string that a JSON text is, borrowed where nothing is escaped.
fn string(text: &str) -> Option<Cow<'_, str>> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    if !inside.contains('\\') {
        return Some(Cow::Borrowed(inside));
    }
    String::decode(&mut serde_json::Deserializer::from_str(text)).ok().map(Cow::Owned)
}
