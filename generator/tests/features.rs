//! Cargo features: one per tag, with the files that its operations lead to.

use wireproof_generator::{Options, Output, Runtime, generate, package};
use wireproof_openapi::{Document, Source};

const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /pets:
    get: {operationId: listPets, tags: [Pets], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
  /shops:
    get: {operationId: listShops, tags: [Pet Shops], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Shop'}}}}}}
  /health:
    get: {operationId: health, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Health'}}}}}}
components:
  schemas:
    Pet: {type: object, properties: {owner: {$ref: '#/components/schemas/Owner'}, health: {$ref: '#/components/schemas/Health'}}}
    Shop: {type: object, properties: {owner: {$ref: '#/components/schemas/Owner'}, till: {$ref: '#/components/schemas/Till'}}}
    Owner: {type: object, properties: {name: {type: string}}}
    Till: {type: object, properties: {cash: {type: integer}}}
    Health: {type: object, properties: {ok: {type: boolean}}}
    Unused: {type: object, properties: {ok: {type: boolean}}}
";

fn output(features: bool) -> Result<Output, Box<dyn std::error::Error>> {
    let document = Document::parse(Source::new("x.yaml", DOCUMENT))?;
    Ok(generate(&document, &Options { features, ..Options::default() }))
}

#[test]
fn a_file_is_there_for_the_tags_that_lead_to_it() -> Result<(), Box<dyn std::error::Error>> {
    let output = output(true)?;
    assert_eq!(output.features, ["pet-shops", "pets"]);
    let types = &output.files["types/mod.rs"];
    for (module, condition) in [
        ("pet", Some("feature = \"pets\"")),
        ("shop", Some("feature = \"pet-shops\"")),
        ("till", Some("feature = \"pet-shops\"")),
        ("owner", Some("any(feature = \"pet-shops\", feature = \"pets\")")),
        ("health", None),
        ("unused", None),
    ] {
        let gated = |condition: &str| types.contains(&format!("#[cfg({condition})]\nmod {module};\n"));
        assert!(types.contains(&format!("mod {module};\n")), "{types}");
        assert!(condition.is_none_or(gated), "{module}: {types}");
        assert_eq!(condition.is_none(), !types.contains(&format!(")]\nmod {module};\n")), "{module}: {types}");
    }
    assert!(output.files["mod.rs"].contains("        #[cfg(feature = \"pets\")]\n        <operations::ListPets as"));
    assert!(output.files["mod.rs"].contains("    operations: &[\n        <operations::HealthOperation as"));
    let manifest = &package(&output, "x", &Runtime::Version("0.1".to_owned()))["Cargo.toml"];
    assert!(manifest.contains("[features]\ndefault = [\"pet-shops\", \"pets\"]\npet-shops = []\npets = []\n"), "{manifest}");
    Ok(())
}

#[test]
fn without_features_nothing_is_conditional() -> Result<(), Box<dyn std::error::Error>> {
    let output = output(false)?;
    assert!(output.features.is_empty());
    assert!(output.files.values().all(|text| !text.contains("cfg(")));
    Ok(())
}
