//! The requests of one operation. What is not safe gets those that cannot be honoured, what is safe gets a complete one as well.
//! Each goes through `harmless.rs`, and then once more through the contract, which must agree that the request is this operation's and
//! breaks the document as planned. Next: `success.rs`, for what may succeed if somebody asks for it.

use serde_json::Value;
use wireproof_contract::{Finding, Message, Rule, Severity, Side};
use wireproof_openapi::{Location, Operation, Parameter, SecurityRequirement};

use super::bodies::{Faulty, faulty, made_up_entry};
use super::harmless::{BodyFault, Lack, Target, judge};
use super::{Carries, Expects, OperationPlan, Planned, Planner, ServerChoice, ids, server};
use crate::body;
use crate::credentials::{self, is_visible};
use crate::request::{Draft, samples, schema_of};
use crate::risk::{Risk, assess};

/// How many parameters of one safe operation are left out or given wrong values.
const MAX_PARAMETERS: usize = 4;

/// Why bodies of some types are not sent.
const NOT_MADE_UP: &str = "no request body is made up that is neither JSON nor a form nor multipart: what is in it could not be checked";

const UNAUTHORIZED: Expects = Expects::Refusal(&[401, 403]);
const BAD_PATH: Expects = Expects::Refusal(&[400, 404, 422]);
const BAD_REQUEST: Expects = Expects::Refusal(&[400, 422]);
const BAD_TYPE: Expects = Expects::Refusal(&[415, 400, 422]);

/// A request that is wanted.
pub(super) struct Wish {
    pub(super) asks: String,
    pub(super) draft: Draft,
    pub(super) carries: Carries,
    pub(super) expects: Expects,
    pub(super) lacks: Vec<Lack>,
}

/// The requests of one operation in the making.
pub(super) struct Making<'p> {
    pub(super) planner: &'p Planner,
    pub(super) index: usize,
    pub(super) operation: &'p Operation,
    pub(super) server: String,
    pub(super) plan: OperationPlan,
}

/// Which values the path of a request has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ids {
    /// What nothing has, else what the schema forbids.
    Nobody,
    /// What the schema forbids, else what nothing has.
    Impossible,
}

impl Planner {
    /// The plan for one operation.
    pub(super) fn operation(&self, index: usize, operation: &Operation) -> OperationPlan {
        let assessment = assess(operation);
        let mut making = Making {
            planner: self,
            index,
            operation,
            server: String::new(),
            plan: OperationPlan {
                operation: operation.label(),
                address: format!("{} {}", operation.method, operation.path),
                risk: assessment.risk,
                risk_because: assessment.because,
                requests: Vec::new(),
                left_out: Vec::new(),
            },
        };
        match server::choose(&self.document, operation, self.options.server.as_deref()) {
            ServerChoice::At(server) => making.server = server,
            ServerChoice::Production(server) => {
                making.leave_out(format!("`{server}` is no sandbox: `--server {server}` says that it may be asked"));
                return making.plan;
            }
            ServerChoice::None => {
                making.leave_out("the document names no server that can be reached: give one with `--server URL`".to_owned());
                return making.plan;
            }
        }
        match assessment.risk {
            Risk::Safe => making.safe(),
            Risk::Mutating | Risk::Destructive => {
                making.unsafe_ones();
                making.success();
            }
        }
        making.plan
    }
}

