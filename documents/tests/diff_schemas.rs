//! Changes of schemas, one at a time and in both directions of an exchange: which kind, which class, and for what breaks, a witness that
//! one document's validator accepts and the other's refuses.

use std::sync::Arc;

use serde_json::{Value, json};
use wireproof_contract::synthesis::Synthesiser;
use wireproof_contract::{Contract, Options, Side};
use wireproof_documents::diff::{Change, Class, Kind, diff};
use wireproof_openapi::{Document, Pointer, Source};

use Class::{Breaking, Compatible, Unknown};

/// A document with a schema in a request and in an answer, two steps down in the body.
fn document(schema: &Value) -> Arc<Document> {
    let body = json!({"application/json": {"schema": {
        "type": "object", "required": ["list"], "properties": {"list": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}}
    }}});
    let text = json!({
        "openapi": "3.1.0", "info": {"title": "Parts", "version": "1"},
        "paths": {"/parts": {"post": {
            "operationId": "send", "requestBody": {"required": true, "content": body},
            "responses": {"200": {"description": "them", "content": body}}
        }}},
        "components": {"schemas": {"Part": schema, "Other": {"type": "object", "required": ["o"], "properties": {"o": {"type": "string"}}}}}
    });
    Arc::new(Document::parse(Source::new("parts.json", text.to_string())).expect("a document"))
}

/// The changes between two schemas on one side.
fn changes(old: &Arc<Document>, new: &Arc<Document>, side: Side) -> Vec<Change> {
    diff(old, new).expect("they are compared").into_iter().filter(|change| change.side == Some(side)).collect()
}

const REQUEST: &str = "/paths/~1parts/post/requestBody/content/application~1json/schema";
const RESPONSE: &str = "/paths/~1parts/post/responses/200/content/application~1json/schema";

/// Holds a witness against both documents, by validators that the comparison did not make.
#[track_caller]
fn check_witness(change: &Change, old: &Arc<Document>, new: &Arc<Document>, side: Side) {
    let witness = change.witness.as_ref().unwrap_or_else(|| panic!("no witness: {change:#?}"));
    let (sender, receiver, schema) = match side {
        Side::Request => (old, new, Pointer::from_plain(REQUEST)),
        Side::Response => (new, old, Pointer::from_plain(RESPONSE)),
    };
    let accepts =
        |document: &Arc<Document>| Synthesiser::new(Arc::clone(document)).expect("schemas").accepts(&schema, side, &witness.value);
    assert!(accepts(sender), "who sends may not say {}: {change:#?}", witness.value);
    // What is gone from a request is no longer documented, even where it is not forbidden.
    let contract = Contract::new(Arc::clone(receiver), Options::default()).expect("a contract");
    let findings = contract.check_value(&schema, side, witness.value.to_string().as_bytes());
    // Whether a member may be sent that is `readOnly` is looked at for whole exchanges only.
    let refused = !findings.is_empty() || change.kind == Kind::ReadOnlyChanged;
    assert!(refused, "who receives has nothing against {}: {change:#?}", witness.value);
    assert!(witness.value.pointer(witness.instance.as_str()).is_some() || witness.instance.as_str().is_empty(), "{witness:?}");
}

#[track_caller]
fn check(name: &str, old: &Value, new: &Value, expected: &[(Side, &str, Class)]) {
    let (old, new) = (document(old), document(new));
    for side in [Side::Request, Side::Response] {
        let found = changes(&old, &new, side);
        let wanted: Vec<(&str, Class)> = expected.iter().filter(|one| one.0 == side).map(|one| (one.1, one.2)).collect();
        let mut told: Vec<(&str, Class)> = found.iter().map(|change| (change.kind.name(), change.class)).collect();
        told.sort();
        let mut wanted = wanted;
        wanted.sort();
        assert_eq!(told, wanted, "{name}, {side:?}: {found:#?}");
        for change in found.iter().filter(|change| change.class == Breaking) {
            check_witness(change, &old, &new, side);
            assert!(change.old.is_some() && change.new.is_some(), "{name} has no place: {change:#?}");
        }
    }
}

