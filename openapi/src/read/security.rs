//! OpenAPI "Security Scheme Object" and "Security Requirement Object".

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{PIECE, Reader, named};
use crate::load::{self, kind};
use crate::{Location, Pointer, SecurityRequirement, SecurityScheme, SecuritySchemeKind};

impl Reader<'_> {
    pub(super) fn security_schemes(&mut self) -> Vec<SecurityScheme> {
        let Some(components) = self.root.get("components").and_then(Value::as_object) else { return Vec::new() };
        let at = Pointer::root().join("components").join("securitySchemes");
        let schemes = named(components, "securitySchemes").filter_map(|(name, scheme)| {
            let part = self.part(scheme, at.join(name))?;
            let kind = self.scheme_kind(part.members, &part.pointer);
            Some(SecurityScheme { pointer: part.pointer, name: name.clone(), description: part.description, kind })
        });
        schemes.collect()
    }

    fn scheme_kind(&mut self, members: &Map<String, Value>, at: &Pointer) -> SecuritySchemeKind {
        let name = self.text(members, "type", at).unwrap_or_default();
        let kind = match name.as_str() {
            "apiKey" => api_key(members),
            "http" => {
                members.get("scheme").and_then(Value::as_str).map(|scheme| SecuritySchemeKind::Http { scheme: scheme.to_ascii_lowercase() })
            }
            "oauth2" => Some(SecuritySchemeKind::OAuth2),
            "openIdConnect" => Some(SecuritySchemeKind::OpenIdConnect),
            "mutualTLS" => Some(SecuritySchemeKind::MutualTls),
            _ => None,
        };
        kind.unwrap_or_else(|| {
            let message = match name.as_str() {
                "apiKey" => {
                    "an `apiKey` needs a `name` and `in`, which is `header`, `query` or `cookie`; what it asks for is not known".to_owned()
                }
                "http" => "an `http` scheme needs a `scheme`; what it asks for is not known".to_owned(),
                other => format!("`{other}` is no type of security scheme; what it asks for is not known"),
            };
            self.warn("unknown-security", at.clone(), message);
            SecuritySchemeKind::Unknown
        })
    }

    /// The `security` of the document or an operation; `None` where nothing is said.
    pub(super) fn security(&mut self, owner: &Map<String, Value>, at: &Pointer, known: &HashSet<&str>) -> Option<Vec<SecurityRequirement>> {
        let at = at.join("security");
        match owner.get("security")? {
            Value::Array(requirements) => {
                let requirements = requirements.iter().enumerate();
                Some(requirements.filter_map(|(index, requirement)| self.requirement(requirement, &at.index(index), known)).collect())
            }
            other => {
                self.warn("wrong-type", at, format!("`security` is {}, expected a list; it is ignored", kind(other)));
                None
            }
        }
    }

    fn requirement(&mut self, node: &Value, at: &Pointer, known: &HashSet<&str>) -> Option<SecurityRequirement> {
        let Some(members) = node.as_object() else {
            self.warn("wrong-type", at.clone(), format!("{}, expected an object of security schemes; it is left out", kind(node)));
            return None;
        };
        if !self.charge(1 + load::size(node) / PIECE) {
            return None;
        }
        let mut schemes = Vec::with_capacity(members.len());
        for (name, scopes) in members {
            if !known.contains(name.as_str()) {
                let place = at.join(name);
                self.warn(
                    "unknown-security",
                    place,
                    format!("`{name}` is none of the document's security schemes; no credential can be sent for it"),
                );
            }
            let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
            schemes.push((name.clone(), scopes.collect()));
        }
        Some(SecurityRequirement { schemes })
    }
}

fn api_key(members: &Map<String, Value>) -> Option<SecuritySchemeKind> {
    let location = match members.get("in")?.as_str()? {
        "header" => Location::Header,
        "query" => Location::Query,
        "cookie" => Location::Cookie,
        _ => return None,
    };
    let name = members.get("name")?.as_str().filter(|name| !name.is_empty())?;
    Some(SecuritySchemeKind::ApiKey { location, name: name.to_owned() })
}
