//! Changes beside schemas, one at a time: a base document, an edit, and what is to be told of it.

use std::sync::Arc;

use serde_json::{Value, json};
use wireproof_contract::Side;
use wireproof_documents::diff::{Change, Class, Semver, diff, semver};
use wireproof_openapi::{Document, Source};

use Class::{Breaking, Compatible, Unknown};

/// A document with one of everything.
fn base() -> Value {
    json!({
        "openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://{region}.shop.example/v1", "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}}}],
        "security": [{"Key": []}],
        "paths": {
            "/orders/{id}": {
                "get": {
                    "operationId": "getOrder",
                    "parameters": [
                        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                        {"name": "expand", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                        {"name": "X-Trace", "in": "header", "required": true, "schema": {"type": "string"}}
                    ],
                    "responses": {
                        "200": {
                            "description": "the order",
                            "headers": {
                                "X-Cost": {"required": true, "schema": {"type": "integer"}},
                                "X-Page": {"schema": {"type": "integer"}}
                            },
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
                        },
                        "4XX": {"description": "none", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}}
                    }
                },
                "put": {
                    "operationId": "putOrder",
                    "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
                    "requestBody": {"content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Order"}},
                        "application/x-www-form-urlencoded": {
                            "schema": {"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}}}},
                            "encoding": {"tags": {"style": "form", "explode": true}, "note": {"contentType": "text/plain"}}
                        }
                    }},
                    "responses": {"204": {"description": "done"}},
                    "security": [{"Token": ["write"]}, {"Key": []}]
                }
            },
            "/status": {"get": {"operationId": "getStatus", "security": [], "responses": {"204": {"description": "well"}}}}
        },
        "components": {
            "schemas": {
                "Order": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
                "Fault": {"type": "object", "required": ["code"], "properties": {"code": {"type": "string"}}}
            },
            "securitySchemes": {
                "Key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                "Token": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://shop.example/token", "scopes": {"write": "", "read": ""}}}}
            }
        }
    })
}

fn read(value: &Value) -> Arc<Document> {
    Arc::new(Document::parse(Source::new("shop.json", value.to_string())).expect("a document"))
}

/// Puts a value at a pointer, or takes out what is there.
fn edit(document: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    let key = last.replace("~1", "/").replace("~0", "~");
    match (document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")), value) {
        (Value::Object(members), Some(value)) => drop(members.insert(key, value)),
        (Value::Object(members), None) => assert!(members.shift_remove(&key).is_some(), "nothing at {pointer}"),
        (Value::Array(items), Some(value)) => match key.parse::<usize>() {
            Ok(index) => items[index] = value,
            Err(_) => items.push(value),
        },
        (Value::Array(items), None) => drop(items.remove(key.parse::<usize>().expect("a number"))),
        _ => panic!("nothing to edit at {parent}"),
    }
}

fn told(changes: &[Change]) -> Vec<(&'static str, Class)> {
    let mut told: Vec<(&str, Class)> = changes.iter().map(|change| (change.kind.name(), change.class)).collect();
    told.sort();
    told
}

/// What is told of an edit, there and back.
#[track_caller]
fn check(edits: &[(&str, Value)], there: &[(&str, Class)], back: &[(&str, Class)]) {
    let mut edited = base();
    for (pointer, value) in edits {
        edit(&mut edited, pointer, Some(value.clone()).filter(|value| value != "GONE"));
    }
    let (old, new) = (read(&base()), read(&edited));
    for (name, from, to, expected) in [("there", &old, &new, there), ("back", &new, &old, back)] {
        let changes = diff(from, to).expect("they are compared");
        let mut wanted = expected.to_vec();
        wanted.sort();
        assert_eq!(told(&changes), wanted, "{name} {edits:?}: {changes:#?}");
        for change in &changes {
            assert!(change.old.is_some() || change.new.is_some(), "{change:#?}");
            assert!(!change.message.is_empty());
        }
    }
}

const GET: &str = "/paths/~1orders~1{id}/get";
const PUT: &str = "/paths/~1orders~1{id}/put";

fn at(base: &str, rest: &str) -> String {
    format!("{base}/{rest}")
}

