//! The synthesiser on a document that has every keyword: what it covers, that the validator agrees, and what it says it cannot make.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::{Value, json};
use wireproof_contract::Side;
use wireproof_contract::synthesis::{Made, Synthesiser, Violation};
use wireproof_openapi::{Document, Pointer, Source};

const LIMIT: usize = 100;

fn document() -> Arc<Document> {
    Arc::new(Document::parse(Source::new("synthesis.yaml", include_str!("synthesis.yaml"))).expect("a document"))
}

fn names(document: &Document) -> Vec<String> {
    document.get(&schemas()).and_then(Value::as_object).expect("schemas").keys().cloned().collect()
}

fn schemas() -> Pointer {
    Pointer::from_plain("/components/schemas")
}

/// `Person/properties/age/minimum least`, of all goals that instances reach.
fn reached(made: &Made) -> BTreeSet<String> {
    let goals = made.instances.iter().flat_map(|instance| &instance.goals);
    goals.map(|goal| goal.to_string().replace("/components/schemas/", "")).collect()
}

fn valid(name: &str, side: Side) -> Made {
    Synthesiser::new(document()).expect("schemas").valid(&schemas().join(name), side, 1, LIMIT)
}

#[track_caller]
fn covers(name: &str, goals: &[&str]) {
    let made = valid(name, Side::Response);
    let reached = reached(&made);
    for goal in goals {
        assert!(reached.contains(*goal), "{goal} is not among {reached:#?}");
    }
}

#[track_caller]
fn makes(name: &str, values: &[Value]) {
    let made = valid(name, Side::Response);
    for value in values {
        assert!(made.instances.iter().any(|instance| instance.value == *value), "{value} is not among {:#?}", made.instances);
    }
}

#[test]
fn branches_values_and_bounds_are_covered() {
    covers("Level", &["Level/enum/0 value", "Level/enum/1 value", "Level/enum/2 value"]);
    covers("Mixed", &["Mixed/enum/0 value", "Mixed/enum/1 value", "Mixed/enum/2 value", "Mixed/enum/3 value"]);
    covers("Text", &["Text/minLength least", "Text/maxLength greatest"]);
    covers("Long", &["Long unicode"]);
    covers("Small", &["Small/minimum least", "Small/maximum greatest", "Small exact"]);
    covers("Share", &["Share/exclusiveMinimum least", "Share/exclusiveMaximum greatest"]);
    covers("Price", &["Price/minimum least", "Price/maximum greatest"]);
    covers("Even", &["Even/minimum least", "Even/exclusiveMaximum greatest"]);
    covers("Names", &["Names/minItems least", "Names/maxItems greatest", "Names/items unicode"]);
    covers("Pair", &["Pair none", "Pair/prefixItems items", "Pair/prefixItems/1 exact"]);
    covers("Several", &["Several/type/0 type", "Several/type/1 type", "Several/type/2 type"]);
    covers("Pet", &["Pet/oneOf/0 branch", "Pet/oneOf/1 branch"]);
    covers("Either", &["Either/anyOf/0 branch", "Either/anyOf/1 branch"]);
    covers("Purge", &["Purge/anyOf/0 branch", "Purge/anyOf/1 branch", "Purge all"]);
    covers("Conditional", &["Conditional/if branch"]);
    covers("Code", &["Code/pattern form"]);
    covers("Stamp", &["Stamp/format form"]);
    covers("Map", &["Map/additionalProperties additional"]);
    covers("Patterned", &["Patterned none", "Patterned/patternProperties/^x- additional"]);
    covers("Names2", &["Names2 additional"]);
    covers("Given", &["Given/example example"]);
    let person = [
        "Person none",
        "Person all",
        "Person/properties/age alone",
        "Person/properties/age/maximum greatest",
        "Person/properties/note/type/1 type",
    ];
    covers("Person", &person);
}

