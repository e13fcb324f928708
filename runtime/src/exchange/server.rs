//! [`Server`]: where requests go.

use std::fmt;

use http::Uri;
use http::uri::{Authority, Scheme};

use crate::exchange::ServerError;

/// The server of an API: scheme, host, and the path under which the API lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at the end.
    path: String,
}

impl Server {
    /// Reads an absolute `http` or `https` URL, such as `https://api.example.com/v1`.
    ///
    /// # Errors
    ///
    /// A URL that is relative, has variables that are not filled in, or has a user, a query or a fragment.
    pub fn parse(url: &str) -> Result<Self, ServerError> {
        if url.contains(['{', '}']) {
            return Err(ServerError::new("it has variables: fill them in with `Server::with_variables`"));
        }
        if url.contains(['#', '?']) {
            return Err(ServerError::new("it has a query or a fragment"));
        }
        let uri: Uri = url.parse().map_err(|error| ServerError::new(format!("{error}")))?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(ServerError::new("it is relative: give the scheme and the host too, as in `https://api.example.com/v1`"));
        };
        if *scheme != Scheme::HTTP && *scheme != Scheme::HTTPS {
            return Err(ServerError::new("its scheme is neither `http` nor `https`"));
        }
        if authority.as_str().contains('@') {
            return Err(ServerError::new("it has a user or a password: give those as `Credentials`"));
        }
        if authority.host().is_empty() {
            return Err(ServerError::new("it has no host"));
        }
        Ok(Self { scheme: scheme.clone(), authority: authority.clone(), path: uri.path().trim_end_matches('/').to_owned() })
    }

    /// Fills the variables of a template such as `https://{region}.example.com/{version}`, and reads the URL.
    ///
    /// # Errors
    ///
    /// A variable without a value, a value that would change the structure of the URL, and what [`Server::parse`] refuses.
    pub fn with_variables(template: &str, variables: &[(&str, &str)]) -> Result<Self, ServerError> {
        let mut url = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((literal, open)) = rest.split_once('{') {
            let Some((name, after)) = open.split_once('}') else {
                return Err(ServerError::new("it has a `{` without a `}`"));
            };
            let Some((_, value)) = variables.iter().find(|(given, _)| *given == name) else {
                return Err(ServerError::new(format!("its variable `{name}` has no value")));
            };
            url.push_str(literal);
            // A host must stay one host: only in the path may a value have several parts.
            let in_path = url.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
            let fits =
                |character: char| character.is_ascii_alphanumeric() || "-._~".contains(character) || (in_path && "/%".contains(character));
            let is_url = url.is_empty() && after.is_empty();
            if !is_url && (!value.chars().all(fits) || value.split('/').any(|segment| segment == "..")) {
                return Err(ServerError::new(format!("the value of its variable `{name}` has characters that would change the URL")));
            }
            url.push_str(value);
            rest = after;
        }
        url.push_str(rest);
        Self::parse(&url)
    }

    /// The host, and the port if the URL has one.
    pub fn authority(&self) -> &str {
        self.authority.as_str()
    }

    /// The path under which the API lies, without a slash at the end.
    pub fn base_path(&self) -> &str {
        &self.path
    }

    /// The URL of a path and a query that are encoded already.
    pub(super) fn uri(&self, path: &str, query: &str) -> Result<Uri, http::Error> {
        let slash = if path.starts_with('/') { "" } else { "/" };
        let mark = if query.is_empty() { "" } else { "?" };
        let target = format!("{}{slash}{path}{mark}{query}", self.path);
        Uri::builder().scheme(self.scheme.clone()).authority(self.authority.clone()).path_and_query(target).build()
    }
}

impl fmt::Display for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

impl std::str::FromStr for Server {
    type Err = ServerError;

    fn from_str(url: &str) -> Result<Self, ServerError> {
        Self::parse(url)
    }
}

#[cfg(test)]
mod tests {
    use super::Server;

    #[test]
    fn paths_are_joined() {
        for (server, path, query, expected) in [
            ("https://h/api/v1", "/contacts/purge", "", "https://h/api/v1/contacts/purge"),
            ("https://h/api/v1/", "/contacts", "a=1", "https://h/api/v1/contacts?a=1"),
            ("http://h:8080", "/", "", "http://h:8080/"),
            ("HTTPS://H//", "x", "", "https://H/x"),
        ] {
            assert_eq!(Server::parse(server).unwrap().uri(path, query).unwrap().to_string(), expected, "{server}");
        }
    }

    #[test]
    fn unusable_urls_are_refused() {
        for (url, problem) in [
            ("/v1", "relative"),
            ("h/v1", ""),
            ("ftp://h", "scheme"),
            ("https://user:pw@h", "user"),
            ("https://h/v1?x=1", "query"),
            ("https://{region}.h", "variables"),
            ("", ""),
            ("https://", ""),
        ] {
            let error = Server::parse(url).unwrap_err().to_string();
            assert!(error.starts_with("unusable server URL: ") && error.contains(problem), "{url}: {error}");
            assert!(!error.contains("pw"), "{error}");
        }
    }

    #[test]
    fn variables_fill_their_place_and_no_more() {
        let template = "https://{region}.example.com/{base}";
        let with = |region, base| Server::with_variables(template, &[("region", region), ("base", base)]);
        assert_eq!(with("eu", "v2/api").unwrap().to_string(), "https://eu.example.com/v2/api");
        for (region, base) in
            [("evil.com/", "v1"), ("evil.com#", "v1"), ("a@evil.com:1", "v1"), ("eu", "../x"), ("eu", "a?b"), ("eu", "a\r\nb")]
        {
            assert!(with(region, base).is_err(), "{region} {base}");
        }
        assert_eq!(Server::with_variables("{url}", &[("url", "https://h/v1")]).unwrap().to_string(), "https://h/v1");
        assert!(Server::with_variables(template, &[("region", "eu")]).unwrap_err().to_string().contains("`base` has no value"));
    }
}
