//! The rules by which findings go by name: each with a severity, a line and a page. Next: `check/`, one file per check.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::finding::Severity;

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident, $name:literal, $severity:ident, $summary:literal;)*) => {
        /// A rule. The names are stable: scripts and known-drift files use them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $summary] $(#[$doc])* $variant,)*
        }

        impl Rule {
            /// All rules, in the order in which an exchange is checked.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How much a finding of this rule weighs, before the exchange itself is taken into account.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// Whether it compares a vendor's page with the document, and no exchange can break it.
            pub fn is_about_pages(self) -> bool {
                self.name().starts_with("page-")
            }

            /// One line about it, without a final period.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }

            /// Its page of documentation, in Markdown.
            pub const fn page(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("check/docs/", $name, ".md")),)* }
            }
        }
    };
}

rules! {
    OperationUnknown, "operation-unknown", Violation, "The exchange belongs to no operation of the document";
    DeprecatedOperation, "deprecated-operation", Note, "The operation is one that the vendor advises against";
    SecurityMissing, "security-missing", Violation, "The request carries none of the credentials that the operation requires";
    ParameterMissing, "parameter-missing", Violation, "A required parameter is not given";
    ParameterSchema, "parameter-schema", Violation, "A parameter's value is not what its schema describes";
    RequestBodyMissing, "request-body-missing", Violation, "A required request body is not sent";
    RequestBodySchema, "request-body-schema", Violation, "The request body is not what its schema describes";
    ReadOnlyInRequest, "read-only-in-request", Violation, "The request sends a field that only responses have";
    StatusUndocumented, "status-undocumented", Drift, "The document does not know this status code for the operation";
    HeaderMissing, "header-missing", Violation, "A required response header is not sent";
    HeaderSchema, "header-schema", Violation, "A response header's value is not what its schema describes";
    ContentTypeUndocumented, "content-type-undocumented", Drift, "The document does not know this content type for the response";
    BodyMissing, "body-missing", Violation, "A documented response body is not sent";
    BodyUnexpected, "body-unexpected", Drift, "A response body is sent where the document has none";
    BodyUnparseable, "body-unparseable", Violation, "A body is not the JSON that its content type promises";
    BodySchema, "body-schema", Violation, "The response body is not what its schema describes";
    WriteOnlyInResponse, "write-only-in-response", Violation, "The response shows a field that only requests have";
    UndocumentedField, "undocumented-field", Drift, "A field is sent that the document does not know";
    TypeDecode, "type-decode", Violation, "The generated type cannot read a body that the schema accepts";
    TypeRoundTrip, "type-round-trip", Violation, "The generated type reads the body, but loses or changes something in it";
    PageFieldUndocumented, "page-field-undocumented", Drift, "The vendor's page shows a field that the document does not describe";
    PageFieldMissing, "page-field-missing", Drift, "The document describes a field that the vendor's page does not show";
    PageFieldType, "page-field-type", Drift, "The vendor's page gives a field another type than the document";
    PageValue, "page-value", Drift, "The vendor's page shows another code than the document's own example";
    PageParameter, "page-parameter", Drift, "The vendor's page and the document do not name the same parameters";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A name that is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is no rule{}", name.escape_debug(), nearest.first().map(|rule| format!(": did you mean `{rule}`?")).unwrap_or_default())]
pub struct UnknownRule {
    /// The name.
    pub name: String,
    /// The rules whose names are like it, the likest first.
    pub nearest: Vec<Rule>,
}

impl FromStr for Rule {
    type Err = UnknownRule;

    fn from_str(name: &str) -> Result<Self, UnknownRule> {
        if let Some(rule) = Self::ALL.iter().find(|rule| rule.name() == name) {
            return Ok(*rule);
        }
        let mut near: Vec<(usize, Rule)> = Self::ALL
            .iter()
            .map(|rule| (distance(name, rule.name()), *rule))
            .filter(|(distance, rule)| *distance <= 4 || (name.len() >= 4 && rule.name().contains(name)))
            .collect();
        near.sort();
        Err(UnknownRule { name: name.to_owned(), nearest: near.into_iter().take(5).map(|(_, rule)| rule).collect() })
    }
}

/// The number of letters to change, add or drop between two names; long names count as far from everything.
fn distance(left: &str, right: &str) -> usize {
    if left.len() > 64 {
        return usize::MAX;
    }
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, from) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut last = i + 1;
        for (j, to) in right.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            let cost = (diagonal + usize::from(from != *to)).min(above + 1).min(last + 1);
            diagonal = above;
            if let Some(cell) = row.get_mut(j) {
                *cell = last;
            }
            last = cost;
        }
        if let Some(cell) = row.last_mut() {
            *cell = last;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_rules_and_slips_to_the_nearest() {
        for rule in Rule::ALL {
            assert_eq!(rule.name().parse(), Ok(*rule));
        }
        let error = "body-shema".parse::<Rule>().expect_err("no rule");
        assert_eq!(error.to_string(), "`body-shema` is no rule: did you mean `body-schema`?");
        assert!("header".parse::<Rule>().expect_err("no rule").nearest.contains(&Rule::HeaderMissing));
        assert_eq!("x".repeat(10_000).parse::<Rule>().expect_err("no rule").nearest, []);
    }

    #[test]
    fn distance_counts_edits() {
        for (left, right, expected) in [("", "abc", 3), ("abc", "abc", 0), ("abc", "axc", 1), ("kitten", "sitting", 3)] {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn every_page_explains_its_rule() {
        for rule in Rule::ALL {
            let page = rule.page();
            assert!(page.starts_with(&format!("# {rule}\n")), "{rule}");
            for heading in ["## What", "## Why", "## Example", "## What to do"] {
                assert!(page.contains(heading), "{rule} lacks {heading}");
            }
        }
    }
}
