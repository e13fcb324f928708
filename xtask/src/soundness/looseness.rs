//! What the types are known not to enforce. An invalid instance that a type takes must break nothing but keywords of this list;
//! any other is a failure, so that a type that starts to take more than before is found out.

use std::collections::BTreeSet;

use serde_json::Value;
use wireproof_contract::synthesis::Violation;
use wireproof_openapi::{Document, Pointer};

/// The keywords that types do not enforce, and why that is so.
const ALLOWED: [(&str, &str); 25] = [
    ("minLength", "a length is no type"),
    ("maxLength", "a length is no type"),
    ("pattern", "text is text"),
    ("format", "text is text"),
    ("minimum", "integers have the bounds of 32 and 64 bits only"),
    ("maximum", "integers have the bounds of 32 and 64 bits only"),
    ("exclusiveMinimum", "integers have the bounds of 32 and 64 bits only"),
    ("exclusiveMaximum", "integers have the bounds of 32 and 64 bits only"),
    ("multipleOf", "a divisor is no type"),
    ("minItems", "a length is no type"),
    ("maxItems", "a length is no type"),
    ("uniqueItems", "lists keep what they are given"),
    ("contains", "lists keep what they are given"),
    ("enum", "an enumeration that is received keeps values that it does not know"),
    ("const", "an enumeration that is received keeps values that it does not know"),
    ("propertyNames", "names of members are data"),
    ("not", "types say what may be, not what may not"),
    ("minProperties", "a map has as many members as it has"),
    ("maxProperties", "a map has as many members as it has"),
    ("unevaluatedProperties", "which members other keywords have looked at is no type"),
    (OVERLAP, "the first branch that takes a value has it"),
    (TAG, "a kind that the document does not name is kept as it came"),
    ("if", "a condition on values is no type"),
    ("patternProperties", "members told apart by their names have one type that takes all of them"),
    ("prefixItems", "a list whose first items may be missing has items of any of their types"),
];

/// Keywords whose subschemas types read together: whatever is broken inside of them goes by their names.
const BLURRED: [(&str, &str); 5] =
    [("if", "if"), ("then", "if"), ("else", "if"), ("patternProperties", "patternProperties"), ("prefixItems", "prefixItems")];

/// The name for values of a `discriminator` that no branch has.
const TAG: &str = "discriminator";

/// The name for values that several branches of a `oneOf` accept.
const OVERLAP: &str = "oneOf overlap";

/// Why a keyword of the list is in it.
pub(super) fn reason(name: &str) -> Option<&'static str> {
    ALLOWED.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason)
}

/// The loosenesses that explain why a type takes `value`, which breaks all of `violations`; `None` where they do not.
pub(super) fn explain(document: &Document, value: &Value, violations: &[Violation]) -> Option<BTreeSet<&'static str>> {
    let mut names = BTreeSet::new();
    for violation in violations {
        match violation {
            Violation::Keyword { keyword, schema, through, .. } => {
                names.insert(beside(document, schema).or_else(|| name_of(keyword, through))?);
            }
            Violation::Overlap => {
                names.insert(OVERLAP);
            }
            Violation::Choice { instance, schema, .. } if has_unknown_tag(document, schema, value.pointer(instance.as_str())) => {
                names.insert(TAG);
            }
            // One branch that the type reads is enough; the one that takes the least looseness explains the most.
            Violation::Choice { branches, .. } => {
                names.extend(branches.iter().filter_map(|branch| explain(document, value, branch)).min_by_key(BTreeSet::len)?);
            }
        }
    }
    Some(names)
}

/// The blurred keyword beside one that says what else there may be: `items` speaks of the items that `prefixItems` leaves.
fn beside(document: &Document, schema: &Pointer) -> Option<&'static str> {
    let node = document.get(&schema.parent()?)?;
    let blurred = match schema.last()?.as_ref() {
        "items" => "prefixItems",
        "additionalProperties" | "unevaluatedProperties" => "patternProperties",
        _ => return None,
    };
    node.get(blurred).map(|_| blurred)
}

fn name_of(keyword: &str, through: &[String]) -> Option<&'static str> {
    let blurred = through.iter().find_map(|step| BLURRED.iter().find(|(known, _)| known == step));
    blurred.map(|(_, name)| *name).or_else(|| ALLOWED.iter().find(|(known, _)| *known == keyword).map(|(known, _)| *known))
}

