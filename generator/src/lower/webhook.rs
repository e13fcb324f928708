//! Webhooks and callbacks: requests that the vendor makes. What they carry gets types, named after them; how they are served is the
//! business of whoever receives them. OpenAPI 3.1, "OpenAPI Object" (`webhooks`) and "Callback Object".

use serde_json::Value;
use wireproof_openapi::{MediaType, Pointer};

use super::{Lower, Members};
use crate::ir::{Content, Doc, Message, Shape, Type};

/// The methods that a path item may have, as members.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

impl Lower<'_> {
    /// Reads what every webhook and callback carries, by place.
    pub(super) fn webhooks(&mut self) {
        let mut items = self.members_of(&Pointer::root().join("webhooks"));
        let operations: Vec<Pointer> = self.ir.operations.iter().map(|operation| operation.at.clone()).collect();
        for operation in operations {
            for callback in self.members_of(&operation.join("callbacks")) {
                items.extend(self.members_of(&callback));
            }
        }
        // Callbacks may be shared, and their path items too.
        items.sort_unstable();
        items.dedup();
        for item in items {
            for method in METHODS {
                let at = item.join(method);
                if self.nodes.get(&at).is_some_and(Value::is_object) {
                    self.message(&at);
                }
            }
        }
    }

    /// The named parts at a place, references followed, extensions left aside.
    fn members_of(&self, at: &Pointer) -> Vec<Pointer> {
        let Some((at, Value::Object(members))) = self.document.resolve(at) else { return Vec::new() };
        let names = members.keys().filter(|name| !name.starts_with("x-"));
        names.filter_map(|name| self.document.resolve(&at.join(name)).map(|(place, _)| place)).collect()
    }

    /// One request of the vendor's: what it carries is received, what it is answered is sent.
    fn message(&mut self, at: &Pointer) {
        let mut received = Vec::new();
        if let Some((body, Value::Object(members))) = self.document.resolve(&at.join("requestBody")) {
            received = self.bodies(&body, members, false);
        }
        let mut sent = Vec::new();
        for response in self.members_of(&at.join("responses")) {
            if let Some(Value::Object(members)) = self.nodes.get(&response) {
                sent.extend(self.bodies(&response, members, true));
            }
        }
        let is_inside = |ty: &Type, ir: &crate::ir::Ir| matches!(ty, Type::Named(id) if ir.get(*id).at.starts_with(at));
        for ty in &mut received {
            // A body that is described elsewhere has a name there; here it gets that of the webhook.
            if !is_inside(ty, &self.ir) && !self.places.contains_key(at) {
                let id = self.push(at.clone());
                let alias = self.define(id, Shape::Alias(ty.clone()));
                self.describe(id, at);
                *ty = alias;
            }
        }
        self.ir.messages.extend(received.into_iter().map(|ty| Message { ty, sent: false }));
        self.ir.messages.extend(sent.into_iter().map(|ty| Message { ty, sent: true }));
    }

    /// The types of a body that is JSON or a form, by media type; text and bytes need none.
    fn bodies(&mut self, at: &Pointer, members: &Members, is_sent: bool) -> Vec<Type> {
        let content = members.get("content").and_then(Value::as_object);
        let mut names: Vec<&String> = content.into_iter().flat_map(Members::keys).collect();
        names.sort_unstable();
        let mut types: Vec<Type> = Vec::new();
        for name in names {
            let pointer = at.join("content").join(name);
            let schema = pointer.join("schema");
            let Some(schema) = self.nodes.get(&schema).is_some().then_some(schema) else { continue };
            let media_type = MediaType { pointer, name: name.clone(), schema: Some(schema), encoding: Vec::new(), examples: Vec::new() };
            // A form that the vendor sends is read like one that is sent to it is written.
            if let Content::Json(ty) | Content::Form(ty) = self.content_of(&media_type, !is_sent)
                && !types.contains(&ty)
            {
                types.push(ty);
            }
        }
        types
    }

    /// Gives a definition the documentation of an operation, or of its body.
    fn describe(&mut self, id: crate::ir::TypeId, at: &Pointer) {
        let body = self.document.resolve(&at.join("requestBody")).and_then(|(body, _)| self.text(&body, "description"));
        let text = self.text(at, "description").or_else(|| self.text(at, "summary")).or(body);
        let doc = Doc { text, ..Doc::default() };
        if let Some(def) = self.ir.types.get_mut(id.0) {
            def.doc = doc;
        }
    }
}
