//! Calls: what the command line takes, and how it refuses the rest.

mod support;

use support::Repository;

#[test]
fn every_command_shows_an_example() {
    let repository = Repository::new();
    for command in [&[][..], &["generate"], &["verify"], &["validate"], &["explain"], &["completions"]] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        let done = repository.run(&arguments).expect(0).prints("Examples:").prints(&format!("  wireproof {}", command.join("")));
        assert!(!done.out.contains("{program}"), "{}", done.out);
        assert_eq!(done.err, "");
    }
    repository.run(&["--version"]).expect(0).prints(env!("CARGO_PKG_VERSION"));
}

#[test]
fn a_call_that_cannot_be_used_is_2_with_a_reason() {
    let repository = Repository::new();
    let table: &[(&[&str], &str)] = &[
        (&[], "Usage:"),
        (&["frobnicate"], "unrecognized subcommand 'frobnicate'"),
        (&["verify", "--frobnicate"], "unexpected argument '--frobnicate'"),
        (&["generate", "--spec", "x.yaml"], "--out <DIR>"),
        (&["generate", "--spec", "x.yaml", "--out", "o", "--check"], "cannot be used with"),
        (&["validate"], "<RECORDING>"),
        (&["validate", "--format", "xml", "x.har"], "invalid value 'xml'"),
        (&["generate", "pest"], "error: there is no vendor `pest` in `wireproof.toml`\n  help: did you mean `pets`?"),
        (&["verify", "stripe"], "help: known are `pets`, `shops`"),
        (&["verify", "--today", "2027-13-01"], "error: `2027-13-01` is no date"),
        (&["--config", "none.toml", "verify"], "error: cannot read `none.toml`: there is no such file"),
        (&["explain", "body-shema"], "help: did you mean `body-schema`"),
        (&["validate", "--vendor", "pets", "none.har"], "error: cannot read `none.har`: there is no such file"),
        (&["validate", "--vendor", "pets", "wireproof.toml"], "no recording: it is a text of another kind at wireproof.toml"),
        (&["validate", "--spec", "none.yaml", "x.har"], "error: cannot read `none.yaml`: there is no such file"),
    ];
    for (arguments, reason) in table {
        let done = repository.run(arguments).expect(2).says(reason);
        assert_eq!(done.out, "", "{arguments:?}");
    }
}

#[test]
fn the_configuration_is_found_from_below_and_missed_elsewhere() {
    let repository = Repository::new();
    repository.run_in("specs/pets", &["generate", "stripe"]).expect(2).says("in `../../wireproof.toml`");
    let empty = tempfile::tempdir().expect("a folder");
    let config = empty.path().join("wireproof.toml");
    assert!(!config.exists());
    std::fs::remove_file(repository.path("wireproof.toml")).expect("it was there");
    repository.run(&["verify"]).expect(2).says("there is no `wireproof.toml` in").says("name one with `--config FILE`");
}

#[test]
fn a_slip_in_the_configuration_has_a_line_and_a_column() {
    let repository = Repository::new();
    repository.write("wireproof.toml", "[vendors.pets]\nspecs = \"x\"\n");
    repository.run(&["verify"]).expect(2).says("unknown field `specs`").says("at wireproof.toml:2:1");
}

#[test]
fn rules_are_listed_and_explained() {
    let repository = Repository::new();
    let all = repository.run(&["explain"]).expect(0);
    let listed = all.out.lines().filter_map(|line| line.split_whitespace().next());
    for rule in listed {
        repository.run(&["explain", rule]).expect(0).prints(rule);
    }
    assert!(all.out.lines().any(|line| line.starts_with("status-undocumented ")), "{}", all.out);
}

#[test]
fn completions_name_the_commands() {
    let repository = Repository::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        repository.run(&["completions", shell]).expect(0).prints("validate");
    }
}
