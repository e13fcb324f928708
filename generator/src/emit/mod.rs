//! IR and names to Rust files. One file per emitted item kind; `code.rs` is the writer that keeps text and code apart,
//! `file.rs` a file with its imports. What each file looks like is best seen in a snapshot under `tests/snapshots/`.

mod alias;
mod api;
mod code;
mod constraint;
mod docs;
mod enumeration;
mod features;
mod file;
mod integer_enumeration;
mod operation;
mod package;
mod presence;
mod request_body;
mod response;
mod response_body;
mod struct_;
mod tuple;
mod type_names;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use wireproof_openapi::Document;

use crate::FileSet;
use crate::ir::{Content, Ir, Operation, Payload, Shape, TypeId};
use crate::naming::{Ident, Names, OperationNames, Room, status_words};
use crate::passes::Reach;
use features::{Features, Module};
use file::{Context, File};
use operation::Helpers;

pub(crate) use code::is_invisible;
pub(crate) use package::{package, workspace_package};
pub(crate) use type_names::type_names;

/// Writes every file of a document's module; also names the cargo features that they stand behind, if they do so by tag.
pub(crate) fn emit(document: &Document, ir: &Ir, mut names: Names, reach: &Reach, header: &str, by_tag: bool) -> (FileSet, Vec<String>) {
    // Names that only emission needs are claimed first: in files, names are only looked up.
    let mut parts: BTreeMap<TypeId, Ident> = BTreeMap::new();
    let mut rooms: BTreeMap<(Room, Ident), Vec<TypeId>> = BTreeMap::new();
    let listed: Vec<(TypeId, Room, Ident)> = names.types().map(|(id, room, module)| (id, room, module.clone())).collect();
    for (id, room, module) in listed {
        if matches!(&ir.get(id).shape, Shape::Struct(object) if object.presence.is_some())
            && let Some(ident) = names.get(id).map(|(ident, ..)| ident.clone())
        {
            parts.insert(id, names.claim(&ident, "parts"));
        }
        rooms.entry((room, module)).or_default().push(id);
    }
    let helpers: Vec<Helpers> = ir.operations.iter().enumerate().map(|(index, operation)| helpers(&mut names, index, operation)).collect();
    let mut operations: BTreeMap<(Room, Ident), Vec<usize>> = BTreeMap::new();
    for index in 0..ir.operations.len() {
        let key = (Room::Operations, names.operation(index).module.clone());
        rooms.entry(key.clone()).or_default();
        operations.entry(key).or_default().push(index);
    }
    for ids in rooms.values_mut() {
        ids.sort_by(|left, right| ir.get(*left).at.cmp(&ir.get(*right).at));
    }
    let exports = exports(&rooms, &operations, &names, &parts, &helpers);
    let context = Context { ir, names: &names, reach, header };
    let files: Vec<(String, String)> = rooms
        .par_iter()
        .map(|(key, ids)| {
            let (room, module) = key;
            let mut file = File::new(context, *room, module);
            for index in operations.get(key).into_iter().flatten() {
                operation::emit(&mut file, names.operation(*index), &helpers[*index], &ir.operations[*index]);
            }
            for id in ids {
                definition(&mut file, *id, parts.get(id));
            }
            (file::path(*room, module), file.finish())
        })
        .collect();
    let mut all: FileSet = files.into_iter().collect();
    let features = if by_tag { Features::of(ir, &names) } else { Features::default() };
    api::emit(&mut all, document, &context, &features, &exports);
    (all, features.names)
}

/// The public names of each file. Modules list them rather than re-export all with a `*`: with a thousand of those, rustc takes as long to find
/// out what is where as it takes for all else that it does before type checking.
fn exports<'n>(
    rooms: &BTreeMap<(Room, Ident), Vec<TypeId>>,
    operations: &BTreeMap<(Room, Ident), Vec<usize>>,
    names: &'n Names,
    parts: &'n BTreeMap<TypeId, Ident>,
    helpers: &'n [Helpers],
) -> BTreeMap<Module, BTreeSet<&'n Ident>> {
    let of = |(module, ids): (&Module, &Vec<TypeId>)| {
        let types = ids.iter().flat_map(|id| names.get(*id).map(|(ident, ..)| ident).into_iter().chain(parts.get(id)));
        let indices = operations.get(module).into_iter().flatten();
        let requests = indices.flat_map(|index| {
            let OperationNames { request, response, .. } = names.operation(*index);
            [request, response].into_iter().chain(helpers.get(*index).into_iter().flat_map(Helpers::idents))
        });
        (module.clone(), types.chain(requests).collect())
    };
    rooms.iter().map(of).collect()
}

/// Writes one definition.
fn definition(file: &mut File<'_>, id: TypeId, parts: Option<&Ident>) {
    let ir = file.ir();
    let Some((ident, ..)) = file.names().get(id) else { return };
    let def = ir.get(id);
    match &def.shape {
        Shape::Struct(object) => match (&object.presence, parts) {
            (Some(rule), Some(parts)) => presence::emit(file, ident, parts, def, object, rule),
            _ => struct_::emit(file, ident, id, object),
        },
        Shape::Tuple(tuple) => tuple::emit(file, ident, def, tuple),
        Shape::Enumeration(enumeration) => enumeration::emit(file, ident, def, enumeration),
        Shape::IntegerEnumeration(enumeration) => integer_enumeration::emit(file, ident, def, enumeration),
        Shape::Union(union) => union::emit(file, ident, def, union),
        Shape::Alias(ty) => alias::emit(file, ident, def, ty),
        Shape::Newtype(newtype) => alias::emit_newtype(file, ident, def, newtype),
        // Nothing leads back to a schema that was left out, but an alias keeps any reference lawful.
        Shape::Pending => alias::emit(file, ident, def, &crate::ir::Type::Any),
    }
    code::code!(file.body());
}

/// Claims the names of what an operation needs beside its request and response.
fn helpers(names: &mut Names, index: usize, operation: &Operation) -> Helpers {
    let request = names.operation(index).request.clone();
    let alternatives = operation.body.as_ref().map(|body| body.alternatives.as_slice()).unwrap_or_default();
    let multipart = alternatives
        .iter()
        .map(|alternative| matches!(alternative.content, Content::Multipart(_)).then(|| names.claim(&request, "form")))
        .collect();
    let body = (alternatives.len() > 1).then(|| names.claim(&request, "content"));
    let responses = operation
        .responses
        .iter()
        .map(|response| {
            let several = matches!(&response.payload, Payload::Bodies(bodies) if bodies.len() > 1);
            let status = status_words(&response.status.to_string()).join(" ");
            several.then(|| names.claim(&request, &format!("{status} body")))
        })
        .collect();
    Helpers { body, multipart, responses }
}
