//! Each rule with exchanges that break it and exchanges that do not.

mod common;

use common::{api, contract, exchange, rules, short, with_request};
use wireproof_contract::{Body, Checked, Contract, Exchange, Verdict};

const SOUND: &[&str] = &[];

/// `GET /x` and `POST /x` with the responses given, and components.
fn operation(responses: &str, rest: &str) -> Contract {
    contract(&api(&format!("paths:\n  /x:\n    get:\n      operationId: getX\n      responses:\n{responses}\n{rest}")))
}

fn json_200(schema: &str) -> Contract {
    operation(&format!("        '200': {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}"), "")
}

fn get(contract: &Contract, status: u16, body: &str) -> Checked {
    contract.check(&exchange("GET", "/x", status, body))
}

fn typed(content_type: Option<&str>, status: u16, body: &str) -> Exchange {
    let mut exchange = exchange("GET", "/x", status, "");
    if let Some(content_type) = content_type {
        exchange.response.headers.push("content-type", content_type);
    }
    exchange.response.body = Body::from_bytes(body.to_owned());
    exchange
}

#[test]
fn statuses_match_exactly_by_range_and_by_default() {
    let exact = "        '200': {description: ok}\n";
    for (responses, status, expected) in [
        (exact.to_owned(), 200, SOUND),
        (exact.to_owned(), 201, &["drift status-undocumented "]),
        (format!("{exact}        4XX: {{description: no}}"), 429, SOUND),
        (format!("{exact}        4XX: {{description: no}}"), 500, &["drift status-undocumented "]),
        (format!("{exact}        default: {{description: any}}"), 500, SOUND),
    ] {
        assert_eq!(rules(&get(&operation(&responses, ""), status, "")), expected, "{responses} {status}");
    }
    let checked = get(&operation("        '200': {description: ok}\n        '404': {description: no}", ""), 429, "");
    assert_eq!(
        short(&checked),
        "drift status-undocumented [] /paths/~1x/get/responses: status 429 is not documented: the document has 200, 404"
    );
    assert_eq!(checked.findings[0].spec.as_ref().map(ToString::to_string).as_deref(), Some("api.yaml:8:7"));
}

#[test]
fn the_exact_status_wins_over_its_range() {
    let contract = operation(
        "        4XX: {description: no, content: {application/json: {schema: {type: string}}}}\n        '404': {description: no, content: {application/json: {schema: {type: integer}}}}",
        "",
    );
    assert_eq!(rules(&get(&contract, 404, "1")), SOUND);
    assert_eq!(rules(&get(&contract, 400, "1")), ["violation body-schema "]);
}

#[test]
fn content_types_are_compared_as_http_does() {
    let contract = json_200("{type: object}");
    for (content_type, body, expected) in [
        (Some("application/json"), "{}", SOUND),
        (Some("Application/JSON; charset=utf-8"), "{}", SOUND),
        (Some("text/html"), "<html>", &["drift content-type-undocumented "][..]),
        (Some("application/problem+json"), "{}", &["drift content-type-undocumented "]),
        (Some("application/problem+json"), "{", &["drift content-type-undocumented ", "violation body-unparseable "]),
        (None, "{}", &["drift content-type-undocumented "]),
        (None, "[]", &["drift content-type-undocumented ", "violation body-schema "]),
        (None, "<html>", &["drift content-type-undocumented "]),
        (Some("application/json"), "<html>", &["violation body-unparseable "]),
    ] {
        assert_eq!(rules(&contract.check(&typed(content_type, 200, body))), expected, "{content_type:?} {body}");
    }
    let html = contract.check(&typed(Some("text/html"), 200, "<html>"));
    assert_eq!(html.findings[0].message, "the body is `text/html`, which is not documented for status 200: expected `application/json`");
}

#[test]
fn bodies_are_missing_or_unexpected() {
    let contract = operation(
        "        '200': {description: ok, content: {application/json: {schema: {type: object}}}}\n        '202': {description: later}\n        '204': {description: no, content: {application/json: {schema: {type: object}}}}",
        "",
    );
    assert_eq!(rules(&get(&contract, 200, "")), ["violation body-missing "]);
    assert_eq!(rules(&get(&contract, 204, "")), SOUND);
    assert_eq!(rules(&get(&contract, 204, "{}")), ["drift body-unexpected "]);
    assert_eq!(rules(&get(&contract, 202, "")), SOUND);
    assert_eq!(rules(&get(&contract, 202, "{}")), ["drift body-unexpected "]);
    let mut unknown = exchange("GET", "/x", 200, "");
    unknown.response.body = Body::Unknown("the recording does not hold the response body".into());
    let checked = contract.check(&unknown);
    assert_eq!(rules(&checked), ["note body-schema "]);
    assert_eq!(checked.verdict, Verdict::Conforms);
}

