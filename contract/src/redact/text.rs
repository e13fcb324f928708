//! Secrets in free text: those that are known already, credentials in URLs, values that stand beside a name which says what they are
//! (`password=...`), and words that look like tokens. Next: `recorded.rs`, which knows where such texts stand.

use std::ops::Range;

use memchr::memmem::Finder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use wireproof_openapi::Document;

use super::look;
use super::names::{is_secret_key, is_secret_member};
use super::replace::Replacer;
use crate::url::{decode_query, query_pairs};

/// A secret that is known, in one form that it may be written in.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) secret: String,
    /// What stands in its place.
    pub(super) new: String,
    /// Made once: every text is searched for it.
    finder: Finder<'static>,
}

impl Known {
    pub(super) fn new(secret: String, new: String) -> Self {
        Self { finder: Finder::new(&secret).into_owned(), secret, new }
    }

    /// Where it stands.
    pub(super) fn places<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> + 't {
        self.finder.find_iter(text)
    }
}

/// How texts are searched.
#[derive(Clone, Copy)]
pub(super) struct Search<'s> {
    pub(super) replacer: &'s Replacer,
    /// Secrets that are known, in every form they may be written in.
    pub(super) known: &'s [Known],
    /// Fields that are replaced whatever their values, in lower case.
    pub(super) fields: &'s [String],
    /// Whether words that only look like tokens stay.
    pub(super) keep_tokens: bool,
    pub(super) document: Option<&'s Document>,
}

/// What has to change in a text; no two of them overlap.
#[derive(Default)]
struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Adds a change, unless something in the range changes already.
    fn add(&mut self, range: Range<usize>, new: String) {
        let taken = self.0.iter().any(|(other, _)| other.start < range.end && range.start < other.end);
        if !taken && !range.is_empty() {
            self.0.push((range, new));
        }
    }

    fn apply(mut self, text: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        self.0.sort_by_key(|(range, _)| range.start);
        let mut out = String::with_capacity(text.len());
        let mut copied = 0;
        for (range, new) in self.0 {
            out.push_str(text.get(copied..range.start).unwrap_or_default());
            out.push_str(&new);
            copied = range.end;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(out)
    }
}

