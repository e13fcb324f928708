//! What the checks have in common: the document with all its schemas at hand, the contract that decides what is valid, and the
//! findings. Next: `family.rs`, which says what else holds for the value that a schema describes.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;
use wireproof_contract::{Contract, Side};
use wireproof_openapi::{Document, PartKind, Pointer};

use super::family::{Families, owner};
use super::finding::Finding;
use super::rule::Rule;

/// The extension that accepts findings.
const IGNORE: &str = "x-wireproof-ignore";

/// One run over one document.
pub(super) struct Context<'d> {
    /// The document as those share it who keep it.
    pub(super) shared: &'d Arc<Document>,
    pub(super) document: &'d Document,
    pub(super) contract: &'d Contract,
    /// Every schema of the document with its place, in the document's order.
    pub(super) schemas: Vec<(Pointer, &'d Value)>,
    /// Every other object.
    pub(super) others: Vec<(Pointer, &'d Value)>,
    families: OnceCell<Families<'d>>,
    found: Vec<Finding>,
    told: HashSet<(Rule, Pointer)>,
}

impl<'d> Context<'d> {
    pub(super) fn new(document: &'d Arc<Document>, contract: &'d Contract) -> Self {
        let (mut schemas, mut others) = (Vec::new(), Vec::new());
        document.visit(&mut |kind, pointer, node| match kind {
            PartKind::Schema => schemas.push((pointer.clone(), node)),
            PartKind::Other => others.push((pointer.clone(), node)),
        });
        Self { shared: document, document, contract, schemas, others, families: OnceCell::new(), found: Vec::new(), told: HashSet::new() }
    }

    /// Which schemas describe the same values.
    pub(super) fn families(&self) -> &Families<'d> {
        self.families.get_or_init(|| Families::new(self.document, &self.schemas))
    }

    /// Says something about a place of the normalised tree, once.
    pub(super) fn find(&mut self, rule: Rule, place: &Pointer, message: impl Into<String>) {
        self.add(rule, place, self.document.written(place), message.into());
    }

    /// Says something about a place of the document as written.
    pub(super) fn find_written(&mut self, rule: Rule, pointer: &Pointer, message: impl Into<String>) {
        self.add(rule, pointer, pointer.clone(), message.into());
    }

    fn add(&mut self, rule: Rule, place: &Pointer, pointer: Pointer, message: String) {
        if self.is_ignored(rule, place) || !self.told.insert((rule, pointer.clone())) {
            return;
        }
        let position = self.document.position(place);
        self.found.push(Finding { rule, message, pointer, position });
    }

    /// Whether the place or one above it accepts findings of the rule.
    fn is_ignored(&self, rule: Rule, place: &Pointer) -> bool {
        let names = |node: &Value| match node.get(IGNORE) {
            Some(Value::String(name)) => name == rule.name(),
            Some(Value::Array(names)) => names.iter().any(|name| name == rule.name()),
            _ => false,
        };
        let mut node = Some(self.document.root());
        let mut segments = place.segments();
        while let Some(current) = node {
            if names(current) {
                return true;
            }
            node = segments.next().and_then(|segment| child(current, &segment));
        }
        false
    }

    /// Whether a schema lets a value through on either side of an exchange.
    pub(super) fn accepts(&self, schema: &Pointer, value: &Value) -> bool {
        self.contract.accepts(schema, Side::Response, value) || self.contract.accepts(schema, Side::Request, value)
    }

    /// The same, where the schema may be a branch: what another branch of the whole lets through is as good.
    pub(super) fn accepts_somehow(&self, schema: &Pointer, value: &Value) -> bool {
        let mut place = Some(schema.clone());
        while let Some(schema) = place {
            if self.accepts(&schema, value) {
                return true;
            }
            // All of `allOf` must hold, so none of it is made good by the whole.
            place = owner(&schema).filter(|_| schema.parent().and_then(|list| list.last().map(|last| last != "allOf")).unwrap_or(false));
        }
        false
    }

    /// All findings, in the order of the text.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut found = self.found;
        found.sort_by(|left, right| (&left.position, left.rule, &left.pointer).cmp(&(&right.position, right.rule, &right.pointer)));
        found
    }
}

/// A member or item of a node.
pub(super) fn child<'v>(node: &'v Value, segment: &str) -> Option<&'v Value> {
    match node {
        Value::Object(members) => members.get(segment),
        Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
        _ => None,
    }
}

/// Names for a sentence: the first few in backticks, the rest counted.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const SHOWN: usize = 4;
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", shorten(name))).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// Text of the document, cut to a length that suits a sentence.
pub(crate) fn shorten(text: &str) -> String {
    const LIMIT: usize = 80;
    if text.chars().count() <= LIMIT {
        return text.to_owned();
    }
    let cut: String = text.chars().take(LIMIT - 1).collect();
    format!("{cut}…")
}
