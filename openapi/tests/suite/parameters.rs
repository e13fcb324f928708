//! Parameters: locations, styles, defaults, and those that mean nothing.

use wireproof_openapi::{Document, Location, ParameterShape, Style};

use super::{codes, parse, text_3_0};

fn with(path: &str, path_level: &str, own: &str) -> Document {
    parse(&text_3_0(&format!(
        "paths:\n  {path}:\n    parameters: [{path_level}]\n    get:\n      parameters: [{own}]\n      responses: {{}}\n"
    )))
}

#[track_caller]
fn names(document: &Document) -> Vec<String> {
    document.operations()[0].parameters.iter().map(|parameter| format!("{} {}", parameter.location, parameter.name)).collect()
}

#[test]
fn styles_default_by_location() {
    for (parameter, expected) in [
        ("{name: p, in: path, required: true}", (Style::Simple, false)),
        ("{name: p, in: path, required: true, style: matrix, explode: true}", (Style::Matrix, true)),
        ("{name: p, in: path, required: true, style: label}", (Style::Label, false)),
        ("{name: q, in: query}", (Style::Form, true)),
        ("{name: q, in: query, explode: false}", (Style::Form, false)),
        ("{name: q, in: query, style: deepObject, explode: true}", (Style::DeepObject, true)),
        ("{name: q, in: query, style: pipeDelimited}", (Style::PipeDelimited, false)),
        ("{name: q, in: query, style: spaceDelimited}", (Style::SpaceDelimited, false)),
        ("{name: H, in: header}", (Style::Simple, false)),
        ("{name: c, in: cookie}", (Style::Form, true)),
    ] {
        let document = with("/{p}", "", parameter);
        let ParameterShape::Schema { style, explode, .. } = document.operations()[0].parameters[0].shape else { panic!("{parameter}") };
        assert_eq!((style, explode), expected, "{parameter}");
    }
    let document =
        with("/a", "", "{name: q, in: query, style: matrix}, {name: r, in: query, style: 1, allowReserved: true, allowEmptyValue: 'true'}");
    let shapes: Vec<_> = document.operations()[0].parameters.iter().map(|parameter| parameter.shape.clone()).collect();
    let plain = ParameterShape::Schema { schema: None, style: Style::Form, explode: true, allow_reserved: false, allow_empty_value: false };
    let reserved =
        ParameterShape::Schema { schema: None, style: Style::Form, explode: true, allow_reserved: true, allow_empty_value: true };
    assert_eq!(shapes, [plain, reserved]);
    let at = "/paths/~1a/get/parameters";
    assert_eq!(
        codes(&document),
        [format!("unknown-style {at}/0/style"), format!("unknown-style {at}/1/style"), format!("wrong-type {at}/1/allowEmptyValue")]
    );
}

#[test]
fn the_operation_wins_over_the_path() {
    let document = with(
        "/a/{id}",
        "{name: id, in: path, required: true, description: path}, {name: x, in: query}",
        "{name: id, in: query}, {name: id, in: path, required: true, description: own}",
    );
    assert_eq!(names(&document), ["query x", "query id", "path id"]);
    assert_eq!(document.operations()[0].parameters[2].description.as_deref(), Some("own"));
}

#[test]
fn path_parameters_are_those_of_the_template() {
    let document = with("/a/{id}/{other}", "", "{name: id, in: path}, {name: gone, in: path, required: true}");
    assert_eq!(names(&document), ["path id", "path other"]);
    assert!(document.operations()[0].parameters.iter().all(|parameter| parameter.required && parameter.location == Location::Path));
    let at = "/paths/~1a~1{id}~1{other}/get";
    assert_eq!(
        codes(&document),
        [
            format!("path-parameter-optional {at}/parameters/0"),
            format!("path-parameter-unused {at}/parameters/1"),
            format!("path-parameter-undeclared {at}"),
        ]
    );
}

#[test]
fn parameters_that_mean_nothing_are_left_out() {
    let document = with(
        "/a",
        "",
        "{name: Accept, in: header}, {name: content-type, in: header}, {name: AUTHORIZATION, in: header}, {in: query}, {name: b, in: body}, {name: c}, 7, {name: X-A, in: header}, {name: x-a, in: header}, {name: Accept, in: query}",
    );
    assert_eq!(names(&document), ["header X-A", "query Accept"]);
    let at = "/paths/~1a/get/parameters";
    assert_eq!(
        codes(&document),
        [
            format!("wrong-type {at}/6"),
            format!("ignored-header {at}/0"),
            format!("ignored-header {at}/1"),
            format!("ignored-header {at}/2"),
            format!("unusable-parameter {at}/3"),
            format!("unusable-parameter {at}/4"),
            format!("unusable-parameter {at}/5"),
            format!("duplicate-parameter {at}/8"),
        ]
    );
}
