//! What is done to documents before anything is generated from them or held against them: they are taken from vendors' pages,
//! drafted where there are none, judged, and compared with their older selves.

#![doc(test(attr(deny(warnings))))]

pub mod lint;

pub mod diff;
