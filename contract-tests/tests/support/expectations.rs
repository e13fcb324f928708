//! `expected.toml`: what each exchange of a folder of broken ones must be told to be. The head of each such file explains its keys.

use serde::Deserialize;
use wireproof_contract::{Checked, Finding, Rule};

use super::vendor::Vendor;

/// An `expected.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectations {
    /// Its tables, one per exchange.
    #[serde(rename = "exchange")]
    pub(crate) exchanges: Vec<Expectation>,
}

/// What must come of one exchange.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expectation {
    /// The file beside `expected.toml`.
    pub(crate) recording: String,
    /// Its place in the recording, from 0.
    pub(crate) entry: usize,
    /// The name of the verdict.
    pub(crate) verdict: String,
    /// All findings, in any order.
    pub(crate) findings: Vec<ExpectedFinding>,
}

/// A finding that must be there; what is left out may be anything.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpectedFinding {
    /// The name of the rule.
    pub(crate) rule: String,
    /// The name of the severity.
    pub(crate) severity: String,
    /// `request` or `response`.
    pub(crate) on: String,
    /// The place in the body.
    pub(crate) instance: Option<String>,
    /// The place in the document.
    pub(crate) schema: Option<String>,
}

impl Expectations {
    /// Reads the `expected.toml` of a folder.
    pub(crate) fn read(folder: &str) -> Result<Self, String> {
        let path = format!("{folder}/expected.toml");
        let expectations: Self = toml::from_str(&Vendor::read(&path)?).map_err(|error| format!("cannot read `{path}`: {error}"))?;
        for finding in expectations.exchanges.iter().flat_map(|exchange| &exchange.findings) {
            finding.rule.parse::<Rule>().map_err(|error| format!("{error} at {path}"))?;
        }
        Ok(expectations)
    }
}

impl Expectation {
    /// Holds what came of the exchange against this.
    pub(crate) fn compare(&self, checked: &Checked) -> Result<(), String> {
        let mut differences = compare(&self.findings, &checked.findings);
        if self.verdict != checked.verdict.name() {
            differences.insert(0, format!("the verdict is `{}`, expected `{}`", checked.verdict.name(), self.verdict));
        }
        if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
    }
}

impl ExpectedFinding {
    fn matches(&self, finding: &Finding) -> bool {
        let allows = |expected: &Option<String>, found: &str| expected.as_ref().is_none_or(|expected| expected == found);
        self.rule == finding.rule.name()
            && self.severity == finding.severity.name()
            && self.on == finding.on.name()
            && allows(&self.instance, finding.instance.as_str())
            && allows(&self.schema, finding.schema.as_str())
    }

    /// How many of the optional keys are given.
    fn precision(&self) -> usize {
        usize::from(self.instance.is_some()) + usize::from(self.schema.is_some())
    }
}

/// Pairs expected findings with found ones and tells what stays alone. The most precise ones choose first, so that a vague one
/// cannot take what only a precise one fits.
pub(crate) fn compare(expected: &[ExpectedFinding], found: &[Finding]) -> Vec<String> {
    let mut left: Vec<&Finding> = found.iter().collect();
    let mut differences = Vec::new();
    let mut expected: Vec<&ExpectedFinding> = expected.iter().collect();
    expected.sort_by_key(|expected| std::cmp::Reverse(expected.precision()));
    for expected in expected {
        match left.iter().position(|finding| expected.matches(finding)) {
            Some(index) => drop(left.remove(index)),
            None => differences.push(format!("missing:    {}", in_words(expected))),
        }
    }
    differences.extend(left.into_iter().map(|finding| format!("unexpected: {}", describe(finding))));
    differences
}

fn in_words(expected: &ExpectedFinding) -> String {
    let place = |place: &Option<String>| place.as_ref().map_or_else(|| "anywhere".to_owned(), |place| format!("at `{place}`"));
    format!(
        "{} {} on the {}, {}, schema {}",
        expected.severity,
        expected.rule,
        expected.on,
        place(&expected.instance),
        place(&expected.schema)
    )
}

/// A finding in one line, with all that an `expected.toml` may say of it.
pub(crate) fn describe(finding: &Finding) -> String {
    let (severity, rule, on) = (finding.severity.name(), finding.rule.name(), finding.on.name());
    format!(
        "{severity} {rule} on the {on}, at `{}`, schema at `{}`: {}",
        finding.instance.as_str(),
        finding.schema.as_str(),
        finding.message
    )
}
