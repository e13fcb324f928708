//! The keywords that an invalid value breaks, by the validator's own account: those that each branch of a choice holds against it
//! stay apart, since a reader that leaves some keywords out of account needs to get by one branch only.

use jsonschema::error::{ValidationError, ValidationErrorKind};
use serde_json::Value;
use wireproof_openapi::Pointer;

use crate::finding::Side;
use crate::schema::Schemas;

/// How many errors of one value are looked at.
const MAX_ERRORS: usize = 200;

/// One thing that a schema holds against a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Violation {
    /// A keyword is broken.
    Keyword {
        /// The keyword.
        keyword: String,
        /// The place in the value.
        instance: Pointer,
        /// The place of the keyword, in the normalised tree.
        schema: Pointer,
        /// The keywords through which the schema leads there, names of properties left out: `["then", "$ref", "required"]`.
        through: Vec<String>,
    },
    /// No branch of an `anyOf` or `oneOf` accepts the value.
    Choice {
        /// The place in the value.
        instance: Pointer,
        /// The place of the list, in the normalised tree.
        schema: Pointer,
        /// What each branch holds against it.
        branches: Vec<Vec<Violation>>,
    },
    /// Several branches of a `oneOf` accept it.
    Overlap {
        /// The place in the value.
        instance: Pointer,
        /// The place of the list, in the normalised tree.
        schema: Pointer,
    },
}

impl Violation {
    /// The place in the value.
    pub fn instance(&self) -> &Pointer {
        match self {
            Self::Keyword { instance, .. } | Self::Choice { instance, .. } | Self::Overlap { instance, .. } => instance,
        }
    }

    /// The place of the keyword or list, in the normalised tree.
    pub fn schema(&self) -> &Pointer {
        match self {
            Self::Keyword { schema, .. } | Self::Choice { schema, .. } | Self::Overlap { schema, .. } => schema,
        }
    }

    pub(super) fn all(schemas: &Schemas, schema: &Pointer, side: Side, value: &Value) -> Vec<Self> {
        let read = |errors: &[ValidationError<'_>]| errors.iter().map(|error| Self::of(schemas, schema, error)).collect();
        schemas.errors(schema, side, value, MAX_ERRORS, read).unwrap_or_default()
    }

    fn of(schemas: &Schemas, entry: &Pointer, error: &ValidationError<'_>) -> Self {
        let instance = Pointer::from_plain(error.instance_path().as_str());
        let (schema, through) = schemas.keyword_and_way(error, entry);
        match error.kind() {
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                let branch = |errors: &Vec<ValidationError<'static>>| {
                    errors.iter().take(MAX_ERRORS).map(|error| Self::of(schemas, entry, error)).collect::<Vec<_>>()
                };
                Self::Choice { instance, schema, branches: context.iter().map(branch).collect() }
            }
            ValidationErrorKind::OneOfMultipleValid { .. } => Self::Overlap { instance, schema },
            kind => Self::Keyword { keyword: kind.keyword().to_owned(), instance, schema, through },
        }
    }
}
