//! `security-unused` and `security-emptied`: credentials that are described and never asked for.

use serde_json::Value;
use wireproof_openapi::Pointer;

use super::context::{Context, listed, shorten};
use super::rule::Rule;

pub(super) fn check(context: &mut Context<'_>) {
    let document = context.document;
    if document.operations().is_empty() {
        return;
    }
    unused(context);
    let of_all = document.root().get("security").and_then(Value::as_array);
    let asks = of_all.is_some_and(|list| list.iter().any(|one| one.as_object().is_some_and(|one| !one.is_empty())));
    let emptied = of_all.is_some_and(Vec::is_empty) && !document.security_schemes().is_empty();
    let own = |pointer: &Pointer| document.get(pointer).and_then(|node| node.get("security")?.as_array());
    let open = document.operations().iter().filter(|operation| own(&operation.pointer).is_none());
    let open: Vec<String> = open.map(|operation| format!("{} {}", operation.method, operation.path)).collect();
    if emptied && !open.is_empty() {
        let message = format!(
            "the document describes credentials and asks for none here, so that {} {} without: {}",
            open.len(),
            if open.len() == 1 { "operation goes" } else { "operations go" },
            listed(open.iter().map(String::as_str))
        );
        context.find(Rule::SecurityEmptied, &Pointer::root().join("security"), message);
    }
    for operation in document.operations().iter().filter(|_| asks) {
        if own(&operation.pointer).is_some_and(Vec::is_empty) {
            let called = format!("{} {}", operation.method, shorten(&operation.path));
            let message = format!("{called} sets aside the credentials that the document asks for: a request without any conforms");
            context.find(Rule::SecurityEmptied, &operation.pointer.join("security"), message);
        }
    }
}

/// Schemes that no requirement names, be it of the document, of an operation or of a webhook.
fn unused(context: &mut Context<'_>) {
    let document = context.document;
    let lists = context.others.iter().filter_map(|(_, node)| node.get("security")?.as_array());
    let used: Vec<&String> = lists.flatten().filter_map(Value::as_object).flat_map(serde_json::Map::keys).collect();
    for scheme in document.security_schemes() {
        if !used.contains(&&scheme.name) {
            let message = format!("no operation asks for `{}`: its requests are not held to carry it", shorten(&scheme.name));
            context.find(Rule::SecurityUnused, &scheme.pointer, message);
        }
    }
}
