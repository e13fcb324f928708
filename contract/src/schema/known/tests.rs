//! The quick answer, held against the full search.

use super::super::members::search;
use super::*;
use wireproof_openapi::Source;

const SCHEMAS: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    Plain: {type: object, properties: {a: {type: integer}, kid: {$ref: '#/components/schemas/Plain'}}}
    List: {type: array, items: {$ref: '#/components/schemas/Plain'}}
    Tuple: {type: array, prefixItems: [{$ref: '#/components/schemas/Plain'}, true], items: {type: object, properties: {z: {}}}}
    Free: {type: object}
    Open: {type: object, properties: {a: {$ref: '#/components/schemas/Plain'}}, additionalProperties: true}
    Map: {type: object, properties: {own: {}}, additionalProperties: {$ref: '#/components/schemas/Plain'}}
    Closed: {type: object, properties: {a: {}}, additionalProperties: false}
    All:
      allOf: [{$ref: '#/components/schemas/Plain'}, {type: object, properties: {b: {type: object, properties: {c: {}}}}}]
    Nullable: {anyOf: [{$ref: '#/components/schemas/Plain'}, {type: 'null'}]}
    One:
      oneOf:
        - {type: object, required: [x], properties: {x: {}}}
        - {type: object, required: [y], properties: {y: {$ref: '#/components/schemas/One'}}}
    Any: {type: object, properties: {kind: {}}, anyOf: [{$ref: '#/components/schemas/Plain'}, {type: object, properties: {x: {type: string}}}, {type: object}]}
    Marked: {type: object, properties: {secret: {type: string, writeOnly: true}, id: {type: string, readOnly: true}}}
    Pets:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind}
    Cat: {type: object, properties: {kind: {const: Cat}, meow: {$ref: '#/components/schemas/Pets'}}}
    Dog: {type: object, properties: {kind: {const: Dog}, bark: {}}}
    Base: {type: object, properties: {kind: {}}, discriminator: {propertyName: kind}}
    Kind: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {more: {}}}]}
    Pattern: {type: object, properties: {a: {}}, patternProperties: {'^x-': {$ref: '#/components/schemas/Plain'}}}
    If: {if: {properties: {a: {const: 1}}}, then: {properties: {b: {}}}, else: {properties: {c: {}}}}
    Loop: {allOf: [{$ref: '#/components/schemas/Loop'}], properties: {a: {}}}
";

const VALUES: &[&str] = &[
    "{}",
    "7",
    "null",
    "[]",
    r#"{"a":1}"#,
    r#"{"a":1,"b":2}"#,
    r#"{"a":{"a":1},"kid":{"kid":{"a":2}}}"#,
    r#"{"kid":{"kid":{"new":2}}}"#,
    r#"[{"a":1},{"kid":{}}]"#,
    r#"[{"a":1},{"new":1},{"z":1}]"#,
    r#"[{"new":1},{},{"z":{"any":1}},{"q":1}]"#,
    r#"{"own":{"x":1},"k":{"a":1}}"#,
    r#"{"own":{"x":1},"k":{"new":1}}"#,
    r#"{"b":{"c":{"d":1}}}"#,
    r#"{"b":{"new":1}}"#,
    r#"{"x":1}"#,
    r#"{"x":"s","kind":1}"#,
    r#"{"x":1,"y":1}"#,
    r#"{"y":{"y":{"x":1}}}"#,
    r#"{"y":{"y":{"x":1,"new":1}}}"#,
    r#"{"secret":"s"}"#,
    r#"{"id":"i"}"#,
    r#"{"x-a":{"a":1}}"#,
    r#"{"x-a":{"new":1}}"#,
    r#"{"a":1,"b":1}"#,
    r#"{"a":2,"c":1}"#,
    r#"{"kind":"Cat","meow":{"kind":"Dog","bark":1}}"#,
    r#"{"kind":"Cat","meow":{"kind":"Dog","meow":1}}"#,
    r#"{"kind":"Kind","more":1}"#,
];

/// Schemas of which some values are always searched.
const SEARCHED: &[&str] = &["Pattern", "If", "Base", "Kind"];

#[test]
fn the_quick_answer_is_that_of_the_full_search() {
    let document = Document::parse(Source::new("x.yaml", SCHEMAS)).expect("a document");
    let names: Vec<String> = document.root()["components"]["schemas"].as_object().expect("schemas").keys().cloned().collect();
    let schemas = Schemas::new(std::sync::Arc::new(document), super::super::Formats::default()).expect("schemas");
    let mut clean = 0;
    for name in &names {
        let place = Pointer::root().join("components").join("schemas").join(name);
        for text in VALUES {
            let value: Value = serde_json::from_str(text).expect(text);
            for side in [Side::Request, Side::Response] {
                let found = search(&schemas, &place, side, &value);
                let nothing = found.undocumented.is_empty() && found.marked.is_empty();
                // Asked twice, as the second answer comes from what the first one made.
                for _ in 0..2 {
                    let quick = schemas.are_clean(&place, side, &value);
                    clean += usize::from(quick);
                    assert!(!quick || nothing, "{name}: {text} is not clean: {found:?}");
                    assert!(quick || !nothing || SEARCHED.contains(&name.as_str()), "{name}: {text} is clean: {found:?}");
                }
            }
        }
    }
    assert!(clean > 500, "{clean}");
}
