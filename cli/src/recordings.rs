//! Recordings where they are: a file, standard input, or a folder read recursively in the order of names. What a file is shows its
//! content. Next: `validate.rs` and `verify/`, which run them.

use std::fs;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use wireproof_contract::{Entry, Event, RecordingError, Run, is_recording_name, read, recognise};

use crate::error::Failure;
use crate::output::{Stream, count, printable, style};
use crate::progress::Progress;

/// What can be read, for those who named something else.
const FORMATS: &str = "recordings are HAR files, NDJSON of HAR entries, cassettes (VCR, vcrpy, betamax), Postman collections with saved responses, \
                       and definitions of nock";

/// How many files are named that were passed over.
const NAMED: usize = 3;

/// One file of recorded exchanges.
#[derive(Debug)]
pub(crate) struct RecordingFile {
    /// Where it is; standard input is nowhere.
    path: Option<PathBuf>,
    /// How people know it; `/` between its parts.
    pub(crate) shown: String,
}

/// The recordings of a place.
#[derive(Debug, Default)]
pub(crate) struct Recordings {
    /// In the order in which they are run.
    pub(crate) files: Vec<RecordingFile>,
    /// Files of folders that are no recordings, as people know them.
    passed_over: Vec<String>,
}

impl RecordingFile {
    /// Runs it; the inner error says that it is no recording, or breaks off: what came before has been told.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub(crate) fn run(
        &self,
        run: &mut Run<'_>,
        progress: &Progress,
        stdin: &mut dyn Read,
        sink: &mut dyn FnMut(Event) -> ControlFlow<()>,
    ) -> Result<Result<(), RecordingError>, Failure> {
        let reader: Box<dyn Read + '_> = match &self.path {
            Some(path) => Box::new(fs::File::open(path).map_err(|error| Failure::io("read", &self.shown, &error))?),
            None => Box::new(stdin),
        };
        let recognised = recognise(&self.shown, progress.reading(reader));
        Ok(recognised.and_then(|(format, reader)| run.recording(&self.shown, format, reader, sink)))
    }
}

impl RecordingFile {
    /// Reads it, entry by entry; the inner error is as for [`RecordingFile::run`].
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub(crate) fn entries(&self, each: &mut dyn FnMut(Entry)) -> Result<Result<(), RecordingError>, Failure> {
        let Some(path) = &self.path else {
            return Err(Failure::new("standard input cannot be read twice").with_help("name a file"));
        };
        let file = fs::File::open(path).map_err(|error| Failure::io("read", &self.shown, &error))?;
        let mut each = |entry| {
            each(entry);
            ControlFlow::Continue(())
        };
        Ok(recognise(&self.shown, file).and_then(|(format, reader)| read(&self.shown, format, reader, &mut each)))
    }
}

impl Recordings {
    /// Adds those of another place.
    pub(crate) fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
        self.passed_over.extend(other.passed_over);
    }

    /// How many bytes there are to read, as far as that is known beforehand.
    pub(crate) fn bytes(&self) -> u64 {
        let paths = self.files.iter().filter_map(|file| file.path.as_ref());
        paths.filter_map(|path| fs::metadata(path).ok()).map(|metadata| metadata.len()).sum()
    }

    /// Says what was passed over.
    pub(crate) fn tell(&self, err: &mut Stream<'_>) {
        if let Some(note) = self.note() {
            let head = err.paint(style::FAINT, "note").to_string();
            err.line(format_args!("{head}: {note}"));
        }
    }

    /// What is to be said about files that are no recordings; nothing where there are none.
    pub(crate) fn note(&self) -> Option<String> {
        if self.passed_over.is_empty() {
            return None;
        }
        let mut named: Vec<String> = self.passed_over.iter().take(NAMED).map(|file| format!("`{}`", printable(file))).collect();
        if self.passed_over.len() > NAMED {
            named.push(format!("{} more", self.passed_over.len() - NAMED));
        }
        let are = if self.passed_over.len() == 1 { "is no recording and was" } else { "are no recordings and were" };
        Some(format!("{} {are} passed over: {}", count(self.passed_over.len(), "file"), named.join(", ")))
    }
}

