//! The index of a document's path templates: a tree with a level per segment, literal children before patterns.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Miss;
use super::template::Pattern;
use crate::exchange::Exchange;
use crate::url::{Url, decode_query, query_pairs};

/// The tree; node 0 is the root.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<String, usize>,
    /// The most literal first, then in the document's order.
    patterns: Vec<(Pattern, usize)>,
    leaves: Vec<Leaf>,
}

/// One operation at its place in the tree.
#[derive(Debug)]
struct Leaf {
    operation: usize,
    method: String,
    /// The whole template, for messages.
    template: String,
    /// Its variables in order; operations of one path may name them differently.
    variables: Vec<String>,
    /// Whether the template ends in `/`.
    slash: bool,
    /// Whether the template ends in a variable that may stand for nothing.
    may_end_empty: bool,
    /// What stands behind `?` or `#` in the template: pairs that the query, or a header, must have.
    conditions: Vec<Condition>,
}

/// A pair behind `?` or `#` of a template, as in `/responses?beta=true` or `/#X-Amz-Target=Service.Action`.
#[derive(Debug)]
struct Condition {
    name: String,
    /// `None`: any value.
    value: Option<String>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

impl Tree {
    /// Adds one operation; `may_be_empty` tells of a variable whether it may stand for nothing.
    pub(super) fn insert(&mut self, template: &str, method: &str, operation: usize, may_be_empty: &dyn Fn(&str) -> bool) {
        let end = template.find(['?', '#']).unwrap_or(template.len());
        let (path, tail) = template.split_at(end);
        let mut node = 0;
        let mut variables = Vec::new();
        for segment in segments(path) {
            let pattern = Pattern::parse(segment);
            variables.extend(pattern.variables().map(str::to_owned));
            node = self.child(node, pattern);
        }
        let conditions = tail
            .split(['?', '#', '&'])
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
                let value = value.filter(|value| !value.starts_with('{')).map(|value| decode_query(value).into_owned());
                Condition { name: decode_query(name).into_owned(), value }
            })
            .collect();
        let leaf = Leaf {
            operation,
            method: method.to_owned(),
            template: template.to_owned(),
            may_end_empty: path.ends_with('}') && variables.last().is_some_and(|name| may_be_empty(name)),
            variables,
            slash: path.len() > 1 && path.ends_with('/'),
            conditions,
        };
        if let Some(node) = self.nodes.get_mut(node) {
            node.leaves.push(leaf);
        }
    }

    fn child(&mut self, parent: usize, pattern: Pattern) -> usize {
        let next = self.nodes.len();
        let Some(node) = self.nodes.get_mut(parent) else { return parent };
        let child = if let Some(literal) = pattern.literal() {
            *node.literals.entry(literal.to_owned()).or_insert(next)
        } else if let Some((_, child)) = node.patterns.iter().find(|(other, _)| other.shape() == pattern.shape()) {
            *child
        } else {
            node.patterns.push((pattern, next));
            node.patterns.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.literal_length()));
            next
        };
        if child == next {
            self.nodes.push(Node::default());
        }
        child
    }

    /// The operation of a path below a base, and its variables.
    pub(super) fn find(
        &self,
        path: &str,
        url: &Url<'_>,
        exchange: &Exchange,
        wanted: &dyn Fn(usize) -> bool,
    ) -> Result<(usize, Vec<(String, String)>), Miss> {
        let segments: Vec<&str> = segments(path).collect();
        let mut search = Search {
            tree: self,
            url,
            exchange,
            wanted,
            slash: path.len() > 1 && path.ends_with('/'),
            last_is_empty: false,
            values: Vec::new(),
            template: None,
            documented: Vec::new(),
        };
        if let Some(found) = search.descend(0, &segments) {
            return Ok(found);
        }
        if search.slash && search.template.is_none() {
            // `/files/` is what the template `/files/{path}` makes of an empty path, where nothing else is meant by it.
            search.last_is_empty = true;
            let whole: Vec<&str> = segments.iter().copied().chain([""]).collect();
            if let Some(found) = search.descend(0, &whole) {
                return Ok(found);
            }
        }
        Err(match search.template {
            Some(template) => Miss::Method { template, documented: search.documented },
            None => Miss::Path { path: if path.is_empty() { "/".to_owned() } else { path.to_owned() } },
        })
    }
}

