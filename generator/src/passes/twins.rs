//! Twins: documents without components say the same thing many times over, above all enumerations (of Stripe's 2,270, 433 differ). Types that a
//! file defines twice are defined once, and the others are names for the first: every place keeps the name that follows from it, so
//! nobody's code breaks when the document grows, and the compiler is paid once.
//!
//! Only within one file, since what one component or operation says must not change the file of another; and only inside it: what the document
//! itself names as a component stays a type of its own.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::ir::{Constraint, Ir, Shape, Type, TypeId};
use crate::naming::{Root, split};

/// How often twins are looked for: types that hold twins become twins by that, one level in a round.
const ROUNDS: usize = 6;

/// Makes names of definitions that say what another one in their file says.
pub(super) fn merge(ir: &mut Ir) {
    let mut files: HashMap<(Root, bool), Vec<TypeId>> = HashMap::new();
    for (id, def) in ir.iter() {
        let (root, steps) = split(&def.at);
        if !steps.is_empty() && !matches!(def.shape, Shape::Alias(_) | Shape::Newtype(_) | Shape::Pending) {
            files.entry((root, def.request_side)).or_default().push(id);
        }
    }
    let mut first: HashMap<TypeId, TypeId> = HashMap::new();
    for ids in files.values_mut().filter(|ids| ids.len() > 1) {
        ids.sort_by(|left, right| ir.get(*left).at.cmp(&ir.get(*right).at));
        for _ in 0..ROUNDS {
            if !round(ir, ids, &mut first) {
                break;
            }
        }
    }
    for (twin, original) in first {
        ir.types[twin.0].shape = Shape::Alias(Type::Named(original));
    }
}

/// Finds twins among the definitions of a file, those known so far counted as one. Answers whether there were new ones.
fn round(ir: &Ir, ids: &mut Vec<TypeId>, first: &mut HashMap<TypeId, TypeId>) -> bool {
    let mut seen: HashMap<(Shape, &[Constraint]), TypeId> = HashMap::with_capacity(ids.len());
    let mut found = false;
    let known = first.clone();
    ids.retain(|id| {
        let mut shape = ir.get(*id).shape.clone();
        shape.each_type_mut(&mut |ty| ty.replace_named(&|named| known.get(&named).copied()));
        match seen.entry((shape, ir.get(*id).constraints.as_slice())) {
            Entry::Vacant(place) => {
                place.insert(*id);
                true
            }
            Entry::Occupied(original) => {
                first.insert(*id, *original.get());
                found = true;
                false
            }
        }
    });
    found
}
