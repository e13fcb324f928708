//! Operations: requests with their parameters and credentials, responses to typed answers and back.

#![expect(clippy::unwrap_used, reason = "the helpers below are parts of tests")]

use http::HeaderValue;
use wireproof_runtime::{
    Api, Bytes, Credentials, DecodeError, JSON, Json, KeyLocation, Multipart, Operation, OperationInfo, OperationResponse, RawResponse,
    RequestBuilder, ResponseParts, SchemeKind, SecuritySchemeInfo, SecurityUse, Server, ServerInfo, response, round_trip,
};

const BEARER: SecuritySchemeInfo = SecuritySchemeInfo { name: "Token", kind: SchemeKind::Http { scheme: "bearer" } };
const KEY: SecuritySchemeInfo =
    SecuritySchemeInfo { name: "Key", kind: SchemeKind::ApiKey { location: KeyLocation::Header, name: "X-Key" } };
const BASIC: SecuritySchemeInfo = SecuritySchemeInfo { name: "Login", kind: SchemeKind::Http { scheme: "Basic" } };
const QUERY: SecuritySchemeInfo =
    SecuritySchemeInfo { name: "Query", kind: SchemeKind::ApiKey { location: KeyLocation::Query, name: "api key" } };
const COOKIE: SecuritySchemeInfo =
    SecuritySchemeInfo { name: "Cookie", kind: SchemeKind::ApiKey { location: KeyLocation::Cookie, name: "sid" } };

const SCHEMES: &[SecuritySchemeInfo] = &[BEARER, KEY, BASIC, QUERY, COOKIE];

const API: Api = Api {
    title: "Contacts",
    version: "1",
    servers: &[ServerInfo { url: "https://h/v1", description: None }],
    security_schemes: SCHEMES,
    operations: &[GetContact::INFO],
};

#[derive(Default)]
struct GetContact {
    id: String,
    tags: Option<Vec<String>>,
    trace: Option<String>,
    session: Option<String>,
}

impl Operation for GetContact {
    type Response = GetContactResponse;

    const INFO: OperationInfo = OperationInfo {
        id: Some("getContact"),
        method: "GET",
        path: "/contacts/{id}",
        security: &[
            &[SecurityUse { scheme: BEARER.name, scopes: &[] }, SecurityUse { scheme: KEY.name, scopes: &[] }],
            &[SecurityUse { scheme: BASIC.name, scopes: &["read"] }],
        ],
        security_schemes: SCHEMES,
        deprecated: false,
        parameters: &[],
        bodies: &[],
        round_trip: round_trip::<Self>,
    };

    fn encode(&self, request: &mut RequestBuilder) {
        request.path("id", &self.id);
        request.query("tags", &self.tags);
        request.header("X-Trace", false, &self.trace);
        request.cookie("session", true, &self.session);
    }

    fn decode(response: RawResponse) -> Result<Self::Response, DecodeError> {
        response
            .reader()
            .json("200", JSON, GetContactResponse::Ok)
            .empty("404", GetContactResponse::NotFound)
            .finish(GetContactResponse::Undocumented)
    }
}

#[derive(Clone)]
enum GetContactResponse {
    Ok(Vec<i64>),
    NotFound,
    Undocumented(RawResponse),
}

impl OperationResponse for GetContactResponse {
    fn parts(&self) -> ResponseParts<'_> {
        match self {
            Self::Ok(body) => ResponseParts::json(200, "Ok", body),
            Self::NotFound => ResponseParts::empty(404, "NotFound"),
            Self::Undocumented(raw) => ResponseParts::undocumented(raw),
        }
    }
}

response!(GetContactResponse);

fn server() -> Server {
    Server::parse("https://h/v1/").unwrap()
}

fn reply(status: u16, content_type: &str, body: &str) -> http::Response<Bytes> {
    http::Response::builder().status(status).header("content-type", content_type).body(body.to_owned().into()).unwrap()
}

#[test]
fn requests_carry_their_parameters_and_no_absent_ones() {
    let operation =
        GetContact { id: "a/b c".into(), tags: Some(vec!["x".into(), "y&z".into()]), trace: Some("t".into()), session: Some("s;1".into()) };
    let request = operation.to_request(&server(), &Credentials::anonymous()).unwrap();
    assert_eq!(request.method(), "GET");
    assert_eq!(request.uri(), "https://h/v1/contacts/a%2Fb%20c?tags=x&tags=y%26z");
    assert_eq!(request.headers()["x-trace"], "t");
    assert_eq!(request.headers()["cookie"], "session=s%3B1");

    let request = GetContact { id: "1".into(), ..GetContact::default() }.to_request(&server(), &Credentials::anonymous()).unwrap();
    assert_eq!(request.uri(), "https://h/v1/contacts/1");
    assert!(request.headers().is_empty());
}

