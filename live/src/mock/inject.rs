//! Answers that break the contract on purpose, one rule at a time, to test what is meant to notice. An answer is changed until the
//! contract finds that rule in it and no other. Next: `inject/changes.rs`, the changes; `inject/possible.rs`, what documents have no place for.

mod changes;
mod possible;

use std::fmt;
use std::str::FromStr;

use wireproof_contract::{Exchange, Rule, Severity, UnknownRule};
use wireproof_openapi::Operation;

use super::prefer::Prefer;
use super::{Answer, Mock, exchange, hash, statuses};

/// The rules that an answer can break.
const INJECTABLE: &[Rule] = &[
    Rule::StatusUndocumented,
    Rule::ContentTypeUndocumented,
    Rule::BodyMissing,
    Rule::BodyUnexpected,
    Rule::BodyUnparseable,
    Rule::BodySchema,
    Rule::HeaderMissing,
    Rule::HeaderSchema,
    Rule::UndocumentedField,
    Rule::WriteOnlyInResponse,
];

/// The whole of a rate: every request.
const ALWAYS: u32 = 1_000_000;

/// A rule to break, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Injection {
    /// The rule.
    pub rule: Rule,
    /// How many answers in a million break it.
    per_million: u32,
}

/// Why a rule cannot be injected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InjectError {
    /// There is no such rule.
    #[error(transparent)]
    Unknown(#[from] UnknownRule),
    /// It is not for answers to break.
    #[error("`{rule}` cannot be broken on purpose: it {why}; answers can break {}", names())]
    NotByAnswers {
        /// The rule.
        rule: Rule,
        /// The reason.
        why: &'static str,
    },
    /// No answer of the document has what it takes.
    #[error("`{rule}` cannot be broken by any answer of this document: {why}")]
    NotHere {
        /// The rule.
        rule: Rule,
        /// The reason.
        why: &'static str,
    },
    /// The rate is none.
    #[error("`{}` is no rate: write a number from 0 to 1, as in `body-schema=0.1`", rate.escape_debug())]
    Rate {
        /// What was given.
        rate: String,
    },
}

fn names() -> String {
    INJECTABLE.iter().map(|rule| format!("`{rule}`")).collect::<Vec<_>>().join(", ")
}

impl Injection {
    /// The rules that can be injected.
    pub const RULES: &[Rule] = INJECTABLE;

    /// Breaks a rule in every answer.
    ///
    /// # Errors
    ///
    /// When answers cannot break it.
    pub fn always(rule: Rule) -> Result<Self, InjectError> {
        let why = match rule {
            _ if INJECTABLE.contains(&rule) => return Ok(Self { rule, per_million: ALWAYS }),
            Rule::TypeDecode | Rule::TypeRoundTrip => {
                "is about generated types, and those read all that the document allows, so only types of another document or a wrong decoder break it"
            }
            Rule::DeprecatedOperation => "is about the document",
            _ => "is about requests",
        };
        Err(InjectError::NotByAnswers { rule, why })
    }

    /// Whether an answer is to be broken: for the same seed, always the same ones.
    pub(super) fn is_due(self, seed: u64, turn: u64) -> bool {
        hash(seed, &turn.to_le_bytes()) % u64::from(ALWAYS) < u64::from(self.per_million)
    }
}

impl FromStr for Injection {
    type Err = InjectError;

    /// `RULE` or `RULE=RATE`.
    fn from_str(text: &str) -> Result<Self, InjectError> {
        let (rule, rate) = text.split_once('=').map_or((text, None), |(rule, rate)| (rule, Some(rate)));
        let injection = Self::always(rule.trim().parse()?)?;
        let Some(rate) = rate else { return Ok(injection) };
        let per_million = per_million(rate.trim()).ok_or_else(|| InjectError::Rate { rate: rate.to_owned() })?;
        Ok(Self { per_million, ..injection })
    }
}

