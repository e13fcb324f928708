//! The module files: `mod.rs` with the `API` table, and the lists of what `types/` and `operations/` hold.

use std::collections::BTreeSet;

use wireproof_openapi::{Document, Location, SecuritySchemeKind};

use super::code::{Code, Docs, Fixed, OptionalText, Text, code, fragment};
use super::features::{Features, Module};
use super::file::Context;
use crate::FileSet;
use crate::naming::Room;

/// Adds the module files to the files of types and operations.
pub(super) fn emit<'k>(
    files: &mut FileSet,
    document: &Document,
    context: &Context<'_>,
    features: &Features,
    modules: impl Iterator<Item = &'k Module>,
) {
    let (mut types, mut operations) = (BTreeSet::new(), BTreeSet::new());
    for (room, module) in modules {
        match room {
            Room::Types => types.insert((*room, module.clone())),
            Room::Operations => operations.insert((*room, module.clone())),
        };
    }
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
        code!(
            root,
            "        wireproof_runtime::ServerInfo {{ url: {}, description: {} }},",
            Text(&server.default_url()),
            OptionalText(server.description.as_deref())
        );
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
    for (folder, modules, doc) in [
        ("types", types, "Types of the document, one file per component.\n"),
        ("operations", operations, "Operations of the document, one file each.\n"),
    ] {
        let mut list = Code::default();
        for module in &modules {
            features.of_module(&mut list, module);
            code!(list, "mod {};", module.1);
        }
        code!(list);
        for module in &modules {
            features.of_module(&mut list, module);
            code!(list, "pub use self::{}::*;", module.1);
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
    code!(root, "pub const SECURITY_SCHEMES: &[wireproof_runtime::SecuritySchemeInfo] = &[");
    for scheme in document.security_schemes() {
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
        code!(
            root,
            "    wireproof_runtime::SecuritySchemeInfo {{ name: {}, kind: wireproof_runtime::SchemeKind::{} }},",
            Text(&scheme.name),
            kind
        );
    }
    code!(root, "];");
}
