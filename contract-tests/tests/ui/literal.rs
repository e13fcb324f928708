//! The parts cannot be wrapped unchecked: that is what `TryFrom` is for.

use wireproof_generated::reforge::{ContactPurgeRequest, ContactPurgeRequestParts};

fn main() {
    let parts = ContactPurgeRequestParts::default();
    let _ = ContactPurgeRequest { 0: parts };
}
