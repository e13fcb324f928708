//! Recordings on disk: a file, or a folder read recursively in the order of names. Next: `validate.rs` and `verify/`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wireproof_contract::Format;

use crate::error::Failure;

/// One file of recorded exchanges.
#[derive(Debug)]
pub(crate) struct RecordingFile {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// How people know it; `/` between its parts.
    pub(crate) shown: String,
    /// What it is written in.
    pub(crate) format: Format,
}

impl RecordingFile {
    /// Opens it.
    pub(crate) fn open(&self) -> Result<fs::File, Failure> {
        fs::File::open(&self.path).map_err(|error| Failure::io("read", &self.shown, &error))
    }
}

/// The recordings at `path`, which people know as `shown`.
///
/// # Errors
///
/// When there is nothing there, or nothing that can be read.
pub(crate) fn find(path: &Path, shown: &str) -> Result<Vec<RecordingFile>, Failure> {
    if shown == "-" {
        return Err(Failure::new("recordings on standard input cannot be read yet").with_help("write them to a HAR file and name that"));
    }
    let metadata = fs::metadata(path).map_err(|error| Failure::io("read", shown, &error))?;
    if !metadata.is_dir() {
        let format = Format::of(shown).or_else(|| shown.to_ascii_lowercase().ends_with(".json").then_some(Format::Har));
        let format = format.ok_or_else(|| {
            Failure::new(format!("cannot read `{shown}` as a recording: only HAR files (`.har`) can be read yet"))
                .with_help("export the exchanges as HAR, which browsers, mitmproxy, Playwright and Insomnia can")
        })?;
        return Ok(vec![RecordingFile { path: path.to_path_buf(), shown: shown.to_owned(), format }]);
    }
    let mut found = Vec::new();
    walk(path, shown.trim_end_matches('/'), &mut found)?;
    if found.is_empty() {
        return Err(Failure::new(format!("there are no recordings (`.har`) in `{shown}`")).with_help("name a recording or another folder"));
    }
    Ok(found)
}

/// The recordings below a folder. Symbolic links to folders are not followed: they may lead in a circle.
fn walk(folder: &Path, shown: &str, found: &mut Vec<RecordingFile>) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::io("read", shown, &error);
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let shown = format!("{shown}/{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            walk(&entry.path(), &shown, found)?;
        } else if let Some(format) = Format::of(&shown) {
            found.push(RecordingFile { path: entry.path(), shown, format });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_in_the_order_of_names() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("b")).expect("a folder");
        for name in ["c.har", "b/z.har", "b/a.har", "notes.md", "a.HAR"] {
            fs::write(folder.path().join(name), "").expect("a file");
        }
        let shown = |files: Vec<RecordingFile>| files.into_iter().map(|file| file.shown).collect::<Vec<_>>();
        let files = find(folder.path(), "recordings/").expect("there are some");
        assert_eq!(shown(files), ["recordings/a.HAR", "recordings/b/a.har", "recordings/b/z.har", "recordings/c.har"]);
        let message = |name: &str| find(&folder.path().join(name), name).expect_err("it is no recording").message;
        assert_eq!(message("notes.md"), "cannot read `notes.md` as a recording: only HAR files (`.har`) can be read yet");
        assert_eq!(message("none.har"), "cannot read `none.har`: there is no such file or folder");
    }
}
