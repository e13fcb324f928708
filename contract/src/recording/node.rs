//! Nodes: what the parsers of all formats make of one entry, so that the members of an entry are read alike whether they were
//! written as JSON or as YAML. Reading is lenient: a member that is missing or of another kind is [`Node::Null`].
//! Next: `entry.rs`, which makes exchanges of nodes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The key under which `serde_json` hands over a number whose digits are kept (its feature `arbitrary_precision`).
const NUMBER: &str = "$serde_json::private::Number";

/// A value of an entry; texts are borrowed from the file where they can be.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Node<'t> {
    /// Nothing: `null`, or a member that is missing.
    #[default]
    Null,
    /// A text.
    Text(Cow<'t, str>),
    /// A number or a boolean as it is written. Where a text is looked for it counts as one: YAML asks no quotes of `200`.
    Literal(Cow<'t, str>),
    /// Bytes, still in Base64: YAML's `!!binary`.
    Binary(Cow<'t, str>),
    /// A list.
    List(Vec<Self>),
    /// An object; of two members of one name the later counts.
    Map(Vec<(Cow<'t, str>, Self)>),
}

impl<'t> Node<'t> {
    const MISSING: &'static Node<'static> = &Node::Null;

    /// A member.
    pub(super) fn get(&self, name: &str) -> &Node<'t> {
        self.members().iter().rev().find(|(key, _)| key == name).map_or(Self::MISSING, |(_, value)| value)
    }

    /// Whether there is a member of this name, whatever its value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members().iter().any(|(key, _)| key == name)
    }

    /// A member, moved out.
    pub(super) fn take(&mut self, name: &str) -> Self {
        match self {
            Self::Map(members) => members.iter_mut().rev().find(|(key, _)| key == name).map(|(_, value)| std::mem::take(value)),
            _ => None,
        }
        .unwrap_or_default()
    }

    /// The first of the members `names` that is there.
    pub(super) fn first(&self, names: &[&str]) -> &Node<'t> {
        names.iter().map(|name| self.get(name)).find(|node| !node.is_null()).unwrap_or(Self::MISSING)
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> &[(Cow<'t, str>, Self)] {
        match self {
            Self::Map(members) => members,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The text, where it is one that is not empty.
    pub(super) fn text(&self) -> Option<&str> {
        self.any_text().filter(|text| !text.is_empty())
    }

    /// The text, be it empty.
    pub(super) fn any_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// The number that the text is.
    pub(super) fn number(&self) -> Option<f64> {
        self.text()?.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// Whether it says `true`.
    pub(super) fn is_true(&self) -> bool {
        self.text() == Some("true")
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self, Self::Map(_))
    }

    /// Writes it as JSON, numbers as they were.
    pub(super) fn to_json(&self) -> String {
        let mut json = String::new();
        self.write_json(&mut json);
        json
    }

    fn write_json(&self, json: &mut String) {
        match self {
            Self::Null => json.push_str("null"),
            Self::Literal(literal) => json.push_str(literal),
            Self::Text(text) | Self::Binary(text) => write_text(text, json),
            Self::List(items) => {
                json.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    item.write_json(json);
                }
                json.push(']');
            }
            Self::Map(members) => {
                json.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    write_text(key, json);
                    json.push(':');
                    value.write_json(json);
                }
                json.push('}');
            }
        }
    }

    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        let own = size_of::<Self>();
        match self {
            Self::Null => own,
            Self::Text(text) | Self::Literal(text) | Self::Binary(text) => own + text.len(),
            Self::List(items) => own + items.iter().map(Self::size).sum::<usize>(),
            Self::Map(members) => own + members.iter().map(|(key, value)| key.len() + own + value.size()).sum::<usize>(),
        }
    }

    /// What kind of value it is, for sentences.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Text(_) | Self::Binary(_) => "a text",
            Self::Literal(_) => "a number or a boolean",
            Self::List(_) => "a list",
            Self::Map(_) => "an object",
        }
    }
}

fn write_text(text: &str, json: &mut String) {
    // Text always has a form in JSON.
    json.push_str(&serde_json::to_string(text).unwrap_or_default());
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Literal(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Literal(value.to_string().into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Literal(value.to_string().into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        Ok(Node::Literal(value.to_string().into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text)))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(Key(key)) = map.next_key()? {
            if members.is_empty() && key == NUMBER {
                return map.next_value().map(|number| match number {
                    Node::Text(digits) => Node::Literal(digits),
                    other => other,
                });
            }
            if is_passed_over(&key) {
                map.next_value::<IgnoredAny>()?;
            } else {
                members.push((key, map.next_value()?));
            }
        }
        Ok(Node::Map(members))
    }
}

/// Members that no exchange is made of and that can be large: what browsers add about stacks and frames. Their names begin with `_`.
fn is_passed_over(key: &str) -> bool {
    key.starts_with('_') && !KEPT.contains(&key)
}

/// Members that begin with `_` and are read all the same.
const KEPT: &[&str] = &["_encoding", "_error", "_file", "_isBinary", "_postman_previewlanguage"];

/// A key, borrowed where it can be: `Cow` by itself is always read as owned.
struct Key<'t>(Cow<'t, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyReader;
        impl<'de> Visitor<'de> for KeyReader {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
        }
        deserializer.deserialize_str(KeyReader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_kept_as_it_is_written() {
        let text =
            r#"{"a":[1,1.50,-2e+3,true,null,"x\ny"],"_stack":{"big":[1,2]},"_error":"no","a ":{}, "n": 1, "n": 12345678901234567890}"#;
        let node: Node<'_> = serde_json::from_str(text).expect(text);
        let items: Vec<Option<&str>> = node.get("a").items().iter().map(Node::text).collect();
        assert_eq!(items, [Some("1"), Some("1.50"), Some("-2e+3"), Some("true"), None, Some("x\ny")]);
        assert_eq!(node.get("_stack"), &Node::Null);
        assert_eq!(node.get("_error").text(), Some("no"));
        assert_eq!(node.get("n").text(), Some("12345678901234567890"), "the later counts");
        assert_eq!(node.get("a").items()[2].number(), Some(-2000.0));
        assert_eq!(node.get("missing").get("of").items(), []);
    }

    #[test]
    fn json_is_written_as_it_was() {
        let text = r#"{"a":[1,1.50,"1",true,null],"b\"c":{"d":"é\n"}}"#;
        assert_eq!(serde_json::from_str::<Node<'_>>(text).expect(text).to_json(), text);
    }

    #[test]
    fn texts_without_escapes_are_not_copied() {
        let node: Node<'_> = serde_json::from_str(r#"{"text": "plain"}"#).expect("JSON");
        assert!(matches!(node, Node::Map(members) if matches!(&members[0], (Cow::Borrowed("text"), Node::Text(Cow::Borrowed("plain"))))));
    }
}
