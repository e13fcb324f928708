//! `generate`: what it writes, what it leaves alone, and how it tells that something is stale.

mod support;

use std::fs;

use support::{PETS, Repository};

#[test]
fn fresh_is_0_and_anything_else_is_1_with_a_diff_and_the_command() {
    let repository = Repository::new();
    repository.run(&["generate", "--check"]).expect(1).says("run `wireproof generate`").prints("+++ b/generated/src/pets/mod.rs");
    assert!(!repository.exists("generated"), "a check writes nothing");
    let done = repository.run(&["generate"]).expect(0).says("pets: ").says("shops: ");
    assert_eq!(done.out, "");
    repository.run(&["generate", "--check"]).expect(0).says("`generated` is fresh");

    // Stale: the document changed. Only its vendor has to be generated again.
    repository.edit("specs/pets/openapi.yaml", "operationId: getPet", "operationId: fetchPet");
    let stale = repository.run(&["generate", "--check"]).expect(1).says("generated code is stale: run `wireproof generate pets`");
    assert!(stale.out.contains("--- a/generated/src/pets/") && stale.out.contains("\n@@ "), "{}", stale.out);
    repository.run(&["generate", "pets"]).expect(0);
    repository.run(&["generate", "--check"]).expect(0);

    // Missing, and hand-edited.
    let lost = repository.files("generated/src/shops").first().expect("there is a file").clone();
    fs::remove_file(repository.path(&lost)).expect("it was there");
    repository.run(&["generate", "--check"]).expect(1).says(&format!("`{lost}` is missing: run `wireproof generate shops`"));
    repository.run(&["generate"]).expect(0);
    repository.edit("generated/src/lib.rs", "\n", "\n// an edit\n");
    repository.run(&["generate", "--check"]).expect(1).says("`generated/src/lib.rs` is stale").prints("-// an edit");
    repository.run(&["generate"]).expect(0);

    // Extra: ours goes away, a user's own stays and is told.
    let header = repository.read("generated/src/lib.rs").lines().next().expect("a header").to_owned();
    repository.write("generated/src/pets/old.rs", &format!("{header}\n"));
    repository.write("generated/src/mine.rs", "// mine\n");
    let extra = repository.run(&["generate", "--check"]).expect(1);
    assert!(extra.err.contains("`generated/src/pets/old.rs` is no longer made"), "{}", extra.err);
    assert!(extra.err.contains("`generated/src/mine.rs` was not made by Wireproof"), "{}", extra.err);
    repository.run(&["generate"]).expect(0).says("`generated/src/mine.rs` was not made by Wireproof and stays as it is");
    assert!(!repository.exists("generated/src/pets/old.rs") && repository.exists("generated/src/mine.rs"));
}

#[test]
fn one_vendor_leaves_the_files_of_others_alone() {
    let repository = Repository::new();
    repository.run(&["generate", "pets"]).expect(0);
    assert!(!repository.exists("generated/src/shops"), "only the named vendor is written");
    let alone = repository.read("generated/src/lib.rs");
    assert!(alone.contains("pets") && !alone.contains("shops"), "the package lists what it holds:\n{alone}");
    repository.run(&["generate"]).expect(0);
    repository.edit("specs/shops/openapi.yaml", "openShop", "unlockShop");
    let before = repository.files("generated").into_iter().map(|path| repository.read(&path)).collect::<Vec<_>>();
    repository.run(&["generate", "pets"]).expect(0);
    let after = repository.files("generated").into_iter().map(|path| repository.read(&path)).collect::<Vec<_>>();
    assert_eq!(before, after, "the other vendor stays stale");
    repository.run(&["generate", "--check", "pets"]).expect(0);
    repository.run(&["generate", "--check", "shops"]).expect(1);
}

#[test]
fn a_second_run_touches_nothing() {
    let repository = Repository::new();
    repository.run(&["generate"]).expect(0);
    let times = || {
        let files = repository.files("generated");
        files.iter().map(|path| fs::metadata(repository.path(path)).and_then(|data| data.modified()).expect("a time")).collect::<Vec<_>>()
    };
    let before = times();
    let done = repository.run(&["generate", "--format", "json"]).expect(0).json();
    assert_eq!(times(), before);
    assert_eq!(done["files"]["changed"], serde_json::json!([]));
    assert_eq!(done["files"]["unchanged"], before.len());
}

/// Something that happens to a repository between two runs.
type Edit = fn(&Repository);

