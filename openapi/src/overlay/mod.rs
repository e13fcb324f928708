//! OpenAPI Overlays 1.0 and 1.1 (<https://spec.openapis.org/overlay/latest.html>): corrections to a document that lie beside it.
//!
//! An overlay is a list of actions; each names nodes by a JSONPath (RFC 9535) and says what becomes of them: `update` merges,
//! `copy` merges what stands elsewhere in the document, `remove` takes out. Here the actions are read; `apply.rs` carries them out, and
//! `trace.rs` remembers which node is from which file, so that positions stay true.
//!
//! In one thing it is stricter than the specification: an action that matches nothing is an error. A correction that corrects nothing
//! any more was either meant for another place, or is settled and can go.

mod apply;
mod trace;

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::load::{self, Positions, Tree};
use crate::{LoadError, Pointer, Position, Source};

pub(crate) use trace::{Origin, Trace};

/// How long a JSONPath may be, how deep its brackets nest and how often it may descend. What goes beyond is no correction that people
/// wrote, and could keep the machine busy for hours.
const PATH_LENGTH: usize = 4096;
const PATH_DEPTH: usize = 32;
const PATH_DESCENTS: usize = 3;

/// An overlay, read and ready to be applied.
#[derive(Debug)]
pub struct Overlay {
    source: Source,
    tree: Tree,
    extends: Option<String>,
    actions: Vec<Action>,
}

/// One change.
#[derive(Debug)]
struct Action {
    /// Where it stands in the overlay.
    pointer: Pointer,
    target: JsonPath,
    change: Change,
}

#[derive(Debug)]
enum Change {
    Remove,
    /// Merge the action's `update`.
    Update,
    /// Merge the one node that this selects.
    Copy(JsonPath),
}

/// What an overlay makes of a document.
#[derive(Debug)]
pub(crate) struct Applied {
    pub(crate) value: Value,
    pub(crate) trace: Trace,
}

impl Overlay {
    /// Reads an overlay.
    ///
    /// # Errors
    ///
    /// When the text is no YAML or JSON, no overlay of version 1, or one of its actions cannot be understood.
    pub fn parse(source: Source) -> Result<Self, LoadError> {
        let tree = load::read(&source)?;
        let reader = Reader { source: &source, tree: &tree };
        reader.root()?;
        let extends = tree.value.get("extends").and_then(Value::as_str).map(str::to_owned);
        let actions = reader.actions()?;
        Ok(Self { source, tree, extends, actions })
    }

    /// The file.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The document that it says it is for, a URI reference; which one it is applied to, the caller decides.
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_deref()
    }

    /// How many actions it has.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// Whether it has no actions.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Applies it to the text of a document, which need not be a complete OpenAPI document.
    ///
    /// # Errors
    ///
    /// When the document is no YAML or JSON, an action matches nothing, or one cannot be done to what it matches.
    pub fn apply(&self, document: &Source) -> Result<Value, LoadError> {
        self.apply_to(load::read(document)?.value).map(|applied| applied.value)
    }

    /// Applies it to the tree of a document.
    pub(crate) fn apply_to(&self, document: Value) -> Result<Applied, LoadError> {
        apply::apply(self, document)
    }

    /// The position of a node of the overlay.
    pub(crate) fn positions(&self) -> Positions {
        Positions::read(self.source.content(), self.tree.format)
    }

    fn error(&self, pointer: Pointer, message: String, help: Option<&str>) -> LoadError {
        Reader { source: &self.source, tree: &self.tree }.error(pointer, message, help)
    }
}

/// Reads the parts of an overlay.
struct Reader<'s> {
    source: &'s Source,
    tree: &'s Tree,
}

