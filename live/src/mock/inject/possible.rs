//! What a document must have for a rule to be broken in an answer: said when the mock starts, since nobody should wait for a header to
//! be missing that no answer has to have. Next: `changes.rs`.

use wireproof_contract::{MediaType, Rule};
use wireproof_openapi::{Document, MediaType as Documented, Response, StatusPattern};

use super::super::never_has_body;
use super::changes::write_only;
use super::{InjectError, Injection};

impl Injection {
    /// Whether some answer of a document has what it takes to break the rule.
    ///
    /// # Errors
    ///
    /// What no answer has.
    pub fn is_possible_in(self, document: &Document) -> Result<(), InjectError> {
        let any = |has: &dyn Fn(&Response) -> bool| document.operations().iter().flat_map(|it| &it.responses.entries).any(has);
        let json = |entry: &&Documented| MediaType::parse(&entry.name).is_some_and(|kind| kind.is_json());
        let (possible, why) = match self.rule {
            Rule::StatusUndocumented => {
                let open = document
                    .operations()
                    .iter()
                    .any(|it| !it.responses.entries.iter().any(|response| response.status == StatusPattern::Default));
                (open, "each of its operations has a `default` response, so every status is documented")
            }
            Rule::HeaderMissing => (any(&|response| response.headers.iter().any(|header| header.required)), "none has to have a header"),
            Rule::HeaderSchema => (any(&|response| !response.headers.is_empty()), "none documents a header"),
            Rule::BodyUnexpected => {
                (any(&|response| response.content.is_empty() && can_have_body(response)), "each documents a body, or can have none")
            }
            Rule::ContentTypeUndocumented | Rule::BodyMissing | Rule::BodyUnparseable => {
                (any(&|response| !response.content.is_empty()), "none documents a body")
            }
            Rule::BodySchema | Rule::UndocumentedField => {
                let schema = |response: &Response| response.content.iter().filter(json).any(|entry| entry.schema.is_some());
                (any(&schema), "none documents a JSON body with a schema")
            }
            Rule::WriteOnlyInResponse => {
                let secret = |entry: &Documented| entry.schema.as_ref().is_some_and(|schema| !write_only(document, schema).is_empty());
                (any(&|response| response.content.iter().filter(json).any(secret)), "the schema of none has a property with `writeOnly`")
            }
            _ => (true, ""),
        };
        if possible { Ok(()) } else { Err(InjectError::NotHere { rule: self.rule, why }) }
    }
}

/// Whether a response has a status with which HTTP lets a body come.
fn can_have_body(response: &Response) -> bool {
    !matches!(response.status, StatusPattern::Code(status) if never_has_body(status))
}

#[cfg(test)]
mod tests {
    use wireproof_openapi::Source;

    use super::*;

    /// A document of one operation with these responses.
    fn document(responses: &str) -> Document {
        let text = format!("{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{/x: {{get: {{responses: {{{responses}}}}}}}}}}}");
        Document::parse(Source::new("t.yaml", text)).expect("a document")
    }

    #[test]
    fn rules_are_possible_where_the_document_has_what_they_are_about() {
        let secret = "content: {application/json: {schema: {properties: {inner: {properties: {key: {writeOnly: true}}}}}}}";
        for (rule, impossible, possible) in [
            (Rule::StatusUndocumented, "default: {description: d}", "'200': {description: d}"),
            (
                Rule::HeaderMissing,
                "'200': {description: d, headers: {A: {schema: {}}}}",
                "'200': {description: d, headers: {A: {required: true}}}",
            ),
            (Rule::HeaderSchema, "'200': {description: d}", "'200': {description: d, headers: {A: {schema: {}}}}"),
            (Rule::BodyUnexpected, "'204': {description: d}, '200': {description: d, content: {text/csv: {}}}", "'404': {description: d}"),
            (Rule::BodyMissing, "'200': {description: d}", "'200': {description: d, content: {text/csv: {}}}"),
            (Rule::BodyUnparseable, "'200': {description: d}", "'200': {description: d, content: {application/json: {}}}"),
            (Rule::ContentTypeUndocumented, "'200': {description: d}", "'200': {description: d, content: {text/csv: {}}}"),
            (
                Rule::BodySchema,
                "'200': {description: d, content: {application/json: {}}}",
                "'200': {description: d, content: {application/json: {schema: {}}}}",
            ),
            (
                Rule::UndocumentedField,
                "'200': {description: d, content: {text/csv: {schema: {}}}}",
                "'200': {description: d, content: {a/b+json: {schema: {}}}}",
            ),
            (
                Rule::WriteOnlyInResponse,
                "'200': {description: d, content: {application/json: {schema: {}}}}",
                &format!("'200': {{description: d, {secret}}}"),
            ),
        ] {
            let injection = Injection::always(rule).expect("it can be");
            let told = injection.is_possible_in(&document(impossible)).map_err(|error| error.to_string());
            assert!(
                told.as_ref().is_err_and(|told| told.starts_with(&format!("`{rule}` cannot be broken by any answer"))),
                "{rule}: {told:?}"
            );
            assert_eq!(injection.is_possible_in(&document(possible)), Ok(()), "{rule}");
        }
    }
}
