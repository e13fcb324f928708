//! Document to IR: what each schema and operation becomes, one file per shape.
//!
//! A schema is read as a *conjunction* of nodes that all hold (itself, what it refers to, the members of its `allOf`):
//! `conjunction.rs` makes the list, this file finds or makes the type for it, `shape.rs` chooses among
//! `object.rs`, `array.rs`, `union.rs`, `enumeration.rs` and `scalar.rs`. Then `operation.rs` and `webhook.rs`.

mod array;
mod conjunction;
mod constraints;
mod content;
mod doc;
mod enumeration;
mod kinds;
mod merge;
mod node;
mod null;
mod object;
mod operation;
mod presence;
mod scalar;
mod shape;
mod union;
mod validation;
mod webhook;

use foldhash::{HashMap, HashSet};
use serde_json::Value;
use wireproof_openapi::{Diagnostic, Document, Nodes, Pointer};

use crate::ir::{Ir, Newtype, Shape, Type, TypeDef, TypeId};
use conjunction::{Part, Reads};
use kinds::Kinds;

/// How deep types may lead to one another before the rest is left untyped. Documents of a thousand components that refer to each
/// other come to some hundreds; [`STACK`] holds it.
const MAX_DEPTH: usize = 1_000;

/// The stack of the thread that reads a document: the deepest one takes some 10 kB a level.
const STACK: usize = 64 << 20;

/// How many schemas a document may have after composition: ten times what the largest known documents do.
const MAX_TYPES: usize = 1_000_000;

/// Reads the whole document: every component schema and every operation.
pub(crate) fn lower(document: &Document) -> (Ir, Vec<Diagnostic>) {
    let read = || {
        let mut lower = Lower {
            document,
            nodes: document.nodes(),
            kinds: Kinds::of(document),
            ir: Ir::default(),
            known: HashMap::default(),
            null_known: HashMap::default(),
            places: HashMap::default(),
            diagnostics: Vec::new(),
            depth: 0,
        };
        lower.components();
        lower.operations();
        lower.webhooks();
        // What several operations refer to is said once.
        let mut said = HashSet::default();
        lower.diagnostics.retain(|diagnostic| said.insert((diagnostic.code, diagnostic.pointer.clone(), diagnostic.message.clone())));
        (lower.ir, lower.diagnostics)
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("lower".to_owned()).stack_size(STACK).spawn_scoped(scope, read);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(read)) => read,
            // Our own fault, and no other than without the thread.
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread to be had: most documents need none.
            Err(_) => read(),
        }
    })
}

/// What is known about the type of a conjunction.
enum Known {
    /// It is being read; its definition, where somebody inside already referred to it.
    Pending(Option<TypeId>),
    /// It has been read.
    Done(Type),
}

struct Lower<'d> {
    document: &'d Document,
    nodes: Nodes<'d>,
    kinds: Kinds,
    ir: Ir,
    known: HashMap<Vec<Part>, Known>,
    /// What has been found out about `null`, by place.
    null_known: HashMap<Pointer, null::Says>,
    /// The definitions by their place.
    places: HashMap<Pointer, TypeId>,
    diagnostics: Vec<Diagnostic>,
    depth: usize,
}

