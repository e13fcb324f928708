//! Structs with a presence rule: private members, one constructor per alternative, setters that cannot break the rule,
//! and a checked way in from all members at once. What the rule is comes from `lower/presence.rs`.

use std::collections::BTreeSet;

use super::code::{Code, Docs, Fixed, Text, code, fragment};
use super::docs;
use super::file::{File, Words};
use super::struct_::{self, Fields, Held};
use crate::ir::{Field, Presence, Struct, TypeDef};
use crate::naming::{Ident, Scope, words};

/// Writes the struct and its unchecked twin.
pub(super) fn emit(file: &mut File<'_>, ident: &Ident, parts: &Ident, def: &TypeDef, object: &Struct, rule: &Presence) {
    let fields = Fields::of(object);
    let alternatives = rule.alternatives();
    let mut doc = def.doc.clone();
    if let Some(alternatives) = &alternatives {
        let choices: Vec<String> = alternatives
            .iter()
            .map(|names| names.iter().map(|name| format!("`{}`", name.replace('`', "'"))).collect::<Vec<_>>().join(" and "))
            .collect();
        let how = if matches!(rule, Presence::One(_)) { "exactly one of" } else { "at least one of" };
        let text = if choices.len() == 1 { format!("It has {}.", choices[0]) } else { format!("It has {how}: {}.", choices.join(", ")) };
        doc.notes.push(text);
    }
    doc.notes.push(format!("Members are read through [`{}`], to which it dereferences.", parts.as_str()));
    docs::emit(file.body(), 0, &doc);
    let body = file.body();
    code!(body, "#[derive(Clone, Debug, PartialEq)]");
    code!(body, "pub struct {}({});", ident, parts);
    code!(body);
    methods(file, ident, parts, object, rule, &fields, alternatives.as_deref().unwrap_or_default());
    conversions(&file.words(), file.body(), ident, parts);
    code!(file.body(), "/// The members of [`{}`], whichever are present: `try_into` checks them.", ident);
    struct_::definition(file, parts, object, &fields);
    struct_::constructor(file, parts, object, &fields);
    struct_::model(file, parts, object, &fields, &def.constraints);
}

fn methods(
    file: &mut File<'_>,
    ident: &Ident,
    parts: &Ident,
    object: &Struct,
    rule: &Presence,
    fields: &Fields,
    alternatives: &[Vec<String>],
) {
    let w = &file.words();
    let mut scope = Scope::default();
    for taken in
        ["parts", "into parts", "try from", "as ref", "deref", "clone", "eq", "ne", "fmt", "into", "from", "borrow", "to owned", "try into"]
    {
        scope.lower(&[words(taken)]);
    }
    code!(file.body(), "impl {} {{", ident);
    code!(file.body(), "    /// Which members must be present.");
    let start = fragment!("    pub const PRESENCE: {} = ", w.runtime("Presence"));
    code!(file.body(), "{}{};", start, condition(w, rule, 4, start.len() + ";".len()));
    for names in alternatives {
        code!(file.body());
        constructor(file, parts, object, fields, names, &mut scope);
    }
    let mut mentioned = BTreeSet::new();
    rule.names(&mut mentioned);
    for (field, name) in object.fields.iter().zip(&fields.members) {
        if field.required || !rule.is_monotone_in(&field.name) {
            continue;
        }
        code!(file.body());
        setter(file, field, name, &mut scope);
    }
    let body = file.body();
    code!(body);
    code!(body, "    /// All members, to change them freely.");
    code!(body, "    pub fn into_parts(self) -> {} {{", parts);
    code!(body, "        self.0");
    code!(body, "    }}");
    code!(body, "}}");
    code!(body);
}

/// `with_id(id)`: the smallest lawful value with these members.
fn constructor(file: &mut File<'_>, parts: &Ident, object: &Struct, fields: &Fields, names: &[String], scope: &mut Scope) {
    let mut method = words("with");
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            method.push("and".to_owned());
        }
        method.extend(words(name));
    }
    let method = scope.lower(&[method]);
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    for (field, name) in object.fields.iter().zip(&fields.members) {
        if field.required {
            let (parameter, value) = struct_::argument(file, name, &field.ty);
            parameters.extend(parameter);
            values.push(value);
        } else if names.contains(&field.name) {
            let (parameter, value) = present(file, field, name);
            parameters.push(parameter);
            values.push(fragment!("{}: {}", name, value));
        } else {
            values.push(struct_::absent(file, field, name));
        }
    }
    values.extend(struct_::no_others(file, object, fields));
    let listed: Vec<String> = names.iter().map(|name| format!("`{}`", name.replace('`', "'"))).collect();
    let body = file.body();
    code!(body, "{}", Docs(4, &format!("With {}.", listed.join(" and "))));
    let start = fragment!("    pub fn {}(", method);
    code!(body, "{}{}) -> Self {{", start, Code::rows(parameters, 8, start.len() + ") -> Self {".len()));
    code!(body, "        Self({} {{", parts);
    for value in values {
        code!(body, "            {},", value);
    }
    code!(body, "        }})");
    code!(body, "    }}");
}

