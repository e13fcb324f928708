//! References: within a document, between files, to nowhere and in circles.

use serde_json::json;
use wireproof_openapi::Pointer;

use super::{at, codes, load, parse, said, text_3_0};

#[test]
fn local_references_of_all_forms() {
    let document = parse(&text_3_0(
        "paths:
  /v2/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: a, headers: {h: {schema: {type: integer}}}}
        '201': {description: a, headers: {h: {$ref: '#/paths/~1v2~1%7Bid%7D/get/responses/200/headers/h'}}}
        '202': {$ref: '#/components/responses/R'}
components:
  responses:
    R: {description: r, content: {application/json: {schema: {$ref: '#/components/schemas/A/allOf/1/properties/b'}}}}
  schemas:
    A: {allOf: [{type: object}, {properties: {b: {type: string}, c: {$ref: '#/components/schemas/Odd name'}}}]}
    'Odd name': {properties: {$ref: {type: string}}, example: {$ref: '#/nowhere'}}
",
    ));
    assert_eq!(codes(&document), [""; 0]);
    assert_eq!(at(&document, "/components/schemas/A/allOf/1/properties/c"), &json!({"$ref": "#/components/schemas/Odd%20name"}));
    let operation = &document.operations()[0];
    assert_eq!(operation.responses.entries[1].headers[0].pointer.as_str(), "/paths/~1v2~1{id}/get/responses/200/headers/h");
    assert_eq!(operation.responses.entries[2].pointer.as_str(), "/components/responses/R");
    let schema = operation.responses.entries[2].content[0].schema.clone().unwrap();
    let (place, node) = document.resolve(&schema).unwrap();
    assert_eq!((place.as_str(), node), ("/components/schemas/A/allOf/1/properties/b", &json!({"type": "string"})));
    assert_eq!(document.reference("#/components/schemas/Odd%20name").unwrap().as_str(), "/components/schemas/Odd name");
    assert_eq!(document.reference("#/components/schemas/None"), None);
    assert_eq!(document.reference("pet.yml"), None);
}

#[test]
fn references_through_a_wrapped_schema_are_moved() {
    let document = parse(&text_3_0(
        "paths: {}
components:
  schemas:
    A: {nullable: true, anyOf: [{properties: {b: {type: string}}}, {type: string}]}
    B: {$ref: '#/components/schemas/A/anyOf/0/properties/b'}
    C: {$ref: '#/components/schemas/A/anyOf/1'}
    D: {$ref: '#/components/schemas/A'}
    E: {oneOf: [{$ref: '#/components/schemas/A'}], discriminator: {propertyName: x, mapping: {b: '#/components/schemas/A/anyOf/1'}}}
    F: {items: [{type: string}]}
    G: {$ref: '#/components/schemas/F/items/0'}
",
    ));
    for (name, expected) in [
        ("B", "#/components/schemas/A/anyOf/0/anyOf/0/properties/b"),
        ("C", "#/components/schemas/A/anyOf/0/anyOf/1"),
        ("D", "#/components/schemas/A"),
        ("G", "#/components/schemas/F/prefixItems/0"),
    ] {
        assert_eq!(at(&document, &format!("/components/schemas/{name}/$ref")), expected);
        assert!(document.reference(expected).is_some(), "{expected}");
    }
    assert_eq!(at(&document, "/components/schemas/E/discriminator/mapping/b"), "#/components/schemas/A/anyOf/0/anyOf/1");
}

#[test]
fn references_to_nowhere_leave_a_gap_and_say_so() {
    let document = parse(&text_3_0(
        "paths:
  /a:
    get:
      parameters: [{$ref: '#/components/parameters/None'}, {name: q, in: query, schema: {$ref: '#/components/schemas/None'}}]
      responses:
        '200': {$ref: '#/components/responses/None'}
        '201': {description: b, content: {application/json: {schema: {$ref: 'https://example.com/a.json'}}}}
        '202': {$ref: '#/components/schemas/S'}
components:
  schemas:
    S: {properties: {a: {$ref: 'pet.yml'}, b: {$ref: '../pet.yml', description: d}, c: {$ref: '#/components/schemas/S/properties'}}}
",
    ));
    assert_eq!(
        said(&document),
        [
            "warning[broken-reference]: `#/components/parameters/None` cannot be followed: it leads nowhere; it is left out at api.yaml:6:21 (/paths/~1a/get/parameters/0/$ref)",
            "warning[broken-reference]: `#/components/schemas/None` cannot be followed: it leads nowhere; anything is allowed here at api.yaml:6:90 (/paths/~1a/get/parameters/1/schema/$ref)",
            "warning[broken-reference]: `#/components/responses/None` cannot be followed: it leads nowhere; it is left out at api.yaml:8:17 (/paths/~1a/get/responses/200/$ref)",
            "warning[remote-reference]: `https://example.com/a.json` is not followed, as it leads to a URL; anything is allowed here at api.yaml:9:71 (/paths/~1a/get/responses/201/content/application~1json/schema/$ref)",
            "warning[broken-reference]: `#/components/schemas/S` cannot be followed: it leads to a schema, expected a response; it is left out at api.yaml:10:17 (/paths/~1a/get/responses/202/$ref)",
            "warning[broken-reference]: `pet.yml` cannot be followed: references to other files are not followed here; anything is allowed here at api.yaml:13:26 (/components/schemas/S/properties/a/$ref)",
            "warning[broken-reference]: `../pet.yml` cannot be followed: it leads out of the folder of the document; anything is allowed here at api.yaml:13:48 (/components/schemas/S/properties/b/$ref)",
            "warning[broken-reference]: `#/components/schemas/S/properties` cannot be followed: it leads to an object of named parts, expected a schema; anything is allowed here at api.yaml:13:89 (/components/schemas/S/properties/c/$ref)",
        ]
    );
    let operation = &document.operations()[0];
    assert_eq!(operation.parameters.iter().map(|parameter| parameter.name.as_str()).collect::<Vec<_>>(), ["q"]);
    assert_eq!(operation.parameters[0].pointer.as_str(), "/paths/~1a/get/parameters/1");
    assert_eq!(operation.responses.entries.len(), 1);
    assert_eq!(at(&document, "/components/schemas/S/properties"), &json!({"a": {}, "b": {"description": "d"}, "c": {}}));
}

