//! Base URLs: a document's servers with their variables, relative servers, and servers given by the user.

use wireproof_openapi::Server;

use super::HostMatch;
use super::template::Pattern;
use crate::url::{Origin, Url};

/// How many bases the listed values of a server's variables may make.
const MAX_BASES: usize = 100;

/// A server given by the user that is no URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server `{url}` is no absolute URL: write it as `https://api.example.com/v1`")]
pub struct ServerError {
    /// What was given.
    pub url: String,
}

/// One base URL: what an exchange's URL begins with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Base {
    /// `None`: on any host.
    origin: Option<OriginPattern>,
    /// The segments of the base path.
    path: Vec<Pattern>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct OriginPattern {
    /// Scheme, host and port as one text (`https://{region}.example.com:443`); variables match any text.
    text: Pattern,
    /// Whether there are variables in it.
    variable: bool,
}

/// The base of a server URL given by the user.
pub(super) fn given(url: &str) -> Result<Base, ServerError> {
    let split = Url::split(url);
    match split.origin {
        Some(origin) if !origin.scheme.is_empty() && !origin.host.is_empty() => Ok(Base::new(Some(&origin), split.path)),
        _ => Err(ServerError { url: url.to_owned() }),
    }
}

/// The bases that a server of the document stands for. `extra` are the servers given by the user: a base path of the
/// document counts below them too, as `/v1` of `https://api.example.com/v1` does below `http://localhost:8080`.
pub(super) fn bases(server: &Server, extra: &[String]) -> Vec<Base> {
    listed_variables(server).iter().flat_map(|text| bases_of(&fixed_variables(server, text), extra)).collect()
}

/// The URL once for each value of the variables that list theirs; a variable without a list, or with a long one, stays a variable.
fn listed_variables(server: &Server) -> Vec<String> {
    let mut urls = vec![server.url.trim().to_owned()];
    for variable in &server.variables {
        let name = format!("{{{}}}", variable.name);
        if variable.values.is_empty() || urls.len() * variable.values.len() > MAX_BASES || !urls.iter().any(|url| url.contains(&name)) {
            continue;
        }
        let default = Some(&variable.default).filter(|default| !variable.values.contains(default));
        let values: Vec<&String> = variable.values.iter().chain(default).collect();
        urls = urls.iter().flat_map(|url| values.iter().map(|value| url.replace(&name, value))).collect();
    }
    urls
}

fn bases_of(text: &str, extra: &[String]) -> Vec<Base> {
    let split = Url::split(text);
    let mut bases = vec![Base::new(split.origin.as_ref(), split.path)];
    if split.path.len() > 1 {
        let bare = extra.iter().map(|url| Url::split(url)).filter(|url| url.path.trim_matches('/').is_empty());
        bases.extend(bare.filter_map(|url| url.origin.map(|origin| Base::new(Some(&origin), split.path))));
    }
    bases
}

/// A variable that makes up the scheme cannot be matched as text (`{scheme}://`), so it takes its default, as does one that the
/// whole URL begins with (`{url}/v1`); the others stay templates.
fn fixed_variables(server: &Server, url: &str) -> String {
    let with_defaults = |text: &str| {
        let filled = |text: String, (name, default): (String, &String)| text.replace(&name, default);
        server.variables.iter().map(|variable| (format!("{{{}}}", variable.name), &variable.default)).fold(text.to_owned(), filled)
    };
    match url.split_once("://") {
        Some((scheme, rest)) if scheme.contains('{') => format!("{}://{rest}", with_defaults(scheme)),
        None if url.starts_with('{') => with_defaults(url),
        _ => url.to_owned(),
    }
}

impl Base {
    fn new(origin: Option<&Origin>, path: &str) -> Self {
        let origin = origin.filter(|origin| !origin.host.is_empty()).map(|origin| {
            let text = written(origin);
            OriginPattern { variable: text.contains('{'), text: Pattern::parse(&text) }
        });
        let path = path.split('/').filter(|segment| !segment.is_empty()).map(Pattern::parse).collect();
        Self { origin, path }
    }

    /// Whether a URL is on this base's host, whatever its path; `origin` is [`written`] of the URL's.
    pub(super) fn has_host_of(&self, origin: Option<&str>) -> bool {
        match (&self.origin, origin) {
            (Some(pattern), Some(origin)) => pattern.text.matches(origin).is_some(),
            _ => true,
        }
    }

    /// What of the path lies below this base; `None` where the URL is elsewhere.
    pub(super) fn strip<'u>(&self, origin: Option<&str>, path: &'u str) -> Option<(HostMatch, &'u str)> {
        let host = match (&self.origin, origin) {
            (Some(pattern), Some(origin)) => {
                pattern.text.matches(origin)?;
                if pattern.variable { HostMatch::Variable } else { HostMatch::Named }
            }
            _ => HostMatch::Any,
        };
        let mut rest = path;
        for segment in &self.path {
            let after = rest.strip_prefix('/')?;
            let end = after.find('/').unwrap_or(after.len());
            segment.matches(&after[..end])?;
            rest = &after[end..];
        }
        Some((host, rest))
    }
}

/// The origin with its port spelled out, unless a variable stands for it; a URL without a scheme (`//host/`) may be of any.
pub(super) fn written(origin: &Origin) -> String {
    let scheme = if origin.scheme.is_empty() { "{scheme}" } else { &origin.scheme };
    if origin.host.rsplit_once(':').is_some_and(|(_, port)| port.starts_with('{')) {
        return format!("{scheme}://{}", origin.host);
    }
    let port = match origin.port {
        Some(port) => port.to_string(),
        None if origin.scheme.is_empty() => "{port}".to_owned(),
        None => String::new(),
    };
    format!("{scheme}://{}:{port}", origin.host)
}