impl Lower<'_> {
    /// Reads every component schema, by name: an order that no reordering of the document changes.
    fn components(&mut self) {
        let schemas = Pointer::root().join("components").join("schemas");
        let Some(Value::Object(members)) = self.nodes.get(&schemas) else { return };
        let mut names: Vec<&String> = members.keys().collect();
        names.sort_unstable();
        for name in names {
            let at = schemas.join(name);
            let ty = self.schema(&at);
            self.ir.components.push((at.clone(), ty.clone()));
            if !self.places.contains_key(&at) {
                // The component is another name: for a scalar, a list, another component.
                let id = self.push(at);
                self.define(id, Shape::Alias(ty));
            }
        }
    }

    /// The type of the schema at `at`, `null` included where it allows it.
    fn schema(&mut self, at: &Pointer) -> Type {
        self.conjunction(at, vec![Part::whole(at.clone())])
    }

    /// The type of a conjunction that stands at `at`.
    fn conjunction(&mut self, at: &Pointer, parts: Vec<Part>) -> Type {
        let nullable = self.admits_null(&parts);
        let ty = self.non_null(at, parts);
        if nullable { ty.nullable() } else { ty }
    }

    /// The same without `null`.
    fn non_null(&mut self, at: &Pointer, parts: Vec<Part>) -> Type {
        let parts = self.reduce(parts);
        // A conjunction of one is that schema, wherever it is referred to from; its name follows its own place.
        let at = match parts.as_slice() {
            [] => return Type::Any,
            [only] if only.reads == Reads::Whole && !only.is_list() => only.at.clone(),
            // The schema's own place is that of the union of its kinds.
            [only] if only.reads == Reads::Itself => only.at.join("discriminator"),
            _ => at.clone(),
        };
        match self.known.get_mut(&parts) {
            Some(Known::Done(ty)) => return ty.clone(),
            Some(Known::Pending(Some(id))) => return Type::Named(*id),
            Some(Known::Pending(slot)) => {
                // It contains itself: give it a definition to refer to.
                let id = TypeId(self.ir.types.len());
                *slot = Some(id);
                self.push(at);
                return Type::Named(id);
            }
            None => {}
        }
        if self.depth >= MAX_DEPTH || self.known.len() >= MAX_TYPES {
            self.gap("too-large", &at, "too deeply or too often nested for types: left as any JSON value");
            return Type::Any;
        }
        self.known.insert(parts.clone(), Known::Pending(None));
        self.depth += 1;
        let conjunction = self.flatten(&parts);
        let ty = self.shape(&at, &parts, &conjunction);
        self.depth -= 1;
        let ty = self.settle(&parts, ty);
        self.known.insert(parts, Known::Done(ty.clone()));
        ty
    }

    /// Makes a definition of a type that turned out to contain itself without being one.
    fn settle(&mut self, parts: &[Part], ty: Type) -> Type {
        let Some(Known::Pending(Some(id))) = self.known.get(parts) else { return ty };
        let id = *id;
        if ty == Type::Named(id) {
            return ty;
        }
        let asked = self.asked(&ty, parts);
        self.constrain(id, asked);
        self.define(id, Shape::Newtype(Newtype { inner: ty }))
    }

    /// Makes the definition of the conjunction `parts` that stands at `at`; its shape follows with [`Lower::define`].
    fn reserve(&mut self, at: &Pointer, parts: &[Part]) -> TypeId {
        if let Some(Known::Pending(Some(id))) = self.known.get(parts) {
            return *id;
        }
        let id = self.push(at.clone());
        self.known.insert(parts.to_vec(), Known::Pending(Some(id)));
        id
    }

    fn push(&mut self, at: Pointer) -> TypeId {
        let id = TypeId(self.ir.types.len());
        self.places.insert(at.clone(), id);
        self.ir.types.push(TypeDef {
            title: None,
            doc: doc::Doc::default(),
            at,
            request_side: false,
            home: None,
            constraints: Vec::new(),
            shape: Shape::Pending,
        });
        id
    }

    /// Completes a definition.
    fn define(&mut self, id: TypeId, shape: Shape) -> Type {
        let at = self.ir.types[id.0].at.clone();
        let mut doc = self.doc(&at);
        doc.notes.extend(self.constraints_of(&at, &shape));
        let title = self.text(&at, "title");
        let def = &mut self.ir.types[id.0];
        def.doc = doc;
        def.title = title;
        def.shape = shape;
        Type::Named(id)
    }

    /// Records a part of the document that the types do not express.
    fn gap(&mut self, code: &'static str, at: &Pointer, message: impl Into<String>) {
        let pointer = self.document.written(at);
        self.diagnostics.push(Diagnostic::warning(code, pointer, message));
    }
}

/// The members of a schema that are objects; anything else has none.
type Members = serde_json::Map<String, Value>;
