//! The module files: `mod.rs` with the `API` table, and the lists of what `types/` and `operations/` hold.

use std::collections::{BTreeMap, BTreeSet};

use wireproof_openapi::{Document, Location, SecuritySchemeKind};

use super::code::{Code, Docs, Fixed, OptionalText, Text, code, fragment};
use super::features::{Features, Module};
use super::file::{Context, import};
use crate::FileSet;
use crate::naming::{Ident, Room};

/// Adds the module files to the files of types and operations.
pub(super) fn emit(
    files: &mut FileSet,
    document: &Document,
    context: &Context<'_>,
    features: &Features,
    exports: &BTreeMap<Module, BTreeSet<&Ident>>,
) {
    let mut root = Code::default();
    code!(root, "mod operations;");
    code!(root, "mod types;");
    code!(root);
    code!(root, "#[allow(unused_imports, reason = \"a document may have no operations or no types\")]");
    code!(root, "pub use self::{{operations::*, types::*}};");
    code!(root);
    code!(root, "{}", Docs(0, "What this document offers, for tools that look at it at run time."));
    code!(root, "pub const API: wireproof_runtime::Api = wireproof_runtime::Api {{");
    code!(root, "    title: {},", Text(document.title()));
    code!(root, "    version: {},", Text(&document.api_version()));
    code!(root, "    servers: &[");
    for server in document.servers() {
        let members =
            [fragment!("url: {}", Text(&server.default_url())), fragment!("description: {}", OptionalText(server.description.as_deref()))];
        code!(root, "        {},", Code::record(&fragment!("wireproof_runtime::ServerInfo"), members, 8));
    }
    code!(root, "    ],");
    code!(root, "    security_schemes: SECURITY_SCHEMES,");
    code!(root, "    operations: &[");
    for index in 0..context.ir.operations.len() {
        let names = context.names.operation(index);
        features.of_operation(&mut root, context.names, index);
        code!(root, "        <operations::{} as wireproof_runtime::Operation>::INFO,", names.request);
    }
    code!(root, "    ],");
    code!(root, "}};");
    code!(root);
    security_schemes(&mut root, document);
    let title = if document.title().is_empty() { "An API" } else { document.title() };
    let about = inner_docs(&[title, document.description().unwrap_or_default()]);
    files.insert("mod.rs".to_owned(), format!("{}{}\n{}", context.header, about, root.into_string()));
    for (room, folder, doc) in [
        (Room::Types, "types", "Types of the document: one file per component, and one for each type that several files have names for.\n"),
        (Room::Operations, "operations", "Operations of the document, one file each.\n"),
    ] {
        let mut list = Code::default();
        let modules = || exports.iter().filter(|((of, _), _)| *of == room);
        for (module, _) in modules() {
            features.of_module(&mut list, module);
            code!(list, "mod {};", module.1);
        }
        code!(list);
        for (module, names) in modules() {
            features.of_module(&mut list, module);
            import(&mut list, "pub use", &fragment!("self::{}", module.1), names.iter().map(|name| fragment!("{}", *name)).collect());
        }
        files.insert(format!("{folder}/mod.rs"), format!("{}{}\n{}\n", context.header, inner_docs(&[doc]), list.into_string().trim_end()));
    }
}

/// `//!` lines for texts of a document, a blank one between them.
fn inner_docs(texts: &[&str]) -> String {
    let whole = texts.iter().filter(|text| !text.trim().is_empty()).copied().collect::<Vec<_>>().join("\n\n");
    let outer = fragment!("{}", Docs(0, &whole)).into_string();
    let lines: Vec<String> = outer.lines().map(|line| format!("//!{}", line.strip_prefix("///").unwrap_or(line))).collect();
    lines.join(
        "
",
    ) + "
"
}

fn security_schemes(root: &mut Code, document: &Document) {
    code!(root, "/// How requests are authenticated, by the names that [`wireproof_runtime::Credentials`] take.");
    let schemes = document.security_schemes();
    if schemes.is_empty() {
        code!(root, "pub const SECURITY_SCHEMES: &[wireproof_runtime::SecuritySchemeInfo] = &[];");
        return;
    }
    code!(root, "pub const SECURITY_SCHEMES: &[wireproof_runtime::SecuritySchemeInfo] = &[");
    for scheme in schemes {
        let kind = match &scheme.kind {
            SecuritySchemeKind::ApiKey { location, name } => {
                let location = match location {
                    Location::Query => "Query",
                    Location::Cookie => "Cookie",
                    Location::Header | Location::Path => "Header",
                };
                fragment!("ApiKey {{ location: wireproof_runtime::KeyLocation::{}, name: {} }}", Fixed(location), Text(name))
            }
            SecuritySchemeKind::Http { scheme } => fragment!("Http {{ scheme: {} }}", Text(scheme)),
            SecuritySchemeKind::OAuth2 => fragment!("OAuth2"),
            SecuritySchemeKind::OpenIdConnect => fragment!("OpenIdConnect"),
            SecuritySchemeKind::MutualTls => fragment!("MutualTls"),
            SecuritySchemeKind::Unknown => fragment!("Other"),
        };
        let members = [fragment!("name: {}", Text(&scheme.name)), fragment!("kind: wireproof_runtime::SchemeKind::{}", kind)];
        code!(root, "    {},", Code::record(&fragment!("wireproof_runtime::SecuritySchemeInfo"), members, 4));
    }
    code!(root, "];");
}
