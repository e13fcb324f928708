//! `parameter-missing`: a required parameter is not given.

use wireproof_openapi::{Parameter, Pointer};

use super::{Case, Found};
use crate::finding::Side;
use crate::parameter::Given;
use crate::rule::Rule;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    for (parameter, given) in case.operation.parameters.iter().zip(&case.given) {
        if parameter.required && *given == Given::Absent {
            let message = format!("{} is missing, which is required", name(parameter));
            found.add(Rule::ParameterMissing, Side::Request, instance(parameter), &parameter.pointer.join("required"), message);
        }
    }
}

/// How a parameter is spoken of.
pub(super) fn name(parameter: &Parameter) -> String {
    format!("{} parameter `{}`", parameter.location, parameter.name)
}

/// The place of a parameter in an exchange.
pub(super) fn instance(parameter: &Parameter) -> Pointer {
    Pointer::root().join(&parameter.location.to_string()).join(&parameter.name)
}
