//! What requests are made of, and what becomes of answers.

use behaviour::*;
use wireproof_runtime::{Bytes, Credentials, File, Map, Operation, RawRequest, Server, http};

use crate::{keeps, refuses};

fn server() -> Server {
    Server::parse("https://h.example/v1/").unwrap()
}

pub(crate) fn request<O: Operation>(operation: &O) -> http::Request<Bytes> {
    operation.to_request(&server(), &Credentials::new()).unwrap()
}

#[test]
fn parameters_travel_in_their_place_and_style() {
    use parameters::GetPart;
    let mut part = GetPart::new(5, vec!["a/b".to_owned(), "c".to_owned()], "t");
    part.fields = Some(vec!["x".to_owned(), "y".to_owned()]);
    part.tags = Some(vec!["p".to_owned(), "q".to_owned()]);
    part.filter = Some(serde_json::from_str(r#"{"from": "1", "to": "2"}"#).unwrap());
    part.query_id = Some("second".to_owned());
    part.x_trace = Some("trace".to_owned());
    part.session = Some("s1".to_owned());
    part.r#where = Some(Map::from_iter([("k".to_owned(), "v".to_owned())]));
    let request = request(&part);
    assert_eq!(request.uri().path(), "/v1/items/5/parts/.a%2Fb.c");
    let query: Vec<&str> = request.uri().query().unwrap().split('&').collect();
    for part in ["fields=x,y", "tags=p%7Cq", "filter%5Bfrom%5D=1", "filter%5Bto%5D=2", "id=second", "type=t", "where=%7B%22k%22%3A%22v%22%7D"] {
        assert!(query.contains(&part), "{query:?} lacks {part}");
    }
    assert_eq!(request.headers()["x-trace"], "trace");
    assert_eq!(request.headers()["cookie"], "session=s1");
}

#[test]
fn operations_are_shown_and_compared_by_what_they_send() {
    use bodies::*;
    use parameters::GetPart;
    let mut part = GetPart::new(5, vec!["a/b".to_owned(), "c".to_owned()], "t \"t\"");
    assert_eq!(format!("{part:?}"), r#"GetPart { id: 5, part: ["a/b","c"], type: "t \"t\"" }"#);
    assert_eq!(part, part.clone());
    let other = |change: fn(&mut GetPart)| {
        let mut other = GetPart::new(5, vec!["a/b".to_owned(), "c".to_owned()], "t \"t\"");
        change(&mut other);
        other
    };
    assert_ne!(part, other(|other| other.id = 6));
    assert_ne!(part, other(|other| other.part.reverse()));
    // The same value in another place is another request.
    part.session = Some("s".to_owned());
    assert_ne!(part, other(|other| other.x_trace = Some("s".to_owned())));
    // A value that no header can carry is no error here, and hides nothing that follows.
    part.x_trace = Some("a\nb".to_owned());
    assert!(format!("{part:?}").ends_with(r#"X-Trace: "a\nb", session: "s" }"#), "{part:?}");
    assert_ne!(part, other(|other| other.x_trace = Some("a\nb".to_owned())));

    let json = |text| PostJson::new(serde_json::from_str::<PostJsonBody>(text).unwrap());
    assert_eq!(format!("{:?}", json(r#"{"a": "x", "b": [1.5]}"#)), r#"PostJson { body: {"a":"x","b":[1.5]} }"#);
    assert_eq!(json(r#"{"a": "x", "b": 1, "c": 2}"#), json(r#"{"c": 2, "a": "x", "b": 1}"#));
    assert_ne!(json(r#"{"a": "x"}"#), json(r#"{"a": "y"}"#));
    assert_eq!(format!("{:?}", PostOptional::new()), "PostOptional");
    assert_ne!(PostOptional::new(), PostOptional { body: Some(Vec::new()) });
    assert_eq!(format!("{:?}", Either::new(EitherContent::Csv("a,b".to_owned()))), r#"Either { body: "a,b" }"#);
    let upload = |bytes| Upload::new(UploadForm { file: File::from(Bytes::from_static(bytes)), more: Vec::new(), note: None });
    assert!(format!("{:?}", upload(b"\xff")).ends_with(" bytes }"));
    assert_eq!(upload(b"x"), upload(b"x"));
    assert_ne!(upload(b"x"), upload(b"y"));
}

#[test]
fn every_style_is_written_as_the_document_says() {
    use parameters::*;
    let list = || vec!["a b".to_owned(), "c/d".to_owned()];
    let pair = || Pair::new("x", 1);
    let members = GetStylesFormMembers::new("i");
    let styles = GetStyles::new(
        list(), pair(), list(), pair(), 5, list(), pair(), list(), list(), pair(), members, list(), list(), pair(), "a/b?c d&e", list(), pair(), "p", pair(),
    );
    let request = request(&styles);
    assert_eq!(
        request.uri().path(),
        "/v1/styles/a%20b,c%2Fd/g=x,r=1/.a%20b,c%2Fd/.g=x.r=1/;matrix=5/;matrix_list=a%20b;matrix_list=c%2Fd/;matrix_object=g,x,r,1"
    );
    assert_eq!(
        request.uri().query().unwrap().split('&').collect::<Vec<_>>(),
        [
            "form=a%20b", "form=c%2Fd", "form_joined=a%20b,c%2Fd", "form_object=g,x,r,1", "inner=i", "spaces=a%20b%20c%2Fd", "pipes=a%20b%7Cc%2Fd",
            "deep%5Bg%5D=x", "deep%5Br%5D=1", "reserved=a/b?c%20d%26e",
        ]
    );
    assert_eq!((request.headers()["x-list"].to_str().unwrap(), request.headers()["x-pair"].to_str().unwrap()), ("a b,c/d", "g=x,r=1"));
    assert_eq!(request.headers()["cookie"], "plain=p; content=%7B%22g%22%3A%22x%22%2C%22r%22%3A1%7D");
    assert!(!request.headers().contains_key("authorization") && !request.headers().contains_key("accept"));
}

#[test]
fn parts_of_bodies_are_written_by_their_encoding() {
    use bodies::*;
    let body = serde_json::from_str(r#"{"joined": ["x", "y z"], "deep": {"k": "v"}, "json": {"k": "v"}, "reserved": "a/b c"}"#).unwrap();
    let form = request(&SendEncoded::new(body));
    let text = String::from_utf8(form.body().to_vec()).unwrap();
    let mut pairs: Vec<&str> = text.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(pairs, ["deep%5Bk%5D=v", "joined=x,y+z", "json=%7B%22k%22%3A%22v%22%7D", "reserved=a/b+c"]);

    let picture = File::from(Bytes::from_static(b"png"));
    let parts = SendPartsForm { meta: serde_json::from_str(r#"{"a": "x"}"#).unwrap(), picture: picture.clone(), rows: Some(serde_json::from_str(r#"[{"n": 1}, {"n": 2}]"#).unwrap()), note: Some("n".to_owned()), any: Some(picture) };
    let text = String::from_utf8(request(&SendParts::new(parts)).body().to_vec()).unwrap();
    for part in [
        "name=\"meta\"\r\nContent-Type: application/vnd.meta+json\r\n\r\n{\"a\":\"x\"}",
        "name=\"picture\"; filename=\"picture\"\r\nContent-Type: image/png\r\n\r\npng",
        "name=\"rows\"\r\nContent-Type: application/json\r\n\r\n{\"n\":1}",
        "name=\"rows\"\r\nContent-Type: application/json\r\n\r\n{\"n\":2}",
        "name=\"note\"\r\nContent-Type: text/markdown\r\n\r\nn",
        "name=\"any\"; filename=\"any\"\r\nContent-Type: application/octet-stream\r\n\r\npng",
    ] {
        assert!(text.contains(part), "{text} lacks {part}");
    }
}

#[test]
fn bodies_are_written_by_content_type() {
    use bodies::*;
    let json = request(&PostJson::new(PostJsonBody::new("x")));
    assert_eq!((json.headers()["content-type"].to_str().unwrap(), &json.body()[..]), ("application/json", &br#"{"a":"x"}"#[..]));
    assert!(request(&PostOptional::new()).body().is_empty());
    let form = request(&SendForm::new(serde_json::from_str(r#"{"name": "a b&c", "tags": ["x", "y"]}"#).unwrap()));
    assert_eq!(form.headers()["content-type"], "application/x-www-form-urlencoded");
    let text = String::from_utf8(form.body().to_vec()).unwrap();
    assert!(text.contains("tags=x&tags=y") && text.contains("%26c"), "{text}");
    let file = File { filename: Some("f.txt".to_owned()), content_type: None, bytes: Bytes::from_static(b"content") };
    let upload = request(&Upload::new(UploadForm { file, more: Vec::new(), note: Some("n".to_owned()) }));
    let text = String::from_utf8(upload.body().to_vec()).unwrap();
    assert!(text.contains("filename=\"f.txt\"") && text.contains("content") && text.contains("name=\"note\""), "{text}");
    let csv = request(&Either::new(EitherContent::Csv("a,b".to_owned())));
    assert_eq!((csv.headers()["content-type"].to_str().unwrap(), &csv.body()[..]), ("text/csv", &b"a,b"[..]));
    let answer = |kind: &str, body: &'static str| {
        let response = http::Response::builder().status(200).header("content-type", kind).body(Bytes::from_static(body.as_bytes())).unwrap();
        Either::from_response(response).unwrap()
    };
    assert!(matches!(answer("text/csv; charset=utf-8", "a,b"), EitherResponse::Ok(EitherOkBody::Csv(_))));
    assert!(matches!(answer("application/json", "{}"), EitherResponse::Ok(EitherOkBody::Json(_))));
    assert!(matches!(answer("text/html", "<p>"), EitherResponse::Undocumented(_)));
}

#[test]
fn every_status_is_a_variant() {
    use statuses::*;
    let answer = |status: u16, kind: &str, body: &'static str| {
        let response = http::Response::builder().status(status).header("content-type", kind).body(Bytes::from_static(body.as_bytes())).unwrap();
        DeleteJob::from_response(response)
    };
    let problem = r#"{"title": "t"}"#;
    assert!(matches!(answer(200, "application/json", "{}").unwrap(), DeleteJobResponse::Ok(_)));
    assert!(matches!(answer(204, "", "").unwrap(), DeleteJobResponse::NoContent));
    assert!(matches!(answer(404, "application/json", problem).unwrap(), DeleteJobResponse::NotFound(_)));
    assert!(matches!(answer(422, "application/problem+json", problem).unwrap(), DeleteJobResponse::ClientError(status, _) if status == 422));
    assert!(matches!(answer(500, "application/json", problem).unwrap(), DeleteJobResponse::Default(status, _) if status == 500));
    assert!(matches!(answer(500, "text/html", "<p>").unwrap(), DeleteJobResponse::Undocumented(_)));
    let error = answer(404, "application/json", "{}").unwrap_err().to_string();
    assert!(error.contains("title"), "{error}");
    let refused = answer(404, "application/json", problem).unwrap();
    assert!(refused.to_string().contains("404"));
    let limits = http::Response::builder().status(200).header("content-type", "application/json").header("x-ratelimit-remaining", "7").header("X-Tags", "a,b");
    match GetLimits::from_response(limits.body(Bytes::from_static(b"{\"n\": 1}")).unwrap()).unwrap() {
        GetLimitsResponse::Ok(ok) => assert_eq!((ok.headers.x_rate_limit_remaining, ok.headers.x_tags, ok.body.n), (Some(7), Some(vec!["a".to_owned(), "b".to_owned()]), Some(1))),
        other => panic!("{other:?}"),
    }
}

#[test]
fn headers_are_read_each_by_itself() {
    use statuses::*;
    let answer = |headers: &[(&str, &str)]| {
        let response = http::Response::builder().status(200).header("content-type", "application/json");
        let response = headers.iter().fold(response, |response, (name, value)| response.header(*name, *value));
        GetLimits::from_response(response.body(Bytes::from_static(b"{}")).unwrap()).unwrap().into_result().unwrap().headers
    };
    assert_eq!(answer(&[]), GetLimitsOkHeaders::default());
    let read = answer(&[("x-ratelimit-remaining", "7"), ("X-Tags", "a"), ("X-Tags", "b"), ("x-code", "007"), ("x-pair", "a=1,b=x"), ("x-any", "1.50")]);
    assert_eq!((read.x_rate_limit_remaining, read.x_code.as_deref()), (Some(7), Some("007")));
    assert_eq!(read.x_tags, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(read.x_pair.map(|pair| (pair.a, pair.b)), Some((Some(1), Some("x".to_owned()))));
    assert_eq!(read.x_any.unwrap().to_string(), "1.50");
    // One that does not fit takes none of the others along.
    let read = answer(&[("x-ratelimit-remaining", "many"), ("x-code", "5"), ("x-pair", "a"), ("x-word", "5")]);
    assert_eq!((read.x_rate_limit_remaining, read.x_code.as_deref()), (None, Some("5")));
    assert_eq!(read.x_word, Some("5".to_owned()));
    // Two operations with the same headers have one type of them.
    let _: GetQuotaOkHeaders = GetLimitsOkHeaders::default();
}

#[test]
fn a_body_that_nobody_described_is_kept() {
    use statuses::*;
    let answer = |status: u16, kind: &str| {
        let response = http::Response::builder().status(status).header("content-type", kind).header("www-authenticate", "Basic");
        Plain::from_response(response.body(Bytes::from_static(b"[]")).unwrap()).unwrap()
    };
    assert!(matches!(answer(202, "text/html"), PlainResponse::Accepted(raw) if raw.bytes() == "[]"));
    assert!(matches!(answer(401, "text/html"), PlainResponse::Unauthorized(it) if it.headers.www_authenticate.as_deref() == Some("Basic") && it.body.bytes() == "[]"));
    assert!(matches!(answer(503, "text/html"), PlainResponse::ServerError(status, raw) if status == 503 && raw.bytes() == "[]"));
    assert!(matches!(answer(302, "text/html"), PlainResponse::Default(status, raw) if status == 302 && raw.bytes() == "[]"));
    // Documented as JSON: anything else is undocumented, not a case of `default`.
    assert!(matches!(answer(200, "text/html"), PlainResponse::Undocumented(raw) if raw.bytes() == "[]"));
}

#[test]
fn what_the_vendor_sends_has_types() {
    use webhooks::*;
    let made: ContactMadeWebhook = keeps(r#"{"id": "1", "state": "brand new"}"#);
    assert_eq!(made.state, Some(ContactState::Unknown("brand new".to_owned())));
    let gone: ContactGoneWebhookBody = keeps(r#"{"id": "1", "at": "2020-01-01T00:00:00Z"}"#);
    assert_eq!(gone.id, "1");
    // What is received needs what only the server sets.
    refuses::<ContactMadeWebhook>(r#"{"state": "on"}"#, &["id"]);
    assert_eq!(keeps::<SubscribeOnEventCallbackBody>(r#"{"event": "e"}"#).event.as_deref(), Some("e"));
    keeps::<OnEndCallback>(r#"{"id": "2"}"#);
    let _ = Subscribe::new(ContactRequest::default());
}

#[test]
fn a_request_with_a_broken_constraint_is_not_made() {
    use constraints::*;
    let (server, credentials) = (Server::parse("https://x.example").unwrap(), Credentials::new());
    let id = "123e4567-e89b-12d3-a456-426614174000";
    let sound = PutThing { limit: Some(100), tags: Some(vec!["a".into()]), x_trace: Some("abcd".into()), ..PutThing::new(id) };
    assert!(sound.to_request(&server, &credentials).is_ok());
    let thing: Thing = serde_json::from_str(r#"{"id": ""}"#).unwrap();
    let holder: Holder = serde_json::from_str(r#"{"thing": {"id": ""}}"#).unwrap();
    let odd = PutThing {
        limit: Some(0),
        tags: Some(vec!["123456789".into()]),
        filter: Some(thing.clone()),
        plain: Some("anything".into()),
        x_trace: Some("abc".into()),
        body: Some(PutThingContent::Json(holder)),
        ..PutThing::new("x")
    };
    let error = odd.to_request(&server, &credentials).unwrap_err().to_string();
    assert_eq!(
        error,
        "path parameter `id` is invalid: it breaks `format: uuid`; query parameter `limit` is invalid: it breaks `minimum: 1`; \
         query parameter `tags` is invalid: `/0` breaks `maxLength: 8`; query parameter `filter` is invalid: `/id` breaks `minLength: 1`; \
         header parameter `X-Trace` is invalid: it breaks `minLength: 4`; the body is invalid: `/thing/id` breaks `minLength: 1`"
    );
    assert!(odd.to_request_unchecked(&server, &credentials).is_ok());
    let body = |content| PutThing { body: Some(content), ..PutThing::new(id) }.to_request(&server, &credentials);
    let form = serde_json::from_str(r#"{"name": "abcd"}"#).unwrap();
    assert_eq!(body(PutThingContent::Form(form)).unwrap_err().to_string(), "the body is invalid: `/name` breaks `maxLength: 3`");
    let parts = PutThingForm { note: "abcd".into(), file: None, things: Some(vec![thing]) };
    let error = body(PutThingContent::Multipart(parts)).unwrap_err().to_string();
    assert_eq!(error, "the body is invalid: `/note` breaks `maxLength: 3`, `/things/0/id` breaks `minLength: 1`");
    let list = |items: &[i64]| PostList::new(id, items.to_vec()).to_request(&server, &credentials).map_err(|error| error.to_string());
    assert!(list(&[1, 2]).is_ok());
    assert_eq!(list(&[]).unwrap_err(), "the body is invalid: it breaks `minItems: 1`");
    assert_eq!(list(&[1, 1, 0]).unwrap_err(), "the body is invalid: it breaks `uniqueItems: true`, `/2` breaks `exclusiveMinimum: 0`");
}

#[test]
fn request_bodies_are_read_by_the_types_of_their_content_type() {
    use constraints::*;
    let read = |content_type: &str, body: &'static str| {
        let mut headers = http::HeaderMap::new();
        headers.insert("content-type", content_type.parse().unwrap());
        PutThing::INFO.request_round_trip(&RawRequest { headers, body: Bytes::from(body) })
    };
    for name in ["application/json", "text/json; charset=utf-8"] {
        let read_again = read(name, r#"{"thing":{"id":"much too long"},"x":1.0}"#).unwrap().unwrap();
        assert_eq!(read_again.body, Some(Bytes::from(r#"{"thing":{"id":"much too long"},"x":1.0}"#)));
        assert_eq!(read(name, r#"{"contact":{}}"#).unwrap().unwrap_err().pointer, "/contact");
    }
    assert!(read("application/x-www-form-urlencoded", "name=a").is_none());
    assert!(read("text/plain", "a").is_none());
}

#[test]
fn what_can_be_one_thing_only_is_no_argument() {
    use constructors::*;
    let made = request(&MakeCard::new(MakeCardMode::Fast, Card::new("1234")));
    assert_eq!((made.headers()["x-target"].to_str().unwrap(), made.uri().query()), ("Cards.Make", Some("mode=fast")));
    assert_eq!(made.body(), r#"{"kind":"card","number":"1234"}"#);
}