#[test]
fn circles_without_a_step_into_a_value_are_cut() {
    let document = parse(&text_3_0(
        "paths:
  /a: {get: {responses: {'200': {$ref: '#/components/responses/A'}}}}
components:
  responses:
    A: {$ref: '#/components/responses/B'}
    B: {$ref: '#/components/responses/A'}
  schemas:
    Self: {$ref: '#/components/schemas/Self'}
    One: {$ref: '#/components/schemas/Two'}
    Two: {allOf: [{type: object}, {$ref: '#/components/schemas/One'}]}
    Tree: {properties: {left: {$ref: '#/components/schemas/Tree'}, rest: {items: {$ref: '#/components/schemas/Tree'}}}}
    Maybe: {anyOf: [{$ref: '#/components/schemas/Tree'}, {type: string}], nullable: true}
",
    ));
    assert_eq!(
        codes(&document),
        [
            "circular-reference /components/schemas/Self/$ref",
            "circular-reference /components/schemas/Two/allOf/1/$ref",
            "broken-reference /paths/~1a/get/responses/200/$ref",
        ]
    );
    assert_eq!(at(&document, "/components/schemas/Self"), &json!({}));
    assert_eq!(at(&document, "/components/schemas/One"), &json!({"$ref": "#/components/schemas/Two"}));
    assert_eq!(document.resolve(&Pointer::from_plain("/components/responses/A")), None);
    assert!(document.operations()[0].responses.entries.is_empty());
}

