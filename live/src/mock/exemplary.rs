//! Bodies from the examples of single properties: documents that give no example of a whole body often give one of each field.
//! Next: `content.rs`, which tries them before what is made up.

use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

/// How deep values are gone into.
const MAX_DEPTH: usize = 24;

/// `value`, which is an instance of the schema, with the document's examples in the places that have one.
pub(super) fn with_examples(document: &Document, schema: &Pointer, value: &Value) -> Value {
    put(document, &described(document, schema, 0), value, 0)
}

fn put(document: &Document, nodes: &[Pointer], value: &Value, depth: usize) -> Value {
    let example = |node: &Pointer| document.get(node)?.get("example").cloned();
    if let Some(example) = nodes.iter().find_map(example) {
        return example;
    }
    if depth >= MAX_DEPTH {
        return value.clone();
    }
    let below = |step: &dyn Fn(&Pointer) -> Pointer| -> Vec<Pointer> {
        let places = nodes.iter().map(step).filter(|place| document.get(place).is_some());
        places.flat_map(|place| described(document, &place, 0)).collect()
    };
    match value {
        Value::Object(members) => {
            let member = |(name, member): (&String, &Value)| {
                let nodes = below(&|node| node.join("properties").join(name));
                (name.clone(), put(document, &nodes, member, depth + 1))
            };
            Value::Object(members.iter().map(member).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let nodes = below(&|node| node.join("items"));
            Value::Array(items.iter().map(|item| put(document, &nodes, item, depth + 1)).collect())
        }
        other => other.clone(),
    }
}

/// The schemas that describe a value for certain: the one at a place, what it refers to, its `allOf`, and what a wrapper lets null into.
fn described(document: &Document, schema: &Pointer, depth: usize) -> Vec<Pointer> {
    let Some(Value::Object(node)) = document.get(schema).filter(|_| depth < MAX_DEPTH) else { return Vec::new() };
    let mut all = vec![schema.clone()];
    let mut more = Vec::new();
    if node.contains_key("x-wireproof-nullable") {
        more.push(schema.join("anyOf").index(0));
    }
    more.extend(node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)));
    let parts = node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    more.extend((0..parts).map(|index| schema.join("allOf").index(index)));
    all.extend(more.iter().flat_map(|place| described(document, place, depth + 1)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use wireproof_openapi::Source;

    #[test]
    fn examples_of_properties_come_through_references_lists_and_wrappers() {
        let text = "
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    A: {type: object, properties: {name: {type: string, example: Ada}, b: {$ref: '#/components/schemas/B'}, n: {type: string, nullable: true, example: null}}}
    B: {allOf: [{type: object, properties: {tags: {type: array, items: {type: string, example: red}}}}]}
";
        let document = Document::parse(Source::new("t.yaml", text)).expect("a document");
        let value = json!({"name": "x", "b": {"tags": ["y", "z"]}, "n": "w", "other": 1});
        let expected = json!({"name": "Ada", "b": {"tags": ["red", "red"]}, "n": null, "other": 1});
        assert_eq!(with_examples(&document, &Pointer::from_plain("/components/schemas/A"), &value), expected);
    }
}
