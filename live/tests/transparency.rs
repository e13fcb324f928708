//! Bytes pass the proxy unchanged, both ways: each conversation is held with a server directly and through the proxy, and compared.

mod support;

use std::time::Duration;

use support::{PATIENCE, Server, Step, converse, entry, proxy, send, wait};

/// A conversation: what the client says, what the server says, and how the recording shows the content of the answer, where it does.
struct Case {
    name: &'static str,
    client: Vec<Step>,
    server: Vec<Step>,
    content: Option<&'static str>,
}

const GET: &str = "GET /a?b=%2F&c HTTP/1.1\r\nhOsT: server.example\r\nX-One:1\r\nx-one:   2  \r\nACCEPT: */*\r\n\r\n";

fn case(name: &'static str, answer: &str, content: Option<&'static str>) -> Case {
    Case { name, client: vec![send(GET)], server: vec![wait("\r\n\r\n"), send(answer)], content }
}

fn answers() -> Vec<Case> {
    vec![
        case(
            "odd JSON and odd fields",
            "HTTP/1.1 200 Fine, thank you\r\nSet-Cookie: a=1\r\nset-cookie: b=2; Path=/\r\nX-Odd:no space\r\nX-Wide:   three  \r\nX-Empty:\r\nContent-Length: 63\r\n\r\n{ \"a\" : 1,\"a\":2, \"n\":12345678901234567890.000, \"e\":1e400 }\r\n\t  ",
            Some("{ \"a\" : 1,\"a\":2, \"n\":12345678901234567890.000, \"e\":1e400 }\r\n\t  "),
        ),
        case(
            "chunks with extensions and trailers",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5;a=b\r\nhello\r\n0006\r\n world\r\n0;last\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n",
            Some("hello world"),
        ),
        case("no content", "HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n", None),
        case("not modified, with a length", "HTTP/1.1 304 \r\nContent-Length: 99\r\n\r\n", None),
        case("an early hint", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", Some("x")),
        case("a field that goes on", "HTTP/1.1 200 OK\r\nX-Fold: a\r\n  b\r\nContent-Length: 1\r\n\r\nx", Some("x")),
    ]
}

fn endings() -> Vec<Case> {
    let ends = |name, answer: &str, content| {
        let mut case = case(name, answer, content);
        case.server.push(Step::Close);
        case
    };
    vec![
        ends("until the end, in HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nall of it", Some("all of it")),
        ends("until the end", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it", Some("all of it")),
        ends("closed as announced", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", Some("ok")),
        ends("broken off in a length", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot a hundred", Some("not a hundred")),
        ends("broken off in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\nhalf", Some("half")),
    ]
}

fn requests() -> Vec<Case> {
    let head = "POST /upload HTTP/1.1\r\nHost: server.example\r\n";
    let ok = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok";
    let expecting = format!("{head}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n");
    let large = format!("{head}Content-Length: 1000000\r\n\r\n{}", "x".repeat(999_999) + "!");
    let refused = "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nmuch";
    let two = format!("{GET}{GET}");
    vec![
        Case {
            name: "a body that is waited for",
            client: vec![send(&expecting), wait(go_on), send("hello")],
            server: vec![wait("\r\n\r\n"), send(go_on), wait("hello"), send(ok)],
            content: Some("ok"),
        },
        Case {
            name: "a chunked request in pieces",
            client: chunked.as_bytes().chunks(7).flat_map(|piece| [send(piece), Step::Pause(Duration::from_millis(3))]).collect(),
            server: vec![wait("X-Sum: 1\r\n\r\n"), send(ok)],
            content: Some("ok"),
        },
        Case { name: "a large request", client: vec![send(&large)], server: vec![wait("x!"), send(ok)], content: Some("ok") },
        Case {
            name: "an answer before the request is over",
            client: vec![send(&large.as_bytes()[..5_000]), wait("much")],
            server: vec![wait(&"x".repeat(4_000)), send(refused), Step::Close],
            content: Some("much"),
        },
        Case {
            name: "two requests at once",
            client: vec![send(&two)],
            server: vec![wait("\r\n\r\n"), send(ok), Step::Await("\r\n\r\n".to_owned(), 2), send(ok)],
            content: Some("ok"),
        },
    ]
}

#[test]
fn what_passes_is_what_was_said() {
    for case in answers().into_iter().chain(endings()).chain(requests()) {
        let closes = case.server.iter().any(|step| matches!(step, Step::Close));
        let said: usize = case.server.iter().map(|step| if let Step::Send(bytes) = step { bytes.len() } else { 0 }).sum();
        let total = (!closes).then_some(said);
        let server = Server::start(case.server);
        let direct = converse(server.address, &case.client, total).bytes;
        let asked = server.read.recv_timeout(PATIENCE).expect("the server was there");
        let proxy = proxy(server.address);
        let passed = converse(proxy.address(), &case.client, total).bytes;
        let entry = entry(&proxy);
        drop(proxy);
        let passed_on = server.read.recv_timeout(PATIENCE).expect("the server was there");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&passed), text(&direct), "{}: the answer", case.name);
        assert_eq!(passed.len(), said, "{}: all of the answer", case.name);
        // The one thing that changes is whom the request is for.
        let expected = text(&asked).replace("server.example", &server.address.to_string());
        let common = if closes { expected.len().min(passed_on.len()) } else { expected.len() };
        assert!(
            expected.as_bytes()[..common] == passed_on[..common.min(passed_on.len())],
            "{}: the request is\n{}",
            case.name,
            text(&passed_on)
        );
        assert_eq!(entry["response"]["content"]["text"].as_str(), case.content, "{}: the recording", case.name);
    }
}

#[test]
fn compressed_bytes_pass_as_they_are_and_are_recorded_as_text() {
    // `{"a":1}`, compressed by another program.
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\x05\x00\xaf\xac\x1b\x56\x07\x00\x00\x00";
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", gzip.len());
    let answer = [head.as_bytes(), gzip].concat();
    let server = Server::start(vec![wait("\r\n\r\n"), send(&answer)]);
    let proxy = proxy(server.address);
    let passed = converse(proxy.address(), &[send(GET)], Some(answer.len())).bytes;
    assert_eq!(passed, answer);
    let content = &entry(&proxy)["response"]["content"];
    assert_eq!((content["text"].as_str(), content["size"].as_u64()), (Some("{\"a\":1}"), Some(7)));
}

#[test]
fn a_large_answer_passes_whole_and_is_recorded_up_to_the_limit() {
    const SIZE: usize = 24 << 20;
    let body: Vec<u8> = (0..SIZE).map(|index| b'a' + u8::try_from(index % 26).expect("a letter")).collect();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n");
    let answer = [head.as_bytes(), &body].concat();
    let server = Server::start(vec![wait("\r\n\r\n"), send(&answer)]);
    let proxy = proxy(server.address);
    let passed = converse(proxy.address(), &[send(GET)], Some(answer.len())).bytes;
    assert!(passed == answer, "{} of {} bytes are the same", passed.iter().zip(&answer).take_while(|(a, b)| a == b).count(), answer.len());
    let entry = entry(&proxy);
    assert_eq!(entry["response"]["bodySize"].as_u64(), Some(SIZE as u64));
    assert_eq!(entry["response"]["content"]["text"].as_str().map(str::len), Some(16 << 20));
    assert_eq!(entry["response"]["content"]["_truncated"].as_bool(), Some(true));
    assert!(entry["comment"].as_str().expect("a comment").starts_with("the response body is not recorded whole: it has 25165824 bytes"));
}

#[test]
fn what_trickles_is_passed_on_at_once() {
    let mut steps =
        vec![wait("\r\n\r\n"), send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")];
    let events = 8;
    for number in 0..events {
        steps.extend([Step::Pause(Duration::from_millis(60)), send(format!("9\r\ndata: {number}\n\n\r\n"))]);
    }
    steps.push(send("0\r\n\r\n"));
    let said = steps.iter().map(|step| if let Step::Send(bytes) = step { bytes.len() } else { 0 }).sum();
    let server = Server::start(steps);
    let proxy = proxy(server.address);
    let got = converse(proxy.address(), &[send(GET)], Some(said));
    assert_eq!(got.bytes.len(), said);
    assert!(got.times.len() > events / 2, "events arrive one by one: {} reads", got.times.len());
    let (first, last) = (got.times[0], got.times[got.times.len() - 1]);
    assert!(last - first > Duration::from_millis(200), "the first comes long before the last");
}

#[test]
fn an_endless_answer_is_recorded_when_the_recording_ends() {
    let events = "5\r\ntick\n\r\n";
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let server = Server::start(vec![wait("\r\n\r\n"), send(format!("{head}{events}"))]);
    let proxy = proxy(server.address);
    let got = converse(proxy.address(), &[send(GET)], Some(head.len() + events.len()));
    assert!(got.bytes.ends_with(events.as_bytes()));
    // The client stays; nothing more comes, and nothing ends.
    let stays = std::net::TcpStream::connect(proxy.address()).expect("a connection");
    std::io::Write::write_all(&mut &stays, GET.as_bytes()).expect("it is sent");
    std::thread::sleep(Duration::from_millis(200));
    proxy.end();
    let comments: Vec<String> =
        [entry(&proxy), entry(&proxy)].iter().map(|entry| entry["comment"].as_str().unwrap_or_default().to_owned()).collect();
    assert!(comments.iter().any(|comment| comment.contains("the recording ended before the exchange did")), "{comments:?}");
}

#[test]
fn connections_to_the_server_are_used_again() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let mut steps = Vec::new();
    for number in 1..=3 {
        steps.extend([Step::Await("\r\n\r\n".to_owned(), number), send(ok)]);
    }
    steps.push(Step::Close);
    let server = Server::start(steps);
    let proxy = proxy(server.address);
    for _ in 0..3 {
        assert_eq!(converse(proxy.address(), &[send(GET)], Some(ok.len())).bytes, ok.as_bytes());
    }
    // The server hears all three on its first connection, or it would not have come to its end.
    let heard = server.read.recv_timeout(PATIENCE).expect("the first connection ended");
    assert_eq!(String::from_utf8_lossy(&heard).matches("GET /a").count(), 3);
}

#[test]
fn nothing_that_may_change_something_is_ever_sent_twice() {
    // Every connection serves one request, and is closed without a word by the time of the next.
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let server = Server::start(vec![wait("\r\n\r\n"), send(ok), Step::Await("\r\n\r\n".to_owned(), 2), Step::Close]);
    let proxy = proxy(server.address);
    let ask = |method: &str| {
        let request = GET.replace("GET", method);
        String::from_utf8(converse(proxy.address(), &[send(&request)], Some(ok.len())).bytes).expect("text")
    };
    assert_eq!(ask("GET"), ok);
    assert!(ask("DELETE").starts_with("HTTP/1.1 502 Bad Gateway"), "a request that was lost is told, not repeated");
    let heard = server.read.recv_timeout(PATIENCE).expect("the first connection ended");
    assert_eq!(String::from_utf8_lossy(&heard).matches("DELETE").count(), 1);
    assert!(server.read.try_recv().is_err(), "there was no second connection");
    assert_eq!(ask("GET"), ok);
    assert_eq!(ask("GET"), ok, "what changes nothing is asked again");
}

#[test]
fn what_cannot_be_passed_on_is_refused() {
    let server = Server::start(vec![wait("never")]);
    let proxy = proxy(server.address);
    for (request, status) in [
        ("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "501"),
        ("GET relative HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"),
        ("\u{16}\u{3}\u{1}\u{2}", "400"),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", "400"),
    ] {
        let got = String::from_utf8(converse(proxy.address(), &[send(request)], None).bytes).expect("text");
        assert!(got.starts_with(&format!("HTTP/1.1 {status} ")) && got.contains("\r\n\r\nwireproof record: "), "{request:?}: {got}");
    }
}