/// Whether a choice is told apart by a member whose value names none of the branches.
fn has_unknown_tag(document: &Document, list: &Pointer, value: Option<&Value>) -> bool {
    let discriminator = list.parent().and_then(|at| document.get(&at)).and_then(|node| node.get("discriminator"));
    let Some(property) = discriminator.and_then(|object| object.get("propertyName")).and_then(Value::as_str) else { return false };
    let Some(tag) = value.and_then(|value| value.get(property)).and_then(Value::as_str) else { return false };
    let mapping = discriminator.and_then(|object| object.get("mapping")).and_then(Value::as_object);
    let mut references =
        document.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(|branch| branch.get("$ref")?.as_str());
    let is_mapped = mapping.is_some_and(|mapping| mapping.contains_key(tag));
    !is_mapped && !references.any(|reference| reference.rsplit('/').next() == Some(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use wireproof_openapi::Source;

    fn document() -> Document {
        let text = "
openapi: 3.1.0
info: {title: T, version: '1'}
components:
  schemas:
    Cat: {}
    Named: {patternProperties: {'^x': {}}, additionalProperties: false}
    Closed: {additionalProperties: false}
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}]
      discriminator: {propertyName: kind, mapping: {dog: Dog}}
";
        Document::parse(Source::new("pets.yaml", text)).expect("a document")
    }

    fn keyword(path: &str) -> Violation {
        let through: Vec<String> = path.split('/').map(str::to_owned).collect();
        Violation::Keyword {
            keyword: through.last().cloned().unwrap_or_default(),
            instance: Pointer::root(),
            schema: Pointer::root(),
            through,
        }
    }

    fn choice(branches: Vec<Vec<Violation>>) -> Violation {
        Violation::Choice { instance: Pointer::root(), schema: Pointer::from_plain("/components/schemas/Pet/oneOf"), branches }
    }

    #[track_caller]
    fn check(value: &Value, violations: &[Violation], expected: Option<&[&'static str]>) {
        let names = explain(&document(), value, violations).map(|names| names.into_iter().collect::<Vec<_>>());
        assert_eq!(names.as_deref(), expected);
    }

    #[test]
    fn a_choice_is_explained_by_one_branch_and_a_list_by_all() {
        check(&json!(1), &[keyword("pattern"), keyword("enum")], Some(&["enum", "pattern"]));
        check(&json!(1), &[keyword("pattern"), keyword("required")], None);
        let branches = vec![vec![keyword("type")], vec![keyword("format"), keyword("enum")], vec![keyword("enum")]];
        check(&json!(1), &[choice(branches)], Some(&["enum"]));
        check(&json!(1), &[choice(vec![vec![keyword("type")]])], None);
        check(&json!(1), &[Violation::Overlap], Some(&[OVERLAP]));
    }

    #[test]
    fn what_is_inside_of_blurred_keywords_goes_by_their_names() {
        check(&json!(1), &[keyword("then/$ref/required")], Some(&["if"]));
        check(&json!(1), &[keyword("properties/prefixItems/type")], Some(&["prefixItems"]));
        check(&json!(1), &[keyword("properties/type")], None);
    }

    #[test]
    fn what_else_there_may_be_goes_by_the_keyword_beside_it() {
        let refused = |place: &str| {
            let schema = Pointer::from_plain(format!("/components/schemas/{place}"));
            [Violation::Keyword { keyword: "additionalProperties".to_owned(), instance: Pointer::root(), schema, through: Vec::new() }]
        };
        check(&json!({}), &refused("Named/additionalProperties"), Some(&["patternProperties"]));
        check(&json!({}), &refused("Closed/additionalProperties"), None);
    }

    #[test]
    fn only_tags_that_no_branch_has_are_kept() {
        let refused = || [choice(vec![vec![keyword("type")]])];
        check(&json!({"kind": "fox"}), &refused(), Some(&[TAG]));
        check(&json!({"kind": "Cat"}), &refused(), None);
        check(&json!({"kind": "dog"}), &refused(), None);
        check(&json!({}), &refused(), None);
    }
}
