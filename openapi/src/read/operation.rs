//! OpenAPI "Paths Object", "Path Item Object" and "Operation Object".

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::parameter::key;
use super::{PIECE, Reader, named};
use crate::grammar::METHODS;
use crate::places::{get, target};
use crate::references::CHAIN_LIMIT;
use crate::{Diagnostic, Location, Operation, Parameter, ParameterShape, Pointer, SecurityRequirement, SecurityScheme, Server, Style};

/// What all operations of a path have from it.
struct Path<'d> {
    template: String,
    pointer: Pointer,
    /// The path item and those that it refers to, nearest first.
    items: Vec<(Pointer, &'d Map<String, Value>)>,
    parameters: Vec<Parameter>,
    servers: Vec<Server>,
    /// The size of what each operation gets a copy of.
    size: usize,
}

/// What operations have from the document, unless they say otherwise.
struct Defaults<'a> {
    servers: &'a [Server],
    security: Vec<SecurityRequirement>,
    schemes: HashSet<&'a str>,
    size: usize,
}

impl<'d> Reader<'d> {
    /// All operations. `servers` are the document's, of this size.
    pub(super) fn operations(&mut self, servers: &[Server], size: usize, schemes: &[SecurityScheme]) -> Vec<Operation> {
        let schemes = schemes.iter().map(|scheme| scheme.name.as_str()).collect();
        let Some(root) = self.root.as_object() else { return Vec::new() };
        let before = self.left;
        let security = self.security(root, &Pointer::root(), &schemes).unwrap_or_default();
        let defaults = Defaults { servers, security, schemes, size: size + before - self.left };
        let at = Pointer::root().join("paths");
        let mut operations = Vec::new();
        for (key, _) in named(root, "paths") {
            if self.left == 0 {
                break;
            }
            let path = self.path(key, at.join(key), &defaults);
            self.path_operations(&path, &defaults, &mut operations);
        }
        self.check_ids(&operations);
        self.name_gaps(&operations);
        operations
    }

    /// The operations of the path item at a place, which stands in no `paths` and is called `name`.
    pub(super) fn operations_of(&mut self, (pointer, name): (&Pointer, &str), schemes: &[SecurityScheme]) -> Vec<Operation> {
        let schemes = schemes.iter().map(|scheme| scheme.name.as_str()).collect();
        let defaults = Defaults { servers: &[], security: Vec::new(), schemes, size: 0 };
        let items = self.path_items(pointer);
        let mut parameters = Vec::new();
        for (place, item) in &items {
            let more = self.parameters(item, place);
            merge(&mut parameters, more);
        }
        // Neither a name nor an expression is a template, though expressions have braces.
        let path = Path { template: String::new(), pointer: pointer.clone(), items, parameters, servers: Vec::new(), size: 1 };
        let mut operations = Vec::new();
        self.path_operations(&path, &defaults, &mut operations);
        for operation in &mut operations {
            name.clone_into(&mut operation.path);
        }
        operations
    }

