//! Exchange to operation: which server a URL is on, and which path template and method it belongs to.
//! Parts: `server.rs` (base URLs), `template.rs` (path templates), `tree.rs` (the index of all templates).
//!
//! A document's templates are put in a tree of segments once, so that a lookup costs what its path is long, whatever the
//! number of operations.

mod server;
mod template;
mod tree;

use std::collections::HashMap;
use std::fmt;

use wireproof_openapi::{Document, Location, Operation, ParameterShape, Server};

use crate::exchange::Exchange;
use crate::url::Url;
use server::Base;
pub use server::ServerError;
use tree::Tree;

/// How sure a route is, for choosing between several documents: a named host weighs more than "any host".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HostMatch {
    /// The server is relative, or the URL names no host.
    Any,
    /// The host is one that a variable of the server's URL lets in.
    Variable,
    /// The host is the server's own.
    Named,
}

/// An exchange's operation and what its path says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    /// The index into [`Document::operations`].
    pub(crate) operation: usize,
    /// The path variables by name, their text still percent-encoded.
    pub(crate) variables: Vec<(String, String)>,
    /// How sure it is.
    pub(crate) host: HostMatch,
}

/// Why an exchange belongs to no operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    /// None of the servers has this host and base path.
    Server {
        /// The origin of the exchange; empty for a URL without one.
        origin: String,
        /// The servers that are known, as written.
        known: Vec<String>,
        /// Whether the host is one of theirs, and only the base path is not.
        same_host: bool,
    },
    /// No template fits the path.
    Path {
        /// The path below the server's base.
        path: String,
    },
    /// A template fits, but not with this method.
    Method {
        /// The template.
        template: String,
        /// The methods that it documents.
        documented: Vec<String>,
    },
}

impl Miss {
    /// How near it came, for choosing between several documents.
    pub(crate) fn nearness(&self) -> u8 {
        match self {
            Self::Server { .. } => 0,
            Self::Path { .. } => 1,
            Self::Method { .. } => 2,
        }
    }
}

/// The operations of one document, ready to be looked up.
#[derive(Debug)]
pub(crate) struct Router {
    bases: Vec<Base>,
    /// The servers as written, for messages.
    known: Vec<String>,
    tree: Tree,
    /// Per operation, the indices of the bases that it is served under.
    served: Vec<Vec<usize>>,
}

impl Router {
    /// Indexes the operations of `document`; `extra` are base URLs under which the whole document is served as well.
    pub(crate) fn new(document: &Document, extra: &[String]) -> Result<Self, ServerError> {
        let mut bases: Vec<Base> = Vec::new();
        let mut known = Vec::new();
        let mut index: HashMap<Base, usize> = HashMap::new();
        let mut add = |base: Base| {
            *index.entry(base.clone()).or_insert_with(|| {
                bases.push(base);
                bases.len() - 1
            })
        };
        let everywhere: Vec<usize> =
            extra.iter().map(|url| server::given(url)).collect::<Result<Vec<_>, _>>()?.into_iter().map(&mut add).collect();
        let mut tree = Tree::default();
        let mut served = Vec::with_capacity(document.operations().len());
        for (operation, details) in document.operations().iter().enumerate() {
            tree.insert(&details.path, &details.method, operation, &|name| may_be_empty(document, details, name));
            let mut under = everywhere.clone();
            for written in &details.servers {
                under.extend(server::bases(written, extra).into_iter().map(&mut add));
                remember(&mut known, written);
            }
            under.sort_unstable();
            under.dedup();
            served.push(under);
        }
        if known.is_empty() {
            document.servers().iter().for_each(|server| remember(&mut known, server));
        }
        known.extend(extra.iter().cloned());
        Ok(Self { bases, known, tree, served })
    }

    /// The operation of an exchange.
    pub(crate) fn route(&self, exchange: &Exchange) -> Result<Route, Miss> {
        let url = Url::split(&exchange.url);
        let origin = url.origin.as_ref().map(server::written);
        let origin = origin.as_deref();
        let mut candidates: Vec<(HostMatch, usize, &str)> = self
            .bases
            .iter()
            .enumerate()
            .filter_map(|(index, base)| base.strip(origin, url.path).map(|(host, path)| (host, index, path)))
            .collect();
        if candidates.is_empty() {
            let same_host = self.bases.iter().any(|base| base.has_host_of(origin));
            let origin = url.origin.as_ref().map(ToString::to_string).unwrap_or_default();
            return Err(Miss::Server { origin, known: self.known.clone(), same_host });
        }
        // Surest host first, then the longest base path, which leaves the shortest rest.
        candidates.sort_by_key(|&(host, index, path)| (std::cmp::Reverse(host), path.len(), index));
        let mut nearest: Option<Miss> = None;
        for (host, base, path) in candidates {
            let wanted = |operation: usize| self.served.get(operation).is_some_and(|under| under.contains(&base));
            match self.tree.find(path, &url, exchange, &wanted) {
                Ok((operation, variables)) => return Ok(Route { operation, variables, host }),
                Err(miss) => {
                    if nearest.as_ref().is_none_or(|near| miss.nearness() > near.nearness()) {
                        nearest = Some(miss);
                    }
                }
            }
        }
        Err(nearest.unwrap_or(Miss::Path { path: url.path.to_owned() }))
    }
}

/// Whether a path parameter says nothing against an empty value: plain text without a limit.
fn may_be_empty(document: &Document, operation: &Operation, name: &str) -> bool {
    let parameter = operation.parameters.iter().find(|parameter| parameter.location == Location::Path && parameter.name == name);
    let Some(ParameterShape::Schema { schema: Some(schema), .. }) = parameter.map(|parameter| &parameter.shape) else { return false };
    let Some((_, node)) = document.resolve(schema) else { return false };
    node.get("type").is_some_and(|kind| kind == "string")
        && ["minLength", "pattern", "format", "enum", "const", "allOf", "anyOf", "oneOf", "not"]
            .iter()
            .all(|keyword| node.get(keyword).is_none())
}

fn remember(known: &mut Vec<String>, server: &Server) {
    if !known.contains(&server.url) {
        known.push(server.url.clone());
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server { known, same_host, origin } if *same_host || origin.is_empty() => {
                write!(f, "its path lies below none of the document's servers ({})", quoted(known))
            }
            Self::Server { origin, known, .. } => write!(f, "`{origin}` is none of the document's servers ({})", quoted(known)),
            Self::Path { path } => write!(f, "the document has no path that `{path}` fits"),
            Self::Method { template, documented } => write!(f, "`{template}` is documented with {} only", documented.join(", ")),
        }
    }
}

fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 6;
    let text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{text} and {} more", names.len() - SHOWN) } else { text }
}
