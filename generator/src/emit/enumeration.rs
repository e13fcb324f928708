//! Enumerations of strings: a variant per value, and one for any other where the enumeration is open.

use super::code::{Code, Docs, Fixed, Text, code, fragment};
use super::docs;
use super::file::File;
use crate::ir::{Enumeration, Ir, Label, Shape, Type, TypeDef};
use crate::naming::{Ident, Scope, words};

/// Writes the enum.
pub(super) fn emit(file: &mut File<'_>, ident: &Ident, def: &TypeDef, enumeration: &Enumeration) {
    let w = &file.words();
    let mut scope = Scope::default();
    let variants: Vec<Ident> =
        enumeration.values.iter().zip(&enumeration.labels).map(|(value, label)| variant(&mut scope, label, words(value))).collect();
    let unknown = enumeration.open.then(|| scope.upper(&[words("unknown"), words("other")]));
    let string = file.prelude("String", "::std::string::String");
    let optional_text = {
        let text = fragment!("&str");
        file.option(&text)
    };
    docs::emit(file.body(), 0, &def.doc);
    let out = file.body();
    code!(out, "#[derive(Clone{})]", Fixed(if unknown.is_some() { "" } else { ", Copy" }));
    code!(out, "pub enum {} {{", ident);
    for ((value, variant), label) in enumeration.values.iter().zip(&variants).zip(&enumeration.labels) {
        code!(out, "{}", Docs(4, &described(value, label)));
        code!(out, "    {},", variant);
    }
    if let Some(unknown) = &unknown {
        code!(out, "    /// A value that the document does not name.");
        code!(out, "    {}({}),", unknown, string);
    }
    code!(out, "}}");
    code!(out);
    code!(out, "impl {} for {} {{", w.runtime("Enumeration"), ident);
    let info = w.runtime("EnumerationInfo");
    let (some, none) = (w.prelude("Some", "::core::option::Option::Some"), w.prelude("None", "::core::option::Option::None"));
    code!(out, "    const INFO: {}<Self> = {} {{", info, info);
    code!(out, "        name: {},", Text(ident.as_str()));
    code!(
        out,
        "        values: &[{}],",
        Code::list(enumeration.values.iter().map(|value| fragment!("{}", Text(value))), 12, "        values: &[],".len())
    );
    code!(
        out,
        "        variants: &[{}],",
        Code::list(variants.iter().map(|variant| fragment!("Self::{}", variant)), 12, "        variants: &[],".len())
    );
    match &unknown {
        Some(unknown) => code!(out, "        unknown: {}(Self::{}),", some, unknown),
        None => code!(out, "        unknown: {},", none),
    }
    code!(out, "    }};");
    if let Some(unknown) = &unknown {
        code!(out);
        code!(out, "    fn unknown(&self) -> {} {{", optional_text);
        code!(out, "        if let Self::{}(value) = self {{ {}(value) }} else {{ {} }}", unknown, some, none);
        code!(out, "    }}");
    }
    code!(out, "}}");
    code!(out);
    code!(out, "wireproof_runtime::enumeration!({});", ident);
}

/// A variant by the name that the document gives it, else by its value.
pub(super) fn variant(scope: &mut Scope, label: &Label, value: Vec<String>) -> Ident {
    match &label.name {
        Some(name) => scope.upper(&[words(name), value]),
        None => scope.upper(&[value]),
    }
}

/// The documentation of a value: what it is in JSON and what it means.
pub(super) fn described(value: &str, label: &Label) -> String {
    let value = format!("`{}`", value.replace('`', "'"));
    label.text.as_ref().map_or_else(|| value.clone(), |text| format!("{value}: {text}"))
}

/// The variant of a closed enumeration of one value.
pub(super) fn only_variant(ir: &Ir, ty: &Type) -> Option<Ident> {
    let mut ty = ty;
    // Twins of it are aliases, of each other at most once each.
    for _ in 0..ir.types.len() {
        let Type::Named(id) = ty else { return None };
        match &ir.get(*id).shape {
            Shape::Alias(inner) => ty = inner,
            Shape::Enumeration(Enumeration { open: false, values, labels }) => {
                let ([value], [label]) = (values.as_slice(), labels.as_slice()) else { return None };
                return Some(variant(&mut Scope::default(), label, words(value)));
            }
            _ => return None,
        }
    }
    None
}
