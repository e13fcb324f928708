//! Schemas of OpenAPI 3.0, keyword by keyword, and what they are in JSON Schema 2020-12.

use serde_json::{Value, json};
use wireproof_openapi::{Document, Pointer};

use super::{at, codes, parse};

const SCHEMA: &str = "/components/schemas/S";

fn document(version: &str, schema: &str) -> Document {
    let text = format!(
        "openapi: {version}\ninfo: {{title: Test, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    T: {{type: string}}\n    S: {schema}\n"
    );
    parse(&text)
}

/// Checks what a schema becomes, and what is said about it: codes with places below it.
#[track_caller]
fn check(version: &str, schema: &str, expected: &Value, said: &[&str]) {
    let document = document(version, schema);
    assert_eq!(at(&document, SCHEMA), expected, "{version} {schema}");
    let actual: Vec<String> = codes(&document).iter().map(|code| code.replace(SCHEMA, "")).collect();
    assert_eq!(actual, said, "{version} {schema}");
}

#[track_caller]
fn check_3_0(table: &[(&str, Value, &[&str])]) {
    for (schema, expected, said) in table {
        check("3.0.3", schema, expected, said);
    }
}

#[test]
fn nullable_beside_a_type_joins_the_type() {
    check_3_0(&[
        ("{type: string, nullable: true}", json!({"type": ["string", "null"]}), &[]),
        ("{type: string, nullable: false}", json!({"type": "string"}), &[]),
        ("{type: string, enum: [a], nullable: true}", json!({"type": ["string", "null"], "enum": ["a", null]}), &[]),
        ("{type: string, enum: [a, null], nullable: true}", json!({"type": ["string", "null"], "enum": ["a", null]}), &[]),
        ("{type: [string, integer], nullable: true}", json!({"type": ["string", "integer", "null"]}), &[]),
        ("{type: ['null', integer], nullable: true}", json!({"type": ["null", "integer"]}), &[]),
        ("{type: string, nullable: 'true'}", json!({"type": ["string", "null"]}), &["keyword-type /nullable"]),
        ("{type: string, nullable: 1}", json!({"type": "string"}), &["keyword-type /nullable"]),
        (
            "{type: object, properties: {a: {type: string, nullable: true}}}",
            json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}}),
            &[],
        ),
    ]);
}

/// The wrapper around `schema`, with `annotations`.
fn wrapped(schema: &Value, mut annotations: Value) -> Value {
    annotations["anyOf"] = json!([schema, {"type": "null"}]);
    annotations["x-wireproof-nullable"] = json!(true);
    annotations
}