/// `0.25` as 250,000, without a detour through binary fractions.
fn per_million(rate: &str) -> Option<u32> {
    let (whole, fraction) = rate.split_once('.').unwrap_or((rate, ""));
    if !fraction.bytes().all(|digit| digit.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let whole: u32 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let all = whole.checked_mul(ALWAYS)?.checked_add(digits.parse().ok()?)?;
    (all <= ALWAYS).then_some(all)
}

impl fmt::Display for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.rule)?;
        if self.per_million < ALWAYS { write!(f, " in {} of a million answers", self.per_million) } else { Ok(()) }
    }
}

impl Mock {
    /// The same answer, or another of the document's, with one rule broken; where that cannot be, the answer with a note.
    pub(super) fn break_on_purpose(&self, rule: Rule, operation: &Operation, asked: &Exchange, answer: &Answer) -> Answer {
        // The answer at hand first; then the others of the document, since not each has, say, a header to leave out.
        let own = std::iter::once(answer.clone());
        let others = statuses(operation)
            .into_iter()
            .filter_map(|(status, response)| self.response(operation, asked, &Prefer::default(), (status, response)).ok());
        for base in own.chain(others.filter(|other| other.status != answer.status)) {
            for broken in self.changed(rule, operation, asked, &base) {
                if self.breaks_only(rule, asked, &broken) {
                    return Answer { note: Some(format!("breaks `{rule}` on purpose")), operation: None, ..broken };
                }
            }
        }
        let why = format!("`{rule}` cannot be broken here: no answer of this operation has what it takes");
        Answer { note: Some(answer.note.as_ref().map_or(why.clone(), |note| format!("{note}; {why}"))), ..answer.clone() }
    }

    /// Whether the contract finds a rule broken in an answer, and nothing else.
    fn breaks_only(&self, rule: Rule, asked: &Exchange, answer: &Answer) -> bool {
        let checked = self.contract.check(&exchange(asked, answer));
        let mut found = checked.findings.iter().filter(|finding| finding.severity > Severity::Note).peekable();
        checked.operation.is_some() && found.peek().is_some() && found.all(|finding| finding.rule == rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_exactly() {
        for (text, expected) in [
            ("body-schema", Some(ALWAYS)),
            ("body-schema=1", Some(ALWAYS)),
            ("body-schema=0.25", Some(250_000)),
            ("body-schema=.5", Some(500_000)),
            ("body-schema=0", Some(0)),
            ("body-schema=1.1", None),
            ("body-schema=-1", None),
            ("body-schema=", None),
            ("body-schema=5e-1", None),
        ] {
            let read = text.parse::<Injection>();
            assert_eq!(read.as_ref().ok().map(|injection| injection.per_million), expected, "{text}: {read:?}");
        }
    }

    #[test]
    fn a_rate_is_kept_and_repeats_itself() {
        let injection: Injection = "body-schema=0.25".parse().expect("a rate");
        let due = |seed| (0..4000).filter(|turn| injection.is_due(seed, *turn)).collect::<Vec<u64>>();
        assert!((800..1200).contains(&due(7).len()), "{}", due(7).len());
        assert_eq!(due(7), due(7));
        assert_ne!(due(7), due(8));
    }

    #[test]
    fn rules_that_answers_cannot_break_are_refused_with_the_reason() {
        for rule in Rule::ALL {
            let made = Injection::always(*rule);
            assert_eq!(made.is_ok(), Injection::RULES.contains(rule), "{rule}");
        }
        let error = "security-missing".parse::<Injection>().expect_err("it is refused").to_string();
        assert!(
            error.starts_with(
                "`security-missing` cannot be broken on purpose: it is about requests; answers can break `status-undocumented`"
            ),
            "{error}"
        );
        assert!("body-shema".parse::<Injection>().expect_err("no rule").to_string().contains("did you mean `body-schema`"));
    }
}
