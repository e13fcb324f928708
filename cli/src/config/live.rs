//! The part of `wireproof.toml` that `probe` reads: where credentials come from, which is never the file itself, and how much may be asked.
//!
//! ```toml
//! [vendors.clemta.auth]                    # by the names of the document's security schemes
//! ApiKeyAuth = { env = "CLEMTA_KEY" }
//! Session = { command = ["pass", "show", "clemta"] }
//! OAuth = { client-id = { env = "CLEMTA_ID" }, client-secret = { env = "CLEMTA_SECRET" } }
//!
//! [vendors.clemta.limits]
//! rate = 0.5                               # requests per second
//! timeout = 10                             # seconds to wait for an answer
//! budget = 100                             # requests in one run
//! ```
//!
//! Next: `cli/src/probe/credentials.rs`, which asks for the secrets.

use indexmap::IndexMap;
use serde::Deserialize;

/// Where one secret comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A variable of the environment.
    Env(String),
    /// A program with its arguments, whose output it is. No shell is involved.
    Command(Vec<String>),
}

/// Where the credential for one security scheme comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// A key or token; for `basic`, user and password with a colon between them.
    Key(SecretSource),
    /// A client of OAuth 2.
    Client {
        /// Its id.
        id: SecretSource,
        /// Its secret.
        secret: SecretSource,
        /// Where tokens are to be had, if not where the document says.
        token_url: Option<String>,
    },
}

/// How much may be asked; `None` is for the command to decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Requests per second.
    pub rate: Option<f64>,
    /// Seconds to wait for an answer.
    pub timeout: Option<u64>,
    /// Requests in one run.
    pub budget: Option<usize>,
}

/// Either `env` or `command`, or both parts of a client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawCredential {
    env: Option<String>,
    command: Option<Vec<String>>,
    client_id: Option<RawSecret>,
    client_secret: Option<RawSecret>,
    token_url: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSecret {
    env: Option<String>,
    command: Option<Vec<String>>,
}

/// The sources of a vendor's credentials.
///
/// # Errors
///
/// Which one says too little or too much.
pub(super) fn sources(raw: IndexMap<String, RawCredential>) -> Result<Vec<(String, CredentialSource)>, String> {
    raw.into_iter()
        .map(|(scheme, raw)| Ok((scheme.clone(), source(raw).map_err(|why| format!("`auth.{}` {why}", scheme.escape_debug()))?)))
        .collect()
}

fn source(raw: RawCredential) -> Result<CredentialSource, &'static str> {
    match raw {
        RawCredential { env, command, client_id: None, client_secret: None, token_url: None } => {
            Ok(CredentialSource::Key(secret(env, command)?))
        }
        RawCredential { env: None, command: None, client_id: Some(id), client_secret: Some(key), token_url } => {
            Ok(CredentialSource::Client { id: secret(id.env, id.command)?, secret: secret(key.env, key.command)?, token_url })
        }
        _ => Err("needs `env` or `command`, or both `client-id` and `client-secret`"),
    }
}

fn secret(env: Option<String>, command: Option<Vec<String>>) -> Result<SecretSource, &'static str> {
    match (env, command) {
        (Some(name), None) if !name.is_empty() => Ok(SecretSource::Env(name)),
        (None, Some(command)) if !command.is_empty() => Ok(SecretSource::Command(command)),
        _ => Err("needs either `env` or `command`"),
    }
}