/// A name, two schemas, and the kinds of the way there and of the way back. From wide to narrow: breaking in requests and compatible in
/// answers; the way back is the reverse.
type Row = (&'static str, Value, Value, &'static str, &'static str);

fn rows() -> Vec<Row> {
    [values(), objects(), composition()].concat()
}

/// Keywords of scalars and arrays.
fn values() -> Vec<Row> {
    vec![
        ("a type is lost", json!({"type": ["string", "integer"]}), json!({"type": "string"}), "type-changed", "type-changed"),
        ("whole numbers only", json!({"type": "number"}), json!({"type": "integer"}), "type-changed", "type-changed"),
        ("null is refused", json!({"type": ["string", "null"]}), json!({"type": "string"}), "null-refused", "null-allowed"),
        ("minimum", json!({"type": "integer"}), json!({"type": "integer", "minimum": 1}), "range-changed", "range-changed"),
        ("maximum", json!({"type": "integer", "maximum": 9}), json!({"type": "integer", "maximum": 5}), "range-changed", "range-changed"),
        (
            "exclusiveMinimum",
            json!({"type": "number", "minimum": 0}),
            json!({"type": "number", "exclusiveMinimum": 0}),
            "range-changed",
            "range-changed",
        ),
        (
            "exclusiveMaximum",
            json!({"type": "number", "maximum": 9}),
            json!({"type": "number", "exclusiveMaximum": 9}),
            "range-changed",
            "range-changed",
        ),
        ("multipleOf", json!({"type": "integer"}), json!({"type": "integer", "multipleOf": 5}), "range-changed", "range-changed"),
        (
            "int32",
            json!({"type": "integer", "format": "int64"}),
            json!({"type": "integer", "format": "int32"}),
            "format-changed",
            "format-changed",
        ),
        (
            "maxLength",
            json!({"type": "string", "maxLength": 9}),
            json!({"type": "string", "maxLength": 5}),
            "length-changed",
            "length-changed",
        ),
        ("minLength", json!({"type": "string"}), json!({"type": "string", "minLength": 2}), "length-changed", "length-changed"),
        ("pattern", json!({"type": "string"}), json!({"type": "string", "pattern": "^[a-z]+$"}), "pattern-changed", "pattern-changed"),
        ("format", json!({"type": "string"}), json!({"type": "string", "format": "uuid"}), "format-changed", "format-changed"),
        (
            "enum value",
            json!({"type": "string", "enum": ["a", "b"]}),
            json!({"type": "string", "enum": ["a"]}),
            "enum-value-removed",
            "enum-value-added",
        ),
        ("an enum", json!({"type": "string"}), json!({"type": "string", "enum": ["a"]}), "enum-value-removed", "enum-value-added"),
        ("const", json!({"enum": ["a", "b"]}), json!({"const": "a"}), "enum-value-removed", "enum-value-added"),
        (
            "minItems",
            json!({"type": "array", "items": {"type": "string"}}),
            json!({"type": "array", "items": {"type": "string"}, "minItems": 1}),
            "items-count-changed",
            "items-count-changed",
        ),
        (
            "maxItems",
            json!({"type": "array", "maxItems": 5}),
            json!({"type": "array", "maxItems": 2}),
            "items-count-changed",
            "items-count-changed",
        ),
        (
            "uniqueItems",
            json!({"type": "array"}),
            json!({"type": "array", "uniqueItems": true}),
            "items-uniqueness-changed",
            "items-uniqueness-changed",
        ),
        (
            "items",
            json!({"type": "array", "items": {"type": "number"}}),
            json!({"type": "array", "items": {"type": "integer"}}),
            "type-changed",
            "type-changed",
        ),
        (
            "items get a schema",
            json!({"type": "array"}),
            json!({"type": "array", "items": {"type": "integer"}}),
            "type-changed",
            "type-changed",
        ),
        (
            "prefixItems",
            json!({"type": "array", "prefixItems": [{"type": "number"}]}),
            json!({"type": "array", "prefixItems": [{"type": "integer"}]}),
            "type-changed",
            "type-changed",
        ),
    ]
}

/// Keywords of objects.
fn objects() -> Vec<Row> {
    let object = |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    let a = || json!({"a": {"type": "string"}});
    vec![
        (
            "minProperties",
            json!({"type": "object"}),
            json!({"type": "object", "minProperties": 1}),
            "properties-count-changed",
            "properties-count-changed",
        ),
        (
            "maxProperties",
            json!({"type": "object"}),
            json!({"type": "object", "maxProperties": 1}),
            "properties-count-changed",
            "properties-count-changed",
        ),
        ("required", object(a(), json!([])), object(a(), json!(["a"])), "property-required", "property-optional"),
        (
            "a property's type",
            object(json!({"a": {"type": "number"}}), json!([])),
            object(json!({"a": {"type": "integer"}}), json!([])),
            "type-changed",
            "type-changed",
        ),
        (
            "closed",
            object(a(), json!([])),
            json!({"type": "object", "properties": a(), "additionalProperties": false}),
            "additional-properties-changed",
            "additional-properties-changed",
        ),
        (
            "additional type",
            json!({"type": "object", "additionalProperties": {"type": "number"}}),
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            "type-changed",
            "type-changed",
        ),
        (
            "propertyNames",
            json!({"type": "object"}),
            json!({"type": "object", "propertyNames": {"maxLength": 3}}),
            "condition-changed",
            "condition-changed",
        ),
        (
            "patternProperties",
            json!({"type": "object"}),
            json!({"type": "object", "patternProperties": {"^n": {"type": "integer"}}}),
            "condition-changed",
            "condition-changed",
        ),
        (
            "dependentRequired",
            object(a(), json!([])),
            json!({"type": "object", "properties": a(), "dependentRequired": {"a": ["b"]}}),
            "condition-changed",
            "condition-changed",
        ),
    ]
}

/// Keywords that hold schemas beside each other.
fn composition() -> Vec<Row> {
    let object = |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    let a = || json!({"a": {"type": "string"}});
    vec![
        ("not", json!({"type": "string"}), json!({"type": "string", "not": {"const": "a"}}), "condition-changed", "condition-changed"),
        (
            "contains",
            json!({"type": "array"}),
            json!({"type": "array", "contains": {"type": "integer"}}),
            "condition-changed",
            "condition-changed",
        ),
        (
            "if and then",
            object(a(), json!([])),
            json!({"type": "object", "properties": a(), "if": {"required": ["a"]}, "then": {"required": ["b"]}}),
            "condition-changed",
            "condition-changed",
        ),
        (
            "a branch",
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]}),
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
            "branch-removed",
            "branch-added",
        ),
        (
            "a branch of oneOf",
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]}),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            "branch-removed",
            "branch-added",
        ),
        (
            "within a branch",
            json!({"oneOf": [{"type": "string", "maxLength": 9}, {"type": "integer"}]}),
            json!({"oneOf": [{"type": "string", "maxLength": 5}, {"type": "integer"}]}),
            "length-changed",
            "length-changed",
        ),
        (
            "a union becomes one",
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
            json!({"type": "string"}),
            "schema-changed",
            "schema-changed",
        ),
        ("anything is refused", json!({"type": "string"}), json!(false), "schema-changed", "schema-changed"),
        (
            "a component",
            json!({"anyOf": [{"$ref": "#/components/schemas/Other"}, {"type": "integer"}, {"type": "string"}]}),
            json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
            "branch-removed",
            "branch-added",
        ),
    ]
}

