//! Discriminators: which branch a value is held against, and what is said of it.

mod common;

use common::{api, contract, exchange, short};
use wireproof_contract::Contract;

/// `GET /x` answers with a pet; the union is as given.
fn pets(union: &str) -> Contract {
    contract(&api(&format!(
        "paths:
  /x:
    get:
      responses:
        '200': {{description: ok, content: {{application/json: {{schema: {{type: object, properties: {{pets: {{type: array, items: {union}}}}}}}}}}}}}
components:
  schemas:
    Cat: {{type: object, required: [kind], properties: {{kind: {{type: string}}, lives: {{type: integer}}}}}}
    Dog: {{type: object, required: [kind, barks], properties: {{kind: {{type: string}}, barks: {{type: boolean}}}}}}
    Fox: {{type: object, required: [kind], properties: {{kind: {{enum: [red, grey]}}, den: {{type: string}}}}}}
"
    )))
}

fn told(contract: &Contract, pet: &str) -> String {
    short(&contract.check(&exchange("GET", "/x", 200, &format!("{{\"pets\": [{pet}]}}"))))
}

const MAPPED: &str = "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {felis: '#/components/schemas/Cat', canis: Dog}}}";

#[test]
fn a_named_branch_is_the_one_that_counts() {
    let contract = pets(MAPPED);
    // This value fits both branches: its tag decides.
    assert_eq!(told(&contract, r#"{"kind": "felis", "lives": 9}"#), "");
    assert_eq!(told(&contract, r#"{"kind": "canis", "barks": true}"#), "");
    assert_eq!(
        told(&contract, r#"{"kind": "felis", "lives": "nine"}"#),
        "violation body-schema [/pets/0/lives] /components/schemas/Cat/properties/lives/type: `/pets/0/lives` is a string, expected an integer, as `kind` names `Cat`"
    );
    // It would fit the other branch.
    assert_eq!(
        told(&contract, r#"{"kind": "canis", "lives": 9}"#),
        "violation body-schema [/pets/0] /components/schemas/Dog/required: `/pets/0` lacks `barks`, which is required, as `kind` names `Dog`\ndrift undocumented-field [/pets/0/lives] /components/schemas/Dog/properties: `/pets/0/lives` is not documented"
    );
}

#[test]
fn a_tag_that_names_nothing_leaves_the_union_as_it_is() {
    let contract = pets(MAPPED);
    // One branch fits, so OpenAPI calls the value valid.
    assert_eq!(told(&contract, r#"{"kind": "Dog", "lives": 9}"#), "");
    let complaint = "violation body-schema [/pets/0] /paths/~1x/get/responses/200/content/application~1json/schema/properties/pets/items/oneOf: `/pets/0` fits none of the branches of `oneOf`: ";
    assert_eq!(told(&contract, r#"{"kind": 7}"#), format!("{complaint}`kind` names no branch: expected one of `felis`, `canis`"));
    assert_eq!(told(&contract, r#"{"lives": 7}"#), format!("{complaint}`kind`, which names the branch, is missing"));
}

#[test]
fn names_and_values_of_branches_are_tags_where_no_mapping_says_otherwise() {
    let contract = pets(
        "{anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Fox'}], discriminator: {propertyName: kind}, nullable: true}",
    );
    assert_eq!(told(&contract, r#"{"kind": "Cat", "lives": 1}, {"kind": "red", "den": "x"}, null"#), "");
    assert!(told(&contract, r#"{"kind": "red", "den": 1}"#).ends_with("is a number, expected a string, as `kind` names `Fox`"));
    assert!(told(&contract, r#"{"kind": "Cat", "lives": "x"}"#).ends_with("as `kind` names `Cat`"));
    // A mapping that the branch itself rules out names nothing.
    let contract = pets(
        "{oneOf: [{$ref: '#/components/schemas/Fox'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {black: Fox, dog: Dog}}}",
    );
    assert_eq!(told(&contract, r#"{"kind": "black", "barks": true}"#), "");
}

#[test]
fn fields_of_the_schema_that_a_base_names_are_documented() {
    let contract = contract(&api("paths:
  /x: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}}}}}
components:
  schemas:
    Pet: {type: object, required: [kind], discriminator: {propertyName: kind, mapping: {dog: '#/components/schemas/Dog'}}, properties: {kind: {type: string}}}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {barks: {type: boolean}}}]}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer}}}]}
"));
    assert_eq!(told(&contract, r#"{"kind": "dog", "barks": true}, {"kind": "Cat", "lives": 9}"#), "");
    assert_eq!(
        told(&contract, r#"{"kind": "dog", "lives": 9}"#),
        "drift undocumented-field [/pets/0/lives] /components/schemas/Pet/properties: `/pets/0/lives` is not documented"
    );
}
