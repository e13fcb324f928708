//! OpenAPI "Parameter Object" and what it shares with "Header Object": the value's shape and style.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Reader;
use crate::{Diagnostic, Location, Parameter, ParameterShape, Pointer, Style};

/// Header parameters that mean nothing: other parts of the document say what these headers are.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl<'d> Reader<'d> {
    /// The parameters of a path item or an operation, each name and location once.
    pub(super) fn parameters(&mut self, owner: &'d Map<String, Value>, at: &Pointer) -> Vec<Parameter> {
        let at = at.join("parameters");
        let nodes = owner.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut parameters: Vec<Parameter> = Vec::with_capacity(nodes.len());
        let mut seen = HashSet::new();
        for (index, node) in nodes.iter().enumerate() {
            let place = at.index(index);
            let Some(parameter) = self.parameter(node, place.clone()) else { continue };
            if seen.insert(key(&parameter)) {
                parameters.push(parameter);
            } else {
                let message = format!("the {} parameter `{}` is there twice; the first one counts", parameter.location, parameter.name);
                self.warn("duplicate-parameter", place, message);
            }
        }
        parameters
    }

    fn parameter(&mut self, node: &'d Value, at: Pointer) -> Option<Parameter> {
        let part = self.part(node, at)?;
        let at = part.pointer;
        let Some(name) = self.text(part.members, "name", &at).filter(|name| !name.is_empty()) else {
            self.warn("unusable-parameter", at, "a parameter without `name`; it is left out");
            return None;
        };
        let location = match part.members.get("in").and_then(Value::as_str) {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            other => {
                let place = other.map_or("no place".to_owned(), |place| format!("the unknown place `{place}`"));
                self.warn("unusable-parameter", at, format!("the parameter `{name}` travels in {place}; it is left out"));
                return None;
            }
        };
        if location == Location::Header && IGNORED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
            let message = format!("a header parameter `{name}` is ignored, as OpenAPI says: `content` and `security` decide on it");
            self.report(Diagnostic::note("ignored-header", at, message));
            return None;
        }
        let required = self.flag(part.members, "required", &at);
        if location == Location::Path && !required {
            let message = format!("the path parameter `{name}` is not `required: true`; it is read so, as a path has no gaps");
            self.warn("path-parameter-optional", at.clone(), message);
        }
        let deprecated = self.flag(part.members, "deprecated", &at);
        let shape = self.shape(part.members, &at, location);
        Some(Parameter {
            pointer: at,
            name,
            location,
            required: required || location == Location::Path,
            deprecated,
            description: part.description,
            shape,
        })
    }

    /// How a parameter or header describes its value.
    pub(super) fn shape(&mut self, members: &'d Map<String, Value>, at: &Pointer, location: Location) -> ParameterShape {
        let schema = members.contains_key("schema").then(|| at.join("schema"));
        if schema.is_none() {
            let mut content = self.content(members, at);
            if content.len() > 1 {
                self.warn("content-ambiguous", at.join("content"), "a parameter has one media type; the first one counts");
            }
            if !content.is_empty() {
                return ParameterShape::Content(content.swap_remove(0));
            }
        }
        let style = self.style(members, at, location);
        ParameterShape::Schema {
            schema,
            style,
            explode: self.optional_flag(members, "explode", at).unwrap_or(style == Style::Form),
            allow_reserved: self.flag(members, "allowReserved", at),
            allow_empty_value: self.flag(members, "allowEmptyValue", at),
        }
    }

    fn style(&mut self, members: &Map<String, Value>, at: &Pointer, location: Location) -> Style {
        let default = match location {
            Location::Path | Location::Header => Style::Simple,
            Location::Query | Location::Cookie => Style::Form,
        };
        let Some(written) = members.get("style") else { return default };
        let allowed: &[Style] = match location {
            Location::Path => &[Style::Simple, Style::Label, Style::Matrix],
            Location::Query => &[Style::Form, Style::SpaceDelimited, Style::PipeDelimited, Style::DeepObject],
            Location::Header => &[Style::Simple],
            Location::Cookie => &[Style::Form],
        };
        let style = written.as_str().and_then(style).filter(|style| allowed.contains(style));
        style.unwrap_or_else(|| {
            self.warn("unknown-style", at.join("style"), format!("{written} is no style in the {location}; the default is taken"));
            default
        })
    }
}

/// What makes two parameters the same one. The case of a header's name means nothing.
pub(super) fn key(parameter: &Parameter) -> (Location, String) {
    let is_header = parameter.location == Location::Header;
    (parameter.location, if is_header { parameter.name.to_ascii_lowercase() } else { parameter.name.clone() })
}

/// The style of that name.
pub(super) fn style(name: &str) -> Option<Style> {
    Some(match name {
        "matrix" => Style::Matrix,
        "label" => Style::Label,
        "form" => Style::Form,
        "simple" => Style::Simple,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        _ => return None,
    })
}
