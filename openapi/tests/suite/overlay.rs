//! Overlays: what each kind of action does, where changed nodes stand, and what is refused.

use serde_json::{Value, json};
use wireproof_openapi::{Document, LoadError, NoFiles, Overlay, Pointer, Source};

const HEAD: &str = "overlay: 1.1.0\ninfo: {title: Ours, version: '1'}\nactions:\n";

fn apply(document: &str, actions: &str) -> Result<Value, LoadError> {
    let overlay = Overlay::parse(Source::new("overlay.yaml", format!("{HEAD}{actions}")))?;
    overlay.apply(&Source::new("api.yaml", document))
}

#[track_caller]
fn becomes(document: &str, actions: &str, expected: &Value) {
    match apply(document, actions) {
        Ok(value) => assert_eq!(value, *expected, "{actions}"),
        Err(error) => panic!("{error}\n{actions}"),
    }
}

#[track_caller]
fn refused(document: &str, actions: &str, expected: &str) {
    let error = apply(document, actions).expect_err(actions).to_string();
    assert_eq!(error, expected, "{actions}");
}

#[test]
fn each_action_does_what_the_specification_says() {
    for (document, actions, expected) in [
        // Objects merge, lists are added to, other values are replaced.
        ("a: {b: 1, c: [1]}", "- {target: $, update: {a: {b: 2, c: [2], d: 3}}}", json!({"a": {"b": 2, "c": [1, 2], "d": 3}})),
        ("a: [1]", "- {target: $.a, update: 2}", json!({"a": [1, 2]})),
        ("a: [1]", "- {target: $.a, update: {x: 2}}", json!({"a": [1, {"x": 2}]})),
        ("a: [1]", "- {target: $.a, update: [2, 3]}", json!({"a": [1, 2, 3]})),
        ("a: [[1]]", "- {target: '$.a[0]', update: [2]}", json!({"a": [[1, 2]]})),
        ("a: old", "- {target: $.a, update: new}", json!({"a": "new"})),
        ("a: old", "- {target: $.a, update: null}", json!({"a": null})),
        ("{a: {t: x}, b: {t: y}}", "- {target: $.*, update: {t: z}}", json!({"a": {"t": "z"}, "b": {"t": "z"}})),
        // Actions see what those before them did.
        ("a: 1", "- {target: $.a, remove: true}\n- {target: $, update: {a: {b: 2}}}", json!({"a": {"b": 2}})),
        // Several items go at once, and what is inside of what goes is no obstacle.
        ("a: [1, 2, 1, 3]", "- {target: '$.a[?@ == 1]', remove: true}", json!({"a": [2, 3]})),
        ("{x: {x: 1, y: {x: 2}}, z: 1}", "- {target: $..x, remove: true}", json!({"z": 1})),
        ("a: 1", "- {target: $.a, remove: false, update: 2}", json!({"a": 2})),
        // Keys of any characters, with the filters and functions of RFC 9535.
        (
            "paths: {'/a/{id}': {get: {}}}",
            "- {target: \"$.paths['/a/{id}'].get\", update: {x: 1}}",
            json!({"paths": {"/a/{id}": {"get": {"x": 1}}}}),
        ),
        ("p: [{n: abc}, {n: xyz}]", "- {target: \"$.p[?match(@.n, 'a.*')]\", remove: true}", json!({"p": [{"n": "xyz"}]})),
        ("a~b: {c/d: 1}", "- {target: \"$['a~b']['c/d']\", update: 2}", json!({"a~b": {"c/d": 2}})),
        // Copies are merged as updates are.
        ("{a: {x: 1}, b: {y: 2}}", "- {target: $.b, copy: $.a}", json!({"a": {"x": 1}, "b": {"x": 1, "y": 2}})),
        ("{a: 1, b: [0]}", "- {target: $.b, copy: $.a}", json!({"a": 1, "b": [0, 1]})),
    ] {
        becomes(document, actions, &expected);
    }
}

