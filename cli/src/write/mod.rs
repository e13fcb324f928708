//! Generated files and reports to disk.
//!
//! Three promises: only files whose content changes are touched; a file that Wireproof did not make is never deleted or
//! overwritten; killed at any moment, every file is whole, either as before or as after.
//!
//! `plan.rs` (what would change in a folder, shown or carried out), `package.rs` (a folder of its own), `new_file.rs` (one file).

mod new_file;
mod package;
mod plan;

use std::fs;
use std::io;
use std::path::Path;

pub use new_file::NewFile;
pub(crate) use package::write_package;
pub(crate) use plan::files_below;
pub use plan::{Change, Plan};

use crate::error::Failure;

/// Stands in the first line of every generated file.
const MARK: &str = "@generated";

/// The beginning of the names of folders that hold files on their way to their place.
const STAGING: &str = ".wireproof-";

/// Whether Wireproof made the file with this content.
pub(crate) fn is_generated(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.starts_with(['/', '#']) && line.contains(MARK))
}

/// The bytes of a file; `None` where there is none.
fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(Failure::io("read", path.display(), &error)),
    }
}
