//! `lint`: its formats, what it accepts, its exit codes, and its line in `verify`.

mod support;

use serde_json::json;
use support::Repository;

/// A document with an error and a warning.
const TEA: &str = "\
openapi: 3.0.3
info: {title: Tea, version: '1'}
servers: [{url: https://tea.example}]
paths:
  /teas:
    get:
      responses:
        '200':
          description: all
          content:
            application/json:
              schema:
                type: object
                required: [name]
                properties:
                  name: {type: string, default: 5}
";

#[test]
fn findings_are_told_with_their_places_and_errors_fail() {
    let repository = Repository::new();
    repository.write("tea.yaml", TEA);
    let done = repository.run(&["lint", "--spec", "tea.yaml"]).expect(1);
    done.prints("tea.yaml  1 error, 1 warning")
        .prints("error[default-invalid]: the default is a number (5), expected a string\n    tea.yaml:16:40 (/paths/~1teas/get/responses/200/content/application~1json/schema/properties/name/default)")
        .prints("warning[operation-id-missing]: GET /teas has no `operationId`");
    let report = repository.run(&["lint", "--spec", "tea.yaml", "--format", "json"]).expect(1).json();
    assert_eq!(report["summary"], json!({"documents": 1, "errors": 1, "warnings": 1}));
    assert_eq!(report["tool"]["name"], "wireproof");
    let first = &report["findings"][1];
    assert_eq!((&first["rule"], &first["severity"]), (&json!("default-invalid"), &json!("error")));
    assert_eq!((&first["file"], &first["line"], &first["column"]), (&json!("tea.yaml"), &json!(16), &json!(40)));
    let sarif = repository.run(&["lint", "--spec", "tea.yaml", "--format", "sarif"]).expect(1).json();
    assert_eq!(sarif["runs"][0]["results"][1]["ruleId"], "default-invalid");
    assert_eq!(sarif["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"], 16);
    repository.run(&["lint", "--spec", "tea.yaml", "--format", "markdown"]).expect(1).prints("| error | `default-invalid` |");
}

#[test]
fn warnings_alone_do_not_fail_and_nothing_is_said_of_a_good_document() {
    let repository = Repository::new();
    repository.run(&["lint"]).expect(0).prints("pets  nothing weakens it").prints("shops  nothing weakens it");
    repository.edit("specs/pets/openapi.yaml", "      operationId: getPet\n", "");
    repository.run(&["lint", "pets"]).expect(0).prints("pets  0 errors, 1 warning");
    repository.write("wireproof.toml", "[vendors.pets]\nignore = [\"operation-id-missing\"]\n");
    repository.run(&["lint"]).expect(0).prints("pets  nothing weakens it");
    repository.run(&["lint", "--spec", "none.yaml"]).expect(2).says("cannot read `none.yaml`");
    repository.run(&["lint", "cats"]).expect(2).says("there is no vendor `cats`");
}

#[test]
fn an_error_fails_verify_and_a_warning_is_counted() {
    let repository = Repository::new();
    repository.run(&["generate"]).expect(0);
    let line = |text: &str| text.lines().find(|line| line.contains("lint ")).unwrap_or_default().trim().to_owned();
    assert_eq!(line(&repository.run(&["verify", "pets"]).out), "✓ lint         nothing in the document weakens types or contract");
    repository.edit("specs/pets/openapi.yaml", "      operationId: getPet\n", "");
    assert_eq!(line(&repository.run(&["verify", "pets"]).out), "✓ lint         no errors, 1 warning (`wireproof lint pets` shows them)");
    repository.edit("specs/pets/openapi.yaml", "age: {type: integer}", "age: {type: integer, default: old}");
    let done = repository.run(&["verify", "pets"]).expect(1);
    assert_eq!(line(&done.out), "✗ lint         1 error, 1 warning");
    done.prints("error[default-invalid]: the default is a string (\"old\"), expected an integer at specs/pets/openapi.yaml");
}

#[test]
fn many_findings_of_one_rule_are_cut_short_and_hostile_text_is_harmless() {
    let repository = Repository::new();
    let one = |number: usize| format!("  /a{number}: {{get: {{responses: {{'204': {{description: done}}}}}}}}\n");
    let paths = (0..30).map(one).collect::<Vec<_>>().concat();
    repository.write(
        "many.yaml",
        &format!("openapi: 3.0.3\ninfo: {{title: Many, version: '1'}}\npaths:\n{paths}  \"/\\e[31m|<b>\": {{get: {{responses: {{}}}}}}\n"),
    );
    repository.run(&["lint", "--spec", "many.yaml"]).expect(0).prints("and 21 more of `operation-id-missing` (`--verbose` shows them)");
    let all = repository.run(&["lint", "--spec", "many.yaml", "--verbose"]).expect(0);
    assert!(!all.out.contains('\u{1b}') && all.out.contains("\\u{1b}[31m"), "{}", all.out);
    let markdown = repository.run(&["lint", "--spec", "many.yaml", "--verbose", "--format", "markdown"]).expect(0);
    assert!(!markdown.out.contains("<b>"), "{}", markdown.out);
}

#[test]
fn rules_of_documents_are_explained_beside_those_of_exchanges() {
    let repository = Repository::new();
    repository.run(&["explain"]).expect(0).prints("null-meets-requirement").prints("body-schema");
    repository.run(&["explain", "null-meets-requirement"]).expect(0).prints("# null-meets-requirement");
    repository.run(&["explain", "nothing-requird"]).expect(2).says("did you mean `nothing-required`");
}
