//! Aliases, and the structs around one value that recursive aliases become.

use super::code::{WIDTH, code, fragment};
use super::constraint;
use super::docs;
use super::file::File;
use crate::ir::{Newtype, Type, TypeDef};
use crate::naming::Ident;

/// Writes an alias.
pub(super) fn emit(file: &mut File<'_>, ident: &Ident, def: &TypeDef, ty: &Type) {
    let ty = file.ty(ty);
    docs::emit(file.body(), 0, &def.doc);
    let line = fragment!("pub type {} = {};", ident, ty);
    if line.len() <= WIDTH {
        code!(file.body(), "{}", line);
    } else {
        code!(file.body(), "pub type {} =\n    {};", ident, ty);
    }
}

/// Writes a struct around one value.
pub(super) fn emit_newtype(file: &mut File<'_>, ident: &Ident, def: &TypeDef, newtype: &Newtype) {
    let ty = file.ty(&newtype.inner);
    docs::emit(file.body(), 0, &def.doc);
    let w = &file.words();
    let out = file.body();
    code!(out, "#[derive(Clone, Debug, PartialEq)]");
    code!(out, "pub struct {}(pub {});", ident, ty);
    code!(out);
    if def.constraints.is_empty() {
        code!(out, "wireproof_runtime::newtype!({}, {});", ident, ty);
    } else {
        code!(out, "wireproof_runtime::newtype!({}, {}, {});", ident, ty, constraint::list(w, &def.constraints));
    }
}
