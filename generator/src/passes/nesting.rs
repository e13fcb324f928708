//! How deep definitions hold each other: rustc gives up on types nested deeper than its recursion limit unless told otherwise.

use crate::ir::{Ir, Type};

/// Nesting that rustc's default limit of 128 bears with room to spare; each level costs it two or three steps.
const EASY: usize = 32;

/// The `recursion_limit` that a crate with these definitions needs; none where the default does.
pub(crate) fn recursion_limit(ir: &Ir) -> Option<usize> {
    let depth = deepest(&ir.types.iter().map(|def| held(&def.shape)).collect::<Vec<_>>());
    (depth > EASY).then(|| (depth * 4).next_power_of_two())
}

/// The definitions that stand in a definition, behind a pointer or not; lists and maps hold none of theirs in themselves, but
/// checks of drops and of auto traits walk through them all the same.
fn held(shape: &crate::ir::Shape) -> Vec<usize> {
    let mut targets = Vec::new();
    shape.each_type(&mut |ty: &Type| ty.each_named(&mut |id| targets.push(id.0)));
    targets
}

/// The number of nodes on the longest path, circles walked once.
fn deepest(edges: &[Vec<usize>]) -> usize {
    /// Not seen, being walked, or known.
    #[derive(Clone, Copy)]
    enum State {
        New,
        Open,
        Done(usize),
    }
    let mut states = vec![State::New; edges.len()];
    for root in 0..edges.len() {
        // A node, its next edge, and the longest path known below it.
        let mut stack: Vec<(usize, usize, usize)> = Vec::new();
        if matches!(states[root], State::New) {
            states[root] = State::Open;
            stack.push((root, 0, 0));
        }
        while let Some((node, edge, below)) = stack.pop() {
            let Some(&target) = edges[node].get(edge) else {
                states[node] = State::Done(below + 1);
                continue;
            };
            match states[target] {
                State::New => {
                    // Walked first; the edge is looked at again when the target is known.
                    states[target] = State::Open;
                    stack.push((node, edge, below));
                    stack.push((target, 0, 0));
                }
                State::Open => stack.push((node, edge + 1, below)),
                State::Done(depth) => stack.push((node, edge + 1, below.max(depth))),
            }
        }
    }
    states.into_iter().map(|state| if let State::Done(depth) = state { depth } else { 0 }).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::deepest;

    #[test]
    fn the_longest_path_counts_and_circles_end() {
        assert_eq!(deepest(&[]), 0);
        assert_eq!(deepest(&[vec![1, 2], vec![2], vec![3], vec![]]), 4);
        assert_eq!(deepest(&[vec![1], vec![0]]), 2);
        let chain: Vec<Vec<usize>> = (0..100_000).map(|node| if node == 99_999 { Vec::new() } else { vec![node + 1] }).collect();
        assert_eq!(deepest(&chain), 100_000);
    }
}
