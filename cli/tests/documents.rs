//! `overlay`, `import` and `draft`: what they write, what they refuse, and that overlays are applied wherever a vendor's document is read.

mod support;

use support::{PETS, Repository, har};

const OVERLAY: &str = "overlay: 1.1.0\ninfo: {title: Ours, version: '1'}\nactions:\n- target: $.components.schemas.Pet.properties\n  update: {colour: {type: string}}\n";

#[test]
fn a_vendors_overlay_is_applied_wherever_its_document_is_read() {
    let repository = Repository::new();
    repository.write(
        "contract-tests/recordings/pets/a.har",
        &har(&[("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":"Rex","colour":"red"}"#)]),
    );
    repository.run(&["generate"]).expect(0);
    let call = ["validate", "--vendor", "pets", "contract-tests/recordings/pets/a.har"];
    repository.run(&call).expect(1).prints("undocumented-field");
    repository.write("specs/pets/overlay.yaml", OVERLAY);
    repository.run(&call).expect(0);
    let done = repository.run(&["verify", "pets", "--today", "2026-11-21"]).expect(1);
    assert!(done.out.contains("`specs/pets/openapi.yaml` with `overlay.yaml` reads"), "{}", done.out);
    repository.run(&["generate", "pets"]).expect(0);
    assert!(repository.read("generated/src/pets/types/pet.rs").contains("colour"));
    repository.run(&["verify", "pets", "--today", "2026-11-21"]).expect(0);

    // An action that has become needless, or never did anything, is no correction.
    repository.write("specs/pets/overlay.yaml", &OVERLAY.replace("schemas.Pet", "schemas.Cat"));
    repository.run(&["generate", "pets"]).expect(2).says("the action matches nothing in the document at specs/pets/overlay.yaml:4:3");
}

#[test]
fn an_overlay_is_tried_on_any_document() {
    let repository = Repository::new();
    repository.write("o.yaml", OVERLAY);
    repository.run(&["overlay", "apply", "specs/pets/openapi.yaml", "o.yaml"]).expect(0).prints("        colour:\n          type: string");
    repository.run(&["overlay", "apply", "o.yaml", "specs/pets/openapi.yaml"]).expect(2).says("this is no OpenAPI Overlay");
}

#[test]
fn drift_that_was_accepted_becomes_an_overlay_that_settles_it() {
    let repository = Repository::new();
    repository.write(
        "contract-tests/recordings/pets/a.har",
        &har(&[("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":"Rex","legs":4}"#)]),
    );
    repository.write(
        "specs/pets/known-drift.toml",
        "[[drift]]\nrule = \"undocumented-field\"\noperation = \"getPet\"\nreason = \"seen\"\nexpires = 9999-12-31\n",
    );
    repository
        .run(&["overlay", "suggest", "pets", "--output", "specs/pets/overlay.yaml"])
        .expect(0)
        .says("1 finding of known drift make 1 action");
    let text = repository.read("specs/pets/overlay.yaml");
    assert!(text.contains("target: $.components.schemas.Pet\n") && text.contains("legs:\n          type: integer"), "{text}");
    repository.write("specs/pets/known-drift.toml", "");
    repository.run(&["validate", "--vendor", "pets", "contract-tests/recordings/pets/a.har"]).expect(0);
}

#[test]
fn pages_become_a_document_byte_for_byte_and_a_recording() {
    let repository = Repository::new();
    let page = format!(
        "# A pet\n\n## Response\n\n```json\n{{\"name\": \"Rex\"}}\n```\n\n### None (404)\n\n```json\n{{}}\n```\n\n````yaml GET /pets/{{id}}\n{PETS}````\n"
    );
    repository.write("page.md", &page);
    repository.run(&["import", "page.md", "--into", "made"]).expect(0).says("2 examples of the pages' prose");
    assert_eq!(repository.read("made/openapi.yaml"), PETS);
    let recording = repository.read("made/documented.har");
    assert!(
        recording.contains("\"comment\": \"page.md:6; the page names no status\"") && recording.contains("\"status\": 404"),
        "{recording}"
    );
    assert_eq!(repository.run(&["import", "page.md"]).expect(0).out, PETS);

    // What people may have changed is not written over.
    repository.write("made/openapi.yaml", "ours");
    repository.run(&["import", "page.md", "--into", "made"]).expect(2).says("`made/openapi.yaml` is there already, and differs");
    assert_eq!(repository.read("made/openapi.yaml"), "ours");
    repository.run(&["import", "page.md", "--into", "made", "--replace"]).expect(0);
    assert_eq!(repository.read("made/openapi.yaml"), PETS);
}

#[test]
fn pages_that_contradict_each_other_make_nothing() {
    let repository = Repository::new();
    repository.write("a.md", &format!("```yaml\n{PETS}```\n"));
    repository.write("b.md", &format!("# B\n\n```yaml\n{}```\n", PETS.replace("the pet", "thy pet")));
    let done = repository.run(&["import", "a.md", "b.md", "--into", "made"]).expect(1);
    assert!(done.err.contains("is `the pet` at a.md:13:11 and `thy pet` at b.md:15:11"), "{}", done.err);
    repository.write("c.md", "---\nopenapi: GET /pets\n---\n\n# C\n");
    repository.run(&["import", "c.md", "--into", "made"]).expect(2).says("no OpenAPI document is embedded in `c.md`");
    assert!(!repository.path("made").exists());
}

#[test]
fn fragments_come_as_files_too_and_what_is_wrong_has_its_place_on_the_page() {
    let repository = Repository::new();
    let (head, pet) = PETS.split_once("components:").expect("components");
    repository.write("a.yaml", head);
    assert_eq!(repository.run(&["import", "a.yaml"]).expect(0).out, head);
    let (before, _) = head.split_once("paths:").expect("paths");
    repository.write("b.md", &format!("# B\n\n```yaml\n{before}paths: {{}}\ncomponents:{pet}```\n"));
    let done = repository.run(&["import", "a.yaml", "b.md"]).expect(0).says("made of 2 fragments");
    assert!(done.out.contains("    Pet:\n"), "{}", done.out);
    repository.write("old.md", "# Old\n\n```yaml\nopenapi: '2.0'\npaths: {}\n```\n");
    repository.run(&["import", "old.md"]).expect(2).says("old.md:4:1");
    repository.write("old.json", "{\"swagger\": \"2.0\", \"paths\": {}}");
    repository.run(&["import", "old.json"]).expect(2).says("Swagger 2.0 is not read").says("old.json:1:2");
    repository.run(&["draft", "a.yaml"]).expect(2).says("`a.yaml` is a document itself");
    repository.write("nothing.md", "# Nothing\n\nJust words.\n");
    repository.run(&["draft", "nothing.md"]).expect(2).says("nothing can be drafted of `nothing.md`: no operation is named");
}

#[test]
fn what_a_page_says_otherwise_breaks_verify_until_it_is_listed() {
    let repository = Repository::new();
    repository.write(
        "specs/pets/page.md",
        "# A pet\n\nGET /pets/:id\n\n## Response\n\n```json\n{\"name\": \"Rex\", \"age\": 3, \"paws\": 4}\n```\n",
    );
    repository.run(&["generate"]).expect(0);
    let call = ["verify", "pets", "--today", "2026-11-21"];
    repository
        .run(&call)
        .expect(1)
        .prints("✗ prose        1 of 1 part of `page.md` say otherwise than the document".replace(" say ", " says ").as_str());
    repository.write(
        "specs/pets/known-drift.toml",
        "[[drift]]\nrule = \"undocumented-field\"\noperation = \"getPet\"\ninstance = \"/paws\"\nreason = \"seen\"\nexpires = 2027-05-31\n",
    );
    repository.run(&call).expect(0).prints("~ prose        1 part of `page.md` agrees with the document, 1 finding of known drift");
}

#[test]
fn drafts_come_from_recordings_and_from_pages() {
    let repository = Repository::new();
    repository.write(
        "a.har",
        &har(&[("GET", "https://h.example/pets/17", 200, r#"{"name":"Rex"}"#), ("GET", "https://h.example/pets/18", 404, "")]),
    );
    let done = repository.run(&["draft", "--from", "a.har", "--title", "Pets"]).expect(0).says("2 of 2 exchanges are valid by the draft");
    assert!(done.out.contains("  /pets/{id}:\n    get:\n      operationId: getPet\n") && done.out.contains("title: Pets"), "{}", done.out);
    repository.write("page.md", "# A pet\n\nDELETE /pets/:id\n\n## Response\n\n```json\n{\"gone\": true}\n```\n");
    repository.run(&["draft", "page.md"]).expect(0).prints("operationId: deletePet").says("missing: no page names a host");
    repository.run(&["draft", "specs/pets/none.md"]).expect(2).says("cannot read `specs/pets/none.md`");
    repository.write("embeds.md", &format!("```yaml\n{PETS}```\n"));
    repository.run(&["draft", "embeds.md"]).expect(2).says("`embeds.md` embeds an OpenAPI document");
}
