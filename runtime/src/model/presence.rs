//! [`Presence`]: a rule about which members of an object must be there, such as `anyOf: [{required: [id]}, {required: [email]}]`.

use std::fmt;

/// A rule about the members of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The member is there.
    Has(&'static str),
    /// Every rule holds.
    All(&'static [Presence]),
    /// At least one rule holds.
    Any(&'static [Presence]),
    /// Exactly one rule holds.
    One(&'static [Presence]),
    /// The rule does not hold.
    Not(&'static Presence),
    /// The object has at least so many members.
    Min(usize),
    /// The object has at most so many members.
    Max(usize),
}

impl Presence {
    /// Checks the rule for an object of `count` members, `present` telling which of the named ones are there.
    ///
    /// # Errors
    ///
    /// The rule in words, where it does not hold.
    pub fn check(&self, present: impl Fn(&str) -> bool, count: usize) -> Result<(), PresenceError> {
        if self.holds(&present, count) { Ok(()) } else { Err(PresenceError { type_name: None, rule: self.to_string() }) }
    }

    fn holds(&self, present: &dyn Fn(&str) -> bool, count: usize) -> bool {
        let holds = |rule: &Self| rule.holds(present, count);
        match self {
            Self::Has(key) => present(key),
            Self::All(rules) => rules.iter().all(holds),
            Self::Any(rules) => rules.iter().any(holds),
            Self::One(rules) => rules.iter().filter(|rule| holds(rule)).count() == 1,
            Self::Not(rule) => !holds(rule),
            Self::Min(least) => count >= *least,
            Self::Max(most) => count <= *most,
        }
    }

    fn key(&self) -> Option<&'static str> {
        if let Self::Has(key) = self { Some(key) } else { None }
    }

    /// The rule as a part of a sentence, in parentheses where it is made of several and does not stand alone.
    fn phrase(&self, alone: bool) -> String {
        let join = |rules: &[Self], word: &str| {
            let phrases: Vec<_> = rules.iter().map(|rule| rule.phrase(rules.len() < 2 && alone)).collect();
            let joined = phrases.join(word);
            if alone || rules.len() < 2 { joined } else { format!("({joined})") }
        };
        match self {
            Self::Has(key) => format!("`{key}`"),
            Self::All([]) => "anything".to_owned(),
            Self::Any([]) | Self::One([]) => "something that cannot be".to_owned(),
            Self::All(rules) => join(rules, " and "),
            Self::Any(rules) => join(rules, " or "),
            Self::One([rule]) => rule.phrase(alone),
            Self::One(rules) => {
                let phrases: Vec<_> = rules.iter().map(|rule| rule.phrase(false)).collect();
                format!("exactly one of {}", if alone { phrases.join(", ") } else { format!("({})", phrases.join(", ")) })
            }
            Self::Not(rule) => format!("no {}", rule.phrase(false)),
            Self::Min(least) => format!("at least {}", members(*least)),
            Self::Max(most) => format!("at most {}", members(*most)),
        }
    }
}

fn members(count: usize) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{count} members") }
}

/// The names of a list of `Has` rules; `None` where any rule is another.
fn keys(rules: &[Presence]) -> Option<Vec<String>> {
    rules.iter().map(|rule| rule.key().map(|key| format!("`{key}`"))).collect()
}

impl fmt::Display for Presence {
    /// Writes the rule as a sentence: ``one of `id`, `email` must be present``.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any([rule]) | Self::One([rule]) | Self::All([rule]) => rule.fmt(formatter),
            Self::Any(rules) if keys(rules).is_some_and(|keys| !keys.is_empty()) => {
                write!(formatter, "one of {} must be present", keys(rules).unwrap_or_default().join(", "))
            }
            // "Not the one, or the other": what `dependentRequired` comes to.
            Self::Any([Self::Not(condition), rule]) => {
                write!(formatter, "where {} is present, {rule}", condition.phrase(true))
            }
            Self::All(rules) if !rules.is_empty() && keys(rules).is_none() => {
                let sentences: Vec<_> = rules.iter().map(ToString::to_string).collect();
                formatter.write_str(&sentences.join(", and "))
            }
            Self::Not(Self::Any(rules)) if keys(rules).is_some() => {
                write!(formatter, "none of {} may be present", keys(rules).unwrap_or_default().join(", "))
            }
            Self::Not(Self::All(rules)) if rules.len() > 1 && keys(rules).is_some() => {
                write!(formatter, "{} must not be present together", keys(rules).unwrap_or_default().join(" and "))
            }
            Self::Not(Self::Has(key)) => write!(formatter, "`{key}` must not be present"),
            Self::Not(rule) => write!(formatter, "this must not hold: {rule}"),
            _ => write!(formatter, "{} must be present", self.phrase(true)),
        }
    }
}