#[test]
fn nullable_beside_anything_else_wraps() {
    let reference = json!({"$ref": "#/components/schemas/T"});
    check_3_0(&[
        ("{$ref: '#/components/schemas/T', nullable: true}", wrapped(&reference, json!({})), &[]),
        (
            "{description: d, $ref: '#/components/schemas/T', readOnly: true, x-evidence: assumed, nullable: true}",
            wrapped(&reference, json!({"description": "d", "readOnly": true, "x-evidence": "assumed"})),
            &[],
        ),
        ("{allOf: [{$ref: '#/components/schemas/T'}], nullable: true}", wrapped(&json!({"allOf": [reference]}), json!({})), &[]),
        (
            "{anyOf: [{type: string}], default: a, nullable: true}",
            wrapped(&json!({"anyOf": [{"type": "string"}]}), json!({"default": "a"})),
            &[],
        ),
        ("{oneOf: [{type: string}], nullable: true}", wrapped(&json!({"oneOf": [{"type": "string"}]}), json!({})), &[]),
        (
            "{type: object, not: {required: [a]}, nullable: true}",
            wrapped(&json!({"type": "object", "not": {"required": ["a"]}}), json!({})),
            &[],
        ),
        (
            "{type: object, anyOf: [{required: [a]}, {required: [b]}], nullable: true}",
            wrapped(&json!({"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}), json!({})),
            &[],
        ),
        ("{enum: [a], nullable: true}", wrapped(&json!({"enum": ["a"]}), json!({})), &[]),
        ("{properties: {a: {}}, nullable: true}", wrapped(&json!({"properties": {"a": {}}}), json!({})), &[]),
        ("{nullable: true}", wrapped(&json!({}), json!({})), &[]),
    ]);
}

#[test]
fn a_reference_of_3_0_ignores_what_stands_beside_it() {
    check_3_0(&[
        (
            "{$ref: '#/components/schemas/T', description: d, deprecated: true, x-a: 1}",
            json!({"$ref": "#/components/schemas/T", "description": "d", "deprecated": true, "x-a": 1}),
            &[],
        ),
        (
            "{type: object, $ref: '#/components/schemas/T', minLength: 3}",
            json!({"$ref": "#/components/schemas/T"}),
            &["ref-siblings /type"],
        ),
        ("{$ref: 3, type: string}", json!({"type": "string"}), &["wrong-type /$ref"]),
    ]);
    let reference = json!({"$ref": "#/components/schemas/T", "minLength": 3});
    check("3.1.0", "{$ref: '#/components/schemas/T', minLength: 3}", &reference, &[]);
}

#[test]
fn boolean_exclusive_limits_become_numbers() {
    let table: &[(&str, Value)] = &[
        ("{minimum: 1, exclusiveMinimum: true}", json!({"exclusiveMinimum": 1})),
        ("{maximum: 1.50, exclusiveMaximum: true}", serde_json::from_str("{\"exclusiveMaximum\": 1.50}").unwrap()),
        ("{minimum: 1, exclusiveMinimum: false}", json!({"minimum": 1})),
        ("{exclusiveMinimum: 3}", json!({"exclusiveMinimum": 3})),
    ];
    for (schema, expected) in table {
        check("3.0.3", schema, expected, &[]);
    }
    check("3.0.3", "{exclusiveMinimum: true}", &json!({}), &["exclusive-boolean /exclusiveMinimum"]);
    check("3.1.0", table[0].0, &table[0].1, &["exclusive-boolean /exclusiveMinimum"]);
}

#[test]
fn integer_formats_become_bounds() {
    let both = |minimum: Value, maximum: Value, name: &str, format: &str| json!({"type": name, "format": format, "minimum": minimum, "maximum": maximum, "x-wireproof-bounds": ["minimum", "maximum"]});
    check_3_0(&[
        ("{type: integer, format: int8}", both(json!(i8::MIN), json!(i8::MAX), "integer", "int8"), &[]),
        ("{type: integer, format: int16}", both(json!(i16::MIN), json!(i16::MAX), "integer", "int16"), &[]),
        ("{type: integer, format: int32}", both(json!(i32::MIN), json!(i32::MAX), "integer", "int32"), &[]),
        ("{type: integer, format: int64}", both(json!(i64::MIN), json!(i64::MAX), "integer", "int64"), &[]),
        ("{type: integer, format: uint8}", both(json!(0), json!(u8::MAX), "integer", "uint8"), &[]),
        ("{type: integer, format: uint16}", both(json!(0), json!(u16::MAX), "integer", "uint16"), &[]),
        ("{type: integer, format: uint32}", both(json!(0), json!(u32::MAX), "integer", "uint32"), &[]),
        ("{type: integer, format: uint64}", both(json!(0), json!(u64::MAX), "integer", "uint64"), &[]),
        ("{type: number, format: int32}", both(json!(i32::MIN), json!(i32::MAX), "number", "int32"), &[]),
        ("{type: string, format: int64}", json!({"type": "string", "format": "int64"}), &[]),
        ("{format: int64}", json!({"format": "int64"}), &[]),
        ("{type: number, format: double}", json!({"type": "number", "format": "double"}), &[]),
        (
            "{type: integer, format: int32, minimum: 1}",
            json!({"type": "integer", "format": "int32", "minimum": 1, "maximum": i32::MAX, "x-wireproof-bounds": ["maximum"]}),
            &[],
        ),
        (
            "{type: integer, format: int32, minimum: -5, maximum: 5}",
            json!({"type": "integer", "format": "int32", "minimum": -5, "maximum": 5}),
            &[],
        ),
        (
            "{type: integer, format: int32, minimum: 0, exclusiveMinimum: true}",
            json!({"type": "integer", "format": "int32", "exclusiveMinimum": 0, "maximum": i32::MAX, "x-wireproof-bounds": ["maximum"]}),
            &[],
        ),
        (
            "{type: integer, format: int64, maximum: 18446744073709552000, minimum: 0}",
            json!({"type": "integer", "format": "int64", "maximum": i64::MAX, "minimum": 0, "x-wireproof-bounds": ["maximum"]}),
            &[],
        ),
        (
            "{type: integer, format: int32, nullable: true, minimum: 0}",
            json!({"type": ["integer", "null"], "format": "int32", "minimum": 0, "maximum": i32::MAX, "x-wireproof-bounds": ["maximum"]}),
            &[],
        ),
    ]);
}

#[test]
fn types_that_are_none() {
    let code = &["unknown-type /type"][..];
    check_3_0(&[
        ("{type: int}", json!({"type": "integer"}), code),
        ("{type: Float}", json!({"type": "number"}), code),
        ("{type: String}", json!({"type": "string"}), code),
        ("{type: file}", json!({"type": "string"}), code),
        ("{type: any, description: d}", json!({"description": "d"}), code),
        ("{type: date}", json!({}), code),
        ("{type: application/json}", json!({}), code),
        ("{type: {enum: [a]}}", json!({}), &["keyword-type /type"]),
        ("{type: null}", json!({}), &["keyword-type /type"]),
        ("{type: [string, null]}", json!({"type": ["string", "null"]}), &[]),
        ("{type: [string, any, string]}", json!({"type": ["string"]}), &["unknown-type /type/1"]),
        ("{type: []}", json!({}), code),
    ]);
}

#[test]
fn keywords_with_values_of_the_wrong_type() {
    check_3_0(&[
        ("{minLength: '3'}", json!({"minLength": 3}), &["keyword-type /minLength"]),
        ("{minLength: 3.0}", json!({"minLength": 3}), &[]),
        ("{maxItems: -1}", json!({}), &["keyword-type /maxItems"]),
        ("{maxItems: 1.5}", json!({}), &["keyword-type /maxItems"]),
        ("{maxLength: many}", json!({}), &["keyword-type /maxLength"]),
        ("{minimum: '0.5'}", json!({"minimum": 0.5}), &["keyword-type /minimum"]),
        ("{minimum: low}", json!({}), &["keyword-type /minimum"]),
        ("{maximum: 1e999999999}", json!({}), &["keyword-type /maximum"]),
        ("{multipleOf: 0}", json!({}), &["keyword-type /multipleOf"]),
        ("{multipleOf: 0.01}", json!({"multipleOf": 0.01}), &[]),
        ("{pattern: 0}", json!({"pattern": "0"}), &["keyword-type /pattern"]),
        ("{pattern: null}", json!({}), &["keyword-type /pattern"]),
        ("{title: , description: }", json!({}), &[]),
        ("{uniqueItems: 'yes'}", json!({}), &["keyword-type /uniqueItems"]),
        ("{readOnly: 'True'}", json!({"readOnly": true}), &["keyword-type /readOnly"]),
        ("{enum: a}", json!({}), &["keyword-type /enum"]),
        ("{enum: []}", json!({}), &["keyword-type /enum"]),
        ("{required: true}", json!({}), &["keyword-type /required"]),
        ("{required: [a, 1, {}, a]}", json!({"required": ["a", "1"]}), &["keyword-type /required/2"]),
        ("{required: []}", json!({}), &[]),
        ("{properties: null}", json!({}), &["wrong-type /properties"]),
        ("{properties: []}", json!({}), &["wrong-type /properties"]),
        (
            "{properties: {a: null, b: text}}",
            json!({"properties": {"a": true, "b": true}}),
            &["wrong-type /properties/a", "wrong-type /properties/b"],
        ),
        ("{items: null}", json!({}), &["wrong-type /items"]),
        ("{additionalProperties: 'false'}", json!({"additionalProperties": false}), &["keyword-type /additionalProperties"]),
        ("{allOf: []}", json!({}), &["keyword-type /allOf"]),
        ("{allOf: [{}, text]}", json!({"allOf": [{}, true]}), &["wrong-type /allOf/1"]),
        ("{examples: {a: {value: 1}}}", json!({}), &["keyword-type /examples"]),
    ]);
}

#[test]
fn lists_written_in_other_ways() {
    check_3_0(&[
        ("{allOf: {'2': {type: object}}}", json!({"allOf": [true, true, {"type": "object"}]}), &["keyword-type /allOf"]),
        ("{allOf: {$ref: '#/components/schemas/T'}}", json!({"allOf": [{"$ref": "#/components/schemas/T"}]}), &[]),
        (
            "{type: array, items: [{type: string, nullable: true}]}",
            json!({"type": "array", "prefixItems": [{"type": ["string", "null"]}], "x-wireproof-items": true}),
            &[],
        ),
    ]);
}

#[test]
fn identifiers_go_and_what_only_describes_stays() {
    check_3_0(&[
        ("{$id: a, $schema: 'http://json-schema.org/draft-04/schema#'}", json!({}), &["unknown-keyword /$id", "schema-dialect /$schema"]),
        (
            "{example: {nullable: true, $ref: nowhere}, default: null, xml: {name: a}, x-a: {type: int}, const: a, patternProperties: {a: {type: string}}}",
            json!({
                "example": {"nullable": true, "$ref": "nowhere"}, "default": null, "xml": {"name": "a"}, "x-a": {"type": "int"},
                "const": "a", "patternProperties": {"a": {"type": "string"}},
            }),
            &[],
        ),
        ("{enum: [{type: int, nullable: true}]}", json!({"enum": [{"type": "int", "nullable": true}]}), &[]),
        (
            "{x-wireproof-nullable: true, x-wireproof-risk: safe}",
            json!({"x-wireproof-risk": "safe"}),
            &["reserved-extension /x-wireproof-nullable"],
        ),
        ("true", json!(true), &[]),
    ]);
}

#[test]
fn nullable_in_3_1_is_honoured_and_counted_once() {
    let document =
        document("3.1.0", "{properties: {a: {type: string, nullable: true}, b: {$ref: '#/components/schemas/T', nullable: true}}}");
    assert_eq!(at(&document, "/components/schemas/S/properties/a"), &json!({"type": ["string", "null"]}));
    assert!(at(&document, "/components/schemas/S/properties/b").get("x-wireproof-nullable").is_some());
    assert_eq!(codes(&document), ["nullable-in-3.1 /components/schemas/S/properties/a/nullable"]);
    assert!(document.diagnostics()[0].message.contains("2 times"), "{}", document.diagnostics()[0]);
}

#[test]
fn schemas_of_3_1_stay_as_they_are() {
    let schema = "{type: [object, 'null'], $defs: {a: {const: 1}}, properties: {a: {$ref: '#/components/schemas/S/$defs/a', title: t}}, \
                  unevaluatedProperties: false, if: {required: [a]}, then: {minProperties: 2}, prefixItems: [true], examples: [1]}";
    let expected = json!({
        "type": ["object", "null"], "$defs": {"a": {"const": 1}},
        "properties": {"a": {"$ref": "#/components/schemas/S/$defs/a", "title": "t"}},
        "unevaluatedProperties": false, "if": {"required": ["a"]}, "then": {"minProperties": 2}, "prefixItems": [true], "examples": [1],
    });
    check("3.1.0", schema, &expected, &[]);
}

#[test]
fn every_changed_node_knows_its_place_as_written() {
    let document = document(
        "3.0.3",
        "{type: object, nullable: true, oneOf: [{type: integer, format: int32, minimum: 0}], properties: {list: {items: [{type: string, nullable: true}]}}}",
    );
    for (normalised, written) in [
        ("", ""),
        ("/anyOf/0", ""),
        ("/anyOf", "/nullable"),
        ("/anyOf/1", "/nullable"),
        ("/anyOf/1/type", "/nullable"),
        ("/anyOf/0/type", "/type"),
        ("/anyOf/0/oneOf/0/maximum", "/oneOf/0/format"),
        ("/anyOf/0/oneOf/0/minimum", "/oneOf/0/minimum"),
        ("/anyOf/0/properties/list/prefixItems/0/type", "/properties/list/items/0/type"),
        ("/anyOf/0/unknown/deep", "/unknown/deep"),
    ] {
        let pointer = Pointer::from_plain(format!("{SCHEMA}{normalised}"));
        assert_eq!(document.written(&pointer).as_str(), format!("{SCHEMA}{written}"), "{normalised}");
    }
}
