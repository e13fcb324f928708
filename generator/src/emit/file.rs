//! One file of output: where names of types are written, and with them what the file imports.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::code::{Code, Fixed, Plain, Text, WIDTH, code, fragment};
use crate::ir::{Integer, Ir, Type, TypeId};
use crate::naming::{Ident, Names, Room};
use crate::passes::Reach;

/// What every file of a document needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) ir: &'a Ir,
    pub(crate) names: &'a Names,
    pub(crate) reach: &'a Reach,
    pub(crate) header: &'a str,
}

/// Names from outside the document: short where that is lawful in this file.
#[derive(Clone)]
pub(crate) struct Words<'a> {
    names: &'a Names,
    /// Whether the file names anything of the runtime by its short name.
    used: Rc<Cell<bool>>,
}

impl Words<'_> {
    /// A name of the prelude, in full where the document has a type of that name.
    pub(crate) fn prelude(&self, short: &'static str, full: &'static str) -> Code {
        if self.names.has(short) { fragment!("{}", Fixed(full)) } else { fragment!("{}", Fixed(short)) }
    }

    /// A name of `wireproof_runtime::prelude`, in full where the document has a type of that name.
    pub(crate) fn runtime(&self, name: &'static str) -> Code {
        if self.names.has(name) {
            return fragment!("::wireproof_runtime::{}", Fixed(name));
        }
        self.used.set(true);
        fragment!("{}", Fixed(name))
    }

    /// A literal for text that may be missing: `Some("..")` or `None`.
    pub(crate) fn optional_text(&self, text: Option<&str>) -> Code {
        match text {
            Some(text) => fragment!("{}({})", self.prelude("Some", "::core::option::Option::Some"), Text(text)),
            None => self.prelude("None", "::core::option::Option::None"),
        }
    }
}

/// A file being written.
pub(crate) struct File<'a> {
    context: Context<'a>,
    room: Room,
    module: &'a Ident,
    /// Types of other files, by the folder that they are in.
    imports: BTreeMap<Room, BTreeSet<Code>>,
    words: Words<'a>,
    body: Code,
}

impl<'a> File<'a> {
    pub(crate) fn new(context: Context<'a>, room: Room, module: &'a Ident) -> Self {
        Self {
            context,
            room,
            module,
            imports: BTreeMap::new(),
            words: Words { names: context.names, used: Rc::default() },
            body: Code::default(),
        }
    }

    /// Where items are written.
    pub(crate) fn body(&mut self) -> &mut Code {
        &mut self.body
    }

    /// The names of the document.
    pub(crate) fn names(&self) -> &'a Names {
        self.context.names
    }

    /// The types of the document.
    pub(crate) fn ir(&self) -> &'a Ir {
        self.context.ir
    }

    /// How types are reached.
    pub(crate) fn reach(&self) -> &'a Reach {
        self.context.reach
    }

    /// A type as it is written here.
    pub(crate) fn ty(&mut self, ty: &Type) -> Code {
        match ty {
            Type::Any => self.runtime("Json"),
            Type::Null => fragment!("()"),
            Type::Boolean => fragment!("bool"),
            Type::Integer(Integer::I32) => fragment!("i32"),
            Type::Integer(Integer::I64) => fragment!("i64"),
            Type::Integer(Integer::U32) => fragment!("u32"),
            Type::Integer(Integer::U64) => fragment!("u64"),
            Type::Integer(Integer::Any) => self.runtime("Integer"),
            Type::Number => self.runtime("Number"),
            Type::Double => fragment!("f64"),
            Type::String => self.prelude("String", "::std::string::String"),
            Type::Array(item) => {
                let item = self.ty(item);
                fragment!("{}<{}>", self.prelude("Vec", "::std::vec::Vec"), item)
            }
            Type::Map(value) => {
                let value = self.ty(value);
                fragment!("{}<{}>", self.runtime("Map"), value)
            }
            Type::Nullable(inner) => {
                let inner = self.ty(inner);
                self.option(&inner)
            }
            Type::Named(id) => self.named(*id),
            Type::Boxed(id) => {
                let inner = self.named(*id);
                fragment!("{}<{}>", self.prelude("Box", "::std::boxed::Box"), inner)
            }
        }
    }

    /// `Option` of a type.
    pub(crate) fn option(&mut self, inner: &Code) -> Code {
        fragment!("{}<{}>", self.prelude("Option", "::core::option::Option"), inner)
    }

    /// A name of the prelude, in full where the document has a type of that name.
    pub(crate) fn prelude(&self, short: &'static str, full: &'static str) -> Code {
        self.words.prelude(short, full)
    }

    /// A name of `wireproof_runtime::prelude`, in full where the document has a type of that name.
    pub(crate) fn runtime(&self, name: &'static str) -> Code {
        self.words.runtime(name)
    }

    /// The same names, for use while items are being written.
    pub(crate) fn words(&self) -> Words<'a> {
        self.words.clone()
    }

    /// A type of the document, imported if it stands in another file.
    pub(crate) fn named(&mut self, id: TypeId) -> Code {
        // A definition that is not written is never referred to by one that is.
        let Some((ident, room, module)) = self.context.names.get(id) else { return self.runtime("Json") };
        let name = fragment!("{}", ident);
        if room != self.room || module != self.module {
            self.imports.entry(room).or_default().insert(name.clone());
        }
        name
    }

    /// The whole text.
    pub(crate) fn finish(self) -> String {
        let mut imports = Code::default();
        for (room, names) in &self.imports {
            let path = match (*room, self.room) {
                (one, other) if one == other => "super",
                (Room::Types, _) => "super::super::types",
                (Room::Operations, _) => "super::super::operations",
            };
            import(&mut imports, "use", &fragment!("{}", Fixed(path)), names.iter().cloned().collect());
        }
        if self.words.used.get() {
            code!(imports, "use wireproof_runtime::prelude::*;");
        }
        if !imports.is_empty() {
            code!(imports);
        }
        // One text of the final length: these files are most of what generation writes.
        let (imports, body) = (imports.into_string(), self.body.into_string());
        let body = body.trim_end_matches('\n');
        let mut text = String::with_capacity(self.context.header.len() + imports.len() + body.len() + 1);
        text.push_str(self.context.header);
        text.push_str(if body.is_empty() { imports.trim_end_matches('\n') } else { &imports });
        text.push_str(body);
        text.push('\n');
        text
    }
}

/// A `use` or `pub use` of one or several names.
pub(super) fn import(out: &mut Code, keyword: &'static str, path: &Code, mut names: Vec<Code>) {
    if names.len() == 1 {
        let only = names.remove(0);
        code!(out, "{} {}::{};", Fixed(keyword), path, only);
        return;
    }
    let line = fragment!("{} {}::{{{}}};", Fixed(keyword), path, Code::join(names.iter().cloned(), ", "));
    if line.len() <= WIDTH {
        code!(out, "{}", line);
        return;
    }
    code!(out, "{} {}::{{", Fixed(keyword), path);
    let mut line = Code::default();
    for name in names {
        if !line.is_empty() && line.len() + name.len() > 90 {
            code!(out, "    {},", line);
            line = Code::default();
        }
        line = if line.is_empty() { name } else { fragment!("{}, {}", line, name) };
    }
    code!(out, "    {},", line);
    code!(out, "}};");
}

/// The path of a module's file.
pub(crate) fn path(room: Room, module: &Ident) -> String {
    let folder = match room {
        Room::Types => "types",
        Room::Operations => "operations",
    };
    format!("{folder}/{}.rs", fragment!("{}", Plain(module.as_str())).into_string())
}
