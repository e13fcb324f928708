//! [`AdditionalProperties`]: the members of an object that its schema does not name, kept so that nothing is lost on the way
//! through a generated type.

use std::fmt;

use crate::data::{Json, Map};

/// The members of an object that its schema does not name, in the order of the document.
///
/// Most objects have none, and a struct has many of these: empty, it is one pointer wide and allocates nothing.
#[derive(Clone, PartialEq)]
pub struct AdditionalProperties<T = Json>(Option<Box<Map<T>>>);

impl<T> AdditionalProperties<T> {
    /// No members.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |members| members.len())
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.as_ref()?.get(name)
    }

    /// Sets a member; answers with the value that it had.
    pub fn insert(&mut self, name: impl Into<String>, value: T) -> Option<T> {
        self.0.get_or_insert_default().insert(name.into(), value)
    }

    /// Takes a member out. The others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let members = self.0.as_mut()?;
        let value = members.shift_remove(name);
        if members.is_empty() {
            self.0 = None;
        }
        value
    }

    /// The members, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().flat_map(|members| members.iter()).map(|(name, value)| (name.as_str(), value))
    }
}

impl<T> Default for AdditionalProperties<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for AdditionalProperties<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_map().entries(self.iter()).finish()
    }
}

impl<N: Into<String>, T> FromIterator<(N, T)> for AdditionalProperties<T> {
    fn from_iter<I: IntoIterator<Item = (N, T)>>(members: I) -> Self {
        let members: Map<T> = members.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self::from(members)
    }
}

impl<T> From<Map<T>> for AdditionalProperties<T> {
    fn from(members: Map<T>) -> Self {
        Self((!members.is_empty()).then(|| Box::new(members)))
    }
}

impl<T> From<AdditionalProperties<T>> for Map<T> {
    fn from(members: AdditionalProperties<T>) -> Self {
        members.0.map(|members| *members).unwrap_or_default()
    }
}

impl<T> IntoIterator for AdditionalProperties<T> {
    type Item = (String, T);
    type IntoIter = indexmap::map::IntoIter<String, T>;

    fn into_iter(self) -> Self::IntoIter {
        Map::from(self).into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::AdditionalProperties;
    use crate::Json;

    #[test]
    fn empty_is_one_pointer_and_a_removed_last_member_leaves_it_empty() {
        assert_eq!(size_of::<AdditionalProperties>(), size_of::<usize>());
        let mut members = AdditionalProperties::new();
        members.insert("a", Json::from(1));
        assert_eq!(format!("{members:?}"), r#"{"a": Number(Number(1))}"#);
        assert_eq!(members.remove("a"), Some(Json::from(1)));
        assert_eq!(members, AdditionalProperties::new());
    }
}
