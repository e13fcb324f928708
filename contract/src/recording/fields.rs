//! What the entries of all formats have in common, however they spell it: header fields, the URL, the status.
//! Next: `har/entry.rs` and `interaction.rs`, which read whole entries with it.

use std::borrow::Cow;

use super::coding;
use super::node::Node;
use crate::exchange::Headers;
use crate::schema::shorten;

/// Header fields and what stands among them without being one.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// The header fields.
    pub(super) headers: Headers,
    /// The pseudo-header `:authority` of HTTP/2: what `Host` is in HTTP/1.
    authority: Option<String>,
}

impl Fields {
    /// Reads header fields in any of the forms in which they are written: objects of texts or lists of texts, lists of
    /// `{name, value}`, of `{key, value}`, of pairs, of lines, or one text of lines. What names no field is passed over.
    pub(super) fn read(node: &Node<'_>) -> Self {
        let mut fields = Self::default();
        fields.add(node);
        fields
    }

    /// The host that the fields name.
    pub(super) fn host(&self) -> Option<&str> {
        self.authority.as_deref().or_else(|| self.headers.get("host")).map(str::trim).filter(|host| !host.is_empty())
    }

    fn add(&mut self, node: &Node<'_>) {
        for (name, value) in node.members() {
            match value {
                Node::List(values) => values.iter().for_each(|value| self.push(name, value)),
                value => self.push(name, value),
            }
        }
        for item in node.items() {
            match item {
                Node::Map(_) if item.get("disabled").is_true() => {}
                Node::Map(_) => {
                    if let Some(name) = item.first(&["name", "key"]).text() {
                        self.push(name, item.get("value"));
                    }
                }
                Node::List(pair) => match pair.as_slice() {
                    [name, value] if !matches!(name, Node::List(_)) => self.push(name.text().unwrap_or_default(), value),
                    _ => self.add(item),
                },
                line => self.line(line.text().unwrap_or_default()),
            }
        }
        if let Some(lines) = node.text() {
            lines.lines().for_each(|line| self.line(line));
        }
    }

    fn line(&mut self, line: &str) {
        // The colon that a pseudo-header begins with is not the one that its name ends with.
        let at = line.get(1..).and_then(|rest| rest.find(':'));
        if let Some((name, value)) = at.and_then(|at| Some((line.get(..=at)?, line.get(at + 2..)?))) {
            self.push(name.trim(), &Node::Text(Cow::Borrowed(value.trim())));
        }
    }

