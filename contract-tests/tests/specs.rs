//! `specs/` is what was captured: a vendor's own document is the block inside its page, every file has the digest that its SOURCE.md gives,
//! and what was written by hand says of each part how far it is known.

mod support;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use wireproof_openapi::{Document, Pointer, Source};

use support::{Vendor, root};

/// The vendors whose documents are their own, or else those whose documents are written by hand.
fn vendors(own: bool) -> Vec<Vendor> {
    let found: Vec<Vendor> = Vendor::all().expect("the vendors").into_iter().filter(|vendor| vendor.pages.is_empty() != own).collect();
    assert!(!found.is_empty(), "there are vendors of both kinds");
    found
}

#[test]
fn a_vendors_own_document_is_the_block_of_its_page() {
    for vendor in vendors(true) {
        let document = Vendor::read(&vendor.spec).expect("a document");
        for page in &vendor.pages {
            let text = Vendor::read(page).expect("a page");
            let block = openapi_block(&text).unwrap_or_else(|| panic!("`{page}` embeds no document"));
            assert!(block == document, "`{}` is not, byte for byte, what `{page}` embeds: copy the block again", vendor.spec);
        }
    }
}

/// What stands between the two fence lines after the heading "OpenAPI".
fn openapi_block(page: &str) -> Option<&str> {
    let (_, section) = page.split_once("\n## OpenAPI\n")?;
    let opening = section.lines().find(|line| line.starts_with("```"))?;
    let fence = opening.split(|character| character != '`').next()?;
    let (_, block) = section.split_once(&format!("{opening}\n"))?;
    // The line break before the closing fence is the end of the block's last line.
    let end = block.find(&format!("\n{fence}"))? + 1;
    block.get(..end)
}

#[test]
fn a_block_is_taken_between_its_fences() {
    let page = |fence: &str| format!("# A\n```yaml\nno: 1\n```\n\n## OpenAPI\n\n{fence}yaml get /a\na: 1\nb: '``'\n\n{fence}\nmore\n");
    assert_eq!(openapi_block(&page("```")), Some("a: 1\nb: '``'\n\n"));
    assert_eq!(openapi_block(&page("````")), Some("a: 1\nb: '``'\n\n"));
    assert_eq!(openapi_block("# A\n\n## OpenAPI\n\nnone\n"), None);
}

#[test]
fn every_file_has_the_digest_that_its_source_says() {
    for vendor in Vendor::all().expect("the vendors") {
        let folder = vendor.spec.trim_end_matches("openapi.yaml");
        let source = Vendor::read(&format!("{folder}SOURCE.md")).expect("a SOURCE.md");
        let listed: Vec<(&str, &str)> = source.lines().filter_map(digest_row).collect();
        assert!(listed.iter().any(|(file, _)| *file == "openapi.yaml"), "{folder}SOURCE.md gives the digest of the document");
        for (file, digest) in listed {
            let bytes = std::fs::read(root().join(folder).join(file)).unwrap_or_else(|error| panic!("{folder}{file}: {error}"));
            let found: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found.concat(), digest, "{folder}{file} is not what SOURCE.md describes: if it was captured again, say so there");
        }
    }
}

/// The name and the digest in a row such as ``| `openapi.yaml` | `a2a6...` |``.
fn digest_row(line: &str) -> Option<(&str, &str)> {
    let mut cells = line.split('|').skip(1).map(|cell| cell.trim().trim_matches('`'));
    let (file, digest) = (cells.next()?, cells.next()?);
    let is_digest = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then_some((file, digest))
}

#[test]
fn every_document_loads_without_diagnostics() {
    for vendor in Vendor::all().expect("the vendors") {
        let document = vendor.document().expect("a document");
        let told: Vec<String> = document.diagnostics().iter().map(ToString::to_string).collect();
        assert_eq!(told, Vec::<String>::new(), "{}", vendor.spec);
        assert!(!document.operations().is_empty(), "{}", vendor.spec);
    }
}

/// What a part of a document is, as far as it decides where its parts are.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// Objects that carry no mark themselves: paths, operations, media types, lists and maps of parts.
    Between,
    Schema,
    Parameter,
    Header,
    Response,
    SecurityScheme,
}

