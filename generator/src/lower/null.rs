//! Whether a conjunction lets `null` in: asked before its type is made, since a type that contains itself has to know.

use foldhash::HashSet;
use serde_json::Value;
use wireproof_openapi::Pointer;

use super::conjunction::{Part, Reads};
use super::{Lower, node};

/// What one node says about `null`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Nothing.
    Nothing,
    /// It may be.
    Yes,
    /// It may not be.
    No,
}

impl Says {
    /// Both hold.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            _ => Self::Nothing,
        }
    }
}

impl Lower<'_> {
    /// Whether `null` is expressly allowed. A schema that says nothing of it (`{}`) is no reason for a nullable type.
    pub(super) fn admits_null(&mut self, parts: &[Part]) -> bool {
        let mut open = HashSet::default();
        parts.iter().map(|part| self.null_at(&part.at, part.reads == Reads::Own, &mut open)).fold(Says::Nothing, Says::and) == Says::Yes
    }

    fn null_at(&mut self, at: &Pointer, bare: bool, open: &mut HashSet<Pointer>) -> Says {
        // A circle adds nothing; nor does what lies deeper than any real schema (the stack is finite).
        if open.len() > 64 || !open.insert(at.clone()) {
            return Says::Nothing;
        }
        // Types that refer to each other are met again and again: each is asked once.
        if !bare && let Some(says) = self.null_known.get(at) {
            open.remove(at);
            return *says;
        }
        let says = match self.nodes.get(at) {
            Some(Value::Bool(false)) => Says::No,
            // The place of a choice.
            Some(Value::Array(branches)) => self.null_among(at, branches.len(), open),
            Some(Value::Object(members)) => {
                let mut says = Says::Nothing;
                if let Some(types) = node::types(members) {
                    says = says.and(if types.contains(&"null") { Says::Yes } else { Says::No });
                }
                if let Some(Value::Array(values)) = members.get("enum") {
                    says = says.and(if values.iter().any(Value::is_null) { Says::Yes } else { Says::No });
                }
                if let Some(value) = members.get("const") {
                    says = says.and(if value.is_null() { Says::Yes } else { Says::No });
                }
                if bare {
                    open.remove(at);
                    return says;
                }
                if let Some(target) = node::reference(members).and_then(|reference| self.document.reference(reference)) {
                    says = says.and(self.null_at(&target, false, open));
                }
                if let Some(Value::Array(all)) = members.get("allOf") {
                    for index in 0..all.len() {
                        says = says.and(self.null_at(&at.join("allOf").index(index), false, open));
                    }
                }
                for keyword in ["anyOf", "oneOf"] {
                    if let Some(Value::Array(branches)) = members.get(keyword) {
                        says = says.and(self.null_among(&at.join(keyword), branches.len(), open));
                    }
                }
                says
            }
            _ => Says::Nothing,
        };
        open.remove(at);
        self.null_known.insert(at.clone(), says);
        says
    }

    /// A choice lets null in if one of its branches does.
    fn null_among(&mut self, at: &Pointer, branches: usize, open: &mut HashSet<Pointer>) -> Says {
        let mut whole = Says::No;
        for index in 0..branches {
            match self.null_at(&at.index(index), false, open) {
                Says::Yes => return Says::Yes,
                Says::Nothing => whole = Says::Nothing,
                Says::No => {}
            }
        }
        whole
    }
}
