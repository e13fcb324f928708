//! The side of Wireproof that talks to the network: it asks real servers what can be asked without harm, records traffic as it
//! passes, and plays a vendor from its document.

#![doc(test(attr(deny(warnings))))]

mod body;
pub mod credentials;
pub mod mock;
pub mod net;
pub mod plan;
pub mod probe;
pub mod record;
mod request;
pub mod risk;
mod text;
