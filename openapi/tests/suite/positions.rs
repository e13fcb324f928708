//! From any node back to file, line and column.

use wireproof_openapi::{Diagnostic, Pointer};

use super::{load, parse};

const YAML: &str = "openapi: 3.0.3
info: {title: Test, version: '1'}
x-shared: &shared
  maximum: 3
paths:
  /a/{id}: # a comment
    get:
      parameters:
        - name: id
          in: path
          required: true
          schema: {type: integer, format: int32}
        -   name: limit
            in: query
      responses:
        200:
          description: >-
            folded
            text
          content:
            application/json: {schema: {$ref: '#/components/schemas/Pet'}}
components:
  schemas:
    Pet:
      nullable: true
      type: object
      anyOf:
      - required: [id]
      properties:
        \"naïve\": {type: string}
        count:
          <<: *shared
          type: integer
";

#[track_caller]
fn check(document: &wireproof_openapi::Document, table: &[(&str, &str)]) {
    for (pointer, expected) in table {
        assert_eq!(document.position(&Pointer::from_plain(*pointer)).to_string(), *expected, "{pointer}");
    }
}

#[test]
fn members_stand_at_their_keys_and_items_at_themselves() {
    check(
        &parse(YAML),
        &[
            ("", "api.yaml:1:1"),
            ("/openapi", "api.yaml:1:1"),
            ("/info/version", "api.yaml:2:21"),
            ("/paths", "api.yaml:5:1"),
            ("/paths/~1a~1{id}", "api.yaml:6:3"),
            ("/paths/~1a~1{id}/get/parameters/0", "api.yaml:9:11"),
            ("/paths/~1a~1{id}/get/parameters/0/in", "api.yaml:10:11"),
            ("/paths/~1a~1{id}/get/parameters/1", "api.yaml:13:13"),
            ("/paths/~1a~1{id}/get/responses/200", "api.yaml:16:9"),
            ("/paths/~1a~1{id}/get/responses/200/content/application~1json/schema/$ref", "api.yaml:21:41"),
        ],
    );
}

#[test]
fn nodes_of_ours_stand_where_they_come_from() {
    check(
        &parse(YAML),
        &[
            ("/paths/~1a~1{id}/get/parameters/0/schema/minimum", "api.yaml:12:35"),
            ("/paths/~1a~1{id}/get/parameters/0/schema/type", "api.yaml:12:20"),
            ("/components/schemas/Pet/anyOf/0/anyOf/0/required", "api.yaml:28:9"),
            ("/components/schemas/Pet/anyOf/1/type", "api.yaml:25:7"),
            ("/components/schemas/Pet/anyOf/0/properties/naïve/type", "api.yaml:30:19"),
            // What a merge key brings stands nowhere of its own.
            ("/components/schemas/Pet/anyOf/0/properties/count/maximum", "api.yaml:31:9"),
            ("/components/schemas/Pet/anyOf/0/properties/count/type", "api.yaml:33:11"),
            ("/nowhere/at/all", "api.yaml:1:1"),
            ("/paths/~1a~1{id}/get/parameters/9", "api.yaml:8:7"),
        ],
    );
}

#[test]
fn json_has_positions_too() {
    let text = "{\n  \"openapi\": \"3.1.0\",\n  \"info\": { \"title\": \"é\", \"version\": \"1\" },\n  \"paths\": {},\n  \"x-list\": [ 1,\n    {\"a\": \"é\", \"b\": []} ]\n}";
    check(
        &parse(text),
        &[
            ("", "api.yaml:1:1"),
            ("/info", "api.yaml:3:3"),
            ("/info/version", "api.yaml:3:27"),
            ("/x-list/0", "api.yaml:5:15"),
            ("/x-list/1", "api.yaml:6:5"),
            ("/x-list/1/b", "api.yaml:6:16"),
        ],
    );
}

#[test]
fn nodes_of_other_files_stand_in_those() {
    let document = load(&[
        (
            "api/openapi.yaml",
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Pet: {$ref: 'models/pet.yml#/Pet'}\n",
        ),
        ("api/models/pet.yml", "# pets\nPet:\n  type: object\n  properties:\n    id: {type: integer, format: int32}\n"),
    ]);
    check(
        &document,
        &[
            ("/components/schemas/Pet", "api/openapi.yaml:6:5"),
            ("/x-wireproof-files/api~1models~1pet.yml/Pet", "api/models/pet.yml:2:1"),
            ("/x-wireproof-files/api~1models~1pet.yml/Pet/properties/id/maximum", "api/models/pet.yml:5:25"),
        ],
    );
}

#[test]
fn diagnostics_are_located_where_they_are_written() {
    let document = parse(YAML);
    let pointer = Pointer::from_plain("/components/schemas/Pet/properties/count/type");
    let mut diagnostics = [Diagnostic::warning("test", pointer, "words")];
    document.locate(&mut diagnostics);
    assert_eq!(diagnostics[0].to_string(), "warning[test]: words at api.yaml:33:11 (/components/schemas/Pet/properties/count/type)");
}
