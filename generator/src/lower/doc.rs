//! What a document says for people, gathered for doc comments.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::{Lower, node};
pub(super) use crate::ir::Doc;
use crate::naming::{LONGEST_TITLE, words};

impl Lower<'_> {
    /// The documentation of the schema at `at`: its own words, not those of what it refers to. Documents that refer to a schema and say more beside it
    /// often put that into a member of `allOf`, so those that are no references count as its own.
    pub(super) fn doc(&self, at: &Pointer) -> Doc {
        let node = self.nodes.get(at);
        let beside = node.and_then(|node| node.get("allOf")).and_then(Value::as_array).into_iter().flatten();
        let beside = beside.filter(|member| member.get("$ref").is_none());
        let text = |member| node.and_then(|node| text_of(node, member));
        let title = text("title");
        let is_deprecated = |node: &Value| node.get("deprecated") == Some(&Value::Bool(true));
        Doc {
            text: text("description")
                .or_else(|| beside.clone().find_map(|member| text_of(member, "description")))
                .or_else(|| title.filter(|title| !self.is_name_of(title, at)).map(titled)),
            notes: Vec::new(),
            deprecated: node.into_iter().chain(beside).any(is_deprecated),
        }
    }

    /// Whether a title only repeats what the place is called. Branches of a choice are called by their titles, unless they refer to a component.
    fn is_name_of(&self, title: &str, at: &Pointer) -> bool {
        if at.last().is_some_and(|name| words(title).concat() == words(&name).concat()) {
            return true;
        }
        let is_choice = |list: &Pointer| list.last().is_some_and(|list| list == "oneOf" || list == "anyOf");
        let branches = at.parent().filter(is_choice).and_then(|list| self.nodes.get(&list)).and_then(Value::as_array);
        let is_branch = branches.is_some_and(|branches| branches.iter().filter(|branch| !node::is_null(branch)).nth(1).is_some());
        is_branch && title.len() <= LONGEST_TITLE && self.nodes.get(at).is_some_and(|node| node.get("$ref").is_none())
    }

    /// What is said of a value by its schema, or else by what that refers to.
    pub(super) fn said_of(&self, at: &Pointer) -> Option<String> {
        self.doc(at).text.or_else(|| self.referred_text(at))
    }

    /// The text of what the schema at `at` is a reference to.
    pub(super) fn referred_text(&self, at: &Pointer) -> Option<String> {
        let (target, _) = self.document.resolve(at)?;
        self.doc(&target).text
    }

    /// A text member of the node at `at`; none where it is empty.
    pub(super) fn text(&self, at: &Pointer, member: &str) -> Option<String> {
        text_of(self.nodes.get(at)?, member)
    }
}

/// A text member of a node; none where it is empty.
fn text_of(node: &Value, member: &str) -> Option<String> {
    let text = node.get(member)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A title as documentation. One word is a name, and rather what others call the thing than what is to be said of it.
fn titled(title: String) -> String {
    if title.contains(char::is_whitespace) { title } else { format!("Titled `{}`.", title.replace('`', "'")) }
}
