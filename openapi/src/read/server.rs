//! OpenAPI "Server Object" and "Server Variable Object".

use serde_json::{Map, Value};

use super::{PIECE, Reader, named};
use crate::load;
use crate::{Pointer, Server, ServerVariable};

/// The server of a document that names none.
pub(super) fn default() -> Vec<Server> {
    vec![Server { url: "/".to_owned(), description: None, variables: Vec::new() }]
}

impl Reader<'_> {
    /// The `servers` of the document, a path item or an operation; `None` where there are none.
    pub(super) fn servers(&mut self, owner: &Map<String, Value>, at: &Pointer) -> Option<Vec<Server>> {
        let list = owner.get("servers")?.as_array()?;
        let at = at.join("servers");
        let servers: Vec<Server> = list.iter().enumerate().filter_map(|(index, server)| self.server(server, &at.index(index))).collect();
        (!servers.is_empty()).then_some(servers)
    }

    fn server(&mut self, node: &Value, at: &Pointer) -> Option<Server> {
        let members = node.as_object()?;
        let Some(url) = self.text(members, "url", at) else {
            self.warn("server-without-url", at.clone(), "a server without `url`; it is left out");
            return None;
        };
        let description = members.get("description").and_then(Value::as_str);
        if !self.charge(1 + description.map_or(0, str::len) / PIECE) {
            return None;
        }
        let at = at.join("variables");
        let variables = named(members, "variables").filter_map(|(name, variable)| self.variable(name, variable, &at.join(name)));
        let variables = variables.collect();
        Some(Server { url, description: description.map(str::to_owned), variables })
    }

    fn variable(&mut self, name: &str, node: &Value, at: &Pointer) -> Option<ServerVariable> {
        let Some(members) = node.as_object() else {
            self.warn("wrong-type", at.clone(), format!("the server variable `{name}` is no object; it is left out"));
            return None;
        };
        if !self.charge(1 + load::size(node) / PIECE) {
            return None;
        }
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let values: Vec<String> = members.get("enum").and_then(Value::as_array).into_iter().flatten().map(text).collect();
        let missing = || {
            let first = values.first().cloned().unwrap_or_default();
            self.warn("server-variable-without-default", at.clone(), format!("`{name}` has no `default`; it is read as `{first}`"));
            first
        };
        let default = members.get("default").map_or_else(missing, text);
        Some(ServerVariable { name: name.to_owned(), default, values })
    }
}
