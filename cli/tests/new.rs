//! `init` and `new`: from nothing to a proof, and never over anything that is there.

mod support;

use support::{PETS, Repository, har};

/// A folder with a document in it and nothing else.
fn empty() -> Repository {
    let repository = Repository::new();
    std::fs::remove_file(repository.path("wireproof.toml")).expect("it is there");
    std::fs::remove_dir_all(repository.path("specs")).expect("it is there");
    repository.write("downloads/openapi.yaml", PETS);
    repository
}

#[test]
fn from_nothing_to_a_proof() {
    let repository = empty();
    repository.run(&["init"]).expect(0);
    repository.run(&["verify"]).expect(2).says("names no vendor");
    repository.run(&["new", "pets", "--spec", "downloads/openapi.yaml"]).expect(0).says("pets: 1 operation, added to `wireproof.toml`");
    assert_eq!(repository.read("specs/pets/openapi.yaml"), PETS);
    assert!(repository.read("specs/pets/SOURCE.md").contains("| `openapi.yaml` | `"));
    repository.run(&["verify"]).expect(1).prints("is missing: run `wireproof generate pets`");
    repository.run(&["generate"]).expect(0);
    repository.run(&["verify"]).expect(0).prints("- recordings   there are none");
    let rex = ("GET", "https://pets.example/v1/pets/1", 200, r#"{"name":"Rex"}"#);
    repository.write("contract-tests/recordings/pets/a.har", &har(&[rex]));
    repository.run(&["verify"]).expect(0).prints("1 exchange in 1 recording conforms");
}

#[test]
fn nothing_is_ever_overwritten() {
    let repository = empty();
    repository.run(&["init"]).expect(0);
    repository.run(&["init"]).expect(2).says("`wireproof.toml` is there already");
    repository.write("specs/pets/SOURCE.md", "mine");
    let config = repository.read("wireproof.toml");
    repository.run(&["new", "pets", "--spec", "downloads/openapi.yaml"]).expect(2).says("`specs/pets/SOURCE.md` is there already");
    assert_eq!(repository.files("specs"), ["specs/pets/SOURCE.md"], "nothing is written by halves");
    assert_eq!(repository.read("wireproof.toml"), config);
    repository.run(&["new", "dogs", "--spec", "downloads/openapi.yaml"]).expect(0);
    repository.run(&["new", "dogs", "--spec", "downloads/openapi.yaml"]).expect(2).says("vendor `dogs` is in `wireproof.toml` already");
}

#[test]
fn what_cannot_be_a_vendor_is_refused() {
    let repository = empty();
    repository.run(&["new", "pets", "--spec", "downloads/openapi.yaml"]).expect(2).says("init");
    repository.run(&["init"]).expect(0);
    repository.write("downloads/notes.yaml", "hello: world\n");
    for (name, spec) in
        [("../up", "openapi.yaml"), ("type", "openapi.yaml"), ("Pets", "openapi.yaml"), ("pets", "notes.yaml"), ("pets", "none.yaml")]
    {
        repository.run(&["new", name, "--spec", &format!("downloads/{spec}")]).expect(2);
    }
    assert!(!repository.exists("specs"));
}

#[test]
fn a_document_of_several_files_brings_them_along() {
    let repository = empty();
    repository.run(&["init"]).expect(0);
    let split = PETS.replace("{$ref: '#/components/schemas/Pet'}", "{$ref: 'models/pet.yaml'}");
    repository.write("downloads/openapi.yaml", &split);
    repository.write("downloads/models/pet.yaml", "type: object\nproperties: {name: {type: string}}\n");
    repository.run(&["new", "pets", "--spec", "downloads/openapi.yaml"]).expect(0);
    assert_eq!(
        repository.files("specs"),
        ["specs/pets/SOURCE.md", "specs/pets/known-drift.toml", "specs/pets/models/pet.yaml", "specs/pets/openapi.yaml"]
    );
    repository.run(&["generate"]).expect(0);
    repository.run(&["verify"]).expect(0);
}
