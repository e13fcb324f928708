//! One segment of a path template: literal text and variables, as in `{id}`, `{id}:archive` or `System.{location}`.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::url::decode;

/// A segment as a list of literals and variables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Piece {
    /// Text, percent-encoding undone.
    Literal(String),
    /// The name of a variable.
    Variable(String),
}

/// How many steps one match may take; beyond it the segment counts as not matching. Only hostile templates (many
/// variables side by side, against long segments) get there.
const MAX_STEPS: usize = 10_000;

impl Pattern {
    /// Reads a segment; a brace without its partner is literal text.
    pub(super) fn parse(segment: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = segment;
        while let Some(open) = rest.find('{') {
            let Some(length) = rest[open..].find('}') else { break };
            if open > 0 {
                pieces.push(Piece::Literal(decode(&rest[..open]).into_owned()));
            }
            pieces.push(Piece::Variable(rest[open + 1..open + length].to_owned()));
            rest = &rest[open + length + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(decode(rest).into_owned()));
        }
        Self { pieces }
    }

    /// The text, where there is no variable in it.
    pub(super) fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it is nothing but one variable.
    pub(super) fn is_variable(&self) -> bool {
        matches!(self.pieces.as_slice(), [Piece::Variable(_)])
    }

    /// The shape without the variables' names: templates of one shape match the same paths.
    pub(super) fn shape(&self) -> Vec<Option<&str>> {
        self.pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => Some(text.as_str()),
                Piece::Variable(_) => None,
            })
            .collect()
    }

    /// How much of it is literal: the more, the more specific.
    pub(super) fn literal_length(&self) -> usize {
        self.shape().into_iter().flatten().map(str::len).sum()
    }

    /// The names of the variables.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// The texts of the variables in a segment, still percent-encoded; `None` where it does not match.
    /// A variable stands for one character at least.
    pub(super) fn matches<'s>(&self, segment: &'s str) -> Option<Vec<Cow<'s, str>>> {
        if let [Piece::Variable(_)] = self.pieces.as_slice() {
            return (!segment.is_empty()).then(|| vec![Cow::Borrowed(segment)]);
        }
        if let Some(literal) = self.literal() {
            return (segment == literal || segment.contains('%') && decode(segment) == literal).then(Vec::new);
        }
        let mut values = Vec::new();
        let mut steps = 0;
        if fit(&self.pieces, segment, &mut values, &mut steps) {
            return Some(values.into_iter().map(Cow::Borrowed).collect());
        }
        // The literal text between variables may be escaped as well: `7%3Aarchive`.
        let decoded = decode(segment);
        if decoded == segment {
            return None;
        }
        let mut values = Vec::new();
        let escaped = |value: &&str| Cow::Owned(utf8_percent_encode(value, NON_ALPHANUMERIC).to_string());
        fit(&self.pieces, &decoded, &mut values, &mut steps).then(|| values.iter().map(escaped).collect())
    }
}

/// Fits `pieces` to all of `text`, variables as short as possible.
fn fit<'s>(pieces: &[Piece], text: &'s str, values: &mut Vec<&'s str>, steps: &mut usize) -> bool {
    *steps += 1;
    if *steps > MAX_STEPS {
        return false;
    }
    match pieces {
        [] => text.is_empty(),
        [Piece::Literal(literal), rest @ ..] => text.strip_prefix(literal.as_str()).is_some_and(|after| fit(rest, after, values, steps)),
        [Piece::Variable(_)] => {
            let fits = !text.is_empty();
            if fits {
                values.push(text);
            }
            fits
        }
        [Piece::Variable(_), rest @ ..] => {
            for (end, _) in text.char_indices().skip(1) {
                values.push(&text[..end]);
                if fit(rest, &text[end..], values, steps) {
                    return true;
                }
                values.pop();
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_match_literals_and_variables() {
        for (template, segment, expected) in [
            ("contacts", "contacts", Some(&[][..])),
            ("contacts", "%63ontacts", Some(&[])),
            ("contacts", "Contacts", None),
            ("{id}", "a%2Fb", Some(&["a%2Fb"])),
            ("{id}", "", None),
            ("{id}:archive", "7:archive", Some(&["7"])),
            ("{id}:archive", "a%2Fb%3Aarchive", Some(&["a%2Fb"])),
            ("{id}:archive", ":archive", None),
            ("{id}:archive", "7:restore", None),
            ("{a}...{b}", "x...y...z", Some(&["x", "y...z"])),
            ("System.{location}", "System.eu", Some(&["eu"])),
            ("{a}{b}", "xyz", Some(&["x", "yz"])),
            ("{open", "{open", Some(&[])),
        ] {
            let pattern = Pattern::parse(template);
            let matched = pattern.matches(segment);
            let texts: Option<Vec<&str>> = matched.as_ref().map(|values| values.iter().map(AsRef::as_ref).collect());
            assert_eq!(texts.as_deref(), expected, "{template} {segment}");
        }
    }

    #[test]
    fn hostile_templates_end() {
        let template = format!("{}y", "{a}x".repeat(40));
        assert_eq!(Pattern::parse(&template).matches(&"x".repeat(5_000)), None);
    }
}
