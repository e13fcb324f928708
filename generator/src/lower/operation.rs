//! Operations: parameters, responses and what they are made of. Bodies are in `content.rs`.

use wireproof_openapi::{Operation as Source, Parameter as SourceParameter, ParameterShape, Pointer, StatusPattern};

use super::Lower;
use super::conjunction::Part;
use crate::ir::{
    Access, AdditionalProperties, Doc, Field, Operation, Parameter, ParameterStyle, Response, ResponseHeaders, Shape, Struct, Type,
};

impl<'d> Lower<'d> {
    /// Reads every operation, sorted by path and method.
    pub(super) fn operations(&mut self) {
        let mut operations: Vec<&'d Source> = self.document.operations().iter().collect();
        operations.sort_by(|left, right| (&left.path, &left.method).cmp(&(&right.path, &right.method)));
        for operation in operations {
            let lowered = self.operation(operation);
            self.ir.operations.push(lowered);
        }
    }

    fn operation(&mut self, source: &'d Source) -> Operation {
        let mut parameters: Vec<Parameter> = source.parameters.iter().map(|parameter| self.parameter(parameter)).collect();
        parameters.sort_by_key(|parameter| parameter.location);
        let mut responses: Vec<Response> = source.responses.entries.iter().map(|response| self.response(response)).collect();
        responses.sort_by_key(|response| response.status);
        let doc =
            Doc { text: join(source.summary.as_deref(), source.description.as_deref()), notes: Vec::new(), deprecated: source.deprecated };
        Operation {
            at: source.pointer.clone(),
            id: source.id.clone(),
            method: source.method.clone(),
            path: source.path.clone(),
            doc,
            parameters,
            body: source.request_body.as_ref().and_then(|body| self.request_body(body)),
            responses,
            tags: source.tags.clone(),
            security: source.security.iter().map(|requirement| requirement.schemes.clone()).collect(),
        }
    }

    fn parameter(&mut self, source: &SourceParameter) -> Parameter {
        let (ty, style) = self.parameter_shape(&source.shape);
        let notes = self.parameter_notes(&source.shape, &ty);
        let asked = self.asked_at(&ty, schema_of(&source.shape));
        // Some documents describe the schema of a parameter instead of the parameter.
        let said_of_schema = || schema_of(&source.shape).and_then(|schema| self.said_of(schema));
        let doc = Doc {
            text: source.description.clone().filter(|text| !text.trim().is_empty()).or_else(said_of_schema),
            notes,
            deprecated: source.deprecated,
        };
        Parameter {
            name: source.name.clone(),
            location: source.location,
            required: source.required,
            // Null has no form on the wire: an optional parameter is left out instead.
            ty: ty.split_null().0.clone(),
            style,
            constraints: Some(asked),
            doc,
        }
    }

    /// What is said of a value that the type does not express.
    fn parameter_notes(&self, shape: &ParameterShape, ty: &Type) -> Vec<String> {
        let Some(schema) = schema_of(shape) else { return Vec::new() };
        let nodes = self.flatten(&[Part::whole(schema.clone())]).nodes;
        let is_named = matches!(ty.split_null().0, Type::Named(_));
        let constraints = (!is_named).then(|| Self::constraints(&nodes)).flatten();
        constraints.into_iter().chain(Self::default_value(&nodes)).collect()
    }

    fn parameter_shape(&mut self, shape: &ParameterShape) -> (Type, ParameterStyle) {
        match shape {
            ParameterShape::Schema { schema, style, explode, allow_reserved, .. } => {
                let ty = schema.as_ref().map_or(Type::String, |schema| self.schema(schema));
                (ty, ParameterStyle::Style { style: *style, explode: *explode, allow_reserved: *allow_reserved })
            }
            ParameterShape::Content(media_type) => (self.optional_schema(media_type.schema.as_ref()), ParameterStyle::Json),
        }
    }

    /// The type of a schema that may be missing.
    pub(super) fn optional_schema(&mut self, schema: Option<&Pointer>) -> Type {
        schema.map_or(Type::Any, |schema| self.schema(schema))
    }

    fn response(&mut self, source: &'d wireproof_openapi::Response) -> Response {
        // 1xx, 204, 205 and 304 have no body, whatever the document says (RFC 9110, sections 6.4.1 and 15.3.6).
        let bodiless = matches!(source.status, StatusPattern::Code(100..=199 | 204 | 205 | 304) | StatusPattern::Range(1));
        let payload = if bodiless { crate::ir::Payload::Empty } else { self.payload(&source.content) };
        let headers = (!source.headers.is_empty()).then(|| self.headers(source));
        let doc = Doc { text: source.description.clone().filter(|text| !text.trim().is_empty()), ..Doc::default() };
        Response { status: source.status, doc, payload, headers }
    }

    /// The headers of a response as an object of optional members. Responses that refer to the same one share it.
    fn headers(&mut self, source: &'d wireproof_openapi::Response) -> ResponseHeaders {
        let at = source.pointer.join("headers");
        let mut exploded = Vec::new();
        let mut fields = Vec::new();
        for header in &source.headers {
            let (ty, style) = self.parameter_shape(&header.shape);
            if matches!(style, ParameterStyle::Style { explode: true, .. }) {
                exploded.push(header.name.clone());
            }
            let said_of_schema = || schema_of(&header.shape).and_then(|schema| self.said_of(schema));
            let text = header.description.clone().filter(|text| !text.trim().is_empty()).or_else(said_of_schema);
            let text = text.unwrap_or_else(|| format!("The header `{}`.", header.name.replace('`', "'")));
            let doc = Doc { text: Some(text), notes: Vec::new(), deprecated: header.deprecated };
            let ty = ty.split_null().0.clone();
            fields.push(Field { name: header.name.clone(), ty, required: false, access: Access::Both, doc });
        }
        exploded.sort_unstable();
        let mut object = Struct { fields, additional: AdditionalProperties::Refused, presence: None };
        object.sort();
        let id = self.places.get(&at).copied().unwrap_or_else(|| self.push(at));
        let text = "Documented headers of a response; one that is absent or cannot be read is `None`.";
        let def = &mut self.ir.types[id.0];
        def.doc = Doc { text: Some(text.to_owned()), ..Doc::default() };
        def.shape = Shape::Struct(object);
        ResponseHeaders { ty: Type::Named(id), exploded }
    }
}

/// The schema of a parameter.
fn schema_of(shape: &ParameterShape) -> Option<&Pointer> {
    match shape {
        ParameterShape::Schema { schema, .. } => schema.as_ref(),
        ParameterShape::Content(media_type) => media_type.schema.as_ref(),
    }
}

/// Summary and description, the summary once where both say the same.
fn join(summary: Option<&str>, description: Option<&str>) -> Option<String> {
    let summary = summary.map(str::trim).filter(|text| !text.is_empty());
    let description = description.map(str::trim).filter(|text| !text.is_empty());
    match (summary, description) {
        (Some(summary), Some(description)) if description.trim_end_matches('.').eq_ignore_ascii_case(summary.trim_end_matches('.')) => {
            Some(description.to_owned())
        }
        (Some(summary), Some(description)) => Some(format!("{summary}\n\n{description}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}
