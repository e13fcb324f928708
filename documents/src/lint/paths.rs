//! `paths-ambiguous` and `paths-overlap`: templates that match the same URL, so that nobody can tell which operation is meant.

use std::collections::BTreeMap;

use serde_json::Value;
use wireproof_openapi::{Location, Operation, ParameterShape};

use super::context::{Context, shorten};
use super::rule::Rule;

/// How many templates of one method and length are compared with one another; documents with more have a pattern to their paths.
const LIMIT: usize = 3_000;

/// A step of a template.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Step<'p> {
    Literal(&'p str),
    /// Nothing but one parameter.
    Any,
    /// Text around parameters: the text before the first and after the last of them.
    Mixed(&'p str, &'p str),
}

/// An operation with the steps of its path.
type Split<'p> = (&'p Operation, Vec<Step<'p>>);

impl Step<'_> {
    fn of(text: &str) -> Step<'_> {
        match (text.find('{'), text.rfind('}')) {
            (Some(0), Some(end)) if end + 1 == text.len() && text.matches('{').count() == 1 => Step::Any,
            (Some(begin), Some(end)) if begin < end => {
                Step::Mixed(text.get(..begin).unwrap_or_default(), text.get(end + 1..).unwrap_or_default())
            }
            _ => Step::Literal(text),
        }
    }

    /// Whether some text matches both.
    fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Step::Literal(left), Step::Literal(right)) => left == right,
            (Step::Any, _) | (_, Step::Any) => true,
            (Step::Mixed(before, after), Step::Literal(text)) | (Step::Literal(text), Step::Mixed(before, after)) => {
                text.len() > before.len() + after.len() && text.starts_with(before) && text.ends_with(after)
            }
            (Step::Mixed(before, after), Step::Mixed(other_before, other_after)) => {
                (before.starts_with(other_before) || other_before.starts_with(before))
                    && (after.ends_with(other_after) || other_after.ends_with(after))
            }
        }
    }

    /// How particular it is: routers take the literal one first.
    fn weight(&self) -> u8 {
        match self {
            Step::Literal(_) => 2,
            Step::Mixed(..) => 1,
            Step::Any => 0,
        }
    }
}

pub(super) fn check(context: &mut Context<'_>) {
    let document = context.document;
    let mut groups: BTreeMap<(&str, usize), Vec<Split<'_>>> = BTreeMap::new();
    for operation in document.operations() {
        // A query or fragment in a template is no part of the path that routers see.
        let path = operation.path.split(['?', '#']).next().unwrap_or_default();
        if path.len() < operation.path.len() {
            continue;
        }
        let steps: Vec<Step<'_>> = path.split('/').map(Step::of).collect();
        groups.entry((&operation.method, steps.len())).or_default().push((operation, steps));
    }
    for group in groups.values().filter(|group| group.len() <= LIMIT) {
        for (index, (operation, steps)) in group.iter().enumerate() {
            let earlier = group.get(..index).unwrap_or_default().iter();
            let mut others = earlier.filter(|(other, _)| other.path != operation.path);
            let alike = |(other, theirs): &&Split<'_>| {
                undecided(steps, theirs) && takes(context, operation, theirs) && takes(context, other, steps)
            };
            let Some((other, theirs)) = others.find(alike) else { continue };
            let (left, right) = (shorten(&operation.path), shorten(&other.path));
            if steps == theirs {
                let message =
                    format!("{} `{left}` and `{right}` match the same URLs: merge them, as nothing tells them apart", operation.method);
                context.find(Rule::PathsAmbiguous, &operation.pointer, message);
            } else {
                let url = common(steps, theirs);
                let message = format!("{} `{left}` and `{right}` both match `{url}`, and neither is the more particular", operation.method);
                context.find(Rule::PathsOverlap, &operation.pointer, message);
            }
        }
    }
}

/// Whether two templates match the same URL, and neither is as particular as the other at every step.
fn undecided(left: &[Step<'_>], right: &[Step<'_>]) -> bool {
    let meet = left.iter().zip(right).all(|(left, right)| left.meets(right));
    let weights = || left.iter().zip(right).map(|(left, right)| (left.weight(), right.weight()));
    let more = weights().any(|(left, right)| left > right);
    let less = weights().any(|(left, right)| left < right);
    let mixed = left.iter().zip(right).any(|(left, right)| matches!((left, right), (Step::Mixed(..), Step::Mixed(..))) && left != right);
    meet && more == less && (more || !mixed)
}

/// Whether an operation's parameters may be the literal texts that another template has in their places: a number is not `me`.
fn takes(context: &Context<'_>, operation: &Operation, theirs: &[Step<'_>]) -> bool {
    operation.path.split('/').zip(theirs).all(|(own, step)| {
        let (Step::Any, Step::Literal(text)) = (Step::of(own), step) else { return true };
        let name = own.trim_start_matches('{').trim_end_matches('}');
        let parameter = operation.parameters.iter().find(|one| one.location == Location::Path && one.name == name);
        let Some(ParameterShape::Schema { schema: Some(schema), .. }) = parameter.map(|one| &one.shape) else { return true };
        // The text, and what it may stand for.
        let said = [Some(Value::from(*text)), serde_json::from_str(text).ok()];
        said.into_iter().flatten().any(|value| context.accepts(schema, &value))
    })
}

/// A URL that both match.
fn common(left: &[Step<'_>], right: &[Step<'_>]) -> String {
    let step = |(left, right): (&Step<'_>, &Step<'_>)| match (left, right) {
        (Step::Literal(text), _) | (_, Step::Literal(text)) => shorten(text),
        (Step::Mixed(before, after), _) | (_, Step::Mixed(before, after)) => format!("{}x{}", shorten(before), shorten(after)),
        (Step::Any, Step::Any) => "x".to_owned(),
    };
    left.iter().zip(right).map(step).collect::<Vec<_>>().join("/")
}
