//! Compiled validators of one side, made when first needed.
//!
//! A validator holds everything that its schema leads to. In documents whose schemas all refer to one another that is most of
//! the document, each time: a hundred operations would compile it, and keep it, a hundred times. So the first few schemas are
//! compiled by themselves, which keeps a short run short, and after that all the schemas of the document that bodies begin at
//! are compiled in one go, where they share what they lead to ([`Shared`]).

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use jsonschema::error::ValidationError;
use jsonschema::{Draft, Keyword, PatternOptions, Registry, Retrieve, ValidationOptions};
use serde_json::{Value, json};
use wireproof_openapi::Pointer;

use super::{BACKTRACK_LIMIT, BASE, format, location};
use crate::json::{Instance, Instances};

/// A validator of values in either of their forms.
type Validator = jsonschema::Validator<Instances>;

/// The name of the one-line schemas that refer into the document.
const ENTRY: &str = "wireproof://document/entry";

/// How many schemas are compiled by themselves.
const ALONE: usize = 16;

/// The keyword that tells which of the shared schemas is asked for.
const BELOW: &str = "wireproof-below";

thread_local! {
    /// The number of the shared schema that this thread asks for.
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

/// A validator of one schema, or why there is none.
type Alone = Result<Arc<Validator>, Arc<str>>;

/// The validators of one side.
pub(super) struct Validators {
    registry: Registry<'static>,
    /// The schemas that bodies begin at.
    entries: Arc<[Pointer]>,
    /// Without and with formats, by schema.
    alone: [RwLock<HashMap<Pointer, Alone>>; 2],
    /// Without and with formats; none where not all of the entries can be compiled.
    shared: [OnceLock<Option<Shared>>; 2],
}

/// One validator for many schemas: a tree of conditions, which depend on what is asked for and not on the value, with a
/// schema at each leaf.
struct Shared {
    validator: Arc<Validator>,
    numbers: HashMap<Pointer, usize>,
}

/// The validator of one schema.
pub(super) struct Compiled {
    validator: Arc<Validator>,
    /// Its number among the shared ones.
    number: Option<usize>,
}

impl Compiled {
    pub(super) fn is_valid<'v>(&self, value: impl Into<Instance<'v>>) -> bool {
        self.asked().is_valid(value.into())
    }

    /// The first errors of a value.
    pub(super) fn errors<'v>(&'v self, value: &'v Value, limit: usize) -> Vec<ValidationError<'v>> {
        self.asked().iter_errors(value.into()).take(limit).collect()
    }

    /// The validator, once it is said which of its schemas is meant.
    fn asked(&self) -> &Validator {
        if let Some(number) = self.number {
            ASKED.set(number);
        }
        &self.validator
    }
}

impl Validators {
    /// Takes the copied tree; `entries` are the schemas in it that bodies begin at.
    ///
    /// # Errors
    ///
    /// A sentence when `jsonschema` cannot take the tree in at all.
    pub(super) fn new(tree: Value, entries: Vec<Pointer>) -> Result<Self, String> {
        let registry = Registry::new().add(BASE, tree).and_then(jsonschema::RegistryBuilder::prepare).map_err(|error| error.to_string())?;
        Ok(Self { registry, entries: entries.into(), alone: Default::default(), shared: [OnceLock::new(), OnceLock::new()] })
    }

    /// The validator of a schema of the copied tree.
    ///
    /// # Errors
    ///
    /// Why it cannot be compiled.
    pub(super) fn get(&self, schema: &Pointer, formats: bool) -> Result<Compiled, Arc<str>> {
        let [without, with] = &self.shared;
        let [alone_without, alone_with] = &self.alone;
        let (cell, alone) = if formats { (with, alone_with) } else { (without, alone_without) };
        let shared = |shared: &Shared| {
            let number = shared.numbers.get(schema)?;
            Some(Compiled { validator: shared.validator.clone(), number: Some(*number) })
        };
        if let Some(compiled) = cell.get().and_then(|found| shared(found.as_ref()?)) {
            return Ok(compiled);
        }
        // A thread that panicked while it held the lock left the map as it was before or after one whole insertion.
        let known = alone.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = known.get(schema) {
            return validator.clone().map(|validator| Compiled { validator, number: None });
        }
        drop(known);
        let many = self.alone.iter().map(|alone| alone.read().unwrap_or_else(PoisonError::into_inner).len()).sum::<usize>() >= ALONE;
        if many
            && self.entries.contains(schema)
            && let Some(compiled) = cell.get_or_init(|| self.share(formats)).as_ref().and_then(shared)
        {
            return Ok(compiled);
        }
        let fragment = schema.to_fragment();
        let built = self.options(formats).build(&json!({ "$ref": format!("{BASE}#{fragment}") })).map(Arc::new).map_err(|error| {
            let place = location(&error).unwrap_or_else(|| schema.clone());
            format!("the schema at `{place}` cannot be compiled: {error}").into()
        });
        let mut known = alone.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(schema.clone()).or_insert(built).clone().map(|validator| Compiled { validator, number: None })
    }

