//! Words that Rust keeps for itself. The Rust Reference, "Keywords", all editions, strict and reserved.

/// Whether a word is a keyword.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "abstract"
            | "as"
            | "async"
            | "await"
            | "become"
            | "box"
            | "break"
            | "const"
            | "continue"
            | "crate"
            | "do"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "false"
            | "final"
            | "fn"
            | "for"
            | "gen"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "macro"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "override"
            | "priv"
            | "pub"
            | "ref"
            | "return"
            | "self"
            | "Self"
            | "static"
            | "struct"
            | "super"
            | "trait"
            | "true"
            | "try"
            | "type"
            | "typeof"
            | "unsafe"
            | "unsized"
            | "use"
            | "virtual"
            | "where"
            | "while"
            | "yield"
    )
}

/// Whether a keyword cannot be written as `r#word`.
pub(super) fn is_never_raw(word: &str) -> bool {
    matches!(word, "self" | "Self" | "super" | "crate" | "_")
}

/// File names that some systems keep for devices, and those that Rust gives a meaning.
pub(super) fn is_reserved_file(name: &str) -> bool {
    matches!(name, "mod" | "lib" | "main" | "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"]
            .iter()
            .any(|device| name.strip_prefix(device).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::{is_keyword, is_never_raw};

    /// The compiler's own parser decides: what it refuses as an identifier is on the list, and the other way round.
    #[test]
    fn the_lists_agree_with_the_parser() {
        for word in [
            "type",
            "async",
            "gen",
            "try",
            "self",
            "Self",
            "super",
            "crate",
            "union",
            "auto",
            "raw",
            "default",
            "macro_rules",
            "abstract",
            "yield",
            "static",
        ] {
            let plain = syn::parse_str::<syn::Ident>(word).is_ok();
            assert_eq!(plain, !is_keyword(word) || word == "gen", "{word}");
            let raw = syn::parse_str::<syn::Ident>(&format!("r#{word}")).is_ok();
            assert_eq!(raw, !is_never_raw(word), "{word}");
        }
    }
}
