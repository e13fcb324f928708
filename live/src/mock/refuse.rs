//! Refusals: what a vendor owes a request that breaks the document. The document's own answer where it has one for the purpose,
//! a plain problem (RFC 9457) where it has not. Next: `mod.rs`.

use std::collections::BTreeSet;

use wireproof_contract::{Checked, Exchange, Finding, Rule, Severity, Side};
use wireproof_openapi::{Operation, Response, StatusPattern};

use super::prefer::Prefer;
use super::{Answer, Mock, is_about_request, problem};
use crate::credentials::{self, Given};

/// Names the rules that a refused request breaks, since the document's own answer may have no place for that.
const HEADER: &str = "Wireproof-Refused";

impl Mock {
    /// The answer to a request that breaks the document; `None` where there is nothing wrong with it.
    pub(super) fn refusal(&self, operation: &Operation, asked: &Exchange, findings: &[Finding]) -> Option<Answer> {
        let wrong: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.on == Side::Request && finding.severity > Severity::Note && is_about_request(finding.rule))
            .collect();
        let unsecured = wrong.iter().any(|finding| finding.rule == Rule::SecurityMissing);
        let malformed = !unsecured && self.is_malformed(operation, asked);
        let (statuses, mut details) = match wrong.first() {
            _ if unsecured => (UNAUTHORIZED, Vec::new()),
            _ if malformed => (UNAUTHORIZED, vec!["the credential is malformed"]),
            Some(first) => (fitting(first), Vec::new()),
            None => return None,
        };
        details.extend(wrong.iter().map(|finding| finding.message.as_str()));
        let detail = details.join("; ");
        let mut answer = self.documented_refusal(operation, asked, statuses).unwrap_or_else(|| {
            let status = statuses.first().copied().unwrap_or(400);
            problem(status, title(status), &detail)
        });
        let mut rules: Vec<&str> = malformed.then_some(Rule::SecurityMissing.name()).into_iter().collect();
        rules.extend(wrong.iter().map(|finding| finding.rule.name()));
        rules.dedup();
        answer.headers.push(HEADER, rules.join(", "));
        if answer.status == 401 && answer.headers.get("www-authenticate").is_none() {
            answer.headers.push("WWW-Authenticate", "Bearer");
        }
        answer.note = Some(detail);
        Some(answer)
    }

    /// Whether each alternative of the operation's security asks for something that the request has in a form that no credential has.
    /// Any other credential is taken for a real one: the mock knows none.
    fn is_malformed(&self, operation: &Operation, asked: &Exchange) -> bool {
        let document = self.contract.document();
        let given = |name: &String| credentials::scheme(document, name).and_then(|scheme| credentials::given(&scheme.kind, asked));
        !operation.security.is_empty()
            && operation
                .security
                .iter()
                .all(|alternative| alternative.schemes.iter().any(|(name, _)| given(name) == Some(Given::Malformed)))
    }

    /// The document's answer for one of some statuses: an exact code first, then the range, then `default`.
    fn documented_refusal(&self, operation: &Operation, asked: &Exchange, statuses: &[u16]) -> Option<Answer> {
        let documented = |pattern: StatusPattern| operation.responses.entries.iter().find(|response| response.status == pattern);
        let exact = statuses.iter().find_map(|status| Some((*status, documented(StatusPattern::Code(*status))?)));
        let usual = statuses.first().copied().unwrap_or(400);
        let wide = || [StatusPattern::Range(4), StatusPattern::Default].into_iter().find_map(documented).map(|response| (usual, response));
        let (status, response): (u16, &Response) = exact.or_else(wide)?;
        // A refusal ignores what was asked for in the case of success, but not what the client can read.
        self.response(operation, asked, &Prefer::default(), (status, response)).ok()
    }

    /// The answer to a request that belongs to no operation.
    pub(super) fn unknown(&self, asked: &Exchange, checked: &Checked) -> Answer {
        let all: BTreeSet<&str> = self.contract.document().operations().iter().map(|operation| operation.method.as_str()).collect();
        let is_known = |method: &&str| {
            let other = Exchange { method: (*method).to_owned(), ..asked.clone() };
            *method != asked.method && self.contract.check(&other).operation_index.is_some()
        };
        let methods: Vec<&str> = all.into_iter().filter(is_known).collect();
        let detail = checked.findings.first().map_or("the document has no such operation", |finding| finding.message.as_str());
        if methods.is_empty() {
            return problem(404, title(404), detail);
        }
        let mut answer = problem(405, title(405), detail);
        answer.headers.push("Allow", methods.join(", "));
        answer
    }
}

/// The statuses that fit a missing or malformed credential.
const UNAUTHORIZED: &[u16] = &[401, 403];

/// The statuses that fit what else is wrong, the most usual first.
fn fitting(finding: &Finding) -> &'static [u16] {
    match finding.rule {
        // The finding about the body as a whole, and not about its schema, is the one about its content type.
        Rule::RequestBodySchema if finding.schema.last().as_deref() == Some("content") => &[415, 400, 422],
        Rule::ParameterSchema if finding.instance.as_str().starts_with("/path/") => &[400, 422, 404],
        _ => &[400, 422],
    }
}

fn title(status: u16) -> &'static str {
    http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Refused")
}
