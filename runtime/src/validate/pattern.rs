//! `pattern`: expressions of ECMA-262, by an engine whose backtracking is bounded. The generator leaves out what the engine does not take.

use std::cell::RefCell;
use std::collections::HashMap;

use fancy_regex::Regex;

/// How many steps back one match may take. A string on which that is not enough counts as unchecked, not as wrong.
const BACKTRACKING: usize = 100_000;

/// How many expressions a thread keeps ready.
const KEPT: usize = 256;

thread_local! {
    static READY: RefCell<HashMap<&'static str, Option<Regex>>> = RefCell::default();
}

/// Whether the expression matches anywhere in the text; `None` where the engine cannot tell.
pub(super) fn is_match(pattern: &'static str, text: &str) -> Option<bool> {
    READY.with_borrow_mut(|ready| {
        if ready.len() >= KEPT && !ready.contains_key(pattern) {
            ready.clear();
        }
        ready.entry(pattern).or_insert_with(|| compile(pattern)).as_ref()?.is_match(text).ok()
    })
}

fn compile(pattern: &str) -> Option<Regex> {
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    fancy_regex::RegexBuilder::new(&translated).backtrack_limit(BACKTRACKING).build().ok()
}

#[cfg(test)]
mod tests {
    use super::is_match;

    #[test]
    fn expressions_are_those_of_ecma_262_and_match_anywhere() {
        for (pattern, matching, other) in [
            ("b", "abc", "ac"),
            ("^b", "bc", "abc"),
            ("c$", "abc", "abc\n"),
            (r"^\d+$", "12", "\u{663}"),
            (r"^\w+$", "a_1", "\u{e9}"),
            (r"^[\w.+-]+@[a-z]+$", "a.b+c@d", "a@"),
            (r"^(?!x)\p{L}+$", "\u{e9}a", "xa"),
            (r"^(a|b)\1$", "aa", "ab"),
            (r"^\/x\-y$", "/x-y", "x-y"),
            (r"^[^\s]+$", "a", "a\u{feff}"),
        ] {
            assert_eq!(is_match(pattern, matching), Some(true), "{pattern} on {matching:?}");
            assert_eq!(is_match(pattern, other), Some(false), "{pattern} on {other:?}");
        }
    }

    #[test]
    fn neither_a_wrong_nor_an_endless_expression_says_anything() {
        assert_eq!(is_match("(", "a"), None);
        assert_eq!(is_match(r"^(?=(a+)+$)(a|aa)+\1b$", &"a".repeat(200)), None);
    }
}