#[test]
fn operations() {
    let gone = || json!("GONE");
    check(&[("/paths/~1status", gone())], &[("operation-removed", Breaking)], &[("operation-added", Compatible)]);
    check(&[(PUT, gone())], &[("operation-removed", Breaking)], &[("operation-added", Compatible)]);
    let status = base()["paths"]["/status"].clone();
    check(
        &[("/paths/~1status", gone()), ("/paths/~1v2~1status", status.clone())],
        &[("operation-moved", Breaking)],
        &[("operation-moved", Breaking)],
    );
    let mut other = status;
    other["get"]["operationId"] = json!("status");
    check(
        &[("/paths/~1status", gone()), ("/paths/~1v2~1status", other)],
        &[("operation-id-changed", Compatible), ("operation-moved", Breaking)],
        &[("operation-id-changed", Compatible), ("operation-moved", Breaking)],
    );
    check(&[(&at(GET, "operationId"), json!("order"))], &[("operation-id-changed", Compatible)], &[("operation-id-changed", Compatible)]);
    check(&[(&at(GET, "deprecated"), json!(true))], &[("deprecated", Compatible)], &[("undeprecated", Compatible)]);
}

#[test]
fn parameters() {
    let one = |name: &str, location: &str, required: bool| json!({"name": name, "in": location, "required": required, "schema": {"type": "string"}});
    let list = at(GET, "parameters/-");
    check(&[(&list, one("page", "query", false))], &[("parameter-added", Compatible)], &[("parameter-removed", Breaking)]);
    check(&[(&list, one("page", "query", true))], &[("parameter-added", Breaking)], &[("parameter-removed", Breaking)]);
    check(&[(&list, one("page", "cookie", false))], &[("parameter-added", Compatible)], &[("parameter-removed", Breaking)]);
    check(&[(&at(GET, "parameters/1/required"), json!(true))], &[("parameter-required", Breaking)], &[("parameter-optional", Compatible)]);
    check(&[(&at(GET, "parameters/2/in"), json!("query"))], &[("parameter-moved", Breaking)], &[("parameter-moved", Breaking)]);
    check(&[(&at(GET, "parameters/1/name"), json!("expands"))], &[("parameter-renamed", Breaking)], &[("parameter-renamed", Breaking)]);
    // The case of a header's name does not travel, and neither does the name of a parameter of the path.
    check(&[(&at(GET, "parameters/2/name"), json!("x-trace"))], &[], &[]);
    let mut item = base()["paths"]["/orders/{id}"].clone();
    item["get"]["parameters"][0]["name"] = json!("order");
    item["put"]["parameters"][0]["name"] = json!("order");
    let renamed = [("parameter-renamed", Compatible), ("parameter-renamed", Compatible)];
    check(&[("/paths/~1orders~1{id}", json!("GONE")), ("/paths/~1orders~1{order}", item)], &renamed, &renamed);
    check(
        &[(&at(GET, "parameters/1/explode"), json!(false))],
        &[("parameter-style-changed", Breaking)],
        &[("parameter-style-changed", Breaking)],
    );
    check(
        &[(&at(GET, "parameters/1/style"), json!("pipeDelimited"))],
        &[("parameter-style-changed", Breaking)],
        &[("parameter-style-changed", Breaking)],
    );
    check(
        &[(&at(GET, "parameters/1/allowReserved"), json!(true))],
        &[("parameter-style-changed", Compatible)],
        &[("parameter-style-changed", Breaking)],
    );
    check(&[(&at(GET, "parameters/1/deprecated"), json!(true))], &[("deprecated", Compatible)], &[("undeprecated", Compatible)]);
    check(&[(&at(GET, "parameters/2/schema/maxLength"), json!(9))], &[("length-changed", Breaking)], &[("length-changed", Compatible)]);
    check(&[(&at(GET, "parameters/2/schema/default"), json!("a"))], &[("default-changed", Unknown)], &[("default-changed", Unknown)]);
}

