//! Documents that mean harm: their words never become code, and making files of them comes to an end, soon, whatever they hold. What is
//! hostile to reading alone is tested in `openapi/`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use serde_json::{Map, Value, json};
use syn::visit::Visit;
use wireproof_generator::{FileSet, Options, Runtime, generate, package};
use wireproof_openapi::{Document, Source};

/// A word that only documents of these tests hold; as an identifier it would have to come out of a text.
const CANARY: &str = "canary";

/// Texts that want to be code: each would end a literal, a comment or a line, or turn what a reader sees.
const TEXTS: [&str; 18] = [
    "\"; fn canary() {} //",
    "\\\"; canary!(); \\",
    "*/ fn canary() {} /*",
    "\n\nfn canary() {}\n",
    "\rfn canary() {}\r",
    "\u{2028}fn canary() {}\u{85}mod canary;",
    "}} canary {{ }} {} {0} {canary}",
    "{canary:?}",
    "r#\"# canary \"#",
    "'canary '\\'' canary",
    "\u{202e}}canary{\u{2066}",
    "#![canary] #[canary]",
    "/// canary\n//! canary",
    "${canary} $canary $(canary)",
    "\0canary\u{7}\u{1b}[31m",
    "`canary` [canary](canary) <canary>",
    "../../../canary",
    "r\u{301}\u{200d}canary\u{feff}",
];

/// A document in which a text stands wherever one may.
fn document_with(text: &str) -> Value {
    let schema = json!({
        "title": text, "description": text, "type": "object", "required": [text],
        "properties": {
            text: {"type": "string", "pattern": text, "default": text, "example": text, "format": text, "description": text},
            "choice": {"type": "string", "enum": [text, format!("{text}2")], "x-enum-varnames": [text, text], "x-enum-descriptions": [text, text]},
            "map": {"type": "object", "additionalProperties": {"description": text, "type": "string", "const": text}},
            "union": {"oneOf": [{"title": text, "type": "string"}, {"title": text, "type": "object", "properties": {text: {}}}]},
            "list": {"type": "array", "items": {"type": "object", "title": text, "minProperties": 1, "properties": {text: {"enum": [1, 2]}, "b": {}}}}
        },
        "dependentRequired": {text: ["choice"]},
        "discriminator": {"propertyName": text, "mapping": {text: text}}
    });
    let content = json!({text: {"schema": schema}, "application/json": {"schema": {"$ref": "#/components/schemas/S"}},
        "multipart/form-data": {"schema": schema}, "application/x-www-form-urlencoded": {"schema": schema}});
    let operation = json!({
        "operationId": text, "summary": text, "description": text, "tags": [text], "security": [{text: [text]}],
        "parameters": [
            {"name": text, "in": "query", "description": text, "schema": schema},
            {"name": text, "in": "header", "schema": {"type": "string", "enum": [text]}},
            {"name": text, "in": "cookie", "schema": {"type": "array", "items": {"type": "string"}}}
        ],
        "requestBody": {"description": text, "content": content},
        "responses": {
            "200": {"description": text, "headers": {text: {"description": text, "schema": {"type": "string"}}}, "content": content},
            text: {"description": text}
        },
        "callbacks": {text: {text: {"post": {"requestBody": {"content": content}, "responses": {}}}}}
    });
    json!({
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text, "license": {"name": text}},
        "servers": [{"url": text, "description": text, "variables": {text: {"default": text}}}],
        "paths": {format!("/{text}/{{{text}}}"): {"post": operation, "summary": text}},
        "webhooks": {text: {"post": operation}},
        "components": {
            "schemas": {"S": schema, text: schema},
            "securitySchemes": {text: {"type": "apiKey", "in": "header", "name": text}, "h": {"type": "http", "scheme": text}}
        },
        "tags": [{"name": text, "description": text}]
    })
}

fn files_of(text: String) -> Option<FileSet> {
    let document = Document::parse(Source::new("hostile.json", text)).ok()?;
    let options =
        Options { command: format!("{CANARY}\n{CANARY}!();"), spec: format!("{CANARY}\u{85}{CANARY}!();.json"), ..Options::default() };
    Some(package(&generate(&document, &options), "hostile", &Runtime::Version("1".to_owned())))
}

/// Names of ours may hold words of a document, and then they are one word among others of an identifier. What no name of ours is: a
/// macro, an attribute, a function or a module of exactly that word.
struct Canaries<'p>(&'p str);

impl Visit<'_> for Canaries<'_> {
    fn visit_macro(&mut self, found: &syn::Macro) {
        assert!(!found.path.is_ident(CANARY), "{}: a text became a macro", self.0);
        syn::visit::visit_macro(self, found);
    }

    fn visit_attribute(&mut self, found: &syn::Attribute) {
        assert!(!found.path().is_ident(CANARY), "{}: a text became an attribute", self.0);
    }

    fn visit_item_fn(&mut self, found: &syn::ItemFn) {
        assert!(found.sig.ident != CANARY, "{}: a text became a function", self.0);
        syn::visit::visit_item_fn(self, found);
    }

    fn visit_item_mod(&mut self, found: &syn::ItemMod) {
        let is_file = found.content.is_none();
        assert!(is_file, "{}: a text opened a module", self.0);
    }
}

