//! Risk: what a request of an operation may do to the data of its owner. Method, name and the document's `x-wireproof-risk` decide.
//! Next: `plan/`, which sends nothing that could be honoured to what is not safe.

use std::fmt;

use wireproof_openapi::Operation;

/// What an operation may do. Ordered from harmless to harmful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// It reads.
    Safe,
    /// It changes something.
    Mutating,
    /// It may take something away that nobody can bring back.
    Destructive,
}

impl Risk {
    /// The word for it, as in `x-wireproof-risk`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Mutating => "mutating",
            Self::Destructive => "destructive",
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The risk of an operation, and what it was told by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// The risk.
    pub risk: Risk,
    /// What says so, as a fragment of a sentence.
    pub because: String,
}

/// Words that take something away.
const DESTRUCTIVE: &str = "\
    anonymize anonymise archive cancel clear close deactivate delete deprovision destroy detach disable discard drop empty \
    erase evict expire expunge flush forget kill merge obliterate prune purge redact remove reset revoke rotate shred \
    shutdown suspend terminate trash truncate uninstall unlink unregister unsubscribe void wipe";

/// Words that change something, where the method alone would be taken for reading.
const MUTATING: &str = "\
    accept activate add apply approve assign attach block charge commit confirm connect consume copy create decline deploy \
    disconnect enable execute generate import insert install invite invoke launch lock login logout mark migrate move pay \
    post publish push put reboot refresh refund register reject rename replace resend restart restore rollback run send \
    set signout start stop submit subscribe sync transfer trigger unlock unpublish update upload upsert verify write";

/// Verbs of reading.
const READING: &str =
    "count describe download exists export fetch find get head inspect is list lookup query read retrieve search show view";

/// Assesses an operation.
///
/// The method says the least that it can be, names only make it worse: a `GET` that is called `purgeCache` is not safe. The document's
/// mark is believed, but for one thing: no mark makes a `DELETE` safe.
pub fn assess(operation: &Operation) -> Assessment {
    let method = operation.method.as_str();
    let by_method = match method {
        "GET" | "HEAD" | "OPTIONS" | "QUERY" => Risk::Safe,
        "DELETE" => Risk::Destructive,
        // A TRACE shows the request to whoever looks, credentials and all; no probe should make one.
        _ => Risk::Mutating,
    };
    if let Some(mark) = &operation.risk {
        let marked = match mark.trim().to_ascii_lowercase().as_str() {
            "safe" if by_method == Risk::Destructive => None,
            "safe" => Some(Risk::Safe),
            "mutating" => Some(Risk::Mutating.max(by_method)),
            "destructive" => Some(Risk::Destructive),
            _ => None,
        };
        return match marked {
            Some(risk) => Assessment { risk, because: format!("`x-wireproof-risk: {}`", risk.name()) },
            // What cannot be understood, or not be believed, is taken for the worst.
            None => Assessment {
                risk: Risk::Destructive,
                because: format!("`x-wireproof-risk` is `{}`, which is no risk of a `{method}`", mark.escape_debug()),
            },
        };
    }
    let words = words(operation);
    let named = |list: &str| words.iter().find(|word| list.split_whitespace().any(|known| known == word.as_str())).cloned();
    if by_method < Risk::Destructive
        && let Some(word) = named(DESTRUCTIVE)
    {
        return Assessment { risk: Risk::Destructive, because: format!("`{word}` in its name") };
    }
    if by_method == Risk::Safe
        && !reads(operation)
        && let Some(word) = named(MUTATING)
    {
        return Assessment { risk: Risk::Mutating, because: format!("`{word}` in its name") };
    }
    Assessment { risk: by_method, because: format!("its method is `{method}`") }
}

/// The words of an operation's name in lower case: those of its id, of the fixed parts of its path and of its summary's beginning, which
/// is where a verb stands.
fn words(operation: &Operation) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(id) = &operation.id
        && !reads(operation)
    {
        split(id, &mut words);
    }
    for step in operation.path.split('/') {
        // The name of a variable says what is acted on, not what is done.
        let mut rest = step;
        while let Some((before, after)) = rest.split_once('{') {
            split(before, &mut words);
            rest = after.split_once('}').map_or("", |(_, after)| after);
        }
        split(rest, &mut words);
    }
    if let Some(summary) = &operation.summary {
        split(summary.split_whitespace().next().unwrap_or_default(), &mut words);
    }
    words
}

/// Whether an operation's id begins with a verb of reading, which makes nouns of the words behind it: `getRefund`, `listPurges`.
fn reads(operation: &Operation) -> bool {
    let mut words = Vec::new();
    split(operation.id.as_deref().unwrap_or_default(), &mut words);
    words.first().is_some_and(|verb| READING.split_whitespace().any(|known| known == verb))
}

/// Splits `purgeContact_v2`, `HTMLDelete` and `delete-all` into words.
fn split(text: &str, words: &mut Vec<String>) {
    let letters: Vec<char> = text.chars().collect();
    let mut word = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index));
        let after = letters.get(index + 1);
        let begins = letter.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase()) || after.is_some_and(|after| after.is_lowercase()));
        if (begins || !letter.is_alphabetic()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphabetic() {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wireproof_openapi::{Document, Source};

    #[track_caller]
    fn check(method: &str, path: &str, more: &str, expected: Risk) {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n  {path}:\n    {method}:\n      responses: {{'200': {{description: d}}}}\n{more}"
        );
        let document = Document::parse(Source::new("t.yaml", text)).expect("a document");
        let assessment = assess(&document.operations()[0]);
        assert_eq!(assessment.risk, expected, "{method} {path} {more}: {}", assessment.because);
    }

    #[test]
    fn methods_say_the_least_and_names_make_it_worse() {
        for (method, path, more, expected) in [
            ("get", "/pets/{id}", "", Risk::Safe),
            ("get", "/deleted-items", "", Risk::Safe),
            ("get", "/pets/{delete}", "", Risk::Safe),
            ("get", "/cache/purge", "", Risk::Destructive),
            ("get", "/pets", "      operationId: wipeAllPets\n", Risk::Destructive),
            ("get", "/logout", "", Risk::Mutating),
            ("get", "/refund/{id}", "      operationId: getRefund\n", Risk::Safe),
            ("get", "/pets", "      operationId: listPurges\n", Risk::Safe),
            ("get", "/purge/{id}", "      operationId: getPurge\n", Risk::Destructive),
            ("get", "/pets", "      summary: Remove all pets\n", Risk::Destructive),
            ("get", "/pets", "      summary: Pets, and how to remove them\n", Risk::Safe),
            ("post", "/pets", "", Risk::Mutating),
            ("post", "/contacts/purge", "", Risk::Destructive),
            ("put", "/pets", "      operationId: HTMLErase\n", Risk::Destructive),
            ("delete", "/pets", "", Risk::Destructive),
        ] {
            check(method, path, more, expected);
        }
    }

    #[test]
    fn marks_are_believed_but_none_makes_a_deletion_safe() {
        for (method, mark, expected) in [
            ("post", "safe", Risk::Safe),
            ("post", "destructive", Risk::Destructive),
            ("get", "destructive", Risk::Destructive),
            ("get", "mutating", Risk::Mutating),
            ("delete", "safe", Risk::Destructive),
            ("delete", "mutating", Risk::Destructive),
            ("get", "harmless", Risk::Destructive),
        ] {
            check(method, "/purge", &format!("      x-wireproof-risk: {mark}\n"), expected);
        }
    }
}
