//! Where requests go: the sandbox where the document names one, and nowhere else unless somebody says so.

use wireproof_openapi::{Document, Operation, Server};

/// Words by which servers are known that hold no data of anybody.
const SANDBOX: &[&str] = &[
    "sandbox",
    "staging",
    "stage",
    "test",
    "testing",
    "dev",
    "develop",
    "development",
    "demo",
    "mock",
    "uat",
    "qa",
    "preprod",
    "localhost",
];

/// The server of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerChoice {
    /// The one that was given, or a sandbox of the document.
    At(String),
    /// The document names only servers that may be in earnest; the first of them.
    Production(String),
    /// The document names none that could be reached.
    None,
}

/// Whether a server is a place to try things out, by its URL or what the document says about it.
pub fn is_sandbox(server: &Server) -> bool {
    let url = server.default_url();
    let host = url.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default().to_ascii_lowercase();
    let description = server.description.as_deref().unwrap_or_default().to_ascii_lowercase();
    let says = |text: &str| text.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| SANDBOX.contains(&word));
    // "Production, not for tests" is a server in earnest.
    (says(&host) || says(&description)) && !description.contains("production")
}

/// The server for an operation; `given` goes before all that the document says.
pub(super) fn choose(document: &Document, operation: &Operation, given: Option<&str>) -> ServerChoice {
    if let Some(given) = given {
        return ServerChoice::At(given.to_owned());
    }
    let servers = if operation.servers.is_empty() { document.servers() } else { &operation.servers };
    let mut reachable = servers.iter().filter(|server| {
        let url = server.default_url();
        (url.starts_with("https://") || url.starts_with("http://")) && !url.contains(['{', '}'])
    });
    if let Some(sandbox) = reachable.clone().find(|server| is_sandbox(server)) {
        return ServerChoice::At(sandbox.default_url());
    }
    reachable.next().map_or(ServerChoice::None, |server| ServerChoice::Production(server.default_url()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sandboxes_are_known_by_host_or_description() {
        for (url, description, expected) in [
            ("https://sandbox.example.com", "", true),
            ("https://api.example.com", "Sandbox server", true),
            ("https://api-staging.example.com/v1", "", true),
            ("https://api.example.com", "Production server", false),
            ("https://latest.example.com", "", false),
            ("https://api.example.com/sandbox-rules", "", false),
            ("https://api.example.com", "Production, see sandbox for tests", false),
        ] {
            let server = Server { url: url.to_owned(), description: Some(description.to_owned()), variables: Vec::new() };
            assert_eq!(is_sandbox(&server), expected, "{url} {description}");
        }
    }
}
