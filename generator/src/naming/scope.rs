//! Scopes: where identifiers are claimed, and the only place that makes one. Names are compared as words without case,
//! so that two which differ in case or separators alone never meet.

use foldhash::{HashMap, HashSet};

use super::reserved::{is_keyword, is_never_raw, is_reserved_file};
use super::words::words;

/// Longest identifier in characters, separators aside.
const MAX_LENGTH: usize = 120;

/// A lawful Rust identifier that nothing else in its scope has.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ident(String);

impl Ident {
    /// The identifier as it stands in code.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// A set of names in use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    taken: HashSet<String>,
    /// The last number put behind a name: the lower ones are taken, and names by the thousand may come to the same words.
    numbers: HashMap<String, usize>,
}

impl Scope {
    /// Claims the first of `choices` that is free, else the first with the lowest number behind it.
    fn claim(&mut self, choices: &[Vec<String>]) -> Vec<String> {
        let choices: Vec<Vec<String>> = choices.iter().map(|words| begin_with_letter(words)).collect();
        for words in &choices {
            if self.taken.insert(words.concat()) {
                return words.clone();
            }
        }
        let words = choices.first().cloned().unwrap_or_default();
        let number = self.numbers.entry(words.concat()).or_insert(1);
        loop {
            *number += 1;
            let mut numbered = words.clone();
            numbered.push(number.to_string());
            if self.taken.insert(numbered.concat()) {
                return numbered;
            }
        }
    }

    /// Claims a name for a type or variant: `FooBar`.
    pub(crate) fn upper(&mut self, choices: &[Vec<String>]) -> Ident {
        let words = self.claim(choices);
        let mut name = String::new();
        for word in &words {
            separate_digits(&mut name, word);
            let mut chars = word.chars();
            name.extend(chars.next().map(|c| c.to_ascii_uppercase()));
            name.push_str(chars.as_str());
        }
        if is_keyword(&name) {
            name.push('_');
        }
        Ident(name)
    }

    /// Claims a name for a field, function or variable: `foo_bar`.
    pub(crate) fn lower(&mut self, choices: &[Vec<String>]) -> Ident {
        let mut name = self.claim(choices).join("_");
        if is_never_raw(&name) {
            name.push('_');
        } else if is_keyword(&name) {
            name.insert_str(0, "r#");
        }
        Ident(name)
    }

    /// Claims names for what stands side by side, in this order, save that what is spelled as its name already has it: beside `_id`, `id` is `id`.
    pub(crate) fn members<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Ident> {
        let texts: Vec<(&str, Vec<String>)> = texts.into_iter().map(|text| (text, words(text))).collect();
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|index| texts[*index].0 != texts[*index].1.join("_"));
        let mut claimed: Vec<(usize, Ident)> =
            order.into_iter().map(|index| (index, self.lower(std::slice::from_ref(&texts[index].1)))).collect();
        claimed.sort_by_key(|(index, _)| *index);
        claimed.into_iter().map(|(_, ident)| ident).collect()
    }

    /// Claims a name for a module and its file: `foo_bar`, never a keyword or a name that a system keeps for itself.
    pub(crate) fn module(&mut self, choices: &[Vec<String>]) -> Ident {
        let mut name = self.claim(choices).join("_");
        if is_keyword(&name) || is_reserved_file(&name) {
            name.push('_');
        }
        Ident(name)
    }
}

/// Words with others behind them, which are not what is cut where both are too long.
pub(super) fn with_word(mut words: Vec<String>, behind: Vec<String>) -> Vec<String> {
    let mut room = MAX_LENGTH.saturating_sub(behind.iter().map(String::len).sum());
    words.retain(|word| {
        let fits = word.len() <= room;
        room = if fits { room - word.len() } else { 0 };
        fits
    });
    words.extend(behind);
    words
}

/// No identifier begins with a digit (`404` is the word `n404`), and none is longer than files may be called.
fn begin_with_letter(words: &[String]) -> Vec<String> {
    let mut length = 0;
    let short = words.iter().take_while(|word| {
        length += word.len();
        length <= MAX_LENGTH
    });
    let mut words: Vec<String> = short.cloned().collect();
    match words.first_mut() {
        Some(first) if first.starts_with(|c: char| c.is_ascii_digit()) => first.insert(0, 'n'),
        Some(_) => {}
        None => words.push("empty".to_owned()),
    }
    words
}

/// Keeps numbers apart that would run together: `V1` and `2` are `V1_2`.
fn separate_digits(name: &mut String, word: &str) {
    if name.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(|c: char| c.is_ascii_digit()) {
        name.push('_');
    }
}

#[cfg(test)]
mod tests {
    use super::{Scope, with_word};
    use crate::naming::words;

    #[test]
    fn no_two_names_of_a_scope_are_alike() {
        let mut scope = Scope::default();
        let names: Vec<String> = ["fooBar", "foo_bar", "FooBar2", "foobar", "type", "Self", "self", "1", "-1"]
            .iter()
            .map(|text| scope.lower(&[words(text)]).as_str().to_owned())
            .collect();
        assert_eq!(names, ["foo_bar", "foo_bar_2", "foo_bar2_2", "foobar_3", "r#type", "self_", "self_2", "n1", "minus_1"]);
    }

    #[test]
    fn what_is_put_behind_a_long_name_is_not_cut() {
        let long = || words("aaaa ".repeat(16).as_str()).into_iter().cycle().take(30).collect::<Vec<_>>();
        let mut scope = Scope::default();
        assert_eq!(scope.upper(&[long()]).as_str().len(), 120);
        let name = scope.upper(&[with_word(long(), words("parts"))]);
        assert!(name.as_str().ends_with("AaaaParts"), "{}", name.as_str());
    }

    #[test]
    fn a_member_that_is_spelled_as_its_name_has_it() {
        let names = Scope::default().members(["_id", "ID", "Name", "id", "name", "type"]);
        let names: Vec<&str> = names.iter().map(super::Ident::as_str).collect();
        assert_eq!(names, ["id_2", "id_3", "name_2", "id", "name", "r#type"]);
    }

    #[test]
    fn types_begin_with_a_letter_and_keep_numbers_apart() {
        let mut scope = Scope::default();
        let names: Vec<String> =
            ["v1", "v1", "404", "self", "2023-05"].iter().map(|text| scope.upper(&[words(text)]).as_str().to_owned()).collect();
        assert_eq!(names, ["V1", "V1_2", "N404", "Self_", "N2023_05"]);
    }
}
