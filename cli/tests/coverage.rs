//! `coverage`: what recordings exercise, in its three formats.

mod support;

use serde_json::json;
use support::{Repository, har};

/// Fields through a reference, a list, a union and a map; one that only requests have.
const ZOO: &str = "\
openapi: 3.0.3
info: {title: Zoo, version: '1'}
servers: [{url: https://zoo.example}]
paths:
  /zoo:
    get:
      operationId: getZoo
      responses:
        '200':
          description: all of it
          content:
            application/json: {schema: {$ref: '#/components/schemas/Zoo'}}
        '404': {description: none}
  /closed:
    get:
      operationId: getClosed
      responses:
        '200': {description: never called, content: {application/json: {schema: {type: object, properties: {ignored: {type: string}}}}}}
components:
  schemas:
    Zoo:
      type: object
      properties:
        animals: {type: array, items: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}
        keepers: {type: object, additionalProperties: {type: object, properties: {shift: {type: string}, badge: {type: object, properties: {inside: {type: string}}}}}}
        secret: {type: string, writeOnly: true}
    Cat: {type: object, required: [purrs], properties: {purrs: {type: boolean}, name: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [barks], properties: {barks: {type: boolean}, name: {type: string}}}
";

fn zoo() -> Repository {
    let repository = Repository::new();
    repository.write("zoo.yaml", ZOO);
    let body = r#"{"animals":[{"purrs":true,"name":"Tom"}],"keepers":{"anna":{"shift":"early"}}}"#;
    repository.write("zoo.har", &har(&[("GET", "https://zoo.example/zoo", 200, body), ("GET", "https://zoo.example/zoo", 418, "")]));
    repository
}

#[test]
fn fields_are_followed_through_references_lists_unions_and_maps() {
    let report = zoo().run(&["coverage", "--spec", "zoo.yaml", "--format", "json", "zoo.har"]).expect(0).json();
    let vendor = &report["vendors"][0];
    assert_eq!(
        vendor["summary"],
        json!({"exchanges": 2, "operations": 2, "operations_seen": 1, "answers": 3, "answers_seen": 1, "fields": 10, "fields_seen": 5})
    );
    let never: Vec<_> = vendor["fields_never_seen"].as_array().expect("a list").iter().filter_map(|field| field["name"].as_str()).collect();
    assert_eq!(never, ["badge", "inside", "lives", "barks", "name"]);
    assert_eq!(vendor["fields_never_seen"][2]["schema"], "/components/schemas/Cat/properties/lives");
    assert_eq!(vendor["operations"][0]["undocumented"], 1);
    assert_eq!(vendor["operations"][0]["answers"][1], json!({"status": "404", "content_type": null, "seen": 0}));
}

#[test]
fn people_and_pull_requests_get_the_same() {
    let repository = zoo();
    let call = ["coverage", "--spec", "zoo.yaml", "zoo.har", "--format", "markdown", "--output", "c.md", "--format", "pretty"];
    let done = repository.run(&call).expect(0);
    let done = done.prints("zoo.yaml  1 of 2 operations, 1 of 3 documented answers, 5 of 10 documented fields seen in 2 exchanges");
    let done = done.prints("200     1  application/json").prints("404     never").prints("other   1 undocumented").prints("- getClosed");
    let done = done.prints("lives  zoo.yaml:").prints("badge  zoo.yaml:");
    assert!(!done.out.contains("inside"), "what stands in a field never seen goes without saying:\n{}", done.out);
    let markdown = repository.read("c.md");
    for line in ["| <code>getZoo</code> | 404 |  | **never** |", "| <code>getZoo</code> | undocumented |  | 1 |", "- <code>lives</code> of"]
    {
        assert!(markdown.contains(line), "`{line}` in:\n{markdown}");
    }
}

#[test]
fn vendors_are_covered_by_their_own_recordings() {
    let repository = Repository::new();
    let rex = ("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":"Rex"}"#);
    repository.write("contract-tests/recordings/pets/a.har", &har(&[rex]));
    let report = repository.run(&["coverage", "--format", "json"]).expect(0).json();
    let seen: Vec<_> =
        report["vendors"].as_array().expect("a list").iter().map(|vendor| vendor["summary"]["answers_seen"].clone()).collect();
    assert_eq!(seen, [1, 0]);
    repository.run(&["coverage", "nobody"]).expect(2).says("there is no vendor `nobody`");
    repository.write("contract-tests/recordings/pets/b.har", "{");
    repository.run(&["coverage", "pets"]).expect(2).says("b.har");
}
