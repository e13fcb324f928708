//! What is done to documents before anything is generated from them or held against them: they are taken from vendors' pages,
//! drafted where there are none, judged, and compared with their older selves.

#![doc(test(attr(deny(warnings))))]

mod agreement;
mod correction;
pub mod diff;
pub mod draft;
pub mod import;
pub mod lint;
pub mod page;
mod yaml;

pub use agreement::agreement;
pub use correction::{Accepted, Suggestion, suggest};
pub use yaml::to_yaml;
