//! Tokens for clients of OAuth 2: RFC 6749, section 4.4, "Client Credentials Grant". Next: `mod.rs`.

use std::time::Duration;

use serde_json::Value;
use wireproof_openapi::Document;

use crate::credentials::{self, Credential, Credentials, Secret};
use crate::net::{NetError, chain, is_loopback, obedient_client};
use crate::plan::{Carries, Planned};

/// The same credentials, with a token for each client whose scheme a request of the plan asks for.
pub(super) async fn obtain(
    document: &Document,
    planned: &[&Planned],
    given: &Credentials,
    timeout: Duration,
) -> Result<Credentials, NetError> {
    let mut all = given.clone();
    for (name, id, secret, token_url) in given.clients() {
        let mut alternatives = planned.iter().filter_map(|planned| match &planned.carries {
            Carries::Real(alternative) => Some(alternative),
            Carries::Nothing | Carries::Malformed(_) => None,
        });
        let scopes = alternatives.find_map(|alternative| alternative.schemes.iter().find(|(scheme, _)| scheme == name));
        let Some((_, scopes)) = scopes else { continue };
        let url = token_url.map(str::to_owned).or_else(|| documented(document, name));
        let url = url.ok_or_else(|| failed(name, "the document has no `clientCredentials` flow with a `tokenUrl`: give `token-url`"))?;
        let token = request(&url, (id, secret), scopes, timeout).await.map_err(|reason| failed(name, &given.mask(&reason)))?;
        all.insert(name, Credential::Key(Secret::new(token)));
        // The client's own secret stays one, also now that its token is used.
        all.insert(format!("{name} (client)"), Credential::Client { id: id.clone(), secret: secret.clone(), token_url: None });
    }
    Ok(all)
}

fn failed(scheme: &str, reason: &str) -> NetError {
    NetError::Client(format!("no token for `{scheme}`: {reason}"))
}

/// The document's token URL of a scheme.
fn documented(document: &Document, scheme: &str) -> Option<String> {
    let scheme = credentials::scheme(document, scheme)?;
    let url = document.get(&scheme.pointer)?.get("flows")?.get("clientCredentials")?.get("tokenUrl")?;
    url.as_str().map(str::to_owned)
}

async fn request(url: &str, client: (&Secret, &Secret), scopes: &[String], timeout: Duration) -> Result<String, String> {
    let url = reqwest::Url::parse(url).map_err(|error| format!("its token URL is none: {error}"))?;
    let host = url.host_str().unwrap_or_default();
    if url.scheme() != "https" && !is_loopback(host) {
        return Err(format!("`{host}` would be sent the secret in the clear: a token URL begins with `https://`"));
    }
    let http = obedient_client(host, timeout).map_err(|error| error.to_string())?;
    let mut form = "grant_type=client_credentials".to_owned();
    if !scopes.is_empty() {
        form.push_str("&scope=");
        form.push_str(&crate::text::escaped(&scopes.join(" ")));
    }
    let (id, secret) = client;
    let sent = http
        .post(url)
        .basic_auth(id.reveal(), Some(secret.reveal()))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .body(form)
        .send()
        .await;
    let response = sent.map_err(|error| chain(&error.without_url()))?;
    let status = response.status();
    let bytes = response.bytes().await.map_err(|error| chain(&error.without_url()))?;
    let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    match answer.get("access_token").and_then(Value::as_str) {
        Some(token) if status.is_success() => Ok(token.to_owned()),
        _ => Err(format!("the token server answered {} without an `access_token`", status.as_u16())),
    }
}