#[test]
fn what_narrows_breaks_requests_and_what_widens_breaks_answers() {
    for (name, wide, narrow, to_narrow, to_wide) in rows() {
        check(name, &wide, &narrow, &[(Side::Request, to_narrow, Breaking), (Side::Response, to_narrow, Compatible)]);
        check(name, &narrow, &wide, &[(Side::Request, to_wide, Compatible), (Side::Response, to_wide, Breaking)]);
    }
}

#[test]
fn what_does_both_breaks_both() {
    for (name, old, new, kind) in [
        ("another type", json!({"type": "string"}), json!({"type": "integer"}), "type-changed"),
        ("another pattern", json!({"type": "string", "pattern": "^a"}), json!({"type": "string", "pattern": "^b"}), "pattern-changed"),
        ("another format", json!({"type": "string", "format": "date"}), json!({"type": "string", "format": "date-time"}), "format-changed"),
        (
            "another range",
            json!({"type": "integer", "minimum": 1, "maximum": 5}),
            json!({"type": "integer", "minimum": 2, "maximum": 9}),
            "range-changed",
        ),
    ] {
        check(name, &old, &new, &[(Side::Request, kind, Breaking), (Side::Response, kind, Breaking)]);
    }
    let values = |values: Value| json!({"type": "string", "enum": values});
    let both = |side| {
        [
            (side, "enum-value-added", if side == Side::Request { Compatible } else { Breaking }),
            (side, "enum-value-removed", if side == Side::Request { Breaking } else { Compatible }),
        ]
    };
    let expected: Vec<_> = both(Side::Request).into_iter().chain(both(Side::Response)).collect();
    check("other values", &values(json!(["a", "b"])), &values(json!(["a", "c"])), &expected);
}

