//! Parts of a document, schemas aside, that are not what they should be.

use serde_json::json;

use super::{at, codes, parse, text_3_0};

#[test]
fn what_cannot_be_used_is_left_out_and_told() {
    for (parts, place, expected, said) in [
        ("paths: {/a: {get: {responses: }}}", "/paths/~1a/get", json!({}), "wrong-type /paths/~1a/get/responses"),
        (
            "paths: {/a: {get: {responses: {'204': }}}}",
            "/paths/~1a/get/responses/204",
            json!({}),
            "wrong-type /paths/~1a/get/responses/204",
        ),
        ("paths: {/a: {get: {parameters: text}}}", "/paths/~1a/get", json!({}), "wrong-type /paths/~1a/get/parameters"),
        ("paths: {/a: {get: {parameters: [null]}}}", "/paths/~1a/get/parameters", json!([null]), "wrong-type /paths/~1a/get/parameters/0"),
        ("paths: {/a: text}", "/paths", json!({}), "wrong-type /paths/~1a"),
        (
            "paths: {}\ncomponents: []",
            "",
            json!({"openapi": "3.0.3", "info": {"title": "Test", "version": "1"}, "paths": {}}),
            "wrong-type /components",
        ),
        (
            "paths: {}\ncomponents: {schemas: {A: , B: 1}}",
            "/components/schemas",
            json!({"A": true, "B": true}),
            "wrong-type /components/schemas/A",
        ),
        (
            "paths: {/a: {get: {responses: {'200': {description: 3, schema: {}}}}}}",
            "/paths/~1a/get/responses/200",
            json!({"description": "3", "schema": {}}),
            "unknown-field /paths/~1a/get/responses/200/schema",
        ),
        ("paths: {}\nx-wireproof-files: {a: 1}\nx-b: 2", "/x-b", json!(2), "reserved-extension /x-wireproof-files"),
    ] {
        let document = parse(&text_3_0(parts));
        assert_eq!(at(&document, place), &expected, "{parts}");
        assert!(codes(&document).contains(&said.to_owned()), "{parts}: {:?}", codes(&document));
    }
    assert!(parse(&text_3_0("paths: {}\nx-wireproof-files: {a: 1}")).root().get("x-wireproof-files").is_none());
}

#[test]
fn nothing_in_examples_and_extensions_is_touched() {
    let parts = "paths: {/a: {x-b: {schema: {type: int}}, get: {responses: {'200': {description: d, content: {a/b: {example: {schema: {type: int}, $ref: x}, examples: {e: {value: {$ref: y, nullable: true}}}}}}}}}}";
    let document = parse(&text_3_0(parts));
    assert_eq!(codes(&document), [""; 0]);
    assert_eq!(at(&document, "/paths/~1a/x-b/schema/type"), "int");
    assert_eq!(at(&document, "/paths/~1a/get/responses/200/content/a~1b/examples/e/value"), &json!({"$ref": "y", "nullable": true}));
}
