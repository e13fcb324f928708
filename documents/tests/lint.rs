//! Each rule of `lint` by two documents: in one it finds something on every line marked `# here` and on no other, on the other it is
//! silent.

use std::path::Path;
use std::sync::Arc;

use wireproof_documents::lint::{Finding, Rule, lint};
use wireproof_openapi::{Document, Source};

fn read(rule: Rule, kind: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/lint/{rule}.{kind}.yaml"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[track_caller]
fn found(text: &str, ignored: &[Rule]) -> Vec<Finding> {
    let document = Document::parse(Source::new("x.yaml", text)).expect("a document");
    lint(&Arc::new(document), ignored).expect("its schemas are taken in")
}

#[test]
fn every_rule_finds_what_it_is_about() {
    for rule in Rule::ALL {
        let text = read(*rule, "finds");
        let marked: Vec<u32> = (1..).zip(text.lines()).filter(|(_, line)| line.ends_with("# here")).map(|(number, _)| number).collect();
        let findings = found(&text, &[]);
        let lines: Vec<u32> = findings.iter().filter(|finding| finding.rule == *rule).map(|finding| finding.position.line).collect();
        assert_eq!(lines, marked, "{rule}: {findings:#?}");
        assert!(!marked.is_empty(), "{rule} marks nothing");
        assert!(found(&text, &[*rule]).iter().all(|finding| finding.rule != *rule), "{rule} is not accepted");
    }
}

#[test]
fn no_rule_finds_what_is_right() {
    for rule in Rule::ALL {
        let findings = found(&read(*rule, "silent"), &[]);
        let false_alarms: Vec<&Finding> = findings.iter().filter(|finding| finding.rule == *rule).collect();
        assert!(false_alarms.is_empty(), "{rule}: {false_alarms:#?}");
    }
}

#[test]
fn findings_are_in_the_order_of_the_text_and_name_their_places() {
    let findings = found(&read(Rule::PathsOverlap, "finds"), &[]);
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "warning[paths-overlap]: GET `/projects/columns/{id}` and `/projects/{id}/columns` both match `/projects/columns/columns`, and \
             neither is the more particular at x.yaml:10:5 (/paths/~1projects~1columns~1{id}/get)",
            "warning[paths-overlap]: GET `/levels/7/{room}` and `/levels/{level}/rooms` both match `/levels/7/rooms`, and neither is the \
             more particular at x.yaml:22:5 (/paths/~1levels~17~1{room}/get)",
        ]
    );
}
