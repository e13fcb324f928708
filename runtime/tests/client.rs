//! `Client` against a server of one answer on this machine.

#![cfg(feature = "reqwest")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use wireproof_runtime::{
    Client, Credentials, DecodeError, Operation, OperationInfo, OperationResponse, RawResponse, RequestBuilder, RequestError,
    ResponseParts, SchemeKind, SecuritySchemeInfo, SecurityUse, SendError, Server, round_trip,
};

struct Purge {
    email: String,
}

#[derive(Debug)]
enum PurgeResponse {
    Ok(Vec<i64>),
    Undocumented(RawResponse),
}

impl Operation for Purge {
    type Response = PurgeResponse;

    const INFO: OperationInfo = OperationInfo {
        id: Some("purge"),
        method: "POST",
        path: "/purge",
        security: &[&[SecurityUse { scheme: "Token", scopes: &[] }]],
        security_schemes: &[SecuritySchemeInfo { name: "Token", kind: SchemeKind::Http { scheme: "bearer" } }],
        deprecated: false,
        parameters: &[],
        bodies: &[],
        round_trip: round_trip::<Self>,
    };

    fn encode(&self, request: &mut RequestBuilder) {
        request.json("application/json", &self.email);
    }

    fn decode(response: RawResponse) -> Result<PurgeResponse, DecodeError> {
        match response.status().as_u16() {
            200 if response.is(&["application/json"]) => response.json().map(PurgeResponse::Ok),
            _ => Ok(PurgeResponse::Undocumented(response)),
        }
    }
}

impl OperationResponse for PurgeResponse {
    fn parts(&self) -> ResponseParts<'_> {
        match self {
            Self::Ok(body) => ResponseParts::json(200, "Ok", body),
            Self::Undocumented(raw) => ResponseParts::undocumented(raw),
        }
    }
}

/// Answers one request, and hands out what it was.
fn serve(answer: &'static str) -> std::io::Result<(Server, JoinHandle<String>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let server = Server::parse(&format!("http://{}/v1", listener.local_addr()?)).map_err(std::io::Error::other)?;
    let seen = std::thread::spawn(move || {
        let mut request = Vec::new();
        let Ok((mut connection, _)) = listener.accept() else { return String::new() };
        let mut chunk = [0; 1024];
        while let Ok(length @ 1..) = connection.read(&mut chunk) {
            request.extend_from_slice(&chunk[..length]);
            if request.ends_with(b"\"ann@example.com\"") {
                break;
            }
        }
        // The client may have gone before it has read everything: that is what the limit is for.
        let _ = connection.write_all(answer.as_bytes());
        String::from_utf8_lossy(&request).into_owned()
    });
    Ok((server, seen))
}

async fn send(answer: &'static str, limit: usize) -> (Result<PurgeResponse, SendError>, String) {
    let (server, seen) = serve(answer).expect("a port on this machine");
    let client = Client::new(server, Credentials::new().bearer("Token", "s3cret")).expect("TLS can be set up").body_limit(limit);
    let answer = client.send(&Purge { email: "ann@example.com".into() }).await;
    drop(client);
    (answer, seen.join().expect("the server does not panic"))
}

#[tokio::test]
async fn an_operation_is_sent_and_answered() {
    let (answer, seen) = send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n[1,2]", 100).await;
    assert!(matches!(answer, Ok(PurgeResponse::Ok(ids)) if ids == [1, 2]));
    assert!(seen.starts_with("POST /v1/purge HTTP/1.1\r\n"), "{seen}");
    assert!(seen.contains("authorization: Bearer s3cret\r\n") && seen.contains("content-type: application/json\r\n"), "{seen}");
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let (answer, _) = send("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/steal\r\ncontent-length: 0\r\n\r\n", 100).await;
    assert!(matches!(answer, Ok(PurgeResponse::Undocumented(raw)) if raw.status == 307));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let (answer, _) = send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n[1,2]", 4).await;
    assert!(matches!(answer, Err(SendError::BodyTooLarge(4))));
}

#[tokio::test]
async fn an_answer_that_does_not_fit_says_where() {
    let (answer, _) = send("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n[1,{}", 100).await;
    let error = answer.expect_err("it does not fit").to_string();
    assert!(error.starts_with("response 200 (application/json) cannot be read at `/1`"), "{error}");
}

#[tokio::test]
async fn a_request_that_cannot_be_made_is_not_sent() {
    let client = Client::new(Server::parse("http://127.0.0.1:1").unwrap(), Credentials::none()).unwrap();
    let error = client.send(&Purge { email: String::new() }).await.unwrap_err();
    assert!(matches!(error, SendError::Request(RequestError::MissingCredentials { .. })), "{error}");
}
