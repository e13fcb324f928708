//! A place in a tree while walking it: a chain of steps on the stack, which becomes a [`Pointer`] only when somebody needs one.

use crate::Pointer;

/// A place: a pointer, or one step further down from another place.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    Root(&'a Pointer),
    Member(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    pub(crate) fn member(&'a self, key: &'a str) -> Self {
        At::Member(self, key)
    }

    pub(crate) fn item(&'a self, index: usize) -> Self {
        At::Item(self, index)
    }

    pub(crate) fn pointer(&self) -> Pointer {
        match self {
            At::Root(pointer) => (*pointer).clone(),
            At::Member(parent, key) => parent.pointer().join(key),
            At::Item(parent, index) => parent.pointer().index(*index),
        }
    }
}
