//! `reference-broken`, `reference-remote`, `security-undefined`: what reading the document had to say already, and what weakens it.
//! Duplicate ids are among it, too; `ids.rs` tells of those that only look alike.

use super::context::Context;
use super::rule::Rule;

pub(super) fn check(context: &mut Context<'_>) {
    for diagnostic in context.document.diagnostics() {
        let rule = match diagnostic.code {
            "broken-reference" | "circular-reference" => Rule::ReferenceBroken,
            "remote-reference" => Rule::ReferenceRemote,
            "unknown-security" => Rule::SecurityUndefined,
            "duplicate-operation-id" => Rule::OperationIdDuplicate,
            _ => continue,
        };
        context.find_written(rule, &diagnostic.pointer, diagnostic.message.clone());
    }
}
