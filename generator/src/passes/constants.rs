//! Constants: a branch of a union that is one string and nothing else needs no type of its own. `anyOf: [{..}, {enum: [""]}]`, with which some
//! vendors let a member be cleared, is a variant without content.

use crate::ir::{Ir, Shape, Type, TypeId};
use crate::naming::split;

/// Puts the value itself in the place of branches that are closed enumerations of one value and have no name in the document. An open one may be
/// something else tomorrow, and stays.
pub(super) fn inline(ir: &mut Ir) {
    let constant = |id: TypeId| {
        let def = ir.get(id);
        match &def.shape {
            Shape::Enumeration(enumeration) if !enumeration.open && !split(&def.at).1.is_empty() => match enumeration.values.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            _ => None,
        }
    };
    let mut found = Vec::new();
    for (id, def) in ir.iter() {
        let Shape::Union(union) = &def.shape else { continue };
        for (index, branch) in union.branches.iter().enumerate() {
            if let Type::Named(named) = branch.ty
                && let Some(value) = constant(named)
            {
                found.push((id, index, value));
            }
        }
    }
    for (id, index, value) in found {
        if let Shape::Union(union) = &mut ir.types[id.0].shape
            && let Some(branch) = union.branches.get_mut(index)
        {
            branch.ty = Type::String;
            branch.constant = Some(value);
        }
    }
}
