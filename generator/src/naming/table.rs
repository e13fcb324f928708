//! The table of names, built once: every definition, member, variant, operation and file. Claims are made in an order
//! that depends on the names in the document alone, so that reordering it changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use wireproof_openapi::Document;

use super::place::{self, OperationPlaces, Root};
use super::scope::with_word;
use super::words::{name_words, words};
use super::{Ident, Scope};
use crate::ir::{Ir, Operation, TypeDef, TypeId};
use crate::passes::Reach;

/// The folder that a file stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Room {
    /// `types/`.
    Types,
    /// `operations/`.
    Operations,
}

/// Names of an operation.
#[derive(Clone, Debug)]
pub(crate) struct OperationNames {
    /// The request struct.
    pub(crate) request: Ident,
    /// The response enum.
    pub(crate) response: Ident,
    /// The file.
    pub(crate) module: Ident,
}

/// Every identifier of a document.
#[derive(Debug, Default)]
pub(crate) struct Names {
    types: BTreeMap<TypeId, (Ident, Room, Ident)>,
    operations: Vec<OperationNames>,
    scope: Scope,
    all: BTreeSet<String>,
}

impl Names {
    /// Names everything that is written.
    pub(crate) fn of(document: &Document, ir: &Ir, reach: &Reach) -> Self {
        let mut names = Self::default();
        let used: Vec<(TypeId, &TypeDef)> = ir.iter().filter(|(id, _)| reach.used[id.0]).collect();
        let mut roots: BTreeMap<Root, Vec<(Vec<String>, TypeId)>> = BTreeMap::new();
        for (id, def) in &used {
            let (root, steps) = place::split(&def.at);
            roots.entry(root).or_default().push((steps, *id));
        }
        let mut idents: BTreeMap<TypeId, Ident> = BTreeMap::new();
        // First the components themselves: theirs are the names that people know.
        for (root, members) in &roots {
            if let Root::Component(place) = root
                && let Some((_, id)) = members.iter().find(|(steps, id)| steps.is_empty() && !ir.get(*id).request_side)
            {
                idents.insert(*id, names.scope.upper(&[place::component_words(place)]));
            }
        }
        let mut modules = Scope::default();
        for operation in &ir.operations {
            let base = operation_words(operation);
            let with = |word: &str| base.iter().cloned().chain([word.to_owned()]).collect::<Vec<_>>();
            let request = names.scope.upper(&[base.clone(), with("operation")]);
            let response = names.scope.upper(&[with("response"), with("responses"), with("outcome")]);
            names.operations.push(OperationNames { request, response, module: modules.module(std::slice::from_ref(&base)) });
        }
        // Then what is inside them, by place.
        let mut type_modules = Scope::default();
        let places = OperationPlaces::of(&ir.operations);
        for (root, mut members) in roots {
            members.sort();
            let operation = places.get(&root);
            let (place, base) = match (&root, operation) {
                (Root::Operation(place), Some(index)) => (place, operation_words(&ir.operations[index])),
                (Root::Operation(place), None) => (place, place::path_words(&place.last().unwrap_or_default())),
                (Root::Component(place), _) => (place, place::component_words(place)),
            };
            let (room, module) = match operation {
                Some(index) => (Room::Operations, names.operations[index].module.clone()),
                None => (Room::Types, type_modules.module(std::slice::from_ref(&base))),
            };
            for (steps, id) in members {
                let ident = idents.remove(&id).unwrap_or_else(|| {
                    let mut all = base.clone();
                    all.extend(place::step_words(document, place, &steps));
                    if ir.get(id).request_side {
                        let with = |word: &str| all.iter().cloned().chain([word.to_owned()]).collect::<Vec<_>>();
                        return names.scope.upper(&[with("request"), with("sent")]);
                    }
                    names.scope.upper(&[all])
                });
                names.types.insert(id, (ident, room, module.clone()));
            }
        }
        // What several files have names for stands in a file of its own, called after it; claimed by place, as long names may meet when cut. What is
        // inside goes along.
        let mut homes: Vec<&(TypeId, &TypeDef)> = used.iter().filter(|(id, def)| def.home == Some(*id)).collect();
        homes.sort_by(|(_, left), (_, right)| left.at.cmp(&right.at).then(left.request_side.cmp(&right.request_side)));
        for (id, _) in homes {
            if let Some((ident, room, module)) = names.types.get_mut(id) {
                (*room, *module) = (Room::Types, type_modules.module(&[name_words(ident.as_str())]));
            }
        }
        for (id, def) in &used {
            if let Some(home) = def.home.filter(|home| home != id).and_then(|home| names.types.get(&home)) {
                let (room, module) = (home.1, home.2.clone());
                names.types.entry(*id).and_modify(|place| (place.1, place.2) = (room, module));
            }
        }
        names.all = names.types.values().map(|(ident, ..)| ident.as_str().to_owned()).collect();
        names.all.extend(
            names.operations.iter().flat_map(|operation| [&operation.request, &operation.response]).map(|ident| ident.as_str().to_owned()),
        );
        names
    }

    /// The identifier of a definition, and where its file is.
    pub(crate) fn get(&self, id: TypeId) -> Option<(&Ident, Room, &Ident)> {
        self.types.get(&id).map(|(ident, room, module)| (ident, *room, module))
    }

    /// All definitions that are written, in the order of their ids.
    pub(crate) fn types(&self) -> impl Iterator<Item = (TypeId, Room, &Ident)> {
        self.types.iter().map(|(id, (_, room, module))| (*id, *room, module))
    }

    /// The names of an operation, by its index in the IR.
    pub(crate) fn operation(&self, index: usize) -> &OperationNames {
        &self.operations[index]
    }

    /// Claims one more type name, for what only emission makes (`PetParts`).
    pub(crate) fn claim(&mut self, base: &Ident, word: &str) -> Ident {
        let ident = self.scope.upper(&[with_word(name_words(base.as_str()), words(word))]);
        self.all.insert(ident.as_str().to_owned());
        ident
    }

    /// Whether some type of the document has this very name, so that the prelude's must be written in full.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all.contains(name)
    }
}

/// The words of an operation: its `operationId`, else method and path: `DELETE /contacts/{id}` is `delete contacts by id`.
fn operation_words(operation: &Operation) -> Vec<String> {
    if let Some(id) = operation.id.as_deref().filter(|id| !id.trim().is_empty()) {
        return words(id);
    }
    let mut found = words(&operation.method);
    found.extend(place::path_words(&operation.path));
    found
}