impl Part {
    /// What the member `key` of this part holds: a list or map of parts, or one part. `None` where there are no parts in it.
    fn member(self, key: &str) -> Option<(Self, bool)> {
        const MANY: bool = true;
        Some(match (self, key) {
            (Self::Between, "schemas") | (Self::Schema, "properties" | "anyOf" | "oneOf" | "allOf") => (Self::Schema, MANY),
            (Self::Between | Self::Parameter | Self::Header, "schema") | (Self::Schema, "items" | "additionalProperties" | "not") => {
                (Self::Schema, !MANY)
            }
            (Self::Between, "parameters") => (Self::Parameter, MANY),
            (Self::Between | Self::Response, "headers") => (Self::Header, MANY),
            (Self::Between, "responses") => (Self::Response, MANY),
            (Self::Between, "securitySchemes") => (Self::SecurityScheme, MANY),
            (_, "content") => (Self::Between, MANY),
            (Self::Between, key) if !key.starts_with("example") => (Self::Between, !MANY),
            _ => return None,
        })
    }
}

/// The parts at and below `pointer` that must carry a mark and do not, and how many do.
fn unmarked(document: &Document, pointer: &Pointer, part: Part, found: &mut Vec<Pointer>) -> usize {
    let members = |pointer: &Pointer| document.get(pointer).and_then(Value::as_object);
    let Some(object) = members(pointer).filter(|object| !object.contains_key("$ref")) else { return 0 };
    let mark = object.get("x-evidence").and_then(Value::as_str);
    let marked = mark.is_some_and(|mark| ["documented", "example", "assumed"].contains(&mark));
    if !marked && part != Part::Between {
        found.push(pointer.clone());
    }
    // What lets null in is not written in the document; the mark stands on it, and the parts are those of what it wraps.
    let wrapped = object.contains_key("x-wireproof-nullable").then(|| pointer.join("anyOf").index(0));
    let pointer = wrapped.as_ref().unwrap_or(pointer);
    let mut count = usize::from(marked);
    for key in members(pointer).into_iter().flat_map(Map::keys) {
        let place = pointer.join(key);
        count += match part.member(key) {
            Some((inner, false)) => unmarked(document, &place, inner, found),
            Some((inner, true)) => items(document, &place).iter().map(|item| unmarked(document, item, inner, found)).sum(),
            None => 0,
        };
    }
    count
}

fn items(document: &Document, pointer: &Pointer) -> Vec<Pointer> {
    match document.get(pointer) {
        Some(Value::Array(list)) => (0..list.len()).map(|index| pointer.index(index)).collect(),
        Some(Value::Object(map)) => map.keys().map(|key| pointer.join(key)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_part_of_a_document_by_hand_says_how_far_it_is_known() {
    for vendor in vendors(false) {
        let document = vendor.document().expect("a document");
        let mut found = Vec::new();
        let count = unmarked(&document, &Pointer::root(), Part::Between, &mut found);
        let found: Vec<String> = found.iter().map(|pointer| document.position(pointer).to_string()).collect();
        assert_eq!(found, Vec::<String>::new(), "give these `x-evidence: documented | example | assumed`");
        assert!(count > 20, "{} has {count} marks: the walk misses most of it", vendor.spec);
    }
}

#[test]
fn a_part_without_a_mark_is_found() {
    let text = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    parameters: [{name: p, in: query, schema: {type: string, x-evidence: example}}]
    get:
      responses:
        '200':
          description: d
          x-evidence: guessed
          headers: {H: {x-evidence: example, schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/S'}, example: {schema: {}}}}
components:
  schemas:
    S:
      type: object
      x-evidence: assumed
      properties:
        a: {type: string, nullable: true}
        b: {type: array, x-evidence: example, items: {}}
        c: {nullable: true, x-evidence: example, allOf: [{$ref: '#/components/schemas/S'}, {type: object}]}
  securitySchemes: {K: {type: http, scheme: bearer}}
";
    let document = Document::parse(Source::new("a.yaml", text)).expect("a document");
    let mut found = Vec::new();
    assert_eq!(unmarked(&document, &Pointer::root(), Part::Between, &mut found), 5);
    let found: Vec<String> = found.iter().map(|pointer| document.written(pointer).as_str().to_owned()).collect();
    assert_eq!(
        found,
        [
            "/paths/~1a/parameters/0",
            "/paths/~1a/get/responses/200",
            "/paths/~1a/get/responses/200/headers/H/schema",
            "/components/schemas/S/properties/a",
            "/components/schemas/S/properties/b/items",
            "/components/schemas/S/properties/c/allOf/1",
            "/components/securitySchemes/K",
        ]
    );
}
