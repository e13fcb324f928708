//! Enumerations of strings: a variant per value, and one for any other where the enumeration is open.

use super::code::{Docs, Text, code};
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
    let some = file.prelude("Some", "::core::option::Option::Some");
    let none = file.prelude("None", "::core::option::Option::None");
    let string = file.prelude("String", "::std::string::String");
    let this = super::code::fragment!("Self");
    let option = file.option(&this);
    docs::emit(file.body(), 0, &def.doc);
    let out = file.body();
    code!(out, "#[derive(Clone, Debug, PartialEq, Eq, Hash)]");
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
    code!(out, "    const NAME: &'static str = {};", Text(ident.as_str()));
    code!(out, "    const VALUES: &'static [&'static str] = &[");
    for value in &enumeration.values {
        code!(out, "        {},", Text(value));
    }
    code!(out, "    ];");
    code!(out);
    code!(out, "    fn from_known(value: &str) -> {} {{", option);
    code!(out, "        {}(match value {{", some);
    for (value, variant) in enumeration.values.iter().zip(&variants) {
        code!(out, "            {} => Self::{},", Text(value), variant);
    }
    code!(out, "            _ => return {},", none);
    code!(out, "        }})");
    code!(out, "    }}");
    code!(out);
    if let Some(unknown) = &unknown {
        code!(out, "    fn from_unknown(value: {}) -> {} {{", string, option);
        code!(out, "        {}(Self::{}(value))", some, unknown);
    } else {
        code!(out, "    fn from_unknown(_: {}) -> {} {{", string, option);
        code!(out, "        {}", none);
    }
    code!(out, "    }}");
    code!(out);
    code!(out, "    fn as_str(&self) -> &str {{");
    code!(out, "        match self {{");
    for (value, variant) in enumeration.values.iter().zip(&variants) {
        code!(out, "            Self::{} => {},", variant, Text(value));
    }
    if let Some(unknown) = &unknown {
        code!(out, "            Self::{}(value) => value,", unknown);
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