#[test]
fn bodies_and_content_types() {
    let gone = || json!("GONE");
    let body = base()["paths"]["/orders/{id}"]["put"]["requestBody"].clone();
    let mut required = body.clone();
    required["required"] = json!(true);
    check(&[(&at(PUT, "requestBody"), gone())], &[("request-body-removed", Breaking)], &[("request-body-added", Compatible)]);
    check(&[(&at(PUT, "requestBody"), required)], &[("request-body-required", Breaking)], &[("request-body-optional", Compatible)]);
    check(
        &[(&at(GET, "requestBody"), json!({"required": true, "content": body["content"]}))],
        &[("request-body-added", Breaking)],
        &[("request-body-removed", Breaking)],
    );
    let json = at(PUT, "requestBody/content/application~1json");
    check(&[(&json, gone())], &[("content-type-removed", Breaking)], &[("content-type-added", Compatible)]);
    let form = at(PUT, "requestBody/content/application~1x-www-form-urlencoded/encoding/tags/explode");
    check(&[(&form, json!(false))], &[("encoding-changed", Breaking)], &[("encoding-changed", Breaking)]);
    let encoding = json!({"note": {"contentType": "text/plain"}, "tags": {"style": "form", "explode": true}});
    check(&[(&at(PUT, "requestBody/content/application~1x-www-form-urlencoded/encoding"), encoding)], &[], &[]);
    let answer = at(GET, "responses/200/content/text~1csv");
    check(
        &[(&answer, json!({"schema": {"type": "string"}}))],
        &[("content-type-added", Breaking)],
        &[("content-type-removed", Compatible)],
    );
    check(&[(&at(GET, "responses/200/content"), gone())], &[("content-type-removed", Breaking)], &[("content-type-added", Breaking)]);
    // A parameter of the content type changes nothing; a range allows more.
    let content = base()["paths"]["/orders/{id}"]["get"]["responses"]["200"]["content"]["application/json"].clone();
    check(&[(&at(GET, "responses/200/content"), json!({"application/json; charset=utf-8": content}))], &[], &[]);
    check(
        &[(&at(GET, "responses/200/content"), json!({"application/*": content}))],
        &[("content-type-added", Breaking)],
        &[("content-type-removed", Compatible)],
    );
}

#[test]
fn answers() {
    let gone = || json!("GONE");
    let fault = base()["paths"]["/orders/{id}"]["get"]["responses"]["4XX"].clone();
    check(
        &[(&at(GET, "responses/202"), json!({"description": "soon"}))],
        &[("response-added", Breaking)],
        &[("response-removed", Compatible)],
    );
    check(&[(&at(GET, "responses/200"), gone())], &[("response-removed", Compatible)], &[("response-added", Breaking)]);
    // One of a range that was documented as a whole is no news.
    check(&[(&at(GET, "responses/404"), fault.clone())], &[], &[("response-removed", Compatible)]);
    check(&[(&at(GET, "responses/default"), fault)], &[("response-added", Breaking)], &[("response-removed", Compatible)]);
    let cost = at(GET, "responses/200/headers/X-Cost");
    let page = at(GET, "responses/200/headers/X-Page");
    check(&[(&cost, gone())], &[("header-removed", Breaking)], &[("header-added", Compatible)]);
    check(&[(&page, gone())], &[("header-removed", Compatible)], &[("header-added", Compatible)]);
    check(&[(&at(&page, "required"), json!(true))], &[("header-required", Compatible)], &[("header-optional", Breaking)]);
    check(&[(&at(&page, "deprecated"), json!(true))], &[("deprecated", Compatible)], &[("undeprecated", Compatible)]);
    check(&[(&at(&page, "schema/maximum"), json!(9))], &[("range-changed", Compatible)], &[("range-changed", Breaking)]);
}

#[test]
fn security_and_servers() {
    check(&[("/security", json!([]))], &[("security-changed", Compatible)], &[("security-changed", Breaking)]);
    check(&[("/security", json!([{"Key": [], "Token": []}]))], &[("security-changed", Breaking)], &[("security-changed", Compatible)]);
    check(&[("/security", json!([{"Key": []}, {}]))], &[("security-changed", Compatible)], &[("security-changed", Breaking)]);
    let own = at(PUT, "security");
    check(&[(&own, json!([{"Key": []}]))], &[("security-changed", Breaking)], &[("security-changed", Compatible)]);
    check(&[(&own, json!([{"Key": []}, {"Token": ["write"]}]))], &[], &[]);
    check(
        &[(&own, json!([{"Token": ["read", "write"]}, {"Key": []}]))],
        &[("security-changed", Breaking)],
        &[("security-changed", Compatible)],
    );
    check(
        &[("/paths/~1status/get/security", json!([{"Key": []}]))],
        &[("security-changed", Breaking)],
        &[("security-changed", Compatible)],
    );
    let scheme = "/components/securitySchemes/Key/name";
    let twice = [("security-scheme-changed", Breaking), ("security-scheme-changed", Breaking)];
    check(&[(scheme, json!("X-Api-Key"))], &twice, &twice);
    // What a scheme is called does not travel.
    let key = base()["components"]["securitySchemes"]["Key"].clone();
    check(&[("/components/securitySchemes/ApiKey", key), ("/security", json!([{"ApiKey": []}]))], &[], &[]);

    let server = json!({"url": "https://other.shop.example"});
    check(&[("/servers/-", server.clone())], &[("server-added", Compatible)], &[("server-removed", Breaking)]);
    check(
        &[("/servers/0", server.clone())],
        &[("server-added", Compatible), ("server-removed", Breaking)],
        &[("server-added", Compatible), ("server-removed", Breaking)],
    );
    let variable = "/servers/0/variables/region";
    check(
        &[(&at(variable, "enum"), json!(["eu", "us", "asia"]))],
        &[("server-variable-changed", Compatible)],
        &[("server-variable-changed", Breaking)],
    );
    check(&[(&at(variable, "default"), json!("us"))], &[("server-variable-changed", Unknown)], &[("server-variable-changed", Unknown)]);
    check(
        &[(&at(GET, "servers"), json!([server]))],
        &[("server-added", Compatible), ("server-removed", Breaking)],
        &[("server-added", Compatible), ("server-removed", Breaking)],
    );
}