    fn path(&mut self, key: &str, pointer: Pointer, defaults: &Defaults<'_>) -> Path<'d> {
        let before = self.left;
        let template = if key.starts_with('/') {
            key.to_owned()
        } else {
            self.warn("path-without-slash", pointer.clone(), format!("the path `{key}` does not begin with `/`; it is read as if it did"));
            format!("/{key}")
        };
        let items = self.path_items(&pointer);
        let mut parameters = Vec::new();
        let mut own_servers = None;
        for (place, item) in &items {
            let more = self.parameters(item, place);
            merge(&mut parameters, more);
            if own_servers.is_none() {
                own_servers = self.servers(item, place);
            }
        }
        self.charge(1 + template.len() / PIECE + defaults.size);
        let servers = own_servers.unwrap_or_else(|| defaults.servers.to_vec());
        Path { template, pointer, items, parameters, servers, size: before - self.left }
    }

    /// A path item with the one that its `$ref` names, and so on. What stands beside a `$ref` counts, and counts first.
    fn path_items(&mut self, pointer: &Pointer) -> Vec<(Pointer, &'d Map<String, Value>)> {
        let mut items = Vec::new();
        let mut next = Some(pointer.clone());
        while let Some(place) = next.take() {
            let Some(item) = get(self.root, &place).and_then(Value::as_object) else { break };
            if items.len() >= CHAIN_LIMIT {
                self.warn("broken-reference", pointer.join("$ref"), "the reference leads to no part of the document; it is left out");
                break;
            }
            next = item.get("$ref").and_then(Value::as_str).and_then(|reference| target(self.root, reference));
            items.push((place, item));
        }
        items
    }

    fn path_operations(&mut self, path: &Path<'d>, defaults: &Defaults<'_>, operations: &mut Vec<Operation>) {
        let mut seen: HashSet<String> = HashSet::new();
        for (place, item) in &path.items {
            for (key, node) in item.iter().filter(|(key, _)| METHODS.contains(&key.as_str())) {
                if seen.insert(key.to_ascii_uppercase()) {
                    operations.extend(self.operation(path, key.to_ascii_uppercase(), node, place.join(key), defaults));
                }
            }
            let place = place.join("additionalOperations");
            for (method, node) in named(item, "additionalOperations") {
                if seen.insert(method.clone()) {
                    operations.extend(self.operation(path, method.clone(), node, place.join(method), defaults));
                }
            }
        }
    }

    fn operation(&mut self, path: &Path<'d>, method: String, node: &'d Value, at: Pointer, defaults: &Defaults<'_>) -> Option<Operation> {
        let part = self.part(node, at)?;
        if !self.charge(path.size) {
            return None;
        }
        let (at, members) = (part.pointer, part.members);
        let mut parameters = self.parameters(members, &at);
        merge_path_level(&mut parameters, &path.parameters);
        self.match_template(path, &mut parameters, &at);
        let tags = members.get("tags").and_then(Value::as_array).into_iter().flatten();
        Some(Operation {
            id: self.text(members, "operationId", &at).filter(|id| !id.is_empty()),
            method,
            path: path.template.clone(),
            summary: members.get("summary").and_then(Value::as_str).map(str::to_owned),
            description: part.description,
            tags: tags.filter_map(Value::as_str).map(str::to_owned).collect(),
            deprecated: self.flag(members, "deprecated", &at),
            risk: self.text(members, "x-wireproof-risk", &at),
            parameters,
            request_body: members.get("requestBody").and_then(|node| self.request_body(node, at.join("requestBody"))),
            responses: self.responses(members, &at),
            security: self.security(members, &at, &defaults.schemes).unwrap_or_else(|| defaults.security.clone()),
            servers: self.servers(members, &at).unwrap_or_else(|| path.servers.clone()),
            pointer: at,
        })
    }

    /// Makes the path parameters those that the template has.
    fn match_template(&mut self, path: &Path<'_>, parameters: &mut Vec<Parameter>, at: &Pointer) {
        let variables = variables(&path.template);
        let in_template: HashSet<&str> = variables.iter().copied().collect();
        parameters.retain(|parameter| {
            let fits = parameter.location != Location::Path || in_template.contains(parameter.name.as_str());
            if !fits {
                let message = format!("the path parameter `{}` is not in the template `{}`; it is left out", parameter.name, path.template);
                self.warn("path-parameter-unused", parameter.pointer.clone(), message);
            }
            fits
        });
        let path_parameters = parameters.iter().filter(|parameter| parameter.location == Location::Path);
        let declared: HashSet<String> = path_parameters.map(|parameter| parameter.name.clone()).collect();
        for name in variables.into_iter().filter(|name| !declared.contains(*name)) {
            let message = format!("nothing says what `{{{name}}}` in the path is; it is read as a parameter of any text");
            self.diagnostics.push(Diagnostic::warning("path-parameter-undeclared", at.clone(), message));
            parameters.push(Parameter {
                pointer: path.pointer.clone(),
                name: name.to_owned(),
                location: Location::Path,
                required: true,
                deprecated: false,
                description: None,
                shape: ParameterShape::Schema {
                    schema: None,
                    style: Style::Simple,
                    explode: false,
                    allow_reserved: false,
                    allow_empty_value: false,
                },
            });
        }
    }

    /// Every `operationId` is there once.
    fn check_ids(&mut self, operations: &[Operation]) {
        let mut first: HashMap<&str, &Operation> = HashMap::new();
        for operation in operations {
            let Some(id) = operation.id.as_deref() else { continue };
            if let Some(other) = first.get(id) {
                let message = format!("`{id}` is the `operationId` of {} {} already", other.method, other.path);
                self.warn("duplicate-operation-id", operation.pointer.join("operationId"), message);
            } else {
                first.insert(id, operation);
            }
        }
    }

    /// Says what of the document is no operation: what these carry may get types, but nobody sends or checks them.
    fn name_gaps(&mut self, operations: &[Operation]) {
        let webhooks = self.root.get("webhooks").and_then(Value::as_object).map_or(0, Map::len);
        if webhooks > 0 {
            let message = format!("of webhooks only the bodies get types; exchanges are not checked ({webhooks} in this document)");
            self.report(Diagnostic::note("webhooks-not-checked", Pointer::root().join("webhooks"), message));
        }
        let mut first = None;
        let mut callbacks = 0;
        for operation in operations {
            let place = operation.pointer.join("callbacks");
            let count = get(self.root, &place).and_then(Value::as_object).map_or(0, Map::len);
            callbacks += count;
            if count > 0 && first.is_none() {
                first = Some(place);
            }
        }
        if let Some(place) = first {
            let message =
                format!("of callbacks only the bodies get types; exchanges are not checked ({callbacks} in this document, first here)");
            self.report(Diagnostic::note("callbacks-not-checked", place, message));
        }
    }
}

/// Adds the parameters that are not there yet.
fn merge(parameters: &mut Vec<Parameter>, more: Vec<Parameter>) {
    let known: HashSet<(Location, String)> = parameters.iter().map(key).collect();
    parameters.extend(more.into_iter().filter(|parameter| !known.contains(&key(parameter))));
}

/// Puts the path's parameters before the operation's own, which win.
fn merge_path_level(parameters: &mut Vec<Parameter>, path_level: &[Parameter]) {
    let own = std::mem::take(parameters);
    let known: HashSet<(Location, String)> = own.iter().map(key).collect();
    parameters.extend(path_level.iter().filter(|parameter| !known.contains(&key(parameter))).cloned());
    parameters.extend(own);
}

/// The variables of a path template, each once, in order.
fn variables(template: &str) -> Vec<&str> {
    let mut variables = Vec::new();
    let mut seen = HashSet::new();
    let mut rest = template;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        if !name.is_empty() && seen.insert(name) {
            variables.push(name);
        }
        rest = after;
    }
    variables
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn variables_of_templates() {
        for (template, expected) in
            [("/pets", &[][..]), ("/pets/{id}", &["id"]), ("/a/{b}:stop/{c}{d}/{b}", &["b", "c", "d"]), ("/a/{}/{b", &[])]
        {
            assert_eq!(variables(template), expected, "{template}");
        }
    }
}