#[test]
fn instances_are_what_people_would_write() {
    makes("Even", &[json!(-2), json!(6)]);
    makes("Set", &[json!(["a", "b"]), json!(["a", "b", "c"])]);
    makes("Constant", &[serde_json::from_str("3.50").expect("json")]);
    makes("Any", &[serde_json::from_str("18446744073709551616").expect("json"), serde_json::from_str("1.0").expect("json")]);
    makes("Holds", &[json!(["needle"])]);
    makes("Chain", &[json!({"next": null}), json!({"next": {"next": null}})]);
    makes("Given", &[json!({"city": "Oslo"}), json!({})]);
    for (name, member) in [("Derived", "id"), ("Derived", "more"), ("Tree", "value")] {
        let made = valid(name, Side::Response);
        assert!(
            !made.instances.is_empty() && made.instances.iter().all(|instance| instance.value.get(member).is_some()),
            "{name} {member}"
        );
    }
    let pets = valid("Pet", Side::Response).instances;
    let kinds: BTreeSet<&str> = pets.iter().filter_map(|pet| pet.value["kind"].as_str()).collect();
    assert!(kinds.contains("cat") && kinds.contains("dog"), "the words of the discriminator: {kinds:?}");
}

#[test]
fn each_side_has_the_members_that_it_has() {
    for (side, absent, present) in [(Side::Request, "id", "secret"), (Side::Response, "secret", "id")] {
        let made = valid("Person", side);
        assert!(made.instances.iter().all(|instance| instance.value.get(absent).is_none()), "{side:?}");
        assert!(made.instances.iter().any(|instance| instance.value.get(present).is_some()), "{side:?}");
    }
}

