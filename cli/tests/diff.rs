//! `diff`: its formats and exit codes, documents of Git revisions, and what recordings say.

mod support;

use std::process::Command;

use serde_json::json;
use support::{PETS, Repository, har};

/// The pets with another type of age, and a name that need not be there.
fn changed() -> Repository {
    let repository = Repository::new();
    repository.write("old.yaml", PETS);
    repository
        .write("new.yaml", &PETS.replace("age: {type: integer}", "age: {type: string}").replace("required: [name]", "required: [age]"));
    repository
}

#[test]
fn what_breaks_is_told_with_places_and_a_witness() {
    let repository = changed();
    let done = repository.run(&["diff", "old.yaml", "new.yaml"]).expect(1);
    done.prints("breaking[type-changed]: `type` is `string`, was `integer` (response)\n  in  getPet\n  old old.yaml:25:15 (/components/schemas/Pet/properties/age/type)\n  new new.yaml:25:15 (/components/schemas/Pet/properties/age/type)\n")
        .prints("may come now, and could not before: {")
        .prints("2 breaking changes, 0 unknown, 1 compatible\n")
        .prints("the generated crate: major");
    let report = repository.run(&["diff", "old.yaml", "new.yaml", "--format", "json"]).expect(1).json();
    assert_eq!(report["summary"], json!({"breaking": 2, "unknown": 0, "compatible": 1, "semver": "major"}));
    let types =
        report["changes"].as_array().expect("changes").iter().find(|change| change["kind"] == "type-changed").expect("a change of type");
    assert_eq!((&types["on"], &types["class"], &types["new"]["line"]), (&json!("response"), &json!("breaking"), &json!(25)));
    assert_eq!(types["witness"]["instance"], "/age");
    assert!(types["witness"]["value"]["age"].is_string(), "{types}");
    repository.run(&["diff", "old.yaml", "new.yaml", "--format", "markdown"]).expect(1).prints("## breaking").prints("- `type-changed`:");
    repository.run(&["diff", "old.yaml", "old.yaml"]).expect(0).prints("nothing changed in meaning");
}

#[test]
fn what_is_unknown_fails_only_where_it_is_asked_for() {
    let repository = Repository::new();
    repository.write("old.yaml", PETS);
    let parameter = "{name: id, in: path, required: true, schema: {type: string}}";
    repository.write("new.yaml", &PETS.replace(parameter, &parameter.replace("type: string", "type: string, default: a")));
    repository.run(&["diff", "old.yaml", "new.yaml"]).expect(0).prints("0 breaking changes, 1 unknown");
    repository.run(&["diff", "old.yaml", "new.yaml", "--strict"]).expect(1);
    repository.run(&["diff", "old.yaml", "none.yaml"]).expect(2).says("cannot read `none.yaml`");
}

#[test]
fn recordings_that_no_longer_conform_are_listed() {
    let repository = changed();
    let url = "https://pets.example/v1/pets/7";
    let entries = [("GET", url, 200, r#"{"name": "Rex"}"#), ("GET", url, 200, r#"{"name": "Rex", "age": 4}"#), ("GET", url, 404, "")];
    repository.write("contract-tests/recordings/pets/one.har", &har(&entries));
    let done = repository.run(&["diff", "old.yaml", "new.yaml", "--vendor", "pets"]).expect(1);
    done.prints("recordings: 3 of 3 exchanges conform to the old document, 2 of them no longer conform to the new one")
        .prints("one.har entry 0: getPet (violation)\n    body-schema:");
    let report =
        repository.run(&["diff", "old.yaml", "new.yaml", "--recordings", "contract-tests/recordings", "--format", "json"]).expect(1).json();
    assert_eq!(report["recordings"]["conform"], 3);
    assert_eq!(report["recordings"]["lost"][1]["entry"], 1);
    // Nothing breaks but what was recorded: an answer that could come before.
    repository.write("narrow.yaml", &PETS.replace("name: {type: string,", "name: {type: string, maxLength: 2,"));
    repository.run(&["diff", "old.yaml", "narrow.yaml"]).expect(0);
    repository.run(&["diff", "old.yaml", "narrow.yaml", "--vendor", "pets"]).expect(1).prints("2 of them no longer conform");
}

#[test]
fn documents_come_from_git_revisions() {
    let repository = Repository::new();
    let git = |arguments: &[&str]| {
        let base = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"];
        let done =
            Command::new("git").args(base).args(arguments).current_dir(repository.root()).env("GIT_CONFIG_GLOBAL", "/dev/null").output();
        let done = done.expect("git runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    repository.write("specs/pets/parts/pet.yaml", "type: object\nrequired: [name]\nproperties: {name: {type: string}}\n");
    repository.edit("specs/pets/openapi.yaml", "$ref: '#/components/schemas/Pet'", "$ref: 'parts/pet.yaml'");
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "one"]);
    repository.write("specs/pets/parts/pet.yaml", "type: object\nrequired: [name]\nproperties: {name: {type: integer}}\n");
    let done = repository.run(&["diff", "HEAD:specs/pets/openapi.yaml", "specs/pets/openapi.yaml"]).expect(1);
    done.prints("breaking[type-changed]").prints("old HEAD:specs/pets/parts/pet.yaml:3:").prints("new specs/pets/parts/pet.yaml:3:");
    repository.run_in("specs", &["diff", "HEAD:./pets/openapi.yaml", "pets/openapi.yaml"]).expect(1).prints("breaking[type-changed]");
    // Nothing that is given becomes an option or leaves the repository.
    for hostile in ["--output=x:specs/pets/openapi.yaml", "-p:x", ":x", "HEAD:", "HEAD:../x", "nowhere:specs/pets/openapi.yaml"] {
        repository.run(&["diff", "--", hostile, "specs/pets/openapi.yaml"]).expect(2).says("error");
    }
    assert!(!repository.exists("x"));
}
