//! Bodies and headers of answers: the document's examples first, then instances of the schema. Nothing here decides whether they
//! will do; `mod.rs` holds whole answers against the contract. Next: `mod.rs`.

use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use serde_json::Value;
use wireproof_contract::Side;
use wireproof_openapi::{Header, MediaType as Documented, ParameterShape, Pointer, Response};

use super::Mock;
use super::exemplary;
use super::prefer::Prefer;
use crate::{body, text};

/// How many instances of a schema are tried before an answer is given up.
const INSTANCES: usize = 12;

/// How many pools of instances bodies are drawn from.
const POOLS: u64 = 8;

/// A body with its content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) content_type: String,
    pub(super) bytes: Bytes,
}

impl Mock {
    /// The bodies that the document gives for an entry, the one to be preferred first.
    pub(super) fn examples(&self, entry: &Documented, prefer: &Prefer) -> Vec<Content> {
        if prefer.dynamic && prefer.example.is_none() {
            return Vec::new();
        }
        let document = self.contract.document();
        let wanted = |name: &str| prefer.example.as_deref().is_none_or(|wanted| wanted == name);
        let named = entry.examples.iter().filter(|(name, _)| wanted(name)).filter_map(|(_, place)| document.get(place).cloned());
        let mut values: Vec<Value> = named.collect();
        if prefer.example.is_none() {
            let node = entry.schema.as_ref().and_then(|schema| document.resolve(schema)).map(|(_, node)| node);
            values.extend(node.and_then(|node| node.get("example")).cloned());
        }
        all_written(entry, &values)
    }

    /// The bodies that can be made up for an entry; none where an example was asked for by its name.
    pub(super) fn made_up(&self, entry: &Documented, prefer: &Prefer, hash: u64) -> Vec<Content> {
        if prefer.example.is_some() {
            return Vec::new();
        }
        let Some(schema) = &entry.schema else { return all_written(entry, &[Value::String("wireproof".to_owned())]) };
        if !prefer.dynamic {
            return all_written(entry, &self.pool(schema, self.seed));
        }
        // From several pools, and from another place in each: enough to tell answers apart, and made only once.
        let mut values = self.pool(schema, self.seed.wrapping_add(hash % POOLS)).to_vec();
        let turn = (hash / POOLS) % u64::try_from(values.len().max(1)).unwrap_or(1);
        values.rotate_left(usize::try_from(turn).unwrap_or(0));
        all_written(entry, &values)
    }

    /// Instances of a schema: one that shows much of it, with the document's examples where it has some, then others.
    fn pool(&self, schema: &Pointer, seed: u64) -> Arc<[Value]> {
        let key = (schema.clone(), seed);
        if let Some(known) = self.pools.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        let mut values: Vec<Value> = Vec::new();
        if let Some(typical) = self.synthesiser.typical(schema, Side::Response, seed) {
            values.extend([exemplary::with_examples(self.contract.document(), schema, &typical), typical]);
        }
        values.extend(self.synthesiser.valid(schema, Side::Response, seed, INSTANCES).instances.into_iter().map(|one| one.value));
        let values: Arc<[Value]> = values.into();
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&values));
        values
    }

    /// The required headers of a response; `attempt` counts how often values were refused.
    pub(super) fn headers(&self, response: &Response, attempt: usize, body: &Bytes) -> Vec<(String, String)> {
        let required = response.headers.iter().filter(|header| header.required);
        required
            .filter_map(|header| {
                // These two are about the message itself, and no schema can know them.
                let value = match header.name.to_ascii_lowercase().as_str() {
                    "content-length" => Some(body.len().to_string()),
                    "content-encoding" => Some("identity".to_owned()),
                    "transfer-encoding" | "connection" => None,
                    _ => self.header(header, attempt),
                };
                Some((header.name.clone(), value?))
            })
            .collect()
    }

    fn header(&self, header: &Header, attempt: usize) -> Option<String> {
        let document = self.contract.document();
        let example = document.get(&header.pointer.join("example")).cloned();
        let (schema, explode, json) = match &header.shape {
            ParameterShape::Schema { schema, explode, .. } => (schema.as_ref(), *explode, false),
            ParameterShape::Content(media_type) => (media_type.schema.as_ref(), false, true),
        };
        let made = schema.map(|schema| self.pool(schema, self.seed).to_vec());
        let values = example.into_iter().chain(made.unwrap_or_else(|| vec![Value::String("wireproof".to_owned())]));
        let texts = values.filter_map(|value| if json { Some(value.to_string()) } else { text::in_header(&value, explode) });
        texts.filter(|text| !text.is_empty()).nth(attempt)
    }
}

/// The content type to send for a documented one, which may be a range.
pub(super) fn concrete(documented: &str) -> String {
    let (kind, parameters) = documented.split_once(';').map_or((documented, None), |(kind, rest)| (kind, Some(rest)));
    let kind = kind.trim();
    let chosen = match kind.split_once('/') {
        Some(("*" | "application", "*")) => "application/json".to_owned(),
        Some(("text", "*")) => "text/plain".to_owned(),
        Some((kind, "*")) => format!("{kind}/x-wireproof"),
        Some((kind, subtype)) => match subtype.strip_prefix('*') {
            Some(suffix) => format!("{}/vnd.wireproof{suffix}", if kind == "*" { "application" } else { kind }),
            None => format!("{kind}/{subtype}"),
        },
        None => kind.to_owned(),
    };
    parameters.map_or(chosen.clone(), |parameters| format!("{chosen};{parameters}"))
}

/// Values as bodies of a documented entry.
fn all_written(entry: &Documented, values: &[Value]) -> Vec<Content> {
    let content_type = concrete(&entry.name);
    values
        .iter()
        .filter_map(|value| body::written(&content_type, value))
        .map(|(content_type, bytes)| Content { content_type, bytes })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_become_types() {
        for (documented, expected) in [
            ("*/*", "application/json"),
            ("application/*", "application/json"),
            ("text/*", "text/plain"),
            ("image/*", "image/x-wireproof"),
            ("application/*+json", "application/vnd.wireproof+json"),
            ("application/json; version=2", "application/json; version=2"),
            ("garbage", "garbage"),
        ] {
            assert_eq!(concrete(documented), expected, "{documented}");
        }
    }
}