#[test]
fn head_has_no_body() {
    let contract = contract(&api(
        "paths:\n  /x:\n    head:\n      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}\n",
    ));
    let head = |body: &str| rules(&contract.check(&Exchange { method: "HEAD".to_owned(), ..exchange("HEAD", "/x", 200, body) }));
    assert_eq!(head(""), SOUND);
    assert_eq!(head("{}"), ["drift body-unexpected "]);
}

#[test]
fn unparseable_bodies_name_line_and_column() {
    let contract = json_200("{type: object}");
    for (body, message) in [
        (
            "{\"a\": 1,\n \"b\"",
            "the body cannot be read as JSON: the text ends before the JSON value does: it is cut off, at line 2, column 5",
        ),
        (
            "{\"a\": 1, \"a\": 2}",
            "the body is not sound JSON: the key `a` stands twice in one object (first at line 1, column 2), at line 1, column 10",
        ),
        ("\u{feff}{}", "the body is not sound JSON: it begins with a byte order mark, which RFC 8259 forbids, at line 1, column 1"),
        ("{} {}", "the body cannot be read as JSON: something follows after the end of the JSON value, at line 1, column 4"),
    ] {
        let checked = get(&contract, 200, body);
        assert_eq!(checked.findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), [message]);
        assert_eq!(checked.verdict, Verdict::Violation);
    }
    let mut invalid = typed(Some("application/json"), 200, "");
    invalid.response.body = Body::from_bytes(&b"\"\xC3\x28\""[..]);
    assert_eq!(
        contract.check(&invalid).findings[0].message,
        "the body cannot be read as JSON: it is not UTF-8: byte 0xC3, at line 1, column 2"
    );
}

#[test]
fn numbers_are_exact() {
    for (schema, body, expected) in [
        ("{type: integer}", "1.0", true),
        ("{type: integer}", "1.5", false),
        ("{type: integer, maximum: 9007199254740992}", "9007199254740993", false),
        ("{type: integer, maximum: 9007199254740993}", "9007199254740993", true),
        ("{type: integer, format: int64}", "9223372036854775807", true),
        ("{type: integer, format: int64}", "9223372036854775808", false),
        ("{type: integer, format: int32}", "2147483648", false),
        ("{type: number, maximum: 1e399}", "1e400", false),
        ("{type: number, multipleOf: 0.01}", "19.99", true),
        ("{type: number, multipleOf: 0.01}", "19.999", false),
    ] {
        assert_eq!(get(&json_200(schema), 200, body).findings.is_empty(), expected, "{schema} {body}");
    }
}

#[test]
fn headers_are_required_and_typed() {
    let contract = operation(
        "        '200':
          description: ok
          headers:
            X-Rate-Limit: {required: true, schema: {type: integer}}
            X-Ids: {schema: {type: array, items: {type: integer}}}
            Retry-After: {schema: {type: integer}}",
        "",
    );
    let check = |headers: &[(&str, &str)]| {
        let mut exchange = exchange("GET", "/x", 200, "");
        for (name, value) in headers {
            exchange.response.headers.push(*name, *value);
        }
        short(&contract.check(&exchange))
    };
    assert_eq!(check(&[("x-rate-limit", "5"), ("X-IDS", "1"), ("x-ids", "2, 3")]), "");
    assert_eq!(
        check(&[]),
        "violation header-missing [/header/X-Rate-Limit] /paths/~1x/get/responses/200/headers/X-Rate-Limit/required: header `X-Rate-Limit` is missing, which is required"
    );
    assert_eq!(
        check(&[("x-rate-limit", "5"), ("Retry-After", "Sat, 21 Nov 2026 20:00:00 GMT")]),
        "violation header-schema [/header/Retry-After] /paths/~1x/get/responses/200/headers/Retry-After/schema/type: header `Retry-After` is a string, expected an integer"
    );
    assert!(check(&[("x-rate-limit", "5"), ("x-ids", "1"), ("x-ids", "x")]).contains("[/header/X-Ids/1]"));
}

