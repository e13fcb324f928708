//! `validate --accept` and `verify --accept`: what is written, what it accepts from then on, and what it refuses.

mod support;

use support::{Repository, har};

const TODAY: [&str; 2] = ["--today", "2026-11-21"];

/// A repository whose recordings drift and break the contract.
fn drifting() -> Repository {
    let repository = Repository::new();
    let calls = [
        ("GET", "https://pets.example/v1/pets/1", 418, ""),
        ("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":7,"colour":"red"}"#),
        ("GET", "https://pets.example/v1/pets/2", 200, r#"{"name":8,"colour":"red"}"#),
    ];
    repository.write("contract-tests/recordings/pets/calls.har", &har(&calls));
    repository.write("specs/pets/known-drift.toml", "# Ours: keep this line.\n");
    repository.run(&["generate"]).expect(0);
    repository
}

fn accept(more: &[&str]) -> Vec<String> {
    let call = ["validate", "--vendor", "pets", "contract-tests/recordings", "--accept"];
    call.iter().chain(&TODAY).chain(more).map(|argument| (*argument).to_owned()).collect()
}

#[track_caller]
fn run(repository: &Repository, arguments: &[String], code: u8) -> support::Done {
    repository.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).expect(code)
}

#[test]
fn what_is_accepted_holds_until_its_day_once_somebody_says_why() {
    let repository = drifting();
    run(&repository, &accept(&[]), 0).says("accepted until 2027-02-19: 3 entries added to `specs/pets/known-drift.toml`");
    let file = repository.read("specs/pets/known-drift.toml");
    assert!(file.starts_with("# Ours: keep this line.\n"), "{file}");
    assert_eq!(file.matches("reason = \"\"").count(), 3, "{file}");

    let recordings = ["validate", "--vendor", "pets", "contract-tests/recordings", "--today", "2026-11-21"];
    repository.run(&recordings).expect(0).says("known drift without a `reason`, which `verify` will refuse");
    let verify = ["verify", "pets", "--today", "2026-11-21"];
    repository.run(&verify).expect(1).prints("has no `reason` yet");
    repository.edit("specs/pets/known-drift.toml", "reason = \"\"", "reason = \"told them on Monday\"");
    repository.run(&verify).expect(0);
    repository.run(&["verify", "pets", "--today", "2027-02-20"]).expect(1).prints("expired on 2027-02-19");

    // Nothing is left to accept, and the file stays as it is.
    let before = repository.read("specs/pets/known-drift.toml");
    run(&repository, &accept(&[]), 0).says("there was nothing to accept");
    assert_eq!(repository.read("specs/pets/known-drift.toml"), before);
}

#[test]
fn an_expired_entry_is_renewed_with_its_reason() {
    let repository = drifting();
    run(&repository, &accept(&["--expires", "2026-12-01"]), 0);
    repository.edit("specs/pets/known-drift.toml", "reason = \"\"", "reason = \"told them\"");
    let before = repository.read("specs/pets/known-drift.toml");
    let later = ["validate", "--vendor", "pets", "contract-tests/recordings", "--accept", "--today", "2026-12-02"];
    repository.run(&later).expect(0).says("0 entries added to `specs/pets/known-drift.toml`, 3 expired entries renewed");
    assert_eq!(repository.read("specs/pets/known-drift.toml"), before.replace("2026-12-01", "2027-03-02"));
}

#[test]
fn a_single_document_names_its_file() {
    let repository = drifting();
    let call = ["validate", "--spec", "specs/pets/openapi.yaml", "contract-tests/recordings", "--today", "2026-11-21"];
    let with = |more: &[&'static str]| call.iter().chain(more).copied().collect::<Vec<_>>();
    repository.run(&with(&["--accept"])).expect(2).says("`--accept` has no file to write to");
    repository.run(&with(&["--drift", "mine.toml"])).expect(2).says("cannot read `mine.toml`");
    repository.run(&with(&["--drift", "mine.toml", "--accept"])).expect(0).says("3 entries added to `mine.toml`");
    repository.run(&with(&["--drift", "mine.toml"])).expect(0);
    repository.run(&call).expect(1);
}

#[test]
fn what_no_entry_can_accept_still_fails() {
    let repository = drifting();
    repository.write("lost.har", &har(&[("GET", "https://pets.example/v1/nowhere", 200, "")]));
    repository
        .run(&["validate", "--vendor", "pets", "lost.har", "--accept"])
        .expect(1)
        .says("1 exchange of no operation cannot be accepted");
    repository.write("cut.har", "{\"log\"");
    let before = repository.read("specs/pets/known-drift.toml");
    let call = ["validate", "--vendor", "pets", "contract-tests/recordings", "cut.har", "--accept"];
    repository.run(&call).expect(2);
    assert_eq!(repository.read("specs/pets/known-drift.toml"), before, "a run that could not read everything accepts nothing");
    run(&repository, &accept(&["--expires", "2026-11-20"]), 2).says("`--expires 2026-11-20` is over");
}

#[test]
fn verify_accepts_what_only_it_looks_at() {
    let repository = Repository::new();
    repository.edit("specs/pets/openapi.yaml", "example: {name: Rex}", "example: {name: Rex, colour: red}");
    repository.run(&["generate"]).expect(0);
    let verify = ["verify", "pets", "--today", "2026-11-21"];
    let accept = [&verify[..], &["--accept", "--expires", "2026-12-01"]].concat();
    repository.run(&verify).expect(1).prints("examples");
    repository.run(&accept).expect(1).says("accepted until 2026-12-01: 1 entry added to `specs/pets/known-drift.toml`");
    repository.run(&verify).expect(1).prints("has no `reason` yet");
    repository.edit("specs/pets/known-drift.toml", "reason = \"\"", "reason = \"the example is theirs\"");
    repository.run(&verify).expect(0);
}
