//! Twins: documents without components say the same thing many times over, above all enumerations (of Stripe's 2,270, 433 differ). What is
//! said twice is defined once, and the others are names for the first: every place keeps the name that follows from it, so nobody's code breaks
//! when the document grows, and the compiler is paid once.
//!
//! Only what stands inside a component or an operation can be a twin: what the document itself names as a component stays a type of its own. An
//! object can be the twin of a component, so documents that write their components out again get one type for both; a list of values is alike too
//! easily for that.
//! A definition with twins in other files moves to a file of its own: see `homes.rs`.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use foldhash::HashMap;

use crate::ir::{Constraint, Ir, Shape, Type, TypeDef, TypeId, is_component};
use crate::naming::{Root, split};
use crate::passes::Reach;

/// How often twins are looked for: types that hold twins become twins by that, one level in a round.
const ROUNDS: usize = 12;

/// Makes names of definitions that say what another one says.
pub(super) fn merge(ir: &mut Ir, reach: &Reach) {
    let mut places: HashMap<TypeId, (Root, usize)> = HashMap::default();
    for (id, def) in ir.iter() {
        if !reach.used[id.0] || matches!(def.shape, Shape::Alias(_) | Shape::Newtype(_) | Shape::Pending) {
            continue;
        }
        let (root, steps) = split(&def.at);
        if !steps.is_empty() || is_named_object(def) {
            places.insert(id, (root, steps.len()));
        }
    }
    // The first of them is the one that is defined: a component before what is inside one, and that before what is in an
    // operation, and where its name is short.
    let rank = |id: &TypeId| places.get(id).map(|(root, depth)| (matches!(root, Root::Operation(_)), *depth));
    let mut ids: Vec<TypeId> = places.keys().copied().collect();
    ids.sort_by(|left, right| {
        let by_place = || ir.get(*left).at.cmp(&ir.get(*right).at).then(ir.get(*left).request_side.cmp(&ir.get(*right).request_side));
        rank(left).cmp(&rank(right)).then_with(by_place)
    });
    let mut first: HashMap<TypeId, TypeId> = HashMap::default();
    for _ in 0..ROUNDS {
        let found = round(ir, &mut ids, &first);
        if found.is_empty() {
            break;
        }
        // What was the first of some may now be the twin of another.
        for original in first.values_mut() {
            *original = found.get(original).copied().unwrap_or(*original);
        }
        first.extend(found);
    }
    for (twin, original) in first {
        ir.types[twin.0].shape = Shape::Alias(Type::Named(original));
    }
}

/// Whether a definition is a component that can have twins: an object of some members.
fn is_named_object(def: &TypeDef) -> bool {
    is_component(def.at.as_str()) && matches!(&def.shape, Shape::Struct(object) if object.fields.len() > 1)
}

/// Takes the twins out of the definitions, those known so far counted as one, and answers which they are, and of which.
fn round(ir: &Ir, ids: &mut Vec<TypeId>, known: &HashMap<TypeId, TypeId>) -> HashMap<TypeId, TypeId> {
    let mut seen: HashMap<(Cow<'_, Shape>, &[Constraint], bool), TypeId> = HashMap::default();
    let mut found = HashMap::default();
    ids.retain(|id| {
        let def = ir.get(*id);
        let mut shape = Cow::Borrowed(&def.shape);
        // Most types lead to no twin, and need no copy to be compared.
        let mut leads_to_twin = false;
        shape.each_type(&mut |ty| ty.each_named(&mut |named| leads_to_twin |= known.contains_key(&named)));
        if leads_to_twin {
            shape.to_mut().each_type_mut(&mut |ty| ty.replace_named(&|named| known.get(&named).copied()));
        }
        match seen.entry((shape, def.constraints.as_slice(), def.request_side)) {
            Entry::Vacant(place) => {
                place.insert(*id);
                true
            }
            // Components stay what they are.
            Entry::Occupied(_) if is_component(def.at.as_str()) => true,
            Entry::Occupied(original) => {
                found.insert(*id, *original.get());
                false
            }
        }
    });
    found
}
