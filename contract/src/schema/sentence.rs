//! Sentences: what an error of the validator says to people. The subject is the place, values are masked unless they were
//! asked for, and what the document itself says (allowed values, limits, patterns) is always shown.

use jsonschema::JsonType;
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use serde_json::Value;
use wireproof_openapi::Pointer;

use super::{Schemas, union};

/// How a checked value is spoken of.
#[derive(Clone, Debug)]
pub(crate) struct Wording<'w> {
    /// What the whole value is called, as `the body` or `` query parameter `limit` ``.
    pub(crate) whole: &'w str,
    /// Whether the values themselves may be shown.
    pub(crate) show_values: bool,
}

impl Wording<'_> {
    /// The name of a place.
    pub(crate) fn subject(&self, instance: &Pointer) -> String {
        match (instance.as_str(), self.whole) {
            ("", whole) => whole.to_owned(),
            (place, "the body") => format!("`{}`", shorten(place, 200)),
            (place, whole) => format!("`{}` of {whole}", shorten(place, 200)),
        }
    }

    /// The value itself in brackets, where it may be shown.
    fn shown(&self, value: &Value) -> String {
        if self.show_values { format!(" ({})", shorten(&value.to_string(), 80)) } else { String::new() }
    }

    /// What a value is, with its size: all that is said of it where it may not be shown.
    pub(crate) fn describe(&self, value: &Value) -> String {
        let text = match value {
            Value::String(text) => format!("a string of {}", counted(text.chars().count(), "character")),
            Value::Array(items) => format!("an array of {}", counted(items.len(), "item")),
            Value::Object(members) => format!("an object of {}", counted(members.len(), "member")),
            Value::Number(_) | Value::Bool(_) | Value::Null => kind(value).to_owned(),
        };
        format!("{text}{}", self.shown(value))
    }
}

/// What is wrong with which place: a predicate for each. Most errors are one; extra members are one each.
pub(super) fn problems(
    schemas: &Schemas,
    error: &ValidationError<'_>,
    instance: &Pointer,
    schema: &Pointer,
    entry: &Pointer,
    wording: &Wording<'_>,
) -> Vec<(Pointer, String)> {
    use ValidationErrorKind as Kind;
    let value = error.instance();
    let here = |problem: String| vec![(instance.clone(), problem)];
    let is = || wording.describe(value);
    match error.kind() {
        Kind::Type { kind: expected } => here(type_problem(value, expected, wording)),
        Kind::Required { property } => here(format!("lacks {}, which is required", quoted(property))),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            // `false` permits none; with a schema, a member of another name may be there, but not this value.
            let problem = if schemas.document().get(schema).is_none_or(|keyword| keyword == &Value::Bool(false)) {
                "is not allowed: the schema permits no members but those it names"
            } else {
                "is none of the members that the schema names, and not what it asks of others"
            };
            unexpected.iter().map(|name| (instance.join(name), problem.to_owned())).collect()
        }
        Kind::Enum { options } => here(format!("is {}, expected {}", is(), options_text(options))),
        Kind::Constant { expected_value } => here(format!("is {}, expected {}", is(), quoted(expected_value))),
        Kind::Minimum { limit } => here(format!("is {}, below the minimum of {limit}", is())),
        Kind::Maximum { limit } => here(format!("is {}, above the maximum of {limit}", is())),
        Kind::ExclusiveMinimum { limit } => here(format!("is {}, expected more than {limit}", is())),
        Kind::ExclusiveMaximum { limit } => here(format!("is {}, expected less than {limit}", is())),
        Kind::MultipleOf { multiple_of } => here(format!("is {}, expected a multiple of {multiple_of}", is())),
        Kind::MinLength { limit } => here(format!("is {}, expected at least {}", is(), counted_u64(*limit, "character"))),
        Kind::MaxLength { limit } => here(format!("is {}, expected at most {}", is(), counted_u64(*limit, "character"))),
        Kind::MinItems { limit } => here(format!("is {}, expected at least {}", is(), counted_u64(*limit, "item"))),
        Kind::MaxItems { limit } => here(format!("is {}, expected at most {}", is(), counted_u64(*limit, "item"))),
        Kind::AdditionalItems { limit } => here(format!("is {}, expected at most {}", is(), counted(*limit, "item"))),
        Kind::UnevaluatedItems { .. } => here("has items that the schema does not describe and does not permit".to_owned()),
        Kind::MinProperties { limit } => here(format!("is {}, expected at least {}", is(), counted_u64(*limit, "member"))),
        Kind::MaxProperties { limit } => here(format!("is {}, expected at most {}", is(), counted_u64(*limit, "member"))),
        Kind::UniqueItems => here("has items that are equal, expected each to be different".to_owned()),
        Kind::Contains => here("has no item, or not the right number of items, of the kind that it must contain".to_owned()),
        Kind::Pattern { pattern } => here(format!("is {}, which does not match the pattern `{}`", is(), shorten(pattern, 120))),
        Kind::Format { format } => here(format!("is {}, which is no valid `{}`", is(), shorten(format, 60))),
        Kind::Not { .. } => here("is what `not` excludes".to_owned()),
        Kind::FalseSchema => here("must not be there: its schema is `false`".to_owned()),
        Kind::PropertyNames { error } => here(format!("has a member whose name is not allowed: {}", error.masked_with("the name"))),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            here(union::none_fits(schemas, context, instance, schema, (value, entry), wording))
        }
        Kind::OneOfMultipleValid { context } => here(union::several_fit(schemas, context, schema)),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            here("cannot be decided: its pattern takes too long to match".to_owned())
        }
        Kind::ContentEncoding { .. }
        | Kind::ContentMediaType { .. }
        | Kind::Custom { .. }
        | Kind::FromUtf8 { .. }
        | Kind::Referencing(_) => here(format!("is {}, which `{}` does not allow", is(), error.kind().keyword())),
    }
}

