//! What stands in the place of a secret: a text of the same length and the same kinds of letters, so that a schema still holds, made from
//! the secret and a key that nobody keeps, so that equal secrets stay equal and nothing leads back. Next: `recorded.rs`.

use sha2::{Digest as _, Sha256};

use super::look;

/// Makes replacements with one key.
pub(super) struct Replacer {
    key: [u8; 32],
}

impl Replacer {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The replacement of a text.
    pub(super) fn text(&self, secret: &str) -> String {
        let mut random = self.random(secret);
        if is_date(secret) {
            return date(secret, &mut random);
        }
        let kept = kept_prefix(secret);
        let (front, rest) = secret.split_at(kept);
        let hexadecimal = rest.len() >= 8 && rest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        // The last letter before the padding of Base64 may not be any.
        let padded = rest.ends_with('=').then(|| rest.trim_end_matches('=').len());
        let uuid = look::is_uuid(rest);
        let mut out = String::with_capacity(secret.len());
        out.push_str(front);
        for (at, letter) in rest.char_indices() {
            // Version and variant of a UUID are no secret, and part of its form.
            let fixed = (uuid && (at == 14 || at == 19)) || padded.is_some_and(|padded| at + 1 == padded);
            out.push(if fixed { letter } else { replacement(letter, hexadecimal, &mut random) });
        }
        out
    }

    /// The replacement of a number as JSON writes it: other digits.
    pub(super) fn number(&self, secret: &str) -> String {
        let mut random = self.random(secret);
        let mantissa = secret.find(['e', 'E']).unwrap_or(secret.len());
        let mut leading = true;
        let mut digit = |at: usize, letter: char| match letter {
            // A zero in front stays alone, and no other digit becomes one.
            '1'..='9' if leading && at < mantissa => {
                leading = false;
                char::from(b'1' + random.next(9))
            }
            '0' if leading => letter,
            '0'..='9' if at < mantissa => char::from(b'0' + random.next(10)),
            _ => letter,
        };
        secret.char_indices().map(|(at, letter)| digit(at, letter)).collect()
    }

    fn random(&self, secret: &str) -> Random<'_> {
        Random { key: &self.key, secret: Sha256::digest(secret.as_bytes()).into(), block: [0; 32], at: 32, number: 0 }
    }
}

/// Bytes that follow from the key and a secret.
struct Random<'k> {
    key: &'k [u8; 32],
    secret: [u8; 32],
    block: [u8; 32],
    at: usize,
    number: u64,
}

impl Random<'_> {
    /// A number below `bound`.
    fn next(&mut self, bound: u8) -> u8 {
        if self.at >= self.block.len() {
            // The key comes first and last, as in HMAC, and all parts have fixed lengths.
            let mut hash = Sha256::new();
            hash.update(self.key);
            hash.update(self.secret);
            hash.update(self.number.to_be_bytes());
            hash.update(self.key);
            self.block = hash.finalize().into();
            self.number += 1;
            self.at = 0;
        }
        let byte = self.block.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        byte % bound.max(1)
    }
}

fn replacement(letter: char, hexadecimal: bool, random: &mut Random<'_>) -> char {
    match letter {
        '0'..='9' => char::from(b'0' + random.next(10)),
        'a'..='z' => char::from(b'a' + random.next(if hexadecimal { 6 } else { 26 })),
        'A'..='Z' => char::from(b'A' + random.next(if hexadecimal { 6 } else { 26 })),
        _ if letter.is_alphabetic() => 'x',
        _ => letter,
    }
}

/// How much of a token stays: what says which kind it is (`sk_live_`), by which schemas and people know it.
fn kept_prefix(secret: &str) -> usize {
    if !look::is_token(secret) {
        return 0;
    }
    let mut kept = 0;
    for part in secret.split_inclusive(['_', '-']) {
        let is_label = part.len() <= 9 && part.ends_with('_') && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if !is_label || kept + part.len() > 16 || secret.len() - kept - part.len() < 8 {
            break;
        }
        kept += part.len();
    }
    kept
}

/// Whether a text begins like `2024-05-31`, and goes on as a time if at all.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    [0, 1, 2, 3, 5, 6, 8, 9].into_iter().all(digit)
        && [4, 7].into_iter().all(|at| bytes.get(at) == Some(&b'-'))
        && bytes.get(10).is_none_or(|byte| matches!(byte, b'T' | b't' | b' '))
        && text.is_ascii()
}

/// Another day of the calendar and another time of the day in the same form.
fn date(text: &str, random: &mut Random<'_>) -> String {
    let mut out = format!("19{}{}-0{}-{}{}", 5 + random.next(5), random.next(10), 1 + random.next(9), random.next(2), 1 + random.next(9));
    let zone = text.get(11..).and_then(|time| time.find(['Z', 'z', '+', '-'])).map_or(text.len(), |at| at + 11);
    for (at, letter) in text.char_indices().skip(10) {
        out.push(match letter {
            // Minutes and seconds end below 60, whatever their last digit.
            '0'..='9' if at < zone && matches!(at, 15 | 18 | 20..) => char::from(b'0' + random.next(10)),
            _ => letter,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> String {
        text.chars()
            .map(|letter| match letter {
                '0'..='9' => '9',
                'a'..='z' => 'a',
                'A'..='Z' => 'A',
                other => other,
            })
            .collect()
    }

    #[test]
    fn replacements_keep_the_form_and_nothing_else() {
        let replacer = Replacer::new([7; 32]);
        for secret in [
            "hunter2-Hunter2",
            "anna@example.com",
            "+49 151 1234567",
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "AbCd1234+/Zz9w==",
            "pass word!",
        ] {
            let replaced = replacer.text(secret);
            assert_ne!(replaced, secret);
            assert_eq!(replaced, replacer.text(secret), "equal stays equal");
            assert_ne!(replaced, Replacer::new([8; 32]).text(secret), "the key matters");
            if !look::is_uuid(secret) {
                assert_eq!(kinds(&replaced), kinds(secret), "{secret} {replaced}");
            }
        }
        assert!(look::is_uuid(&replacer.text("3f2504e0-4f89-41d3-9a0c-0305e82c3301")));
        let token = replacer.text("sk_live_4eC39HqLyjWDarjtT1zdp7dc");
        assert!(token.starts_with("sk_live_") && !token.contains("4eC39"), "{token}");
        assert_eq!(replacer.text("äöü"), "xxx");
    }

    #[test]
    fn dates_stay_dates_and_numbers_numbers() {
        let replacer = Replacer::new([7; 32]);
        for secret in ["2024-12-31", "2024-12-31T23:59:59.999Z", "2024-02-29T10:00:00+02:00"] {
            let replaced = replacer.text(secret);
            assert!(replaced.get(..10).and_then(crate::drift::Date::parse).is_some() && replaced.len() == secret.len(), "{replaced}");
            assert_eq!(kinds(&replaced), kinds(secret));
            assert_ne!(replaced, secret);
        }
        for secret in ["1234567890", "-10.50", "6.02e23", "0.123456"] {
            let replaced = replacer.number(secret);
            assert_eq!(kinds(&replaced), kinds(secret));
            assert!(serde_json::from_str::<serde_json::Number>(&replaced).is_ok(), "{replaced}");
        }
    }
}
