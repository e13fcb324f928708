//! What may change a file: not the order of keys, nor that of lists whose order means nothing, and of what is added to a document only
//! what concerns the file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Map, Value, json};
use wireproof_generator::{FileSet, Options, generate};
use wireproof_openapi::{Document, Source};

/// A document with something of every kind whose order could leak: components, members, statuses, media types, mappings, names that meet.
fn document() -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Order", "version": "1"},
        "paths": {
            "/b/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "put": {
                    "requestBody": {"content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}},
                        "text/csv": {"schema": {"type": "string"}},
                        "application/vnd.b+json": {"schema": {"type": "object", "properties": {"z": {"type": "string"}, "a": {"type": "integer"}}}}
                    }},
                    "responses": {
                        "default": {"description": "x", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/foo_bar"}}}},
                        "4XX": {"description": "x"},
                        "200": {"description": "x", "headers": {"X-B": {"schema": {"type": "string"}}, "X-A": {"schema": {"type": "integer"}}}}
                    }
                },
                "get": {"operationId": "foo_bar", "responses": {"200": {"description": "x", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Cat"}}}}}}}
            },
            "/a": {"get": {"operationId": "fooBar", "responses": {"204": {"description": "x"}}, "callbacks": {
                "b": {"{$url}": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}}}},
                "a": {"{$url}": {"put": {"requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": {"n": {"enum": [2, 1]}}}}}}}}}
            }}}
        },
        "components": {
            "schemas": {
                "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                    "discriminator": {"propertyName": "kind", "mapping": {"d": "#/components/schemas/Dog", "c": "#/components/schemas/Cat", "cat": "#/components/schemas/Cat"}}},
                "Cat": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {"claws": {"type": "integer"}, "Claws": {"type": "string"}}}]},
                "Dog": {"allOf": [{"$ref": "#/components/schemas/Base"}], "properties": {"friend": {"$ref": "#/components/schemas/Pet"}}},
                "Base": {"type": "object", "discriminator": {"propertyName": "kind", "mapping": {"z": "Dog", "a": "#/components/schemas/Cat"}},
                    "required": ["kind", "id"], "properties": {"kind": {"type": "string"}, "id": {"type": "string", "readOnly": true}, "parent": {"$ref": "#/components/schemas/Base"}, "state": {"enum": ["on", "off"]}}},
                "fooBar": {"type": "object", "properties": {"foo-bar": {"type": "string"}, "fooBar": {"type": "string"}}},
                "foo_bar": {"type": "object", "minProperties": 1, "properties": {"b": {}, "a": {}}, "additionalProperties": {"type": "integer"}}
            },
            "securitySchemes": {"b": {"type": "http", "scheme": "bearer"}, "a": {"type": "apiKey", "in": "query", "name": "k"}}
        }
    })
}

/// The same with the keys of every object turned by some places, and backwards in every other turn.
fn turned(value: &Value, by: usize) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.iter().map(|(name, member)| (name.clone(), turned(member, by))).collect();
            if by % 2 == 1 {
                members.reverse();
            }
            let places = by % members.len().max(1);
            members.rotate_left(places);
            Value::Object(Map::from_iter(members))
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| turned(item, by)).collect()),
        other => other.clone(),
    }
}

