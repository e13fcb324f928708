//! Instances of the schemas of a document: valid ones that cover what a schema allows, and invalid ones that break one keyword each.
//!
//! Both are made by rule from the schema and then held against the validator that recordings are checked with. Only what it
//! accepts leaves as valid, only what it refuses as invalid; so a fault of the rules costs an instance, never a wrong verdict.
//! What cannot be made is told with its reason.
//!
//! `facets.rs` (what holds at once) -> `session.rs` (dispatcher) -> `choice.rs`, `object.rs`, `array.rs`, `string.rs`, `number.rs`;
//! `invalid.rs` for the other half. What they have in common is in `goal.rs`.
//!
//! ```
//! use std::sync::Arc;
//! use wireproof_contract::{Side, synthesis::Synthesiser};
//! use wireproof_openapi::{Document, Pointer, Source};
//!
//! let text = "
//! openapi: 3.1.0
//! info: {title: Tea, version: '1'}
//! components:
//!   schemas:
//!     Tea: {type: object, required: [name], properties: {name: {type: string, minLength: 1}, grams: {type: integer, minimum: 0}}}
//! ";
//! let document = Arc::new(Document::parse(Source::new("tea.yaml", text))?);
//! let synthesiser = Synthesiser::new(document)?;
//! let tea = Pointer::from_plain("/components/schemas/Tea");
//! let made = synthesiser.valid(&tea, Side::Response, 7, 100);
//! assert!(made.unmade.is_empty());
//! assert!(made.instances.iter().any(|instance| instance.value.get("grams").is_none()));
//! let broken = synthesiser.invalid(&tea, Side::Response, 7, 100);
//! assert!(broken.iter().any(|one| one.schema.as_str().ends_with("/name/minLength")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod array;
mod choice;
mod decimal;
mod facets;
mod format;
mod goal;
mod invalid;
mod number;
mod object;
mod pattern;
mod random;
mod session;
mod string;
mod violation;
mod weight;

use std::fmt;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use wireproof_openapi::{Document, Pointer};

use crate::ContractError;
use crate::finding::Side;
use crate::schema::{Formats, Schemas};
use facets::Parts;
use session::Session;
use weight::Weights;

pub use goal::{Case, Goal, Instance, Made, Unmade};
pub use invalid::Broken;
pub use violation::Violation;

/// Makes instances of the schemas of one document.
pub struct Synthesiser {
    schemas: Schemas,
    weights: Mutex<Weights>,
}

impl Synthesiser {
    /// Prepares the schemas of `document`.
    ///
    /// # Errors
    ///
    /// When the validator cannot take the document's schemas in at all.
    pub fn new(document: Arc<Document>) -> Result<Self, ContractError> {
        let file = document.source().path.clone();
        let schemas = Schemas::new(document, Formats::Assert).map_err(|message| ContractError::Schemas { file, message })?;
        Ok(Self { schemas, weights: Mutex::default() })
    }

    /// The document.
    pub fn document(&self) -> &Document {
        self.schemas.document()
    }

    /// Valid instances of the schema at `schema` (in the normalised tree) as one side of an exchange has it, at most `limit` of them.
    /// The same arguments make the same instances.
    pub fn valid(&self, schema: &Pointer, side: Side, seed: u64, limit: usize) -> Made {
        let mut session = Session::new(&self.schemas, &self.weights, side, seed);
        let parts = Parts::one(schema.clone());
        if session.is_endless(&parts) {
            session.cannot_end(&parts);
        }
        // More than wanted, since some will not be valid.
        let candidates = session.make(&parts, limit.saturating_mul(2).max(2));
        let mut made = Made::default();
        for candidate in candidates {
            if !session.accepts(&parts, &candidate.value) {
                continue;
            }
            if made.instances.len() < limit {
                made.instances.push(Instance { value: candidate.value, goals: candidate.goals });
            } else {
                made.left_out += 1;
            }
        }
        if made.instances.is_empty()
            && let Err(reason) = self.schemas.compiles(schema, side)
        {
            session.cannot(schema, &reason);
        }
        made.unmade = session.into_unmade().into_iter().collect();
        if made.instances.is_empty() && made.unmade.is_empty() {
            made.unmade.push(Unmade { schema: schema.clone(), reason: "no candidate was valid".to_owned() });
        }
        made
    }

    /// Instances that are meant to be valid and were not tried: for a part of a whole that is tried itself. To try them costs a validator of
    /// the schema and of all that it leads to.
    pub fn untried(&self, schema: &Pointer, side: Side, seed: u64, limit: usize) -> Vec<Value> {
        let mut session = Session::new(&self.schemas, &self.weights, side, seed);
        session.make(&Parts::one(schema.clone()), limit).into_iter().map(|candidate| candidate.value).collect()
    }

    /// One valid instance that shows as much of the schema as possible: what a server might answer.
    pub fn typical(&self, schema: &Pointer, side: Side, seed: u64) -> Option<Value> {
        let made = self.valid(schema, side, seed, 8);
        let full =
            made.instances.iter().position(|instance| instance.goals.iter().any(|goal| goal.case == Case::All && goal.schema == *schema));
        made.instances.into_iter().nth(full.unwrap_or(0)).map(|instance| instance.value)
    }

    /// Instances each of which breaks one keyword of the schema, at most `limit` of them.
    pub fn invalid(&self, schema: &Pointer, side: Side, seed: u64, limit: usize) -> Vec<Broken> {
        let bases = self.valid(schema, side, seed, limit.max(8)).instances;
        self.broken(schema, side, seed, &bases, limit)
    }

    /// The same from valid instances that are at hand.
    pub fn broken(&self, schema: &Pointer, side: Side, seed: u64, bases: &[Instance], limit: usize) -> Vec<Broken> {
        let mut session = Session::new(&self.schemas, &self.weights, side, seed);
        invalid::make(&mut session, schema, bases, limit)
    }

    /// What the schema at `schema` holds against `value`; nothing where it is valid, or where the schema cannot be compiled.
    pub fn violations(&self, schema: &Pointer, side: Side, value: &Value) -> Vec<Violation> {
        Violation::all(&self.schemas, schema, side, value)
    }

    /// Whether the sides of an exchange differ: whether a property is `readOnly` or `writeOnly`.
    pub fn sides_differ(&self) -> bool {
        self.schemas.sides_differ()
    }

    /// Whether `value` is valid for the schema at `schema`.
    pub fn accepts(&self, schema: &Pointer, side: Side, value: &Value) -> bool {
        self.schemas.accepts(schema, side, value)
    }
}

impl fmt::Debug for Synthesiser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Synthesiser").field("document", self.schemas.document()).finish_non_exhaustive()
    }
}
