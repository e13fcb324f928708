//! URLs as recordings and documents write them: split into parts, never refused for a character that a strict
//! parser would not like. Next: `route/`, which finds the operation that a URL belongs to.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// The parts of a URL. Scheme and host are in lower case; path and query are as written, escapes and all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url<'u> {
    /// Scheme, host and port; `None` for a URL that is only a path.
    pub(crate) origin: Option<Origin>,
    /// The path, beginning with `/` unless empty.
    pub(crate) path: &'u str,
    /// What follows the `?`.
    pub(crate) query: Option<&'u str>,
    /// What follows the `#`.
    pub(crate) fragment: Option<&'u str>,
}

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// `https` and the like; empty where the URL begins with `//`.
    pub(crate) scheme: String,
    /// Host name or address.
    pub(crate) host: String,
    /// The port, the scheme's own where none is written.
    pub(crate) port: Option<u16>,
}

impl<'u> Url<'u> {
    /// Splits a URL; anything without `://` is a path.
    pub(crate) fn split(text: &'u str) -> Self {
        let (before, fragment) = cut(text.trim(), '#');
        let (before, query) = cut(before, '?');
        let (scheme, rest) = match before.split_once("://") {
            Some((scheme, rest)) if !scheme.contains('/') => (scheme.to_ascii_lowercase(), rest),
            _ => match before.strip_prefix("//") {
                Some(rest) => (String::new(), rest),
                None => return Self { origin: None, path: before, query, fragment },
            },
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        Self { origin: Some(Origin::of(scheme, authority)), path, query, fragment }
    }
}

impl Origin {
    fn of(scheme: String, authority: &str) -> Self {
        let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) = match host_and_port.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port.parse().ok()),
            _ => (host_and_port, None),
        };
        let port = port.or(match scheme.as_str() {
            "http" | "ws" => Some(80),
            "https" | "wss" => Some(443),
            _ => None,
        });
        Self { scheme, host: host.trim_end_matches('.').to_ascii_lowercase(), port }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("http" | "ws", Some(80)) | ("https" | "wss", Some(443)) | (_, None) => Ok(()),
            (_, Some(port)) => write!(f, ":{port}"),
        }
    }
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// What follows the `?` of a URL; empty where nothing does.
pub(crate) fn query(url: &str) -> &str {
    let (before, _) = cut(url.trim(), '#');
    cut(before, '?').1.unwrap_or_default()
}

/// The pairs of a query string, names decoded and values as written (styles split them before decoding).
pub(crate) fn query_pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode_query(name), value)
    })
}

/// Undoes percent-encoding.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    // Most texts have nothing to be undone, and this is asked of every step of every path.
    if text.contains('%') { percent_decode_str(text).decode_utf8_lossy() } else { Cow::Borrowed(text) }
}

/// Undoes percent-encoding and the `+` that forms write for a space.
pub(crate) fn decode_query(text: &str) -> Cow<'_, str> {
    if text.contains('+') { Cow::Owned(decode(&text.replace('+', " ")).into_owned()) } else { decode(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_split_into_parts() {
        for (text, origin, path, query) in [
            ("HTTPS://User:pw@Api.Example.com:443/a/b?x=1#f", Some("https://api.example.com"), "/a/b", Some("x=1")),
            ("http://[::1]:8080", Some("http://[::1]:8080"), "", None),
            ("/contacts/7?at=http://x/", None, "/contacts/7", Some("at=http://x/")),
            ("//api.example.com/v1", Some("://api.example.com"), "/v1", None),
            ("https://h./%7Ex", Some("https://h"), "/%7Ex", None),
        ] {
            let url = Url::split(text);
            assert_eq!(url.origin.map(|origin| origin.to_string()).as_deref(), origin, "{text}");
            assert_eq!((url.path, url.query), (path, query), "{text}");
            assert_eq!(super::query(text), query.unwrap_or_default(), "{text}");
        }
    }

    #[test]
    fn query_names_are_decoded_and_values_kept() {
        let pairs: Vec<_> = query_pairs("a%5Bb%5D=1%2C2&&c&d+e=+").collect();
        assert_eq!(pairs, [("a[b]".into(), "1%2C2"), ("c".into(), ""), ("d e".into(), "+")]);
        assert_eq!(decode_query("a+b%2Bc"), "a b+c");
    }
}
