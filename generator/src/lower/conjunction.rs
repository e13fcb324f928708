//! Conjunctions: the nodes of a schema that hold at once. `$ref` and `allOf` disappear here, and with them the many
//! ways in which documents write the same thing. Next: `shape.rs`, which decides what a conjunction becomes.

use foldhash::HashSet;
use serde_json::Value;
use wireproof_openapi::Pointer;

use super::{Lower, Members, node};
use crate::ir::is_component;

/// One schema node of a conjunction, or one list of its choices.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Part {
    /// Where it stands in the normalised tree. The place of an `anyOf` or `oneOf` list is that choice and nothing else.
    pub(super) at: Pointer,
    /// How much of it counts.
    pub(super) reads: Reads,
}

/// How much of a node counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Reads {
    /// All that it says.
    Whole,
    /// Its own keywords: not its `anyOf` and `oneOf`, because the type in hand is one of their branches, and not its `$ref` and
    /// `allOf`, because the nodes behind them stand beside it already.
    Own,
    /// All that it says, of a schema with a discriminator: itself, and not whichever of the schemas that extend it.
    Itself,
}

impl Part {
    /// The node with all that it says.
    pub(super) fn whole(at: Pointer) -> Self {
        Self { at, reads: Reads::Whole }
    }

    /// The node with its own keywords only.
    pub(super) fn own(at: Pointer) -> Self {
        Self { at, reads: Reads::Own }
    }

    /// Whether this is a list of choices, not a node.
    pub(super) fn is_list(&self) -> bool {
        // A property may be called `oneOf`; then its parent is no schema, and the value no list.
        matches!(self.at.last().as_deref(), Some("anyOf" | "oneOf"))
    }
}

/// A conjunction with references and `allOf` worked in.
#[derive(Debug, Default)]
pub(super) struct Conjunction<'d> {
    /// The nodes, in the order in which they were met.
    pub(super) nodes: Vec<(Pointer, &'d Members)>,
    /// `anyOf` and `oneOf` lists, each still to be chosen from.
    pub(super) choices: Vec<Choice<'d>>,
    /// Whether some node is `false`: nothing is valid.
    pub(super) never: bool,
}

/// One `anyOf` or `oneOf`.
#[derive(Debug)]
pub(super) struct Choice<'d> {
    /// The node that has it.
    pub(super) at: Pointer,
    /// `anyOf` or `oneOf`.
    pub(super) keyword: &'static str,
    /// The branches.
    pub(super) branches: &'d [Value],
    /// The node's `discriminator`.
    pub(super) discriminator: Option<&'d Members>,
}

impl<'d> Choice<'d> {
    /// The place of the branches.
    pub(super) fn list(&self) -> Pointer {
        self.at.join(self.keyword)
    }

    /// The branches that are not `null`, with their indexes.
    pub(super) fn real(&self) -> impl Iterator<Item = (usize, &'d Value)> {
        self.branches.iter().enumerate().filter(|(_, branch)| !node::is_null(branch))
    }
}

impl<'d> Lower<'d> {
    /// The shortest list of nodes that says the same: references followed, wrappers undone, nodes that assert nothing
    /// and repetitions left out, sorted.
    pub(super) fn reduce(&self, parts: Vec<Part>) -> Vec<Part> {
        let mut reduced: Vec<Part> = Vec::with_capacity(parts.len());
        let mut seen = HashSet::default();
        let mut pending = parts;
        while let Some(part) = pending.pop() {
            if !seen.insert(part.clone()) {
                continue;
            }
            let Some(value) = self.nodes.get(&part.at) else { continue };
            let Value::Object(members) = value else {
                if value == &Value::Bool(false) || value.is_array() {
                    reduced.push(part);
                }
                continue;
            };
            let within = |at: Pointer| Part { at, reads: part.reads };
            if part.reads == Reads::Own {
                if node::asserts(members, &["$ref", "allOf", "anyOf", "oneOf"]) {
                    reduced.push(part);
                }
            } else if self.kinds.is_base(&part.at) {
                reduced.push(part);
            } else if let Some(target) = node::reference(members).and_then(|reference| self.document.reference(reference)) {
                pending.push(within(target));
                if node::asserts(members, &["$ref"]) {
                    reduced.push(Part::whole(part.at));
                }
            } else if is_component(part.at.as_str()) && node::combines(members) {
                // The document gives the combination a name, which no other place may take.
                reduced.push(Part::whole(part.at));
            } else if let Some(inner) = node::only_all_of(members) {
                // A schema that only repeats its base is a kind of its own; elsewhere such a wrapper is the base, whichever kind it is.
                let reads = if self.kinds.is_kind(&part.at) { Reads::Itself } else { part.reads };
                pending.extend((0..inner).map(|index| Part { at: part.at.join("allOf").index(index), reads }));
            } else if let Some((keyword, index)) = node::only_branch(members) {
                pending.push(Part::whole(part.at.join(keyword).index(index)));
            } else if node::asserts(members, &[]) {
                reduced.push(Part::whole(part.at));
            }
        }
        self.drop_implied(&mut reduced);
        reduced.sort_unstable();
        reduced
    }

