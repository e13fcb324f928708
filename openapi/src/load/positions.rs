//! Where each node of a file stands. Made by reading the text once more, the first time somebody asks: a run without findings
//! pays nothing.
//!
//! A member of an object stands at its key, an item of a list at its own beginning.

use foldhash::HashMap;

use super::{Event, Format, Refusal, Sink, json, yaml};
use crate::Pointer;
use crate::source::Mark;

/// The marks of all nodes of one text, in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Positions {
    nodes: Vec<Node>,
    keys: HashMap<Box<str>, u32>,
    /// The children of nodes that have so many that searching for them one by one would take long: by parent, then by key or index.
    wide: HashMap<(usize, u32), usize>,
}

#[derive(Debug)]
struct Node {
    mark: Mark,
    /// The number of its key; of nothing for items of lists.
    key: u32,
    /// How many nodes it and all below it are: the way to the next one beside it.
    extent: usize,
    is_list: bool,
}

const NO_KEY: u32 = u32::MAX;
/// From this extent on, the children of a node are indexed.
const WIDE: usize = 1 << 12;

impl Positions {
    /// Reads the positions of `text`, as far as it can be read.
    pub(crate) fn read(text: &str, format: Format) -> Self {
        let mut recorder = Recorder { positions: Self::default(), open: Vec::new(), key: None };
        // A text that cannot be read to its end has its error reported elsewhere; the nodes before it have places all the same.
        let _ = match format {
            Format::Json => json::read(text, &mut recorder),
            Format::Yaml => yaml::read(text, &mut recorder),
        };
        while recorder.close() {}
        recorder.positions
    }

    /// The mark of the node at `pointer`, or of the nearest node above it that the text has.
    pub(crate) fn mark(&self, pointer: &Pointer) -> Mark {
        let mut at = 0;
        for segment in pointer.segments() {
            match self.child(at, &segment) {
                Some(child) => at = child,
                None => break,
            }
        }
        self.nodes.get(at).map_or(Mark::START, |node| node.mark)
    }

    fn child(&self, parent: usize, segment: &str) -> Option<usize> {
        let node = self.nodes.get(parent)?;
        let name = if node.is_list { segment.parse().ok()? } else { *self.keys.get(segment)? };
        if node.extent >= WIDE {
            return self.wide.get(&(parent, name)).copied();
        }
        self.children(parent).find(|(child_name, _)| *child_name == name).map(|(_, child)| child)
    }

    /// The children of a node with their keys or, in lists, their indices.
    fn children(&self, parent: usize) -> impl Iterator<Item = (u32, usize)> {
        let (end, is_list) = self.nodes.get(parent).map_or((0, false), |node| (parent + node.extent, node.is_list));
        let mut next = parent + 1;
        let mut index = 0;
        std::iter::from_fn(move || {
            let node = self.nodes.get(next).filter(|_| next < end)?;
            let child = (if is_list { index } else { node.key }, next);
            next += node.extent;
            index += 1;
            Some(child)
        })
    }
}

/// Receives the events of the text.
struct Recorder {
    positions: Positions,
    /// The nodes that have begun and not ended.
    open: Vec<usize>,
    key: Option<(u32, Mark)>,
}

impl Recorder {
    /// Adds a node, which stands at its key where it has one.
    fn add(&mut self, mark: Mark, is_list: bool) {
        let (key, mark) = self.key.take().unwrap_or((NO_KEY, mark));
        self.positions.nodes.push(Node { mark, key, extent: 1, is_list });
    }

    fn close(&mut self) -> bool {
        let Some(start) = self.open.pop() else { return false };
        let extent = self.positions.nodes.len() - start;
        if let Some(node) = self.positions.nodes.get_mut(start) {
            node.extent = extent;
        }
        if extent >= WIDE {
            let children: Vec<(u32, usize)> = self.positions.children(start).collect();
            for (name, child) in children {
                // Of a key that is there twice, the first one counts.
                self.positions.wide.entry((start, name)).or_insert(child);
            }
        }
        true
    }

    fn number(&mut self, key: &str) -> u32 {
        let next = u32::try_from(self.positions.keys.len()).unwrap_or(NO_KEY);
        if let Some(number) = self.positions.keys.get(key) {
            return *number;
        }
        self.positions.keys.insert(key.into(), next);
        next
    }

    fn awaits_key(&self) -> bool {
        let innermost = self.open.last().and_then(|open| self.positions.nodes.get(*open));
        self.key.is_none() && innermost.is_some_and(|node| !node.is_list)
    }
}

impl Sink for Recorder {
    const MARKS: bool = true;

    fn event(&mut self, event: Event<'_>, _: usize, mark: Mark) -> Result<(), Refusal> {
        match event {
            Event::ObjectStart | Event::ArrayStart => {
                self.open.push(self.positions.nodes.len());
                self.add(mark, matches!(event, Event::ArrayStart));
            }
            Event::End => {
                self.close();
            }
            Event::Key(key) => self.key = Some((self.number(&key), mark)),
            Event::MergeKey => self.key = Some((self.number("<<"), mark)),
            // The text of a key that is an alias stands elsewhere; its member is found by no name and falls back to the object.
            Event::Alias(_) if self.awaits_key() => self.key = Some((NO_KEY, mark)),
            Event::Scalar(_) | Event::Alias(_) => self.add(mark, false),
        }
        Ok(())
    }

    fn note(&mut self, _: &'static str, _: String) {}

    fn pointer(&self) -> Pointer {
        Pointer::root()
    }
}
