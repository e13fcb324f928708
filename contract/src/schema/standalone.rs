//! What `synthesis/` asks of the validators beside whether a value is valid: what exactly is wrong with it, and what keywords
//! allow that need nothing else of the document.

use std::sync::{Arc, PoisonError};

use jsonschema::error::ValidationError;
use jsonschema::{PatternOptions, Validator};
use serde_json::{Value, json};
use wireproof_openapi::Pointer;

use super::{BACKTRACK_LIMIT, Formats, Schemas, format};
use crate::finding::Side;

impl Schemas {
    /// The first errors of the validator about a value, as `read` has them; `None` where the schema cannot be compiled.
    pub(crate) fn errors<T>(
        &self,
        schema: &Pointer,
        side: Side,
        value: &Value,
        limit: usize,
        read: impl FnOnce(&[ValidationError<'_>]) -> T,
    ) -> Option<T> {
        let validator = self.validators(side).get(&self.tagged.in_copy(schema), self.formats == Formats::Assert).ok()?;
        Some(read(&validator.errors(value, limit)))
    }

    /// The keyword of an error, in the normalised tree, and the keywords through which the schema at `entry` leads to it.
    pub(crate) fn keyword_and_way(&self, error: &ValidationError<'_>, entry: &Pointer) -> (Pointer, Vec<String>) {
        (self.keyword(error, entry), self.tagged.through(&self.document, entry, error.evaluation_path().as_str()))
    }

    /// Whether requests have schemas of their own.
    pub(crate) fn sides_differ(&self) -> bool {
        self.request.is_some()
    }

    /// Whether the schema at `schema` can be compiled.
    ///
    /// # Errors
    ///
    /// Why not.
    pub(crate) fn compiles(&self, schema: &Pointer, side: Side) -> Result<(), Arc<str>> {
        self.validators(side).get(&self.tagged.in_copy(schema), self.formats == Formats::Assert).map(drop)
    }

    /// The validator of schemas without references that hold at once; patterns that do not run are left aside, as everywhere.
    /// `None` where there is none to be had.
    pub(crate) fn standalone(&self, schemas: &[Value]) -> Option<Arc<Validator>> {
        let runs = |pattern: &Value| pattern.as_str().is_some_and(|pattern| self.pattern(pattern).is_some());
        let with_patterns_that_run = |schema: &Value| match schema {
            Value::Object(members) => members
                .iter()
                .filter(|(keyword, value)| *keyword != "pattern" || runs(value))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            other => other.clone(),
        };
        let whole = json!({ "allOf": schemas.iter().map(with_patterns_that_run).collect::<Vec<Value>>() });
        let text = whole.to_string();
        let known = self.standalone.read().unwrap_or_else(PoisonError::into_inner).get(&text).cloned();
        known.unwrap_or_else(|| {
            let options = format::add(jsonschema::draft202012::options())
                .should_validate_formats(true)
                .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT));
            let built = options.build(&whole).ok().map(Arc::new);
            self.standalone.write().unwrap_or_else(PoisonError::into_inner).entry(text).or_insert(built).clone()
        })
    }
}
