//! What the types are known not to enforce. An invalid instance that a type takes must break nothing but keywords of this list;
//! any other is a failure, so that a type that starts to take more than before is found out.

use std::collections::BTreeSet;

use serde_json::Value;
use wireproof_contract::synthesis::Violation;
use wireproof_openapi::{Document, Pointer, Source};

/// The keywords that types do not enforce, and why that is so.
const ALLOWED: [(&str, &str); 27] = [
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
    (OTHER_BRANCH, "what does not fit the branch that its tag names, and all of which another one names, is of that one"),
    (TYPE_BESIDE, "where a type rules a branch out that stands beside it, the branch counts"),
    ("if", "a condition on values is no type"),
    ("patternProperties", "members told apart by their names have one type that takes all of them"),
    ("prefixItems", "a list whose first items may be missing has items of any of their types"),
];

/// Keywords whose subschemas types read together: whatever is broken inside of them goes by their names.
const BLURRED: [(&str, &str); 5] =
    [("if", "if"), ("then", "if"), ("else", "if"), ("patternProperties", "patternProperties"), ("prefixItems", "prefixItems")];

/// The name for values of a branch that the `type` beside its choice rules out.
const TYPE_BESIDE: &str = "type beside a choice";

/// The name for values of a `discriminator` that no branch has.
const TAG: &str = "discriminator";

/// The name for values that fit a branch, but not the one that their `discriminator` names.
const OTHER_BRANCH: &str = "discriminator of another branch";

/// The name for values that several branches of a `oneOf` accept.
const OVERLAP: &str = "oneOf overlap";

/// Why a keyword of the list is in it.
pub(super) fn reason(name: &str) -> Option<&'static str> {
    ALLOWED.iter().find(|(known, _)| *known == name).map(|(_, reason)| *reason)
}

/// The loosenesses that explain why a type takes `value`, which breaks all of `violations`; `None` where they do not.
pub(super) fn explain(document: &Document, value: &Value, violations: &[Violation]) -> Option<BTreeSet<&'static str>> {
    // Of what is kept as it came, nothing at all is looked at.
    let kept: Vec<Pointer> = violations.iter().filter_map(|violation| kept_as_it_came(document, violation, value)).collect();
    let mut names = BTreeSet::new();
    for violation in violations {
        if kept.iter().any(|place| violation.instance().starts_with(place)) {
            names.insert(TAG);
            continue;
        }
        match violation {
            Violation::Keyword { keyword, schema, through, .. } => {
                names.insert(beside(document, schema).or_else(|| name_of(keyword, through))?);
            }
            Violation::Overlap { .. } => {
                names.insert(OVERLAP);
            }
            // One branch that the type reads is enough; the one that takes the least looseness explains the most.
            Violation::Choice { branches, .. } => {
                names.extend(branches.iter().filter_map(|branch| explain(document, value, branch)).min_by_key(BTreeSet::len)?);
            }
        }
    }
    Some(names)
}

/// The same where `violations` are what the document without its discriminators holds against the value, since the ones that count
/// them in are not explained: which branch a value names is no constraint.
pub(super) fn explain_without_tags(document: &Document, value: &Value, violations: &[Violation]) -> Option<BTreeSet<&'static str>> {
    let mut names = explain(document, value, violations)?;
    if !names.contains(TAG) {
        names.insert(OTHER_BRANCH);
    }
    Some(names)
}

/// The document without the discriminators of its unions; `None` where it cannot be read again.
pub(super) fn without_tags(document: &Document) -> Option<Document> {
    let mut root = document.root().clone();
    remove_tags(&mut root);
    Document::parse(Source::new("document.json", root.to_string())).ok()
}

fn remove_tags(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_union = ["oneOf", "anyOf"].iter().any(|keyword| members.get(*keyword).is_some_and(Value::is_array));
            if is_union && members.get("discriminator").is_some_and(|tag| tag.get("propertyName").is_some_and(Value::is_string)) {
                members.shift_remove("discriminator");
            }
            members.values_mut().for_each(remove_tags);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_tags),
        _ => {}
    }
}

/// The blurred keyword beside one that says what else there may be: `items` speaks of the items that `prefixItems` leaves,
/// `unevaluatedItems` of those that the condition has not looked at.
fn beside(document: &Document, schema: &Pointer) -> Option<&'static str> {
    let node = document.get(&schema.parent()?)?;
    let blurred = match schema.last()?.as_ref() {
        "items" => "prefixItems",
        "unevaluatedItems" => "if",
        "additionalProperties" | "unevaluatedProperties" => "patternProperties",
        "type" => return rules_a_branch_out(document, node).then_some(TYPE_BESIDE),
        _ => return None,
    };
    node.get(blurred).map(|_| blurred)
}

/// Whether the `type` of a schema is none that some branch beside it names.
fn rules_a_branch_out(document: &Document, node: &Value) -> bool {
    let named = |ty: &Value| match ty {
        Value::Array(names) => names.clone(),
        name => vec![name.clone()],
    };
    let Some(own) = node.get("type").map(named) else { return false };
    let branches = ["anyOf", "oneOf"].into_iter().filter_map(|keyword| node.get(keyword)?.as_array()).flatten();
    let targets = branches.map(|branch| {
        let target = branch.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference));
        target.and_then(|target| document.get(&target)).unwrap_or(branch)
    });
    targets.filter_map(|branch| branch.get("type").map(named)).any(|types| !types.iter().any(|ty| own.contains(ty)))
}

