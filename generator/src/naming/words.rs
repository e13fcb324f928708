//! Any text to words, the form in which names are compared: `fooBar`, `foo_bar` and `Foo-Bar` are all `foo bar`.

/// Longest name in characters; what is beyond is cut, and a suffix keeps it apart if need be.
const MAX_LENGTH: usize = 80;

/// Splits a text into lowercase ASCII words of letters and digits; never empty.
pub(crate) fn words(text: &str) -> Vec<String> {
    let short: String = text.chars().take(4 * MAX_LENGTH).collect();
    let ascii = deunicode::deunicode(&short);
    let mut words = split(&ascii);
    if words.is_empty() {
        words = symbols(&ascii);
    } else if let Some(sign) = leading_sign(&ascii) {
        words.insert(0, sign.to_owned());
    }
    if words.is_empty() {
        words.push("empty".to_owned());
    }
    let mut length = 0;
    words.retain(|word| {
        length += word.len();
        length <= MAX_LENGTH
    });
    if words.is_empty() {
        let start: String = split(&ascii).concat().chars().take(MAX_LENGTH).collect();
        words.push(start);
    }
    words
}

/// Splits a name that was made here, which is short enough.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    split(name)
}

/// Splits at anything that is no letter or digit, and where case says that a word begins.
fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            inside = false;
            continue;
        }
        let begins = !inside || {
            let before = chars[index - 1];
            let is_lower = |index: usize| chars.get(index).is_some_and(char::is_ascii_lowercase);
            // The `s` of several IDs or URLs does not make a word of the letter before it.
            let is_plural = chars.get(index + 1) == Some(&'s') && !is_lower(index + 2);
            c.is_ascii_uppercase() && (!before.is_ascii_uppercase() || (is_lower(index + 1) && !is_plural))
        };
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c.to_ascii_lowercase());
        }
        inside = true;
    }
    words
}

/// `-1` and `+1` differ in nothing else.
fn leading_sign(text: &str) -> Option<&'static str> {
    match text.trim_start().chars().next() {
        Some('-') => Some("minus"),
        Some('+') => Some("plus"),
        Some('<') => Some("lt"),
        Some('>') => Some("gt"),
        Some('!') => Some("not"),
        _ => None,
    }
}

/// Names for a text of symbols only.
fn symbols(text: &str) -> Vec<String> {
    text.chars()
        .filter_map(|c| {
            Some(match c {
                '<' => "lt",
                '>' => "gt",
                '=' => "eq",
                '!' => "not",
                '+' => "plus",
                '-' => "minus",
                '*' => "star",
                '/' => "slash",
                '\\' => "backslash",
                '%' => "percent",
                '&' => "and",
                '|' => "or",
                '~' => "tilde",
                '^' => "caret",
                '.' => "dot",
                ',' => "comma",
                ':' => "colon",
                ';' => "semicolon",
                '?' => "question",
                '#' => "hash",
                '@' => "at",
                '$' => "dollar",
                '_' => "underscore",
                '(' | ')' => "paren",
                '[' | ']' => "bracket",
                '{' | '}' => "brace",
                '"' | '\'' | '`' => "quote",
                _ => return None,
            })
        })
        .take(6)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn splits_every_spelling_alike() {
        for (text, expected) in [
            ("fooBar", "foo bar"),
            ("foo_bar", "foo bar"),
            ("Foo-Bar", "foo bar"),
            ("HTTPServer", "http server"),
            ("parseURLs2Go", "parse urls2 go"),
            ("userIDs", "user ids"),
            ("redirectURIsSent", "redirect uris sent"),
            ("DNSServer", "dns server"),
            ("ThisIs", "this is"),
            ("repos/get-content", "repos get content"),
            ("-1", "minus 1"),
            ("+1", "plus 1"),
            ("-name", "minus name"),
            ("<=", "lt eq"),
            ("*", "star"),
            ("", "empty"),
            (" ", "empty"),
            ("Ventilação", "ventilacao"),
            ("2023-05", "2023 05"),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn a_text_of_any_size_gives_a_short_name() {
        assert!(words(&"a".repeat(1_000_000)).concat().len() <= 80);
        assert!(words(&"ab ".repeat(100_000)).concat().len() <= 80);
    }
}
