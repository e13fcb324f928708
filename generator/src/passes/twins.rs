//! Twins: documents without components say the same thing many times over, above all enumerations (of Stripe's 2,270, 433 differ). Types that a
//! file defines twice are defined once, and the others are names for the first: every place keeps the name that follows from it, so
//! nobody's code breaks when the document grows, and the compiler is paid once.
//!
//! Only within one file, since what one component or operation says must not change the file of another; and only inside it: what the document
//! itself names as a component stays a type of its own.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use foldhash::HashMap;

use crate::ir::{Constraint, Ir, Shape, Type, TypeId};
use crate::naming::{Root, split};

/// How often twins are looked for: types that hold twins become twins by that, one level in a round.
const ROUNDS: usize = 6;

/// Makes names of definitions that say what another one in their file says.
pub(super) fn merge(ir: &mut Ir) {
    let mut files: HashMap<(Root, bool), Vec<TypeId>> = HashMap::default();
    for (id, def) in ir.iter() {
        let (root, steps) = split(&def.at);
        if !steps.is_empty() && !matches!(def.shape, Shape::Alias(_) | Shape::Newtype(_) | Shape::Pending) {
            files.entry((root, def.request_side)).or_default().push(id);
        }
    }
    let mut twins = Vec::new();
    for ids in files.values_mut().filter(|ids| ids.len() > 1) {
        ids.sort_by(|left, right| ir.get(*left).at.cmp(&ir.get(*right).at));
        let mut first: HashMap<TypeId, TypeId> = HashMap::default();
        for _ in 0..ROUNDS {
            let found = round(ir, ids, &first);
            if found.is_empty() {
                break;
            }
            first.extend(found);
        }
        twins.extend(first);
    }
    for (twin, original) in twins {
        ir.types[twin.0].shape = Shape::Alias(Type::Named(original));
    }
}

/// Takes the twins out of the definitions of a file, those known so far counted as one, and answers which they are, and of which.
fn round(ir: &Ir, ids: &mut Vec<TypeId>, known: &HashMap<TypeId, TypeId>) -> Vec<(TypeId, TypeId)> {
    let mut seen: HashMap<(Cow<'_, Shape>, &[Constraint]), TypeId> = HashMap::default();
    let mut found = Vec::new();
    ids.retain(|id| {
        let def = ir.get(*id);
        let mut shape = Cow::Borrowed(&def.shape);
        // Most types lead to no twin, and need no copy to be compared.
        let mut leads_to_twin = false;
        shape.each_type(&mut |ty| ty.each_named(&mut |named| leads_to_twin |= known.contains_key(&named)));
        if leads_to_twin {
            shape.to_mut().each_type_mut(&mut |ty| ty.replace_named(&|named| known.get(&named).copied()));
        }
        match seen.entry((shape, def.constraints.as_slice())) {
            Entry::Vacant(place) => {
                place.insert(*id);
                true
            }
            Entry::Occupied(original) => {
                found.push((*id, *original.get()));
                false
            }
        }
    });
    found
}
