//! Values against schemas: one set of JSON Schema validators per document, compiled when first needed and kept.
//!
//! `jsonschema` does the validating. What is done here is what a document needs around it: a copy of its tree per side of
//! the exchange (`copy.rs`), formats of OpenAPI (`format.rs`), readOnly and writeOnly (`marks.rs`), and from its errors the
//! sentences that people read (`sentence.rs`, `union.rs`).

mod copy;
mod discriminator;
mod fits;
mod format;
mod kinds;
mod known;
mod marks;
mod members;
mod ready;
mod sentence;
mod standalone;
mod union;
mod validators;
mod walk;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use jsonschema::error::{ValidationError, ValidationErrorKind};
use jsonschema::{PatternOptions, Validator};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use wireproof_openapi::{Document, Pointer};

use crate::finding::Side;
use crate::json::Instance;

pub(crate) use copy::Pruned;
use discriminator::Tagged;
pub(crate) use discriminator::named_extension;
use fits::Fit;
pub(crate) use kinds::Kinds;
use known::Shapes;
pub(crate) use marks::{Mark, is_marked};
pub(crate) use members::{Members, members, search};
use ready::Ready;
pub(crate) use sentence::{Wording, shorten};
use validators::{Compiled, Validators};
pub(crate) use walk::Walk;

/// The name under which `jsonschema` knows the document. It is never fetched: nothing is.
const BASE: &str = "wireproof://document/";

/// How often a pattern may step back before it counts as undecided.
const BACKTRACK_LIMIT: usize = 100_000;

/// How many errors of one value are turned into findings; a body with more has made its point.
const MAX_ERRORS: usize = 100;

/// One way in which a value is not what a schema describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The place in the value.
    pub(crate) instance: Pointer,
    /// The keyword, as a pointer into the normalised tree.
    pub(crate) schema: Pointer,
    /// The place to show for it: more particular than the keyword where one entry of a list is meant.
    pub(crate) place: Pointer,
    /// The whole sentence.
    pub(crate) message: String,
    /// Whether it could not be decided, which is nobody's fault but the pattern's.
    pub(crate) undecided: bool,
}

/// All schemas of a document.
pub(crate) struct Schemas {
    document: Arc<Document>,
    request: Option<Validators>,
    response: Validators,
    ready: Ready,
    pruned: Vec<Pruned>,
    tagged: Tagged,
    formats: Formats,
    /// What is known of the members of requests, and of responses.
    shapes: [Shapes; 2],
    patterns: RwLock<HashMap<String, Option<Arc<Validator>>>>,
    /// Validators of schemas without references, by their text.
    standalone: RwLock<HashMap<String, Option<Arc<Validator>>>>,
}

/// What a value costs that is not of its `format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formats {
    /// It breaks its schema.
    #[default]
    Assert,
    /// A note: `format` is an annotation, as JSON Schema 2020-12 has it by default.
    Warn,
}

impl Schemas {
    /// Prepares the schemas of `document`. Nothing is compiled yet.
    ///
    /// # Errors
    ///
    /// A sentence when `jsonschema` cannot take the tree in at all.
    pub(crate) fn new(document: Arc<Document>, formats: Formats) -> Result<Self, String> {
        let copy::Copy { tree, pruned, tagged } = copy::copy(&document, Side::Response);
        let entries = entries(&document, &tagged);
        // A second copy is only made of documents that have something to leave out of requests.
        let request = if copy::differs(&document) {
            Some(Validators::new(copy::copy(&document, Side::Request).tree, entries.clone())?)
        } else {
            None
        };
        let response = Validators::new(tree, entries)?;
        let (patterns, standalone) = (RwLock::default(), RwLock::default());
        let ready = Ready::new(&document);
        Ok(Self { document, request, response, ready, pruned, tagged, formats, shapes: Default::default(), patterns, standalone })
    }

    /// What had to be left out of the schemas, as pointers into the normalised tree.
    pub(crate) fn pruned(&self) -> &[Pruned] {
        &self.pruned
    }

    /// The document.
    pub(crate) fn document(&self) -> &Document {
        &self.document
    }

    /// The document, to be kept.
    pub(crate) fn shared_document(&self) -> Arc<Document> {
        Arc::clone(&self.document)
    }

