//! Puts the files other than the entry where references expect them: into the entry's tree, under their paths.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::Pointer;
use crate::grammar::Kind;
use crate::references::MOUNT;

/// Makes one tree of those of all files, each with its mount. `roots` are the parts of each that references reach.
pub(super) fn mount(trees: Vec<(Pointer, Value)>, roots: &[Vec<(Pointer, Kind)>]) -> Value {
    let mut trees = trees.into_iter().zip(roots);
    let mut root = trees.next().map_or(Value::Null, |((_, entry), _)| entry);
    let mut mounted = Map::new();
    for ((place, mut tree), roots) in trees {
        let reached: Vec<Vec<Cow<'_, str>>> = roots.iter().map(|(pointer, _)| pointer.segments().collect()).collect();
        prune(&mut tree, &reached.iter().map(Vec::as_slice).collect::<Vec<_>>());
        mounted.insert(place.last().unwrap_or_default().into_owned(), tree);
    }
    if let (Value::Object(members), false) = (&mut root, mounted.is_empty()) {
        members.insert(MOUNT.to_owned(), Value::Object(mounted));
    }
    root
}

/// Takes out of a file what no reference reaches: it is no part of the document, and nobody has looked at it.
fn prune(node: &mut Value, reached: &[&[Cow<'_, str>]]) {
    let mut below: HashMap<&str, Vec<&[Cow<'_, str>]>> = HashMap::new();
    for steps in reached {
        match steps {
            [] => return,
            [first, rest @ ..] => below.entry(first).or_default().push(rest),
        }
    }
    match node {
        Value::Object(members) => members.retain(|key, value| match below.get(key.as_str()) {
            Some(reached) => {
                prune(value, reached);
                true
            }
            None => false,
        }),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                match below.get(index.to_string().as_str()) {
                    Some(reached) => prune(item, reached),
                    // The items behind it keep their numbers.
                    None => *item = Value::Null,
                }
            }
        }
        _ => {}
    }
}
