//! A vendor's page held against the document: do its examples and tables say what the document says? What is found comes as findings of
//! the contract engine, so that known drift, reports and exit codes are those of everything else.
//!
//! Compared are the examples of responses (with their schemas, and field by field), the tables and components of fields, and the
//! parameters. `contract/src/check/docs/page-*.md` say what each rule finds.

mod fields;
mod parameters;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use wireproof_contract::{Checked, Contract, Finding, Rule, Side, Verdict};
use wireproof_openapi::{Document, MediaType, Operation, Pointer, Position, Response, Source};

use crate::import::{Recorded, operation_at, recorded};
use crate::page::{Field, FieldKind, Page};

/// What a page says otherwise than the document, an entry for each response of an operation that the page speaks of, and one for
/// the parameters of each operation.
pub fn agreement(page: &Page, contract: &Contract) -> Vec<Checked> {
    let document = contract.document();
    let (examples, _) = recorded(page, Some(document));
    let mut answers: BTreeMap<(usize, u16), Answer<'_>> = BTreeMap::new();
    for example in &examples {
        if let Some(operation) = example.operation {
            answers.entry((operation, example.status)).or_default().examples.push(example);
        }
    }
    let fields = page.fields();
    let mut parameters: BTreeMap<usize, Vec<&Field>> = BTreeMap::new();
    for field in &fields {
        let Some((operation, success)) = operation_at(page, document, field.line) else { continue };
        match field.kind {
            FieldKind::Parameter(_) => parameters.entry(operation).or_default().push(field),
            FieldKind::Response => answers.entry((operation, field.status.unwrap_or(success))).or_default().fields.push(field),
        }
    }
    let mut checked = Vec::new();
    for (number, fields) in parameters {
        if let Some(operation) = document.operations().get(number) {
            let findings = parameters::compare(page, contract, operation, &fields);
            checked.push(entry(contract, number, operation, 0, findings));
        }
    }
    for ((number, status), answer) in answers {
        if let Some(operation) = document.operations().get(number) {
            let findings = answer.compare(page, contract, operation, status);
            checked.push(entry(contract, number, operation, status, findings));
        }
    }
    checked
}

fn entry(contract: &Contract, number: usize, operation: &Operation, status: u16, findings: Vec<Finding>) -> Checked {
    Checked {
        recording: Arc::from(""),
        entry: 0,
        vendor: contract.vendor().cloned(),
        contract: None,
        operation: Some(operation.label()),
        operation_index: Some(number),
        method: operation.method.clone(),
        url: operation.path.clone(),
        status,
        documented_status: operation.responses.matching(status).map(|response| response.status).filter(|_| status != 0),
        documented_content_type: None,
        verdict: Verdict::of(&findings),
        findings,
    }
}

/// A finding about a place of the document.
fn finding(document: &Document, rule: Rule, instance: Pointer, place: &Pointer, message: String) -> Finding {
    Finding {
        rule,
        severity: rule.severity(),
        on: Side::Response,
        message,
        instance,
        places: Vec::new(),
        schema: document.written(place),
        spec: Some(document.position(place)),
        known: false,
        types: None,
        excerpts: Vec::new(),
    }
}

/// What a page says of one response.
#[derive(Default)]
struct Answer<'p> {
    examples: Vec<&'p Recorded>,
    fields: Vec<&'p Field>,
}

impl<'p> Answer<'p> {
    fn compare(&self, page: &Page, contract: &Contract, operation: &Operation, status: u16) -> Vec<Finding> {
        let document = contract.document();
        let Some(response) = operation.responses.matching(status) else {
            return self.position(page).into_iter().map(|place| undocumented_status(document, operation, status, &place)).collect();
        };
        let Some((media_type, schema)) = json_of(response) else { return Vec::new() };
        let mut findings = Vec::new();
        for example in &self.examples {
            let text = if example.example.unlinked > 0 { example.example.value.to_string() } else { example.example.text.clone() };
            for mut found in contract.check_value(schema, Side::Response, text.as_bytes()) {
                found.message = format!("the example at {} breaks its schema: {}", example.position, found.message);
                findings.push(found);
            }
        }
        let comparison = fields::Comparison { document, schema, media_type, status };
        let shown = |recorded: &'p Recorded| {
            let above = usize::try_from(recorded.position.line).unwrap_or(1).saturating_sub(1);
            let source = Source::new(recorded.position.file.as_str(), format!("{}{}", "\n".repeat(above), recorded.example.text));
            fields::Shown { value: &recorded.example.value, position: &recorded.position, source }
        };
        let stated: Vec<(&Field, Position)> = self.fields.iter().map(|field| (*field, page.position(field.line))).collect();
        for found in comparison.compare(&self.examples.iter().map(|recorded| shown(recorded)).collect::<Vec<_>>(), &stated) {
            // What breaks the schema was told already.
            if !findings.iter().any(|known| {
                known.instance == found.instance && known.rule == Rule::UndocumentedField && found.rule == Rule::PageFieldUndocumented
            }) {
                findings.push(found);
            }
        }
        findings
    }

    fn position(&self, page: &Page) -> Option<Position> {
        self.examples
            .first()
            .map(|recorded| recorded.position.clone())
            .or_else(|| self.fields.first().map(|field| page.position(field.line)))
    }
}

/// The JSON of a response, if it has one with a schema.
fn json_of(response: &Response) -> Option<(&MediaType, &Pointer)> {
    let is_json = |name: &str| {
        let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        name == "application/json" || name.ends_with("+json") || name == "*/*" || name == "application/*"
    };
    response.content.iter().filter(|entry| is_json(&entry.name)).find_map(|entry| Some((entry, entry.schema.as_ref()?)))
}

fn undocumented_status(document: &Document, operation: &Operation, status: u16, place: &Position) -> Finding {
    let responses = operation.pointer.join("responses");
    let message = format!("the page shows a {status} at {place}, which the document does not know");
    finding(document, Rule::StatusUndocumented, Pointer::root(), &responses, message)
}
