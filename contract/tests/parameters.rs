//! Parameters by location and style: each row is what a request says and what is found.

mod common;

use common::{api, contract, exchange, rules, short};
use wireproof_contract::{Contract, Exchange};

/// One operation with one parameter.
fn parameter(path: &str, parameter: &str) -> Contract {
    contract(&api(&format!(
        "paths:\n  '{path}':\n    get:\n      parameters:\n        - {parameter}\n      responses: {{default: {{description: any}}}}\n"
    )))
}

fn query(contract: &Contract, query: &str) -> Vec<String> {
    rules(&contract.check(&exchange("GET", &format!("/x?{query}"), 200, "")))
}

const SOUND: &[&str] = &[];

#[test]
fn query_styles() {
    let list = "schema: {type: array, items: {type: integer}}";
    let object = "schema: {type: object, properties: {r: {type: integer}, g: {type: integer}}, additionalProperties: false}";
    let bad = &["violation parameter-schema /query/c/0"][..];
    for (shape, text, expected) in [
        (list.to_owned(), "c=1&c=2", SOUND),
        (list.to_owned(), "c=x&c=2", bad),
        (list.to_owned(), "c=1", SOUND),
        (list.to_owned(), "c[]=1&c[]=2", SOUND),
        (format!("explode: false, {list}"), "c=1,2", SOUND),
        (format!("explode: false, {list}"), "c=1%2C2", SOUND),
        (format!("explode: false, {list}"), "c=1|2", bad),
        (format!("style: pipeDelimited, explode: false, {list}"), "c=1|2", SOUND),
        (format!("style: pipeDelimited, explode: false, {list}"), "c=1%7C2", SOUND),
        (format!("style: spaceDelimited, explode: false, {list}"), "c=1%202", SOUND),
        (format!("style: spaceDelimited, explode: false, {list}"), "c=1+2", SOUND),
        (format!("style: deepObject, {object}"), "c[r]=1&c[g]=2", SOUND),
        (format!("style: deepObject, {object}"), "c[r]=x", &["violation parameter-schema /query/c/r"]),
        (format!("style: deepObject, {object}"), "c[r]=1&c[x]=2", &["violation parameter-schema /query/c/x"]),
        (format!("explode: false, {object}"), "c=r,1,g,2", SOUND),
        (format!("explode: false, {object}"), "c=r,1,g", &["violation parameter-schema /query/c"]),
        (object.to_owned(), "r=1&g=2", SOUND),
        (object.to_owned(), "r=1&g=x", &["violation parameter-schema /query/c/g"]),
        (
            format!("required: true, {object}"),
            "other=1",
            &["violation parameter-missing /query/c", "drift undocumented-field /query/other"],
        ),
        ("content: {application/json: {schema: {type: object, required: [a]}}}".to_owned(), "c=%7B%22a%22%3A1%7D", SOUND),
        (
            "content: {application/json: {schema: {type: object, required: [a]}}}".to_owned(),
            "c=%7B%7D",
            &["violation parameter-schema /query/c"],
        ),
        ("content: {application/json: {schema: {type: object}}}".to_owned(), "c=%7B", &["violation parameter-schema /query/c"]),
    ] {
        assert_eq!(query(&parameter("/x", &format!("{{name: c, in: query, {shape}}}")), text), expected, "{shape} {text}");
    }
}

#[test]
fn text_is_typed_as_the_schema_asks() {
    let bad = &["violation parameter-schema /query/c"][..];
    for (schema, text, expected) in [
        ("{type: integer}", "12", SOUND),
        ("{type: integer}", "1.0", SOUND),
        ("{type: integer}", "1.5", bad),
        ("{type: integer}", "ten", bad),
        ("{type: integer}", "", bad),
        ("{type: integer, nullable: true}", "", SOUND),
        ("{type: integer, maximum: 9007199254740992}", "9007199254740993", bad),
        ("{type: number}", "1e3", SOUND),
        ("{type: boolean}", "true", SOUND),
        ("{type: boolean}", "1", bad),
        ("{type: string}", "12", SOUND),
        ("{type: string, pattern: '^[0-9]+$'}", "12", SOUND),
        ("{type: string, format: uuid}", "12", bad),
        ("{type: string, enum: [a, b]}", "c", bad),
        ("{oneOf: [{type: integer}, {type: string, enum: [all]}]}", "all", SOUND),
        ("{oneOf: [{type: integer}, {type: string, enum: [all]}]}", "12", SOUND),
        ("{oneOf: [{type: integer}, {type: string, enum: [all]}]}", "none", bad),
        ("{oneOf: [{type: integer}, {type: array, items: {type: integer}}]}", "12", SOUND),
        ("{enum: [1, 2]}", "2", SOUND),
        ("{}", "anything", SOUND),
        ("{allOf: [{type: integer}]}", "x", bad),
        ("{type: string}", "a%20b%2Bc", SOUND),
    ] {
        assert_eq!(
            query(&parameter("/x", &format!("{{name: c, in: query, schema: {schema}}}")), &format!("c={text}")),
            expected,
            "{schema} {text}"
        );
    }
}

