//! What is made, and what it is made for: instances with the goals that they reach, and goals that nothing reaches.

use std::collections::HashMap;
use std::fmt;

use serde_json::Value;
use wireproof_openapi::Pointer;

/// One thing that an instance is to show of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Goal {
    /// The keyword, branch, value or property, as a pointer into the normalised tree.
    pub schema: Pointer,
    /// What of it.
    pub case: Case,
}

impl Goal {
    pub(super) fn new(schema: Pointer, case: Case) -> Self {
        Self { schema, case }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.schema, self.case.name())
    }
}

/// The kinds of goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Case {
    /// A branch of `anyOf`, `oneOf` or `if` is the one that holds.
    Branch,
    /// A value of `enum` or `const`.
    Value,
    /// The least that a bound allows: `minimum`, `minLength`, `minItems` ...
    Least,
    /// The greatest that a bound allows.
    Greatest,
    /// An optional member is there without the other optional ones.
    Alone,
    /// No optional member is there.
    None,
    /// All members are there.
    All,
    /// A member that no `properties` names.
    Additional,
    /// One of the types that `type` lists.
    Type,
    /// A text that matches `pattern`, or has the `format`.
    Form,
    /// Characters outside of ASCII, and such as JSON escapes.
    Unicode,
    /// A number that 64 bits or binary fractions cannot hold, or a spelling such as `1.0` for a whole number.
    Exact,
    /// So many items as `prefixItems` has entries, fewer, or more.
    Items(usize),
    /// What the document itself gives: `example`, `examples`, `default`.
    Example,
}

impl Case {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Value => "value",
            Self::Least => "least",
            Self::Greatest => "greatest",
            Self::Alone => "alone",
            Self::None => "none",
            Self::All => "all",
            Self::Additional => "additional",
            Self::Type => "type",
            Self::Form => "form",
            Self::Unicode => "unicode",
            Self::Exact => "exact",
            Self::Items(_) => "items",
            Self::Example => "example",
        }
    }
}

/// A valid instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// The value.
    pub value: Value,
    /// What it shows.
    pub goals: Vec<Goal>,
}

/// Something that was aimed at in vain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unmade {
    /// The schema or keyword, as a pointer into the normalised tree.
    pub schema: Pointer,
    /// Why.
    pub reason: String,
}

/// What could be made of a schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Made {
    /// Valid instances, no two equal; the plainest first.
    pub instances: Vec<Instance>,
    /// What could not be made.
    pub unmade: Vec<Unmade>,
    /// How many instances were left out because of the limit.
    pub left_out: usize,
}

/// A value that is hoped to be valid.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) value: Value,
    pub(super) goals: Vec<Goal>,
}

impl Candidate {
    pub(super) fn plain(value: impl Into<Value>) -> Self {
        Self { value: value.into(), goals: Vec::new() }
    }

    pub(super) fn with(value: impl Into<Value>, schema: Pointer, case: Case) -> Self {
        Self { value: value.into(), goals: vec![Goal::new(schema, case)] }
    }

    pub(super) fn and(mut self, goal: Goal) -> Self {
        self.goals.push(goal);
        self
    }
}

/// Takes from each list in turn, so that cutting the result short takes from all of them.
pub(super) fn interleave(lists: Vec<Vec<Candidate>>) -> Vec<Candidate> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(lists.iter_mut().filter_map(Iterator::next));
        if all.len() == before {
            return all;
        }
    }
}

/// The candidates without repetitions; of equal ones the first stays, with the goals of all.
pub(super) fn unite(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(candidates.len());
    let mut united: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let text = candidate.value.to_string();
        if let Some(before) = places.get(&text).and_then(|place| united.get_mut(*place)) {
            let fresh: Vec<Goal> = candidate.goals.into_iter().filter(|goal| !before.goals.contains(goal)).collect();
            before.goals.extend(fresh);
        } else {
            places.insert(text, united.len());
            united.push(candidate);
        }
    }
    united
}