/// Whether an error says that the validator gave up.
pub(super) fn undecided(kind: &ValidationErrorKind) -> bool {
    matches!(
        kind,
        ValidationErrorKind::BacktrackLimitExceeded { .. }
            | ValidationErrorKind::RegexEngineFailure { .. }
            | ValidationErrorKind::Referencing(_)
    )
}

fn type_problem(value: &Value, expected: &TypeKind, wording: &Wording<'_>) -> String {
    other_type(value, &names_of(expected), wording)
}

/// A value that is of none of these types.
fn other_type(value: &Value, names: &[&str], wording: &Wording<'_>) -> String {
    let fraction = value.is_number() && names.contains(&"an integer");
    let is = if fraction { "a number with a fraction" } else { kind(value) };
    format!("is {is}{}, expected {}", wording.shown(value), alternatives(names))
}

/// A value that is of the type of none of several branches; `None` where that is not all there is to say of a branch.
pub(super) fn type_of_none(
    branches: &[Vec<ValidationError<'static>>],
    value: &Value,
    instance: &Pointer,
    wording: &Wording<'_>,
) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for errors in branches {
        let of_type = errors.iter().find_map(|error| match error.kind() {
            ValidationErrorKind::Type { kind } if error.instance_path().as_str() == instance.as_str() => Some(kind),
            _ => None,
        })?;
        for name in names_of(of_type) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    (branches.len() > 1).then(|| other_type(value, &names, wording))
}

/// The names of types, `null` last, as the afterthought that it is in documents.
fn names_of(kinds: &TypeKind) -> Vec<&'static str> {
    match kinds {
        TypeKind::Single(kind) => vec![type_name(*kind)],
        TypeKind::Multiple(kinds) => {
            let (null, named): (Vec<JsonType>, Vec<JsonType>) = kinds.iter().partition(|kind| *kind == JsonType::Null);
            named.into_iter().chain(null).map(type_name).collect()
        }
    }
}

fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Array => "an array",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    }
}

/// The kind of a value, as in "is a string".
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn alternatives(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn options_text(options: &Value) -> String {
    const SHOWN: usize = 8;
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let shown: Vec<String> = options.iter().take(SHOWN).map(quoted).collect();
    match (options.len(), shown.as_slice()) {
        (_, []) => "nothing: no value is allowed".to_owned(),
        (1, [only]) => only.clone(),
        (count, shown) if count > SHOWN => format!("one of {} and {} more", shown.join(", "), count - SHOWN),
        (_, shown) => format!("one of {}", shown.join(", ")),
    }
}

/// A value of the document: strings bare, all else as JSON.
fn quoted(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", shorten(text, 60)),
        other => format!("`{}`", shorten(&other.to_string(), 60)),
    }
}

fn counted(count: usize, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn counted_u64(count: u64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Text cut to `limit` characters, control characters escaped.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for (count, letter) in text.chars().enumerate() {
        if count >= limit {
            out.push('…');
            break;
        }
        if letter.is_control() { out.extend(letter.escape_default()) } else { out.push(letter) }
    }
    out
}
