//! Programs to be measured: ours, and the peers that a caller names. Their commands are words, never a line for a shell.

use std::path::Path;
use std::process::Command;

/// A program and how it is called: `NAME=COMMAND`, in whose words places such as `{spec}` are filled in for each call.
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

    /// A generator: `{spec}` is the document, `{out}` the folder for what it makes of it.
    ///
    /// # Errors
    ///
    /// When the text is no `NAME=COMMAND`, or the command lacks the document.
    pub(super) fn generator(text: &str) -> Result<Self, String> {
        let told = "the command needs `{spec}` where the document's path goes, and `{out}` for the result's folder";
        Self::parse(text).and_then(|peer| if peer.has("{spec}") { Ok(peer) } else { Err(told.to_owned()) })
    }

    /// A proxy: `{port}` is where it listens, `{upstream}` the URL of the server behind, `{spec}` the document.
    ///
    /// # Errors
    ///
    /// When the text is no `NAME=COMMAND`, or the command lacks port or server.
    pub(super) fn proxy(text: &str) -> Result<Self, String> {
        let told = "the command needs `{port}` for where it listens, and `{upstream}` for the server behind; `{spec}` is the document";
        Self::parse(text).and_then(|peer| if peer.has("{port}") && peer.has("{upstream}") { Ok(peer) } else { Err(told.to_owned()) })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let (name, command) = text.split_once('=').ok_or("it is to be NAME=COMMAND")?;
        let words = words(command)?;
        if name.trim().is_empty() || words.is_empty() {
            return Err("it is to be NAME=COMMAND, neither of them empty".to_owned());
        }
        Ok(Self { name: name.trim().to_owned(), words })
    }

    fn has(&self, place: &str) -> bool {
        self.words.iter().any(|word| word.contains(place))
    }

    /// The generator's call for one document.
    pub(super) fn generate(&self, spec: &Path, out: &Path) -> Command {
        self.command(&[("{spec}", &spec.to_string_lossy()), ("{out}", &out.to_string_lossy())])
    }

    /// The call with its places filled in. What takes their places is not read again.
    pub(super) fn command(&self, places: &[(&str, &str)]) -> Command {
        let mut words = self.words.iter().map(|word| filled(word, places));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    }
}

/// A word with its places filled in, in one pass.
fn filled(word: &str, places: &[(&str, &str)]) -> String {
    let mut whole = String::new();
    let mut rest = word;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        whole.push_str(before);
        let place = places.iter().find_map(|(place, value)| from.strip_prefix(place).map(|after| (*value, after)));
        let (value, after) = place.unwrap_or_else(|| from.split_at(1));
        whole.push_str(value);
        rest = after;
    }
    whole + rest
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
        let command = Peer::generator(text)?.generate(Path::new("a b.yaml"), Path::new("/x/{spec}"));
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

    #[test]
    fn a_proxy_is_told_where_to_listen_and_what_is_behind() {
        let peer = Peer::proxy("other=proxy {spec} {upstream} -p {port}").unwrap();
        let command = peer.command(&[("{port}", "8080"), ("{upstream}", "http://127.0.0.1:1"), ("{spec}", "x.yaml")]);
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["x.yaml", "http://127.0.0.1:1", "-p", "8080"]);
        for wrong in ["other=proxy {port}", "other=proxy {upstream}", "other"] {
            assert!(Peer::proxy(wrong).is_err(), "{wrong}");
        }
    }
}
