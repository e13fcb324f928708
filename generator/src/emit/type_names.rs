//! The Rust type of each component schema, as a program beside the generated module writes it: for tools that send values through
//! the types of a document, such as `cargo xtask soundness`.

use foldhash::HashMap;

use super::code::{Code, Fixed, fragment};
use crate::ir::{Integer, Ir, Type, TypeId};
use crate::naming::Names;
use crate::passes::Reach;
use crate::{Side, TypeName};

/// The types of every component schema, sorted by name.
pub(crate) fn type_names(ir: &Ir, names: &Names, reach: &Reach) -> Vec<TypeName> {
    let sent: HashMap<_, TypeId> = ir.iter().filter(|(_, def)| def.request_side).map(|(id, def)| (&def.at, id)).collect();
    let twin = |id: TypeId| sent.get(&ir.get(id).at).copied().filter(|twin| *twin != id);
    let mut all = Vec::with_capacity(ir.components.len());
    for (pointer, ty) in &ir.components {
        let mut named = Vec::new();
        ty.each_named(&mut |id| named.push(id));
        let mut add = |ty: &Type, side| all.push(TypeName { pointer: pointer.clone(), path: path(ty, names).into_string(), side });
        if named.iter().any(|id| twin(*id).is_some()) {
            let mut request = ty.clone();
            request.replace_named(&twin);
            add(ty, Side::Response);
            add(&request, Side::Request);
        } else {
            let sides: Vec<Side> = named.iter().map(|id| reach.side(*id)).collect();
            let one = [Side::Request, Side::Response].into_iter().find(|side| sides.contains(side));
            add(ty, one.unwrap_or(Side::Both));
        }
    }
    all
}

/// A type in full paths, but for the types of the document, which are taken from the root of its module.
fn path(ty: &Type, names: &Names) -> Code {
    let around = |word: &'static str, inner: &Type| fragment!("{}<{}>", Fixed(word), path(inner, names));
    match ty {
        Type::Any => fragment!("::wireproof_runtime::Json"),
        Type::Null => fragment!("()"),
        Type::Boolean => fragment!("bool"),
        Type::Integer(Integer::I32) => fragment!("i32"),
        Type::Integer(Integer::I64) => fragment!("i64"),
        Type::Integer(Integer::U32) => fragment!("u32"),
        Type::Integer(Integer::U64) => fragment!("u64"),
        Type::Integer(Integer::Any) => fragment!("::wireproof_runtime::Integer"),
        Type::Number => fragment!("::wireproof_runtime::Number"),
        Type::Double => fragment!("f64"),
        Type::String => fragment!("::std::string::String"),
        Type::Array(item) => around("::std::vec::Vec", item),
        Type::Map(value) => around("::wireproof_runtime::Map", value),
        Type::Nullable(inner) => around("::core::option::Option", inner),
        Type::Named(id) | Type::Boxed(id) => match names.get(*id) {
            Some((ident, ..)) => fragment!("module::{}", ident),
            None => fragment!("::wireproof_runtime::Json"),
        },
    }
}
