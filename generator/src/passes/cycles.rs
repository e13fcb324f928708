//! Types that contain themselves: a pointer where a value would have no size, a definition where an alias would have no end.

use crate::ir::{Ir, Newtype, Shape, Type, TypeId};

/// Turns aliases that lead back to themselves into definitions of their own.
pub(super) fn name_recursive_aliases(ir: &mut Ir) {
    let edges: Vec<Vec<usize>> = ir
        .types
        .iter()
        .map(|def| {
            let mut targets = Vec::new();
            if let Shape::Alias(ty) = &def.shape {
                ty.each_named(&mut |id| targets.push(id.0));
            }
            targets
        })
        .collect();
    let component = components(&edges);
    for (index, def) in ir.types.iter_mut().enumerate() {
        let in_circle = edges[index].iter().any(|target| component[*target] == component[index]);
        if in_circle && let Shape::Alias(ty) = &def.shape {
            def.shape = Shape::Newtype(Newtype { inner: ty.clone() });
        }
    }
}

/// Puts a pointer wherever a definition holds a value of a type that holds it in turn.
pub(super) fn box_recursion(ir: &mut Ir) {
    let edges: Vec<Vec<usize>> = ir
        .types
        .iter()
        .map(|def| {
            let mut targets = Vec::new();
            def.shape.each_type(&mut |ty| targets.extend(held(ty).map(|id| id.0)));
            targets
        })
        .collect();
    let component = components(&edges);
    for (index, def) in ir.types.iter_mut().enumerate() {
        let boxed = |ty: &mut Type| {
            if let Some(id) = held(ty)
                && component[id.0] == component[index]
            {
                put_in_box(ty, id);
            }
        };
        match &mut def.shape {
            Shape::Struct(object) => object.fields.iter_mut().for_each(|field| boxed(&mut field.ty)),
            Shape::Union(union) => union.branches.iter_mut().for_each(|branch| boxed(&mut branch.ty)),
            Shape::Tuple(tuple) => tuple.items.iter_mut().for_each(|item| boxed(&mut item.ty)),
            Shape::Newtype(newtype) => boxed(&mut newtype.inner),
            // An alias holds nothing by itself; whoever uses it has the pointer.
            Shape::Alias(_) | Shape::Enumeration(_) | Shape::IntegerEnumeration(_) | Shape::Pending => {}
        }
    }
}

/// The definition that a value of this type holds in itself, not behind a list or map.
fn held(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::Nullable(inner) => held(inner),
        _ => None,
    }
}

fn put_in_box(ty: &mut Type, id: TypeId) {
    match ty {
        Type::Nullable(inner) => put_in_box(inner, id),
        other => *other = Type::Boxed(id),
    }
}

/// The strongly connected component of each node (Tarjan 1972, without recursion).
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let count = edges.len();
    let (mut order, mut low, mut component) = (vec![UNSEEN; count], vec![0; count], vec![UNSEEN; count]);
    let (mut stack, mut next) = (Vec::new(), 0);
    for root in 0..count {
        if order[root] != UNSEEN {
            continue;
        }
        let mut calls = vec![(root, 0)];
        while let Some((node, edge)) = calls.pop() {
            if edge == 0 {
                order[node] = next;
                low[node] = next;
                next += 1;
                stack.push(node);
            }
            if let Some(&target) = edges[node].get(edge) {
                calls.push((node, edge + 1));
                if order[target] == UNSEEN {
                    calls.push((target, 0));
                } else if component[target] == UNSEEN {
                    low[node] = low[node].min(order[target]);
                }
                continue;
            }
            if low[node] == order[node] {
                while let Some(member) = stack.pop() {
                    component[member] = node;
                    if member == node {
                        break;
                    }
                }
            }
            if let Some(&(parent, _)) = calls.last() {
                low[parent] = low[parent].min(low[node]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn nodes_that_reach_each_other_share_a_component() {
        // 0 -> 1 -> 2 -> 0, 2 -> 3, 4 alone with itself.
        let component = components(&[vec![1], vec![2], vec![0, 3], vec![], vec![4]]);
        assert_eq!(component[0], component[1]);
        assert_eq!(component[1], component[2]);
        assert_ne!(component[2], component[3]);
        assert_ne!(component[3], component[4]);
    }
}
