//! `type-decode` and `type-round-trip`, through an API of hand-written functions in the place of generated types.

mod common;

use common::{api, document, exchange, rules, short, with_request};
use wireproof_contract::{Checked, Contract, Options};
use wireproof_runtime::{Api, BodyError, BodyInfo, Bytes, DecodeError, HeaderMap, OperationInfo, RawResponse, RoundTrip, StatusCode};

/// A type that reads objects whose `id` is a string, and forgets the member `lost`.
#[expect(clippy::needless_pass_by_value, reason = "the form that generated code has")]
fn forgetful(response: RawResponse) -> Result<RoundTrip, DecodeError> {
    if response.status != 200 {
        return Ok(RoundTrip { variant: "Undocumented", documented: false, body: None });
    }
    let mut value: serde_json::Value =
        serde_json::from_slice(&response.body).map_err(|error| DecodeError::new(&response, error.to_string()))?;
    if value.get("id").is_some_and(|id| !id.is_string()) {
        return Err(DecodeError::new(&response, "/id: invalid type: expected a string"));
    }
    if let Some(members) = value.as_object_mut() {
        members.shift_remove("lost");
        if let Some(count) = members.get_mut("count") {
            *count = serde_json::json!(1);
        }
    }
    Ok(RoundTrip { variant: "Ok", documented: true, body: Some(value.to_string().into()) })
}

static API: Api = Api {
    title: "Test",
    version: "1",
    servers: &[],
    security_schemes: &[],
    operations: &[OPERATION, OperationInfo { id: None, method: "HEAD", ..OPERATION }, SENDING],
};

/// A type of a request body that wants a string `id`, and forgets the member `lost`.
fn forgetful_request(body: &Bytes) -> Result<Bytes, BodyError> {
    let response = RawResponse { status: StatusCode::OK, headers: HeaderMap::new(), body: body.clone() };
    match forgetful(response) {
        Ok(round_trip) => round_trip.body.ok_or_else(|| BodyError::new("no body")),
        Err(error) => Err(BodyError::new(format!("{}: {}", error.pointer, error.message))),
    }
}

const SENDING: OperationInfo = OperationInfo {
    id: Some("putX"),
    method: "PUT",
    bodies: &[
        BodyInfo { media_types: &["application/json", "text/json"], constraints: None, round_trip: Some(forgetful_request) },
        BodyInfo { media_types: &["application/x-www-form-urlencoded"], constraints: None, round_trip: None },
    ],
    round_trip: unread,
    ..OPERATION
};

/// An answer that is no matter of types.
#[expect(clippy::unnecessary_wraps, reason = "the form that generated code has")]
fn unread(_: RawResponse) -> Result<RoundTrip, DecodeError> {
    Ok(RoundTrip { variant: "Undocumented", documented: false, body: None })
}

const OPERATION: OperationInfo = OperationInfo {
    id: Some("getX"),
    method: "GET",
    path: "/x",
    security: &[],
    security_schemes: &[],
    deprecated: false,
    parameters: &[],
    bodies: &[],
    round_trip: forgetful,
};

fn checked(method: &str, status: u16, body: &str) -> Checked {
    let text = api(
        "paths:\n  /x:\n    get:\n      operationId: getX\n      responses:\n        '200':\n          description: ok\n          content:\n            application/json:\n              schema: {type: object, properties: {id: {}, lost: {}, count: {type: number}, flag: {type: boolean}}}\n        '404': {description: no}\n    head:\n      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}\n",
    );
    let contract = Contract::new(document(&text), Options { api: Some(&API), ..Options::default() }).expect("a contract");
    contract.check(&exchange(method, "/x", status, body))
}

fn check(status: u16, body: &str) -> Checked {
    checked("GET", status, body)
}

const PLACE: &str = "/paths/~1x/get/responses/200/content/application~1json";