    /// Leaves out nodes that another one already includes through its `allOf`: what a base says is said by what extends it.
    fn drop_implied(&self, parts: &mut Vec<Part>) {
        if parts.len() < 2 {
            return;
        }
        let mut implied = HashSet::default();
        for part in parts.iter() {
            let flat = self.flatten(std::slice::from_ref(part));
            implied.extend(flat.nodes.into_iter().map(|(at, _)| at).filter(|at| *at != part.at));
        }
        // Two nodes that include each other would both go: keep the first.
        let all: Vec<Part> = parts.clone();
        parts.retain(|part| part.reads == Reads::Own || !implied.contains(&part.at));
        if parts.is_empty() {
            parts.extend(all.into_iter().min());
        }
    }

    /// Works references and `allOf` of every part in.
    pub(super) fn flatten(&self, parts: &[Part]) -> Conjunction<'d> {
        let mut whole = Conjunction::default();
        let mut seen = HashSet::default();
        // A node that stands here without its choices does so wherever else it is met.
        let is_own = |part: &&Part| part.reads == Reads::Own;
        for part in parts.iter().filter(is_own).chain(parts.iter().filter(|part| !is_own(part))) {
            self.flatten_into(part, &mut whole, &mut seen);
        }
        whole
    }

    fn flatten_into(&self, part: &Part, whole: &mut Conjunction<'d>, seen: &mut HashSet<Pointer>) {
        // A list of its own instead of recursion: documents may nest `allOf` as deep as they like.
        let mut pending = vec![part.clone()];
        while let Some(part) = pending.pop() {
            if !seen.insert(part.at.clone()) {
                continue;
            }
            let members = match self.nodes.get(&part.at) {
                Some(Value::Object(members)) => members,
                Some(Value::Bool(false)) => {
                    whole.never = true;
                    continue;
                }
                Some(Value::Array(branches)) if part.is_list() => {
                    whole.choices.extend(self.listed_choice(&part.at, branches));
                    continue;
                }
                _ => continue,
            };
            if part.reads != Reads::Own {
                if let Some(Value::Array(all)) = members.get("allOf") {
                    pending.extend((0..all.len()).rev().map(|index| Part::whole(part.at.join("allOf").index(index))));
                }
                if let Some(target) = node::reference(members).and_then(|reference| self.document.reference(reference)) {
                    pending.push(Part::whole(target));
                }
                for keyword in ["anyOf", "oneOf"] {
                    if let Some(Value::Array(branches)) = members.get(keyword)
                        && !branches.is_empty()
                    {
                        let discriminator = members.get("discriminator").and_then(Value::as_object);
                        whole.choices.push(Choice { at: part.at.clone(), keyword, branches, discriminator });
                    }
                }
            }
            whole.nodes.push((part.at, members));
        }
    }

    /// The choice whose list stands at `at`.
    fn listed_choice(&self, at: &Pointer, branches: &'d [Value]) -> Option<Choice<'d>> {
        let parent = at.parent()?;
        let keyword = if at.last()? == "anyOf" { "anyOf" } else { "oneOf" };
        let discriminator = self.nodes.get(&parent).and_then(|node| node.get("discriminator")).and_then(Value::as_object);
        Some(Choice { at: parent, keyword, branches, discriminator })
    }
}
