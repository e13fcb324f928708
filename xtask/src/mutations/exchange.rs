//! Exchanges with one thing broken around their bodies: path, method, parameters, credentials, status, content types, headers.

use wireproof_contract::{Body, Contract, Exchange, Headers, Rule, Side};
use wireproof_openapi::{Location, Operation, Pointer, StatusPattern};

use super::{Mutation, base};

/// All mutations of an exchange but those of its bodies.
pub(super) fn mutations(contract: &Contract, operation: &Operation, base: &Exchange) -> Vec<Mutation> {
    let mut made = Made { base, mutations: Vec::new() };
    made.address(operation);
    made.parameters(contract, operation);
    made.credentials(contract, operation);
    made.request_body(operation);
    made.response(contract, operation);
    made.mutations
}

struct Made<'b> {
    base: &'b Exchange,
    mutations: Vec<Mutation>,
}

impl Made<'_> {
    fn add(&mut self, what: impl Into<String>, rule: Rule, on: Side, instance: Pointer, change: impl FnOnce(&mut Exchange)) {
        let mut exchange = self.base.clone();
        change(&mut exchange);
        self.mutations.push(Mutation { what: what.into(), exchange, rule, on, instance });
    }

    fn address(&mut self, operation: &Operation) {
        let unknown = "/no/such/path/as/this/is/not/to/be/found/in/any/document".to_owned();
        let path = self.base.url.find("://").and_then(|at| self.base.url[at + 3..].find('/').map(|end| at + 3 + end));
        if let Some(end) = path {
            self.add("another path", Rule::OperationUnknown, Side::Request, Pointer::root(), |exchange| {
                exchange.url.truncate(end);
                exchange.url.push_str(&unknown);
            });
        }
        if operation.method != "PURGE" {
            self.add("another method", Rule::OperationUnknown, Side::Request, Pointer::root(), |exchange| {
                "PURGE".clone_into(&mut exchange.method);
            });
        }
    }

    fn parameters(&mut self, contract: &Contract, operation: &Operation) {
        for parameter in &operation.parameters {
            let instance = Pointer::root().join(&parameter.location.to_string()).join(&parameter.name);
            let what = format!("{} parameter `{}`", parameter.location, parameter.name);
            let is_number = base::scalar(contract.document(), &parameter.shape)
                .and_then(|(_, node)| node.get("type")?.as_str())
                .is_some_and(|kind| kind == "integer" || kind == "number");
            let required = parameter.required && contract.document().get(&parameter.pointer.join("schema")).is_some();
            match parameter.location {
                Location::Query => {
                    let name = base::escaped(&parameter.name);
                    let given = pair_of(&self.base.url, &name);
                    if let Some(pair) = given.clone().filter(|_| required) {
                        self.add(format!("without {what}"), Rule::ParameterMissing, Side::Request, instance.clone(), |exchange| {
                            exchange.url = exchange.url.replace(&pair, "").replace("?&", "?");
                        });
                    }
                    if let Some(pair) = given.filter(|_| is_number) {
                        self.add(format!("text for {what}"), Rule::ParameterSchema, Side::Request, instance, |exchange| {
                            let key = pair.split_inclusive('=').next().unwrap_or_default();
                            exchange.url = exchange.url.replace(&pair, &format!("{key}text"));
                        });
                    }
                }
                Location::Header => {
                    if self.base.request.headers.get(&parameter.name).is_none() {
                        continue;
                    }
                    if required {
                        self.add(format!("without {what}"), Rule::ParameterMissing, Side::Request, instance.clone(), |exchange| {
                            exchange.request.headers = without(&exchange.request.headers, &parameter.name);
                        });
                    }
                    if is_number {
                        self.add(format!("text for {what}"), Rule::ParameterSchema, Side::Request, instance, |exchange| {
                            exchange.request.headers = without(&exchange.request.headers, &parameter.name);
                            exchange.request.headers.push(&parameter.name, "text");
                        });
                    }
                }
                Location::Path | Location::Cookie => {}
            }
        }
        if self.base.url.contains("://") && !operation.parameters.iter().any(|parameter| is_open(contract, parameter)) {
            let instance = Pointer::root().join("query").join("no_such_parameter");
            self.add("an undocumented query parameter", Rule::UndocumentedField, Side::Request, instance, |exchange| {
                exchange.url.push(if exchange.url.contains('?') { '&' } else { '?' });
                exchange.url.push_str("no_such_parameter=1");
            });
        }
    }

    fn credentials(&mut self, contract: &Contract, operation: &Operation) {
        let visible = |name: &str| {
            contract.document().security_schemes().iter().any(|scheme| {
                use wireproof_openapi::SecuritySchemeKind as Kind;
                scheme.name == name && !matches!(&scheme.kind, Kind::MutualTls | Kind::Unknown)
            })
        };
        // Each alternative asks for something, and nothing of it is left.
        let all = operation.security.iter().all(|alternative| alternative.schemes.iter().any(|(name, _)| visible(name)));
        let in_query = contract
            .document()
            .security_schemes()
            .iter()
            .any(|scheme| matches!(&scheme.kind, wireproof_openapi::SecuritySchemeKind::ApiKey { location: Location::Query, .. }));
        let as_parameter = operation.parameters.iter().any(|parameter| matches!(parameter.location, Location::Header | Location::Cookie));
        if !operation.security.is_empty() && all && !in_query && !as_parameter {
            self.add("without credentials", Rule::SecurityMissing, Side::Request, Pointer::root(), |exchange| {
                let content_type = exchange.request.headers.get("content-type").map(str::to_owned);
                exchange.request.headers = content_type.map(|value| ("Content-Type", value)).into_iter().collect();
            });
        }
    }

    fn request_body(&mut self, operation: &Operation) {
        let Some(body) = operation.request_body.as_ref().filter(|_| self.base.request.body != Body::Empty) else { return };
        if body.required {
            self.add("without the request body", Rule::RequestBodyMissing, Side::Request, Pointer::root(), |exchange| {
                exchange.request.body = Body::Empty;
            });
        }
        if !body.content.iter().any(|entry| entry.name.contains('*')) {
            self.add("a request of another content type", Rule::RequestBodySchema, Side::Request, Pointer::root(), |exchange| {
                exchange.request.headers = without(&exchange.request.headers, "content-type");
                exchange.request.headers.push("Content-Type", "application/x-no-such-type");
            });
        }
        self.add("a request that is cut off", Rule::BodyUnparseable, Side::Request, Pointer::root(), |exchange| {
            exchange.request.body = Body::from_bytes("{\"a\": [1,");
        });
    }

    fn response(&mut self, contract: &Contract, operation: &Operation) {
        let any_status =
            operation.responses.entries.iter().any(|entry| matches!(entry.status, StatusPattern::Default | StatusPattern::Range(2)));
        let unused = (210..230).find(|code| operation.responses.matching(*code).is_none());
        if let Some(status) = unused.filter(|_| !any_status) {
            self.add("another status", Rule::StatusUndocumented, Side::Response, Pointer::root(), |exchange| exchange.status = status);
        }
        let Some(response) = operation.responses.matching(self.base.status) else { return };
        for header in response.headers.iter().filter(|header| header.required) {
            let instance = Pointer::root().join("header").join(&header.name);
            self.add(format!("without header `{}`", header.name), Rule::HeaderMissing, Side::Response, instance.clone(), |exchange| {
                exchange.response.headers = without(&exchange.response.headers, &header.name);
            });
            if base::scalar(contract.document(), &header.shape)
                .is_some_and(|(_, node)| node.get("type").is_some_and(|kind| kind == "integer"))
            {
                self.add(format!("text for header `{}`", header.name), Rule::HeaderSchema, Side::Response, instance, |exchange| {
                    exchange.response.headers = without(&exchange.response.headers, &header.name);
                    exchange.response.headers.push(&header.name, "text");
                });
            }
        }
        if self.base.response.body == Body::Empty {
            let nothing_described = response.content.is_empty();
            if nothing_described {
                self.add("a body that is not described", Rule::BodyUnexpected, Side::Response, Pointer::root(), |exchange| {
                    exchange.response.headers.push("Content-Type", "application/json");
                    exchange.response.body = Body::from_bytes("{}");
                });
            }
            return;
        }
        self.add("without the body", Rule::BodyMissing, Side::Response, Pointer::root(), |exchange| exchange.response.body = Body::Empty);
        for (what, text) in
            [("cut off", "{\"a\": [1,"), ("with a key twice", "{\"a\": 1, \"a\": 2}"), ("with a byte order mark", "\u{FEFF}{}")]
        {
            self.add(format!("a body {what}"), Rule::BodyUnparseable, Side::Response, Pointer::root(), |exchange| {
                exchange.response.body = Body::from_bytes(text);
            });
        }
        if !response.content.iter().any(|entry| entry.name.contains('*')) {
            self.add("another content type", Rule::ContentTypeUndocumented, Side::Response, Pointer::root(), |exchange| {
                exchange.response.headers = without(&exchange.response.headers, "content-type");
                exchange.response.headers.push("Content-Type", "application/x-no-such-type");
            });
        }
    }
}

/// Whether a query parameter takes members of any name: an object that is spread over the query.
fn is_open(contract: &Contract, parameter: &wireproof_openapi::Parameter) -> bool {
    parameter.location == Location::Query && base::scalar(contract.document(), &parameter.shape).is_none()
}

/// The pair of a query parameter, with what stands before it.
fn pair_of(url: &str, name: &str) -> Option<String> {
    let at = ["?", "&"].iter().find_map(|before| url.find(&format!("{before}{name}=")))?;
    let rest = url.get(at + 1..)?;
    let pair = rest.split('&').next()?;
    // The question mark stays, for whatever follows it.
    let start = if url.as_bytes().get(at) == Some(&b'?') { at + 1 } else { at };
    let end = at + 1 + pair.len();
    url.get(start..end).map(str::to_owned)
}

fn without(headers: &Headers, name: &str) -> Headers {
    headers.iter().filter(|(known, _)| !known.eq_ignore_ascii_case(name)).collect()
}