/// A parameter for a member that is certainly present (null counts where it is allowed), and its value for the field.
fn present(file: &mut File<'_>, field: &Field, name: &Ident) -> (Code, Code) {
    let w = &file.words();
    if Held::of(field) == Held::ThreeState {
        let inner = file.ty(field.ty.split_null().0);
        let nullable = file.runtime("Nullable");
        (
            fragment!("{}: impl {}<{}<{}>>", name, w.prelude("Into", "::core::convert::Into"), nullable, inner),
            fragment!("{}::from({}.into())", file.runtime("Field"), name),
        )
    } else {
        let some = file.prelude("Some", "::core::option::Option::Some");
        let written = file.ty(&field.ty);
        if struct_::is_convertible(&field.ty) {
            (
                fragment!("{}: impl {}<{}>", name, w.prelude("Into", "::core::convert::Into"), written),
                fragment!("{}({}.into())", some, name),
            )
        } else {
            (fragment!("{}: {}", name, written), fragment!("{}({})", some, name))
        }
    }
}

fn setter(file: &mut File<'_>, field: &Field, name: &Ident, scope: &mut Scope) {
    let method = scope.lower(&[words(&field.name)]);
    let (parameter, value) = present(file, field, name);
    let doc = field.doc.text.clone().unwrap_or_default();
    let text = format!("The same with `{}`. {doc}", field.name.replace('`', "'"));
    let body = file.body();
    code!(body, "{}", Docs(4, &text));
    code!(body, "    #[must_use]");
    code!(body, "    pub fn {}(mut self, {}) -> Self {{", method, parameter);
    code!(body, "        self.0.{} = {};", name, value);
    code!(body, "        self");
    code!(body, "    }}");
}

fn conversions(w: &Words<'_>, body: &mut Code, ident: &Ident, parts: &Ident) {
    code!(body, "impl {}<{}> for {} {{", w.prelude("TryFrom", "::core::convert::TryFrom"), parts, ident);
    code!(body, "    type Error = {};", w.runtime("PresenceError"));
    code!(body);
    code!(body, "    fn try_from(parts: {}) -> {}<Self, Self::Error> {{", parts, w.prelude("Result", "::core::result::Result"));
    code!(body, "        wireproof_runtime::check_presence(&parts, &Self::PRESENCE)?;");
    code!(body, "        {}(Self(parts))", w.prelude("Ok", "::core::result::Result::Ok"));
    code!(body, "    }}");
    code!(body, "}}");
    code!(body);
    code!(body, "impl ::core::ops::Deref for {} {{", ident);
    code!(body, "    type Target = {};", parts);
    code!(body);
    code!(body, "    fn deref(&self) -> &Self::Target {{");
    code!(body, "        &self.0");
    code!(body, "    }}");
    code!(body, "}}");
    code!(body);
    code!(body, "wireproof_runtime::checked_object!({}, {});", ident, parts);
    code!(body);
}

/// The rule as a constant, in a line that is indented by so many spaces and has so many other characters.
fn condition(w: &Words<'_>, rule: &Presence, indent: usize, around: usize) -> Code {
    let ty = w.runtime("Presence");
    let list = |name: &'static str, parts: &[Presence]| {
        let start = fragment!("{}::{}(&[", ty, Fixed(name));
        let inner = parts.iter().map(|part| condition(w, part, indent + 4, indent + 4 + ",".len()));
        fragment!("{}{}])", start, Code::rows(inner, indent + 4, around + start.len() + "])".len()))
    };
    match rule {
        Presence::Has(name) => fragment!("{}::Has({})", ty, Text(name)),
        Presence::All(parts) => list("All", parts),
        Presence::Any(parts) => list("Any", parts),
        Presence::One(parts) => list("One", parts),
        Presence::Not(part) => fragment!("{}::Not(&{})", ty, condition(w, part, indent, around + "Presence::Not(&)".len())),
        Presence::Min(count) => fragment!("{}::Min({})", ty, *count),
        Presence::Max(count) => fragment!("{}::Max({})", ty, *count),
    }
}
