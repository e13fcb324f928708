//! `oneOf` and `anyOf` that fit no branch: which branch came closest, so that the message is about that one and not about all.

use jsonschema::error::{ValidationError, ValidationErrorKind};
use serde_json::Value;
use wireproof_openapi::Pointer;

use super::{Schemas, Wording, sentence};

type Branches = [Vec<ValidationError<'static>>];

/// What to say of a value that fits no branch.
pub(super) fn none_fits(
    schemas: &Schemas,
    branches: &Branches,
    instance: &Pointer,
    schema: &Pointer,
    (value, entry): (&Value, &Pointer),
    wording: &Wording<'_>,
) -> String {
    if let Some(complaint) = schema.parent().and_then(|owner| schemas.tagged.get(&owner)?.complaint(value)) {
        return format!("fits none of the branches of `{}`: {complaint}", schema.last().unwrap_or_default());
    }
    if let Some(needs) = presence(branches, instance) {
        return needs;
    }
    if let Some(problem) = sentence::type_of_none(branches, value, instance, wording) {
        return problem;
    }
    let count = branches.len();
    let keyword_name = schema.last().unwrap_or_default().into_owned();
    let closest = branches
        .iter()
        .enumerate()
        .filter(|(_, errors)| !errors.is_empty())
        .min_by_key(|(index, errors)| (distance(errors, instance), *index));
    let Some((index, errors)) = closest else { return format!("fits none of the {count} branches of `{keyword_name}`") };
    let name = branch_name(schemas, schema, index);
    let Some(first) = errors.first() else { return format!("fits none of the {count} branches of `{keyword_name}`") };
    let place = Pointer::from_plain(first.instance_path().as_str());
    let problem = sentence::problems(schemas, first, &place, &schemas.keyword(first, entry), entry, wording).into_iter().next();
    let why = problem.map(|(place, problem)| format!("{} {problem}", wording.subject(&place))).unwrap_or_default();
    let more = if errors.len() > 1 { format!(" (and {} more)", errors.len() - 1) } else { String::new() };
    format!("fits none of the {count} branches of `{keyword_name}`; the closest is {name}: {why}{more}")
}

/// What to say of a value that fits several branches of a `oneOf`.
pub(super) fn several_fit(schemas: &Schemas, branches: &Branches, schema: &Pointer) -> String {
    let fitting = branches.iter().enumerate().filter(|(_, errors)| errors.is_empty()).map(|(index, _)| branch_name(schemas, schema, index));
    format!("fits more than one branch of `oneOf`, which allows one only: {}", fitting.collect::<Vec<_>>().join(", "))
}

/// Where every branch fails for nothing but missing members of this very object, the members are all there is to say.
fn presence(branches: &Branches, instance: &Pointer) -> Option<String> {
    let missing = |errors: &Vec<ValidationError<'static>>| {
        let names = errors.iter().map(|error| match error.kind() {
            ValidationErrorKind::Required { property } if error.instance_path().as_str() == instance.as_str() => {
                property.as_str().map(|name| format!("`{name}`"))
            }
            _ => None,
        });
        names.collect::<Option<Vec<_>>>().filter(|names| !names.is_empty()).map(|names| names.join(" and "))
    };
    let alternatives = branches.iter().map(missing).collect::<Option<Vec<_>>>()?;
    Some(match alternatives.as_slice() {
        [only] => format!("lacks {only}"),
        [first, second] if !first.contains(' ') && !second.contains(' ') => {
            format!("has neither {first} nor {second}; one of them is required")
        }
        many => format!("needs {}", many.join(", or ")),
    })
}

/// How far a value is from a branch: another type is farthest, then another tag, then the number of faults.
fn distance(errors: &[ValidationError<'static>], instance: &Pointer) -> (bool, bool, usize) {
    let here = |error: &ValidationError<'_>| error.instance_path().as_str() == instance.as_str();
    let other_type = errors
        .iter()
        .any(|error| here(error) && matches!(error.kind(), ValidationErrorKind::Type { .. } | ValidationErrorKind::FalseSchema));
    // A member that must be one constant is what tells branches apart where there is no discriminator.
    let other_tag = errors.iter().any(|error| {
        let below = error.instance_path().as_str().strip_prefix(instance.as_str());
        let member = below.is_some_and(|rest| rest.matches('/').count() == 1);
        match error.kind() {
            ValidationErrorKind::Constant { .. } => member,
            ValidationErrorKind::Enum { options } => member && options.as_array().is_some_and(|options| options.len() == 1),
            _ => false,
        }
    });
    (other_type, other_tag, errors.len())
}

/// The name of a branch: that of the schema it refers to, its title, or its number.
fn branch_name(schemas: &Schemas, schema: &Pointer, index: usize) -> String {
    let document = schemas.document();
    let branch = document.get(&schema.index(index));
    let referred = branch.and_then(|branch| branch.get("$ref")?.as_str()).and_then(|reference| document.reference(reference));
    if let Some(name) = referred.as_ref().and_then(Pointer::last) {
        return format!("`{name}`");
    }
    match branch.and_then(|branch| branch.get("title")?.as_str()) {
        Some(title) => format!("`{}`", super::shorten(title, 60)),
        None => format!("branch {}", index + 1),
    }
}
