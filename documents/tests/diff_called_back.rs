//! What changes of webhooks and callbacks: as of operations, in the other direction. A base document, an edit, and what is to be told there
//! and back, with a witness wherever a schema breaks something.

use std::sync::Arc;

use serde_json::{Value, json};
use wireproof_contract::Side;
use wireproof_contract::synthesis::Synthesiser;
use wireproof_documents::diff::{Change, Class, diff};
use wireproof_openapi::{Document, Pointer, Source};

use Class::{Breaking, Compatible};

/// The same call once as a webhook and once as a callback.
fn base() -> Value {
    let call = json!({
        "parameters": [
            {"name": "X-Signature", "in": "header", "required": true, "schema": {"type": "string"}},
            {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}
        ],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}},
        "responses": {
            "200": {
                "description": "taken",
                "headers": {"X-Again": {"schema": {"type": "integer"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Receipt"}}}
            },
            "410": {"description": "no more of it"}
        }
    });
    json!({
        "openapi": "3.1.0", "info": {"title": "Shop", "version": "1"},
        "paths": {
            "/hooks": {"post": {
                "operationId": "addHook",
                "responses": {"204": {"description": "well"}},
                "callbacks": {"made": {"{$request.query.url}?for={$request.body#/id}": {"post": call}}}
            }}
        },
        "webhooks": {"orderMade": {"post": call}},
        "components": {
            "schemas": {
                "Event": {
                    "type": "object", "required": ["kind"],
                    "properties": {
                        "kind": {"enum": ["made", "paid"]}, "amount": {"type": "integer", "maximum": 100},
                        "at": {"type": "string", "readOnly": true}
                    }
                },
                "Receipt": {"type": "object", "required": ["seen"], "properties": {"seen": {"type": "string", "maxLength": 10}}}
            },
            "securitySchemes": {"Key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
        }
    })
}

fn read(value: &Value) -> Arc<Document> {
    Arc::new(Document::parse(Source::new("shop.json", value.to_string())).expect("a document"))
}

const WEBHOOK: &str = "/webhooks/orderMade/post";
const CALLBACK: &str = "/paths/~1hooks/post/callbacks/made/{$request.query.url}?for={$request.body#~1id}/post";

fn told(changes: &[Change]) -> Vec<(&'static str, Class)> {
    let mut told: Vec<(&str, Class)> = changes.iter().map(|change| (change.kind.name(), change.class)).collect();
    told.sort();
    told
}

/// What is told if a webhook, or a callback, has `value` at a place, there and back; `None` leaves out what is there.
#[track_caller]
fn check(place: &str, value: Option<&Value>, there: (&str, Class), back: (&str, Class)) {
    for call in [WEBHOOK, CALLBACK] {
        let mut edited = base();
        let (parent, key) = place.rsplit_once('/').expect("a place");
        let parent = edited.pointer_mut(&format!("{call}{parent}")).expect("a part");
        match (parent, value) {
            (Value::Object(members), Some(value)) => drop(members.insert(key.replace("~1", "/"), value.clone())),
            (Value::Object(members), None) => assert!(members.shift_remove(&key.replace("~1", "/")).is_some(), "nothing at {place}"),
            (Value::Array(items), None) => drop(items.remove(key.parse::<usize>().expect("a number"))),
            (Value::Array(items), Some(value)) => items.push(value.clone()),
            _ => panic!("nothing to edit at {place}"),
        }
        let (old, new) = (read(&base()), read(&edited));
        for (from, to, expected) in [(&old, &new, there), (&new, &old, back)] {
            let changes = diff(from, to).expect("they are compared");
            assert_eq!(told(&changes), [expected], "{place}: {changes:#?}");
            let label = if call == WEBHOOK { "POST orderMade (webhook)" } else { "POST made (callback of addHook)" };
            assert_eq!(changes[0].operations, [label]);
            assert!(changes[0].reversed, "{changes:#?}");
        }
    }
}

#[test]
fn what_the_vendor_may_newly_say_breaks_who_receives_it() {
    let header = |required: bool| json!({"name": "X-New", "in": "header", "required": required, "schema": {"type": "string"}});
    check("/parameters/-", Some(&header(true)), ("parameter-added", Compatible), ("parameter-removed", Breaking));
    check("/parameters/-", Some(&header(false)), ("parameter-added", Compatible), ("parameter-removed", Compatible));
    check("/parameters/1/required", Some(&json!(true)), ("parameter-required", Compatible), ("parameter-optional", Breaking));
    check("/parameters/1/schema/maxLength", Some(&json!(9)), ("length-changed", Compatible), ("length-changed", Breaking));
    check("/requestBody/required", Some(&json!(false)), ("request-body-optional", Breaking), ("request-body-required", Compatible));
    check("/requestBody", None, ("request-body-removed", Breaking), ("request-body-added", Breaking));
    check("/requestBody/content/text~1plain", Some(&json!({})), ("content-type-added", Breaking), ("content-type-removed", Compatible));
    check("/security", Some(&json!([{"Key": []}])), ("security-changed", Compatible), ("security-changed", Breaking));
}

#[test]
fn what_may_no_longer_be_answered_breaks_who_answers() {
    check("/responses/410", None, ("response-removed", Breaking), ("response-added", Compatible));
    check("/responses/200/content/text~1plain", Some(&json!({})), ("content-type-added", Compatible), ("content-type-removed", Breaking));
    check("/responses/200/headers/X-Again/required", Some(&json!(true)), ("header-required", Breaking), ("header-optional", Compatible));
    check("/responses/200/headers/X-More", Some(&json!({"required": true})), ("header-added", Breaking), ("header-removed", Breaking));
    check("/responses/200/headers/X-Again/schema/minimum", Some(&json!(1)), ("range-changed", Breaking), ("range-changed", Compatible));
}

/// What is told of a changed component, and the witness: valid for who sends, refused by who receives.
#[track_caller]
fn check_schema(place: &str, value: Value, side: Side, there: (&str, Class), back: (&str, Class)) {
    let mut edited = base();
    let (parent, key) = place.rsplit_once('/').expect("a place");
    let parent = edited.pointer_mut(&format!("/components/schemas{parent}")).expect("a part");
    parent.as_object_mut().expect("an object").insert(key.to_owned(), value);
    let (old, new) = (read(&base()), read(&edited));
    let schema = Pointer::from_plain(format!("/components/schemas/{}", place.split('/').nth(1).expect("a name")));
    // A request of the vendor's comes as an answer does, and is answered as a request is made.
    let (direction, sends_new) = if side == Side::Request { (Side::Response, true) } else { (Side::Request, false) };
    for (from, to, expected) in [(&old, &new, there), (&new, &old, back)] {
        let changes = diff(from, to).expect("they are compared");
        assert_eq!(told(&changes), [expected], "{changes:#?}");
        assert_eq!((changes[0].side, changes[0].reversed), (Some(side), true));
        assert_eq!(changes[0].is_received(), side == Side::Request);
        assert_eq!(changes[0].operations, ["POST made (callback of addHook)", "POST orderMade (webhook)"]);
        if changes[0].class == Breaking {
            let witness = changes[0].witness.as_ref().expect("a witness");
            let (sender, receiver) = if sends_new { (to, from) } else { (from, to) };
            let accepts = |document: &Arc<Document>| {
                Synthesiser::new(Arc::clone(document)).expect("schemas").accepts(&schema, direction, &witness.value)
            };
            assert!(accepts(sender) && !accepts(receiver), "{witness:?}");
        }
    }
}

#[test]
fn schemas_of_both_halves_are_compared_in_the_other_direction() {
    let values = json!(["made", "paid", "lost"]);
    check_schema("/Event/properties/kind/enum", values, Side::Request, ("enum-value-added", Breaking), ("enum-value-removed", Compatible));
    check_schema("/Event/required", json!([]), Side::Request, ("property-optional", Breaking), ("property-required", Compatible));
    check_schema("/Event/properties/amount/maximum", json!(50), Side::Request, ("range-changed", Compatible), ("range-changed", Breaking));
    // It comes, though it could not be sent.
    let at = json!({"type": "integer", "readOnly": true});
    check_schema("/Event/properties/at", at, Side::Request, ("type-changed", Breaking), ("type-changed", Breaking));
    check_schema(
        "/Receipt/properties/seen/maxLength",
        json!(5),
        Side::Response,
        ("length-changed", Breaking),
        ("length-changed", Compatible),
    );
    let more = json!(["seen", "at"]);
    check_schema("/Receipt/required", more, Side::Response, ("property-required", Breaking), ("property-optional", Compatible));
}

#[test]
fn calls_come_and_go() {
    let (old, mut edited) = (read(&base()), base());
    edited["webhooks"] = json!({});
    edited["paths"]["/hooks"]["post"]["callbacks"] = json!({});
    let new = read(&edited);
    let there = diff(&old, &new).expect("they are compared");
    assert_eq!(told(&there), [("callback-removed", Breaking), ("webhook-removed", Breaking)]);
    let back = diff(&new, &old).expect("they are compared");
    assert_eq!(told(&back), [("callback-added", Compatible), ("webhook-added", Compatible)]);

    let mut edited = base();
    let made = edited["paths"]["/hooks"]["post"]["callbacks"]["made"].take();
    let call = made.as_object().and_then(|made| made.values().next()).expect("a call");
    edited["paths"]["/hooks"]["post"]["callbacks"]["made"] = json!({"{$request.body#/url}": call});
    let moved = diff(&old, &read(&edited)).expect("they are compared");
    assert_eq!(told(&moved), [("callback-moved", Breaking)]);
    assert_eq!(moved[0].message, "the vendor calls `{$request.body#/url}` now, and called `{$request.query.url}?for={$request.body#/id}`");
}

#[test]
fn a_schema_that_comes_in_answers_and_webhooks_is_told_once() {
    let with_answer = |maximum: i64| {
        let mut document = base();
        document["components"]["schemas"]["Event"]["properties"]["amount"]["maximum"] = json!(maximum);
        document["paths"]["/hooks"]["post"]["responses"]["200"] =
            json!({"description": "it", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Event"}}}});
        read(&document)
    };
    let changes = diff(&with_answer(100), &with_answer(200)).expect("they are compared");
    assert_eq!(told(&changes), [("range-changed", Breaking)]);
    assert_eq!((changes[0].side, changes[0].reversed), (Some(Side::Response), false));
    assert_eq!(changes[0].operations.len(), 3, "{changes:#?}");
}

#[test]
fn callbacks_that_lead_to_themselves_end() {
    let document = |text: &str| {
        read(&json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"post": {"callbacks": {"c": {"$ref": "#/components/callbacks/C"}}, "responses": {}}}},
            "components": {"callbacks": {"C": {"{$url}": {"post": {
                "summary": "s", "deprecated": text == "new", "responses": {}, "callbacks": {"c": {"$ref": "#/components/callbacks/C"}}
            }}}}}
        }))
    };
    let changes = diff(&document("old"), &document("new")).expect("they are compared");
    assert_eq!(told(&changes), [("deprecated", Compatible)]);
}
