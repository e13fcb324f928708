//! One request of a plan, sent exactly as planned, and its answer, without the credentials that a server may have put into it. The
//! only place where credentials and requests meet. Next: `mod.rs`.

use std::cell::OnceCell;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use wireproof_contract::{Body, Exchange, Headers, Message};
use wireproof_openapi::Document;

use crate::credentials::Credentials;
use crate::net::{NetError, chain, is_loopback, obedient_client};
use crate::plan::{Carries, Planned};

/// Answers longer than this are not read to their end.
const MAX_BODY: usize = 16 << 20;

/// Who asks, for the logs of the server.
const USER_AGENT: &str = concat!("wireproof/", env!("CARGO_PKG_VERSION"), " (probe)");

pub(super) struct Sender<'p> {
    document: &'p Document,
    credentials: &'p Credentials,
    timeout: Duration,
    /// Clients for other machines and for this one, made when first needed.
    clients: [OnceCell<reqwest::Client>; 2],
}

impl<'p> Sender<'p> {
    pub(super) fn new(document: &'p Document, credentials: &'p Credentials, timeout: Duration) -> Self {
        Self { document, credentials, timeout, clients: Default::default() }
    }

    fn client(&self, host: &str) -> Result<&reqwest::Client, NetError> {
        let [elsewhere, here] = &self.clients;
        let cell = if is_loopback(host) { here } else { elsewhere };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let client = obedient_client(host, self.timeout)?;
        Ok(cell.get_or_init(|| client))
    }

    /// Sends a request once.
    pub(super) async fn send(&self, planned: &Planned) -> Result<Exchange, String> {
        let reason = |error: &dyn std::error::Error| self.credentials.mask(&chain(error));
        let (url, headers) = match &planned.carries {
            Carries::Real(alternative) => {
                let (mut url, mut headers) = (planned.url.clone(), planned.headers.clone());
                self.credentials.apply(self.document, alternative, &mut url, &mut headers);
                (url, headers)
            }
            // There is no key in these.
            Carries::Nothing | Carries::Malformed(_) => planned.with_key(self.document, ""),
        };
        let target = reqwest::Url::parse(&url).map_err(|error| reason(&error))?;
        if !url.contains(target.path()) {
            // What was planned, and judged to be harmless, is what is sent; not what somebody makes of it.
            return Err("its path would be sent in another form than it was planned in".to_owned());
        }
        let method = reqwest::Method::from_bytes(planned.method.as_bytes()).map_err(|error| reason(&error))?;
        let client = self.client(target.host_str().unwrap_or_default()).map_err(|error| reason(&error))?;
        let mut request = client.request(method, target).header("User-Agent", USER_AGENT).header("Accept", "*/*");
        // One field for all cookies (RFC 6265, section 5.4): of a parameter and of a scheme alike.
        let cookies: Vec<&str> = headers.all("cookie").collect();
        let others = headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("cookie"));
        let joined = cookies.join("; ");
        for (name, value) in others.chain((!joined.is_empty()).then_some(("Cookie", joined.as_str()))) {
            let value =
                reqwest::header::HeaderValue::from_str(value).map_err(|_| format!("header `{name}` has a value that cannot be sent"))?;
            request = request.header(name, value);
        }
        if !planned.body.is_empty() {
            request = request.body(planned.body.clone());
        }
        let mut response = request.send().await.map_err(|error| reason(&error.without_url()))?;
        let status = response.status().as_u16();
        let headers: Headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), self.credentials.mask(&String::from_utf8_lossy(value.as_bytes()))))
            .collect();
        let body = read(&mut response).await.map_err(|error| reason(&error.without_url()))?;
        let coded = headers.get("content-encoding").is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity"));
        let body = match body {
            Some(_) if coded => Body::Unknown("it is compressed, though nothing said that this is welcome".into()),
            Some(bytes) => Body::from_bytes(self.credentials.mask_bytes(&bytes)),
            None => Body::Unknown(format!("it is longer than {} MB", MAX_BODY >> 20).into()),
        };
        Ok(planned.exchange(self.document, status, Message { headers, body }))
    }
}

/// The body; `None` where it is too long.
async fn read(response: &mut reqwest::Response) -> Result<Option<Bytes>, reqwest::Error> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if bytes.len() + chunk.len() > MAX_BODY {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(bytes.freeze()))
}
