//! What a request was built with can be read and replaced, and not taken away.

use wireproof_generated::reforge::ContactPurgeRequest;
use wireproof_runtime::Field;

fn main() {
    let purge = ContactPurgeRequest::with_id("user123").id("user124");
    let _: &Field<String> = &purge.id;
    purge.id = Field::Absent;
}
