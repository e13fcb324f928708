//! YAML 1.2 as documents use it.

use serde_json::{Value, json};

use super::{at, codes, fail, parse, text_3_0};

#[track_caller]
fn check(yaml: &str, expected: &Value, said: &[&str]) {
    let document = parse(&text_3_0(&format!("paths: {{}}\nx-a:\n{yaml}\n")));
    assert_eq!(at(&document, "/x-a"), expected, "{yaml}");
    assert_eq!(codes(&document), said, "{yaml}");
}

#[test]
fn scalars_keys_and_collections() {
    check(
        "  on: yes\n  n: 2024-01-31\n  200: ok\n  1.0: x\n  null: y\n  '': z\n  quoted: '200'\n  text: |\n    a\n    b\n",
        &json!({"on": "yes", "n": "2024-01-31", "200": "ok", "1.0": "x", "null": "y", "": "z", "quoted": "200", "text": "a\nb\n"}),
        &[],
    );
    check(
        "  ? a long key\n  : 1\n  empty:\n  list:\n  - 1\n  - [a, {b: c}]\n",
        &json!({"a long key": 1, "empty": null, "list": [1, ["a", {"b": "c"}]]}),
        &[],
    );
}

#[test]
fn numbers_keep_their_text() {
    let document = parse(&text_3_0("paths: {}\nx-a: [1.10, 18446744073709551616, 1e3, 0x10]\n"));
    assert_eq!(at(&document, "/x-a").to_string(), "[1.10,18446744073709551616,1e+3,16]");
}

#[test]
fn anchors_aliases_and_merge_keys() {
    check("  a: &a {b: [1]}\n  c: *a\n", &json!({"a": {"b": [1]}, "c": {"b": [1]}}), &[]);
    check("  a: &k name\n  *k : 1\n", &json!({"a": "name", "name": 1}), &[]);
    check(
        "  a: &a {x: 1, y: 2}\n  b: &b {y: 3, z: 4}\n  c:\n    y: 0\n    <<: [*a, *b]\n",
        &json!({"a": {"x": 1, "y": 2}, "b": {"y": 3, "z": 4}, "c": {"y": 0, "x": 1, "z": 4}}),
        &["yaml-merge-key /x-a/c/<<"],
    );
    check("  '<<': 1\n", &json!({"<<": 1}), &[]);
}

#[test]
fn tags_decide_and_unknown_ones_are_told() {
    check(
        "  a: !!str 1\n  b: !!int '2'\n  c: !!float 3\n  d: !!bool 'true'\n  e: !!null ''\n  f: !!binary aGk=\n  g: !!timestamp 2024-01-31\n  h: ! 4\n  i: !!map {}\n  j: !<tag:yaml.org,2002:str> 5\n",
        &json!({"a": "1", "b": 2, "c": 3, "d": true, "e": null, "f": "aGk=", "g": "2024-01-31", "h": "4", "i": {}, "j": "5"}),
        &[],
    );
    check(
        "  a: !local 1\n  b: !set {x: y}\n  c: !!int many\n  d: [.inf]\n",
        &json!({"a": 1, "b": {"x": "y"}, "c": "many", "d": [".inf"]}),
        &["yaml-tag /x-a/a", "yaml-tag /x-a/b", "yaml-tag /x-a/c", "yaml-number /x-a/d/0"],
    );
}

#[test]
fn what_yaml_allows_and_json_cannot_hold_is_refused() {
    for (yaml, expected) in [
        ("a: 1\nb: 2\na: 3", "duplicate key `a` (first at 1:1) at api.yaml:3:1 (/a)"),
        ("a:\n  - b: 1\n    'b': 2", "duplicate key `b` (first at 2:5) at api.yaml:3:5 (/a/0/b)"),
        ("? [a, b]\n: 1", "a list or an object as a key; JSON knows text keys only at api.yaml:1:3"),
        ("a: &a [1]\n*a : 2", "an alias as a key must name text at api.yaml:2:1"),
        ("a: &a [*a]", "an alias to the node that it is part of at api.yaml:1:8 (/a/0)"),
        ("a: 1\n---\nb: 2", "a second YAML document begins here; a file holds one at api.yaml:2:1"),
        ("a: 1\n<<: 2", "the merge key `<<` needs an object or a list of objects at api.yaml:2:5"),
        (
            "a: |\n  \tb",
            "a tab where the first line shows the indentation of a block scalar; use spaces, or an indicator such as `|2` at api.yaml:2:3 (/a)",
        ),
        ("a: |\n  b\n c: d", "no YAML: while parsing a block mapping, did not find expected key at api.yaml:3:2"),
        ("a: *b", "no YAML: while parsing node, found unknown anchor at api.yaml:1:4 (/a)"),
        ("a:\n\tb: c", "no YAML: tabs disallowed within this context (block indentation) at api.yaml:2:2 (/a)"),
    ] {
        assert_eq!(fail(yaml).to_string(), expected, "{yaml:?}");
    }
}

#[test]
fn a_tab_in_text_is_text() {
    check("  a: |2\n    \tb\n  c: |\n    b\n    \tc\n", &json!({"a": "\tb\n", "c": "b\n\tc\n"}), &[]);
}

#[test]
fn line_ends_of_windows_and_markers() {
    let document = parse("---\r\nopenapi: 3.0.0\r\ninfo:\r\n  title: T\r\n  version: '1'\r\npaths: {}\r\n...\r\n");
    assert_eq!(document.title(), "T");
}
