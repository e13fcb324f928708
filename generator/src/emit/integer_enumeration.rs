//! Enumerations of whole numbers: a variant per value, and one for any other where the enumeration is open. Those of strings
//! are in `enumeration.rs`.

use super::code::{Docs, Text, code};
use super::docs;
use super::enumeration::{described, variant};
use super::file::File;
use crate::ir::{IntegerEnumeration, TypeDef};
use crate::naming::{Ident, Scope, words};

/// Writes the enum.
pub(super) fn emit(file: &mut File<'_>, ident: &Ident, def: &TypeDef, enumeration: &IntegerEnumeration) {
    let w = &file.words();
    let mut scope = Scope::default();
    let variants: Vec<Ident> =
        enumeration.values.iter().zip(&enumeration.labels).map(|(value, label)| variant(&mut scope, label, value_words(*value))).collect();
    let unknown = enumeration.open.then(|| scope.upper(&[words("unknown"), words("other")]));
    let some = file.prelude("Some", "::core::option::Option::Some");
    let none = file.prelude("None", "::core::option::Option::None");
    let integer = file.runtime("Integer");
    let this = super::code::fragment!("Self");
    let option = file.option(&this);
    docs::emit(file.body(), 0, &def.doc);
    let out = file.body();
    code!(out, "#[derive(Clone, Debug, PartialEq, Eq, Hash)]");
    code!(out, "pub enum {} {{", ident);
    for ((value, variant), label) in enumeration.values.iter().zip(&variants).zip(&enumeration.labels) {
        code!(out, "{}", Docs(4, &described(&value.to_string(), label)));
        code!(out, "    {},", variant);
    }
    if let Some(unknown) = &unknown {
        code!(out, "    /// A value that the document does not name.");
        code!(out, "    {}({}),", unknown, integer);
    }
    code!(out, "}}");
    code!(out);
    code!(out, "impl {} for {} {{", w.runtime("IntegerEnumeration"), ident);
    code!(out, "    const NAME: &'static str = {};", Text(ident.as_str()));
    code!(out, "    const VALUES: &'static [i128] = &[");
    for value in &enumeration.values {
        code!(out, "        {},", *value);
    }
    code!(out, "    ];");
    code!(out);
    code!(out, "    fn from_known(value: i128) -> {} {{", option);
    code!(out, "        {}(match value {{", some);
    for (value, variant) in enumeration.values.iter().zip(&variants) {
        code!(out, "            {} => Self::{},", *value, variant);
    }
    code!(out, "            _ => return {},", none);
    code!(out, "        }})");
    code!(out, "    }}");
    code!(out);
    if let Some(unknown) = &unknown {
        code!(out, "    fn from_unknown(value: {}) -> {} {{", integer, option);
        code!(out, "        {}(Self::{}(value))", some, unknown);
    } else {
        code!(out, "    fn from_unknown(_: {}) -> {} {{", integer, option);
        code!(out, "        {}", none);
    }
    code!(out, "    }}");
    code!(out);
    code!(out, "    fn to_integer(&self) -> {} {{", integer);
    code!(out, "        match self {{");
    for (value, variant) in enumeration.values.iter().zip(&variants) {
        code!(out, "            Self::{} => {}::from({}_i128),", variant, integer, *value);
    }
    if let Some(unknown) = &unknown {
        code!(out, "            Self::{}(value) => value.clone(),", unknown);
    }
    code!(out, "        }}");
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
    code!(out, "wireproof_runtime::integer_enumeration!({});", ident);
}

/// A number in words: `-1` is `value minus 1`.
fn value_words(value: i128) -> Vec<String> {
    let mut found = words("value");
    if value < 0 {
        found.push("minus".to_owned());
    }
    found.push(value.unsigned_abs().to_string());
    found
}
