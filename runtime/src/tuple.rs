//! [`Tuple`]: arrays whose items each have a type of their own, in their order.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};
use serde_core::ser::{SerializeSeq, Serializer};

use crate::data::Json;
use crate::decode::{Decode, Decoder, Kinds, Seed, at_index};
use crate::depth::{Level, too_deep};
use crate::validate::{Checker, Constraint, Described};

/// A struct that is an array in JSON, with a fixed number of items at its beginning.
///
/// ```
/// use wireproof_runtime::{Items, Json, SeqAccess, SerializeSeq, Tuple};
///
/// #[derive(Clone, Debug, PartialEq)]
/// struct Row(String, i64, Vec<Json>);
///
/// impl Tuple for Row {
///     const NAME: &'static str = "Row";
///     const LENGTH: usize = 2;
///
///     fn decode_items<'de, A: SeqAccess<'de>>(items: &mut Items<'de, A>) -> Result<Self, A::Error> {
///         Ok(Self(items.item()?, items.item()?, items.rest()?))
///     }
///
///     fn encode_items<S: SerializeSeq>(&self, items: &mut S) -> Result<(), S::Error> {
///         items.serialize_element(&self.0)?;
///         items.serialize_element(&self.1)?;
///         self.2.iter().try_for_each(|item| items.serialize_element(item))
///     }
/// }
///
/// wireproof_runtime::tuple!(Row);
///
/// let row: Row = serde_json::from_str(r#"["a", 1, null]"#)?;
/// assert_eq!((row.0.as_str(), row.1, row.2.len()), ("a", 1, 1));
/// assert_eq!(serde_json::to_string(&row)?, r#"["a",1,null]"#);
/// let error = serde_json::from_str::<Row>(r#"["a"]"#).unwrap_err().to_string();
/// assert!(error.starts_with("invalid length 1, expected at least 2 items (`Row`)"), "{error}");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Tuple: Sized {
    /// The name of the type, for messages.
    const NAME: &'static str;

    /// How many items it has at least.
    const LENGTH: usize;

    /// What the schema asks of the list and its items beyond their types.
    const CONSTRAINTS: &'static [Constraint] = &[];

    /// Reads the items.
    ///
    /// # Errors
    ///
    /// Whatever is missing, too much, or does not fit.
    fn decode_items<'de, A: SeqAccess<'de>>(items: &mut Items<'de, A>) -> Result<Self, A::Error>;

    /// Writes the items.
    ///
    /// # Errors
    ///
    /// Whatever the serializer refuses.
    fn encode_items<S: SerializeSeq>(&self, items: &mut S) -> Result<(), S::Error>;
}

/// The reader of the items of one array.
pub struct Items<'de, A: SeqAccess<'de>> {
    source: A,
    count: usize,
    name: &'static str,
    length: usize,
    /// The same items once more, and who checks them by the types that they are read as.
    checks: Option<Box<(Vec<Json>, Checker)>>,
    marker: PhantomData<&'de ()>,
}

impl<'de, A: SeqAccess<'de>> Items<'de, A> {
    /// The next item, which must be there.
    ///
    /// # Errors
    ///
    /// A missing item, and one that does not fit.
    pub fn item<T: Decode>(&mut self) -> Result<T, A::Error> {
        let count = self.count;
        let expected = Expected { name: self.name, length: self.length };
        self.read()?.ok_or_else(|| A::Error::invalid_length(count, &expected))
    }

    /// All items that are left.
    ///
    /// # Errors
    ///
    /// An item that does not fit.
    pub fn rest<T: Decode>(&mut self) -> Result<Vec<T>, A::Error> {
        let mut rest = Vec::new();
        while let Some(item) = self.read()? {
            rest.push(item);
        }
        Ok(rest)
    }

    fn read<T: Decode>(&mut self) -> Result<Option<T>, A::Error> {
        let item = self.source.next_element_seed(Seed::new()).map_err(|error| at_index(self.count, &error))?;
        if item.is_some()
            && let Some((items, checker)) = self.checks.as_deref_mut()
            && let Some(value) = items.get(self.count)
        {
            checker.within(&self.count.to_string(), |checker| T::By::check(value, checker));
        }
        self.count += usize::from(item.is_some());
        Ok(item)
    }
}

impl<'de, A: SeqAccess<'de>> fmt::Debug for Items<'de, A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Items").field("name", &self.name).field("count", &self.count).finish_non_exhaustive()
    }
}

/// How many items there should have been.
struct Expected {
    name: &'static str,
    length: usize,
}

impl serde_core::de::Expected for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at least {} items (`{}`)", self.length, self.name)
    }
}

struct TupleVisitor<T>(PhantomData<T>);

impl<'de, T: Tuple> Visitor<'de> for TupleVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an array (`{}`)", T::NAME)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        let _level = Level::container().ok_or_else(too_deep)?;
        let mut items = Items { source: items, count: 0, name: T::NAME, length: T::LENGTH, checks: None, marker: PhantomData };
        let tuple = T::decode_items(&mut items)?;
        match items.source.next_element::<IgnoredAny>()? {
            None => Ok(tuple),
            Some(_) => Err(A::Error::custom(format_args!("too many items, expected {} (`{}`)", T::LENGTH, T::NAME))),
        }
    }
}

/// Goes through the items of a tuple once more, to check each by the constraints of its type.
struct ItemsChecker<'c, T> {
    items: &'c [Json],
    checker: &'c mut Checker,
    marker: PhantomData<T>,
}

impl<'de, T: Tuple> Visitor<'de> for ItemsChecker<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an array (`{}`)", T::NAME)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, source: A) -> Result<(), A::Error> {
        let checks = Some(Box::new((self.items.to_vec(), std::mem::take(self.checker))));
        let mut items = Items { source, count: 0, name: T::NAME, length: T::LENGTH, checks, marker: PhantomData };
        let read = T::decode_items(&mut items);
        if let Some(checks) = items.checks {
            *self.checker = checks.1;
        }
        read.map(|_| ())
    }
}

/// Reads a [`Tuple`].
#[derive(Debug, Clone, Copy)]
pub enum AsArray {}

impl<T: Tuple> Decoder<T> for AsArray {
    const KINDS: Kinds = Kinds::ARRAY;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_seq(TupleVisitor(PhantomData))
    }

    fn check(value: &Json, checker: &mut Checker) {
        checker.apply_beside(T::CONSTRAINTS, value, Described { members: &[], items: T::LENGTH });
        if let Some(items) = value.as_array() {
            let text = value.to_string();
            // What the type cannot read was never a value of it, and has no constraints.
            let _ = serde_json::Deserializer::from_str(&text).deserialize_seq(ItemsChecker::<T> { items, checker, marker: PhantomData });
        }
    }
}

/// Writes a tuple.
///
/// # Errors
///
/// Whatever the serializer refuses.
pub fn encode_tuple<T: Tuple, S: Serializer>(tuple: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut items = serializer.serialize_seq(None)?;
    tuple.encode_items(&mut items)?;
    items.end()
}

/// Implements `Deserialize`, `Serialize` and [`Decode`](crate::Decode) for a [`Tuple`].
#[macro_export]
macro_rules! tuple {
    ($type:ty) => {
        $crate::data_impls!($type, $crate::AsArray, $crate::encode_tuple);
    };
}
