//! Tuples: lists whose first items each have a type of their own.

use super::code::{Code, Text, code, fragment};
use super::constraint;
use super::docs;
use super::file::File;
use crate::ir::{Tuple, TypeDef};
use crate::naming::Ident;

/// Writes the struct.
pub(super) fn emit(file: &mut File<'_>, ident: &Ident, def: &TypeDef, tuple: &Tuple) {
    let types: Vec<Code> = tuple.items.iter().map(|item| file.ty(&item.ty)).collect();
    let rest = tuple.rest.as_ref().map(|ty| {
        let ty = file.ty(ty);
        fragment!("{}<{}>", file.prelude("Vec", "::std::vec::Vec"), ty)
    });
    docs::emit(file.body(), 0, &def.doc);
    let w = &file.words();
    let out = file.body();
    code!(out, "#[derive(Clone, Debug, PartialEq)]");
    code!(out, "pub struct {}(", ident);
    for (item, ty) in tuple.items.iter().zip(&types) {
        docs::emit(out, 4, &item.doc);
        code!(out, "    pub {},", ty);
    }
    if let Some(rest) = &rest {
        code!(out, "    /// Further items.");
        code!(out, "    pub {},", rest);
    }
    code!(out, ");");
    code!(out);
    let result = w.prelude("Result", "::core::result::Result");
    let ok = w.prelude("Ok", "::core::result::Result::Ok");
    code!(out, "impl {} for {} {{", w.runtime("Tuple"), ident);
    code!(out, "    const NAME: &'static str = {};", Text(ident.as_str()));
    code!(out, "    const LENGTH: usize = {};", types.len());
    constraint::constant(w, out, &def.constraints, &[]);
    code!(out);
    code!(
        out,
        "    fn decode_items<'de, A: {}<'de>>(items: &mut {}<'de, A>) -> {}<Self, A::Error> {{",
        w.runtime("SeqAccess"),
        w.runtime("Items"),
        result
    );
    let reads = types.iter().map(|_| fragment!("items.item()?")).chain(rest.iter().map(|_| fragment!("items.rest()?")));
    code!(out, "        {}(Self({}))", ok, Code::join(reads, ", "));
    code!(out, "    }}");
    code!(out);
    code!(out, "    fn encode_items<S: {}>(&self, items: &mut S) -> {}<(), S::Error> {{", w.runtime("SerializeSeq"), result);
    for index in 0..types.len() {
        code!(out, "        items.serialize_element(&self.{})?;", index);
    }
    if rest.is_some() {
        code!(out, "        for item in &self.{} {{", types.len());
        code!(out, "            items.serialize_element(item)?;");
        code!(out, "        }}");
    }
    code!(out, "        {}(())", ok);
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
    code!(out, "wireproof_runtime::tuple!({});", ident);
}
