//! Structs around one value, which is all that they are in JSON: generated where an alias would refer to itself.

use std::marker::PhantomData;

use serde_core::de::Deserializer;

use crate::data::Json;
use crate::decode::{Decode, Decoder};
use crate::depth::{Level, too_deep};
use crate::validate::{Checker, Constraint};

/// A struct around one value.
pub trait Newtype {
    /// What the schema asks of the value beyond its type.
    const CONSTRAINTS: &'static [Constraint] = &[];
}

/// Reads the value of a newtype. Newtypes of newtypes nest without any nesting in the document, so they count like unions.
#[derive(Debug, Clone, Copy)]
pub struct AsNewtype<V>(PhantomData<V>);

impl<T: From<V> + Newtype, V: Decode> Decoder<T> for AsNewtype<V> {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let _level = Level::union().ok_or_else(too_deep)?;
        V::decode(deserializer).map(T::from)
    }

    fn check(value: &Json, checker: &mut Checker) {
        if let Some(_level) = Level::union() {
            checker.apply(T::CONSTRAINTS, value);
            V::By::check(value, checker);
        }
    }
}

/// Implements `Deserialize`, `Serialize`, [`Decode`](crate::Decode), [`Newtype`](crate::Newtype) and `From` the value for a struct around one value,
/// of which the schema may ask more than the type says.
#[macro_export]
macro_rules! newtype {
    ($type:ident, $value:ty) => {
        $crate::newtype!($type, $value, &[]);
    };
    ($type:ident, $value:ty, $constraints:expr) => {
        impl $crate::Newtype for $type {
            const CONSTRAINTS: &'static [$crate::Constraint] = $constraints;
        }

        $crate::data_impls!($type, $crate::AsNewtype<$value>, |value: &$type, serializer| {
            $crate::serde::Serialize::serialize(&value.0, serializer)
        });

        impl ::core::convert::From<$value> for $type {
            fn from(value: $value) -> Self {
                Self(value)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #[derive(Clone, Debug, PartialEq)]
    struct Tree(Vec<Tree>);

    crate::newtype!(Tree, Vec<Tree>);

    #[derive(Clone, Debug, PartialEq)]
    struct Endless(Option<Box<Endless>>);

    crate::newtype!(Endless, Option<Box<Endless>>);

    #[test]
    fn newtypes_are_their_value() {
        let tree: Tree = serde_json::from_str("[[],[[]]]").unwrap();
        assert_eq!(tree, Tree(vec![Tree(vec![]), vec![Tree(vec![])].into()]));
        assert_eq!(serde_json::to_string(&tree).unwrap(), "[[],[[]]]");
        assert_eq!(serde_json::from_str::<Endless>("null").unwrap(), Endless(None));
        assert!(serde_json::from_str::<Endless>("1").unwrap_err().to_string().contains("recursion limit"));
    }
}
