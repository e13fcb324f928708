//! Bodies of `name=value` pairs (`application/x-www-form-urlencoded`), and bodies that are one value written as text.

use std::borrow::Cow;

use serde_json::{Map, Value};
use wireproof_openapi::{Encoding, Pointer, Style};

use super::style::Pieces;
use super::typed::Typer;
use super::{Given, content, from_pairs};
use crate::finding::Side;
use crate::json::Fault;
use crate::media_type::MediaType;
use crate::schema::Schemas;
use crate::url::{decode_query, query_pairs};

/// Reads a form body as the object that its schema describes.
///
/// # Errors
///
/// Where a member is JSON by its `contentType` and is none.
pub(crate) fn read_form(
    schemas: &Schemas,
    schema: Option<&Pointer>,
    encoding: &[Encoding],
    side: Side,
    text: &str,
) -> Result<Value, Fault> {
    let typer = Typer { schemas, side };
    let pairs: Vec<_> = query_pairs(text).collect();
    let mut members = Map::new();
    for name in names(&typer, schema, pairs.iter().map(|(name, _)| name.as_ref())) {
        let property = schema.and_then(|schema| typer.property_or_other(schema, &name));
        let said = encoding.iter().find(|encoding| encoding.property == name);
        if let Some(json) = said.filter(|said| said.style.is_none()).and_then(|said| json_type(said.content_type.as_deref()?))
            && let Some((_, raw)) = pairs.iter().find(|(key, _)| *key == name)
        {
            let value = match content(&decode_query(raw), json) {
                Given::Value(value) => value,
                Given::Absent | Given::Empty => continue,
                Given::Unreadable(why) => {
                    let offset = text.find(raw).unwrap_or(0);
                    return Err(Fault::at(text.as_bytes(), offset, format!("the member `{}` {why}", crate::schema::shorten(&name, 80))));
                }
            };
            members.insert(name, value);
            continue;
        }
        if let Given::Value(value) = member(&typer, property.as_ref(), said, &pairs, &name) {
            members.insert(name, value);
        }
    }
    Ok(Value::Object(members))
}

/// One member of a form, gathered from its pairs.
pub(super) fn member(
    typer: &Typer<'_>,
    property: Option<&Pointer>,
    said: Option<&Encoding>,
    pairs: &[(Cow<'_, str>, &str)],
    name: &str,
) -> Given {
    let bracketed = pairs.iter().any(|(key, _)| key.strip_prefix(name).is_some_and(|rest| rest.starts_with('[') && rest != "[]"));
    let style = said.and_then(|said| said.style).unwrap_or(if bracketed { Style::DeepObject } else { Style::Form });
    let explode = said.and_then(|said| said.explode).unwrap_or(style == Style::Form);
    if let Some(property) = property.filter(|property| said.is_none() && typer.is_object(property))
        && let [(_, raw)] = pairs.iter().filter(|(key, _)| key == name).collect::<Vec<_>>().as_slice()
        && let Ok(json) = crate::json::parse(decode_query(raw).as_bytes())
        && typer.schemas.accepts(property, typer.side, &json.value)
    {
        // Where the document does not say how, an object may well be written as JSON (3.0.4, "Encoding Object", `contentType`).
        return Given::Value(json.value);
    }
    // Clients write lists as `ids[0]=1` too, which a `deepObject` of the list's schema reads as an object of numbers.
    match from_pairs(typer, property, pairs, name, style, explode) {
        Given::Value(Value::Object(numbered)) if property.is_some_and(|property| typer.is_list(property)) => {
            Given::Value(list_of(numbered))
        }
        given => given,
    }
}

/// The items of an object whose names are 0, 1, 2 ..., in that order; any other object as it is.
fn list_of(mut members: Map<String, Value>) -> Value {
    let is_list = (0..members.len()).all(|index| members.contains_key(&index.to_string()));
    if is_list { (0..members.len()).filter_map(|index| members.remove(&index.to_string())).collect() } else { Value::Object(members) }
}

/// The members that a form's names are written for, each once: `filter[x]` and `items[]` are written for the property before
/// the bracket, unless that very name is documented.
pub(super) fn names<'n>(typer: &Typer<'_>, schema: Option<&Pointer>, written: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in written {
        let plain = name.split('[').next().unwrap_or_default();
        let known = schema.is_some_and(|schema| typer.property(schema, name).is_some());
        let name = if known || plain.is_empty() { name } else { plain };
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// A body that is text, as the value that its schema asks for; `None` where the schema describes what no text is.
pub(crate) fn read_text(schemas: &Schemas, schema: Option<&Pointer>, side: Side, text: &str) -> Option<Value> {
    let typer = Typer { schemas, side };
    match schema {
        Some(schema) if !typer.is_scalar(schema) => None,
        schema => match typer.value(schema, &Pieces::repeated(&[text]), &str::to_owned) {
            Given::Value(value) => Some(value),
            Given::Absent | Given::Empty | Given::Unreadable(_) => None,
        },
    }
}

/// The content type, where it is one of JSON.
pub(super) fn json_type(content_type: &str) -> Option<&str> {
    MediaType::parse(content_type).is_some_and(|kind| kind.is_json()).then_some(content_type)
}