#[test]
fn properties_come_go_and_are_renamed() {
    let object = |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    let text = || json!({"type": "string"});
    let one = object(json!({"id": text()}), json!([]));
    let two = object(json!({"id": text(), "colour": {"type": "integer"}}), json!([]));
    let two_required = object(json!({"id": text(), "colour": {"type": "integer"}}), json!(["colour"]));
    check("added", &one, &two, &[(Side::Request, "property-added", Compatible), (Side::Response, "property-added", Compatible)]);
    check("removed", &two, &one, &[(Side::Request, "property-removed", Breaking), (Side::Response, "property-removed", Compatible)]);
    check(
        "added and required",
        &one,
        &two_required,
        &[(Side::Request, "property-added", Breaking), (Side::Response, "property-added", Compatible)],
    );
    check(
        "removed and required",
        &two_required,
        &one,
        &[(Side::Request, "property-removed", Breaking), (Side::Response, "property-removed", Breaking)],
    );
    let closed = json!({"type": "object", "properties": {"id": text()}, "additionalProperties": false});
    let closed_two = json!({"type": "object", "properties": {"id": text(), "colour": text()}, "additionalProperties": false});
    check(
        "added to a closed one",
        &closed,
        &closed_two,
        &[(Side::Request, "property-added", Compatible), (Side::Response, "property-added", Breaking)],
    );
    check(
        "removed from a closed one",
        &closed_two,
        &closed,
        &[(Side::Request, "property-removed", Breaking), (Side::Response, "property-removed", Compatible)],
    );
    let renamed = object(json!({"id": text(), "colourCode": {"type": "integer"}}), json!([]));
    check("renamed", &two, &renamed, &[(Side::Request, "property-renamed", Breaking), (Side::Response, "property-renamed", Compatible)]);
    let renamed = object(json!({"id": text(), "colour_code": {"type": "integer"}}), json!(["colour_code"]));
    check(
        "renamed and required",
        &two_required,
        &renamed,
        &[(Side::Request, "property-renamed", Breaking), (Side::Response, "property-renamed", Breaking)],
    );
    let other = object(json!({"id": text(), "colourCode": {"type": "boolean"}}), json!([]));
    check(
        "another thing of a like name",
        &two,
        &other,
        &[
            (Side::Request, "property-removed", Breaking),
            (Side::Request, "property-added", Compatible),
            (Side::Response, "property-removed", Compatible),
            (Side::Response, "property-added", Compatible),
        ],
    );
    let read_only = object(json!({"id": {"type": "string", "readOnly": true}}), json!([]));
    check("read only", &one, &read_only, &[(Side::Request, "read-only-changed", Breaking)]);
    check("no longer read only", &read_only, &one, &[(Side::Request, "read-only-changed", Compatible)]);
    let write_only = object(json!({"id": {"type": "string", "writeOnly": true}}), json!([]));
    check("write only", &one, &write_only, &[(Side::Response, "read-only-changed", Compatible)]);
}