    fn push(&mut self, name: &str, value: &Node<'_>) {
        let value = match value {
            Node::Binary(text) => coding::base64(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default(),
            value => value.any_text().unwrap_or_default().to_owned(),
        };
        if name == ":authority" {
            self.authority = Some(value);
        } else if !name.is_empty() {
            self.headers.push(name, value);
        }
    }
}

/// The method in capitals; Ruby writes it as a symbol.
///
/// # Errors
///
/// A fragment of a sentence where there is none.
pub(super) fn method(request: &Node<'_>) -> Result<String, String> {
    let method = request.get("method").text().map(|method| method.trim_start_matches(':').trim());
    let method = method.filter(|method| !method.is_empty()).ok_or("`request.method` is missing or no text")?;
    Ok(method.to_ascii_uppercase())
}

/// The URL as far as the recording knows it: absolute where it or a header names the host, otherwise a path. A placeholder that a
/// filter of secrets put at its beginning (`<HOST>`) stands for a host that is not known.
///
/// # Errors
///
/// A fragment of a sentence where the URL is none of HTTP: browsers record what they load from elsewhere too.
pub(super) fn url(written: &str, host: Option<&str>) -> Result<String, String> {
    let url = written.trim();
    if let Some(end) = placeholder(url) {
        let path = url.get(end..).unwrap_or_default();
        return Ok(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") });
    }
    if let Some((scheme, rest)) = url.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) {
        let port = rest.starts_with(|letter: char| letter.is_ascii_digit());
        if rest.starts_with("//") || !(port || scheme.contains('.')) {
            let http = ["http", "https", "ws", "wss"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
            return if http && rest.starts_with("//") {
                Ok(url.to_owned())
            } else {
                Err(format!("`{}` is no URL of HTTP: nothing was sent to a server", shorten(url, 60)))
            };
        }
    }
    let first = url.split(['/', '?', '#']).next().unwrap_or_default();
    if url.starts_with("//") {
        Ok(url.to_owned())
    } else if first.contains(['.', ':']) || first.eq_ignore_ascii_case("localhost") {
        Ok(format!("//{url}"))
    } else {
        let slash = if url.starts_with('/') { "" } else { "/" };
        let host = host.map(|host| format!("//{host}")).unwrap_or_default();
        Ok(format!("{host}{slash}{url}"))
    }
}

/// How long the placeholder is that a text begins with: a name in capitals within angle brackets, as filters of secrets write it.
pub(super) fn placeholder(text: &str) -> Option<usize> {
    let name = text.trim_start_matches('<');
    let depth = text.len() - name.len();
    let length = name.find(|letter: char| !(letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_'))?;
    let closed = name.get(length..)?.bytes().take_while(|byte| *byte == b'>').count();
    ((1..=2).contains(&depth) && length > 0 && closed >= depth).then_some(2 * depth + length)
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'))
}

/// A status code, be it a number or a text that begins with one (`200 OK`).
///
/// # Errors
///
/// A fragment of a sentence where it is none; `error` is what the recording says went wrong.
pub(super) fn status(node: &Node<'_>, error: Option<&str>) -> Result<u16, String> {
    let text = node.text().map(str::trim).ok_or("`response.status` is missing or no number")?;
    let number = text.split_ascii_whitespace().next().and_then(|first| first.parse::<f64>().ok());
    // Written in full, `200.0` is 200, and 200.5 no status.
    let whole = number.and_then(|number| number.to_string().parse::<i64>().ok());
    match (whole.and_then(|whole| u16::try_from(whole).ok()), whole) {
        (Some(status @ 100..=999), _) => Ok(status),
        (_, Some(number @ (0 | -1))) => {
            let why = error.map(|error| format!(" ({})", shorten(error, 80))).unwrap_or_default();
            Err(format!("its status is {number}: the request was aborted or blocked{why}"))
        }
        _ => Err(format!("`response.status` is `{}`, which is no HTTP status", shorten(text, 40))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> (Vec<(String, String)>, Option<String>) {
        let fields = Fields::read(&serde_json::from_str(json).expect(json));
        let all = fields.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        (all, fields.host().map(str::to_owned))
    }

    #[test]
    fn header_fields_are_read_in_every_form() {
        for json in [
            r#"{"A":"1","B":["2","3"]}"#,
            r#"[{"name":"A","value":"1"},{"name":"B","value":"2"},{"key":"B","value":"3"},{"key":"C","value":"4","disabled":true}]"#,
            r#"["A: 1\r\n","B:2","B: 3","no field"]"#,
            r#"[["A","1"],["B","2"],["B","3"]]"#,
            r#"[[["A","1"],["B","2"],["B",3]]]"#,
            r#""A: 1\nB: 2\n\nB: 3""#,
        ] {
            let expected = [("A", "1"), ("B", "2"), ("B", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(fields(json).0, expected, "{json}");
        }
        assert_eq!(fields("5").0, []);
    }

    #[test]
    fn pseudo_headers_name_the_host_and_are_no_fields() {
        for json in [
            r#"[{"name":":authority","value":"h"},{"name":":path","value":"/"}]"#,
            r#"{":authority":["h"],":method":["GET"]}"#,
            r#"[":authority: h",":path: /"]"#,
        ] {
            assert_eq!(fields(json), (Vec::new(), Some("h".to_owned())), "{json}");
        }
    }

    #[test]
    fn urls_are_completed_as_far_as_they_are_known() {
        for (written, host, expected) in [
            ("https://h/x", Some("other"), "https://h/x"),
            (" HTTP://h/x ", None, "HTTP://h/x"),
            ("/x?y=a:b", None, "/x?y=a:b"),
            ("/x", Some("h:80"), "//h:80/x"),
            ("x/y", Some("h"), "//h/x/y"),
            ("x", None, "/x"),
            ("?q=1", None, "/?q=1"),
            ("", None, "/"),
            ("//h/x", Some("other"), "//h/x"),
            ("api.example.com/v1", Some("other"), "//api.example.com/v1"),
            ("localhost:8080/v1", None, "//localhost:8080/v1"),
            ("localhost/v1", None, "//localhost/v1"),
            ("wss://h/live", None, "wss://h/live"),
            ("<HOST>/x", Some("h"), "/x"),
            ("<<HOST_2>>x?y", None, "/x?y"),
            ("<b>x", None, "/<b>x"),
        ] {
            assert_eq!(url(written, host).as_deref(), Ok(expected), "{written}");
        }
        for written in ["data:text/plain,x", "blob:https://h/1", "chrome-extension://abc/x.js", "about:blank", "file:///x", "https:x"] {
            assert!(url(written, None).expect_err(written).contains("is no URL of HTTP"), "{written}");
        }
    }

    #[test]
    fn statuses_are_numbers_or_begin_with_one() {
        let of = |json: &str| status(&serde_json::from_str(json).expect(json), Some("net::ERR"));
        for json in ["200", "\"200\"", "\"200 OK\"", "200.0", "2e2"] {
            assert_eq!(of(json), Ok(200), "{json}");
        }
        assert_eq!(of("-1"), Err("its status is -1: the request was aborted or blocked (net::ERR)".to_owned()));
        assert_eq!(of("\"OK\""), Err("`response.status` is `OK`, which is no HTTP status".to_owned()));
        assert_eq!(of("99"), Err("`response.status` is `99`, which is no HTTP status".to_owned()));
        assert!(of("{}").is_err());
    }
}
