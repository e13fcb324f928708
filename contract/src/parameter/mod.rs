//! Parameters and headers: their text taken from where it travels, undone by style, and typed as the schema asks.
//! Parts: `style.rs` (text to pieces), `typed.rs` (pieces to values), `form.rs` and `multipart.rs` (the bodies that are written
//! like parameters). Source: OpenAPI 3.0.4 and 3.1.1, "Style Values" and
//! "Style Examples". Next: `check/parameter_schema.rs`.

mod form;
mod multipart;
mod style;
mod typed;

use std::borrow::Cow;

use serde_json::Value;
use wireproof_openapi::{Header, Location, Parameter, ParameterShape, Pointer, Style};

use crate::exchange::Headers;
use crate::finding::Side;
use crate::schema::Schemas;
use crate::url::{decode, decode_query, query_pairs};
pub(crate) use form::{read_form, read_text};
pub(crate) use multipart::{OtherType, read_multipart};
use style::Pieces;
use typed::Typer;

/// What an exchange says for a parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    /// Nothing.
    Absent,
    /// A value.
    Value(Value),
    /// An empty value, where the document allows one.
    Empty,
    /// Text that cannot be read in the parameter's style; why, as a predicate.
    Unreadable(String),
}

/// The parts of a request that parameters travel in.
pub(crate) struct Carrier<'a> {
    /// Path variables by name, percent-encoded.
    pub(crate) variables: &'a [(String, String)],
    /// The query string.
    pub(crate) query: &'a str,
    /// The headers.
    pub(crate) headers: &'a Headers,
}

/// Reads a request parameter.
pub(crate) fn read(schemas: &Schemas, parameter: &Parameter, carrier: &Carrier<'_>) -> Given {
    match &parameter.shape {
        ParameterShape::Content(media_type) => match whole(parameter, carrier) {
            Some(text) => content(&text, &media_type.name),
            None => Given::Absent,
        },
        ParameterShape::Schema { schema, style, explode, allow_empty_value, .. } => {
            let typer = Typer { schemas, side: Side::Request };
            let schema = schema.as_ref();
            match parameter.location {
                Location::Path => match variable(parameter, carrier) {
                    Some(raw) => match style::undress(raw, *style, *explode, &parameter.name) {
                        Some(raw) => typer.value(schema, &style::path_pieces(raw, *style, *explode, &parameter.name), &decode_path),
                        None => Given::Unreadable(format!("is not written in style `{}`", style::name(*style))),
                    },
                    None => Given::Absent,
                },
                Location::Query => {
                    let pairs: Vec<_> = query_pairs(carrier.query).collect();
                    let given = from_pairs(&typer, schema, &pairs, &parameter.name, *style, *explode);
                    if *allow_empty_value && pairs.iter().any(|(name, value)| *name == parameter.name && value.is_empty()) {
                        Given::Empty
                    } else {
                        given
                    }
                }
                Location::Header => header_text(&typer, schema, carrier.headers, &parameter.name, *explode),
                Location::Cookie => match cookie(carrier.headers, &parameter.name) {
                    Some(text) => typer.value(schema, &Pieces::delimited(&text, ',', false), &decode_path),
                    None => Given::Absent,
                },
            }
        }
    }
}

/// Reads a response header.
pub(crate) fn read_header(schemas: &Schemas, header: &Header, headers: &Headers) -> Given {
    match &header.shape {
        ParameterShape::Content(media_type) => headers.joined(&header.name).map_or(Given::Absent, |text| content(&text, &media_type.name)),
        ParameterShape::Schema { schema, explode, .. } => {
            header_text(&Typer { schemas, side: Side::Response }, schema.as_ref(), headers, &header.name, *explode)
        }
    }
}

