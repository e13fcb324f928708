//! What makes two findings the same: the rule, the operation, the place of the document, and where that is not enough, what in
//! the exchange it is about. Two fields that one object schema does not name are two causes, and so are two statuses that an operation does not list.

use std::sync::Arc;

use wireproof_openapi::Position;

use crate::finding::{Finding, Severity};
use crate::json::generalise;
use crate::rule::Rule;
use crate::verdict::Checked;

/// What makes two findings the same. The line counts too, since one keyword may hold several requirements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Cause {
    pub(super) vendor: Option<Arc<str>>,
    /// The operation's label, or method and path of exchanges that belong to none.
    pub(super) subject: String,
    rule: Rule,
    severity: Severity,
    known: bool,
    schema: String,
    pub(super) spec: Option<Position>,
    /// What tells findings of the rule apart that are about one place of the document.
    detail: String,
}

impl Cause {
    /// The cause of a finding.
    pub(super) fn of(checked: &Checked, finding: &Finding) -> Self {
        Self {
            vendor: checked.vendor.clone(),
            subject: checked.operation.clone().unwrap_or_else(|| format!("{} {}", checked.method, shape(&checked.url))),
            rule: finding.rule,
            severity: finding.severity,
            known: finding.known,
            schema: finding.schema.as_str().to_owned(),
            spec: finding.spec.clone(),
            detail: detail(checked, finding),
        }
    }
}

/// What of the exchange belongs to the cause. Values and their sizes never do: they differ from exchange to exchange.
fn detail(checked: &Checked, finding: &Finding) -> String {
    let name = || finding.instance.last().unwrap_or_default().into_owned();
    match finding.rule {
        Rule::StatusUndocumented => checked.status.to_string(),
        Rule::UndocumentedField => name(),
        Rule::ContentTypeUndocumented => finding.message.clone(),
        // The fault without its place.
        Rule::BodyUnparseable => finding.message.chars().filter(|letter| !letter.is_ascii_digit()).collect(),
        Rule::TypeDecode | Rule::TypeRoundTrip => generalise(&finding.instance),
        rule if rule.is_about_pages() => generalise(&finding.instance),
        _ => match finding.schema.last().as_deref() {
            // One keyword forbids all members that the schema does not name.
            Some("additionalProperties" | "unevaluatedProperties") => name(),
            // A request body of a content type that is not listed.
            Some("content") if finding.instance.as_str().is_empty() => finding.message.clone(),
            _ => String::new(),
        },
    }
}

/// The path of a URL with `*` for what looks like a name of one thing, so that a thousand unknown contacts are one group.
fn shape(url: &str) -> String {
    let path = crate::url::Url::split(url).path;
    let step = |step: &str| match step {
        "***" => "*".to_owned(),
        step if step.bytes().any(|byte| byte.is_ascii_digit()) && !is_version(step) => "*".to_owned(),
        step => step.to_owned(),
    };
    path.split('/').map(step).collect::<Vec<_>>().join("/")
}

/// `v1`, `v2.1`: what tells interfaces apart and not things.
fn is_version(step: &str) -> bool {
    step.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_one_kind_have_one_shape() {
        for (url, expected) in [
            ("https://h/v1/contacts/17?x=1", "/v1/contacts/*"),
            ("https://h/v1/contacts/64b8f0c2a1d3e4f5a6b7c8d9/notes", "/v1/contacts/*/notes"),
            ("/contacts/***", "/contacts/*"),
            ("https://h", ""),
        ] {
            assert_eq!(shape(url), expected, "{url}");
        }
    }
}
