//! A document made on the spot, so that anybody can measure without having one: schemas of the sizes and shapes that real documents
//! have, the same for the same size.

use serde_json::{Map, Value, json};

/// Properties of an object.
const MEMBERS: usize = 12;

/// Schemas that an operation is about.
const SCHEMAS_PER_OPERATION: usize = 4;

/// A document with so many component schemas.
pub(super) fn document(schemas: usize) -> Value {
    let components: Map<String, Value> = (0..schemas).map(|number| (name(number), schema(number, schemas))).collect();
    let paths: Map<String, Value> = (0..schemas.div_ceil(SCHEMAS_PER_OPERATION))
        .map(|number| (format!("/things/{number}/{{id}}"), path(number * SCHEMAS_PER_OPERATION, schemas)))
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": {"title": "A document to measure with", "version": "1.0.0"},
        "servers": [{"url": "https://api.example"}],
        "paths": paths,
        "components": {"schemas": components},
    })
}

fn name(number: usize) -> String {
    const KINDS: [&str; 4] = ["Account", "Invoice", "Member", "Shipment"];
    format!("{}{number}", KINDS.get(number % KINDS.len()).copied().unwrap_or_default())
}

fn reference(number: usize, schemas: usize) -> Value {
    json!({"$ref": format!("#/components/schemas/{}", name(number % schemas.max(1)))})
}

/// Mostly objects; here and there an enumeration, a union, an extension.
fn schema(number: usize, schemas: usize) -> Value {
    match number % 16 {
        5 => json!({"type": "string", "enum": ["open", "closed", "in_review", format!("state_{number}")]}),
        9 => json!({"oneOf": [reference(number + 1, schemas), reference(number + 2, schemas)]}),
        13 => json!({"allOf": [reference(number + 1, schemas), object(number, schemas)]}),
        _ => object(number, schemas),
    }
}

fn object(number: usize, schemas: usize) -> Value {
    let properties: Map<String, Value> =
        (0..MEMBERS).map(|member| (format!("member_{number}_{member}"), property(number, member, schemas))).collect();
    let required: Vec<String> = (0..MEMBERS).step_by(3).map(|member| format!("member_{number}_{member}")).collect();
    json!({"type": "object", "description": "What is known about one of them.", "required": required, "properties": properties})
}

fn property(number: usize, member: usize, schemas: usize) -> Value {
    match member {
        0 => json!({"type": "string", "description": "What it is known by.", "example": "a1b2"}),
        1 => json!({"type": "string", "format": "date-time", "nullable": true}),
        2 => json!({"type": "integer", "minimum": 0, "maximum": 1000}),
        3 => json!({"type": "boolean", "default": false}),
        4 => json!({"type": "number"}),
        5 => json!({"type": "string", "enum": ["low", "normal", "high"]}),
        6 => reference(number + 7, schemas),
        7 => json!({"type": "array", "items": reference(number + 11, schemas)}),
        8 => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        9 => json!({"type": "object", "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}),
        10 => json!({"type": "string", "maxLength": 200, "nullable": true}),
        _ => json!({"type": "string", "format": "uri", "description": "Where more is to be found.\n\nIt may change."}),
    }
}

fn path(number: usize, schemas: usize) -> Value {
    let body = json!({"content": {"application/json": {"schema": reference(number, schemas)}}});
    let mut answered = body.clone();
    if let Some(answered) = answered.as_object_mut() {
        answered.insert("description".to_owned(), "One of them".into());
    }
    json!({
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
        "get": {
            "operationId": format!("read{number}"),
            "summary": "Reads one of them",
            "parameters": [
                {"name": "page", "in": "query", "schema": {"type": "integer"}},
                {"name": "fields", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
            ],
            "responses": {"200": answered, "404": {"description": "There is none"}}
        },
        "put": {
            "operationId": format!("write{number}"),
            "requestBody": body,
            "responses": {"200": answered, "default": {"description": "It failed"}}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn documents_of_every_size_are_sound() {
        for size in [1, 2, 40] {
            let source = wireproof_openapi::Source::new("x.json", document(size).to_string());
            let document = wireproof_openapi::Document::parse(source).expect("a document");
            assert_eq!(document.diagnostics(), []);
            assert_eq!(document.operations().len(), 2 * size.div_ceil(4));
        }
    }
}
