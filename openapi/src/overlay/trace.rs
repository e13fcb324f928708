//! Which node of a changed document is from where: the document's own text or the overlay. Only the ways to changed nodes are held;
//! whatever lies below the last node known is from the same place as that.

use std::collections::HashMap;

use crate::Pointer;

/// The text that a node stands in, and its place there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Document(Pointer),
    Overlay(Pointer),
}

impl Origin {
    fn join(&self, segment: &str) -> Self {
        match self {
            Self::Document(pointer) => Self::Document(pointer.join(segment)),
            Self::Overlay(pointer) => Self::Overlay(pointer.join(segment)),
        }
    }
}

/// A node and what is known of those below it.
#[derive(Debug)]
pub(crate) struct Trace {
    origin: Origin,
    members: HashMap<String, Trace>,
    /// The items of a list that was added to or taken from.
    items: Option<Vec<Trace>>,
}

impl Trace {
    /// A document of which nothing was changed.
    pub(crate) fn document() -> Self {
        Self::new(Origin::Document(Pointer::root()))
    }

    pub(super) fn overlay(pointer: Pointer) -> Self {
        Self::new(Origin::Overlay(pointer))
    }

    fn new(origin: Origin) -> Self {
        Self { origin, members: HashMap::new(), items: None }
    }

    /// Where the node at `pointer` is from.
    pub(crate) fn origin(&self, pointer: &Pointer) -> Origin {
        let mut trace = self;
        let mut segments = pointer.segments();
        for segment in segments.by_ref() {
            match trace.known(&segment) {
                Some(child) => trace = child,
                None => return segments.fold(trace.origin.join(&segment), |origin, segment| origin.join(&segment)),
            }
        }
        trace.origin.clone()
    }

    fn known(&self, segment: &str) -> Option<&Self> {
        match &self.items {
            Some(items) => items.get(segment.parse::<usize>().ok()?),
            None => self.members.get(segment),
        }
    }

    /// The child with this key or index, to be changed.
    pub(super) fn child(&mut self, segment: &str) -> &mut Self {
        let origin = self.origin.join(segment);
        if let Some(items) = &mut self.items {
            let index = segment.parse::<usize>().ok().filter(|index| *index < items.len());
            // An index out of the list cannot come up: the list here has as many items as the list itself.
            let index = index.unwrap_or_else(|| {
                items.push(Self::new(origin));
                items.len() - 1
            });
            return &mut items[index];
        }
        self.members.entry(segment.to_owned()).or_insert_with(|| Self::new(origin))
    }

    /// Notes that the member `key` is new.
    pub(super) fn insert(&mut self, key: &str, child: Self) {
        self.members.insert(key.to_owned(), child);
    }

    /// Notes that the member `key` is gone.
    pub(super) fn remove(&mut self, key: &str) {
        self.members.remove(key);
    }

    /// The items of a list that now has `length` of them, to be added to or taken from.
    pub(super) fn items(&mut self, length: usize) -> &mut Vec<Self> {
        let (origin, members) = (&self.origin, &mut self.members);
        self.items.get_or_insert_with(|| {
            let item = |index: usize| {
                let index = index.to_string();
                members.remove(&index).unwrap_or_else(|| Self::new(origin.join(&index)))
            };
            (0..length).map(item).collect()
        })
    }
}
