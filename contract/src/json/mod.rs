//! JSON texts, read exactly: numbers keep their digits, and what is wrong with a text is told with its place.
//! Parts: `parse.rs` (text to value), `raw.rs` and `quick.rs` (the same for texts without a fault, in a fraction of the time),
//! `instance.rs` (either of them before a validator), `number.rs` (mathematical comparison), `difference.rs` (what a round trip lost).
//!
//! `serde_json` does the same job for trusted input; bodies need more: duplicate keys told with both places, every fault
//! at line and column, and no object that is mistaken for a number.

mod difference;
mod instance;
mod number;
mod parse;
mod quick;
mod raw;

pub(crate) use difference::are_same;
pub use difference::{Difference, differences};
pub(crate) use instance::{Array, Instance, Instances, Object};
pub(crate) use number::equal_numbers;
pub(crate) use parse::{Fault, Place, parse};
pub(crate) use quick::quick;
pub(crate) use raw::Raw;

use wireproof_openapi::Pointer;

/// The pointer with list positions replaced by `*`: the same for every item of a list.
pub(crate) fn generalise(pointer: &Pointer) -> String {
    let mut general = String::with_capacity(pointer.as_str().len());
    for segment in pointer.as_str().split('/').skip(1) {
        general.push('/');
        let position = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        general.push_str(if position { "*" } else { segment });
    }
    general
}
