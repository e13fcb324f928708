//! Cargo features, one per tag of the document: who needs the operations of one tag compiles those and the types that they lead to, and
//! nothing else. What every tag needs, or no operation, is always there.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{Code, Text, code, fragment};
use crate::ir::{Ir, TypeId};
use crate::naming::{Ident, Names, Room, Scope, words};

/// A file of the output.
pub(super) type Module = (Room, Ident);

/// Beyond so many features a file is always there: what nearly everybody needs is not worth a list.
const MOST: usize = 8;

/// The features of a package, and what depends on them.
#[derive(Debug, Default)]
pub(super) struct Features {
    /// Their names, sorted. Elsewhere they go by their place in this list.
    pub(super) names: Vec<String>,
    /// The features any of which a file is there for. Files that are always there are left out.
    modules: BTreeMap<Module, BTreeSet<usize>>,
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
        let of_tag: BTreeMap<&str, String> =
            tags.iter().map(|tag| (*tag, scope.module(&[words(tag)]).as_str().replace('_', "-"))).collect();
        let names_of_features: Vec<String> = of_tag.values().collect::<BTreeSet<_>>().into_iter().cloned().collect();
        let number = |tag: &String| names_of_features.binary_search(of_tag.get(tag.as_str())?).ok();
        let operations: Vec<BTreeSet<usize>> =
            ir.operations.iter().map(|operation| operation.tags.iter().filter_map(number).collect()).collect();
        let modules = Graph::of(ir, names).needed(&operations);
        Self { names: names_of_features, modules }
    }

    /// Writes the condition under which a file is there, if there is one.
    pub(super) fn of_module(&self, out: &mut Code, module: &Module) {
        self.condition(out, "", module);
    }

    /// Writes the condition under which an operation is there, if there is one.
    pub(super) fn of_operation(&self, out: &mut Code, names: &Names, index: usize) {
        // Several operations may share a file, and go with it.
        let module = (Room::Operations, names.operation(index).module.clone());
        self.condition(out, "        ", &module);
    }

    fn condition(&self, out: &mut Code, indent: &'static str, module: &Module) {
        let Some(features) = self.modules.get(module) else { return };
        let mut each = features.iter().filter_map(|number| self.names.get(*number)).map(|name| fragment!("feature = {}", Text(name)));
        let indent = super::code::Fixed(indent);
        match (each.next(), each.next()) {
            (None, _) => {}
            (Some(only), None) => code!(out, "{}#[cfg({})]", indent, only),
            (Some(first), second) => {
                let all = std::iter::once(first).chain(second).chain(each);
                code!(out, "{}#[cfg(any({}))]", indent, Code::join(all, ", "));
            }
        }
    }
}

/// Which file needs which. Files go by number here: documents have ten thousand of them, and a hundred thousand references.
struct Graph {
    /// The files, in order, and the number of each.
    modules: BTreeMap<Module, usize>,
    /// What each file needs.
    needs: Vec<BTreeSet<usize>>,
    /// The file of each operation.
    operations: Vec<usize>,
    /// The files that webhooks and callbacks need.
    messages: Vec<usize>,
}

impl Graph {
    fn of(ir: &Ir, names: &Names) -> Self {
        let module_of = |id: TypeId| names.get(id).map(|(_, room, module)| (room, module.clone()));
        let operation_module = |index: usize| (Room::Operations, names.operation(index).module.clone());
        let mut modules: BTreeMap<Module, usize> = ir.iter().filter_map(|(id, _)| Some((module_of(id)?, 0))).collect();
        modules.extend((0..ir.operations.len()).map(|index| (operation_module(index), 0)));
        modules.values_mut().enumerate().for_each(|(number, place)| *place = number);
        let number = |module: Module| modules.get(&module).copied();
        let of_type: Vec<Option<usize>> = ir.iter().map(|(id, _)| module_of(id).and_then(number)).collect();
        let of_type = |id: TypeId| of_type.get(id.0).copied().flatten();
        let operations: Vec<usize> = (0..ir.operations.len()).filter_map(|index| number(operation_module(index))).collect();

        let mut needs = vec![BTreeSet::new(); modules.len()];
        for (id, def) in ir.iter() {
            let Some(targets) = of_type(id).and_then(|from| needs.get_mut(from)) else { continue };
            def.shape.each_type(&mut |ty| ty.each_named(&mut |inner| targets.extend(of_type(inner))));
        }
        for (from, operation) in operations.iter().zip(&ir.operations) {
            let Some(targets) = needs.get_mut(*from) else { continue };
            operation.each_type(&mut |ty| ty.each_named(&mut |inner| targets.extend(of_type(inner))));
        }
        let mut messages = Vec::new();
        ir.messages.iter().for_each(|message| message.ty.each_named(&mut |id| messages.extend(of_type(id))));
        Self { modules, needs, operations, messages }
    }

    /// The features that each file is there for, by their number; without the files that are always there.
    fn needed(self, operations: &[BTreeSet<usize>]) -> BTreeMap<Module, BTreeSet<usize>> {
        let mut found: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); self.needs.len()];
        let mut always: Vec<usize> = self.messages.clone();
        for (module, features) in self.operations.iter().zip(operations) {
            match found.get_mut(*module) {
                Some(known) if !features.is_empty() => known.extend(features),
                _ => always.push(*module),
            }
        }
        let mut pending: Vec<usize> = (0..found.len()).collect();
        while let Some(module) = pending.pop() {
            // What is always there makes what it leads to be always there, whatever else leads there.
            let Some(features) = found.get(module).filter(|features| !features.is_empty() && features.len() <= MOST).cloned() else {
                continue;
            };
            for target in self.needs.get(module).into_iter().flatten() {
                let Some(known) = found.get_mut(*target) else { continue };
                let before = known.len();
                known.extend(&features);
                if known.len() > before {
                    pending.push(*target);
                }
            }
        }
        // What no operation leads to is there for its own sake.
        always.extend(
            found.iter().enumerate().filter(|(_, features)| features.is_empty() || features.len() > MOST).map(|(module, _)| module),
        );
        let mut seen = BTreeSet::new();
        while let Some(module) = always.pop() {
            if seen.insert(module) {
                always.extend(self.needs.get(module).into_iter().flatten());
            }
        }
        let conditional = self.modules.into_iter().filter(|(_, number)| !seen.contains(number));
        conditional.map(|(module, number)| (module, found.get_mut(number).map(std::mem::take).unwrap_or_default())).collect()
    }
}
