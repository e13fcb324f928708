//! Numbers: each bound, multiples, and the numbers that arithmetic on 64 bits or in binary fractions gets wrong.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::decimal::{Decimal, number};
use super::facets::{Facets, Kind};
use super::goal::{Candidate, Case};
use super::session::Session;

/// What the bounds of a number leave.
struct Range {
    least: Option<(Pointer, Decimal)>,
    greatest: Option<(Pointer, Decimal)>,
    step: Option<Decimal>,
    /// A bound could not be worked with.
    vague: Option<Pointer>,
}

impl Range {
    fn of(facets: &Facets<'_>, whole: bool) -> Self {
        let mut range = Self { least: None, greatest: None, step: whole.then_some(Decimal::ONE), vague: None };
        for (at, value) in facets.each("multipleOf") {
            let step = Decimal::of(value).filter(|step| Decimal::ZERO.is_below(*step));
            let common = step.and_then(|step| range.step.map_or(Some(step), |before| before.common_multiple(step)));
            match common {
                Some(step) => range.step = Some(step),
                None => range.vague = Some(at),
            }
        }
        for (keyword, exclusive, down) in
            [("minimum", false, false), ("exclusiveMinimum", true, false), ("maximum", false, true), ("exclusiveMaximum", true, true)]
        {
            for (at, value) in facets.each(keyword) {
                match Decimal::of(value).and_then(|bound| range.inside(bound, exclusive, down)) {
                    Some(bound) if down => {
                        if range.greatest.as_ref().is_none_or(|(_, before)| bound.is_below(*before)) {
                            range.greatest = Some((at, bound));
                        }
                    }
                    Some(bound) => {
                        if range.least.as_ref().is_none_or(|(_, before)| before.is_below(bound)) {
                            range.least = Some((at, bound));
                        }
                    }
                    None => range.vague = Some(at),
                }
            }
        }
        range
    }

    /// The number nearest to a bound that it lets through.
    fn inside(&self, bound: Decimal, exclusive: bool, down: bool) -> Option<Decimal> {
        let step = self.step.unwrap_or(Decimal::THOUSANDTH);
        let inner = if !exclusive {
            bound
        } else if down {
            bound.minus(step)?
        } else {
            bound.plus(step)?
        };
        match self.step {
            // Beyond an exclusive bound that is no multiple itself the nearest multiple may lie between.
            Some(step) if exclusive => {
                let nearest = bound.to_multiple(step, down)?;
                if nearest == bound.to_multiple(step, !down)? { Some(inner) } else { Some(nearest) }
            }
            Some(step) => inner.to_multiple(step, down),
            None => Some(inner),
        }
    }

    fn holds(&self, number: Decimal) -> bool {
        self.least.as_ref().is_none_or(|(_, least)| !number.is_below(*least))
            && self.greatest.as_ref().is_none_or(|(_, greatest)| !greatest.is_below(number))
    }

    /// A number within, `wanted` if possible.
    fn near(&self, wanted: Decimal) -> Option<Decimal> {
        let stepped = self.step.map_or(Some(wanted), |step| wanted.to_multiple(step, false))?;
        if self.holds(stepped) {
            return Some(stepped);
        }
        self.least.as_ref().or(self.greatest.as_ref()).map(|(_, bound)| *bound)
    }
}

/// Numbers that the nodes allow.
pub(super) fn make(session: &mut Session<'_>, facets: &Facets<'_>, kind: Kind, place: &Pointer) -> Vec<Candidate> {
    let whole = kind == Kind::Integer;
    let range = Range::of(facets, whole);
    if let Some(at) = &range.vague {
        session.cannot(at, "a bound of this size is not worked with");
    }
    let mut random = session.random(place);
    let mut made: Vec<Candidate> = Vec::new();
    let usual = Decimal::whole(i128::try_from(random.below(100)).unwrap_or(0));
    made.extend(range.near(usual).and_then(Decimal::to_value).map(Candidate::plain));
    for (bound, case) in [(&range.least, Case::Least), (&range.greatest, Case::Greatest)] {
        let Some((at, bound)) = bound else { continue };
        made.extend(bound.to_value().map(|value| Candidate::with(value, at.clone(), case)));
    }
    // Binary fractions are what these formats say: no more digits than they hold.
    let binary = facets.each("format").any(|(_, format)| format == "float" || format == "double");
    let texts: &[&str] = match (whole, binary) {
        (true, _) => &[
            "0",
            "-1",
            "9007199254740993",
            "9223372036854775808",
            "18446744073709551616",
            "-170141183460469231731687303715884105729",
            "1.0",
            "1e2",
        ],
        (false, true) => &["0", "-1.5", "0.1", "1e21", "3"],
        (false, false) => &["0", "-1.5", "0.1", "9007199254740993", "0.1234567890123456789", "1e400", "1.10", "-0.0"],
    };
    for text in texts {
        let fits = number(text).is_some_and(|value| session.lets_through(facets, &value));
        if fits && let Some(value) = number(text) {
            made.push(Candidate::with(value, place.clone(), Case::Exact));
        }
    }
    made.retain(|candidate| session.lets_through(facets, &candidate.value));
    if made.is_empty() {
        session.cannot(place, "no number within its bounds was found");
    }
    made
}

/// Numbers of which the nodes should allow none, by the keyword that refuses each.
pub(super) fn broken(facets: &Facets<'_>) -> Vec<(Pointer, Value)> {
    let mut found = Vec::new();
    let mut add = |at: Pointer, value: Option<Decimal>| {
        if let Some(value) = value.and_then(Decimal::to_value) {
            found.push((at, value));
        }
    };
    for (keyword, exclusive, down) in
        [("minimum", false, true), ("exclusiveMinimum", true, true), ("maximum", false, false), ("exclusiveMaximum", true, false)]
    {
        for (at, value) in facets.each(keyword) {
            let bound = Decimal::of(value);
            let outside = if exclusive {
                bound
            } else if down {
                bound.and_then(|bound| bound.minus(Decimal::ONE))
            } else {
                bound.and_then(|bound| bound.plus(Decimal::ONE))
            };
            add(at, outside);
        }
    }
    for (at, value) in facets.each("multipleOf") {
        let step = Decimal::of(value);
        add(at, step.and_then(|step| step.plus(Decimal::THOUSANDTH)));
    }
    found
}
