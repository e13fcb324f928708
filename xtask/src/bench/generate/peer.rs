//! Programs that generate: ours, and the peers that a caller names. Their commands are words, never a line for a shell.

use std::path::Path;
use std::process::Command;
use std::str::FromStr;

/// A program and how it is called: `NAME=COMMAND`, `{spec}` and `{out}` in its words being the document and the folder for the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    /// What the tables call it.
    pub(crate) name: String,
    words: Vec<String>,
}

impl Peer {
    /// A program with its arguments.
    pub(super) fn new(name: &str, program: &str, arguments: &[&str]) -> Self {
        let words = std::iter::once(program).chain(arguments.iter().copied());
        Self { name: name.to_owned(), words: words.map(str::to_owned).collect() }
    }

    /// The call for one document. Names of files take the places of `{spec}` and `{out}` as they are: they are not read again.
    pub(super) fn command(&self, spec: &Path, out: &Path) -> Command {
        let (spec, out) = (spec.to_string_lossy(), out.to_string_lossy());
        let mut words = self.words.iter().map(|word| filled(word, &spec, &out));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    }
}

/// A word with its places filled in, in one pass.
fn filled(word: &str, spec: &str, out: &str) -> String {
    let mut whole = String::new();
    let mut rest = word;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        whole.push_str(before);
        let (value, after) = if let Some(after) = from.strip_prefix("{spec}") {
            (spec, after)
        } else if let Some(after) = from.strip_prefix("{out}") {
            (out, after)
        } else {
            from.split_at(1)
        };
        whole.push_str(value);
        rest = after;
    }
    whole + rest
}

impl FromStr for Peer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, command) = text.split_once('=').ok_or("it is to be NAME=COMMAND")?;
        let words = words(command)?;
        if name.trim().is_empty() || words.is_empty() {
            return Err("it is to be NAME=COMMAND, neither of them empty".to_owned());
        }
        if !command.contains("{spec}") {
            return Err("the command needs `{spec}` where the document's path goes, and `{out}` for the result's folder".to_owned());
        }
        Ok(Self { name: name.trim().to_owned(), words })
    }
}

/// Words between spaces; quotes of either kind keep spaces in a word.
fn words(command: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let (mut word, mut quote): (Option<String>, Option<char>) = (None, None);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, _) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err("a quote is not closed".to_owned());
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(text: &str) -> Result<Vec<String>, String> {
        let command = text.parse::<Peer>()?.command(Path::new("a b.yaml"), Path::new("/x/{spec}"));
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        Ok(words.map(|word| word.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn a_command_is_words_and_places() {
        let words = called("other=bin/other 'one word' --in={spec} \"{out}\"/x {} {spec").unwrap();
        assert_eq!(words, ["bin/other", "one word", "--in=a b.yaml", "/x/{spec}/x", "{}", "{spec"]);
        assert_eq!(called("x=sh -c '; rm $(x)' {spec}").unwrap()[2], "; rm $(x)", "no shell reads it");
        for wrong in ["other", "=other {spec}", "other=", "other=gen", "other=gen '{spec}"] {
            assert!(called(wrong).is_err(), "{wrong}");
        }
    }
}
