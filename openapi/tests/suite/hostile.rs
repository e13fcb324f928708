//! Documents that mean harm: they end in an error or a diagnostic, soon, and never in a crash.

use std::fmt::Write as _;

use super::{codes, fail, parse, text_3_0};

#[test]
fn nesting_has_a_limit_in_both_formats() {
    let deep = |open: &str, close: &str, count: usize| format!("{}1{}", open.repeat(count), close.repeat(count));
    for (text, place) in [
        (format!("{{\"a\": {}}}", deep("[", "]", 100_000)), "/a/0/0/0"),
        (format!("{{\"a\": {}}}", deep("{\"a\":", "}", 100_000)), "/a/a/a"),
        (format!("a: {}", deep("[", "]", 100_000)), "/a"),
        (format!("{}1", "- ".repeat(100_000)), "/0/0/0"),
        ((0..2_000).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n"), "/a/a/a"),
    ] {
        let error = fail(&text);
        assert_eq!(error.message, "more than 256 levels of nesting", "{error}");
        assert!(error.pointer.as_str().starts_with(place), "{error}");
    }
}

#[test]
fn the_deepest_document_allowed_is_walked_on_any_stack() {
    let schema = format!("{}true{}", "{\"not\":".repeat(250), "}".repeat(250));
    let text = format!(
        "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \"components\": {{\"schemas\": {{\"A\": {schema}}}}}}}"
    );
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    let codes = thread.spawn(move || codes(&parse(&text))).unwrap().join().unwrap();
    assert_eq!(codes, [""; 0]);
}

#[test]
fn aliases_cannot_fill_the_memory() {
    let mut text = text_3_0("paths: {}\nx-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        writeln!(text, "x-{level}: &a{level} [{}]", [below.as_str(); 9].join(", ")).unwrap();
    }
    assert_eq!(fail(&text).message, "the aliases of this file expand to more than 64 MiB");
    // One long text, many times.
    let text = text_3_0(&format!("paths: {{}}\nx-a: &a {}\nx-b: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(1_000)));
    assert_eq!(fail(&text).message, "the aliases of this file expand to more than 64 MiB");
}

#[test]
fn a_chain_of_anchors_around_anchors_is_bounded() {
    let text = text_3_0(&format!(
        "paths: {{}}\nx-a: {}{}{}\n",
        (0..200).fold(String::new(), |text, n| text + &format!("&a{n} [")),
        "1, ".repeat(50_000),
        "]".repeat(200)
    ));
    assert_eq!(fail(&text).message, "the aliases of this file expand to more than 64 MiB");
}

#[test]
fn whole_objects_cannot_be_multiplied_by_references() {
    let names = (0..3_000).fold(String::new(), |text, n| text + &format!("    P{n}: {{type: string}}\n"));
    let users = (0..3_000).fold(String::new(), |text, n| text + &format!("    U{n}: {{properties: {{$ref: '#/components/schemas'}}}}\n"));
    let document = parse(&text_3_0(&format!("paths: {{}}\ncomponents:\n  schemas:\n{names}{users}")));
    let code = "broken-reference";
    assert!(document.diagnostics().iter().any(|diagnostic| diagnostic.code == code && diagnostic.message.contains("copy too much")));
}

#[test]
fn operations_cannot_multiply_what_they_share() {
    let servers = "{url: 'https://example.com'}, ".repeat(5_000);
    let parameters = (0..2_000).fold(String::new(), |text, n| text + &format!("{{name: p{n}, in: query}}, "));
    let examples = (0..2_000).fold(String::new(), |text, n| text + &format!("e{n}: {{value: 1}}, "));
    let paths = (0..5_000).fold(String::new(), |text, n| {
        text + &format!("  /a{n}: {{$ref: '#/x-item', get: {{responses: {{'200': {{$ref: '#/components/responses/R'}}}}}}}}\n")
    });
    let text = text_3_0(&format!(
        "servers: [{servers}]\nx-item: {{parameters: [{parameters}]}}\npaths:\n{paths}components: {{responses: {{R: {{description: d, content: {{a/b: {{examples: {{{examples}}}}}}}}}}}}}\n"
    ));
    let document = parse(&text);
    assert_eq!(codes(&document), ["too-many-parts /paths"]);
    assert!(document.operations().len() < 1_000, "{}", document.operations().len());
}

#[test]
fn wide_objects_are_located_fast() {
    let wrong = (0..40_000).fold(String::new(), |text, n| text + &format!("    S{n}: {{type: x}}\n"));
    let document = parse(&text_3_0(&format!("paths: {{}}\ncomponents:\n  schemas:\n{wrong}")));
    let mut diagnostics = document.diagnostics().to_vec();
    document.locate(&mut diagnostics);
    assert_eq!(diagnostics.len(), 40_000);
    assert_eq!(diagnostics[39_999].position.as_ref().unwrap().line, 40_005);
}

#[test]
fn long_chains_of_references_end() {
    let chain = (0..5_000).fold(String::new(), |text, n| text + &format!("    A{n}: {{$ref: '#/components/schemas/A{}'}}\n", n + 1));
    let document = parse(&text_3_0(&format!("paths: {{}}\ncomponents:\n  schemas:\n{chain}    A5000: {{type: string}}\n")));
    assert_eq!(codes(&document), [""; 0]);
    assert!(document.resolve(&wireproof_openapi::Pointer::from_plain("/components/schemas/A0")).is_none());
    assert!(document.resolve(&wireproof_openapi::Pointer::from_plain("/components/schemas/A4990")).is_some());
}

#[test]
fn a_list_with_a_huge_number_as_key_is_no_list() {
    let document = parse(&text_3_0("paths: {}\ncomponents: {schemas: {A: {allOf: {'4000000000': {type: object}}}}}\n"));
    assert_eq!(codes(&document), ["wrong-type /components/schemas/A/allOf"]);
}

#[test]
fn text_of_any_kind_never_panics() {
    let seeds = [
        "{\"openapi\": \"3.0.0\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"paths\": {\"/a/{b}\": {\"get\": {\"responses\": {\"200\": {\"$ref\": \"#/a\"}}}}}}",
        "openapi: 3.1.0\ninfo: &a {title: T, version: 1}\npaths:\n  /a: {get: {parameters: [*a, {<<: *a}], responses: {default: {description: |\n   x\n}}}}\n",
    ];
    for seed in seeds {
        let bytes = seed.as_bytes();
        for at in 0..bytes.len() {
            for replacement in
                [&b""[..], b"{", b"}", b"[", b"\"", b":", b"\n", b"\t", b"&", b"*", b"|", b"-", b"\xc3\xa9", b"\x7f", b"null", b"$ref"]
            {
                let mut mutated = bytes[..at].to_vec();
                mutated.extend_from_slice(replacement);
                mutated.extend_from_slice(&bytes[at + 1..]);
                let text = String::from_utf8_lossy(&mutated).into_owned();
                if let Ok(document) = wireproof_openapi::Document::parse(wireproof_openapi::Source::new("a", text)) {
                    let mut diagnostics = document.diagnostics().to_vec();
                    document.locate(&mut diagnostics);
                }
            }
        }
    }
}