#[test]
fn paths_that_differ_in_the_names_of_their_parameters_only_are_told_apart() {
    let delete = |id: &str| json!({"delete": {"operationId": id, "responses": {"204": {"description": id}}}});
    let mut old = base();
    old["paths"] = json!({"/{tree}": delete("fell"), "/{shrub}": delete("clear")});
    assert_eq!(told(&diff(&read(&old), &read(&old)).expect("a comparison")), []);
    let mut new = old.clone();
    new["paths"].as_object_mut().expect("paths").remove("/{shrub}");
    let (old, new) = (read(&old), read(&new));
    assert_eq!(told(&diff(&old, &new).expect("a comparison")), [("operation-removed", Breaking)]);
    assert_eq!(told(&diff(&new, &old).expect("a comparison")), [("operation-added", Compatible)]);
}

#[test]
fn what_only_people_read_is_no_change() {
    check(&[("/info/version", json!("2")), ("/info/description", json!("News."))], &[], &[]);
    check(&[(&at(GET, "summary"), json!("One order")), (&at(GET, "tags"), json!(["orders"]))], &[], &[]);
    check(&[(&at(GET, "parameters/1/description"), json!("More")), ("/components/schemas/Order/title", json!("Order"))], &[], &[]);
    let mut reversed = base();
    let paths: serde_json::Map<String, Value> = reversed["paths"].as_object().unwrap().clone().into_iter().rev().collect();
    reversed["paths"] = Value::Object(paths);
    reversed["paths"]["/orders/{id}"]["get"]["parameters"].as_array_mut().unwrap().reverse();
    assert_eq!(diff(&read(&base()), &read(&reversed)).expect("they are compared"), []);
}

#[test]
fn a_shared_schema_is_told_once_with_all_that_it_concerns() {
    let mut edited = base();
    edit(&mut edited, "/components/schemas/Order/properties/id/type", Some(json!("integer")));
    let changes = diff(&read(&base()), &read(&edited)).expect("they are compared");
    let concerned: Vec<(Option<Side>, Vec<&str>)> =
        changes.iter().map(|change| (change.side, change.operations.iter().map(String::as_str).collect())).collect();
    assert_eq!(concerned.len(), 2, "{changes:#?}");
    assert!(concerned.contains(&(Some(Side::Request), vec!["putOrder"])) && concerned.contains(&(Some(Side::Response), vec!["getOrder"])));
    assert_eq!(semver(&changes), Some(Semver::Major));
    let place = changes[0].new.as_ref().expect("a place");
    assert_eq!(place.pointer.as_str(), "/components/schemas/Order/properties/id/type");
    assert_eq!((place.position.file.as_str(), place.position.line), ("shop.json", 1));
}

#[test]
fn the_crate_is_told_by_the_worst_change() {
    let after = |pointer: &str, value: Value| {
        let mut edited = base();
        edit(&mut edited, pointer, Some(value));
        semver(&diff(&read(&base()), &read(&edited)).expect("they are compared"))
    };
    assert_eq!(after("/info/version", json!("2")), None);
    assert_eq!(after("/components/schemas/Order/properties/id/maxLength", json!(9)), Some(Semver::Patch));
    assert_eq!(after("/paths/~1new", json!({"get": {"responses": {"204": {"description": "none"}}}})), Some(Semver::Minor));
    assert_eq!(after("/components/schemas/Order/properties/total", json!({"type": "integer"})), Some(Semver::Major));
}
