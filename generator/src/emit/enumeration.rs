//! Enumerations of strings: a variant per value, and one for any other where the enumeration is open.

use super::code::{Code, Docs, Fixed, Text, code, fragment};
use super::docs;
use super::file::File;
use crate::ir::{Enumeration, Label, TypeDef};
use crate::naming::{Ident, Scope, words};

/// Writes the enum.
pub(super) fn emit(file: &mut File<'_>, ident: &Ident, def: &TypeDef, enumeration: &Enumeration) {
    let w = &file.words();
    let mut scope = Scope::default();
    let variants: Vec<Ident> =
        enumeration.values.iter().zip(&enumeration.labels).map(|(value, label)| variant(&mut scope, label, words(value))).collect();
    let unknown = enumeration.open.then(|| scope.upper(&[words("unknown"), words("other")]));
    let string = file.prelude("String", "::std::string::String");
    let option = {
        let this = fragment!("Self");
        file.option(&this)
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
    let values = Code::list(enumeration.values.iter().map(|value| fragment!("{}", Text(value))), 8);
    code!(out, "    const INFO: {} = {} {{ name: {}, values: &[{}] }};", info, info, Text(ident.as_str()), values);
    code!(out);
    if let [only] = variants.as_slice() {
        code!(out, "    fn variant(_: usize) -> Self {{");
        code!(out, "        Self::{}", only);
    } else {
        code!(out, "    fn variant(index: usize) -> Self {{");
        code!(out, "        match index {{");
        for (index, variant) in variants.iter().enumerate() {
            let index = if index + 1 == variants.len() { fragment!("_") } else { fragment!("{}", index) };
            code!(out, "            {} => Self::{},", index, variant);
        }
        code!(out, "        }}");
    }
    code!(out, "    }}");
    code!(out);
    if let Some(unknown) = &unknown {
        code!(out, "    fn unknown(value: {}) -> {} {{", string, option);
        code!(out, "        {}(Self::{}(value))", w.prelude("Some", "::core::option::Option::Some"), unknown);
        code!(out, "    }}");
        code!(out);
    }
    let value = w.runtime("EnumerationValue");
    code!(out, "    fn value(&self) -> {}<'_> {{", value);
    code!(out, "        match self {{");
    for (index, variant) in variants.iter().enumerate() {
        code!(out, "            Self::{} => {}::Known({}),", variant, value, index);
    }
    if let Some(unknown) = &unknown {
        code!(out, "            Self::{}(value) => {}::Unknown(value),", unknown, value);
    }
    code!(out, "        }}");
    code!(out, "    }}");
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
