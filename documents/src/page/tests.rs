//! Pages of several forms, and what is read in them.

use wireproof_openapi::Source;

use super::*;

fn page(text: &str) -> Page {
    Page::read(Source::new("page.md", text))
}

#[test]
fn embedded_documents_are_found_among_other_blocks_and_compared_by_bytes() {
    let text = "# Delete\n\n```json\n{\"openapi_token\": 1}\n```\n\n````yaml DELETE /contacts\nopenapi: 3.0.0\nx: |\n  ```\n  curl\n  ```\n````\n\n```yaml\nfoo: 1\n```\n";
    let page = page(text);
    let found = page.embedded();
    let [block] = found.as_slice() else { panic!("one block is a document, not {found:?}") };
    assert_eq!(block.line, 8);
    assert_eq!(block.call.as_ref().map(|call| (call.method.as_str(), call.url.as_str(), call.line)), Some(("DELETE", "/contacts", 7)));
    let document = "openapi: 3.0.0\nx: |\n  ```\n  curl\n  ```\n";
    assert_eq!(block.text, document);
    assert_eq!(block.difference(document), None);
    assert_eq!(block.difference("openapi: 3.0.0\nx: >\n"), Some(Difference { page_line: 9, document_line: 2 }));
    assert_eq!(block.difference("openapi: 3.0.0\r\nx: |\n"), Some(Difference { page_line: 8, document_line: 1 }));
    assert_eq!(block.difference(&format!("{document}more: 1\n")), Some(Difference { page_line: 13, document_line: 6 }));
}

#[test]
fn embedded_documents_in_each_form_in_use() {
    #[track_caller]
    fn lines(text: &str, expected: &[u32]) {
        assert_eq!(page(text).embedded().iter().map(|block| block.line).collect::<Vec<_>>(), expected, "{text}");
    }
    lines("openapi: 3.0.0\n", &[]);
    lines("```python\nopenapi = 1\n```\n", &[]);
    lines("````yaml\nopenapi: 3.0.0\n```\n", &[]);
    lines("~~~yml\n# a comment\n\nopenapi: 3.1.0\n~~~~\n", &[2]);
    lines("```json\n{\n  \"openapi\": \"3.0.0\"}\n```\n", &[2]);
    lines("```\nopenapi: 3.0.0\r\n```\r\n", &[2]);
    lines("<Accordion title=\"Spec\">\n  ```yaml GET /a\n  openapi: 3.0.0\n  ```\n</Accordion>\n\n```yaml\nopenapi: 3.0.0\n```\n", &[3, 8]);
}

#[test]
fn commands_without_a_fence_are_calls_and_sentences_about_them_are_not() {
    let text = "curl is a program.\n\ncurl -X PUT \\\n  https://api.example.com/a/{id} \\\n  -d '{\"x\": 1}'\n{\n  \"y\": 2\n}\n\ncurl the server\n";
    let page = page(text);
    let calls = page.calls();
    assert_eq!(
        calls.iter().map(|call| (call.method.as_str(), call.template(), call.line)).collect::<Vec<_>>(),
        [("PUT", "/a/{id}".to_owned(), 3)]
    );
    assert_eq!(calls[0].body.as_deref(), Some("{\"x\": 1}"));
    assert_eq!(page.examples().0.iter().map(|example| example.line).collect::<Vec<_>>(), [6]);
}

/// All that is read in a page, a line each.
fn told(text: &str) -> String {
    let page = page(text);
    let mut out = vec![format!("title {:?}", page.title().unwrap_or_default())];
    for call in page.calls() {
        let body = call.body.as_deref().unwrap_or("-");
        out.push(format!(
            "{}: {} {} ({}) {:?} example={} {body}",
            call.line,
            call.method,
            call.url,
            call.template(),
            call.headers,
            call.example
        ));
    }
    for field in page.fields() {
        let Field { kind, name, type_name, required, description, status, line } = field;
        out.push(format!("{line}: {kind:?} {name}: {} {required:?} {status:?} {description:?}", type_name.unwrap_or_default()));
    }
    for ErrorCode { status, code, description, line } in page.errors() {
        out.push(format!("{line}: error {status} {code:?} {description:?}"));
    }
    for (name, value) in page.sample_values() {
        out.push(format!("sample {name} = {value}"));
    }
    let (examples, unreadable) = page.examples();
    for Example { half, status, value, line, unlinked, .. } in examples {
        let text: String = value.to_string().chars().take(60).collect();
        out.push(format!("{line}: {half:?} {status:?} unlinked={unlinked} {text}"));
    }
    out.extend(unreadable.into_iter().map(|(line, reason)| format!("{line}: {reason}")));
    out.join("\n")
}

#[test]
fn the_vendors_pages_are_read() {
    insta::assert_snapshot!("clemta", told(include_str!("../../../specs/clemta/clemta-delete-contact.md")));
    insta::assert_snapshot!("clemta-rendered", told(include_str!("../../../specs/clemta/clemta-delete-contact-rendered.txt")));
    insta::assert_snapshot!("leadlex", told(include_str!("../../../specs/leadlex/leadlex-delete-contact.md")));
    insta::assert_snapshot!("rolodex", told(include_str!("../../../specs/rolodex/rolodex-delete-contact.txt")));
    insta::assert_snapshot!("reforge", told(include_str!("../../../specs/reforge/reforge-contacts-purge.md")));
}
