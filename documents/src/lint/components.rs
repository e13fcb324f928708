//! `component-unused`: components that no operation leads to. Their types are generated, and nothing proves them.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use wireproof_openapi::{Document, Pointer};

use super::context::{Context, shorten};
use super::rule::Rule;

/// The kinds of component that are referred to by `$ref`.
const KINDS: [&str; 10] =
    ["schemas", "responses", "parameters", "examples", "requestBodies", "headers", "links", "callbacks", "pathItems", "mediaTypes"];

pub(super) fn check(context: &mut Context<'_>) {
    let document = context.document;
    let Some(components) = document.root().get("components").and_then(Value::as_object) else { return };
    // A document without operations is a library, whose users are elsewhere.
    if document.operations().is_empty() {
        return;
    }
    let mut uses = Uses::default();
    uses.collect(context.document, document.root(), &mut Vec::new());
    uses.extensions(context);
    let reached = uses.reached();
    for kind in KINDS {
        for name in components.get(kind).and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            let place = Pointer::root().join("components").join(kind).join(name);
            if !name.starts_with("x-") && !reached.contains(&place) {
                let message = format!("no operation leads to `{}`: nothing ever proves it", shorten(name));
                context.find(Rule::ComponentUnused, &place, message);
            }
        }
    }
}

/// Which component leads to which; the root stands for everything that is no component.
#[derive(Default)]
struct Uses {
    edges: HashMap<Pointer, Vec<Pointer>>,
}

impl Uses {
    /// Takes in all references, wherever they stand: also those of extensions, which somebody may read.
    fn collect<'v>(&mut self, document: &Document, node: &'v Value, path: &mut Vec<&'v str>) {
        match node {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    self.refer(document, path, reference);
                }
                for (key, value) in members {
                    path.push(key);
                    if let (Some(mapping), true) = (value.get("mapping").and_then(Value::as_object), key == "discriminator") {
                        mapping.values().filter_map(Value::as_str).for_each(|reference| self.refer(document, path, reference));
                    }
                    self.collect(document, value, path);
                    path.pop();
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.collect(document, item, path);
                }
            }
            _ => {}
        }
    }

    fn refer(&mut self, document: &Document, path: &[&str], reference: &str) {
        let target = match document.reference(reference) {
            Some(place) => component(&place),
            // A bare name of a mapping.
            None => Pointer::root().join("components").join("schemas").join(reference),
        };
        let from = path.iter().take(3).fold(Pointer::root(), |place, segment| place.join(segment));
        self.edges.entry(component(&from)).or_default().push(target);
    }

    /// A base schema with a discriminator leads to those that extend it.
    fn extensions(&mut self, context: &Context<'_>) {
        for (place, node) in &context.schemas {
            let Some(target) = node.get("$ref").and_then(Value::as_str).and_then(|reference| context.document.reference(reference)) else {
                continue;
            };
            if context.document.get(&target).is_some_and(|base| base.get("discriminator").is_some()) {
                self.edges.entry(component(&target)).or_default().push(component(place));
            }
        }
    }

    fn reached(&self) -> HashSet<Pointer> {
        let mut reached = HashSet::new();
        let mut open = vec![Pointer::root()];
        while let Some(place) = open.pop() {
            if reached.insert(place.clone()) {
                open.extend(self.edges.get(&place).into_iter().flatten().cloned());
            }
        }
        reached
    }
}

/// The component that a place lies in; the root where it lies in none.
fn component(place: &Pointer) -> Pointer {
    let mut segments = place.segments();
    match (segments.next().as_deref(), segments.next(), segments.next()) {
        (Some("components"), Some(kind), Some(name)) => Pointer::root().join("components").join(&kind).join(&name),
        _ => Pointer::root(),
    }
}
