//! Unions: a variant per branch, read by tag where there is one and by the best fit otherwise.

use serde_json::Value;

use super::code::{Code, Docs, Fixed, Text, code, fragment};
use super::constraint;
use super::docs;
use super::file::File;
use crate::ir::{Type, TypeDef, Union};
use crate::naming::{Ident, Scope, words};

/// Writes the enum.
pub(super) fn emit(file: &mut File<'_>, ident: &Ident, def: &TypeDef, union: &Union) {
    let w = &file.words();
    let mut scope = Scope::default();
    let variants: Vec<Ident> = union.branches.iter().map(|branch| scope.upper(&[words(&branch.name)])).collect();
    let types: Vec<Code> = union.branches.iter().map(|branch| file.ty(&branch.ty)).collect();
    // A tag that the document does not know is a new kind of thing, and kept; where there is a branch for it, as that.
    let unknown = union.tag.as_ref().filter(|_| union.fallback.is_none()).map(|_| scope.upper(&[words("unknown"), words("other")]));
    let json = unknown.as_ref().map(|_| file.runtime("Json"));
    docs::emit(file.body(), 0, &def.doc);
    let file_names = file.names();
    let out = file.body();
    code!(out, "#[derive(Clone, Debug, PartialEq)]");
    code!(out, "pub enum {} {{", ident);
    for ((branch, variant), ty) in union.branches.iter().zip(&variants).zip(&types) {
        if branch.doc.text.is_some() {
            docs::emit(out, 4, &branch.doc);
        } else if let Some(value) = &branch.constant {
            code!(out, "{}", Docs(4, &format!("`{}`", Value::from(value.as_str()).to_string().replace('`', "'"))));
        } else {
            let plain = match &branch.ty {
                Type::Boxed(id) => file_names.get(*id).map_or_else(|| ty.clone(), |(ident, ..)| fragment!("{}", ident)),
                _ => ty.clone(),
            };
            code!(out, "    /// As `{}`.", plain);
        }
        if branch.constant.is_some() {
            code!(out, "    {},", variant);
        } else {
            code!(out, "    {}({}),", variant, ty);
        }
    }
    if let (Some(unknown), Some(json)) = (&unknown, &json) {
        code!(out, "    /// A kind that the document does not name.");
        code!(out, "    {}({}),", unknown, json);
    }
    code!(out, "}}");
    code!(out);
    code!(out, "impl {} for {} {{", w.runtime("Union"), ident);
    code!(out, "    const NAME: &'static str = {};", Text(ident.as_str()));
    let branches: Vec<&str> = variants.iter().map(Ident::as_str).collect();
    constraint::constant(w, out, &def.constraints, &branches);
    code!(out);
    code!(
        out,
        "    fn decode_union(raw: &{}<'_>) -> {}<Self, {}> {{",
        w.runtime("RawUnion"),
        w.prelude("Result", "::core::result::Result"),
        w.runtime("UnionError")
    );
    code!(out, "        raw.choose()");
    if let Some(tag) = &union.tag {
        let values = Code::join(tag.values.iter().map(|(value, index)| fragment!("({}, {})", Text(value), *index)), ", ");
        let method = if union.fallback.is_some() { "kind" } else { "tag" };
        code!(out, "            .{}({}, &[{}])", Fixed(method), Text(&tag.property), values);
    }
    for (index, (branch, variant)) in union.branches.iter().zip(&variants).enumerate() {
        if let Some(value) = &branch.constant {
            code!(out, "            .constant({}, {}, Self::{})", Text(variant.as_str()), Text(value), variant);
            continue;
        }
        let method = if union.fallback == Some(index) { "fallback" } else { "branch" };
        code!(out, "            .{}({}, Self::{})", Fixed(method), Text(variant.as_str()), variant);
    }
    if let Some(unknown) = &unknown {
        code!(out, "            .unknown(Self::{})", unknown);
    }
    code!(out, "            .finish()");
    code!(out, "    }}");
    code!(out);
    code!(
        out,
        "    fn encode_union<S: {}>(&self, to: S) -> {}<S::Ok, S::Error> {{",
        w.runtime("Serializer"),
        w.prelude("Result", "::core::result::Result")
    );
    code!(out, "        match self {{");
    for (branch, variant) in union.branches.iter().map(Some).chain([None]).zip(variants.iter().chain(&unknown)) {
        match branch.and_then(|branch| branch.constant.as_ref()) {
            Some(value) => code!(out, "            Self::{} => to.serialize_str({}),", variant, Text(value)),
            None => code!(out, "            Self::{}(value) => {}::serialize(value, to),", variant, w.runtime("Serialize")),
        }
    }
    code!(out, "        }}");
    code!(out, "    }}");
    code!(out, "}}");
    code!(out);
    code!(out, "wireproof_runtime::union!({});", ident);
}
