//! Coverage: which of a document's operations, statuses and content types a run has seen. Next: `fields.rs`, which documented fields.

mod fields;

use wireproof_openapi::{Document, StatusPattern};

use crate::verdict::Checked;

pub(crate) use fields::FieldTracker;
pub use fields::{FieldCoverage, NeverSeen};

/// What was seen of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    operations: Vec<OperationCoverage>,
}

/// What was seen of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationCoverage {
    /// The operation's label.
    pub label: String,
    /// Its documented answers, in the document's order.
    pub documented: Vec<Cell>,
    /// How many exchanges had a status or content type that the document does not list.
    pub undocumented: usize,
}

/// One documented answer: a status and, if it has a body, a content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The status, as documented.
    pub status: StatusPattern,
    /// The content type, as documented; `None` for an answer without a body.
    pub content_type: Option<String>,
    /// How many exchanges had it.
    pub seen: usize,
}

impl Coverage {
    /// Nothing seen of a document yet.
    pub fn new(document: &Document) -> Self {
        let operation = |operation: &wireproof_openapi::Operation| OperationCoverage {
            label: operation.label(),
            documented: operation
                .responses
                .entries
                .iter()
                .flat_map(|response| {
                    let cell = |content_type| Cell { status: response.status, content_type, seen: 0 };
                    let mut cells: Vec<Cell> = response.content.iter().map(|entry| cell(Some(entry.name.clone()))).collect();
                    if cells.is_empty() {
                        cells.push(cell(None));
                    }
                    cells
                })
                .collect(),
            undocumented: 0,
        };
        Self { operations: document.operations().iter().map(operation).collect() }
    }

    /// Counts an exchange of this document.
    pub fn add(&mut self, checked: &Checked) {
        let Some(operation) = checked.operation_index.and_then(|index| self.operations.get_mut(index)) else { return };
        let of_status = |cell: &&mut Cell| Some(cell.status) == checked.documented_status;
        let mut cells = operation.documented.iter_mut().filter(of_status);
        match cells.find(|cell| cell.content_type.is_none() || cell.content_type == checked.documented_content_type) {
            Some(cell) => cell.seen += 1,
            None => operation.undocumented += 1,
        }
    }

    /// The operations, in the document's order.
    pub fn operations(&self) -> &[OperationCoverage] {
        &self.operations
    }

    /// How many documented answers were seen at least once.
    pub fn seen(&self) -> usize {
        self.cells().filter(|cell| cell.seen > 0).count()
    }

    /// How many answers are documented.
    pub fn total(&self) -> usize {
        self.cells().count()
    }

    /// How many operations were seen at least once, whatever they answered.
    pub fn operations_seen(&self) -> usize {
        self.operations
            .iter()
            .filter(|operation| operation.undocumented > 0 || operation.documented.iter().any(|cell| cell.seen > 0))
            .count()
    }

    /// The documented answers never seen, as `label status content-type`.
    pub fn never_seen(&self) -> Vec<String> {
        let mut names = Vec::new();
        for operation in &self.operations {
            for cell in operation.documented.iter().filter(|cell| cell.seen == 0) {
                let content_type = cell.content_type.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
                names.push(format!("{} {}{content_type}", operation.label, cell.status));
            }
        }
        names
    }

    fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.operations.iter().flat_map(|operation| &operation.documented)
    }
}
