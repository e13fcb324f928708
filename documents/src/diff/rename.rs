//! Renames: what is gone and what is new, matched by shape. Two things of one shape are taken for the same if their names are alike, or if
//! the shape is found only once on each side and says enough to be told by.

/// Pairs of names from `gone` and `come` for the same thing; `alike` says whether two have the same shape.
pub(super) fn find<'n>(gone: &[&'n str], come: &[&'n str], mut alike: impl FnMut(&str, &str) -> bool) -> Vec<(&'n str, &'n str)> {
    /// Beyond this many, what is new is simply new.
    const LIMIT: usize = 60;
    if gone.is_empty() || come.is_empty() || gone.len() > LIMIT || come.len() > LIMIT {
        return Vec::new();
    }
    let mut candidates: Vec<(u32, &str, &str)> = Vec::new();
    for before in gone {
        for now in come {
            let likeness = likeness(before, now);
            if likeness >= ENOUGH && alike(before, now) {
                candidates.push((likeness, before, now));
            }
        }
    }
    // The likest first; among equals the order of names, so that the outcome is the same each time.
    candidates.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| (left.1, left.2).cmp(&(right.1, right.2))));
    let mut found: Vec<(&str, &str)> = Vec::new();
    for (_, before, now) in candidates {
        if !found.iter().any(|(one, other)| *one == before || *other == now) {
            found.push((before, now));
        }
    }
    found
}

/// How alike two names must be, in percent.
const ENOUGH: u32 = 50;

/// How alike two names are, in percent: case and separators count for nothing.
fn likeness(left: &str, right: &str) -> u32 {
    let letters =
        |name: &str| -> Vec<char> { name.chars().take(80).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let (left, right) = (letters(left), letters(right));
    let total = left.len() + right.len();
    if total == 0 {
        return 0;
    }
    let common = 2 * longest_common(&left, &right) * 100 / total;
    u32::try_from(common).unwrap_or(0)
}

/// The length of the longest sequence of letters that both have in this order.
fn longest_common(left: &[char], right: &[char]) -> usize {
    let mut row = vec![0usize; right.len() + 1];
    for one in left {
        let mut diagonal = 0;
        for (index, other) in right.iter().enumerate() {
            let above = row.get(index + 1).copied().unwrap_or(0);
            let before = row.get(index).copied().unwrap_or(0);
            let best = if one == other { diagonal + 1 } else { above.max(before) };
            if let Some(cell) = row.get_mut(index + 1) {
                *cell = best;
            }
            diagonal = above;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_alike_are_matched_and_others_are_not() {
        for (gone, come, expected) in [
            (vec!["first_name"], vec!["firstName"], vec![("first_name", "firstName")]),
            (vec!["email"], vec!["emailAddress"], vec![("email", "emailAddress")]),
            (vec!["id"], vec!["colour"], vec![]),
            (vec!["a_name", "b_name"], vec!["bName", "aName"], vec![("a_name", "aName"), ("b_name", "bName")]),
        ] {
            assert_eq!(find(&gone, &come, |_, _| true), expected);
        }
        assert_eq!(find(&["name"], &["Name"], |_, _| false), []);
    }
}
