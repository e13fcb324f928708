//! Cassettes: what VCR (Ruby), vcrpy, betamax and go-vcr write, as JSON (here) and as YAML (`cassette/yaml.rs`). The list of
//! interactions is called `http_interactions` or `interactions`; early ones are nothing but the list.
//! Next: `interaction.rs`, where one of them becomes an exchange.

mod characters;
mod yaml;

use std::io::Read;
use std::ops::ControlFlow;

use super::list::{self, Path};
use super::{Piece, RecordingError, interaction};

pub(super) use yaml::{keys, read as read_yaml};

/// The names of the list of interactions.
const NAMES: &[&str] = &["http_interactions", "interactions"];

pub(super) fn read_json(file: &str, reader: impl Read, each: &mut dyn FnMut(Piece) -> ControlFlow<()>) -> Result<(), RecordingError> {
    let path = Path { keys: &[NAMES], bare: true, kind: "cassette" };
    list::read(file, path, reader, &mut |item| each(Piece::Item(item, interaction::read)))
}