#[test]
fn what_no_validator_decides_is_never_called_compatible() {
    let text = |more: Value| {
        let mut schema = json!({"type": "string"});
        schema.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        schema
    };
    check(
        "default",
        &text(json!({"default": "a"})),
        &text(json!({"default": "b"})),
        &[(Side::Request, "default-changed", Unknown), (Side::Response, "default-changed", Compatible)],
    );
    check(
        "deprecated",
        &text(json!({})),
        &text(json!({"deprecated": true})),
        &[(Side::Request, "deprecated", Compatible), (Side::Response, "deprecated", Compatible)],
    );
    check(
        "undeprecated",
        &text(json!({"deprecated": true})),
        &text(json!({})),
        &[(Side::Request, "undeprecated", Compatible), (Side::Response, "undeprecated", Compatible)],
    );
    check(
        "a format for people",
        &text(json!({"format": "password"})),
        &text(json!({})),
        &[(Side::Request, "format-changed", Compatible), (Side::Response, "format-changed", Compatible)],
    );
    let pet = |mapping: Value| {
        json!({
            "oneOf": [{"$ref": "#/components/schemas/Other"}, {"type": "integer"}],
            "discriminator": {"propertyName": "kind", "mapping": mapping}
        })
    };
    for side in [Side::Request, Side::Response] {
        let found = changes(
            &document(&pet(json!({"a": "#/components/schemas/Other"}))),
            &document(&pet(json!({"b": "#/components/schemas/Other"}))),
            side,
        );
        assert!(found.iter().any(|change| change.kind.name() == "discriminator-changed" && change.class != Compatible), "{found:#?}");
    }
}

#[test]
fn another_way_of_writing_is_no_change() {
    let object = json!({"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "string", "enum": ["x", "y"]}, "b": {"$ref": "#/components/schemas/Other"}}});
    for (name, other) in [
        (
            "another order",
            json!({"properties": {"b": {"$ref": "#/components/schemas/Other"}, "a": {"enum": ["y", "x"], "type": "string"}}, "required": ["b", "a"], "type": "object"}),
        ),
        (
            "a reference inlined",
            json!({"type": "object", "required": ["a", "b"], "properties": {
            "a": {"type": "string", "enum": ["x", "y"]}, "b": {"type": "object", "required": ["o"], "properties": {"o": {"type": "string"}}}}}),
        ),
        (
            "allOf",
            json!({"allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "enum": ["x", "y"]}}},
            {"required": ["b"], "properties": {"b": {"$ref": "#/components/schemas/Other"}}}]}),
        ),
        (
            "a reference in allOf",
            json!({"type": "object", "required": ["a", "b"], "properties": {
            "a": {"type": "string", "enum": ["x", "y"]}, "b": {"allOf": [{"$ref": "#/components/schemas/Other"}], "description": "One."}}}),
        ),
        (
            "for people",
            json!({"title": "T", "description": "D", "type": "object", "required": ["a", "b"], "x-note": 1, "properties": {
            "a": {"type": "string", "enum": ["x", "y"], "example": "x"}, "b": {"$ref": "#/components/schemas/Other"}}}),
        ),
        (
            "anyOf of one",
            json!({"anyOf": [{"type": "object", "required": ["a", "b"], "properties": {
            "a": {"type": "string", "enum": ["x", "y"]}, "b": {"$ref": "#/components/schemas/Other"}}}]}),
        ),
    ] {
        check(name, &object, &other, &[]);
        check(name, &other, &object, &[]);
    }
    for (name, old, new) in [
        ("null as a branch", json!({"type": ["string", "null"]}), json!({"anyOf": [{"type": "string"}, {"type": "null"}]})),
        ("bounds of whole numbers", json!({"type": "integer", "minimum": 1}), json!({"type": "integer", "exclusiveMinimum": 0})),
        ("const and enum", json!({"const": "a"}), json!({"enum": ["a"]})),
        (
            "branches in another order",
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            json!({"oneOf": [{"type": "integer"}, {"type": "string"}]}),
        ),
        ("types and branches", json!({"type": ["string", "integer"]}), json!({"anyOf": [{"type": "string"}, {"type": "integer"}]})),
        ("a bound that says nothing", json!({"enum": ["a", "b"]}), json!({"type": "string", "enum": ["a", "b"], "maxLength": 5})),
    ] {
        check(name, &old, &new, &[]);
        check(name, &new, &old, &[]);
    }
}

#[test]
fn schemas_that_lead_to_themselves_are_compared_once() {
    let tree = |kind: &str| {
        json!({"type": "object", "required": ["value"], "properties": {
        "value": {"type": kind}, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}}})
    };
    check("a tree", &tree("string"), &tree("string"), &[]);
    check(
        "a tree",
        &tree("number"),
        &tree("integer"),
        &[(Side::Request, "type-changed", Breaking), (Side::Response, "type-changed", Compatible)],
    );
}