impl Search<'_> {
    /// The text without its secrets; `None` where it has none.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        let mut edits = Edits::default();
        self.known(text, &mut edits);
        // Most texts are the words of a body, with nothing to look into; the signs are looked for first, as that costs next to nothing.
        let has = |signs: &[u8]| text.bytes().any(|byte| signs.contains(&byte));
        if has(b":") && text.contains("://") {
            for word in words(text, |letter| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | '`' | '{' | '}' | '\\')) {
                if text.get(word.clone()).is_some_and(|word| word.contains("://")) {
                    self.in_url(text, word, &mut edits);
                }
            }
        }
        if has(b"=:>") {
            self.labelled(text, &mut edits);
        }
        self.tokens(text, &mut edits);
        edits.apply(text)
    }

    /// A text that is a URL, absolute or not, without its secrets.
    pub(super) fn url(&self, text: &str) -> Option<String> {
        let mut edits = Edits::default();
        self.in_url(text, 0..text.len(), &mut edits);
        self.known(text, &mut edits);
        self.tokens(text, &mut edits);
        edits.apply(text)
    }

    /// `name=value` pairs of a query or a form without their secrets.
    pub(super) fn pairs(&self, text: &str) -> Option<String> {
        let mut edits = Edits::default();
        self.in_pairs(text, 0..text.len(), &mut edits);
        self.known(text, &mut edits);
        self.tokens(text, &mut edits);
        edits.apply(text)
    }

    /// What stands in the place of a credential; the scheme before it (`Bearer`) stays.
    pub(super) fn credential(&self, text: &str) -> String {
        match text.split_once(' ') {
            Some((scheme, rest)) if is_scheme(scheme) => match basic(rest).filter(|_| scheme.eq_ignore_ascii_case("basic")) {
                Some((user, password)) => {
                    use base64::Engine as _;
                    let plain = format!("{}:{}", self.replacer.text(&user), self.replacer.text(&password));
                    format!("{scheme} {}", base64::engine::general_purpose::STANDARD.encode(plain))
                }
                None => format!("{scheme} {}", self.replacer.text(rest)),
            },
            _ => self.replacer.text(text),
        }
    }

    fn known(&self, text: &str, edits: &mut Edits) {
        for known in self.known {
            for start in known.places(text.as_bytes()) {
                edits.add(start..start + known.secret.len(), known.new.clone());
            }
        }
    }

    fn in_url(&self, text: &str, range: Range<usize>, edits: &mut Edits) {
        let url = text.get(range.clone()).unwrap_or_default();
        let find = |letters: &[char], from: usize| url.get(from..).and_then(|rest| rest.find(letters)).map(|at| at + from);
        let authority = url.find("://").map_or(0, |at| at + 3);
        let path = find(&['/', '?', '#'], authority).unwrap_or(url.len());
        if authority > 0
            && let Some(at) = url.get(authority..path).and_then(|authority| authority.rfind('@'))
        {
            for part in words(url, |letter| letter == ':').filter(|part| part.end > authority) {
                let part = part.start.max(authority)..part.end.min(authority + at);
                if let Some(secret) = url.get(part.clone()) {
                    edits.add(range.start + part.start..range.start + part.end, self.replacer.text(secret));
                }
            }
        }
        let fragment = find(&['#'], path).unwrap_or(url.len());
        if let Some(query) = find(&['?'], path).filter(|query| *query < fragment) {
            self.in_pairs(text, range.start + query + 1..range.start + fragment, edits);
        }
        self.in_pairs(text, range.start + (fragment + 1).min(url.len())..range.end, edits);
    }

    fn in_pairs(&self, text: &str, range: Range<usize>, edits: &mut Edits) {
        let pairs = text.get(range.clone()).unwrap_or_default();
        let mut start = range.start;
        for pair in pairs.split('&') {
            if let (Some((name, _)), Some((written, value))) = (query_pairs(pair).next(), pair.split_once('=')) {
                let at = start + written.len() + 1;
                let decoded = decode_query(value);
                let new = if self.is_secret_field(&name) && !value.is_empty() {
                    Some(self.credential(&decoded))
                } else if decoded == value {
                    None
                } else {
                    self.text(&decoded)
                };
                if let Some(new) = new {
                    let plain = decoded == value;
                    let new = if plain { new } else { utf8_percent_encode(&new, NON_ALPHANUMERIC).to_string() };
                    edits.add(at..at + value.len(), new);
                }
            }
            start += pair.len() + 1;
        }
    }

    /// Whether the value of a field of a form or a query is replaced whatever it is.
    pub(super) fn is_secret_field(&self, name: &str) -> bool {
        is_secret_key(self.document, name) || is_secret_member(name) || self.fields.iter().any(|field| field.eq_ignore_ascii_case(name))
    }

    /// Values behind names: `password=x`, `"api_key": "x"`, `<token>x</token>`.
    fn labelled(&self, text: &str, edits: &mut Edits) {
        let is_of_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
        for name in words(text, |letter| !is_of_name(letter)) {
            if name.len() > 64 || !text.get(name.clone()).is_some_and(|name| is_secret_member(name) || self.is_field(name)) {
                continue;
            }
            let rest = text.get(name.end..).unwrap_or_default();
            let behind = rest.trim_start_matches(['"', '\'', ' ', '\\']);
            let Some(sign) = behind.chars().next().filter(|sign| matches!(sign, '=' | ':' | '>')) else { continue };
            let value = behind.get(1..).unwrap_or_default().trim_start_matches(['"', '\'', ' ', '\\']);
            let start = text.len() - value.len();
            let length =
                value.find(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | '&' | ';' | ',' | '\\'));
            let value = value.get(..length.unwrap_or(value.len())).unwrap_or_default();
            // In a sentence, what follows a colon may be just the next word.
            if value.len() >= 4 && (sign != ':' || value.contains(|letter: char| !letter.is_alphabetic())) && !is_scheme(value) {
                edits.add(start..start + value.len(), self.replacer.text(value));
            }
        }
    }

    fn is_field(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.eq_ignore_ascii_case(name))
    }

    /// Words that look like tokens.
    fn tokens(&self, text: &str, edits: &mut Edits) {
        if self.keep_tokens || text.len() < 12 {
            return;
        }
        let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
        let is_of_run = |letter: char| is_of_word(letter) || matches!(letter, '.' | '+' | '/' | '=');
        for run in words(text, |letter| !is_of_run(letter)).filter(|run| run.len() >= 12) {
            let whole = text.get(run.clone()).unwrap_or_default();
            let bare = whole.trim_matches(['.', '/']);
            if look::is_jwt(bare) || look::is_base64(bare) {
                let start = run.start + (whole.len() - whole.trim_start_matches(['.', '/']).len());
                edits.add(start..start + bare.len(), self.replacer.text(bare));
                continue;
            }
            for word in words(whole, |letter| !is_of_word(letter)) {
                if let Some(token) = whole.get(word.clone()).filter(|word| look::is_token(word)) {
                    edits.add(run.start + word.start..run.start + word.end, self.replacer.text(token));
                }
            }
        }
    }
}

/// The user and the password of `Basic` credentials.
pub(super) fn basic(credentials: &str) -> Option<(String, String)> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(credentials.trim()).ok()?;
    let plain = String::from_utf8(bytes).ok()?;
    plain.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
}

/// Whether a word is an authentication scheme of RFC 9110 section 11, by its form: letters only, and few.
pub(super) fn is_scheme(word: &str) -> bool {
    ["basic", "bearer", "digest", "dpop", "hoba", "mutual", "negotiate", "apikey", "token", "key"]
        .iter()
        .any(|scheme| word.eq_ignore_ascii_case(scheme))
        || (word.contains('-') && word.len() <= 24 && word.split('-').any(|part| matches!(part, "HMAC" | "SHA256" | "SIGV4")))
}

/// The words of a text between separators.
fn words<'t>(text: &'t str, separates: impl Fn(char) -> bool + 't) -> impl Iterator<Item = Range<usize>> + 't {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let left = text.get(rest..)?;
        let start = rest + left.find(|letter| !separates(letter))?;
        let end = text.get(start..)?.find(&separates).map_or(text.len(), |length| start + length);
        rest = end;
        Some(start..end)
    })
}

#[cfg(test)]
mod tests;
