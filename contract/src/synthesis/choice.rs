//! Choices: each branch of `anyOf` and `oneOf`, and both outcomes of `if`.

use serde_json::{Map, Value, json};

use super::facets::{Choice, ChoiceKind, Facets, Parts};
use super::goal::{Candidate, Case, Goal, interleave};
use super::session::Session;

/// How many candidates are made of a branch of which few were wanted and none was valid.
const SECOND_TRY: usize = 12;

/// How many schemas are looked at for that.
const SECOND_STEPS: usize = 300;

/// Candidates for each branch.
pub(super) fn make(session: &mut Session<'_>, parts: &Parts, choice: &Choice, budget: usize) -> Vec<Candidate> {
    let mut order: Vec<usize> = (0..choice.branches).collect();
    if budget == 1 && choice.kind == ChoiceKind::Branches {
        order.sort_by_key(|index| session.weight(&choice.at.index(*index)));
    }
    let share = if budget == 1 { 1 } else { (budget / choice.branches.max(1)).max(2) };
    let mut lists = Vec::with_capacity(order.len());
    for index in order {
        let place = match choice.kind {
            ChoiceKind::Branches => choice.at.index(index),
            ChoiceKind::Condition => choice.at.clone(),
        };
        let made = branch(session, &parts.choosing(&choice.at, index), choice, index, share);
        if made.is_empty() {
            // `{"type": "null"}` beside a schema that has no null is how some generators write an optional member.
            session.cannot(&place, "no candidate for this branch is valid");
            continue;
        }
        let goal = Goal::new(place, Case::Branch);
        lists.push(made.into_iter().map(|candidate| candidate.and(goal.clone())).collect());
        if budget == 1 {
            break;
        }
    }
    interleave(lists)
}

/// Valid candidates for one branch, with more effort where the first are not.
fn branch(session: &mut Session<'_>, parts: &Parts, choice: &Choice, index: usize, budget: usize) -> Vec<Candidate> {
    if choice.kind == ChoiceKind::Branches && session.is_endless(&Parts::one(choice.at.index(index))) {
        return Vec::new();
    }
    if session.is_hopeless(parts) {
        return Vec::new();
    }
    let mut made = session.make(parts, budget);
    if made.is_empty() && budget < SECOND_TRY {
        made = session.attempt(parts, SECOND_TRY, SECOND_STEPS);
    }
    if made.is_empty() && choice.at.last().as_deref() == Some("oneOf") {
        made = apart(session, parts, choice, index);
    }
    if choice.kind == ChoiceKind::Branches {
        say_word(session, parts, choice, index, &mut made);
    }
    if made.is_empty() {
        session.give_up(parts);
    }
    made.truncate(budget);
    made
}

/// Puts a candidate first that has the `discriminator`'s word for the branch. By the schema any text may do; people send that word.
fn say_word(session: &mut Session<'_>, parts: &Parts, choice: &Choice, index: usize, made: &mut Vec<Candidate>) {
    let Some((property, word)) = word_for(session, choice, index) else { return };
    // Without the word no candidate may be valid at all.
    let first = made.first().cloned().or_else(|| session.unchecked(parts, SECOND_TRY, SECOND_STEPS).into_iter().next());
    let Some(mut candidate) = first else { return };
    let Value::Object(members) = &mut candidate.value else { return };
    if members.get(&property).is_some_and(|value| *value == word) {
        return;
    }
    members.insert(property, word.into());
    if session.accepts(parts, &candidate.value) {
        made.insert(0, candidate);
    }
}

/// The `propertyName` of the discriminator beside a choice, and the word for one branch.
fn word_for(session: &Session<'_>, choice: &Choice, index: usize) -> Option<(String, String)> {
    let document = session.document;
    let discriminator = document.get(&choice.at.parent()?)?.get("discriminator")?;
    let property = discriminator.get("propertyName")?.as_str()?.to_owned();
    let reference = document.get(&choice.at.index(index))?.get("$ref")?.as_str()?;
    let target = document.reference(reference)?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapped = mapping.into_iter().flatten().find_map(|(word, place)| {
        let place = place.as_str()?;
        let reached = document.reference(place).or_else(|| document.reference(&format!("#/components/schemas/{place}")))?;
        (reached == target).then(|| word.clone())
    });
    let word = mapped.or_else(|| target.last().map(std::borrow::Cow::into_owned))?;
    Some((property, word))
}

/// Candidates for a branch of a `oneOf` that every other branch refuses: objects that would be valid for several branches get
/// members that only the others name, with values that those refuse.
fn apart(session: &mut Session<'_>, parts: &Parts, choice: &Choice, index: usize) -> Vec<Candidate> {
    let mut made = session.unchecked(parts, SECOND_TRY, SECOND_STEPS);
    let own = session.facets(&Parts::one(choice.at.index(index)));
    let others: Vec<usize> = (0..choice.branches).filter(|other| *other != index).collect();
    for candidate in &mut made {
        let Value::Object(members) = &mut candidate.value else { continue };
        for other in &others {
            let other = Parts::one(choice.at.index(*other));
            if session.accepts(&other, &Value::Object(members.clone())) {
                spoil(session, members, &own, &other);
            }
        }
    }
    made.retain(|candidate| session.accepts(parts, &candidate.value));
    made
}

/// Adds a member that `other` refuses and that `own` does not name.
fn spoil(session: &mut Session<'_>, members: &mut Map<String, Value>, own: &Facets<'_>, other: &Parts) {
    let named = |facets: &Facets<'_>, name: &str| facets.each("properties").any(|(_, map)| map.get(name).is_some());
    let facets = session.facets(other);
    for (_, properties) in facets.each("properties") {
        for name in properties.as_object().into_iter().flat_map(Map::keys).filter(|name| !named(own, name)) {
            for wrong in [json!(true), json!("\u{1}"), json!(-0.5), json!([]), json!({})] {
                let mut spoiled = members.clone();
                spoiled.insert(name.clone(), wrong);
                let value = Value::Object(spoiled);
                if !session.accepts(other, &value)
                    && let Value::Object(spoiled) = value
                {
                    *members = spoiled;
                    return;
                }
            }
        }
    }
}
