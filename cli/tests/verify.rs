//! `verify`: what holds is told with exit code 0; any one thing that does not, with where and what to do.

mod support;

use support::{PETS, Repository, har};

const DRIFT: &str = "\
[[drift]]
rule = \"status-undocumented\"
operation = \"getPet\"
reason = \"the vendor jokes\"
expires = 2027-05-31
";

/// A repository in which everything holds, one drift being known.
fn sound() -> Repository {
    let repository = Repository::new();
    repository.write("specs/pets/page.md", &format!("# Pets\n\n````yaml GET /pets/{{id}}\n{PETS}````\n"));
    repository.write(
        "contract-tests/recordings/pets/calls.har",
        &har(&[("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":"Rex"}"#), ("GET", "https://pets.example/v1/pets/2", 418, "")]),
    );
    repository.write("specs/pets/known-drift.toml", DRIFT);
    repository.run(&["generate"]).expect(0);
    repository
}

const CALL: [&str; 3] = ["verify", "--today", "2026-11-21"];

#[test]
fn what_holds_is_told_part_by_part() {
    let done = sound().run(&CALL).expect(0);
    for line in [
        "pets  Pets 1.0.0",
        "✓ generated    `generated/src/pets` is what the document makes",
        "✓ document     `specs/pets/openapi.yaml` reads without a remark: 1 operation",
        "✓ pages        `page.md` holds the document byte for byte",
        "✓ examples     1 documented example keeps the document's own schemas",
        "~ recordings   2 exchanges in 1 recording conform, 1 finding of known drift",
        "until 2027-05-31: `status-undocumented` of `getPet`, 1 finding: the vendor jokes",
        "getPet: 200 · never 404",
        "- recordings   there are none",
        "2 vendors hold",
    ] {
        assert!(done.out.contains(line), "expected `{line}` in:\n{}", done.out);
    }
}

#[test]
fn any_one_thing_that_breaks_is_1_with_where_and_what_to_do() {
    #[track_caller]
    fn broken(spoil: impl Fn(&Repository), expected: &[&str]) {
        let repository = sound();
        spoil(&repository);
        let done = repository.run(&CALL).expect(1).prints("1 of 2 vendors does not hold: pets");
        for text in expected {
            assert!(done.out.contains(text), "expected `{text}` in:\n{}", done.out);
        }
    }
    let recording = "contract-tests/recordings/pets/calls.har";
    broken(|repository| repository.edit("specs/pets/openapi.yaml", "the pet", "thy pet"), &["is stale: run `wireproof generate pets`"]);
    broken(
        |repository| repository.edit("specs/pets/openapi.yaml", "the pet", "thy pet"),
        &["`specs/pets/page.md:15` and `specs/pets/openapi.yaml:12` differ"],
    );
    broken(|repository| repository.edit("specs/pets/page.md", "the pet", "thy pet"), &["✗ pages"]);
    broken(
        |repository| {
            let file = repository.files("generated/src/pets").last().expect("a file").clone();
            let text = repository.read(&file);
            repository.write(&file, &format!("{text} "));
        },
        &["✗ generated", "is stale: run `wireproof generate pets`"],
    );
    broken(
        |repository| repository.edit(recording, r#"\"name\""#, r#"\"nam\""#),
        &["✗ recordings   of 2 exchanges in 1 recording, 1 conform, 1 violation", "body-schema", recording, "specs/pets/openapi.yaml:22"],
    );
    broken(
        |repository| repository.edit(recording, "418", "404"),
        &["✗ known drift", "specs/pets/known-drift.toml:1:1 is stale", "remove the entry"],
    );
    broken(
        |repository| repository.edit("specs/pets/known-drift.toml", "2027-05-31", "2026-11-20"),
        &["specs/pets/known-drift.toml:1:1 expired on 2026-11-20"],
    );
    broken(
        |repository| {
            repository.write("specs/pets/page.md", "# no document here");
            repository.edit("specs/pets/openapi.yaml", "example: {name: Rex}", "example: {name: 7}");
            repository.run(&["generate"]).expect(0);
        },
        &["✗ examples     1 of 1 documented example breaks", "`/name` is a number", "specs/pets/openapi.yaml:16:25"],
    );
}

#[test]
fn the_day_decides_what_has_expired() {
    let repository = sound();
    repository.run(&["verify", "--today", "2027-05-31"]).expect(0);
    repository.run(&["verify", "--today", "2027-06-01"]).expect(1).prints("expired on 2027-05-31");
}

#[test]
fn what_cannot_be_read_is_2_and_hides_no_other_vendor() {
    for (path, text) in [
        ("specs/pets/openapi.yaml", "openapi: ["),
        ("specs/pets/known-drift.toml", "[[drift]]\nrule = 1\n"),
        ("contract-tests/recordings/pets/calls.har", "{\"log\""),
    ] {
        let repository = sound();
        repository.write(path, text);
        let done = repository.run(&CALL).expect(2).prints(path);
        assert!(done.out.contains("shops  Shops 2.0.0\n  ✓ generated"), "{}", done.out);
    }
    let repository = sound();
    repository.write("wireproof.toml", "[vendors.pets]\npages = [\"specs/pets/none.md\"]\n");
    repository.run(&CALL).expect(2).prints("cannot read `specs/pets/none.md`");
}

#[test]
fn a_page_that_is_listed_must_hold_the_document() {
    let repository = sound();
    repository.write("wireproof.toml", "[vendors.pets]\npages = [\"specs/pets/page.md\"]\n[vendors.shops]\n");
    repository.run(&CALL).expect(0);
    repository.edit("specs/pets/page.md", "````yaml", "````text");
    repository.run(&CALL).expect(1).prints("`specs/pets/page.md` embeds no OpenAPI document");
}

#[test]
fn the_json_has_the_exchanges_of_all_vendors_and_every_part() {
    let repository = sound();
    let report = repository.run(&["verify", "--today", "2026-11-21", "--format", "json"]).expect(0).json();
    assert_eq!(report["holds"], true);
    assert_eq!(report["summary"]["exchanges"], 3);
    assert_eq!(report["summary"]["violation"], 0);
    assert_eq!(report["exchanges"].as_array().map(Vec::len), Some(3));
    let parts: Vec<&str> =
        report["vendors"][0]["parts"].as_array().expect("a list").iter().filter_map(|part| part["part"].as_str()).collect();
    assert_eq!(parts, ["generated", "document", "lint", "pages", "prose", "examples", "recordings", "types", "known drift", "coverage"]);
    assert_eq!(report["vendors"][0]["parts"][6]["state"], "known");
}

#[cfg(feature = "live")]
#[test]
fn vendors_are_played_probed_and_recorded_where_that_is_asked_for() {
    let repository = sound();
    repository.run(&CALL).expect(0);
    let report = repository.run(&["verify", "--mock", "--today", "2026-11-21", "--format", "json"]).expect(0).json();
    for vendor in report["vendors"].as_array().expect("a list").iter().filter(|vendor| vendor["vendor"].is_string()) {
        let parts = vendor["parts"].as_array().expect("a list");
        assert!(parts.iter().any(|part| part["part"] == "mock" && part["state"] != "broken"), "{vendor}");
    }
}

#[test]
fn one_vendor_can_be_asked_about() {
    let repository = sound();
    repository.edit("specs/shops/openapi.yaml", "done", "gone");
    let done = repository.run(&["verify", "pets", "--today", "2026-11-21"]).expect(0);
    assert!(!done.out.contains("shops"), "{}", done.out);
    repository.run(&["verify", "shops"]).expect(1);
}