/// Every file is Rust, with items of ours only, and lies where ours do.
fn check(files: &FileSet, what: &str) {
    for (path, text) in files {
        assert!(path.chars().all(|c| c.is_ascii_alphanumeric() || "/_.".contains(c)) && !path.contains(".."), "{path}");
        if path == "Cargo.toml" {
            continue;
        }
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{what}: {path} is no Rust: {error}"));
        assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{2028}', '\u{0}', '\u{1b}']), "{what}: {path} hides something");
        Canaries(path).visit_file(&file);
    }
}

#[test]
fn no_text_becomes_code() {
    for text in TEXTS {
        let files = files_of(document_with(text).to_string()).unwrap_or_else(|| panic!("{text:?} makes no document unreadable"));
        assert!(files.len() > 5, "{text:?}: {:?}", files.keys());
        check(&files, text);
    }
    // Words that mean something to Rust, where names come from them.
    for word in [
        "self",
        "Self",
        "crate",
        "super",
        "_",
        "fn",
        "async",
        "gen",
        "try",
        "Option",
        "String",
        "Vec",
        "Result",
        "Box",
        "Some",
        "Ok",
        "Default",
        "serde",
        "std",
        "core",
        "wireproof_runtime",
        "mod",
        "lib",
        "main",
        "con",
        "nul",
        "API",
        "types",
        "operations",
        "",
    ] {
        let files = files_of(document_with(word).to_string()).unwrap();
        check(&files, word);
    }
}

#[test]
fn texts_and_lists_of_any_length_are_borne() {
    let long = "long \"words\" */ ".repeat(70_000);
    let document = json!({
        "openapi": "3.1.0", "info": {"title": long, "version": "1", "description": long},
        "paths": {"/": {"get": {"operationId": long, "summary": long, "responses": {"200": {"description": long}}}}},
        "components": {"schemas": {long.as_str(): {
            "type": "object", "title": long, "description": long, "required": [long],
            "properties": {long.as_str(): {"type": "string", "pattern": long, "default": long}, "e": {"enum": [long, "other"]}}
        }}}
    });
    let files = files_of(document.to_string()).unwrap();
    assert!(files.keys().all(|path| path.split('/').all(|step| step.len() <= 255)), "{:?}", files.keys());
    check(&files, "long texts");
    // Looking each value up among all others would take a minute.
    let values: Vec<String> = (0..20_000).map(|number| "!?".repeat(number % 7) + &number.to_string()).collect();
    let both = json!({"allOf": [{"enum": values}, {"enum": values}]});
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {"schemas": {"E": both}}});
    let files = files_of(document.to_string()).unwrap();
    assert_eq!(files["src/types/e.rs"].matches("/// `").count(), 20_000, "no value is lost");
}

#[test]
fn names_that_all_come_to_the_same_words_are_told_apart_soon() {
    // Trying each number in turn for each of them would take minutes.
    let names: Vec<String> = (0..16_000_u32).map(|number| format!("{number:014b}").replace('0', " ").replace('1', ".") + "a").collect();
    let properties: Map<String, Value> = names.iter().map(|name| (name.clone(), json!({"type": "string"}))).collect();
    let schemas: Map<String, Value> = names.iter().take(2_000).map(|name| (name.clone(), json!({"type": "object"}))).collect();
    let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {"schemas": {
        "Wide": {"type": "object", "properties": properties}, "Deep": {"type": "object", "properties": schemas.clone()}
    }}, "x-rest": schemas});
    let files = files_of(document.to_string()).unwrap();
    let wide = &files["src/types/wide.rs"];
    assert!(wide.contains("pub a_16000:"), "the last of them has its name: {}", &wide[..2_000]);
}

#[test]
fn references_and_nesting_do_not_multiply() {
    // Each level refers to the next one twice, in every way that composes: 2^60 paths, 60 schemas.
    for (keyword, list) in [("allOf", true), ("anyOf", true), ("oneOf", true), ("properties", false)] {
        let level = |number: usize| {
            let next = json!({"$ref": format!("#/components/schemas/L{}", number + 1)});
            if list {
                json!({keyword: [next, next, {"type": "object"}]})
            } else {
                json!({"type": "object", keyword: {"a": next, "b": next}})
            }
        };
        let mut schemas: Map<String, Value> = (0..60).map(|number| (format!("L{number}"), level(number))).collect();
        schemas.insert("L60".to_owned(), json!({"type": "object", "properties": {"x": {"type": "string"}}}));
        let document = json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {"schemas": schemas}});
        check(&files_of(document.to_string()).unwrap(), keyword);
    }
    // The deepest nesting that is read, of every kind.
    for (open, close) in
        [("{\"not\":", "}"), ("{\"items\":", "}"), ("{\"properties\":{\"a\":", "}}"), ("{\"allOf\":[", "]}"), ("{\"anyOf\":[{},", "]}")]
    {
        let schema = format!("{}true{}", open.repeat(120), close.repeat(120));
        let document = format!(
            "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \"components\": {{\"schemas\": {{\"A\": {schema}}}}}}}"
        );
        // `syn` recurses into what is nested, and tests have small stacks.
        let work = move || check(&files_of(document).unwrap(), open);
        std::thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
    }
    // Nesting beyond that is refused, in both formats.
    for text in [format!("{{\"openapi\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000)), format!("openapi: {}1", "- ".repeat(10_000))] {
        assert!(files_of(text).is_none());
    }
}
