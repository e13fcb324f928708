//! Homes: which file a definition stands in. Each stands with its component or operation, save what other files have names for: that has a file of
//! its own, so that nobody who needs it needs the rest of the file that it came from, and takes along what is inside it. Types never lead back
//! into the file of an operation.
//!
//! What the files are called is the matter of `naming/table.rs`.

use foldhash::HashMap;
use wireproof_openapi::Pointer;

use crate::ir::{Ir, Shape, Type, TypeId, is_component};
use crate::naming::{Root, split};
use crate::passes::Reach;

/// Where a definition stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the file of its root, by number.
    Root(usize),
    /// In that of a definition.
    Own(TypeId),
}

/// What is known of the places of a document.
struct Places {
    /// The definitions that are written, what is outside before what is inside.
    used: Vec<TypeId>,
    /// By definition: its root.
    roots: Vec<usize>,
    /// By definition: the nearest one that it is inside of.
    outer: Vec<Option<TypeId>>,
    /// By root: whether it is an operation.
    is_operation: Vec<bool>,
    /// By operation: its root, if any definition has that.
    of_operation: Vec<Option<usize>>,
}

impl Places {
    fn of(ir: &Ir, reach: &Reach) -> Self {
        let mut used: Vec<TypeId> = ir.iter().map(|(id, _)| id).filter(|id| reach.used[id.0]).collect();
        used.sort_by_key(|id| ir.get(*id).at.as_str().len());
        let by_place: HashMap<(&str, bool), TypeId> =
            used.iter().map(|id| ((ir.get(*id).at.as_str(), ir.get(*id).request_side), *id)).collect();
        let mut numbers: HashMap<Root, usize> = HashMap::default();
        let mut roots = vec![0; ir.types.len()];
        let mut outer = vec![None; ir.types.len()];
        for id in &used {
            let def = ir.get(*id);
            let (root, steps) = split(&def.at);
            let next = numbers.len();
            roots[id.0] = *numbers.entry(root).or_insert(next);
            let above = std::iter::successors(def.at.parent(), Pointer::parent).take(steps.len());
            let at = |at: Pointer| {
                let of_side = |side: bool| by_place.get(&(at.as_str(), side)).copied();
                of_side(def.request_side).or_else(|| of_side(!def.request_side))
            };
            outer[id.0] = above.map(at).find_map(std::convert::identity);
        }
        let of_operation: Vec<Option<usize>> =
            ir.operations.iter().map(|operation| numbers.get(&Root::Operation(operation.at.clone())).copied()).collect();
        let mut is_operation = vec![false; numbers.len()];
        of_operation.iter().flatten().for_each(|root| is_operation[*root] = true);
        Self { used, roots, outer, is_operation, of_operation }
    }

    /// Where everything stands when so many definitions have files of their own.
    fn settled(&self, own: &[bool]) -> Vec<Place> {
        let mut places = vec![Place::Root(0); own.len()];
        for id in &self.used {
            places[id.0] = match self.outer[id.0] {
                _ if own[id.0] => Place::Own(*id),
                Some(outer) => places[outer.0],
                None => Place::Root(self.roots[id.0]),
            };
        }
        places
    }
}

/// Lets nobody use what is only a name for something else in the file of another operation.
fn see_through_aliases(ir: &mut Ir, known: &Places) {
    let mut names: HashMap<TypeId, (usize, TypeId)> = HashMap::default();
    for id in &known.used {
        if let Shape::Alias(Type::Named(target)) = &ir.get(*id).shape
            && known.is_operation[known.roots[id.0]]
        {
            names.insert(*id, (known.roots[id.0], *target));
        }
    }
    let seen_from = |from: Option<usize>| {
        let names = &names;
        move |id: TypeId| names.get(&id).filter(|(root, _)| Some(*root) != from).map(|(_, target)| *target)
    };
    for id in &known.used {
        let target = seen_from(Some(known.roots[id.0]));
        ir.types[id.0].shape.each_type_mut(&mut |ty| ty.replace_named(&target));
    }
    for (operation, root) in ir.operations.iter_mut().zip(&known.of_operation) {
        let target = seen_from(*root);
        operation.each_type_mut(&mut |ty| ty.replace_named(&target));
    }
}

/// Gives every definition its home.
pub(super) fn settle(ir: &mut Ir, reach: &Reach) {
    let known = Places::of(ir, reach);
    see_through_aliases(ir, &known);
    let mut own = vec![false; ir.types.len()];
    for id in &known.used {
        // A component has a file of its own as it is, and what is the base of another stays with that.
        if let Shape::Alias(Type::Named(original)) = &ir.get(*id).shape
            && known.roots[id.0] != known.roots[original.0]
            && ![*id, *original].iter().any(|id| is_component(ir.get(*id).at.as_str()))
        {
            own[original.0] = true;
        }
    }
    let mut places = known.settled(&own);
    loop {
        let mut more = false;
        let mut visit = |from: Place, ty: &Type| {
            ty.each_named(&mut |to| {
                let is_in_operation = matches!(places[to.0], Place::Root(root) if known.is_operation[root]);
                if is_in_operation && places[to.0] != from {
                    more |= !std::mem::replace(&mut own[to.0], true);
                }
            });
        };
        for id in &known.used {
            ir.get(*id).shape.each_type(&mut |ty| visit(places[id.0], ty));
        }
        for (operation, root) in ir.operations.iter().zip(&known.of_operation) {
            // An operation without definitions has a place that is nobody's.
            operation.each_type(&mut |ty| visit(Place::Root(root.unwrap_or(usize::MAX)), ty));
        }
        if !more {
            break;
        }
        places = known.settled(&own);
    }
    for id in &known.used {
        ir.types[id.0].home = match places[id.0] {
            Place::Own(home) => Some(home),
            Place::Root(_) => None,
        };
    }
}