/// The names of query parameters that a documented parameter accounts for.
pub(crate) fn accounts_for(schemas: &Schemas, parameter: &Parameter, name: &str) -> bool {
    if parameter.location != Location::Query {
        return false;
    }
    // `ids[]=1` is how some clients write a repeated `ids`.
    let bracket = |rest: &str| rest.starts_with('[') && rest.ends_with(']');
    if parameter.name == name || name.strip_suffix("[]") == Some(parameter.name.as_str()) {
        return true;
    }
    let ParameterShape::Schema { schema, style, explode, .. } = &parameter.shape else { return false };
    match style {
        Style::DeepObject => name.strip_prefix(parameter.name.as_str()).is_some_and(bracket),
        Style::Form if *explode => {
            let typer = Typer { schemas, side: Side::Request };
            schema.as_ref().is_some_and(|schema| typer.is_object(schema) && typer.property_or_additional(schema, name))
        }
        _ => false,
    }
}

fn from_pairs(
    typer: &Typer<'_>,
    schema: Option<&Pointer>,
    pairs: &[(Cow<'_, str>, &str)],
    name: &str,
    style: Style,
    explode: bool,
) -> Given {
    if style == Style::DeepObject {
        return typer.deep_object(schema, pairs, name);
    }
    let mut values: Vec<&str> = pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| *value).collect();
    if values.is_empty() {
        // `ids[]=1&ids[]=2` means a list to most servers; the document's own name stays the first choice.
        values = pairs.iter().filter(|(key, _)| key.strip_suffix("[]") == Some(name)).map(|(_, value)| *value).collect();
    }
    if values.is_empty() {
        if style == Style::Form && explode && schema.is_some_and(|schema| typer.is_object(schema)) {
            return typer.exploded_object(schema, pairs);
        }
        return Given::Absent;
    }
    let pieces = match (style, explode, values.as_slice()) {
        (_, true, _) | (_, _, [_, _, ..]) => Pieces::repeated(&values),
        (Style::SpaceDelimited, ..) => Pieces::delimited(&values.concat().replace("%20", " ").replace('+', " "), ' ', false),
        (Style::PipeDelimited, ..) => Pieces::delimited(&values.concat().replace("%7C", "|").replace("%7c", "|"), '|', false),
        _ => Pieces::delimited(&values.concat(), ',', false),
    };
    typer.value(schema, &pieces, &|text| decode_query(text).into_owned())
}

fn header_text(typer: &Typer<'_>, schema: Option<&Pointer>, headers: &Headers, name: &str, explode: bool) -> Given {
    match headers.joined(name) {
        Some(text) => typer.value(schema, &Pieces::delimited(text.trim(), ',', explode), &|text| text.trim().to_owned()),
        None => Given::Absent,
    }
}

fn decode_path(text: &str) -> String {
    decode(text).into_owned()
}

fn variable<'c>(parameter: &Parameter, carrier: &Carrier<'c>) -> Option<&'c str> {
    carrier.variables.iter().find(|(name, _)| *name == parameter.name).map(|(_, raw)| raw.as_str())
}

/// The text of a `content` parameter, which is one document in itself.
fn whole(parameter: &Parameter, carrier: &Carrier<'_>) -> Option<String> {
    match parameter.location {
        Location::Path => variable(parameter, carrier).map(decode_path),
        Location::Query => {
            query_pairs(carrier.query).find(|(name, _)| *name == parameter.name).map(|(_, value)| decode_query(value).into_owned())
        }
        Location::Header => carrier.headers.joined(&parameter.name).map(Cow::into_owned),
        Location::Cookie => cookie(carrier.headers, &parameter.name).map(|text| decode_path(&text)),
    }
}

fn content(text: &str, media_type: &str) -> Given {
    if !crate::media_type::MediaType::parse(media_type).is_some_and(|kind| kind.is_json()) {
        return Given::Value(Value::String(text.to_owned()));
    }
    match crate::json::parse(text.as_bytes()) {
        Ok(parsed) => Given::Value(parsed.value),
        Err(fault) => Given::Unreadable(format!("is no JSON text, as `{media_type}` asks: {}", fault.message)),
    }
}

/// The value of a cookie that the request sends.
pub(crate) fn cookie(headers: &Headers, name: &str) -> Option<String> {
    let mut pairs = headers.all("cookie").flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.trim_matches('"').to_owned())
}