#[test]
fn what_cannot_be_done_is_told_with_its_place() {
    for (actions, expected) in [
        ("- {target: $.zz, remove: true}", "the action matches nothing in the document at overlay.yaml:4:4 (/actions/0/target)"),
        (
            "- {target: $.a, update: {x: 1}}",
            "an object cannot be merged into a number (target `/a`) at overlay.yaml:4:17 (/actions/0/update)",
        ),
        (
            "- target: $\n  update:\n    b:\n      c: 5\n",
            "a number cannot be merged into an object (target `/`) at overlay.yaml:7:7 (/actions/0/update/b/c)",
        ),
        ("- {target: $, remove: true}", "the whole document cannot be removed at overlay.yaml:4:4 (/actions/0/target)"),
        ("- {target: $.a, copy: $.*}", "`copy` must select one node, and selects 3 at overlay.yaml:4:17 (/actions/0/copy)"),
        (
            "- {target: $.*, update: {x: 1}}",
            "the target selects nodes of different kinds, of which an update must be all objects, all lists or all other values at overlay.yaml:4:4 (/actions/0/target)",
        ),
        ("- {target: $.a}", "the action does nothing at overlay.yaml:4:3 (/actions/0)"),
        (
            "- {target: $.a, remove: true, update: 1}",
            "the action says more than one of `update`, `copy` and `remove` at overlay.yaml:4:3 (/actions/0)",
        ),
        ("- {target: $.a, remov: true}", "an action has no member `remov` at overlay.yaml:4:17 (/actions/0/remov)"),
        ("- {update: 1}", "the action has no `target` at overlay.yaml:4:3 (/actions/0)"),
        (
            "- {target: $.a.b.., update: 1}",
            "`target` is no JSONPath (RFC 9535) from character 7 on at overlay.yaml:4:4 (/actions/0/target)",
        ),
        ("- {target: $..a..b..c..d, update: 1}", "a JSONPath with more than 3 `..` at overlay.yaml:4:4 (/actions/0/target)"),
        ("  x: 1", "`actions` is an object, expected a list at overlay.yaml:3:1 (/actions)"),
    ] {
        refused("{a: 1, b: {c: {}}, l: [1]}", actions, expected);
    }
    let deep = format!("- {{target: \"$[?{}@.a{}]\", remove: true}}", "(".repeat(20_000), ")".repeat(20_000));
    assert!(apply("a: 1", &deep).is_err(), "nesting has a limit");
}

#[test]
fn other_files_are_no_overlays() {
    for (text, expected) in [
        ("openapi: 3.0.0\n", "`overlay` is missing: this is no OpenAPI Overlay at o.yaml:1:1"),
        ("overlay: 2.0.0\ninfo: {}\n", "Overlay version `2.0.0` is not read; 1.0 and 1.1 are at o.yaml:1:1 (/overlay)"),
        ("overlay: 1.0.0\ninfo: {title: x}\nactions: []\n", "`info.version` is missing at o.yaml:2:1 (/info)"),
        ("- 1\n", "the overlay is a list, not an object at o.yaml:1:1"),
    ] {
        assert_eq!(Overlay::parse(Source::new("o.yaml", text)).expect_err(text).to_string(), expected);
    }
}

/// An overlay that adds to a document over and over does not take all memory.
#[test]
fn growth_has_a_limit() {
    let doubling = "- {target: $.a, copy: $.a}\n".repeat(60);
    let error = apply("a: [[xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, 2, 3, 4]]", &doubling).expect_err("it grows beyond measure");
    assert!(error.message.contains("adds more than"), "{error}");
}

#[test]
fn nodes_keep_the_positions_of_their_own_text() {
    let text = "openapi: 3.0.3
info: {title: Test, version: '1'}
paths:
  /a:
    get:
      parameters:
        - {name: first, in: query, schema: {type: string}}
        - {name: second, in: query, schema: {type: string}}
      responses:
        '200': {description: fine}
";
    let actions = format!(
        "{HEAD}- target: $.paths['/a'].get.parameters[0]
  remove: true
- target: $.paths['/a'].get.parameters
  update: {{name: third, in: query, schema: {{type: nonsense}}}}
- target: $.paths['/a'].get
  update:
    responses:
      '404':
        description: gone
"
    );
    let overlay = Overlay::parse(Source::new("overlay.yaml", actions)).expect("an overlay");
    let document = Document::load_with_overlay(Source::new("api.yaml", text), overlay, &NoFiles).expect("a document");
    let at = |pointer: &str| document.position(&Pointer::from_plain(pointer)).to_string();
    let get = "/paths/~1a/get";
    assert_eq!(document.operations()[0].parameters[0].name, "second");
    assert_eq!(at(&format!("{get}/parameters/0/name")), "api.yaml:8:12", "what moved up stands where it stood");
    assert_eq!(at(&format!("{get}/parameters/1/schema")), "overlay.yaml:7:36");
    assert_eq!(at(&format!("{get}/responses/200")), "api.yaml:10:9");
    assert_eq!(at(&format!("{get}/responses/404/description")), "overlay.yaml:12:9");
    assert_eq!(super::said(&document).len(), 1, "the overlay's own slips are told");
    assert!(super::said(&document)[0].contains("overlay.yaml:7:"), "{:?}", super::said(&document));
    assert_eq!(document.overlay().map(|source| source.path.as_str()), Some("overlay.yaml"));
}