/// The same with the lists turned that are sets: `required`, and `type` and `enum` of several (JSON Schema 2020-12, Validation, 6.1 and
/// 6.5.3). The order of `allOf`, `anyOf` and `oneOf` has no meaning for what is valid either, but branches are named and tried in order.
fn with_sets_turned(value: &Value, by: usize) -> Value {
    match value {
        Value::Object(members) => {
            let member = |(name, member): (&String, &Value)| match member {
                Value::Array(items) if ["required", "type"].contains(&name.as_str()) && !items.is_empty() => {
                    let mut items = items.clone();
                    let places = by % items.len();
                    items.rotate_left(places);
                    (name.clone(), Value::Array(items))
                }
                other => (name.clone(), with_sets_turned(other, by)),
            };
            Value::Object(members.iter().map(member).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(|item| with_sets_turned(item, by)).collect()),
        other => other.clone(),
    }
}

/// The files without their first line, whose digest is of the text as it stands.
fn files(document: &Value) -> FileSet {
    let document = Document::parse(Source::new("order.json", document.to_string())).unwrap();
    let output = generate(&document, &Options::default());
    output.files.into_iter().map(|(path, text)| (path, text.split_once('\n').unwrap().1.to_owned())).collect()
}

#[test]
fn the_order_of_keys_changes_no_byte() {
    let document = document();
    let expected = files(&document);
    assert!(expected.len() > 10, "{:?}", expected.keys());
    for by in 1..8 {
        let other = turned(&document, by);
        assert_ne!(other.to_string(), document.to_string());
        let made = files(&other);
        for (path, text) in &expected {
            assert_eq!(made.get(path), Some(text), "{path}, turned by {by}");
        }
        assert_eq!(made.len(), expected.len());
    }
}

#[test]
fn the_order_of_sets_changes_no_byte() {
    let mut document = document();
    document["components"]["schemas"]["Sets"] = json!({"type": "object", "required": ["b", "a", "c"], "minProperties": 2, "properties": {
        "a": {"type": ["string", "null"]}, "b": {"type": ["null", "integer"]}, "c": {"type": ["array", "null"], "items": {"type": "string"}}
    }});
    document["openapi"] = "3.1.0".into();
    let expected = files(&document);
    for by in 1..3 {
        let other = with_sets_turned(&document, by);
        assert_ne!(other.to_string(), document.to_string());
        for (path, text) in &files(&other) {
            assert_eq!(Some(text), expected.get(path), "{path}, turned by {by}");
        }
    }
}

/// What of `after` differs from `before`, or is new, or is gone.
fn changed<'f>(before: &'f FileSet, after: &'f FileSet) -> Vec<&'f str> {
    let different = after.iter().filter(|(path, text)| before.get(*path) != Some(text)).map(|(path, _)| path.as_str());
    let gone = before.keys().filter(|path| !after.contains_key(*path)).map(String::as_str);
    let mut changed: Vec<&str> = different.chain(gone).collect();
    changed.sort_unstable();
    changed
}

#[test]
fn what_is_added_changes_only_the_files_that_it_concerns() {
    let document = document();
    let before = files(&document);
    for (pointer, name, added, expected) in [
        (
            "/components/schemas",
            "Aardvark",
            json!({"type": "object", "properties": {"a": {"enum": ["x", "y"]}}}),
            vec!["types/aardvark.rs", "types/mod.rs"],
        ),
        // It refers to others, is referred to by nobody, and shares words with them.
        (
            "/components/schemas",
            "CatNap",
            json!({"type": "object", "properties": {"cat": {"$ref": "#/components/schemas/Cat"}}}),
            vec!["types/cat_nap.rs", "types/mod.rs"],
        ),
        (
            "/components/schemas",
            "Zebra",
            json!({"type": "array", "items": {"$ref": "#/components/schemas/Dog"}}),
            vec!["types/mod.rs", "types/zebra.rs"],
        ),
        (
            "/paths",
            "/added",
            json!({"get": {"operationId": "aFirst", "responses": {"200": {"description": "x", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}}}}),
            vec!["mod.rs", "operations/a_first.rs", "operations/mod.rs"],
        ),
        (
            "/paths/~1a",
            "delete",
            json!({"operationId": "fooBaz", "parameters": [{"name": "q", "in": "query", "schema": {"enum": ["a", "b"]}}], "responses": {"default": {"description": "x"}}}),
            vec!["mod.rs", "operations/foo_baz.rs", "operations/mod.rs"],
        ),
    ] {
        let mut grown = document.clone();
        let place = grown.pointer_mut(pointer).and_then(Value::as_object_mut).unwrap();
        assert!(place.insert(name.to_owned(), added).is_none());
        assert_eq!(changed(&before, &files(&grown)), expected, "{name} added");
    }
}

#[test]
fn a_type_that_is_said_again_elsewhere_moves_to_a_file_of_its_own() {
    let mut document = document();
    let add = |document: &mut Value, name: &str, schema: Value| {
        let before = files(document);
        document["components"]["schemas"][name] = schema;
        let after = files(document);
        (changed(&before, &after).into_iter().map(str::to_owned).collect::<Vec<_>>(), after)
    };
    let state = json!({"type": "object", "properties": {"state": {"enum": ["on", "off"], "description": "Its own words."}}});
    // `Base` has the same. It keeps the name, and nobody needs `base.rs` for it.
    let (changes, made) = add(&mut document, "Lamp", state.clone());
    assert_eq!(changes, ["types/base.rs", "types/base_state.rs", "types/lamp.rs", "types/mod.rs"]);
    assert!(made["types/base_state.rs"].contains("pub enum BaseState {"));
    assert!(made["types/lamp.rs"].contains("/// Its own words.\npub type LampState = BaseState;"), "{}", made["types/lamp.rs"]);
    assert!(!made["types/lamp.rs"].contains("base::"));
    // From then on others come without a change of theirs.
    assert_eq!(add(&mut document, "Switch", state).0, ["types/mod.rs", "types/switch.rs"]);
    // What the document itself has a name for is a type of its own, however alike.
    let (changes, made) = add(&mut document, "State", json!({"enum": ["on", "off"]}));
    assert_eq!(changes, ["types/mod.rs", "types/state.rs"]);
    assert!(made["types/state.rs"].contains("pub enum State {"));
    // An object that a component writes out is that component, wherever it stands.
    let color = json!({"type": "object", "required": ["hue"], "properties": {"hue": {"type": "number"}, "name": {"type": "string"}}});
    add(&mut document, "Wall", json!({"type": "object", "properties": {"color": color.clone()}}));
    let (changes, made) = add(&mut document, "Color", color.clone());
    assert_eq!(changes, ["types/color.rs", "types/mod.rs", "types/wall.rs"]);
    assert!(made["types/color.rs"].contains("pub struct Color {"));
    assert!(made["types/wall.rs"].contains("pub type WallColor = Color;"), "{}", made["types/wall.rs"]);
    assert!(add(&mut document, "Colour", color).1["types/colour.rs"].contains("pub struct Colour {"));
    // Another word of a member is another type: nobody should read the words of one place at another.
    let door = json!({"type": "object", "properties": {"inner": {"type": "object", "properties": {"n": {"type": "integer", "description": "One."}}}}});
    let (_, made) = add(&mut document, "Door", door.clone());
    assert!(made["types/door.rs"].contains("pub struct DoorInner {"));
    let mut gate = door;
    gate["properties"]["inner"]["properties"]["n"]["description"] = "Two.".into();
    assert!(add(&mut document, "Gate", gate).1["types/gate.rs"].contains("pub struct GateInner {"));
}

#[test]
fn twins_of_twins_are_one_type_too() {
    let inner = json!({"type": "object", "properties": {"leaf": {"type": "object", "properties": {"kind": {"enum": ["a", "b"]}}}}});
    let mut document = document();
    for name in ["One", "Two", "Three"] {
        document["components"]["schemas"][name] =
            json!({"type": "object", "properties": {"branch": inner, "list": {"type": "array", "items": inner}}});
    }
    let made = files(&document);
    let all: String = made.values().map(String::as_str).collect();
    for defined in ["pub struct OneBranch {", "pub struct OneBranchLeaf {", "pub enum OneBranchLeafKind {"] {
        assert_eq!(all.matches(defined).count(), 1, "{defined}");
    }
    for (alias, file) in [("ThreeListItem", "three"), ("TwoBranch", "two"), ("OneListItem", "one")] {
        let text = &made[&format!("types/{file}.rs")];
        assert!(text.contains(&format!("pub type {alias} = OneBranch;")), "{text}");
    }
    // What only twins lead to is not there at all.
    assert!(!all.contains("TwoBranchLeaf") && !all.contains("ThreeListItemLeaf"));
}

#[test]
fn the_order_of_keys_does_not_choose_among_twins() {
    let mut document = document();
    // Names that are cut to what a file may be called, and so meet.
    let long = "Very".repeat(100);
    for (name, values) in [("A", ["m", "n"]), ("B", ["m", "n"]), ("C", ["o", "p"]), ("D", ["o", "p"])] {
        document["components"]["schemas"][format!("{long}{name}")] = json!({"type": "object", "properties": {"x": {"enum": values}}});
    }
    let expected = files(&document);
    for by in 1..8 {
        assert_eq!(files(&turned(&document, by)), expected, "turned by {by}");
    }
}
