//! Cargo features, one per tag of the document: who needs the operations of one tag compiles those and the types that they lead to, and
//! nothing else. What every tag needs, or no operation, is always there.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{Code, Text, code, fragment};
use crate::ir::{Content, Ir, Operation, PartKind, Payload, Type, TypeId};
use crate::naming::{Ident, Names, Room, Scope, words};

/// A file of the output.
pub(super) type Module = (Room, Ident);

/// Beyond so many features a file is always there: what nearly everybody needs is not worth a list.
const MOST: usize = 8;

/// The features of a package, and what depends on them.
#[derive(Debug, Default)]
pub(super) struct Features {
    /// Their names, sorted.
    pub(super) names: Vec<String>,
    /// The features any of which a file is there for. Files that are always there are left out.
    modules: BTreeMap<Module, BTreeSet<String>>,
    /// The features of each operation, by its index; none: always there.
    operations: Vec<BTreeSet<String>>,
}

impl Features {
    /// The features of a document with at least two tags in use.
    pub(super) fn of(ir: &Ir, names: &Names) -> Self {
        let tags: BTreeSet<&str> = ir.operations.iter().flat_map(|operation| operation.tags.iter().map(String::as_str)).collect();
        if tags.len() < 2 {
            return Self::default();
        }
        let mut scope = Scope::default();
        // What cargo means by it.
        scope.module(&[words("default")]);
        let by_tag: BTreeMap<&str, String> =
            tags.iter().map(|tag| (*tag, scope.module(&[words(tag)]).as_str().replace('_', "-"))).collect();
        let operations: Vec<BTreeSet<String>> = ir
            .operations
            .iter()
            .map(|operation| operation.tags.iter().filter_map(|tag| by_tag.get(tag.as_str()).cloned()).collect())
            .collect();
        let modules = Graph::of(ir, names).needed(ir, names, &operations);
        Self { names: by_tag.into_values().collect::<BTreeSet<_>>().into_iter().collect(), modules, operations }
    }

    /// Writes the condition under which a file is there, if there is one.
    pub(super) fn of_module(&self, out: &mut Code, module: &Module) {
        condition(out, "", self.modules.get(module));
    }

    /// Writes the condition under which an operation is there, if there is one.
    pub(super) fn of_operation(&self, out: &mut Code, names: &Names, index: usize) {
        // Several operations may share a file, and go with it.
        let module = (Room::Operations, names.operation(index).module.clone());
        condition(out, "        ", self.modules.get(&module).filter(|_| self.operations.get(index).is_some()));
    }
}

fn condition(out: &mut Code, indent: &'static str, features: Option<&BTreeSet<String>>) {
    let Some(features) = features else { return };
    let each = |feature: &String| fragment!("feature = {}", Text(feature));
    let indent = super::code::Fixed(indent);
    match features.iter().collect::<Vec<_>>().as_slice() {
        [only] => code!(out, "{}#[cfg({})]", indent, each(only)),
        many => code!(out, "{}#[cfg(any({}))]", indent, Code::join(many.iter().map(|feature| each(feature)), ", ")),
    }
}

/// Which file needs which.
struct Graph {
    needs: BTreeMap<Module, BTreeSet<Module>>,
}

impl Graph {
    fn of(ir: &Ir, names: &Names) -> Self {
        let module = |id: TypeId| names.get(id).map(|(_, room, module)| (room, module.clone()));
        let mut needs: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (id, def) in ir.iter() {
            let Some(from) = module(id) else { continue };
            let targets = needs.entry(from).or_default();
            def.shape.each_type(&mut |ty| ty.each_named(&mut |inner| targets.extend(module(inner))));
        }
        for (index, operation) in ir.operations.iter().enumerate() {
            let targets = needs.entry((Room::Operations, names.operation(index).module.clone())).or_default();
            each_type(operation, &mut |ty| ty.each_named(&mut |inner| targets.extend(module(inner))));
        }
        Self { needs }
    }

    /// The features that each file is there for; without those that are always there.
    fn needed(&self, ir: &Ir, names: &Names, operations: &[BTreeSet<String>]) -> BTreeMap<Module, BTreeSet<String>> {
        let mut found: BTreeMap<Module, BTreeSet<String>> = BTreeMap::new();
        let mut always: BTreeSet<Module> = BTreeSet::new();
        for (index, features) in operations.iter().enumerate() {
            let module = (Room::Operations, names.operation(index).module.clone());
            if features.is_empty() {
                always.insert(module);
            } else {
                found.entry(module).or_default().extend(features.iter().cloned());
            }
        }
        let mut pending: Vec<Module> = found.keys().cloned().collect();
        while let Some(module) = pending.pop() {
            let features = found.get(&module).cloned().unwrap_or_default();
            for target in self.needs.get(&module).into_iter().flatten() {
                let known = found.entry(target.clone()).or_default();
                let before = known.len();
                known.extend(features.iter().cloned());
                if known.len() > before {
                    pending.push(target.clone());
                }
            }
        }
        // What no operation leads to is there for its own sake.
        always.extend(self.needs.keys().filter(|module| !found.contains_key(*module)).cloned());
        always.extend(found.iter().filter(|(_, features)| features.len() > MOST).map(|(module, _)| module.clone()));
        let messages = ir.messages.iter().map(|message| &message.ty);
        for ty in messages {
            ty.each_named(&mut |id| always.extend(names.get(id).map(|(_, room, module)| (room, module.clone()))));
        }
        let mut pending: Vec<Module> = always.into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(module) = pending.pop() {
            found.remove(&module);
            if seen.insert(module.clone()) {
                pending.extend(self.needs.get(&module).into_iter().flatten().cloned());
            }
        }
        found
    }
}

/// Every type that an operation names.
fn each_type(operation: &Operation, visit: &mut impl FnMut(&Type)) {
    operation.parameters.iter().for_each(|parameter| visit(&parameter.ty));
    for alternative in operation.body.iter().flat_map(|body| &body.alternatives) {
        each_content_type(&alternative.content, visit);
    }
    for response in &operation.responses {
        response.headers.iter().for_each(|header| visit(&header.ty));
        if let Payload::Bodies(bodies) = &response.payload {
            for (_, content) in bodies {
                each_content_type(content, visit);
            }
        }
    }
}

fn each_content_type(content: &Content, visit: &mut impl FnMut(&Type)) {
    match content {
        Content::Json(ty) | Content::Form(ty) => visit(ty),
        Content::Multipart(parts) => parts.iter().for_each(|part| {
            if let PartKind::Value(ty) = &part.kind {
                visit(ty);
            }
        }),
        Content::Text | Content::Binary => {}
    }
}
