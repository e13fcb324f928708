//! The fields of a response: what the page shows in examples and lists in tables, against what the schema describes.

use serde_json::{Map, Value};
use wireproof_contract::{Finding, Rule};
use wireproof_openapi::{Document, MediaType, Pointer, Position, Source};

use super::finding;
use crate::draft::is_code;
use crate::page::Field;

/// How deep schemas and values are followed.
const DEPTH_LIMIT: usize = 64;

/// One response of the document.
pub(super) struct Comparison<'d> {
    pub(super) document: &'d Document,
    pub(super) schema: &'d Pointer,
    pub(super) media_type: &'d MediaType,
    pub(super) status: u16,
}

/// An example of the page.
pub(super) struct Shown<'p> {
    pub(super) value: &'p Value,
    pub(super) position: &'p Position,
    /// Its text, in the lines that it has on the page.
    pub(super) source: Source,
}

impl Shown<'_> {
    /// Where a part of the example stands on the page.
    fn at(&self, pointer: &Pointer) -> Position {
        self.source.locate([pointer]).into_iter().next().unwrap_or_else(|| self.position.clone())
    }
}

/// The schemas that describe one value together.
struct Described {
    nodes: Vec<Pointer>,
    /// Whether there is a choice among them, so that what one of them has need not be there.
    chosen: bool,
}

