//! Clients in HTTP/2 before the proxy, and servers behind TLS.

mod support;

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use http::{HeaderMap, Request, Version};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use support::{PATIENCE, Server, converse, entry, proxy, send, wait};
use wireproof_live::record::{Options, Proxy, Upstream};

/// Sends one request in HTTP/2: the head of the answer, its body and its trailers.
async fn ask(
    address: std::net::SocketAddr,
    request: Request<()>,
    body: Option<(Bytes, HeaderMap)>,
) -> (http::response::Parts, Vec<u8>, Option<HeaderMap>) {
    let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let (client, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    let connection = tokio::spawn(connection);
    let mut client = client.ready().await.expect("ready");
    let (response, mut sending) = client.send_request(request, body.is_none()).expect("it is sent");
    if let Some((content, trailers)) = body {
        sending.send_data(content, trailers.is_empty()).expect("it is sent");
        if !trailers.is_empty() {
            sending.send_trailers(trailers).expect("they are sent");
        }
    }
    let (parts, mut body) = response.await.expect("an answer").into_parts();
    let mut content = Vec::new();
    while let Some(data) = body.data().await {
        let data = data.expect("data");
        body.flow_control().release_capacity(data.len()).expect("a window");
        content.extend_from_slice(&data);
    }
    let trailers = body.trailers().await.expect("an end");
    drop(client);
    connection.abort();
    (parts, content, trailers)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn a_stream_becomes_a_request_and_its_answer_a_stream() {
    let answer = "HTTP/1.1 201 Made\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n";
    let server = Server::start(vec![wait("x-end: 1\r\n\r\n"), send(answer), support::Step::Close]);
    let proxy = proxy(server.address);
    let request = Request::builder()
        .method("POST")
        .uri(format!("http://{}/things?x=1", proxy.address()))
        .version(Version::HTTP_2)
        .header("cookie", "a=1")
        .header("cookie", "b=2")
        .header("x-one", "1")
        .header("x-one", "2")
        .body(())
        .expect("a request");
    let trailers: HeaderMap = [(http::HeaderName::from_static("x-end"), http::HeaderValue::from_static("1"))].into_iter().collect();
    let (parts, content, trailers) =
        runtime().block_on(ask(proxy.address(), request, Some((Bytes::from_static(b"{\"n\":1.0}"), trailers))));
    assert_eq!(parts.status, 201);
    assert_eq!(parts.headers.get_all("set-cookie").iter().collect::<Vec<_>>(), ["a=1", "b=2"]);
    assert_eq!(parts.headers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>(), ["set-cookie"], "nothing that is for one hop");
    assert_eq!(content, b"hello");
    assert_eq!(trailers.expect("trailers")["x-sum"], "7");
    let heard = String::from_utf8(server.read.recv_timeout(PATIENCE).expect("the server was there")).expect("text");
    let expected = format!(
        "POST /things?x=1 HTTP/1.1\r\nhost: {}\r\nx-one: 1\r\nx-one: 2\r\ncookie: a=1; b=2\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{{\"n\":1.0}}\r\n0\r\nx-end: 1\r\n\r\n",
        server.address
    );
    assert_eq!(heard, expected);
    let entry = entry(&proxy);
    assert_eq!(
        (entry["request"]["httpVersion"].as_str(), entry["request"]["postData"]["text"].as_str()),
        (Some("HTTP/2"), Some("{\"n\":1.0}"))
    );
    assert_eq!(entry["response"]["_trailers"][0]["name"], "X-Sum");
}

#[test]
fn a_large_stream_waits_for_its_reader() {
    const SIZE: usize = 3 << 20;
    let body: Vec<u8> = (0..SIZE).map(|index| u8::try_from(index % 251).expect("a byte")).collect();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n");
    let server = Server::start(vec![wait("\r\n\r\n"), send([head.as_bytes(), &body].concat())]);
    let proxy = proxy(server.address);
    let request = Request::builder().uri(format!("http://{}/", proxy.address())).version(Version::HTTP_2).body(()).expect("a request");
    let (parts, content, trailers) = runtime().block_on(ask(proxy.address(), request, None));
    assert_eq!((parts.status.as_u16(), trailers), (200, None));
    assert!(content == body, "{} bytes", content.len());
    assert_eq!(entry(&proxy)["response"]["content"]["encoding"], "base64");
}

const CERTIFICATE: &[u8] = include_bytes!("fixtures/server.pem");
const KEY: &[u8] = include_bytes!("fixtures/server.key");

/// A server behind TLS that answers one request on each connection with what it was asked.
fn tls_server() -> std::net::SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let config = Arc::new(builder.with_no_client_auth().with_single_cert(vec![certificate], key).expect("a configuration"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut session = rustls::ServerConnection::new(Arc::clone(&config)).expect("a session");
            let mut tls = rustls::Stream::new(&mut session, &mut stream);
            let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
            while !read.ends_with(b"\r\n\r\n") {
                match tls.read(&mut buffer) {
                    Ok(count) if count > 0 => read.extend_from_slice(&buffer[..count]),
                    Ok(_) | Err(_) => break,
                }
            }
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", read.len());
            // A client that does not trust the server is gone by now.
            let _ = tls.write_all(&[head.as_bytes(), &read].concat());
            session.send_close_notify();
            let _ = rustls::Stream::new(&mut session, &mut stream).flush();
        }
    });
    address
}

#[test]
fn servers_behind_tls_are_reached_if_they_are_trusted() {
    let server = tls_server();
    let upstream = Upstream::parse(&format!("https://localhost:{}/v1", server.port())).expect("a URL");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate")).expect("a root");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let trust = Arc::new(builder.with_root_certificates(roots).with_no_client_auth());
    let options = Options::new("127.0.0.1:0".parse().expect("an address"), upstream);
    let request = send("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");

    let proxy = Proxy::start(Options { trust: Some(trust), ..options.clone() }).expect("it starts");
    let got = String::from_utf8(converse(proxy.address(), std::slice::from_ref(&request), None).bytes).expect("text");
    assert!(got.ends_with(&format!("\r\n\r\nGET /v1/a HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", server.port())), "{got}");
    assert_eq!(entry(&proxy)["response"]["status"], 200);

    let proxy = Proxy::start(options).expect("it starts");
    let got = String::from_utf8(converse(proxy.address(), &[request], None).bytes).expect("text");
    assert!(got.starts_with("HTTP/1.1 502 ") && got.contains("certificate"), "a certificate that this machine does not know: {got}");
    let entry = entry(&proxy);
    assert_eq!(entry["response"]["status"], 0);
    assert!(entry["response"]["_error"].as_str().expect("a reason").contains("the server cannot be reached"));
}