/// An object breaks a rule about its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceError {
    type_name: Option<&'static str>,
    rule: String,
}

impl PresenceError {
    /// The same error, naming the type whose rule it is.
    pub fn in_type(self, type_name: &'static str) -> Self {
        Self { type_name: Some(type_name), ..self }
    }

    /// The type whose rule it is, where that is known.
    pub fn type_name(&self) -> Option<&'static str> {
        self.type_name
    }

    /// The rule in words.
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

impl fmt::Display for PresenceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.type_name {
            Some(type_name) => write!(formatter, "{} in `{type_name}`", self.rule),
            None => formatter.write_str(&self.rule),
        }
    }
}

impl std::error::Error for PresenceError {}

#[cfg(test)]
mod tests {
    use super::Presence::{self, All, Any, Has, Max, Min, Not, One};

    #[test]
    fn rules_hold_and_are_put_into_words() {
        const AB: &[Presence] = &[Has("a"), Has("b")];
        for (rule, words, allowed, refused) in [
            (Has("a"), "`a` must be present", &["a", "ab"][..], &["", "b"][..]),
            (Any(AB), "one of `a`, `b` must be present", &["a", "b", "ab"], &["", "c"]),
            (One(AB), "exactly one of `a`, `b` must be present", &["a", "b"], &["", "ab"]),
            (All(AB), "`a` and `b` must be present", &["ab"], &["", "a", "b"]),
            (Any(&[All(AB), Has("c")]), "(`a` and `b`) or `c` must be present", &["ab", "c"], &["a", ""]),
            (One(&[All(AB), Has("c")]), "exactly one of (`a` and `b`), `c` must be present", &["ab", "ac"], &["abc", "a"]),
            (Any(&[One(AB), Has("c")]), "exactly one of (`a`, `b`) or `c` must be present", &["a", "abc"], &["ab", ""]),
            (Any(&[Not(&Has("a")), Has("b")]), "where `a` is present, `b` must be present", &["", "b", "ab"], &["a"]),
            (
                Any(&[Not(&Has("a")), All(&[Has("b"), Has("c")])]),
                "where `a` is present, `b` and `c` must be present",
                &["", "abc"],
                &["ab"],
            ),
            (Not(&Has("a")), "`a` must not be present", &["", "b"], &["a"]),
            (Not(&All(AB)), "`a` and `b` must not be present together", &["a", "b", ""], &["ab"]),
            (Not(&Any(AB)), "none of `a`, `b` may be present", &["", "c"], &["a", "ab"]),
            (Not(&Any(&[Has("a"), Min(3)])), "this must not hold: `a` or at least 3 members must be present", &["bc"], &["a", "bcd"]),
            (
                All(&[Has("a"), One(&[Has("b"), Has("c")])]),
                "`a` must be present, and exactly one of `b`, `c` must be present",
                &["ab"],
                &["abc", "b"],
            ),
            (Min(1), "at least 1 member must be present", &["a", "z"], &[""]),
            (Max(2), "at most 2 members must be present", &["", "ab"], &["abc"]),
            (Any(&[Has("a")]), "`a` must be present", &["a"], &[""]),
            (All(&[]), "anything must be present", &[""], &[]),
        ] {
            let check = |members: &str| rule.check(|key| members.contains(key), members.len());
            assert_eq!(rule.to_string(), words);
            for members in allowed {
                assert_eq!(check(members), Ok(()), "{words}: {members:?}");
            }
            for members in refused {
                let error = check(members).unwrap_err().in_type("T");
                assert_eq!(error.to_string(), format!("{words} in `T`"), "{members:?}");
            }
        }
    }
}
