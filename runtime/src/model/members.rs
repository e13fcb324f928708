//! [`Members`]: what can be done with the members of an object, one after the other, whatever their types are.
//!
//! It is implemented for tuples of up to twelve, and for more of them behind one another ([`And`]). So reading, writing, copying, showing and
//! comparing are written once, here, instead of in every generated struct.

use std::fmt;

use serde_core::de::MapAccess;
use serde_core::ser::SerializeMap;

use crate::data::{Json, Map};
use crate::decode::Decode;
use crate::model::{Object, ObjectWriter};
use crate::validate::Checker;

/// The members of an object, in their order.
pub trait Members: Sized {
    /// The same, borrowed.
    type Refs<'a>: Copy
    where
        Self: 'a;

    /// A place for each, empty until it is read.
    type Slots: Default;

    /// How many there are.
    const LENGTH: usize;

    /// Reads the value of the member with this index.
    fn read<'de, A: MapAccess<'de>>(slots: &mut Self::Slots, index: usize, object: &mut Object<'de, A>);

    /// What has been read; `first` is the index of the first. `None`, with an error parked in `object`, where a member is missing.
    fn take<'de, A: MapAccess<'de>>(slots: Self::Slots, first: usize, object: &mut Object<'de, A>) -> Option<Self>;

    /// Writes those that are there; `first` is the index of the first.
    fn write<S: SerializeMap>(refs: Self::Refs<'_>, first: usize, object: &mut ObjectWriter<S>);

    /// A copy of each.
    fn copy(refs: Self::Refs<'_>) -> Self;

    /// Shows each with its name.
    fn debug(refs: Self::Refs<'_>, keys: &'static [&'static str], shown: &mut fmt::DebugStruct<'_, '_>);

    /// Checks the constraints of the types of those that the object has; `keys` start with the name of the first.
    fn check(object: &Map<Json>, keys: &[&str], checker: &mut Checker);

    /// Whether all are equal.
    fn equal(left: Self::Refs<'_>, right: Self::Refs<'_>) -> bool;
}

/// Members behind others: for objects with more than twelve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct And<L, R>(pub L, pub R);

impl<L: Members, R: Members> Members for And<L, R> {
    type Refs<'a>
        = And<L::Refs<'a>, R::Refs<'a>>
    where
        Self: 'a;
    type Slots = And<L::Slots, R::Slots>;

    const LENGTH: usize = L::LENGTH + R::LENGTH;

    #[inline]
    fn read<'de, A: MapAccess<'de>>(slots: &mut Self::Slots, index: usize, object: &mut Object<'de, A>) {
        if index < L::LENGTH { L::read(&mut slots.0, index, object) } else { R::read(&mut slots.1, index - L::LENGTH, object) }
    }

    #[inline]
    fn take<'de, A: MapAccess<'de>>(slots: Self::Slots, first: usize, object: &mut Object<'de, A>) -> Option<Self> {
        Some(Self(L::take(slots.0, first, object)?, R::take(slots.1, first + L::LENGTH, object)?))
    }

    #[inline]
    fn write<S: SerializeMap>(refs: Self::Refs<'_>, first: usize, object: &mut ObjectWriter<S>) {
        L::write(refs.0, first, object);
        R::write(refs.1, first + L::LENGTH, object);
    }

    fn copy(refs: Self::Refs<'_>) -> Self {
        Self(L::copy(refs.0), R::copy(refs.1))
    }

    fn debug(refs: Self::Refs<'_>, keys: &'static [&'static str], shown: &mut fmt::DebugStruct<'_, '_>) {
        L::debug(refs.0, keys, shown);
        R::debug(refs.1, keys.get(L::LENGTH..).unwrap_or_default(), shown);
    }

    fn check(object: &Map<Json>, keys: &[&str], checker: &mut Checker) {
        L::check(object, keys, checker);
        R::check(object, keys.get(L::LENGTH..).unwrap_or_default(), checker);
    }

    fn equal(left: Self::Refs<'_>, right: Self::Refs<'_>) -> bool {
        L::equal(left.0, right.0) && R::equal(left.1, right.1)
    }
}

/// `Members` for one length of tuple.
macro_rules! tuple {
    ($length:literal: $($type:ident $slot:ident $other:ident $index:literal),*) => {
        #[allow(unused_variables, unused_mut, clippy::unused_unit, reason = "the empty tuple is one of them")]
        impl<$($type: Decode),*> Members for ($($type,)*) {
            type Refs<'a> = ($(&'a $type,)*) where Self: 'a;
            type Slots = ($(Option<$type>,)*);

            const LENGTH: usize = $length;

            #[inline]
            fn read<'de, A: MapAccess<'de>>(slots: &mut Self::Slots, index: usize, object: &mut Object<'de, A>) {
                let ($($slot,)*) = slots;
                match index {
                    $($index => object.read($slot),)*
                    _ => {}
                }
            }

            #[inline]
            fn take<'de, A: MapAccess<'de>>(slots: Self::Slots, first: usize, object: &mut Object<'de, A>) -> Option<Self> {
                let ($($slot,)*) = slots;
                Some(($(object.take(first + $index, $slot)?,)*))
            }

            #[inline]
            fn write<S: SerializeMap>(refs: Self::Refs<'_>, first: usize, object: &mut ObjectWriter<S>) {
                let ($($slot,)*) = refs;
                $(object.write(first + $index, $slot);)*
            }

            fn copy(refs: Self::Refs<'_>) -> Self {
                let ($($slot,)*) = refs;
                ($($slot.clone(),)*)
            }

            fn debug(refs: Self::Refs<'_>, keys: &'static [&'static str], shown: &mut fmt::DebugStruct<'_, '_>) {
                let ($($slot,)*) = refs;
                let mut keys = keys.iter();
                $(
                    if let Some(key) = keys.next() {
                        shown.field(key, $slot);
                    }
                )*
            }

            fn check(object: &Map<Json>, keys: &[&str], checker: &mut Checker) {
                $(checker.member::<$type>(keys, $index, object);)*
            }

            fn equal(left: Self::Refs<'_>, right: Self::Refs<'_>) -> bool {
                let (($($slot,)*), ($($other,)*)) = (left, right);
                true $(&& $slot == $other)*
            }
        }
    };
}

tuple!(0:);
tuple!(1: T0 t0 o0 0);
tuple!(2: T0 t0 o0 0, T1 t1 o1 1);
tuple!(3: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2);
tuple!(4: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3);
tuple!(5: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3, T4 t4 o4 4);
tuple!(6: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3, T4 t4 o4 4, T5 t5 o5 5);
tuple!(7: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3, T4 t4 o4 4, T5 t5 o5 5, T6 t6 o6 6);
tuple!(8: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3, T4 t4 o4 4, T5 t5 o5 5, T6 t6 o6 6, T7 t7 o7 7);
tuple!(9: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3, T4 t4 o4 4, T5 t5 o5 5, T6 t6 o6 6, T7 t7 o7 7, T8 t8 o8 8);
tuple!(10: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3, T4 t4 o4 4, T5 t5 o5 5, T6 t6 o6 6, T7 t7 o7 7, T8 t8 o8 8, T9 t9 o9 9);
tuple!(11: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3, T4 t4 o4 4, T5 t5 o5 5, T6 t6 o6 6, T7 t7 o7 7, T8 t8 o8 8, T9 t9 o9 9, T10 t10 o10 10);
tuple!(12: T0 t0 o0 0, T1 t1 o1 1, T2 t2 o2 2, T3 t3 o3 3, T4 t4 o4 4, T5 t5 o5 5, T6 t6 o6 6, T7 t7 o7 7, T8 t8 o8 8, T9 t9 o9 9, T10 t10 o10 10, T11 t11 o11 11);