#[test]
fn a_body_that_survives_raises_nothing() {
    assert_eq!(short(&check(200, r#"{"id": "a", "flag": true, "count": 1.0}"#)), "");
}

#[test]
fn a_body_that_the_type_cannot_read_is_told() {
    assert_eq!(
        short(&check(200, r#"{"id": 5}"#)),
        format!(
            "violation type-decode [/id] {PLACE}: the generated type does not decode the body at `/id`: invalid type: expected a string"
        )
    );
}

#[test]
fn losses_and_changes_are_told_by_place() {
    assert_eq!(
        short(&check(200, r#"{"id": "a", "lost": {"x": 1}, "count": 2}"#)),
        format!(
            "violation type-round-trip [/lost] {PLACE}: the generated type of `getX` reads the body as `Ok`, but `/lost` is lost on writing it again\n\
             violation type-round-trip [/count] {PLACE}: the generated type of `getX` reads the body as `Ok`, but `/count` is another value on writing it again"
        )
    );
}

#[test]
fn where_the_schema_is_broken_the_types_are_told_with_it() {
    let unread = check(200, r#"{"id": 5, "flag": "yes"}"#);
    assert_eq!(unread.findings.len(), 1);
    assert_eq!(
        unread.findings[0].types.as_deref(),
        Some("the generated type does not decode the body at `/id`: invalid type: expected a string")
    );
    let read = check(200, r#"{"flag": "yes"}"#);
    assert_eq!(read.findings[0].types.as_deref(), Some("the generated type decodes the body all the same, as `Ok`"));
    let lost = check(200, r#"{"flag": "yes", "lost": 1}"#);
    assert_eq!(
        lost.findings[0].types.as_deref(),
        Some("the generated type decodes the body as `Ok`, but `/lost` is lost on writing it again")
    );
    let cut = check(200, r#"{"flag""#);
    assert!(cut.findings[0].types.is_some());
}

#[test]
fn undocumented_answers_are_not_held_against_the_types() {
    assert_eq!(check(404, "").findings, []);
    assert_eq!(check(500, "{}").findings.len(), 1, "only the status is undocumented");
}

#[test]
fn an_answer_without_a_body_by_nature_is_not_decoded() {
    assert_eq!(checked("HEAD", 200, "").findings, []);
    assert_eq!(short(&check(200, "")).lines().count(), 1, "an empty answer to GET is told once, as missing");
}

/// A request to `putX`, answered with this status.
fn put(content_type: &str, body: &str, status: u16) -> Checked {
    let text = api(
        "paths:\n  /x:\n    put:\n      operationId: putX\n      requestBody:\n        content:\n          application/json: {schema: {$ref: '#/components/schemas/X'}}\n          text/json: {schema: {$ref: '#/components/schemas/X'}}\n          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/X'}}\n      responses:\n        '200': {description: ok}\n        '400': {description: no}\ncomponents:\n  schemas:\n    X: {type: object, properties: {id: {}, lost: {}, flag: {type: boolean}}}\n",
    );
    let contract = Contract::new(document(&text), Options { api: Some(&API), ..Options::default() }).expect("a contract");
    contract.check(&with_request(exchange("PUT", "/x", status, ""), content_type, body))
}

#[test]
fn the_bodies_of_requests_go_through_their_types() {
    const SENT: &str = "/paths/~1x/put/requestBody/content";
    assert_eq!(short(&put("application/json", r#"{"id": "a", "flag": true}"#, 200)), "");
    for (content_type, name) in [("application/json", "application~1json"), ("text/json; charset=utf-8", "text~1json")] {
        let unread = put(content_type, r#"{"id": 5}"#, 200);
        assert_eq!(
            short(&unread),
            format!(
                "violation type-decode [/id] {SENT}/{name}: the generated type does not decode the body at `/id`: invalid type: expected a string"
            )
        );
        assert_eq!(unread.findings[0].on.name(), "request");
    }
    assert_eq!(
        short(&put("application/json", r#"{"lost": 1}"#, 200)),
        format!(
            "violation type-round-trip [/lost] {SENT}/application~1json: the generated type of `putX` reads the body as `application/json`, but `/lost` is lost on writing it again"
        )
    );
    assert_eq!(rules(&put("application/json", r#"{"id": 5}"#, 400)), ["note type-decode /id"], "refused, as it should be");
    let broken = put("application/json", r#"{"id": 5, "flag": 1}"#, 200);
    assert_eq!(rules(&broken), ["violation request-body-schema /flag"]);
    assert_eq!(
        broken.findings[0].types.as_deref(),
        Some("the generated type does not decode the body at `/id`: invalid type: expected a string")
    );
    assert_eq!(rules(&put("application/json", "{", 200)), ["violation body-unparseable "], "what is no JSON is told once");
    assert_eq!(short(&put("application/x-www-form-urlencoded", "id=5", 200)), "", "forms have no type to go through");
}
