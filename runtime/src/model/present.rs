//! Which members an object has: found out by writing it, with a writer that keeps the names only. Generated code need not say it again, and
//! cannot say it differently.

use std::fmt::{self, Write as _};

use serde_core::Serialize;
use serde_core::ser::SerializeMap;

use crate::model::{Members, Model, ObjectWriter, Others, Presence, PresenceError};

/// Checks the rule about the members of a model.
///
/// # Errors
///
/// The rule in words, where the model breaks it.
pub fn check_presence<T: Model>(model: &T, rule: &Presence) -> Result<(), PresenceError> {
    let mut names = Vec::new();
    let (members, others) = model.refs();
    let mut object = ObjectWriter::new(Names(&mut names), &T::INFO);
    T::Members::write(members, 0, &mut object);
    others.write(&mut object);
    // The writer refuses an additional property with the name of a member. That is for whoever writes the object to hear.
    let _ = object.finish();
    rule.check(|key| names.iter().any(|name| name == key), names.len())
}

/// Keeps the names of the members that are written.
struct Names<'n>(&'n mut Vec<String>);

/// A name, shown as the text that it serializes to.
struct Shown<'k, K: ?Sized>(&'k K);

impl<K: Serialize + ?Sized> fmt::Display for Shown<'_, K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(formatter)
    }
}

impl SerializeMap for Names<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<K: Serialize + ?Sized>(&mut self, key: &K) -> Result<(), fmt::Error> {
        let mut name = String::new();
        write!(name, "{}", Shown(key))?;
        self.0.push(name);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), fmt::Error> {
        Ok(())
    }

    fn end(self) -> Result<(), fmt::Error> {
        Ok(())
    }
}
