//! Pieces to values: text becomes a number, a boolean, a list or an object where the schema allows for it. Where a schema
//! leaves a choice, the readings are tried in turn and the first that is valid is taken.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};
use wireproof_openapi::Pointer;

use super::Given;
use super::style::Pieces;
use crate::finding::Side;
use crate::schema::{Kinds, Schemas, Walk};
use crate::url::decode_query;

/// How many members deep `name[a][b][c]` may go.
const MAX_BRACKETS: usize = 16;

/// Reads text as the document's schemas ask.
pub(super) struct Typer<'s> {
    pub(super) schemas: &'s Schemas,
    pub(super) side: Side,
}

type Decode<'d> = &'d dyn Fn(&str) -> String;

impl Typer<'_> {
    /// The value of some pieces; `decode` undoes their escapes.
    pub(super) fn value(&self, schema: Option<&Pointer>, pieces: &Pieces, decode: Decode<'_>) -> Given {
        let Some(schema) = schema else { return Given::Value(Value::String(decode(&pieces.whole))) };
        let kinds = self.kinds(schema);
        let mut readings = Vec::new();
        if kinds.array && (!kinds.any_scalar() || pieces.items.len() > 1) {
            self.lists(schema, pieces, decode, &mut readings);
        }
        if kinds.object && !kinds.any_scalar() {
            match &pieces.members {
                Some(members) => readings.push(self.object(schema, members, decode)),
                None if readings.is_empty() => {
                    return Given::Unreadable("is not written as an object: names and values do not pair up".to_owned());
                }
                None => {}
            }
        }
        if kinds.any_scalar() || readings.is_empty() {
            readings.extend(scalars(kinds, &decode(&pieces.whole)));
        }
        if kinds.array && kinds.any_scalar() && pieces.items.len() <= 1 {
            self.lists(schema, pieces, decode, &mut readings);
        }
        Given::Value(self.choose(schema, readings))
    }

    /// The lists that the pieces may stand for: cut at the delimiter as written, and cut at the escaped delimiter too, since
    /// most clients escape it and most servers undo escapes before they cut.
    fn lists(&self, schema: &Pointer, pieces: &Pieces, decode: Decode<'_>, readings: &mut Vec<Value>) {
        let item = self.find(schema, "items");
        let list = |items: &[String]| Value::Array(items.iter().map(|text| self.scalar(item.as_ref(), text)).collect());
        let decoded: Vec<String> = pieces.items.iter().map(|item| decode(item)).collect();
        readings.push(list(&decoded));
        if let (Some(delimiter), [only]) = (pieces.delimiter, decoded.as_slice())
            && only.contains(delimiter)
        {
            readings.push(list(&only.split(delimiter).map(str::to_owned).collect::<Vec<_>>()));
        }
    }

    fn object(&self, schema: &Pointer, members: &[(String, String)], decode: Decode<'_>) -> Value {
        let member = |(name, text): &(String, String)| {
            let name = decode(name);
            let value = self.scalar(self.property(schema, &name).as_ref(), &decode(text));
            (name, value)
        };
        Value::Object(members.iter().map(member).collect())
    }

    /// An object whose members are query parameters of their own.
    pub(super) fn exploded_object(&self, schema: Option<&Pointer>, pairs: &[(Cow<'_, str>, &str)]) -> Given {
        let Some(schema) = schema else { return Given::Absent };
        let mut members = Map::new();
        for (name, text) in pairs {
            if let Some(property) = self.property(schema, name) {
                members.insert(name.to_string(), self.scalar(Some(&property), &decode_query(text)));
            }
        }
        if members.is_empty() { Given::Absent } else { Given::Value(Value::Object(members)) }
    }

    /// `name[a]=1&name[b][c]=2`, as far as brackets say; a repeated or `[]` member is a list.
    pub(super) fn deep_object(&self, schema: Option<&Pointer>, pairs: &[(Cow<'_, str>, &str)], name: &str) -> Given {
        let mut root = Map::new();
        let mut found = false;
        for (key, text) in pairs {
            let Some(brackets) = key.strip_prefix(name).filter(|rest| rest.starts_with('[') && rest.ends_with(']')) else { continue };
            let path: Vec<&str> = brackets[1..brackets.len() - 1].split("][").collect();
            if path.len() > MAX_BRACKETS {
                return Given::Unreadable(format!("nests deeper than {MAX_BRACKETS} brackets"));
            }
            found = true;
            if !self.put(&mut root, schema, &path, &decode_query(text)) {
                return Given::Unreadable("uses one name for a value and for an object".to_owned());
            }
        }
        if found { Given::Value(Value::Object(root)) } else { Given::Absent }
    }

    /// Puts a text where a path of brackets says; false where a value and an object contend for one name.
    fn put(&self, members: &mut Map<String, Value>, schema: Option<&Pointer>, path: &[&str], text: &str) -> bool {
        let [name, rest @ ..] = path else { return true };
        let numbered = |schema: &Pointer| if name.bytes().all(|byte| byte.is_ascii_digit()) { self.find(schema, "items") } else { None };
        let property = schema.and_then(|schema| self.property(schema, name).or_else(|| numbered(schema)));
        let property = property.as_ref();
        match rest {
            [] | [""] => {
                let is_list = rest == [""] || property.is_some_and(|property| !self.kinds(property).any_scalar());
                let item = if is_list { property.and_then(|property| self.find(property, "items")) } else { property.cloned() };
                let value = self.scalar(item.as_ref(), text);
                match members.get_mut(*name) {
                    Some(Value::Array(items)) => items.push(value),
                    Some(Value::Object(_)) => return false,
                    Some(first) => *first = Value::Array(vec![first.take(), value]),
                    None => {
                        members.insert((*name).to_owned(), if is_list { Value::Array(vec![value]) } else { value });
                    }
                }
                true
            }
            rest => match members.entry(*name).or_insert_with(|| Value::Object(Map::new())) {
                Value::Object(members) => self.put(members, property, rest, text),
                _ => false,
            },
        }
    }

    pub(super) fn scalar(&self, schema: Option<&Pointer>, text: &str) -> Value {
        match schema {
            Some(schema) => self.choose(schema, scalars(self.kinds(schema), text)),
            None => Value::String(text.to_owned()),
        }
    }

    /// The first valid reading, else the first.
    fn choose(&self, schema: &Pointer, mut readings: Vec<Value>) -> Value {
        let valid =
            if readings.len() > 1 { readings.iter().position(|value| self.schemas.accepts(schema, self.side, value)) } else { None };
        if readings.is_empty() { Value::Null } else { readings.swap_remove(valid.unwrap_or(0)) }
    }

    /// Whether the schema describes objects and nothing simpler.
    pub(super) fn is_object(&self, schema: &Pointer) -> bool {
        let kinds = self.kinds(schema);
        kinds.object && !kinds.any_scalar() && !kinds.array
    }

    /// Whether the schema describes lists and nothing simpler.
    pub(super) fn is_list(&self, schema: &Pointer) -> bool {
        let kinds = self.kinds(schema);
        kinds.array && !kinds.any_scalar() && !kinds.object
    }

    /// Whether the schema describes values that are written as one text.
    pub(super) fn is_scalar(&self, schema: &Pointer) -> bool {
        self.kinds(schema).any_scalar()
    }

    /// The schema of a list's items.
    pub(super) fn items(&self, schema: &Pointer) -> Option<Pointer> {
        self.find(schema, "items")
    }

    /// The schema of a property, or of all properties that have none of their own.
    pub(super) fn property_or_other(&self, schema: &Pointer, name: &str) -> Option<Pointer> {
        let other = || self.find_where(schema, &|node| node.get("additionalProperties").is_some_and(Value::is_object));
        self.property(schema, name).or_else(|| other().map(|schema| schema.join("additionalProperties")))
    }

    /// The schema of a property, wherever in the composition it is declared.
    pub(super) fn property(&self, schema: &Pointer, name: &str) -> Option<Pointer> {
        let properties =
            self.find_where(schema, &|node| node.get("properties").is_some_and(|properties| properties.get(name).is_some()))?;
        Some(properties.join("properties").join(name))
    }

    /// Whether the schema has the property, or describes members of any name.
    pub(super) fn property_or_additional(&self, schema: &Pointer, name: &str) -> bool {
        let open = |node: &Value| node.get("additionalProperties").is_some_and(|additional| additional != &Value::Bool(false));
        self.property(schema, name).is_some() || self.find_where(schema, &open).is_some()
    }

    fn find(&self, schema: &Pointer, keyword: &str) -> Option<Pointer> {
        self.find_where(schema, &|node| node.get(keyword).is_some()).map(|found| found.join(keyword))
    }

    /// The first schema of a composition that has what is asked for.
    fn find_where(&self, schema: &Pointer, has: &dyn Fn(&Value) -> bool) -> Option<Pointer> {
        self.find_within(schema, 0, &Walk::default(), has)
    }

    fn find_within(&self, schema: &Pointer, depth: usize, walk: &Walk, has: &dyn Fn(&Value) -> bool) -> Option<Pointer> {
        if !walk.may_visit(depth) {
            return None;
        }
        let node = self.schemas.document().get(schema)?;
        if has(node) {
            return Some(schema.clone());
        }
        if let Some(target) = self.target(node)
            && let Some(found) = self.find_within(&target, depth + 1, walk, has)
        {
            return Some(found);
        }
        ["allOf", "anyOf", "oneOf"].iter().find_map(|keyword| {
            let count = node.get(keyword)?.as_array()?.len();
            let branches = schema.join(keyword);
            (0..count).find_map(|index| self.find_within(&branches.index(index), depth + 1, walk, has))
        })
    }

    fn target(&self, node: &Value) -> Option<Pointer> {
        self.schemas.document().reference(node.get("$ref")?.as_str()?)
    }

    fn kinds(&self, schema: &Pointer) -> Kinds {
        self.schemas.kinds(schema)
    }
}

/// The readings of one text, the most particular first where strings are not the only choice.
fn scalars(kinds: Kinds, text: &str) -> Vec<Value> {
    let mut readings = Vec::new();
    if kinds.number
        && let Some(number) = number(text)
    {
        readings.push(Value::Number(number));
    }
    match text {
        "true" | "false" if kinds.boolean => readings.push(Value::Bool(text == "true")),
        "null" | "" if kinds.null => readings.push(Value::Null),
        _ => {}
    }
    // Text that fits no other type is a string, whether the schema allows one or not: the message then says so.
    if kinds.string || readings.is_empty() {
        readings.push(Value::String(text.to_owned()));
    }
    readings
}

/// A number as JSON writes it.
fn number(text: &str) -> Option<Number> {
    match crate::json::parse(text.as_bytes()) {
        Ok(parsed) if !text.starts_with(char::is_whitespace) && !text.ends_with(char::is_whitespace) => match parsed.value {
            Value::Number(number) => Some(number),
            _ => None,
        },
        _ => None,
    }
}
