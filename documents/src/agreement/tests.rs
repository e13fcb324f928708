//! Pages against documents: what is told, and what is not.

use std::sync::Arc;

use wireproof_contract::Options;
use wireproof_openapi::Source;

use super::*;

/// What is found, a line each: rule, status, and the sentence.
fn told(page: &str, document: &str) -> String {
    let document = Document::parse(Source::new("openapi.yaml", document)).expect("a document");
    let contract = Contract::new(Arc::new(document), Options::default()).expect("a contract");
    let page = Page::read(Source::new("page.md", page));
    let mut lines = Vec::new();
    for checked in agreement(&page, &contract) {
        for finding in checked.findings {
            let spec = finding.spec.map(|spec| spec.line).unwrap_or_default();
            lines.push(format!("{} {} {} openapi.yaml:{spec}: {}", checked.status, finding.rule, finding.instance, finding.message));
        }
    }
    lines.join("\n")
}

#[test]
fn the_page_of_clemta_yields_what_is_known_of_it_and_nothing_else() {
    insta::assert_snapshot!(
        "clemta",
        told(include_str!("../../../specs/clemta/clemta-delete-contact.md"), include_str!("../../../specs/clemta/openapi.yaml"))
    );
}

#[test]
fn pages_of_documents_written_by_hand_agree_with_them() {
    for (page, document) in [
        (include_str!("../../../specs/leadlex/leadlex-delete-contact.md"), include_str!("../../../specs/leadlex/openapi.yaml")),
        (include_str!("../../../specs/reforge/reforge-contacts-purge.md"), include_str!("../../../specs/reforge/openapi.yaml")),
        (include_str!("../../../specs/rolodex/rolodex-delete-contact.txt"), include_str!("../../../specs/rolodex/openapi.yaml")),
    ] {
        assert_eq!(told(page, document), "");
    }
}
