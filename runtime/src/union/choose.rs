//! [`Choice`]: the branch of a union, by its tag or by trying.

use std::fmt;

use crate::data::Json;
use crate::decode::{Decode, Kinds};
use crate::union::error::Failure;
use crate::union::search::{Decision, add_loss, measure};
use crate::union::{RawUnion, UnionError};

/// A choice among branches, made as they are named one after the other.
pub struct Choice<'r, 'a, U> {
    raw: &'r RawUnion<'a>,
    way: Way,
    /// The index of the branch that comes next.
    next: usize,
    best: Option<(u64, usize, U)>,
    failures: Vec<Failure>,
    /// Whether the choice took trying, so that a second visit had better not begin anew.
    searched: bool,
    /// What to say where no branch fits because the tag is missing or unknown.
    tag_error: Option<UnionError>,
}

/// How the branch is chosen.
enum Way {
    /// Every branch is tried, and the one with the least loss wins, the first of equals; one without loss ends the search.
    Search,
    /// The branch is known: from the tag, or from an earlier search at the same place.
    Only { index: usize, tagged: bool },
    /// The tag names no branch.
    Unknown,
    /// An earlier search at the same place has found that no branch fits.
    Failed(UnionError),
}

impl<'r, 'a, U> Choice<'r, 'a, U> {
    pub(super) fn new(raw: &'r RawUnion<'a>) -> Self {
        let way = match raw.place.decision() {
            None => Way::Search,
            Some(Decision::Branch(index)) => Way::Only { index, tagged: false },
            Some(Decision::None(error)) => Way::Failed(error),
        };
        let searched = matches!(way, Way::Search);
        Self { raw, way, next: 0, best: None, failures: Vec::new(), searched, tag_error: None }
    }

    /// Chooses by a discriminator: the string that the member `property` has names the index of the branch; one that names several
    /// tells none of them. Comes before the branches.
    ///
    /// Only that branch is tried at first; where it does not fit, another may that names all members of the value. Without the member, all branches are tried at once: a
    /// document may leave it out where the schema does not require it.
    pub fn tag(mut self, property: &str, values: &[(&str, usize)]) -> Self {
        if !self.raw.by_tag {
            return self;
        }
        let tag = self.raw.tag(property);
        let mut named = values.iter().filter(|(value, _)| Some(*value) == tag.as_deref()).map(|(_, index)| *index);
        let index = named.next();
        if named.next().is_some() {
            return self;
        }
        match (tag, index) {
            (_, Some(index)) => {
                self.way = Way::Only { index, tagged: true };
                self.searched = false;
            }
            (Some(_), None) => {
                self.way = Way::Unknown;
                self.searched = false;
            }
            (None, None) if Kinds::of(self.raw.text) != Kinds::OBJECT => return self,
            (None, None) => {}
        }
        if index.is_none() {
            self.tag_error = Some(UnionError::of_tag(self.raw.name, property, matches!(self.way, Way::Unknown), values));
        }
        self
    }

    /// Chooses the kind of an object by a discriminator, where a [`fallback`](Self::fallback) comes last: no branch is tried on a value that
    /// does not say which kind it is. Comes before the branches.
    pub fn kind(self, property: &str, values: &[(&str, usize)]) -> Self {
        if !matches!(self.way, Way::Search) {
            return self;
        }
        let mut choice = self.tag(property, values);
        if matches!(choice.way, Way::Search) {
            choice.way = Way::Unknown;
        }
        choice
    }

    /// Adds the branch for what no other one takes: a value of no kind, of an unknown one, or that does not fit the one that it names.
    pub fn fallback<T: Decode>(mut self, name: &'static str, make: impl FnOnce(T) -> U) -> Self {
        let index = self.next;
        self.next += 1;
        let is_tried = self.is_open(index) || self.best.is_none() && !matches!(self.way, Way::Failed(_));
        if is_tried {
            self.searched = true;
            match measure(|| self.raw.attempt(name)) {
                (Ok(value), loss) => self.best = Some((loss, index, make(value))),
                (Err(problem), _) => {
                    // Any tag would do here: what is wrong is what this branch says.
                    self.tag_error = None;
                    self.failures.push(Failure { branch: name, problem });
                }
            }
        }
        self
    }

    /// Adds a branch; `make` makes the union of its value.
    pub fn branch<T: Decode>(mut self, name: &'static str, make: impl FnOnce(T) -> U) -> Self {
        let index = self.next;
        self.next += 1;
        if self.is_open(index) {
            match measure(|| self.raw.attempt(name)) {
                (Ok(value), loss) if self.best.as_ref().is_none_or(|(least, ..)| loss < *least) => {
                    self.best = Some((loss, index, make(value)));
                }
                (Ok(_), _) => {}
                (Err(problem), _) => self.failures.push(Failure { branch: name, problem }),
            }
        }
        self
    }

    /// Adds a branch that is one string.
    pub fn constant(mut self, name: &'static str, value: &str, made: U) -> Self {
        let index = self.next;
        self.next += 1;
        if self.is_open(index) {
            match self.raw.attempt::<String>(name) {
                Ok(found) if found == value => self.best = Some((0, index, made)),
                // The string itself is no news to whoever sent it, and may be nobody else's business.
                Ok(_) => self.failures.push(Failure { branch: name, problem: format!("another string than `{value}`") }),
                Err(problem) => self.failures.push(Failure { branch: name, problem }),
            }
        }
        self
    }

    /// Keeps a value whose tag names no branch, as it is. It counts as a loss of fit where this union is inside another.
    pub fn unknown(mut self, make: impl FnOnce(Json) -> U) -> Self {
        if matches!(self.way, Way::Unknown) {
            match measure(|| self.raw.text.parse()) {
                (Ok(value), _) => self.best = Some((1, self.next, make(value))),
                (Err(error), _) => self.tag_error = Some(UnionError::new(self.raw.name, error.to_string())),
            }
        }
        self
    }

    /// The union.
    ///
    /// # Errors
    ///
    /// Why no branch fits, the closest one first.
    pub fn finish(self) -> Result<U, UnionError> {
        if let Way::Failed(error) = self.way {
            return Err(error);
        }
        // Against its tag, a value is taken for another branch only if that names all that it has: an open object fits anything else too.
        let best = self.best.filter(|(loss, ..)| self.raw.by_tag || *loss == 0);
        let found = match (best, self.failures.as_slice(), self.tag_error) {
            (Some((loss, index, value)), ..) => {
                add_loss(loss);
                Ok((index, value))
            }
            (None, [only], _) if matches!(self.way, Way::Only { tagged: true, .. }) => Err(UnionError::of_branch(self.raw.name, only)),
            (None, _, Some(error)) => Err(error),
            (None, _, None) => Err(UnionError::of_failures(self.raw.name, self.failures)),
        };
        if self.searched {
            self.raw.place.remember(|| match &found {
                Ok((index, _)) => Decision::Branch(*index),
                Err(error) => Decision::None(error.clone()),
            });
        }
        found.map(|(_, value)| value)
    }

    /// Whether the branch can still win.
    fn is_open(&self, branch: usize) -> bool {
        match &self.way {
            Way::Search => !matches!(self.best, Some((0, ..))),
            Way::Only { index, .. } => *index == branch,
            Way::Unknown | Way::Failed(_) => false,
        }
    }
}

impl<U> fmt::Debug for Choice<'_, '_, U> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Choice").field("union", &self.raw.name).field("next", &self.next).finish_non_exhaustive()
    }
}
