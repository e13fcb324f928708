//! The schemas that exchanges ask for again and again (those of bodies, parameters and headers), each with what was found out about it once that was needed.
//! The table is made with the document and never grows, so that threads look things up in it without waiting for each other.

use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashMapExt};
use wireproof_openapi::{Document, ParameterShape, Pointer};

use super::kinds::Kinds;
use super::validators::Compiled;
use crate::finding::Side;

/// A validator, or why there is none.
pub(super) type Validated = Result<Compiled, Arc<str>>;

/// The table.
pub(super) struct Ready {
    places: HashMap<Pointer, Place>,
}

/// What is known of one schema.
#[derive(Default)]
struct Place {
    /// Validators of requests and of responses, each without and with formats.
    validators: [[OnceLock<Validated>; 2]; 2],
    kinds: OnceLock<Kinds>,
}

impl Ready {
    /// The schemas of a document, nothing known of them yet.
    pub(super) fn new(document: &Document) -> Self {
        let of_shape = |shape: &'_ ParameterShape| match shape {
            ParameterShape::Schema { schema, .. } => schema.clone(),
            ParameterShape::Content(media_type) => media_type.schema.clone(),
        };
        let mut places = HashMap::new();
        for operation in document.operations() {
            let responses = &operation.responses.entries;
            let bodies = operation.request_body.iter().flat_map(|body| &body.content);
            let bodies = bodies.chain(responses.iter().flat_map(|response| &response.content)).filter_map(|entry| entry.schema.clone());
            let parameters = operation.parameters.iter().filter_map(|parameter| of_shape(&parameter.shape));
            let headers = responses.iter().flat_map(|response| &response.headers).filter_map(|header| of_shape(&header.shape));
            for schema in bodies.chain(parameters).chain(headers) {
                places.entry(schema).or_default();
            }
        }
        Self { places }
    }

    /// Where the validator of a schema is kept; none for schemas of which nobody asks often.
    pub(super) fn validator(&self, schema: &Pointer, side: Side, formats: bool) -> Option<&OnceLock<Validated>> {
        let [request, response] = &self.places.get(schema)?.validators;
        let [without, with] = if side == Side::Request { request } else { response };
        Some(if formats { with } else { without })
    }

    /// Where the types are kept that a schema allows.
    pub(super) fn kinds(&self, schema: &Pointer) -> Option<&OnceLock<Kinds>> {
        self.places.get(schema).map(|place| &place.kinds)
    }
}
