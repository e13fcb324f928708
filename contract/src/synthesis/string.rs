//! Texts: lengths at their bounds, patterns, formats, and what encoders get wrong.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::facets::Facets;
use super::format;
use super::goal::{Candidate, Case};
use super::pattern::{Extent, Pattern};
use super::session::Session;

/// The longest text that is made for a `maxLength`.
const MAX_LENGTH: usize = 5_000;

/// Words for texts of which nothing is said.
const WORDS: [&str; 8] = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron"];

/// Texts of all kinds: digits and words that other types might take for theirs, escapes, more than ASCII.
const AWKWARD: [&str; 3] = ["1", "za\u{17c}\u{f3}\u{142}\u{107} \u{1f422} \u{2028}\u{feff}", "\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f} null"];

/// Texts that the nodes allow.
pub(super) fn make(session: &mut Session<'_>, facets: &Facets<'_>, place: &Pointer) -> Vec<Candidate> {
    let mut random = session.random(place);
    let (least, greatest) = (facets.count("minLength", true), facets.count("maxLength", false));
    let mut made: Vec<Candidate> = Vec::new();
    if let Some((at, _)) = least.as_ref().filter(|(_, count)| *count > MAX_LENGTH) {
        session.cannot(at, "a text of this length is not made");
        return made;
    }
    for (at, format) in facets.each("format") {
        let texts = format.as_str().and_then(format::samples).unwrap_or_default();
        made.extend(texts.iter().map(|text| Candidate::with(*text, at.clone(), Case::Form)));
    }
    for (at, pattern) in facets.each("pattern") {
        let Some(pattern) = pattern.as_str() else { continue };
        let Some(parsed) = Pattern::parse(pattern) else {
            session.cannot(&at, "no text is made from this pattern: its syntax is not understood");
            continue;
        };
        for extent in [Extent::Any, Extent::Least, Extent::Greatest, Extent::Any] {
            let Some(text) = parsed.text(extent, &mut random) else { continue };
            let padded = pad(&text, least.as_ref().map_or(0, |(_, least)| *least));
            made.push(Candidate::with(text, at.clone(), Case::Form));
            made.extend(padded.map(|text| Candidate::with(text, at.clone(), Case::Form)));
        }
    }
    let word = format!("{} {}", random.pick(&WORDS).copied().unwrap_or_default(), random.below(1_000));
    made.push(Candidate::plain(fitted(&word, least.as_ref().map(|(_, count)| *count), greatest.as_ref().map(|(_, count)| *count))));
    made.push(match &least {
        Some((at, count)) => Candidate::with(filled(*count), at.clone(), Case::Least),
        None => Candidate::plain(""),
    });
    match greatest {
        Some((at, count)) if count <= MAX_LENGTH => made.push(Candidate::with(filled(count), at, Case::Greatest)),
        Some((at, _)) => session.cannot(&at, "a text of this length is not made"),
        None => {}
    }
    made.extend(AWKWARD.iter().map(|text| Candidate::with(*text, place.clone(), Case::Unicode)));
    made.retain(|candidate| session.lets_through(facets, &candidate.value));
    if made.is_empty() {
        session.cannot(place, "no text was found that its `pattern`, `format` and lengths allow");
    }
    made
}

/// Texts of which the nodes should allow none, by the keyword that refuses each.
pub(super) fn broken(session: &Session<'_>, facets: &Facets<'_>) -> Vec<(Pointer, Value)> {
    let mut found: Vec<(Pointer, Value)> = Vec::new();
    if let Some((at, count)) = facets.count("minLength", true).filter(|(_, count)| *count > 0) {
        found.push((at, filled(count - 1).into()));
    }
    if let Some((at, count)) = facets.count("maxLength", false).filter(|(_, count)| *count <= MAX_LENGTH) {
        found.push((at, filled(count + 1).into()));
    }
    for (at, pattern) in facets.each("pattern") {
        let candidates = ["", "\u{1}", "~", " 0a-", "\u{1f422}"];
        let outsider = pattern.as_str().and_then(|pattern| candidates.into_iter().find(|text| !session.matches(pattern, text)));
        found.extend(outsider.map(|text| (at, Value::from(text))));
    }
    for (at, format) in facets.each("format") {
        found.extend(format.as_str().map(|format| (at, format::broken(format).into())));
    }
    found
}

/// A text of so many characters.
fn filled(count: usize) -> String {
    WORDS.concat().chars().cycle().take(count).collect()
}

/// A text cut or filled up to lengths that are allowed.
fn fitted(text: &str, least: Option<usize>, greatest: Option<usize>) -> String {
    let mut text: String = text.chars().take(greatest.unwrap_or(usize::MAX)).collect();
    let missing = least.unwrap_or(0).min(MAX_LENGTH).saturating_sub(text.chars().count());
    text.push_str(&filled(missing));
    text
}

/// A match made longer at its end: a pattern without an end lets anything follow.
fn pad(text: &str, least: usize) -> Option<String> {
    let missing = least.checked_sub(text.chars().count()).filter(|missing| *missing > 0 && *missing <= MAX_LENGTH)?;
    let last = text.chars().last().unwrap_or('a');
    Some(text.chars().chain(std::iter::repeat_n(last, missing)).collect())
}