impl Reader<'_> {
    fn error(&self, pointer: Pointer, message: String, help: Option<&str>) -> LoadError {
        let mark = Positions::read(self.source.content(), self.tree.format).mark(&pointer);
        let position: Position = self.source.position(mark);
        LoadError { message, position, pointer, help: help.map(str::to_owned) }
    }

    fn root(&self) -> Result<(), LoadError> {
        let root = Pointer::root();
        let help = Some("an overlay begins with `overlay: 1.1.0`");
        let Some(members) = self.tree.value.as_object() else {
            return Err(self.error(root, format!("the overlay is {}, not an object", load::kind(&self.tree.value)), help));
        };
        match members.get("overlay") {
            Some(Value::String(version)) if version == "1" || version.starts_with("1.") => {}
            Some(Value::Number(version)) if version.to_string().starts_with("1.") => {}
            Some(Value::String(version)) => {
                return Err(self.error(
                    root.join("overlay"),
                    format!("Overlay version `{}` is not read; 1.0 and 1.1 are", version.escape_debug()),
                    None,
                ));
            }
            Some(other) => {
                return Err(self.error(
                    root.join("overlay"),
                    format!("`overlay` is {}, expected a version as `1.1.0`", load::kind(other)),
                    None,
                ));
            }
            None => return Err(self.error(root, "`overlay` is missing: this is no OpenAPI Overlay".to_owned(), help)),
        }
        for member in ["title", "version"] {
            if members.get("info").and_then(|info| info.get(member)).is_none() {
                let at = if members.contains_key("info") { root.join("info") } else { root };
                return Err(self.error(at, format!("`info.{member}` is missing"), None));
            }
        }
        Ok(())
    }

    fn actions(&self) -> Result<Vec<Action>, LoadError> {
        let at = Pointer::root().join("actions");
        let actions = match self.tree.value.get("actions") {
            Some(Value::Array(actions)) => actions,
            Some(other) => return Err(self.error(at, format!("`actions` is {}, expected a list", load::kind(other)), None)),
            None => return Err(self.error(Pointer::root(), "`actions` is missing".to_owned(), None)),
        };
        actions.iter().enumerate().map(|(index, action)| self.action(action, at.index(index))).collect()
    }

    fn action(&self, action: &Value, pointer: Pointer) -> Result<Action, LoadError> {
        let Some(members) = action.as_object() else {
            return Err(self.error(pointer, format!("an action is {}, expected an object", load::kind(action)), None));
        };
        for member in members.keys().filter(|member| !member.starts_with("x-")) {
            if !["target", "description", "update", "copy", "remove"].contains(&member.as_str()) {
                let message = format!("an action has no member `{}`", member.escape_debug());
                return Err(self.error(pointer.join(member), message, Some("it has `target` and one of `update`, `copy` and `remove`")));
            }
        }
        let target = self.path(members.get("target"), &pointer, "target")?;
        let change = match (members.get("remove"), members.get("update"), members.get("copy")) {
            (Some(Value::Bool(true)), None, None) => Change::Remove,
            (None | Some(Value::Bool(false)), Some(_), None) => Change::Update,
            (None | Some(Value::Bool(false)), None, copy @ Some(_)) => Change::Copy(self.path(copy, &pointer, "copy")?),
            (Some(other), ..) if !other.is_boolean() => {
                return Err(self.error(pointer.join("remove"), format!("`remove` is {}, expected `true`", load::kind(other)), None));
            }
            (_, None, None) => {
                return Err(self.error(
                    pointer,
                    "the action does nothing".to_owned(),
                    Some("give it one of `update`, `copy` and `remove: true`"),
                ));
            }
            // The specification lets one of them win; nobody writes the other down for nothing.
            _ => {
                return Err(self.error(
                    pointer,
                    "the action says more than one of `update`, `copy` and `remove`".to_owned(),
                    Some("make an action of each"),
                ));
            }
        };
        Ok(Action { pointer, target, change })
    }

    fn path(&self, value: Option<&Value>, action: &Pointer, member: &str) -> Result<JsonPath, LoadError> {
        let at = action.join(member);
        let text = match value {
            Some(Value::String(text)) => text,
            Some(other) => return Err(self.error(at, format!("`{member}` is {}, expected a JSONPath", load::kind(other)), None)),
            None => return Err(self.error(action.clone(), format!("the action has no `{member}`"), None)),
        };
        if let Some(message) = excess(text) {
            return Err(self.error(at, message, Some("name the nodes more directly, or make several actions")));
        }
        JsonPath::parse(text.trim()).map_err(|error| {
            let message = format!("`{member}` is no JSONPath (RFC 9535) from character {} on", error.position());
            self.error(at, message, Some("a key with other characters than letters is written as `$.paths['/a/{id}']`"))
        })
    }
}

/// What of a JSONPath goes beyond the limits.
fn excess(text: &str) -> Option<String> {
    if text.len() > PATH_LENGTH {
        return Some(format!("a JSONPath of more than {PATH_LENGTH} bytes"));
    }
    let (mut depth, mut deepest, mut quote, mut escaped) = (0_usize, 0, None, false);
    for letter in text.chars() {
        match (quote, letter) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), letter) if open == letter => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '[' | '(' | '!') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > PATH_DEPTH {
        return Some(format!("a JSONPath with more than {PATH_DEPTH} levels of brackets"));
    }
    (text.matches("..").count() > PATH_DESCENTS).then(|| format!("a JSONPath with more than {PATH_DESCENTS} `..`"))
}