#[test]
fn paths_headers_and_cookies() {
    let path = |template: &str, shape: &str, path: &str| {
        let contract = parameter(template, &format!("{{name: c, in: path, required: true, {shape}}}"));
        rules(&contract.check(&exchange("GET", path, 200, "")))
    };
    let list = "schema: {type: array, items: {type: integer}, minItems: 2}";
    assert_eq!(path("/x/{c}", "schema: {type: integer}", "/x/7"), SOUND);
    assert_eq!(path("/x/{c}", "schema: {type: integer}", "/x/seven"), ["violation parameter-schema /path/c"]);
    assert_eq!(path("/x/{c}", "schema: {type: string, enum: [a/b]}", "/x/a%2Fb"), SOUND);
    assert_eq!(path("/x/{c}", list, "/x/1,2"), SOUND);
    assert_eq!(path("/x/{c}", &format!("style: label, {list}"), "/x/.1,2"), SOUND);
    assert_eq!(path("/x/{c}", &format!("style: label, explode: true, {list}"), "/x/.1.2"), SOUND);
    assert_eq!(path("/x/{c}", &format!("style: matrix, {list}"), "/x/;c=1,2"), SOUND);
    assert_eq!(path("/x/{c}", &format!("style: matrix, explode: true, {list}"), "/x/;c=1;c=2"), SOUND);
    assert_eq!(path("/x/{c}", &format!("style: matrix, {list}"), "/x/1,2"), ["violation parameter-schema /path/c"]);

    let with_header = |shape: &str, name: &str, value: &str| {
        let contract = parameter("/x", &format!("{{name: {name}, required: true, {shape}}}"));
        let header = if shape.contains("cookie") { "Cookie" } else { "x-tag" };
        let mut exchange = exchange("GET", "/x", 200, "");
        exchange.request.headers.push(header, value);
        rules(&contract.check(&exchange))
    };
    assert_eq!(with_header("in: header, schema: {type: integer}", "X-Tag", "5"), SOUND);
    assert_eq!(with_header("in: header, schema: {type: integer}", "X-Tag", "five"), ["violation parameter-schema /header/X-Tag"]);
    assert_eq!(with_header("in: header, schema: {type: array, items: {type: integer}}", "X-Tag", "1, 2"), SOUND);
    assert_eq!(with_header("in: header, schema: {type: integer}", "X-Other", "5"), ["violation parameter-missing /header/X-Other"]);
    assert_eq!(with_header("in: cookie, schema: {type: integer}", "sid", "a=b; sid=5"), SOUND);
    assert_eq!(with_header("in: cookie, schema: {type: integer}", "sid", "a=b; sid=x"), ["violation parameter-schema /cookie/sid"]);
    assert_eq!(with_header("in: cookie, schema: {type: integer}", "sid", "a=b"), ["violation parameter-missing /cookie/sid"]);
}

#[test]
fn an_empty_value_may_be_allowed() {
    let shape = |more: &str| parameter("/x", &format!("{{name: c, in: query, required: true, {more} schema: {{type: integer}}}}"));
    assert_eq!(query(&shape("allowEmptyValue: true,"), "c="), SOUND);
    assert_eq!(query(&shape(""), "c="), ["violation parameter-schema /query/c"]);
}

#[test]
fn messages_name_the_parameter() {
    let contract =
        parameter("/x", "{name: include, in: query, explode: false, schema: {type: array, items: {type: string, enum: [emails, tags]}}}");
    let checked = contract.check(&exchange("GET", "/x?include=emails,secret", 200, ""));
    assert_eq!(
        short(&checked),
        "violation parameter-schema [/query/include/1] /paths/~1x/get/parameters/0/schema/items/enum: `/1` of query parameter `include` is a string of 6 characters, expected one of `emails`, `tags`"
    );
}

#[test]
fn undocumented_query_parameters_are_told_once_and_keys_are_not() {
    let text = api(
        "paths:\n  /x:\n    get:\n      security: [{key: []}]\n      responses: {default: {description: any}}\ncomponents:\n  securitySchemes: {key: {type: apiKey, in: query, name: api_key}}\n",
    );
    let contract = contract(&text);
    let checked = contract.check(&exchange("GET", "/x?api_key=secret&page=1&page=2", 200, ""));
    assert_eq!(rules(&checked), ["drift undocumented-field /query/page"]);
    assert_eq!(checked.url, "https://api.test/v1/x?api_key=***&page=1&page=2");
    let refused = contract.check(&Exchange { status: 400, ..exchange("GET", "/x?api_key=secret&page=1", 200, "") });
    assert_eq!(rules(&refused), ["note undocumented-field /query/page"]);
}

#[test]
fn forms_are_checked_as_objects() {
    let contract = contract(&api("paths:
  /x:
    post:
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                age: {type: integer}
                tags: {type: array, items: {type: string, maxLength: 3}}
                meta: {type: object, properties: {a: {type: integer}}}
            encoding: {ids: {style: form, explode: false}}
      responses: {default: {description: any}}
"));
    let form = |body: &str| {
        rules(&contract.check(&common::with_request(exchange("POST", "/x", 200, ""), "application/x-www-form-urlencoded", body)))
    };
    assert_eq!(form("name=A+B&age=5&tags=a&tags=b&meta[a]=1"), SOUND);
    assert_eq!(form("age=5"), ["violation request-body-schema "]);
    assert_eq!(form("name=x&age=old"), ["violation request-body-schema /age"]);
    assert_eq!(form("name=x&tags=long"), ["violation request-body-schema /tags/0"]);
    assert_eq!(form("name=x&meta[a]=y"), ["violation request-body-schema /meta/a"]);
    assert_eq!(form("name=x&other=1"), ["drift undocumented-field /other"]);
}
