//! How deep the value that is being read lies: one count for a whole thread, so that no nesting of documents,
//! unions and readers inside readers can overflow the stack.
//!
//! `serde_json` limits nesting by itself, but its count starts again wherever a union hands the text of a value to a
//! reader of its own. These counts go on. Read `union/search.rs` next for how unions use them.

use std::cell::Cell;

use serde_core::de::Error;

/// How many objects and arrays may lie inside each other: as many as `serde_json` accepts.
const CONTAINERS: u32 = 127;

/// How many unions may lie inside each other. A union of unions adds levels without any nesting in the document.
const UNIONS: u32 = 192;

thread_local! {
    static OPEN_CONTAINERS: Cell<u32> = const { Cell::new(0) };
    static OPEN_UNIONS: Cell<u32> = const { Cell::new(0) };
}

/// One level of nesting, closed when it is dropped.
pub(crate) struct Level(bool);

impl Level {
    /// Opens an object or an array; `None` where that would be too deep.
    pub(crate) fn container() -> Option<Self> {
        open(&OPEN_CONTAINERS, CONTAINERS).then(|| Self(false))
    }

    /// Opens a union; `None` where that would be too deep.
    pub(crate) fn union() -> Option<Self> {
        open(&OPEN_UNIONS, UNIONS).then(|| Self(true))
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        let count = if self.0 { &OPEN_UNIONS } else { &OPEN_CONTAINERS };
        count.with(|count| count.set(count.get().saturating_sub(1)));
    }
}

fn open(count: &'static std::thread::LocalKey<Cell<u32>>, limit: u32) -> bool {
    count.with(|count| {
        let room = count.get() < limit;
        if room {
            count.set(count.get() + 1);
        }
        room
    })
}

/// The error of a value that lies too deep.
#[cold]
pub(crate) fn too_deep<E: Error>() -> E {
    E::custom(format_args!("recursion limit exceeded: more than {CONTAINERS} objects and arrays inside each other"))
}

#[cfg(test)]
mod tests {
    use super::{CONTAINERS, Level};

    #[test]
    fn levels_are_limited_and_given_back() {
        let mut open: Vec<_> = (0..CONTAINERS).map_while(|_| Level::container()).collect();
        assert_eq!(open.len(), CONTAINERS as usize);
        assert!(Level::container().is_none());
        assert!(Level::container().is_none(), "a level that was refused is not given back");
        assert!(Level::union().is_some(), "unions are counted apart");
        open.pop();
        assert!(Level::container().is_some());
    }
}
