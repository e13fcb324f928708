//! Secrets from where they are kept: the environment and other programs. They go from there into `wireproof_live::Secret`, which shows
//! nothing, and nowhere else. Next: `live/src/credentials.rs`.

use std::process::{Command, Stdio};

use wireproof_live::credentials::{Credential, Credentials, Secret};

use crate::config::{CredentialSource, SecretSource};
use crate::error::Failure;

/// The credentials of the sources.
///
/// # Errors
///
/// When a variable is not set, or a program gives no secret.
pub(super) fn resolve(sources: &[(String, CredentialSource)]) -> Result<Credentials, Failure> {
    let mut credentials = Credentials::none();
    for (scheme, source) in sources {
        let secret = |source: &SecretSource| secret(scheme, source);
        let credential = match source {
            CredentialSource::Key(source) => Credential::Key(secret(source)?),
            CredentialSource::Client { id, secret: key, token_url } => {
                Credential::Client { id: secret(id)?, secret: secret(key)?, token_url: token_url.clone() }
            }
        };
        credentials.insert(scheme, credential);
    }
    Ok(credentials)
}

fn secret(scheme: &str, source: &SecretSource) -> Result<Secret, Failure> {
    let failed = |why: String| Failure::new(format!("there is no credential for `{scheme}`: {why}"));
    let secret = match source {
        SecretSource::Env(name) => {
            let value = std::env::var(name).map_err(|_| {
                failed(format!("the environment has no variable `{name}`")).with_help(format!("set `{name}`, or take the entry out"))
            })?;
            Secret::new(value)
        }
        SecretSource::Command(command) => {
            let (program, arguments) = command.split_first().ok_or_else(|| failed("its command is empty".to_owned()))?;
            let output = Command::new(program)
                .args(arguments)
                .stdin(Stdio::null())
                .stderr(Stdio::inherit())
                .output()
                .map_err(|error| failed(format!("cannot run `{program}`: {error}")))?;
            if !output.status.success() {
                return Err(failed(format!("`{program}` failed")));
            }
            Secret::new(String::from_utf8(output.stdout).map_err(|_| failed(format!("`{program}` gives no text")))?)
        }
    };
    if secret.is_empty() { Err(failed("it is empty".to_owned())) } else { Ok(secret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_gives_its_output_and_an_empty_one_is_refused() {
        let key = |command: &[&str]| {
            let command = command.iter().map(|word| (*word).to_owned()).collect();
            resolve(&[("Key".to_owned(), CredentialSource::Key(SecretSource::Command(command)))])
        };
        let mut expected = Credentials::none();
        expected.insert("Key", Credential::Key(Secret::new("canary $HOME")));
        assert_eq!(key(&["echo", "canary $HOME"]), Ok(expected));
        for (command, reason) in [(&["true"][..], "it is empty"), (&["false"], "`false` failed"), (&["no-such-program"], "cannot run")] {
            assert!(key(command).expect_err("it is refused").message.contains(reason), "{command:?}");
        }
        let missing = resolve(&[("Key".to_owned(), CredentialSource::Key(SecretSource::Env("WIREPROOF_NO_SUCH".to_owned())))]);
        assert!(missing.expect_err("it is not set").message.ends_with("the environment has no variable `WIREPROOF_NO_SUCH`"));
    }
}