fn name_of(keyword: &str, through: &[String]) -> Option<&'static str> {
    let blurred = through.iter().find_map(|step| BLURRED.iter().find(|(known, _)| known == step));
    blurred.map(|(_, name)| *name).or_else(|| ALLOWED.iter().find(|(known, _)| *known == keyword).map(|(known, _)| *known))
}

/// The place around a violation where a value names none of the branches of a choice that is told apart by a member: types
/// keep such a value as it came.
fn kept_as_it_came(document: &Document, violation: &Violation, value: &Value) -> Option<Pointer> {
    let mut lists = Vec::new();
    for schema in upwards(violation.schema()) {
        tagged_lists(document, &schema, 0, &mut lists);
    }
    upwards(violation.instance()).find(|place| {
        let value = value.pointer(place.as_str());
        lists.iter().any(|list| has_unknown_tag(document, list, value))
    })
}

/// A place and all above it.
fn upwards(place: &Pointer) -> impl Iterator<Item = Pointer> {
    std::iter::successors(Some(place.clone()), Pointer::parent)
}

/// The choices with a discriminator among the schemas that hold together with the one at `at`.
fn tagged_lists(document: &Document, at: &Pointer, depth: usize, lists: &mut Vec<Pointer>) {
    let Some(Value::Object(node)) = document.get(at).filter(|_| depth < 8) else { return };
    if node.contains_key("discriminator") {
        lists.extend(["oneOf", "anyOf"].iter().filter(|keyword| node.contains_key(**keyword)).map(|keyword| at.join(keyword)));
    }
    let all = node.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    for index in 0..all {
        tagged_lists(document, &at.join("allOf").index(index), depth + 1, lists);
    }
    if let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| document.reference(reference)) {
        tagged_lists(document, &target, depth + 1, lists);
    }
}

/// Whether the member that tells the branches of `list` apart names none of them.
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

    fn document() -> Document {
        let text = "
openapi: 3.1.0
info: {title: T, version: '1'}
components:
  schemas:
    Cat: {}
    Owned: {allOf: [{required: [owner]}, {$ref: '#/components/schemas/Pet'}]}
    Named: {patternProperties: {'^x': {}}, additionalProperties: false}
    Closed: {additionalProperties: false, unevaluatedItems: false}
    Seen: {if: {prefixItems: [true]}, unevaluatedItems: false}
    Ruled: {type: object, oneOf: [{type: string}, {required: [x]}]}
    Fine: {type: object, oneOf: [{type: object}, {required: [x]}]}
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
        let overlap = Violation::Overlap { instance: Pointer::root(), schema: Pointer::from_plain("/components/schemas/Fine/oneOf") };
        check(&json!(1), &[overlap], Some(&[OVERLAP]));
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
            [Violation::Keyword { keyword: "required".to_owned(), instance: Pointer::root(), schema, through: Vec::new() }]
        };
        check(&json!({}), &refused("Named/additionalProperties"), Some(&["patternProperties"]));
        check(&json!({}), &refused("Closed/additionalProperties"), None);
        check(&json!([]), &refused("Seen/unevaluatedItems"), Some(&["if"]));
        check(&json!([]), &refused("Closed/unevaluatedItems"), None);
        check(&json!({}), &refused("Ruled/type"), Some(&[TYPE_BESIDE]));
        check(&json!({}), &refused("Fine/type"), None);
    }

    #[test]
    fn only_tags_that_no_branch_has_are_kept() {
        let refused = || [choice(vec![vec![keyword("type")]])];
        check(&json!({"kind": "fox"}), &refused(), Some(&[TAG]));
        check(&json!({"kind": "fox"}), &[refused(), [keyword("required")]].concat(), Some(&[TAG]));
        let beside = |place: &str| {
            let schema = Pointer::from_plain(format!("/components/schemas/Owned/{place}"));
            [Violation::Keyword { keyword: "required".to_owned(), instance: Pointer::root(), schema, through: Vec::new() }]
        };
        check(&json!({"kind": "fox"}), &beside("allOf/0/required"), Some(&[TAG]));
        check(&json!({"kind": "dog"}), &beside("allOf/0/required"), None);
        check(&json!({"kind": "Cat"}), &refused(), None);
        check(&json!({"kind": "dog"}), &refused(), None);
        check(&json!({}), &refused(), None);
    }

    #[test]
    fn a_value_may_fit_another_branch_than_it_names() {
        let document = document();
        let plain = without_tags(&document).expect("a document");
        let pet = Pointer::from_plain("/components/schemas/Pet");
        let tagless = |schema: &Value| schema.get("discriminator").is_none() && schema.get("oneOf").is_some();
        assert!(plain.get(&pet).is_some_and(tagless));
        let explained = |value: &Value, violations: &[Violation]| {
            explain_without_tags(&document, value, violations).map(|names| names.into_iter().collect::<Vec<_>>())
        };
        assert_eq!(explained(&json!({"kind": "dog"}), &[]), Some(vec![OTHER_BRANCH]));
        assert_eq!(explained(&json!({"kind": "fox"}), &[choice(vec![vec![keyword("type")]])]), Some(vec![TAG]));
        assert_eq!(explained(&json!({"kind": "dog"}), &[choice(vec![vec![keyword("required")]])]), None);
    }
}
