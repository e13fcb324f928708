//! The parts may be empty, the request may not.

use wireproof_generated::reforge::{ContactPurgeRequest, ContactPurgeRequestParts};

fn main() {
    let _: ContactPurgeRequestParts = Default::default();
    let _: ContactPurgeRequest = Default::default();
}