#[test]
fn an_unchanged_document_is_not_generated_again_and_any_edit_is_noticed() {
    let repository = Repository::new();
    repository.write("specs/pets/openapi.yaml", &PETS.replace("type: integer", "$ref: 'parts.yaml#/Age'"));
    repository.write("specs/pets/parts.yaml", "Age: {type: intager}\n");
    fs::create_dir(repository.path("target")).expect("cargo's build folder");
    let first = repository.run(&["generate", "--format", "json"]).expect(0).says("warning[");
    let state = |repository: &Repository| repository.read("target/wireproof/generate.json");
    let before = state(&repository);

    // Nothing to do: all is told as before, diagnostics included, and nothing is written, the record of it neither.
    let time = || fs::metadata(repository.path("target/wireproof/generate.json")).and_then(|data| data.modified()).expect("a time");
    let written = time();
    let second = repository.run(&["generate", "--format", "json"]).expect(0).says("pets: ").says("; up to date").says("warning[");
    assert_eq!(second.json()["vendors"], first.json()["vendors"]);
    assert_eq!(second.json()["files"]["unchanged"], repository.files("generated").len());
    assert_eq!((state(&repository), time()), (before, written));

    // Whatever changes makes a difference: the document, a file that it refers to, a generated file, a missing one, one too many.
    let file = "generated/src/pets/types/pet.rs";
    let good = repository.read(file);
    let rounds: [(&str, Edit); 5] = [
        ("a part", |repository| repository.write("specs/pets/parts.yaml", "Age: {type: string}\n")),
        ("the document", |repository| repository.edit("specs/pets/openapi.yaml", "What it answers to", "What it listens to")),
        ("an edit", |repository| repository.edit("generated/src/pets/types/pet.rs", "listens", "answers")),
        ("a loss", |repository| fs::remove_file(repository.path("generated/src/pets/types/pet.rs")).expect("it was there")),
        ("one of ours too many", |repository| {
            let header = repository.read("generated/src/lib.rs");
            repository.write("generated/src/pets/old.rs", &header);
        }),
    ];
    for (what, change) in rounds {
        change(&repository);
        let done = repository.run(&["generate"]).expect(0).says("shops: 0 types, 1 operation, no gaps; up to date");
        assert!(!done.err.lines().any(|line| line.starts_with("pets: ") && line.ends_with("up to date")), "{what}: {}", done.err);
        repository.run(&["generate", "--check"]).expect(0);
        repository.run(&["generate"]).expect(0).says("no gaps; up to date");
    }
    assert_ne!(repository.read(file), good, "the part and the document changed what is generated");

    // A check never trusts the record: an edit that leaves length and time alone is found.
    let (path, metadata) = (repository.path(file), fs::metadata(repository.path(file)).expect("it is there"));
    repository.edit(file, "listens", "answers");
    let handle = fs::File::options().write(true).open(path).expect("it opens");
    handle.set_modified(metadata.modified().expect("a time")).expect("the time is set");
    repository.run(&["generate", "--check"]).expect(1).says("pet.rs` is stale");

    // A record of nonsense is no record.
    repository.write("target/wireproof/generate.json", "nonsense");
    repository.run(&["generate"]).expect(0).says("pets: ");
    repository.run(&["generate", "--check"]).expect(0);
}

#[test]
fn one_vendor_after_another_keeps_the_list_of_all() {
    let repository = Repository::new();
    fs::create_dir(repository.path("target")).expect("cargo's build folder");
    repository.run(&["generate", "shops"]).expect(0);
    repository.run(&["generate", "pets"]).expect(0);
    repository.run(&["generate", "--check"]).expect(0);
    repository.run(&["generate", "pets"]).expect(0).says("up to date");
    repository.run(&["generate", "--check"]).expect(0);
    // A file of the user's in a module is told about every time.
    repository.write("generated/src/pets/mine.rs", "// mine\n");
    for _ in 0..2 {
        repository.run(&["generate"]).expect(0).says("`generated/src/pets/mine.rs` was not made by Wireproof");
    }
}

#[test]
fn a_vendor_that_left_takes_its_files_along() {
    let repository = Repository::new();
    repository.run(&["generate"]).expect(0);
    repository.write("wireproof.toml", "[vendors.shops]\n");
    repository.run(&["generate", "--check"]).expect(1).says("is no longer made");
    repository.run(&["generate"]).expect(0);
    assert!(!repository.exists("generated/src/pets"));
    repository.run(&["generate", "--check"]).expect(0);
}

#[test]
fn another_package_is_never_written_into() {
    let repository = Repository::new();
    repository.write("wireproof.toml", "[generated]\nfolder = \"server\"\n[vendors.pets]\n");
    repository.write("server/Cargo.toml", "[package]\nname = \"server\"\n");
    repository.write("server/src/lib.rs", "// mine");
    repository.run(&["generate"]).expect(2).says("`server/Cargo.toml` was not made by Wireproof");
    assert_eq!(repository.read("server/src/lib.rs"), "// mine");
}

