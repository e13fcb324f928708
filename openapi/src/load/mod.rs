//! Text to tree: JSON (`json.rs`) and YAML (`yaml.rs`) are read as the same events, which make either a tree (`tree.rs`) or,
//! when somebody asks where a node stands, the positions of one (`positions.rs`). Next: `version.rs`, which looks at the root.

mod json;
mod positions;
mod scalar;
mod tree;
mod version;
mod yaml;

use std::borrow::Cow;

use serde_json::Value;

use crate::source::Mark;
use crate::{Diagnostic, LoadError, Pointer, Source};

pub(crate) use positions::Positions;
pub(crate) use tree::{measure, size};
pub(crate) use version::{check_info, kind, recognise};

/// How deep lists and objects may be nested. Deep enough for any real document (the deepest known one has 60 levels), and
/// flat enough that walking the tree recursively is safe on the stack of any thread.
pub(crate) const DEPTH_LIMIT: usize = 256;

fn too_deep() -> String {
    format!("more than {DEPTH_LIMIT} levels of nesting")
}

/// How a text was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
}

/// A file as a tree of JSON values.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) value: Value,
    pub(crate) format: Format,
    /// What reading the text had to say; pointers are into this file.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// What both formats consist of. Keys come in their own events, each followed by its value.
pub(crate) enum Event<'a> {
    ObjectStart,
    ArrayStart,
    /// The end of the innermost object or array.
    End,
    Key(Cow<'a, str>),
    /// YAML's `<<`: the object that follows is merged into this one.
    MergeKey,
    Scalar(Value),
    /// YAML's `*name`: the node with this anchor again.
    Alias(usize),
}

/// Receives the events of a text.
pub(crate) trait Sink {
    /// Whether marks are looked at. Counting lines takes time that a clean run need not spend.
    const MARKS: bool;

    /// Takes the next event. `anchor` is the number of the YAML anchor on the node, 0 for none.
    fn event(&mut self, event: Event<'_>, anchor: usize, mark: Mark) -> Result<(), Refusal>;

    /// Takes a diagnostic about the node whose event comes next.
    fn note(&mut self, code: &'static str, message: String);

    /// The place of the node whose event comes next.
    fn pointer(&self) -> Pointer;
}

/// Why an event cannot be taken; the reader knows the mark.
pub(crate) struct Refusal {
    message: String,
    /// Whether the key at [`Fault::pointer`] was there before.
    duplicate: bool,
}

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), duplicate: false }
    }
}

/// Why a text cannot be read.
pub(crate) struct Fault {
    message: String,
    mark: Mark,
    pointer: Pointer,
    duplicate: bool,
}

impl Fault {
    fn new(message: impl Into<String>, mark: Mark, pointer: Pointer) -> Self {
        Self { message: message.into(), mark, pointer, duplicate: false }
    }

    fn refused(refusal: Refusal, mark: Mark, pointer: Pointer) -> Self {
        Self { message: refusal.message, mark, pointer, duplicate: refusal.duplicate }
    }

    fn into_error(self, source: &Source, format: Format) -> LoadError {
        let mut message = self.message;
        if self.duplicate {
            let first = Positions::read(source.content(), format).mark(&self.pointer);
            message = format!("{message} (first at {}:{})", first.line, first.column);
        }
        LoadError { message, position: source.position(self.mark), pointer: self.pointer, help: None }
    }
}

/// Reads a file: as JSON where it begins like JSON, else as YAML. YAML's flow style begins like JSON too, so a text that
/// is no JSON gets a second chance; when that fails as well, the error is the one about JSON.
pub(crate) fn read(source: &Source) -> Result<Tree, LoadError> {
    let text = source.content();
    if let Some(offset) = text.find('\0') {
        let fault = Fault::new("a NUL character, which no JSON or YAML text can hold", Mark::at(text, offset), Pointer::root());
        let error = fault.into_error(source, Format::Yaml);
        return Err(LoadError { help: Some("save the document as UTF-8 text".to_owned()), ..error });
    }
    if text.trim_start().starts_with(['{', '[']) {
        let fault = match tree(text, Format::Json) {
            Ok(tree) => return Ok(tree),
            Err(fault) => fault,
        };
        return tree(text, Format::Yaml).map_err(|_| fault.into_error(source, Format::Json));
    }
    tree(text, Format::Yaml).map_err(|fault| fault.into_error(source, Format::Yaml))
}

fn tree(text: &str, format: Format) -> Result<Tree, Fault> {
    let mut builder = tree::Builder::default();
    match format {
        Format::Json => json::read(text, &mut builder)?,
        Format::Yaml => yaml::read(text, &mut builder)?,
    }
    let (value, diagnostics) = builder.finish().ok_or_else(|| Fault::new("the file is empty", Mark::START, Pointer::root()))?;
    Ok(Tree { value, format, diagnostics })
}
