//! `branch-unreachable` and `branches-overlap`: branches of `oneOf` that get into each other's way. That two branches overlap is shown by
//! an instance that both accept; that one is never the only one to hold, by subtracting the other from it.

use std::sync::Arc;

use jsonschema::canonical::{self, Containment, PreparedDocument};
use serde_json::Value;
use wireproof_contract::{Side, synthesis::Synthesiser};
use wireproof_openapi::Pointer;

use super::context::{Context, shorten};
use super::null_requirement::is_presence;
use super::rule::Rule;

/// How many `oneOf`s of one document are looked at, and how many branches of each.
const UNIONS: usize = 400;
const BRANCHES: usize = 24;
/// How many instances of a branch are made.
const INSTANCES: usize = 12;
const SEED: u64 = 1;
/// An instance longer than this tells a reader nothing.
const SHOWN: usize = 120;

pub(super) fn check(context: &mut Context<'_>) {
    let unions: Vec<(Pointer, usize)> =
        context.schemas.iter().filter_map(|(place, node)| Some((place.join("oneOf"), branches(node)?))).take(UNIONS).collect();
    if unions.is_empty() {
        return;
    }
    let Ok(synthesiser) = Synthesiser::new(Arc::clone(context.shared)) else { return };
    let prepared = canonical::options().offline().should_validate_formats(true).prepare(context.document.root()).ok();
    for (place, count) in unions {
        for index in 0..count {
            look_at(context, &synthesiser, prepared.as_ref(), &place, (index, count));
        }
    }
}

/// How many branches a schema's `oneOf` has, where they are to be told apart by what they accept: no discriminator says which is
/// meant, nothing beside it narrows them, and they do more than ask whether members are there.
fn branches(node: &Value) -> Option<usize> {
    let members = node.as_object()?;
    let branches = members.get("oneOf")?.as_array().filter(|branches| (2..=BRANCHES).contains(&branches.len()))?;
    let narrowed = members.keys().any(|key| {
        matches!(key.as_str(), "discriminator" | "properties" | "required" | "allOf" | "anyOf" | "$ref" | "enum" | "const" | "not" | "if")
    });
    let presence = branches.iter().any(|branch| branch.as_object().is_some_and(is_presence));
    (!narrowed && !presence).then_some(branches.len())
}

fn look_at(
    context: &mut Context<'_>,
    synthesiser: &Synthesiser,
    prepared: Option<&PreparedDocument<'_>>,
    union: &Pointer,
    (index, count): (usize, usize),
) {
    let branch = union.index(index);
    let made = synthesiser.valid(&branch, Side::Response, SEED, INSTANCES);
    if made.instances.is_empty() {
        return;
    }
    let mut overlap = None;
    for other in (0..count).filter(|other| *other != index) {
        let place = union.index(other);
        let both: Vec<&Value> = made
            .instances
            .iter()
            .map(|instance| &instance.value)
            .filter(|value| synthesiser.accepts(&place, Side::Response, value))
            .collect();
        if both.len() == made.instances.len() && covers(prepared, &place, &branch) {
            let (this, that) = called(context, &branch, &place);
            let message =
                format!("{this} is never the branch that holds: all that it accepts, {that} accepts, too, and `oneOf` then refuses it");
            context.find(Rule::BranchUnreachable, &branch, message);
            return;
        }
        // Each pair is told once, at the later of the two, and with the shortest instance.
        if other < index
            && overlap.is_none()
            && let Some(value) = both.into_iter().min_by_key(|value| value.to_string().len())
        {
            overlap = Some((place, value.to_string()));
        }
    }
    if let Some((place, value)) = overlap {
        let shown = if value.chars().count() <= SHOWN { format!(" (`{value}`)") } else { String::new() };
        let (this, that) = called(context, &place, &branch);
        let message =
            format!("{this} and {that} accept the same value{shown}, which `oneOf` refuses: say `anyOf`, or give them a discriminator");
        context.find(Rule::BranchesOverlap, &branch, message);
    }
}

/// Whether everything that `part` accepts is accepted by `whole`, for certain.
fn covers(prepared: Option<&PreparedDocument<'_>>, whole: &Pointer, part: &Pointer) -> bool {
    let canonical = |place: &Pointer| prepared?.canonicalize_at(place.as_str()).ok();
    match (canonical(whole), canonical(part)) {
        (Some(whole), Some(part)) => whole.covers(&part).is_ok_and(|answer| answer == Containment::Yes),
        _ => false,
    }
}

/// What two branches are called: their components, their titles, or their numbers where that would not tell them apart.
fn called(context: &Context<'_>, one: &Pointer, other: &Pointer) -> (String, String) {
    match (name(context, one), name(context, other)) {
        (Some(one), Some(other)) if one != other => (format!("`{}`", shorten(&one)), format!("`{}`", shorten(&other))),
        _ => (numbered(one), numbered(other)),
    }
}

fn name(context: &Context<'_>, branch: &Pointer) -> Option<String> {
    let node = context.document.get(branch)?;
    let target = node.get("$ref").and_then(Value::as_str).and_then(|reference| context.document.reference(reference));
    match target {
        Some(place) => place.last().map(std::borrow::Cow::into_owned),
        None => node.get("title").and_then(Value::as_str).map(str::to_owned),
    }
}

fn numbered(branch: &Pointer) -> String {
    let number = branch.last().and_then(|last| last.parse::<usize>().ok()).unwrap_or_default();
    format!("branch {}", number.saturating_add(1))
}