#[test]
fn an_unreadable_document_is_2_and_nothing_is_written() {
    let repository = Repository::new();
    repository.run(&["generate"]).expect(0);
    let before: Vec<String> = repository.files("generated").iter().map(|path| repository.read(path)).collect();
    repository.write("specs/pets/openapi.yaml", "openapi: 3.0.3\ninfo: [\n");
    repository.run(&["generate"]).expect(2).says("error: ").says("specs/pets/openapi.yaml:");
    repository.run(&["generate", "--check"]).expect(2);
    let after: Vec<String> = repository.files("generated").iter().map(|path| repository.read(path)).collect();
    assert_eq!(before, after);

    for text in ["", "[]", "hello", "swagger: '2.0'\n", "{\"openapi\": \"3.0.0\"", "openapi: 3.0.3\nopenapi: 3.0.3\n"] {
        repository.write("broken.yaml", text);
        let done = repository.run(&["generate", "--spec", "broken.yaml", "--out", "out", "--format", "json"]).expect(2).says("broken.yaml");
        assert_eq!(done.out, "", "{text}");
        assert!(!repository.exists("out"), "{text}");
    }
}

#[test]
fn one_document_becomes_one_package() {
    let repository = Repository::new();
    let call = ["generate", "--spec", "specs/pets/openapi.yaml", "--out", "out/pets-client", "--format", "json"];
    let report = repository.run(&call).expect(0).json();
    let manifest: toml::Table = toml::from_str(&repository.read("out/pets-client/Cargo.toml")).expect("a manifest");
    assert_eq!(manifest["package"]["name"].as_str(), Some("pets-client"));
    assert_eq!(report["summary"]["operations"], 1);
    assert_eq!(report["diagnostics"], serde_json::json!([]));
    let listed: Vec<String> = report["files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| format!("out/pets-client/{}", file.as_str().expect("a path")))
        .collect();
    assert_eq!(listed, repository.files("out/pets-client"));
    assert!(listed.contains(&"out/pets-client/src/lib.rs".to_owned()));
    assert_eq!(repository.files("out").len(), listed.len(), "nothing is left beside it");

    // Again into the same folder, and with less in the document: what is no longer made goes away.
    repository.write("specs/pets/openapi.yaml", "openapi: 3.0.3\ninfo: {title: Empty, version: '1'}\npaths: {}\n");
    repository.run(&call).expect(0);
    assert!(repository.files("out/pets-client").len() < listed.len());
}

#[test]
fn repairs_are_warnings_with_a_place_and_still_0() {
    let repository = Repository::new();
    repository.write("spec.yaml", &PETS.replace("required: [name]", "required: true"));
    let done = repository.run(&["generate", "--spec", "spec.yaml", "--out", "out", "--format", "json"]).expect(0);
    let report = done.json();
    let diagnostic = &report["diagnostics"][0];
    for (key, value) in [("severity", "warning".into()), ("file", "spec.yaml".into()), ("line", 22.into())] {
        let value: serde_json::Value = value;
        assert_eq!(diagnostic[key], value, "{diagnostic}");
    }
    let (code, pointer) = (diagnostic["code"].as_str().expect("a code"), diagnostic["pointer"].as_str().expect("a pointer"));
    let line = done.err.lines().find(|line| line.starts_with(&format!("warning[{code}]: "))).expect("a line for people");
    assert!(line.ends_with(&format!(" at spec.yaml:22:{} ({pointer})", diagnostic["column"])), "{line}");
}

#[test]
fn the_folders_of_others_are_refused() {
    let repository = Repository::new();
    repository.write("thesis/chapter.txt", "years of work");
    repository.run(&["generate", "--spec", "specs/pets/openapi.yaml", "--out", "thesis"]).expect(2).says("`chapter.txt`");
    assert_eq!(repository.files("thesis"), ["thesis/chapter.txt"]);
    repository.run(&["generate", "--spec", "specs/pets/openapi.yaml", "--out", "thesis/chapter.txt"]).expect(2).says("it is a file");
    fs::create_dir(repository.path("empty")).expect("a folder");
    repository.run(&["generate", "--spec", "specs/pets/openapi.yaml", "--out", "empty"]).expect(0);
    let runtime = repository.run(&["generate", "--spec", "specs/pets/openapi.yaml", "--out", "other", "--runtime", "specs"]).expect(2);
    assert!(runtime.err.contains("`specs` is not the folder of the package `wireproof-runtime`"), "{}", runtime.err);
    assert!(!repository.exists("other"));
}