impl Comparison<'_> {
    /// All differences; `shown` are examples with their places, `stated` fields of tables with theirs.
    pub(super) fn compare(&self, shown: &[Shown<'_>], stated: &[(&Field, Position)]) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        let mut add = |found: Finding| {
            if !findings.iter().any(|known| known.rule == found.rule && known.instance == found.instance) {
                findings.push(found);
            }
        };
        for shown in shown {
            self.undocumented(&self.described(self.schema), shown.value, &Pointer::root(), shown, 0, &mut add);
        }
        for (field, place) in stated {
            self.stated(field, place, &mut add);
        }
        let values: Vec<&Value> = shown.iter().map(|shown| shown.value).collect();
        if let Some(Shown { position: place, .. }) = shown.first() {
            let names: Vec<&str> = stated.iter().map(|(field, _)| field.name.as_str()).collect();
            self.missing(&self.described(self.schema), &values, &names, &Pointer::root(), place, 0, &mut add);
        }
        for shown in shown.iter().filter(|_| self.status >= 400) {
            self.codes(shown.value, &Pointer::root(), shown, &mut add);
        }
        findings
    }

    /// The schemas that apply to a value of the one at `schema`.
    fn described(&self, schema: &Pointer) -> Described {
        let mut described = Described { nodes: Vec::new(), chosen: false };
        self.gather(schema, 0, &mut described);
        described
    }

    fn gather(&self, schema: &Pointer, depth: usize, described: &mut Described) {
        if depth > DEPTH_LIMIT || described.nodes.contains(schema) {
            return;
        }
        let Some(node) = self.document.get(schema).and_then(Value::as_object) else { return };
        described.nodes.push(schema.clone());
        if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| self.document.reference(reference)) {
            self.gather(&target, depth + 1, described);
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let branches = node.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
            // What only lets null in is no choice.
            let nullable = node.get("x-wireproof-nullable").is_some() && keyword == "anyOf";
            described.chosen |= keyword != "allOf" && branches > 1 && !nullable;
            for index in 0..branches {
                self.gather(&schema.join(keyword).index(index), depth + 1, described);
            }
        }
    }

    fn node(&self, pointer: &Pointer) -> Option<&Map<String, Value>> {
        self.document.get(pointer).and_then(Value::as_object)
    }

    /// The schema of a member.
    fn property(&self, described: &Described, name: &str) -> Option<Pointer> {
        let named = described.nodes.iter().find(|node| self.node(node).and_then(|node| node.get("properties")?.get(name)).is_some());
        named.map(|node| node.join("properties").join(name)).or_else(|| {
            // A map describes its members by one schema.
            let map = described
                .nodes
                .iter()
                .find(|node| self.node(node).and_then(|node| node.get("additionalProperties")).is_some_and(Value::is_object));
            map.map(|node| node.join("additionalProperties"))
        })
    }

    fn items(&self, described: &Described) -> Option<Pointer> {
        described.nodes.iter().map(|node| node.join("items")).find(|items| self.node(items).is_some())
    }

    /// The place to show for a member that is not described.
    fn place_for(described: &Described) -> Pointer {
        described.nodes.last().or(described.nodes.first()).cloned().unwrap_or_default()
    }

    /// Members of the example that no schema describes, also where a schema allows anything.
    fn undocumented(
        &self,
        described: &Described,
        value: &Value,
        at: &Pointer,
        shown: &Shown<'_>,
        depth: usize,
        add: &mut dyn FnMut(Finding),
    ) {
        if depth > DEPTH_LIMIT {
            return;
        }
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    let at = at.join(name);
                    match self.property(described, name) {
                        Some(schema) => self.undocumented(&self.described(&schema), member, &at, shown, depth + 1, add),
                        None => add(self.not_described(&shown.at(&at), at, described)),
                    }
                }
            }
            Value::Array(items) => {
                let Some(schema) = self.items(described) else { return };
                let described = self.described(&schema);
                for (index, item) in items.iter().enumerate() {
                    self.undocumented(&described, item, &at.index(index), shown, depth + 1, add);
                }
            }
            _ => {}
        }
    }

    fn not_described(&self, place: &Position, at: Pointer, described: &Described) -> Finding {
        let message = format!("`{at}` stands at {place}, and the document does not describe it");
        finding(self.document, Rule::PageFieldUndocumented, at, &Self::place_for(described), message)
    }

    /// A field of a table.
    fn stated(&self, field: &Field, place: &Position, add: &mut dyn FnMut(Finding)) {
        let mut described = self.described(self.schema);
        let mut at = Pointer::root();
        let mut schema = self.schema.clone();
        for step in field.name.split('.') {
            let (name, lists) = match step.find('[') {
                Some(bracket) => (step.get(..bracket).unwrap_or(step), step.matches('[').count()),
                None => (step, 0),
            };
            // Tables name members of the items of a list as those of the list.
            if self.property(&described, name).is_none()
                && let Some(items) = self.items(&described)
            {
                described = self.described(&items);
                at = at.join("0");
            }
            if !name.is_empty() {
                at = at.join(name);
                let Some(next) = self.property(&described, name) else {
                    add(self.not_described(place, at, &described));
                    return;
                };
                schema = next;
                described = self.described(&schema);
            }
            for _ in 0..lists {
                let Some(items) = self.items(&described) else { return };
                schema = items;
                described = self.described(&schema);
                at = at.join("0");
            }
        }
        if let Some(named) = &field.type_name
            && let Some(expected) = self.types(&described).filter(|types| !agree(named, types))
        {
            let message = format!("`{at}` is `{named}` at {place} and `{}` in the document", expected.join("` or `"));
            add(finding(self.document, Rule::PageFieldType, at, &schema, message));
        }
    }

    /// The types that a schema names, null aside.
    fn types(&self, described: &Described) -> Option<Vec<String>> {
        let named = |node: &Pointer| match self.node(node)?.get("type")? {
            Value::String(name) => Some(vec![name.clone()]),
            Value::Array(names) => Some(names.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            _ => None,
        };
        let mut types: Vec<String> = described.nodes.iter().filter_map(named).flatten().filter(|name| name != "null").collect();
        types.sort();
        types.dedup();
        (!types.is_empty()).then_some(types)
    }

    /// Properties of the schema that the page shows nowhere. Objects that no example has are not looked into.
    #[expect(clippy::too_many_arguments, reason = "a walk through schema and values at once")]
    fn missing(
        &self,
        described: &Described,
        values: &[&Value],
        names: &[&str],
        at: &Pointer,
        place: &Position,
        depth: usize,
        add: &mut dyn FnMut(Finding),
    ) {
        let objects: Vec<&Map<String, Value>> = values.iter().filter_map(|value| value.as_object()).collect();
        if depth > DEPTH_LIMIT || objects.is_empty() || described.chosen {
            return;
        }
        for node in &described.nodes {
            let properties = self.node(node).and_then(|node| node.get("properties")).and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                let (at, schema) = (at.join(name), node.join("properties").join(name));
                let below: Vec<&Value> = objects.iter().filter_map(|object| object.get(name)).collect();
                if !below.is_empty() {
                    self.missing(&self.described(&schema), &below, names, &at, place, depth + 1, add);
                    continue;
                }
                let dotted = at.segments().collect::<Vec<_>>().join(".");
                if names.contains(&dotted.as_str()) || property.get("writeOnly") == Some(&Value::Bool(true)) {
                    continue;
                }
                let message = format!("the document describes `{at}`, which the page does not show for a {} ({place})", self.status);
                add(finding(self.document, Rule::PageFieldMissing, at, &schema, message));
            }
        }
    }

    /// Codes of the example that are others in the document's examples.
    fn codes(&self, value: &Value, at: &Pointer, shown: &Shown<'_>, add: &mut dyn FnMut(Finding)) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| self.codes(member, &at.join(name), shown, add)),
            Value::String(text) if is_code(text) => {
                let Some((schema, examples)) = self.examples_at(at) else { return };
                let codes: Vec<&str> = examples.into_iter().filter(|text| is_code(text)).collect();
                if !codes.is_empty() && !codes.contains(&text.as_str()) {
                    let message = format!("`{at}` is `{text}` at {} and `{}` in the document", shown.at(at), codes.join("` or `"));
                    add(finding(self.document, Rule::PageValue, at.clone(), &schema, message));
                }
            }
            _ => {}
        }
    }

    /// The texts that the document's own examples have in a place, and where the first is.
    fn examples_at(&self, at: &Pointer) -> Option<(Pointer, Vec<&str>)> {
        let mut described = self.described(self.schema);
        for name in at.segments() {
            let schema = self.property(&described, &name)?;
            described = self.described(&schema);
        }
        let mut found: Vec<&str> = Vec::new();
        let mut first = None;
        for node in &described.nodes {
            let values = [
                ("example", self.node(node).and_then(|node| node.get("example"))),
                ("examples", self.node(node).and_then(|node| node.get("examples")?.get(0))),
            ];
            for (keyword, text) in values.into_iter().filter_map(|(keyword, value)| Some((keyword, value?.as_str()?))) {
                first.get_or_insert_with(|| node.join(keyword));
                found.push(text);
            }
        }
        for (_, place) in &self.media_type.examples {
            let place = Pointer::from_plain(format!("{place}{at}"));
            if let Some(text) = self.document.get(&place).and_then(Value::as_str) {
                first.get_or_insert(place);
                found.push(text);
            }
        }
        first.map(|first| (first, found))
    }
}

/// Whether the words of a page for a type mean one of the document's.
pub(super) fn agree(named: &str, types: &[String]) -> bool {
    let named = named.trim().to_ascii_lowercase();
    let words: Vec<&str> = named.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |name: &str| types.iter().any(|known| known == name);
    let mean = |word: &str| match word {
        "string" | "str" | "text" | "uuid" | "date" | "datetime" | "email" | "url" | "uri" | "enum" => Some(has("string")),
        "integer" | "int" | "int32" | "int64" => Some(has("integer") || has("number")),
        "number" | "float" | "double" | "decimal" => Some(has("number") || has("integer")),
        "boolean" | "bool" => Some(has("boolean")),
        "object" | "map" => Some(has("object")),
        "array" | "list" => Some(has("array")),
        // A point in time is a text or a number.
        "timestamp" => Some(has("string") || has("integer") || has("number")),
        _ => None,
    };
    if named.ends_with("[]") {
        return has("array");
    }
    words.first().and_then(|word| mean(word)).unwrap_or(true)
}