    /// How `value` differs from the schema at `schema`; nothing if it does not.
    ///
    /// # Errors
    ///
    /// Why the schema cannot be compiled.
    pub(crate) fn mismatches(&self, schema: &Pointer, side: Side, value: &Value, wording: &Wording<'_>) -> Result<Vec<Mismatch>, Arc<str>> {
        let mut found = self.compare(schema, (side, self.formats == Formats::Assert), value, wording)?;
        if self.formats == Formats::Warn {
            // What breaks the schema anyway is told already; what only formats break is a note.
            let strict = self.compare(schema, (side, true), value, wording)?;
            let of_formats: Vec<Mismatch> = strict
                .into_iter()
                .filter(|mismatch| !found.iter().any(|known| (&known.instance, &known.schema) == (&mismatch.instance, &mismatch.schema)))
                .map(|mismatch| Mismatch { undecided: true, ..mismatch })
                .collect();
            found.extend(of_formats);
        }
        Ok(found)
    }

    fn compare(
        &self,
        schema: &Pointer,
        (side, formats): (Side, bool),
        value: &Value,
        wording: &Wording<'_>,
    ) -> Result<Vec<Mismatch>, Arc<str>> {
        self.with_validator(schema, side, formats, |validator| {
            let mut found = Vec::new();
            if !validator.is_valid(value) {
                for error in validator.errors(value, MAX_ERRORS) {
                    self.read(&error, schema, wording, &mut found);
                }
            }
            found
        })
    }

    /// Whether `value` is certainly valid, formats included: then there is nothing to say of it, and no words are needed.
    pub(crate) fn is_sound<'v>(&self, schema: &Pointer, side: Side, value: impl Into<Instance<'v>>) -> bool {
        self.with_validator(schema, side, true, |validator| validator.is_valid(value)) == Ok(true)
    }

    /// Whether `value` is valid; a schema that cannot be compiled accepts nothing.
    pub(crate) fn accepts(&self, schema: &Pointer, side: Side, value: &Value) -> bool {
        self.may_accept(schema, value.into()) && self.validator(schema, side).is_some_and(|validator| validator.is_valid(value))
    }

    /// Hands the validator of a schema to `look`.
    ///
    /// # Errors
    ///
    /// Why the schema cannot be compiled.
    fn with_validator<T>(&self, schema: &Pointer, side: Side, formats: bool, look: impl FnOnce(&Compiled) -> T) -> Result<T, Arc<str>> {
        let make = || self.validators(side).get(&self.tagged.in_copy(schema), formats);
        match self.ready.validator(schema, side, formats) {
            Some(cell) => cell.get_or_init(make).as_ref().map(look).map_err(Arc::clone),
            None => make().map(|validator| look(&validator)),
        }
    }

    /// The validator that says whether values are of a schema; `None` where it cannot be compiled.
    fn validator(&self, schema: &Pointer, side: Side) -> Option<Compiled> {
        // A schema that is nothing but a reference has the validator of what it refers to.
        let target = self.document.get(schema).filter(|node| node.as_object().is_some_and(|node| node.len() == 1));
        let target = target.and_then(|node| self.document.reference(node.get("$ref")?.as_str()?));
        let schema = target.as_ref().unwrap_or(schema);
        self.validators(side).get(&self.tagged.in_copy(schema), self.formats == Formats::Assert).ok()
    }

    /// The types of values that a schema allows.
    pub(crate) fn kinds(&self, schema: &Pointer) -> Kinds {
        let find = || kinds::kinds(&self.document, schema);
        self.ready.kinds(schema).map_or_else(find, |known| *known.get_or_init(find))
    }

    /// Whether a pattern of `patternProperties` matches a name; one that does not run matches nothing.
    pub(crate) fn pattern_matches(&self, pattern: &str, name: &str) -> bool {
        self.pattern(pattern).is_some_and(|validator| validator.is_valid(&Value::String(name.to_owned())))
    }

    fn pattern(&self, pattern: &str) -> Option<Arc<Validator>> {
        let known = self.patterns.read().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
        known.unwrap_or_else(|| {
            let built = jsonschema::draft202012::options()
                .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT))
                .build(&json!({ "pattern": pattern }))
                .ok()
                .map(Arc::new);
            self.patterns.write().unwrap_or_else(PoisonError::into_inner).entry(pattern.to_owned()).or_insert(built).clone()
        })
    }

    /// Where a missing member stands in the list of required ones, or in that of a member which is there and asks for it.
    fn entry_of_required(&self, error: &ValidationError<'_>, schema: &Pointer) -> Option<Pointer> {
        let ValidationErrorKind::Required { property } = error.kind() else { return None };
        let place = |list: &Value| list.as_array()?.iter().position(|name| name == property);
        match self.document.get(schema)? {
            Value::Object(lists) => lists.iter().find_map(|(asking, list)| {
                let index = place(list).filter(|_| error.instance().get(asking).is_some())?;
                Some(schema.join(asking).index(index))
            }),
            list => place(list).map(|index| schema.index(index)),
        }
    }

    /// Whether a value may be of a schema, as far as can be seen without its validator.
    pub(crate) fn may_accept(&self, schema: &Pointer, value: Instance<'_>) -> bool {
        Fit::of(&self.document, schema).allows(value)
    }

    /// The branch of a union that a value names, by the schema that has the union; `None` where none is named.
    pub(crate) fn named_branch(&self, schema: &Pointer, value: Instance<'_>) -> Option<(&'static str, usize)> {
        self.tagged.get(schema)?.branch(value)
    }

    /// Whether all members of `value`, at any depth, are certainly named by its schemas and in place on this side.
    pub(crate) fn are_clean<'v>(&self, schema: &Pointer, side: Side, value: impl Into<Instance<'v>>) -> bool {
        let [request, response] = &self.shapes;
        let shapes = match side {
            Side::Request => request,
            Side::Response => response,
        };
        shapes.are_clean(self, schema, side, value.into())
    }

    fn validators(&self, side: Side) -> &Validators {
        match side {
            Side::Request => self.request.as_ref().unwrap_or(&self.response),
            Side::Response => &self.response,
        }
    }

    /// The keyword that an error is about, in the normalised tree. `entry` is the schema that was asked for: it stands in where
    /// an error comes from a schema that has an identifier of its own.
    fn keyword(&self, error: &ValidationError<'_>, entry: &Pointer) -> Pointer {
        let place = location(error).map_or_else(|| entry.clone(), |place| self.tagged.in_document(&place));
        // The lists of `dependentRequired` have names, where the validator counts them.
        let lists = place.parent().filter(|lists| lists.last().as_deref() == Some("dependentRequired"));
        lists.filter(|_| self.document.get(&place).is_none()).unwrap_or(place)
    }

    /// Turns one error into findings: the errors of a nullable wrapper are those of what it wraps.
    fn read(&self, error: &ValidationError<'_>, entry: &Pointer, wording: &Wording<'_>, found: &mut Vec<Mismatch>) {
        let schema = self.keyword(error, entry);
        if let ValidationErrorKind::AnyOf { context } = error.kind()
            && let Some(wrapper) = schema.parent()
            && self.document.get(&wrapper).is_some_and(|node| node["x-wireproof-nullable"] == true)
            && let Some(wrapped) = context.first().filter(|wrapped| !wrapped.is_empty())
        {
            for error in wrapped {
                self.read(error, entry, wording, found);
            }
            return;
        }
        let instance = Pointer::from_plain(error.instance_path().as_str());
        let reason = self.tagged.reason(&self.document, entry, error.evaluation_path().as_str());
        let place = self.entry_of_required(error, &schema).unwrap_or_else(|| schema.clone());
        for (instance, problem) in sentence::problems(self, error, &instance, &schema, entry, wording) {
            let because = reason.as_ref().map(|reason| format!(", as {reason}")).unwrap_or_default();
            let message = format!("{} {problem}{because}", wording.subject(&instance));
            found.push(Mismatch {
                instance,
                schema: schema.clone(),
                place: place.clone(),
                message,
                undecided: sentence::undecided(error.kind()),
            });
        }
    }
}

