//! Homes: which file a definition stands in. Each stands with its component or operation, save two kinds: what other files have names for, and what
//! other files use of an operation's. Those have files of their own, so that nobody who needs them needs the rest of the file that they came from, and
//! take along what is inside them. So types never lead back into the file of an operation. A component has a file of its own as it is, and keeps what
//! is inside it, also where another component is a name for that.
//!
//! What the files are called is the matter of `naming/table.rs`.

use std::collections::BTreeSet;

use foldhash::HashMap;
use wireproof_openapi::Pointer;

use crate::ir::{Ir, Shape, Type, TypeId, is_component};
use crate::naming::{OperationPlaces, Root, split};
use crate::passes::Reach;

/// Gives every definition its home.
pub(super) fn settle(ir: &mut Ir, reach: &Reach) {
    let mut homes = Homes::of(ir, reach);
    see_through_aliases(ir, &homes);
    let mut next = homes.first(ir);
    while !next.is_empty() {
        next = homes.move_out(ir, &next);
    }
    for id in &homes.used {
        ir.types[id.0].home = match homes.places[id.0] {
            Place::Own(home) => Some(home),
            Place::Root(_) => None,
        };
    }
}

/// Lets nobody use what is only a name for something else in the file of another operation.
fn see_through_aliases(ir: &mut Ir, homes: &Homes) {
    let mut names: HashMap<TypeId, (Place, TypeId)> = HashMap::default();
    for id in &homes.used {
        if let Shape::Alias(Type::Named(target)) = &ir.get(*id).shape
            && homes.is_in_operation(*id)
        {
            names.insert(*id, (homes.places[id.0], *target));
        }
    }
    let seen_from = |from: Place| {
        let names = &names;
        move |id: TypeId| names.get(&id).filter(|(place, _)| *place != from).map(|(_, target)| *target)
    };
    for id in &homes.used {
        let target = seen_from(homes.places[id.0]);
        ir.types[id.0].shape.each_type_mut(&mut |ty| ty.replace_named(&target));
    }
    for (index, operation) in ir.operations.iter_mut().enumerate() {
        let target = seen_from(homes.of_operation(index));
        operation.each_type_mut(&mut |ty| ty.replace_named(&target));
    }
}

/// Where a definition stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the file of its root, by number.
    Root(usize),
    /// In that of a definition.
    Own(TypeId),
}

/// What is known of the places of a document.
struct Homes {
    /// The definitions that are written, in an order that follows from their places alone.
    used: Vec<TypeId>,
    /// By definition: where it stands.
    places: Vec<Place>,
    /// By definition: those that are inside it, and in nothing that is.
    inside: Vec<Vec<TypeId>>,
    /// By root: the operation that it is.
    operations: Vec<Option<usize>>,
    /// By operation: its root, if any definition has that.
    roots: HashMap<usize, usize>,
}

impl Homes {
    /// Everything stands with its root at first.
    fn of(ir: &Ir, reach: &Reach) -> Self {
        let mut used: Vec<TypeId> = ir.iter().map(|(id, _)| id).filter(|id| reach.used[id.0]).collect();
        used.sort_by(|left, right| {
            let (left, right) = (ir.get(*left), ir.get(*right));
            left.at.cmp(&right.at).then(left.request_side.cmp(&right.request_side))
        });
        let by_place: HashMap<(&str, bool), TypeId> =
            used.iter().map(|id| ((ir.get(*id).at.as_str(), ir.get(*id).request_side), *id)).collect();
        let known = OperationPlaces::of(&ir.operations);
        let mut numbers: HashMap<Root, usize> = HashMap::default();
        let mut operations = Vec::new();
        let mut places = vec![Place::Root(0); ir.types.len()];
        let mut inside = vec![Vec::new(); ir.types.len()];
        for id in &used {
            let def = ir.get(*id);
            let (root, steps) = split(&def.at);
            let number = *numbers.entry(root).or_insert_with_key(|root| {
                operations.push(known.get(root));
                operations.len() - 1
            });
            places[id.0] = Place::Root(number);
            let at = |at: Pointer| {
                let of_side = |side: bool| by_place.get(&(at.as_str(), side)).copied();
                of_side(def.request_side).or_else(|| of_side(!def.request_side))
            };
            let mut above = std::iter::successors(def.at.parent(), Pointer::parent).take(steps.len());
            if let Some(outer) = above.find_map(at) {
                inside[outer.0].push(*id);
            }
        }
        let roots = operations.iter().enumerate().filter_map(|(root, operation)| Some(((*operation)?, root))).collect();
        Self { used, places, inside, operations, roots }
    }

    /// The place of an operation's file. One without definitions has a place that is nobody's.
    fn of_operation(&self, index: usize) -> Place {
        Place::Root(self.roots.get(&index).copied().unwrap_or(usize::MAX))
    }

    /// Whether a definition stands in the file of an operation.
    fn is_in_operation(&self, id: TypeId) -> bool {
        matches!(self.places[id.0], Place::Root(root) if self.operations[root].is_some())
    }

    /// What has to move out as things stand: what has names in other files, and what is used from outside the operation in whose file it stands.
    fn first(&self, ir: &Ir) -> BTreeSet<TypeId> {
        let mut found = BTreeSet::new();
        for id in &self.used {
            let def = ir.get(*id);
            if let Shape::Alias(Type::Named(original)) = &def.shape
                && self.places[id.0] != self.places[original.0]
                && ![*id, *original].iter().any(|id| is_component(ir.get(*id).at.as_str()))
            {
                found.insert(*original);
            }
            def.shape.each_type(&mut |ty| self.visit(self.places[id.0], ty, &mut found));
        }
        for (index, operation) in ir.operations.iter().enumerate() {
            operation.each_type(&mut |ty| self.visit(self.of_operation(index), ty, &mut found));
        }
        found
    }

    /// Finds what a type that is used in one place leaves in the file of an operation elsewhere.
    fn visit(&self, from: Place, ty: &Type, found: &mut BTreeSet<TypeId>) {
        ty.each_named(&mut |to| {
            if self.is_in_operation(to) && self.places[to.0] != from {
                found.insert(to);
            }
        });
    }

    /// Gives these definitions files of their own, and answers which ones they have left behind.
    fn move_out(&mut self, ir: &Ir, moving: &BTreeSet<TypeId>) -> BTreeSet<TypeId> {
        let mut moved = Vec::new();
        for home in moving {
            self.places[home.0] = Place::Own(*home);
        }
        for home in moving {
            let mut pending = vec![*home];
            while let Some(id) = pending.pop() {
                self.places[id.0] = Place::Own(*home);
                moved.push(id);
                // What has a file of its own keeps it.
                pending.extend(self.inside[id.0].iter().filter(|inner| self.places[inner.0] != Place::Own(**inner)));
            }
        }
        let mut left = BTreeSet::new();
        for id in moved {
            ir.get(id).shape.each_type(&mut |ty| self.visit(self.places[id.0], ty, &mut left));
        }
        left
    }
}