/// The recordings at `path`, which people know as `shown`; `-` is standard input.
///
/// # Errors
///
/// When there is nothing there, or nothing that is a recording.
pub(crate) fn find(path: &Path, shown: &str) -> Result<Recordings, Failure> {
    if shown == "-" {
        return Ok(Recordings { files: vec![RecordingFile { path: None, shown: shown.to_owned() }], passed_over: Vec::new() });
    }
    let metadata = fs::metadata(path).map_err(|error| Failure::io("read", shown, &error))?;
    let mut found = Recordings::default();
    if !metadata.is_dir() {
        // A pipe can be read only once; what it holds shows when it is run.
        if metadata.is_file() {
            look(path, shown)?.map_err(|error| unreadable(&error))?;
        }
        found.files.push(RecordingFile { path: Some(path.to_path_buf()), shown: shown.to_owned() });
        return Ok(found);
    }
    walk(path, shown.trim_end_matches('/'), &mut found)?;
    if found.files.is_empty() {
        let passed_over = found.note().map(|note| format!(" ({note})")).unwrap_or_default();
        return Err(Failure::new(format!("there are no recordings in `{shown}`{passed_over}")).with_help(FORMATS));
    }
    Ok(found)
}

/// As many threads as run at a time.
pub(crate) fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Whether a file is a recording, by its beginning.
fn look(path: &Path, shown: &str) -> Result<Result<(), RecordingError>, Failure> {
    let file = fs::File::open(path).map_err(|error| Failure::io("read", shown, &error))?;
    Ok(recognise(shown, file).map(drop))
}

/// A recording that cannot be read, as the failure of a command.
pub(crate) fn unreadable(error: &RecordingError) -> Failure {
    let failure = Failure::new(format!("cannot read the recording: {error}"));
    if error.message.starts_with("no recording") { failure.with_help(FORMATS) } else { failure }
}

/// The recordings below a folder. Symbolic links to folders are not followed: they may lead in a circle. What is hidden
/// stays out of sight.
fn walk(folder: &Path, shown: &str, found: &mut Recordings) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::io("read", shown, &error);
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let shown = format!("{shown}/{name}");
        let path = entry.path();
        let is_folder = entry.file_type().map_err(failed)?.is_dir();
        if name.starts_with('.') || (!is_folder && path.is_dir()) {
            continue;
        }
        if is_folder {
            walk(&path, &shown, found)?;
        } else if is_recording_name(&name) && look(&path, &shown)?.is_ok() {
            found.files.push(RecordingFile { path: Some(path), shown });
        } else {
            found.passed_over.push(shown);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"request":{"method":"GET","url":"https://h/"},"response":{"status":200}}"#;

    #[test]
    fn a_folder_is_read_in_the_order_of_names() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("b")).expect("a folder");
        let files = [
            ("c.har", "{"),
            ("b/z.ndjson", LINE),
            ("b/a.json", LINE),
            ("b/cassette.YML", "interactions: []"),
            ("b/openapi.yaml", "openapi: 3.0.0"),
            ("b/package.json", "{}"),
            (".hidden.har", "{}"),
            ("notes.md", "# Notes"),
            ("a.HAR", "{}"),
        ];
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("a file");
        }
        let found = find(folder.path(), "all/").expect("there are some");
        assert_eq!(
            found.files.iter().map(|file| file.shown.as_str()).collect::<Vec<_>>(),
            ["all/a.HAR", "all/b/a.json", "all/b/cassette.YML", "all/b/z.ndjson", "all/c.har"]
        );
        assert_eq!(
            found.note().as_deref(),
            Some("3 files are no recordings and were passed over: `all/b/openapi.yaml`, `all/b/package.json`, `all/notes.md`")
        );
        let message = |name: &str| find(&folder.path().join(name), name).expect_err("it is no recording").message;
        assert_eq!(message("notes.md"), "cannot read the recording: no recording: it is a text of another kind at notes.md");
        assert_eq!(message("none.har"), "cannot read `none.har`: there is no such file or folder");
    }

    #[test]
    fn a_folder_without_recordings_says_what_there_is() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("openapi.yaml"), "openapi: 3.0.0").expect("a file");
        let failure = find(folder.path(), "all").expect_err("there are none");
        assert_eq!(failure.message, "there are no recordings in `all` (1 file is no recording and was passed over: `all/openapi.yaml`)");
        assert!(failure.help.is_some_and(|help| help.contains("Postman")));
    }
}