#[test]
fn what_cannot_be_made_is_told() {
    let document = document();
    let synthesiser = Synthesiser::new(document.clone()).expect("schemas");
    let mut told = Vec::new();
    for name in names(&document) {
        let made = synthesiser.valid(&schemas().join(&name), Side::Response, 1, LIMIT);
        assert!(!made.instances.is_empty() || !made.unmade.is_empty(), "{name} yields nothing and says nothing");
        told.extend(
            made.unmade.into_iter().map(|unmade| format!("{}: {}", unmade.schema, unmade.reason).replace("/components/schemas/", "")),
        );
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    Never: nothing is valid here
    Conflict: its parts have no type in common
    Long/maxLength: a text of this length is not made
    Guess: no text was found that its `pattern`, `format` and lengths allow
    Guess/pattern: no text is made from this pattern: its syntax is not understood
    Hopeless: no text was found that its `pattern`, `format` and lengths allow
    Hopeless/pattern: no text is made from this pattern: its syntax is not understood
    Conditional/else/properties/size: nothing is valid here
    Endless: every instance would contain another
    Endless/properties/next: every instance would contain another
    ");
}

#[test]
fn every_keyword_is_broken_and_only_invalid_instances_leave() {
    let document = document();
    let synthesiser = Synthesiser::new(document.clone()).expect("schemas");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in names(&document) {
        let at = schemas().join(&name);
        for broken in synthesiser.invalid(&at, Side::Response, 1, LIMIT) {
            assert!(!synthesiser.accepts(&at, Side::Response, &broken.value), "{name} {broken:?}");
            assert!(document.get(&broken.schema).is_some(), "{} is nowhere", broken.schema);
            *counts.entry(broken.keyword).or_default() += 1;
        }
    }
    let keywords: Vec<&str> = counts.keys().map(String::as_str).collect();
    insta::assert_snapshot!(keywords.join(", "), @"additionalProperties, anyOf, const, contains, dependentRequired, enum, exclusiveMaximum, exclusiveMinimum, format, items, maxItems, maxLength, maxProperties, maximum, minItems, minLength, minProperties, minimum, multipleOf, not, oneOf, oneOf overlap, pattern, patternProperties, propertyNames, required, type, type: integer, type: null, uniqueItems");
}

#[test]
fn a_broken_instance_says_whether_a_choice_is_around_it() {
    let synthesiser = Synthesiser::new(document()).expect("schemas");
    let broken = synthesiser.invalid(&schemas().join("Purge"), Side::Response, 1, LIMIT);
    let within = |end: &str| broken.iter().find(|one| one.schema.as_str().ends_with(end)).map(|one| one.within_choice);
    assert_eq!(within("/anyOf/0/required/0"), Some(true));
    assert_eq!(within("/properties/id/type"), Some(false));
    assert_eq!(within("/anyOf"), Some(false));
}

#[test]
fn the_seed_decides() {
    let document = document();
    let all = |seed: u64| {
        let synthesiser = Synthesiser::new(document.clone()).expect("schemas");
        names(&document).iter().map(|name| synthesiser.valid(&schemas().join(name), Side::Response, seed, LIMIT)).collect::<Vec<_>>()
    };
    assert_eq!(all(1), all(1));
    assert_ne!(all(1), all(2));
}

#[test]
fn a_limit_is_kept_and_what_it_costs_is_told() {
    let synthesiser = Synthesiser::new(document()).expect("schemas");
    let made = synthesiser.valid(&schemas().join("Person"), Side::Response, 1, 3);
    assert_eq!(made.instances.len(), 3);
    assert!(made.left_out > 0);
}

#[test]
fn schemas_that_multiply_or_never_end_are_given_up() {
    let mut text = String::from("openapi: 3.1.0\ninfo: {title: T, version: '1'}\ncomponents:\n  schemas:\n");
    for index in 0..40 {
        let next = (index + 1) % 40;
        let next = format!("{{$ref: '#/components/schemas/S{next}'}}");
        let object = format!("{{type: object, required: [a, b], properties: {{a: {next}, b: {next}}}}}");
        writeln!(text, "    S{index}: {{anyOf: [{next}, {object}]}}").expect("a string takes all");
    }
    text.push_str("    Huge: {type: string, minLength: 4000000000}\n    Heap: {type: array, minItems: 4000000000, items: {}}\n");
    let document = Arc::new(Document::parse(Source::new("x.yaml", text)).expect("a document"));
    let synthesiser = Synthesiser::new(document).expect("schemas");
    let start = std::time::Instant::now();
    for name in ["S0", "Huge", "Heap"] {
        let made = synthesiser.valid(&schemas().join(name), Side::Response, 1, LIMIT);
        assert!(!made.unmade.is_empty(), "{name} is made in full");
        assert!(name == "S0" || made.instances.is_empty(), "{name} is not made in vain");
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn a_typical_instance_shows_all_members() {
    let synthesiser = Synthesiser::new(document()).expect("schemas");
    let person = synthesiser.typical(&schemas().join("Person"), Side::Response, 1).expect("a person");
    let members: Vec<&String> = person.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["name", "age", "id", "note"]);
}

#[test]
fn a_branch_does_not_ask_a_request_for_what_only_the_server_sets() {
    let text = "
openapi: 3.0.3
info: {title: Orders, version: '1'}
paths: {}
components:
  schemas:
    Order:
      type: object
      properties: {number: {type: integer, readOnly: true}, ref: {type: string}}
      anyOf: [{required: [ref]}, {required: [number]}]
";
    let document = Arc::new(Document::parse(Source::new("orders.yaml", text)).expect("a document"));
    let synthesiser = Synthesiser::new(document).expect("schemas");
    let order = schemas().join("Order");
    assert!(synthesiser.accepts(&order, Side::Request, &json!({})));
    assert!(!synthesiser.accepts(&order, Side::Response, &json!({})));
}

#[test]
fn violations_keep_the_branches_of_a_choice_apart() {
    let synthesiser = Synthesiser::new(document()).expect("schemas");
    let violations = |name: &str, value: Value| synthesiser.violations(&schemas().join(name), Side::Response, &value);
    let either = violations("Either", json!([1]));
    let [Violation::Choice { schema, branches, .. }] = either.as_slice() else { panic!("{either:?}") };
    assert_eq!(schema.as_str(), "/components/schemas/Either/anyOf");
    assert_eq!(branches.len(), 2);
    let [Violation::Keyword { keyword, instance, .. }] = branches[1].as_slice() else { panic!("{branches:?}") };
    assert_eq!((keyword.as_str(), instance.as_str()), ("type", "/0"));
    assert_eq!(violations("Pair", json!(["a", "b"])).len(), 1);
    assert_eq!(violations("Flag", json!(true)), []);
}

#[test]
fn the_way_to_a_keyword_is_that_of_the_document() {
    let synthesiser = Synthesiser::new(document()).expect("schemas");
    let way = |name: &str, value: Value| {
        let violations = synthesiser.violations(&schemas().join(name), Side::Response, &value);
        let [Violation::Keyword { through, .. }] = violations.as_slice() else { panic!("{violations:?}") };
        through.join(" ")
    };
    assert_eq!(way("Conditional", json!({"kind": "a"})), "then required");
    // What the validator is told of discriminators, in words of its own, is no part of the way.
    assert_eq!(way("Pet", json!({"kind": "cat", "lives": "nine"})), "properties type");
    assert_eq!(way("Person", json!({"name": 1})), "properties type");
    assert_eq!(way("Pair", json!(["a", "b"])), "prefixItems type");
}