#[test]
fn values_that_would_make_another_request_are_refused() {
    for (operation, expected) in [
        (GetContact::default(), "path parameter `id` is empty"),
        (GetContact { id: "..".into(), ..GetContact::default() }, "path parameter `id` is empty or a dot segment"),
        (
            GetContact { id: "1".into(), trace: Some("a\r\nX: y".into()), ..GetContact::default() },
            "header parameter `X-Trace` has a line break",
        ),
    ] {
        let error = operation.to_request(&server(), &Credentials::anonymous()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn the_first_alternative_that_is_given_in_full_is_sent() {
    let operation = GetContact { id: "1".into(), ..GetContact::default() };
    let request = |credentials: &Credentials| operation.to_request(&server(), credentials);
    let both = Credentials::new().bearer("Token", "t0k3n").api_key("Key", "k3y").basic("Login", "ann", "pw:1");
    let headers = request(&both).unwrap().into_parts().0.headers;
    assert_eq!((headers["authorization"].as_bytes(), headers["x-key"].as_bytes()), (b"Bearer t0k3n".as_slice(), b"k3y".as_slice()));
    assert!(headers.values().all(HeaderValue::is_sensitive));

    let headers = request(&Credentials::new().bearer("Token", "t0k3n").basic("Login", "ann", "pw:1")).unwrap().into_parts().0.headers;
    assert_eq!(headers["authorization"], "Basic YW5uOnB3OjE=");
    assert!(!headers.contains_key("x-key"));

    let error = request(&Credentials::new().bearer("Token", "t0k3n")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`getContact` asks for credentials that were not given: `Token` and `Key`, or `Login`; give them by the name of the scheme, or send without on purpose"
    );
    assert!(request(&Credentials::anonymous()).unwrap().headers().is_empty());
}

#[test]
fn secrets_never_show() {
    let operation = GetContact { id: "1".into(), ..GetContact::default() };
    let credentials = Credentials::new().basic("Login", "ann", "s3cret").bearer("Token", "s3cret\n").api_key("Key", "s3cret\n");
    let wrong_kind = Credentials::new().api_key("Login", "s3cret");
    let shown = [
        format!("{credentials:?}"),
        operation.to_request(&server(), &credentials).unwrap_err().to_string(),
        operation.to_request(&server(), &wrong_kind).unwrap_err().to_string(),
        format!("{:?}", operation.to_request(&server(), &Credentials::new().basic("Login", "ann", "s3cret")).unwrap()),
    ];
    for text in shown {
        assert!(!text.contains("s3cret"), "{text}");
    }
    assert!(operation.to_request(&server(), &wrong_kind).unwrap_err().to_string().ends_with("give it with `basic`"));
}

#[test]
fn keys_go_where_their_scheme_says() {
    const INFO: OperationInfo = OperationInfo {
        id: None,
        method: "POST",
        path: "/x?fixed=1",
        security: &[&[], &[SecurityUse { scheme: QUERY.name, scopes: &[] }, SecurityUse { scheme: COOKIE.name, scopes: &[] }]],
        security_schemes: SCHEMES,
        deprecated: true,
        parameters: &[],
        bodies: &[],
        round_trip: round_trip::<GetContact>,
    };
    let request =
        RequestBuilder::new(&INFO).build(&server(), &Credentials::new().api_key("Query", "a&b").api_key("Cookie", "c;d")).unwrap();
    assert_eq!(request.uri(), "https://h/v1/x?fixed=1&api%20key=a%26b");
    assert_eq!(request.headers()["cookie"], "sid=c%3Bd");
    assert!(request.headers()["cookie"].is_sensitive());
    let request = RequestBuilder::new(&INFO).build(&server(), &Credentials::none()).unwrap();
    assert_eq!(request.uri(), "https://h/v1/x?fixed=1", "security is optional here");
    assert_eq!(INFO.label(), "POST /x?fixed=1");
}

#[test]
fn bodies_are_written_with_their_content_type() {
    type Write<'w> = &'w dyn Fn(&mut RequestBuilder);
    let bodies: [(&str, &str, Write<'_>); 6] = [
        ("application/vnd.x+json", r#"{"a":1}"#, &|request| request.json("application/vnd.x+json", &r#"{"a":1}"#.parse::<Json>().unwrap())),
        ("application/x-www-form-urlencoded", "a=1+2", &|request| {
            request.form("application/x-www-form-urlencoded", &r#"{"a":"1 2"}"#.parse::<Json>().unwrap());
        }),
        ("text/markdown", "hi", &|request| request.text("text/markdown", "hi")),
        ("text/plain; charset=utf-8", "hi", &|request| request.text("text/*", "hi")),
        ("application/octet-stream", "\u{1}", &|request| request.bytes("application/octet-stream", Bytes::from_static(b"\x01"))),
        ("multipart/form-data; boundary=wireproof-boundary-1", "--wireproof-boundary-1--\r\n", &|request| {
            request.multipart("multipart/*", &Multipart::new());
        }),
    ];
    for (content_type, body, write) in bodies {
        let mut request = RequestBuilder::new(&GetContact::INFO);
        request.path("id", &"1".to_owned());
        write(&mut request);
        let request = request.build(&server(), &Credentials::anonymous()).unwrap();
        assert_eq!(request.headers()["content-type"], content_type);
        assert_eq!(request.body(), body);
    }
}

#[test]
fn responses_are_typed_and_come_back() {
    let answer = GetContact::from_response(reply(200, "application/json; charset=utf-8", "\u{feff}[1, 2.0]")).unwrap();
    assert!(matches!(&answer, GetContactResponse::Ok(ids) if *ids == [1, 2]));
    assert_eq!(answer.to_string(), "200 OK (Ok)");
    let trip = |response| (API.operation("getContact").unwrap().round_trip)(RawResponse::from(response)).unwrap();
    let ok = trip(reply(200, "application/json", "[1]"));
    assert_eq!((ok.variant, ok.documented, ok.body), ("Ok", true, Some("[1]".into())));
    let other = trip(reply(200, "text/html", "[1]"));
    assert_eq!((other.variant, other.documented, other.body), ("Undocumented", false, None));
    assert!(API.operation("GET /contacts/{id}").is_some() && API.operation("nothing").is_none());
    assert_eq!(API.security_scheme("Key"), Some(&KEY));
}

#[test]
fn decode_errors_say_where_and_quote_nothing() {
    for (body, pointer, message) in [
        (r#"[1,"ann@x.y"]"#, "/1", "invalid type: a string, expected a number at line 1 column 13"),
        (r#""ann@x.y""#, "", "invalid type: string, expected an array at line 1 column 9"),
        ("", "", "the body is empty, expected JSON"),
        ("[1] x", "", "trailing characters at line 1 column 5"),
        ("[1", "/1", "EOF while parsing a list at line 1 column 2"),
    ] {
        let error = GetContact::from_response(reply(200, "application/json", body)).unwrap_err();
        assert_eq!((error.pointer.as_str(), error.message.as_str()), (pointer, message), "{body}");
        assert!(!format!("{error} {error:?}").contains("ann@"), "{error}");
        assert_eq!(error.body, body);
    }
    let error = GetContact::from_response(reply(200, "application/json", r#"[1,"x"]"#)).unwrap_err().to_string();
    assert!(error.starts_with("response 200 (application/json) cannot be read at `/1`: "), "{error}");
}

#[test]
fn headers_are_read_into_their_types() {
    let mut raw = RawResponse::from(reply(200, "text/plain", ""));
    for (name, value) in [
        ("n", "5"),
        ("s", "5"),
        ("b", "true"),
        ("list", "1, 2,3"),
        ("map", "a=1,b=2"),
        ("flat", "a,1,b,2"),
        ("big", "1208925819614629174706176"),
    ] {
        raw.headers.append(name, HeaderValue::from_static(value));
    }
    raw.headers.append("list", HeaderValue::from_static("4"));
    assert_eq!(raw.header::<u64>("N", false), Some(5));
    assert_eq!(raw.header::<String>("s", false).as_deref(), Some("5"));
    assert_eq!(raw.header::<bool>("b", false), Some(true));
    assert_eq!(raw.header::<Option<i32>>("n", false), Some(Some(5)));
    assert_eq!(raw.header::<Vec<i64>>("list", false), Some(vec![1, 2, 3, 4]));
    for (name, explode) in [("map", true), ("flat", false)] {
        let map = raw.header::<wireproof_runtime::Map<i64>>(name, explode).unwrap();
        assert_eq!(map.into_iter().collect::<Vec<_>>(), [("a".to_owned(), 1), ("b".to_owned(), 2)]);
    }
    assert_eq!(raw.header::<Json>("big", false).unwrap().to_string(), "1208925819614629174706176");
    assert_eq!(raw.header::<i64>("b", false), None, "unreadable");
    assert_eq!(raw.header::<i64>("missing", false), None);
}

#[test]
fn a_response_is_shown_and_compared_with_all_that_is_in_it() {
    let read = |status, body: &str| GetContact::from_response(reply(status, "application/json", body)).unwrap();
    assert_eq!(format!("{:?}", read(200, "[1, 2]")), "Ok(200, [1, 2])");
    assert_eq!(format!("{:?}", read(404, "")), "NotFound(404)");
    assert!(format!("{:?}", read(500, "secret")).starts_with("Undocumented(500, RawResponse"), "{:?}", read(500, "secret"));
    assert_eq!(read(200, "[1, 2]"), read(200, " [1,2]"));
    assert_eq!(read(404, ""), read(404, "[]"));
    assert_ne!(read(200, "[1, 2]"), read(200, "[1, 3]"));
    assert_ne!(read(200, "[1, 2]"), read(404, "[1, 2]"));
    assert_ne!(read(500, "[1, 2]"), read(500, "[1, 3]"));
    assert_eq!(read(500, "[1, 2]").clone(), read(500, "[1, 2]"));
}
