//! Fragments put together: what becomes one, what is told as a contradiction, and that cutting up and putting together changes nothing.

use serde_json::{Value, json};
use wireproof_openapi::Source;

use super::super::Split;
use super::*;
use crate::yaml::to_yaml;

fn merged(texts: &[&str]) -> Result<Merged, Vec<String>> {
    let sources: Vec<Source> = texts.iter().enumerate().map(|(number, text)| Source::new(format!("{number}.md"), *text)).collect();
    merge(|number| sources.get(number).map(Cow::Borrowed)).map_err(|error| match error {
        ImportError::Contradictions(found) => found.iter().map(ToString::to_string).collect(),
        error => vec![format!("{error:?}")],
    })
}

const HEAD: &str = "openapi: 3.0.1\ninfo: {title: T, version: '1'}\n";

#[test]
fn equal_parts_are_there_once_and_maps_are_united() {
    let first = format!("{HEAD}paths: {{/a: {{get: {{x: 1}}}}}}\ncomponents: {{schemas: {{A: {{type: string}}}}}}\ntags: [{{name: t}}]\n");
    let second = format!(
        "{HEAD}paths: {{/a: {{put: {{x: 2}}}}, /b: {{get: {{x: 3}}}}}}\ncomponents: {{schemas: {{A: {{type: string}}, B: {{}}}}, headers: {{H: {{}}}}}}\ntags: [{{name: t}}, {{name: u}}]\n"
    );
    let whole = merged(&[&first, &second]).expect("they go together");
    assert_eq!(
        whole.value,
        json!({
            "openapi": "3.0.1", "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"x": 1}, "put": {"x": 2}}, "/b": {"get": {"x": 3}}},
            "components": {"schemas": {"A": {"type": "string"}, "B": {}}, "headers": {"H": {}}},
            "tags": [{"name": "t"}, {"name": "u"}],
        })
    );
    assert_eq!(whole.notes, []);
}

#[test]
fn contradictions_are_told_with_both_places() {
    let first = format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    A:\n      type: string\n    B: {{required: [x]}}\n");
    let second = "openapi: 3.0.1\ninfo: {title: T, version: '2'}\npaths: {}\ncomponents:\n  schemas:\n    A:\n      type: integer\n      nullable: true\n    B: {required: [x, y]}\n";
    let third = format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    A:\n      type: string\n");
    assert_eq!(
        merged(&[&first, second, &third]).expect_err("they contradict each other"),
        [
            "`/info/version` is `1` at 0.md:2:18 and `2` at 1.md:2:18",
            "`/components/schemas/A/type` is `string` at 0.md:7:7 and `integer` at 1.md:7:7",
            "`/components/schemas/A/nullable` is not there at 0.md:6:5 and `true` at 1.md:8:7",
            "`/components/schemas/B/required` is a list of 1 at 0.md:8:9 and a list of 2 at 1.md:9:9",
        ]
    );
}

#[test]
fn the_place_is_that_of_the_fragment_which_brought_the_part() {
    let first = format!("{HEAD}paths: {{}}\n");
    let second = format!("{HEAD}paths:\n  /a: {{get: {{x: 1}}}}\n");
    let third = format!("{HEAD}\n\npaths:\n  /a: {{get: {{x: 2}}}}\n");
    let found = merged(&[&first, &second, &third]).expect_err("they contradict each other");
    assert_eq!(found, ["`/paths/~1a/get/x` is `1` at 1.md:4:14 and `2` at 2.md:6:14"]);
}

#[test]
fn path_items_are_united_wherever_they_stand() {
    let first = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\nsecurity: [{k: []}]\ncomponents: {schemas: {A: {}}, pathItems: {P: {get: {x: 1}}}}\npaths: {/a: {additionalOperations: {COPY: {x: 1}}}}\n";
    let second = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\nwebhooks: {w: {summary: W, post: {x: 1}}}\ncomponents: {pathItems: {P: {put: {x: 2}}}}\npaths: {/a: {additionalOperations: {MOVE: {x: 2}}}}\n";
    let third = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\nwebhooks: {w: {put: {x: 2}}}\n";
    let whole = merged(&[first, second, third]).expect("they go together");
    let (asked, free) = (json!([{"k": []}]), json!([]));
    assert_eq!(
        whole.value,
        json!({
            "openapi": "3.2.0", "info": {"title": "T", "version": "1"},
            "components": {
                "schemas": {"A": {}},
                "pathItems": {"P": {"get": {"x": 1, "security": asked}, "put": {"x": 2, "security": free}}},
            },
            "paths": {"/a": {"additionalOperations": {"COPY": {"x": 1, "security": asked}, "MOVE": {"x": 2, "security": free}}}},
            "webhooks": {"w": {"post": {"x": 1, "summary": "W", "security": free}, "put": {"x": 2, "security": free}}},
        })
    );
    let members: Vec<&String> = whole.value.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["openapi", "info", "components", "paths", "webhooks"], "in the order of the fragments");
}

#[test]
fn what_holds_for_all_operations_of_one_fragment_stays_with_them() {
    let first = format!("{HEAD}security: [{{k: []}}]\npaths: {{/a: {{parameters: [{{name: p, in: query}}], get: {{x: 1}}}}}}\n");
    let second = format!("{HEAD}paths: {{/a: {{put: {{security: [{{z: []}}]}}}}, /b: {{get: {{x: 2}}}}}}\n");
    let whole = merged(&[&first, &second]).expect("they go together");
    assert_eq!(
        whole.value["paths"],
        json!({
            "/a": {
                "get": {"x": 1, "security": [{"k": []}], "parameters": [{"name": "p", "in": "query"}]},
                "put": {"security": [{"z": []}]},
            },
            "/b": {"get": {"x": 2, "security": []}},
        })
    );
    assert_eq!(whole.value.get("security"), None);
    let notes: Vec<String> = whole.notes.iter().map(|(place, note)| format!("{place}: {note}")).collect();
    insta::assert_snapshot!(notes.join("\n"), @r"
    0.md:3:1: `security` differs between fragments and was put into the operations of this one
    1.md:1:1: other fragments have `security` and this one has none, which its operations now say
    0.md:4:14: `parameters` of `/a` differs between fragments and was put into the operations of this one
    ");
}

/// The tags of a document are a set of named things: fragments bring them in the order of their operations.
fn in_order(mut document: Value) -> Value {
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        tags.sort_by_key(|tag| tag.get("name").map(ToString::to_string));
    }
    document
}

#[test]
fn documents_cut_up_and_put_together_are_what_they_were() {
    let folders = ["../specs", "../generator/tests/fixtures"];
    let mut tried = 0;
    for folder in folders.map(|folder| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)) {
        let mut files: Vec<_> =
            std::fs::read_dir(&folder).expect("the folder is there").map(|entry| entry.expect("an entry").path()).collect();
        files.extend(files.clone().iter().map(|folder| folder.join("openapi.yaml")));
        for file in files.iter().filter(|file| file.is_file() && file.extension().is_some_and(|extension| extension == "yaml")) {
            let text = std::fs::read_to_string(file).expect("a text");
            let document = Source::new("x.yaml", text).value().expect("a document");
            let split = Split::new(&document);
            let fragment = |number| Some(Cow::Owned(Source::new(format!("{number}.yaml"), to_yaml(&split.fragment(number)?))));
            let whole = merge(fragment).unwrap_or_else(|error| panic!("{}: {error:?}", file.display()));
            tried += split.fragments().count();
            assert_eq!(in_order(whole.value), in_order(document), "{}", file.display());
        }
    }
    assert!(tried > 30, "only {tried} fragments were tried");
}
