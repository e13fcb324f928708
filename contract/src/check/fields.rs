//! `undocumented-field`, `write-only-in-response` and `read-only-in-request`: three rules that one walk through the members of a
//! body decides (`schema/members.rs`), and the query parameters that no parameter of the operation accounts for.

use serde_json::Value;
use wireproof_openapi::{Location, Pointer, SecuritySchemeKind};

use super::content::MessageContent;
use super::{Case, Found};
use crate::finding::Side;
use crate::parameter::accounts_for;
use crate::rule::Rule;
use crate::schema::{Mark, Members, search};
use crate::url::query_pairs;

pub(super) fn check(case: &Case<'_>, found: &mut Found) {
    query(case, found);
    body(case, found, Side::Request, &case.sent);
    body(case, found, Side::Response, &case.received);
}

fn body(case: &Case<'_>, found: &mut Found, on: Side, content: &MessageContent<'_>) {
    let (Some(schema), Some(value)) = (content.entry.and_then(|entry| entry.schema.as_ref()), content.instance()) else { return };
    if !case.schemas.are_clean(schema, on, value)
        && let Some(value) = content.value()
    {
        fields(case, found, on, schema, value);
    }
}

fn fields(case: &Case<'_>, found: &mut Found, on: Side, schema: &Pointer, value: &Value) {
    let Members { undocumented, marked } = search(case.schemas, schema, on, value);
    let wording = case.body_wording();
    for (place, schema) in undocumented {
        let message = format!("{} is not documented", wording.subject(&place));
        found.add(Rule::UndocumentedField, on, place, &schema, message);
    }
    let mark = Mark::absent_from(on);
    let rule = match on {
        Side::Request => Rule::ReadOnlyInRequest,
        Side::Response => Rule::WriteOnlyInResponse,
    };
    for (place, schema) in marked {
        let message = format!("{} is {}, and stands in a {}", wording.subject(&place), mark.keyword(), on.name());
        found.add(rule, on, place, &schema, message);
    }
}

/// Query parameters are fields of the request too. Keys that authenticate are documented elsewhere.
fn query(case: &Case<'_>, found: &mut Found) {
    let mut told: Vec<String> = Vec::new();
    for (name, _) in query_pairs(case.query) {
        let documented = case.operation.parameters.iter().any(|parameter| accounts_for(case.schemas, parameter, &name))
            || is_credential(case, &name)
            || in_template(&case.operation.path, &name)
            || told.iter().any(|known| *known == name);
        if !documented {
            let message = format!("query parameter `{}` is not documented", crate::schema::shorten(&name, 80));
            let place = case.operation.pointer.join("parameters");
            found.add(Rule::UndocumentedField, Side::Request, Pointer::root().join("query").join(&name), &place, message);
            told.push(name.into_owned());
        }
    }
}

fn is_credential(case: &Case<'_>, name: &str) -> bool {
    let mut schemes = case.document().security_schemes().iter();
    schemes.any(|scheme| matches!(&scheme.kind, SecuritySchemeKind::ApiKey { location: Location::Query, name: key } if key == name))
}

/// Whether the path's key in the document holds the parameter itself, as `/responses?beta=true` does.
fn in_template(template: &str, name: &str) -> bool {
    template.split(['?', '#', '&']).skip(1).any(|pair| pair.split('=').next() == Some(name))
}