/// The keyword that an error is about, as a place in the copied tree.
fn location(error: &ValidationError<'_>) -> Option<Pointer> {
    let fragment = error.absolute_keyword_location()?.as_str().strip_prefix(BASE)?.strip_prefix('#')?;
    Some(Pointer::from_plain(percent_decode_str(fragment).decode_utf8_lossy()))
}

/// The schemas that the bodies of a document begin at, and all that have a name: those that are asked for.
fn entries(document: &Document, tagged: &Tagged) -> Vec<Pointer> {
    let named = Pointer::from_plain("/components/schemas");
    let names = document.get(&named).and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let mut entries: Vec<Pointer> = names.map(|name| named.join(name)).collect();
    for operation in document.operations() {
        let request = operation.request_body.iter().flat_map(|body| &body.content);
        let responses = operation.responses.entries.iter().flat_map(|response| &response.content);
        entries.extend(request.chain(responses).filter_map(|entry| entry.schema.clone()));
    }
    let mut seen = std::collections::HashSet::new();
    entries.retain(|entry| seen.insert(entry.clone()));
    entries.iter().map(|entry| tagged.in_copy(entry).into_owned()).collect()
}

/// The branches of `anyOf` and `oneOf` of a schema.
fn union_keywords(node: &Map<String, Value>) -> impl Iterator<Item = (&'static str, &Vec<Value>)> {
    ["anyOf", "oneOf"].into_iter().filter_map(|keyword| Some((keyword, node.get(keyword)?.as_array()?)))
}