#[test]
fn parts_of_other_files_are_what_their_referrers_say() {
    let document = load(&[
        (
            "api/openapi.yaml",
            "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /pets: {$ref: paths/pets.yml}
components:
  schemas:
    Pet: {$ref: './models/pet.yml#/Pet'}
",
        ),
        (
            "api/paths/pets.yml",
            "get:
  operationId: list
  parameters: [{$ref: '../shared%20parts.yml#/limit'}]
  responses:
    '200': {description: d, content: {application/json: {schema: {$ref: '../models/pet.yml#/Pets'}, example: {$ref: nowhere}}}}
",
        ),
        (
            "api/models/pet.yml",
            "Pet: {type: object, nullable: true, properties: {mother: {$ref: '#/Pet'}, owner: {$ref: '../openapi.yaml#/components/schemas/Pet'}, error: {$ref: '#/components/schemas/Pet'}}}
Pets: {type: array, items: {$ref: pet.yml#/Pet}}
Unused: {type: int, $ref: nowhere}
",
        ),
        ("api/shared parts.yml", "limit: {name: limit, in: query, schema: {type: integer, format: int32}}\n"),
    ]);
    assert_eq!(codes(&document), [""; 0]);
    let pets = "/x-wireproof-files/api~1models~1pet.yml";
    assert_eq!(at(&document, "/components/schemas/Pet"), &json!({"$ref": "#/x-wireproof-files/api~1models~1pet.yml/Pet"}));
    assert_eq!(
        at(&document, pets),
        &json!({
            "Pet": {
                "type": ["object", "null"],
                "properties": {
                    "mother": {"$ref": "#/x-wireproof-files/api~1models~1pet.yml/Pet"},
                    "owner": {"$ref": "#/components/schemas/Pet"},
                    "error": {"$ref": "#/components/schemas/Pet"},
                }
            },
            "Pets": {"type": "array", "items": {"$ref": "#/x-wireproof-files/api~1models~1pet.yml/Pet"}},
        })
    );
    let operation = &document.operations()[0];
    assert_eq!(operation.pointer.as_str(), "/x-wireproof-files/api~1paths~1pets.yml/get");
    assert_eq!(operation.path, "/pets");
    assert_eq!(operation.parameters[0].name, "limit");
    assert_eq!(at(&document, "/x-wireproof-files/api~1shared parts.yml/limit/schema/maximum"), 2_147_483_647);
}

#[test]
fn whole_parts_may_be_in_other_files() {
    let document = load(&[
        (
            "openapi.yaml",
            "openapi: 3.0.3
info: {$ref: info.yaml}
tags: {$ref: tags.yaml}
paths: {$ref: paths.yaml}
components: {schemas: {$ref: schemas.yaml}}
",
        ),
        ("info.yaml", "title: T\nversion: 2\ndescription: {$ref: 'texts.yaml#/about'}\n"),
        ("texts.yaml", "about: words\n"),
        ("tags.yaml", "- name: a\n"),
        ("paths.yaml", "/a:\n  get: {$ref: operation.yaml}\n"),
        (
            "operation.yaml",
            "responses: {'200': {description: {$ref: 'texts.yaml#/about'}, content: {application/json: {schema: {$ref: 'openapi.yaml#/components/schemas/A'}}}}}\n",
        ),
        ("schemas.yaml", "A: {type: string, nullable: true}\n"),
    ]);
    assert_eq!(codes(&document), [""; 0]);
    assert_eq!((document.title(), document.api_version().as_str(), document.description()), ("T", "2", Some("words")));
    let operation = &document.operations()[0];
    let response = &operation.responses.entries[0];
    assert_eq!(response.description.as_deref(), Some("words"));
    let (place, schema) = document.resolve(response.content[0].schema.as_ref().unwrap()).unwrap();
    assert_eq!(schema, &json!({"type": ["string", "null"]}));
    assert_eq!(document.position(&place).to_string(), "schemas.yaml:1:1");
}

#[test]
fn files_that_cannot_be_read_are_gaps() {
    let document = load(&[
        (
            "openapi.yaml",
            "openapi: 3.0.3
info: {title: T, version: '1'}
paths: {}
components:
  schemas:
    A: {$ref: none.yaml}
    B: {$ref: 'broken.yaml#/B'}
    C: {properties: {$ref: none.yaml}}
    D: {$ref: /etc/passwd}
",
        ),
        ("broken.yaml", "B: [\n"),
    ]);
    let said = said(&document);
    assert_eq!(said.len(), 4, "{said:#?}");
    assert!(said.iter().any(|line| line.contains("`none.yaml` is left out: there is no such file")), "{said:#?}");
    assert!(said.iter().any(|line| line.contains("`broken.yaml#/B` cannot be followed: no YAML: ")), "{said:#?}");
    assert!(said.iter().any(|line| line.contains("`/etc/passwd` cannot be followed: only relative paths")), "{said:#?}");
}

#[test]
fn names_of_schemas_in_3_1() {
    let document = parse(
        "openapi: 3.1.0
info: {title: T, version: '1'}
components:
  schemas:
    A: {$id: 'https://example.com/a', $anchor: here, properties: {b: {$ref: '#there'}}}
    B: {$anchor: there, type: string}
    C: {$ref: 'https://example.com/a'}
    D: {$dynamicRef: '#node'}
    E: {$dynamicAnchor: node}
",
    );
    assert_eq!(at(&document, "/components/schemas/A"), &json!({"properties": {"b": {"$ref": "#/components/schemas/B"}}}));
    assert_eq!(at(&document, "/components/schemas/C"), &json!({"$ref": "#/components/schemas/A"}));
    assert_eq!(at(&document, "/components/schemas/D"), &json!({"$ref": "#/components/schemas/E"}));
    assert_eq!(codes(&document), ["dynamic-reference /components/schemas/D/$dynamicRef"]);
}

#[test]
fn references_within_an_id_lead_from_there() {
    let document = parse(
        "openapi: 3.1.0
info: {title: T, version: '1'}
components:
  schemas:
    Order:
      $id: https://example.com/schemas/order.json
      properties:
        customer: {$ref: customer.json}
        total: {$ref: '#/$defs/Money'}
        code: {$ref: '#code'}
        by_file: {$ref: '#/components/schemas/Money'}
        deep: {$id: parts/deep.json, properties: {up: {$ref: ../customer.json#/properties/name}, own: {$ref: '#'}}}
      $defs: {Money: {type: integer}, Code: {$anchor: code, minLength: 2}}
    Customer: {$id: 'https://example.com/schemas/customer.json', properties: {name: {type: string}}}
    Money: {type: number}
    Code: {$anchor: code, minLength: 9}
    Far: {$ref: 'https://example.com/schemas/order.json#/$defs/Money'}
",
    );
    assert_eq!(codes(&document), [""; 0]);
    for (place, expected) in [
        ("Order/properties/customer", "Customer"),
        ("Order/properties/total", "Order/$defs/Money"),
        ("Order/properties/code", "Order/$defs/Code"),
        // By the letter there is no such place in `order.json`; what is meant is clear.
        ("Order/properties/by_file", "Money"),
        ("Order/properties/deep/properties/up", "Customer/properties/name"),
        ("Order/properties/deep/properties/own", "Order/properties/deep"),
        ("Far", "Order/$defs/Money"),
    ] {
        let schema = at(&document, &format!("/components/schemas/{place}"));
        assert_eq!(schema, &json!({"$ref": format!("#/components/schemas/{expected}")}), "{place}");
    }
}