/// The segments of a path; the slashes at its ends make none.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').filter(move |_| !path.is_empty())
}

struct Search<'a, 'u> {
    tree: &'a Tree,
    url: &'a Url<'u>,
    exchange: &'a Exchange,
    wanted: &'a dyn Fn(usize) -> bool,
    slash: bool,
    /// Whether the last segment is the nothing behind a final slash.
    last_is_empty: bool,
    values: Vec<String>,
    /// The most specific template that fitted but for its method, and all methods documented for it.
    template: Option<String>,
    documented: Vec<String>,
}

impl Search<'_, '_> {
    /// Every node is reached by one path only, so a search visits none twice.
    fn descend(&mut self, node: usize, segments: &[&str]) -> Option<(usize, Vec<(String, String)>)> {
        let tree = self.tree;
        let node = tree.nodes.get(node)?;
        let [segment, rest @ ..] = segments else { return self.leaf(node) };
        if let Some(&child) = node.literals.get(crate::url::decode(segment).as_ref())
            && let Some(found) = self.descend(child, rest)
        {
            return Some(found);
        }
        for (pattern, child) in &node.patterns {
            let values = if segment.is_empty() && self.last_is_empty && rest.is_empty() {
                pattern.is_variable().then(|| vec![Cow::Borrowed("")])
            } else {
                pattern.matches(segment)
            };
            if let Some(values) = values {
                let before = self.values.len();
                self.values.extend(values.into_iter().map(Cow::into_owned));
                if let Some(found) = self.descend(*child, rest) {
                    return Some(found);
                }
                self.values.truncate(before);
            }
        }
        None
    }

    fn leaf(&mut self, node: &Node) -> Option<(usize, Vec<(String, String)>)> {
        let (wanted, last_is_empty, method) = (self.wanted, self.last_is_empty, &self.exchange.method);
        let here = || node.leaves.iter().filter(move |leaf| wanted(leaf.operation) && (leaf.may_end_empty || !last_is_empty));
        let of_method = || here().filter(|leaf| leaf.method.eq_ignore_ascii_case(method));
        let met = of_method().filter(|leaf| leaf.conditions.iter().all(|condition| self.meets(condition)));
        // The template with the most conditions met is the most specific; of equals, the one that agrees on the slash.
        let best = met.max_by_key(|leaf| (leaf.conditions.len(), leaf.slash == self.slash, std::cmp::Reverse(leaf.operation)));
        // A fragment never reaches a server: where it tells no two operations apart, it need not be met.
        let only = of_method().next().filter(|leaf| leaf.template.contains('#') && of_method().nth(1).is_none());
        if let Some(leaf) = best.or(only) {
            return Some((leaf.operation, leaf.variables.iter().cloned().zip(self.values.iter().cloned()).collect()));
        }
        if self.template.is_none()
            && of_method().next().is_none()
            && let Some(first) = here().find(|leaf| leaf.slash == self.slash).or(here().next())
        {
            self.template = Some(first.template.clone());
            for leaf in here() {
                if !self.documented.contains(&leaf.method) {
                    self.documented.push(leaf.method.clone());
                }
            }
        }
        None
    }

    fn meets(&self, condition: &Condition) -> bool {
        let value_fits = |value: &str| condition.value.as_deref().is_none_or(|wanted| wanted == value);
        let in_query = |query: &str| query_pairs(query).any(|(name, value)| name == condition.name && value_fits(&decode_query(value)));
        self.url.query.is_some_and(in_query)
            || self.url.fragment.is_some_and(in_query)
            || self.exchange.request.headers.all(&condition.name).any(value_fits)
    }
}
