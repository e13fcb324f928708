//! Texts that match a pattern, made from its syntax tree. `pattern` is not anchored, so a match alone is a match; look-around
//! other than the ends of the text is not understood, and the validator decides on whatever is made.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::random::Random;

/// How many repetitions are made where the pattern sets no bound.
const MAX_REPEAT: u32 = 4;

/// How long a made text may get: `(a{1000}){1000}` asks for more than anybody wants.
const MAX_LENGTH: usize = 20_000;

/// How much of each repetition is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// As few as possible.
    Least,
    /// As many as the pattern sets, or a few.
    Greatest,
    /// Anything between.
    Any,
}

/// A parsed pattern.
#[derive(Debug)]
pub(super) struct Pattern(Hir);

impl Pattern {
    /// Reads a pattern; `None` where its syntax is not understood.
    pub(super) fn parse(pattern: &str) -> Option<Self> {
        // In ECMA 262 `\d` means the ASCII digits; ASCII comes first in every class below, so Unicode's reading does no harm.
        let parsed = regex_syntax::parse(pattern).ok();
        parsed.or_else(|| regex_syntax::parse(&plainer(pattern)).ok()).map(Self)
    }

    /// A text that should match; `None` where a part can match nothing.
    pub(super) fn text(&self, extent: Extent, random: &mut Random) -> Option<String> {
        let mut text = String::new();
        write(&self.0, extent, random, &mut text)?;
        Some(text)
    }
}

/// ECMA 262 lets characters stand for themselves that other dialects refuse: a `{` or `]` that closes nothing, needless escapes.
fn plainer(pattern: &str) -> String {
    let mut plain = String::with_capacity(pattern.len());
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some(next)) if !next.is_ascii_alphanumeric() && !next.is_ascii_punctuation() => {}
            ('\\', Some('_' | 'e' | 'i' | 'g' | 'm' | 'o' | 'y' | '"' | '\'')) => {}
            ('\\', Some(_)) => {
                plain.push(letter);
                plain.extend(letters.next());
            }
            _ => plain.push(letter),
        }
    }
    plain
}

fn write(hir: &Hir, extent: Extent, random: &mut Random, text: &mut String) -> Option<()> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(member(class, random)?),
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or_else(|| repetition.min.saturating_add(MAX_REPEAT));
            let times = match extent {
                Extent::Least => repetition.min,
                Extent::Greatest => most,
                Extent::Any => {
                    let spread = most.saturating_sub(repetition.min).min(MAX_REPEAT);
                    let more = random.below(usize::try_from(spread).ok()?.saturating_add(1));
                    repetition.min.saturating_add(u32::try_from(more).ok()?)
                }
            };
            for _ in 0..times {
                write(&repetition.sub, extent, random, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, extent, random, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, extent, random, text)?;
            }
        }
        HirKind::Alternation(branches) => match extent {
            Extent::Least => write(branches.first()?, extent, random, text)?,
            Extent::Greatest => write(branches.last()?, extent, random, text)?,
            Extent::Any => write(random.pick(branches)?, extent, random, text)?,
        },
    }
    Some(())
}

/// A character of a class: a letter or digit if there is one, else anything printable, else anything.
fn member(class: &Class, random: &mut Random) -> Option<char> {
    let Class::Unicode(class) = class else {
        let Class::Bytes(class) = class else { return None };
        return class.ranges().iter().map(|range| char::from(range.start())).find(char::is_ascii);
    };
    let within = |low: char, high: char| {
        class
            .ranges()
            .iter()
            .filter(move |range| range.start() <= high && range.end() >= low)
            .flat_map(move |range| range.start().max(low)..=range.end().min(high))
            .collect::<Vec<char>>()
    };
    let common: Vec<char> = [('a', 'z'), ('0', '9'), ('A', 'Z')].into_iter().flat_map(|(low, high)| within(low, high)).collect();
    if let Some(letter) = random.pick(&common) {
        return Some(*letter);
    }
    random.pick(&within(' ', '~')).copied().or_else(|| class.ranges().first().map(regex_syntax::hir::ClassUnicodeRange::start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match_their_pattern() {
        let mut random = Random::new(1, "");
        for pattern in [
            "^[a-z]{3}$",
            "^\\d{4}-\\d{2}$",
            "^(foo|bar)+$",
            "[^a]",
            "^\\w+@\\w+\\.com$",
            "^$",
            "^[0-9a-f]{8}-?x*$",
            "a{0,2}b",
            "^\\/v\\d\\/\\S+$",
            "^[\\w.\\-]{1,64}$",
            "^\\p{Lu}$",
        ] {
            let parsed = Pattern::parse(pattern).expect(pattern);
            let schema = serde_json::json!({ "pattern": pattern });
            for extent in [Extent::Least, Extent::Greatest, Extent::Any] {
                let text = parsed.text(extent, &mut random).expect(pattern);
                assert!(jsonschema::is_valid(&schema, &serde_json::json!(text)), "{pattern} {text:?}");
            }
        }
    }

    #[test]
    fn what_is_not_understood_or_too_long_is_none() {
        assert!(Pattern::parse("^(?=.*[A-Z]).{8,}$").is_none());
        assert_eq!(Pattern::parse("^((a{900}){900})$").and_then(|pattern| pattern.text(Extent::Least, &mut Random::new(1, ""))), None);
    }
}
