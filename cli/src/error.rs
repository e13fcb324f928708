//! What ends a command early: a call or an input that cannot be used. The exit code is always 2; a contract that
//! does not hold is no error but a result ([`Exit::Broken`]). Next: `output.rs`, which prints both.

use std::fmt;
use std::io;

use wireproof_openapi::LoadError;

/// How a command ends. Ordered from good to bad, so that the worst of many is their `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// It holds, or it is done.
    Holds,
    /// The contract is broken, drift is not listed, or generated code is stale.
    Broken,
    /// The call or its input cannot be used.
    Unusable,
}

impl Exit {
    /// The exit code of the process.
    pub const fn code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::Broken => 1,
            Self::Unusable => 2,
        }
    }
}

/// Why a command could not do its work, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong and where: a lowercase fragment without a final period.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Failure {
    /// A failure without advice.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A file or folder that cannot be read or written: `cannot read `x.har`: no such file or directory`.
    pub fn io(action: &str, path: impl fmt::Display, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        Self::new(format!("cannot {action} `{path}`: {reason}"))
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self { message: error.to_string(), help: error.help }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Of `known`, those that a person who typed `given` may have meant, the nearest first.
fn nearest<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Vec<&'k str> {
    let given = given.to_lowercase();
    let mut ranked: Vec<(f32, &str)> = known
        .into_iter()
        .map(|name| (similar::TextDiff::from_chars(given.as_str(), name).ratio(), name))
        .filter(|(ratio, name)| *ratio >= 0.65 || (given.len() > 2 && name.contains(&given)))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Names as people read them: `` `a`, `b` ``.
pub(crate) fn quoted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Advice for a name that is not among `known`.
pub(crate) fn did_you_mean<'k>(given: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    let near = nearest(given, known.clone());
    if near.is_empty() { format!("known are {}", quoted(known)) } else { format!("did you mean {}?", quoted(near)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_keyboard_finds_the_name() {
        let known = ["reforge", "clemta", "leadlex", "rolodex"];
        assert_eq!(nearest("clmeta", known), ["clemta"]);
        assert_eq!(nearest("Reforge", known), ["reforge"]);
        assert_eq!(nearest("lex", known), ["leadlex"]);
        assert_eq!(nearest("stripe", known), Vec::<&str>::new());
        assert_eq!(did_you_mean("stripe", ["a", "b"]), "known are `a`, `b`");
    }

    #[test]
    fn the_worst_exit_wins() {
        assert_eq!([Exit::Holds, Exit::Unusable, Exit::Broken].into_iter().max(), Some(Exit::Unusable));
        assert_eq!([Exit::Holds, Exit::Broken].map(Exit::code), [0, 1]);
    }
}