#[test]
fn request_bodies_are_part_of_the_contract() {
    let contract = contract(&api("paths:
  /x:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Purge'}}}}
      responses: {'200': {description: ok}, '400': {description: no}, '500': {description: oops}}
    get:
      responses: {'200': {description: ok}}
components:
  schemas:
    Purge:
      type: object
      properties: {id: {type: string, nullable: true}, email: {type: string, nullable: true}, source: {type: string}}
      anyOf: [{required: [id]}, {required: [email]}]
"));
    let post = |status: u16, body: &str| contract.check(&with_request(exchange("POST", "/x", status, ""), "application/json", body));
    for body in ["{\"id\": \"7\"}", "{\"id\": null}", "{\"id\": \"\", \"email\": \"a\"}"] {
        assert_eq!(rules(&post(200, body)), SOUND, "{body}");
    }
    assert_eq!(
        short(&post(200, "{\"source\": \"crm\"}")),
        "violation request-body-schema [] /components/schemas/Purge/anyOf: the body has neither `id` nor `email`; one of them is required"
    );
    assert_eq!(rules(&post(302, "{}"))[0], "violation request-body-schema ");
    assert_eq!(rules(&post(400, "{}")), ["note request-body-schema "]);
    assert_eq!(rules(&post(500, "{}")), ["note request-body-schema "]);
    assert_eq!(rules(&post(200, "{")), ["violation body-unparseable "]);
    assert_eq!(rules(&contract.check(&exchange("POST", "/x", 200, ""))), ["violation request-body-missing "]);
    let text = contract.check(&with_request(exchange("POST", "/x", 200, ""), "text/plain", "{\"id\": \"7\"}"));
    assert_eq!(text.findings[0].message, "the body is sent as `text/plain`, expected `application/json`");
    assert_eq!(rules(&text), ["violation request-body-schema "]);
    let mut bare = exchange("POST", "/x", 200, "");
    bare.request.body = Body::from_bytes("{\"id\": \"7\"}");
    assert_eq!(rules(&contract.check(&bare)), ["note request-body-schema "]);
    let on_get = contract.check(&with_request(exchange("GET", "/x", 200, ""), "application/json", "{}"));
    assert_eq!(rules(&on_get), ["note request-body-schema "]);
    assert_eq!(on_get.verdict, Verdict::Conforms);
}

#[test]
fn marked_properties_belong_to_one_side() {
    let contract = contract(&api("paths:
  /x:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
components:
  schemas:
    Id: {type: integer, readOnly: true}
    User:
      allOf:
        - {type: object, required: [id, name, password]}
        - type: object
          properties:
            id: {$ref: '#/components/schemas/Id'}
            name: {type: string}
            password: {type: string, writeOnly: true}
            friends: {type: array, items: {$ref: '#/components/schemas/User'}}
"));
    let check =
        |sent: &str, received: &str| short(&contract.check(&with_request(exchange("POST", "/x", 200, received), "application/json", sent)));
    assert_eq!(check(r#"{"name": "a", "password": "b"}"#, r#"{"id": 1, "name": "a"}"#), "");
    assert_eq!(
        check(r#"{"id": 5, "name": "a", "password": "b"}"#, r#"{"id": 1, "name": "a", "password": "b"}"#),
        "violation read-only-in-request [/id] /components/schemas/User/allOf/1/properties/id: `/id` is readOnly, and stands in a request\n\
         violation write-only-in-response [/password] /components/schemas/User/allOf/1/properties/password: `/password` is writeOnly, and stands in a response"
    );
    assert_eq!(
        check(r#"{"name": "a"}"#, r#"{"name": "a", "friends": [{"name": "b"}]}"#),
        "violation request-body-schema [] /components/schemas/User/allOf/0/required: the body lacks `password`, which is required\n\
         violation body-schema [] /components/schemas/User/allOf/0/required: the body lacks `id`, which is required\n\
         violation body-schema [/friends/0] /components/schemas/User/allOf/0/required: `/friends/0` lacks `id`, which is required"
    );
}

#[test]
fn credentials_of_every_kind_are_found() {
    let security = |requirement: &str| {
        contract(&api(&format!(
            "paths:\n  /x:\n    get:\n      security: {requirement}\n      responses: {{default: {{description: any}}}}\ncomponents:\n  securitySchemes:\n    key: {{type: apiKey, in: header, name: X-API-Key}}\n    query: {{type: apiKey, in: query, name: k}}\n    cookie: {{type: apiKey, in: cookie, name: sid}}\n    bearer: {{type: http, scheme: bearer}}\n    basic: {{type: http, scheme: basic}}\n    oauth: {{type: oauth2, flows: {{}}}}\n    tls: {{type: mutualTLS}}\n"
        )))
    };
    let check = |requirement: &str, query: &str, headers: &[(&str, &str)]| {
        let mut exchange = exchange("GET", &format!("/x{query}"), 200, "");
        for (name, value) in headers {
            exchange.request.headers.push(*name, *value);
        }
        rules(&security(requirement).check(&exchange)).is_empty()
    };
    for (requirement, query, headers, expected) in [
        ("[{key: []}]", "", &[("x-api-KEY", "***")][..], true),
        ("[{key: []}]", "", &[("x-api-key", "")], false),
        ("[{key: []}]", "", &[], false),
        ("[{query: []}]", "?k=1", &[], true),
        ("[{query: []}]", "?k=", &[], false),
        ("[{cookie: []}]", "", &[("cookie", "a=b; sid=1")], true),
        ("[{bearer: []}]", "", &[("authorization", "Bearer x")], true),
        ("[{bearer: []}]", "", &[("authorization", "Basic x")], false),
        ("[{oauth: []}]", "", &[("Authorization", "bearer x")], true),
        ("[{basic: []}, {key: []}]", "", &[("X-API-Key", "x")], true),
        ("[{basic: [], key: []}]", "", &[("X-API-Key", "x")], false),
        ("[{}, {key: []}]", "", &[], true),
        ("[]", "", &[], true),
        ("[{tls: []}]", "", &[], true),
    ] {
        assert_eq!(check(requirement, query, headers), expected, "{requirement} {query} {headers:?}");
    }
    let checked = security("[{basic: []}, {key: [], cookie: []}]").check(&exchange("GET", "/x", 200, ""));
    assert_eq!(
        checked.findings[0].message,
        "the request carries no credential, expected header `Authorization` with a credential for `basic`, or header `X-API-Key` and cookie `sid`"
    );
    let refused = security("[{key: []}]").check(&exchange("GET", "/x", 401, ""));
    assert_eq!(rules(&refused), ["note security-missing "]);
}

#[test]
fn deprecated_operations_are_noted() {
    let contract = contract(&api("paths:\n  /x:\n    get: {deprecated: true, responses: {default: {description: any}}}\n"));
    let checked = get(&contract, 200, "");
    assert_eq!(short(&checked), "note deprecated-operation [] /paths/~1x/get/deprecated: `GET /x` is deprecated");
    assert_eq!(checked.verdict, Verdict::Conforms);
}

#[test]
fn what_rests_on_an_assumption_is_drift() {
    let contract = operation(
        "        '200':
          description: ok
          headers: {X-Id: {x-evidence: assumed, required: true, schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}",
        "components:
  schemas:
    A:
      type: object
      x-evidence: assumed
      properties:
        guess: {type: integer}
        known: {type: integer, x-evidence: documented}",
    );
    assert_eq!(rules(&get(&contract, 200, r#"{"guess": "x"}"#)), ["drift header-missing /header/X-Id", "drift body-schema /guess"]);
    assert_eq!(get(&contract, 200, r#"{"known": "x"}"#).verdict, Verdict::Violation);
}

#[test]
fn one_cause_in_a_list_is_one_finding() {
    let contract = json_200("{type: array, items: {type: object, required: [a, b], properties: {a: {type: integer}, b: {type: integer}}}}");
    let checked = get(&contract, 200, r#"[{"a": 1, "b": 1}, {"c": 1}, {"a": "x", "b": 1}, {"a": "y", "c": 2}]"#);
    assert_eq!(
        checked.findings.iter().map(|finding| format!("{} {}: {}", finding.rule, finding.count(), finding.message)).collect::<Vec<_>>(),
        [
            "body-schema 1: `/1` lacks `a`, which is required",
            "body-schema 2: `/1` lacks `b`, which is required",
            "body-schema 2: `/2/a` is a string, expected an integer",
            "undocumented-field 2: `/1/c` is not documented",
        ]
    );
    assert_eq!(checked.findings[1].places.iter().map(ToString::to_string).collect::<Vec<_>>(), ["/1", "/3"]);
}
