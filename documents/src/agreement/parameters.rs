//! The parameters of an operation: what the page lists against what the document has.

use serde_json::Value;
use wireproof_contract::{Contract, Finding, Rule, Side};
use wireproof_openapi::{Location, Operation, Parameter, ParameterShape, Pointer, SecuritySchemeKind};

use super::fields::agree;
use super::finding;
use crate::page::{Field, FieldKind, Page, Place};

/// All differences between the parameters that a page lists for an operation and those of the document.
pub(super) fn compare(page: &Page, contract: &Contract, operation: &Operation, fields: &[&Field]) -> Vec<Finding> {
    let document = contract.document();
    let mut findings = Vec::new();
    let mut add = |rule: Rule, instance: Pointer, place: &Pointer, message: String| {
        findings.push(Finding { on: Side::Request, ..finding(document, rule, instance, place, message) });
    };
    for field in fields {
        let FieldKind::Parameter(place) = field.kind else { continue };
        let Some(location) = location_of(place) else { continue };
        let position = page.position(field.line);
        let instance = Pointer::root().join(&location.to_string()).join(&field.name);
        let Some(parameter) = operation.parameters.iter().find(|parameter| is_it(parameter, location, &field.name)) else {
            if !is_credential(contract, location, &field.name) {
                let message =
                    format!("the page lists the {location} parameter `{}` ({position}), which the document does not have", field.name);
                add(Rule::PageParameter, instance, &operation.pointer, message);
            }
            continue;
        };
        if let Some(required) = field.required.filter(|required| *required != parameter.required) {
            let word = |required: bool| if required { "required" } else { "optional" };
            let message = format!("`{}` is {} at {position} and {} in the document", field.name, word(required), word(parameter.required));
            add(Rule::PageParameter, instance.clone(), &parameter.pointer, message);
        }
        if let (Some(named), Some((schema, types))) = (&field.type_name, types_of(contract, parameter)) {
            // A list in a query is a text on a page, and a text in a URL may be anything.
            let agrees = agree(named, &types) || (types.iter().any(|name| name == "array") && agree(named, &["string".to_owned()]));
            if !agrees {
                let message = format!("`{}` is `{named}` at {position} and `{}` in the document", field.name, types.join("` or `"));
                add(Rule::PageFieldType, instance, &schema, message);
            }
        }
    }
    missing(page, operation, fields, &mut add);
    findings
}

/// Required parameters that the page does not list, of the places that it lists parameters of.
fn missing(page: &Page, operation: &Operation, fields: &[&Field], add: &mut dyn FnMut(Rule, Pointer, &Pointer, String)) {
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        let mut same_place = fields
            .iter()
            .filter(|field| matches!(field.kind, FieldKind::Parameter(place) if location_of(place) == Some(parameter.location)));
        let Some(first) = same_place.clone().next() else { continue };
        if same_place.any(|field| is_it(parameter, parameter.location, &field.name)) {
            continue;
        }
        let instance = Pointer::root().join(&parameter.location.to_string()).join(&parameter.name);
        let message = format!(
            "the document requires the {} parameter `{}`, which the page does not list ({})",
            parameter.location,
            parameter.name,
            page.position(first.line)
        );
        add(Rule::PageParameter, instance, &parameter.pointer, message);
    }
}

fn location_of(place: Place) -> Option<Location> {
    match place {
        Place::Path => Some(Location::Path),
        Place::Query => Some(Location::Query),
        Place::Header => Some(Location::Header),
        Place::Cookie => Some(Location::Cookie),
        Place::Body => None,
    }
}

fn is_it(parameter: &Parameter, location: Location, name: &str) -> bool {
    let same = if location == Location::Header { parameter.name.eq_ignore_ascii_case(name) } else { parameter.name == name };
    parameter.location == location && same
}

/// Whether a security scheme of the document, or HTTP itself, accounts for a header or parameter.
fn is_credential(contract: &Contract, location: Location, name: &str) -> bool {
    let header = location == Location::Header;
    if header && ["content-type", "accept"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return true;
    }
    contract.document().security_schemes().iter().any(|scheme| match &scheme.kind {
        SecuritySchemeKind::ApiKey { location: known, name: own } => {
            *known == location && (own == name || (header && own.eq_ignore_ascii_case(name)))
        }
        SecuritySchemeKind::Http { .. } | SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect => {
            header && name.eq_ignore_ascii_case("authorization")
        }
        SecuritySchemeKind::MutualTls | SecuritySchemeKind::Unknown => false,
    })
}

/// The types that the document names for a parameter, and where.
fn types_of(contract: &Contract, parameter: &Parameter) -> Option<(Pointer, Vec<String>)> {
    let ParameterShape::Schema { schema: Some(schema), .. } = &parameter.shape else { return None };
    let (place, schema) = contract.document().resolve(schema)?;
    let types = match schema.get("type")? {
        Value::String(name) => vec![name.clone()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).filter(|name| *name != "null").map(str::to_owned).collect(),
        _ => return None,
    };
    Some((place, types))
}