impl Making<'_> {
    pub(super) fn leave_out(&mut self, why: String) {
        if !self.plan.left_out.contains(&why) {
            self.plan.left_out.push(why);
        }
    }

    /// The requests to an operation that changes data.
    fn unsafe_ones(&mut self) {
        let faulty = faulty(&self.planner.synthesiser, self.operation);
        let bare = faulty.first().cloned();
        if self.planner.needs_credentials(self.operation) {
            for (asks, carries, malformed) in self.uncredentialed() {
                if let Some((mut draft, mut lacks)) = self.unreachable(Ids::Nobody) {
                    lacks.insert(0, Lack::Credential { malformed });
                    put_body(&mut draft, &mut lacks, bare.as_ref());
                    self.wish(Wish { asks, draft, carries, expects: UNAUTHORIZED, lacks });
                }
            }
        }
        let Some(carries) = self.planner.real(self.operation) else {
            self.leave_out("nothing is asked with credentials: there is none for any of its security schemes".to_owned());
            return;
        };
        for parameter in self.operation.parameters.iter().filter(|parameter| parameter.location == Location::Path) {
            let Some((mut draft, mut lacks)) = self.unreachable(Ids::Impossible) else { break };
            if lacks.contains(&Lack::Impossible { parameter: parameter.name.clone() }) {
                put_body(&mut draft, &mut lacks, bare.as_ref());
                let asks = format!("impossible `{}`", parameter.name);
                self.wish(Wish { asks, draft, carries: carries.clone(), expects: BAD_PATH, lacks });
                // The others have such values in the same request.
                break;
            }
        }
        if self.operation.request_body.as_ref().is_some_and(|body| body.required && made_up_entry(body).is_none()) {
            self.leave_out(NOT_MADE_UP.to_owned());
        }
        for fault in faulty {
            let Some((mut draft, mut lacks)) = self.unreachable(Ids::Impossible) else { break };
            put_body(&mut draft, &mut lacks, Some(&fault));
            let (asks, expects) = asked(&fault.1);
            self.wish(Wish { asks, draft, carries: carries.clone(), expects, lacks });
        }
        if self.plan.requests.is_empty() && self.plan.left_out.is_empty() {
            self.leave_out("nothing is sent: it has neither security, nor a required body, nor an id that could be impossible".to_owned());
        }
    }

    /// The requests to an operation that changes nothing.
    fn safe(&mut self) {
        let Some((draft, made_up)) = self.complete() else { return };
        let expects = if made_up { Expects::SuccessOrNotFound } else { Expects::Success };
        let needs = self.planner.needs_credentials(self.operation);
        if needs {
            for (asks, carries, malformed) in self.uncredentialed() {
                let lacks = vec![Lack::Credential { malformed }];
                self.wish(Wish { asks, draft: draft.clone(), carries, expects: UNAUTHORIZED, lacks });
            }
        }
        let Some(carries) = self.planner.real(self.operation) else {
            self.leave_out("complete requests are not sent: there is no credential for any of its security schemes".to_owned());
            return;
        };
        let whole =
            |asks: &str, draft: Draft, expects, lacks| Wish { asks: asks.to_owned(), draft, carries: carries.clone(), expects, lacks };
        self.wish(whole("a complete request", draft.clone(), expects, Vec::new()));
        let mut count = 0;
        for parameter in &self.operation.parameters {
            if count >= MAX_PARAMETERS {
                break;
            }
            let name = &parameter.name;
            if parameter.location == Location::Path {
                if let Some((value, lack)) = ids::impossible(&self.planner.synthesiser, parameter) {
                    let mut other = draft.without(parameter);
                    if other.give(parameter, &value) {
                        count += 1;
                        self.wish(whole(&format!("impossible `{name}`"), other, BAD_PATH, vec![lack]));
                    }
                }
                continue;
            }
            if parameter.required {
                count += 1;
                let lack = Lack::Parameter { parameter: name.clone(), missing: true };
                self.wish(whole(&format!("without `{name}`"), draft.without(parameter), BAD_REQUEST, vec![lack]));
            }
            if let Some(value) = self.wrong(parameter) {
                let mut other = draft.without(parameter);
                if other.give(parameter, &value) {
                    count += 1;
                    let lack = Lack::Parameter { parameter: name.clone(), missing: false };
                    self.wish(whole(&format!("a wrong `{name}`"), other, BAD_REQUEST, vec![lack]));
                }
            }
        }
        for fault in faulty(&self.planner.synthesiser, self.operation).into_iter().take(MAX_PARAMETERS) {
            let mut other = draft.clone();
            let mut lacks = Vec::new();
            put_body(&mut other, &mut lacks, Some(&fault));
            let (asks, expects) = asked(&fault.1);
            self.wish(whole(&asks, other, expects, lacks));
        }
    }

    /// The ways of coming without a credential.
    fn uncredentialed(&self) -> Vec<(String, Carries, bool)> {
        let visible = |alternative: &&SecurityRequirement| {
            alternative
                .schemes
                .iter()
                .any(|(name, _)| credentials::scheme(&self.planner.document, name).is_some_and(|scheme| is_visible(&scheme.kind)))
        };
        let mut ways = vec![("no credential".to_owned(), Carries::Nothing, false)];
        if let Some(alternative) = self.operation.security.iter().find(visible) {
            ways.push(("a malformed credential".to_owned(), Carries::Malformed(alternative.clone()), true));
        }
        ways
    }

    /// A draft whose path leads to nothing that exists, as far as its schemas let that be, and what it lacks by that.
    fn unreachable(&mut self, ids: Ids) -> Option<(Draft, Vec<Lack>)> {
        let mut draft = Draft::default();
        let mut lacks = Vec::new();
        let synthesiser = &self.planner.synthesiser;
        for parameter in self.operation.parameters.iter().filter(|parameter| parameter.required) {
            let value = if parameter.location == Location::Path {
                let nobody = || ids::nobody(synthesiser, parameter).filter(|_| self.operation.method != "PUT");
                let impossible = || ids::impossible(synthesiser, parameter);
                let chosen = match ids {
                    Ids::Nobody => nobody().or_else(impossible),
                    Ids::Impossible => impossible().or_else(nobody),
                };
                match chosen {
                    Some((value, lack)) => {
                        lacks.push(lack);
                        Some(value)
                    }
                    None => ids::any(synthesiser, parameter),
                }
            } else {
                samples(synthesiser, parameter).into_iter().next()
            };
            if !value.is_some_and(|value| draft.give(parameter, &value)) {
                self.leave_out(format!("no value could be made up for {} parameter `{}`", parameter.location, parameter.name));
                return None;
            }
        }
        Some((draft, lacks))
    }

    /// A draft with all that is required, and whether the ids in it are made up.
    fn complete(&mut self) -> Option<(Draft, bool)> {
        let mut draft = Draft::default();
        let mut made_up = false;
        for parameter in self.operation.parameters.iter().filter(|parameter| parameter.required) {
            let target = self.target(parameter);
            made_up |= target.is_none() && parameter.location == Location::Path;
            let values = target.into_iter().chain(samples(&self.planner.synthesiser, parameter));
            let given = values.into_iter().any(|value| draft.give(parameter, &value));
            if !given {
                self.leave_out(format!("no value could be made up for {} parameter `{}`", parameter.location, parameter.name));
                return None;
            }
        }
        if let Some(body) = self.operation.request_body.as_ref().filter(|body| body.required) {
            let Some(entry) = made_up_entry(body) else {
                self.leave_out(NOT_MADE_UP.to_owned());
                return None;
            };
            let example = entry.examples.iter().find_map(|(_, place)| self.planner.document.get(place).cloned());
            let typical = || self.planner.synthesiser.typical(entry.schema.as_ref()?, Side::Request, 0);
            let Some(written) = example.or_else(typical).and_then(|value| body::written(&entry.name, &value)) else {
                self.leave_out("no request body could be made up".to_owned());
                return None;
            };
            draft.body = Some(written);
        }
        Some((draft, made_up))
    }

    /// The value that somebody gave for a parameter.
    pub(super) fn target(&self, parameter: &Parameter) -> Option<Value> {
        let (_, text) = self.planner.options.targets.iter().find(|(name, _)| *name == parameter.name)?;
        Some(Value::String(text.clone()))
    }

    /// A text that a parameter's schema forbids.
    fn wrong(&self, parameter: &Parameter) -> Option<Value> {
        let schema = schema_of(parameter)?;
        let value = Value::String("wireproof-impossible".to_owned());
        let as_list = Value::Array(vec![value.clone()]);
        let accepts = |value: &Value| self.planner.synthesiser.accepts(schema, Side::Request, value);
        (!accepts(&value) && !accepts(&as_list)).then_some(value)
    }

    /// Plans a request, if it does no harm and the contract agrees that it is what it is meant to be.
    pub(super) fn wish(&mut self, wish: Wish) {
        let body_required = self.operation.request_body.as_ref().is_some_and(|body| body.required);
        let target = Target { risk: self.plan.risk, method: &self.operation.method, body_required };
        match judge(target, &wish.lacks) {
            Ok(harmless_because) => self.put(wish, harmless_because),
            Err(why) => self.leave_out(format!("{}: {why}", wish.asks)),
        }
    }

    /// Plans a request that was found to be in order.
    pub(super) fn put(&mut self, wish: Wish, harmless_because: String) {
        let Wish { asks, draft, carries, expects, lacks } = wish;
        let Some((url, headers)) = draft.finish(self.operation, &self.server) else {
            self.leave_out(format!("{asks}: its path cannot be sent"));
            return;
        };
        let planned = Planned {
            index: self.index,
            operation: self.plan.operation.clone(),
            risk: self.plan.risk,
            asks,
            method: self.operation.method.clone(),
            url,
            headers,
            body: draft.body.map(|(_, bytes)| bytes).unwrap_or_default(),
            carries,
            expects,
            lacks,
            harmless_because,
        };
        match self.doubt(&planned) {
            None => self.plan.requests.push(planned),
            Some(doubt) => self.leave_out(format!("{}: {doubt}", planned.asks)),
        }
    }

    /// What the contract thinks of a request otherwise than was planned.
    fn doubt(&self, planned: &Planned) -> Option<String> {
        // A success is assumed: then the checks take everything seriously that is wrong with the request.
        let checked = self.planner.contract.check(&planned.exchange(&self.planner.document, 200, Message::default()));
        if checked.operation_index != Some(planned.index) {
            let other = checked.operation.unwrap_or_else(|| "no operation".to_owned());
            return Some(format!("its URL would belong to `{other}`"));
        }
        let wrong = |finding: &&Finding| {
            finding.on == Side::Request && finding.severity > Severity::Note && finding.rule != Rule::UndocumentedField
        };
        let found = checked.findings.iter().find(wrong);
        let must_be_wrong = matches!(planned.expects, Expects::Refusal(_)) && planned.risk != Risk::Safe;
        match found {
            None if must_be_wrong => Some("by the document nothing is wrong with it".to_owned()),
            Some(finding) if planned.lacks.is_empty() => Some(format!("it could not be made without a mistake: {}", finding.message)),
            _ => None,
        }
    }
}

/// Puts a faulty body into a draft.
fn put_body(draft: &mut Draft, lacks: &mut Vec<Lack>, faulty: Option<&Faulty>) {
    if let Some((body, fault)) = faulty {
        draft.body.clone_from(body);
        lacks.push(Lack::Body(fault.clone()));
    }
}

/// What a body with a fault asks, and what it should be answered.
fn asked(fault: &BodyFault) -> (String, Expects) {
    match fault {
        BodyFault::Missing => ("no body".to_owned(), BAD_REQUEST),
        BodyFault::ContentType => ("a wrong content type".to_owned(), BAD_TYPE),
        BodyFault::Unparseable => ("a body that is cut off".to_owned(), BAD_REQUEST),
        BodyFault::Keyword { keyword, .. } => (format!("a body that breaks `{keyword}`"), BAD_REQUEST),
    }
}