#[test]
fn a_witness_names_the_branch_that_its_discriminator_selects() {
    let pets = |tag: Value, lives: Value| {
        let kind = |member: &str, schema: Value| json!({"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "properties": {member: schema}}]});
        let body = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}});
        let text = json!({
            "openapi": "3.0.3", "info": {"title": "Pets", "version": "1"},
            "paths": {"/parts": {"post": {"requestBody": {"content": body}, "responses": {"200": {"description": "it", "content": body}}}}},
            "components": {"schemas": {
                "Base": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "tag": tag}},
                "Cat": kind("lives", lives), "Dog": kind("barks", json!({"type": "boolean"})),
                "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}], "discriminator": {"propertyName": "kind"}}
            }}
        });
        Arc::new(Document::parse(Source::new("pets.json", text.to_string())).expect("a document"))
    };
    let old = pets(json!({"type": "string", "nullable": true}), json!({"type": "integer"}));
    let new = pets(json!({"type": "string"}), json!({"type": "integer", "maximum": 9}));
    let found = changes(&old, &new, Side::Request);
    assert_eq!(found.iter().map(|change| change.class).collect::<Vec<_>>(), [Breaking, Breaking], "{found:#?}");
    for change in &found {
        check_witness(change, &old, &new, Side::Request);
    }
}

#[test]
fn members_that_nothing_evaluates_are_as_good_as_forbidden() {
    let object = |more: &[(&str, Value)]| {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        schema.as_object_mut().expect("an object").extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        schema
    };
    let closed = [("unevaluatedProperties", json!(false))];
    let two = [("unevaluatedProperties", json!(false)), ("properties", json!({"a": {"type": "string"}, "b": {"type": "string"}}))];
    let kind = "additional-properties-changed";
    check("closed", &object(&[]), &object(&closed), &[(Side::Request, kind, Breaking), (Side::Response, kind, Compatible)]);
    check(
        "one more",
        &object(&closed),
        &object(&two),
        &[(Side::Request, "property-added", Compatible), (Side::Response, "property-added", Breaking)],
    );
}

#[test]
fn a_branch_among_many_is_shown_by_an_instance_of_its_own() {
    let events = |count: usize| {
        let event = |number: usize| json!({"title": format!("Event {number}"), "type": "object", "required": ["event"], "properties": {"event": {"const": number}}});
        json!({"anyOf": (0..count).map(event).collect::<Vec<_>>()})
    };
    check("one more", &events(40), &events(41), &[(Side::Request, "branch-added", Compatible), (Side::Response, "branch-added", Breaking)]);
    check(
        "one less",
        &events(41),
        &events(40),
        &[(Side::Request, "branch-removed", Breaking), (Side::Response, "branch-removed", Compatible)],
    );
}

#[test]
fn where_another_branch_takes_the_value_the_witness_is_of_the_part() {
    let schema = |listed: &Value| {
        json!({"type": "object", "required": ["a"], "properties": {"a": {"anyOf": [
            {"type": "object", "title": "narrow", "required": ["kind"], "properties": {"kind": {"enum": listed}}},
            {"type": "object", "title": "wide"}
        ]}}})
    };
    let (old, new) = (document(&schema(&json!(["x"]))), document(&schema(&json!(["x", "y"]))));
    let found = changes(&old, &new, Side::Response);
    assert_eq!(found.len(), 1, "{found:#?}");
    let witness = found[0].witness.as_ref().expect("a witness");
    assert_eq!(witness.value, json!({"kind": "y"}));
    assert!(witness.part.as_ref().is_some_and(|part| part.as_str().ends_with("/properties/a/anyOf/0")), "{witness:?}");
    assert_eq!(witness.instance.as_str(), "/kind");
}