    fn options(&self, formats: bool) -> ValidationOptions<'_, Arc<dyn Retrieve>, Instances> {
        let options = jsonschema::options_for::<Instances>()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .with_base_uri(ENTRY)
            .should_validate_formats(formats)
            .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT));
        format::add(options)
    }

    /// Compiles all entries in one go.
    fn share(&self, formats: bool) -> Option<Shared> {
        let options = self.options(formats).with_keyword(BELOW, |_, limit, _| {
            let limit = limit.as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(0);
            Ok(Box::new(Below(limit)) as Box<dyn for<'i> Keyword<'i, Instances>>)
        });
        let validator = options.build(&choice(&self.entries, 0)?).ok().map(Arc::new)?;
        let numbers = self.entries.iter().enumerate().map(|(number, entry)| (entry.clone(), number)).collect();
        Some(Shared { validator, numbers })
    }
}

/// The schema that stands for one of several by the number that is asked for; `first` is the number of the first of them.
fn choice(entries: &[Pointer], first: usize) -> Option<Value> {
    match entries {
        [] => None,
        [only] => Some(json!({ "$ref": format!("{BASE}#{}", only.to_fragment()) })),
        several => {
            let (left, right) = several.split_at(several.len() / 2);
            let middle = first + left.len();
            Some(json!({ "if": { BELOW: middle }, "then": choice(left, first)?, "else": choice(right, middle)? }))
        }
    }
}

/// Whether a schema below a number is asked for, whatever the value.
struct Below(usize);

impl<'i> Keyword<'i, Instances> for Below {
    fn validate(&self, value: Instance<'i>) -> Result<(), ValidationError<'i>> {
        if self.is_valid(value) { Ok(()) } else { Err(ValidationError::custom("another schema is asked for")) }
    }

    fn is_valid(&self, _: Instance<'i>) -> bool {
        ASKED.get() < self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Schema N wants the number N; each refers to the next, so that they share everything.
    fn chain(count: usize) -> (Value, Vec<Pointer>) {
        let schema = |number: usize| {
            let next = format!("#/{}", (number + 1) % count);
            json!({"type": "object", "properties": {"number": {"const": number}, "next": {"$ref": next}, "at": {"format": "date"}}})
        };
        let tree = (0..count).map(|number| (number.to_string(), schema(number))).collect();
        (Value::Object(tree), (0..count).map(|number| Pointer::root().join(&number.to_string())).collect())
    }

    #[test]
    fn shared_schemas_say_what_they_say_alone() {
        let (tree, entries) = chain(40);
        let shared = Validators::new(tree.clone(), entries.clone()).expect("a tree");
        let alone = Validators::new(tree, Vec::new()).expect("a tree");
        for formats in [true, false] {
            for round in 0..2 {
                for (number, entry) in entries.iter().enumerate() {
                    let [shared, alone] = [&shared, &alone].map(|validators| validators.get(entry, formats).expect("a validator"));
                    // The first ones are compiled by themselves, once.
                    assert_eq!(shared.number.is_some(), round > 0 || number >= ALONE || !formats, "{number}");
                    for value in [
                        json!({"number": number, "next": {"number": (number + 1) % 40}}),
                        json!({"number": number + 1}),
                        json!({"next": {"number": number}}),
                        json!({"at": "today"}),
                        json!(1),
                    ] {
                        let told = |compiled: &Compiled| -> Vec<String> {
                            compiled.errors(&value, 10).iter().map(|error| format!("{error} {:?}", location(error))).collect()
                        };
                        assert_eq!(shared.is_valid(&value), alone.is_valid(&value), "{number} {value}");
                        assert_eq!(told(&shared), told(&alone), "{number} {value}");
                    }
                }
            }
        }
        assert!(shared.get(&entries[39], true).expect("a validator").number.is_some(), "nothing was shared");
        assert!(alone.get(&entries[39], true).expect("a validator").number.is_none());
    }

    #[test]
    fn one_schema_that_cannot_be_compiled_spoils_no_other() {
        let (mut tree, mut entries) = chain(40);
        tree["broken"] = json!({"$ref": "#/nowhere"});
        entries.push(Pointer::root().join("broken"));
        let validators = Validators::new(tree, entries.clone()).expect("a tree");
        for entry in &entries[..40] {
            assert!(validators.get(entry, true).is_ok());
        }
        assert!(validators.get(&entries[40], true).is_err());
    }
}
