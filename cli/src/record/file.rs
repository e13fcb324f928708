//! The file that a recording goes to, whole at every moment: whoever kills the program, even in the middle of a write, finds a file that
//! ends with a whole exchange.
//!
//! A write to a file is no one step: a process that is killed in the middle of one leaves half of it. So there are two copies. New entries
//! are written to the one that nobody sees, and then the two change places by renaming, which is one step; the copy that was replaced
//! gets the same entries with the next. Next: `traffic.rs`, which adds entries as they come.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::error::Failure;

/// The forms of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One HAR file.
    Har,
    /// An entry of HAR to a line.
    Ndjson,
}

/// What a HAR file ends with.
const HAR_END: &[u8] = b"\n]}}\n";

/// A recording that is being written.
#[derive(Debug)]
pub(crate) struct RecordingWriter {
    form: Form,
    path: PathBuf,
    /// Where the hidden copy is.
    hidden: PathBuf,
    /// The copy that everybody sees, and the one that is written to next.
    copies: [Copy; 2],
    /// What the hidden copy lacks.
    behind: Vec<u8>,
    /// What comes before the next entry.
    before: &'static str,
}

#[derive(Debug)]
struct Copy {
    file: File,
    /// Where the next entry goes.
    end: u64,
}

impl Form {
    /// The form that the name of a file promises.
    ///
    /// # Errors
    ///
    /// When it promises none.
    pub(crate) fn of(path: &Path) -> Result<Self, Failure> {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
        match extension.as_deref() {
            Some("har") => Ok(Self::Har),
            Some("ndjson" | "jsonl") => Ok(Self::Ndjson),
            _ => Err(Failure::new(format!("`{}` says nothing of the form of the recording", path.display()))
                .with_help("end the name with `.har`, or with `.ndjson` for an entry to a line")),
        }
    }

    fn end(self) -> &'static [u8] {
        match self {
            Self::Har => HAR_END,
            Self::Ndjson => b"",
        }
    }

    fn beginning(self) -> Vec<u8> {
        match self {
            Self::Ndjson => Vec::new(),
            Self::Har => format!(
                "{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"wireproof\",\"version\":\"{}\"}},\"entries\":[",
                env!("CARGO_PKG_VERSION")
            )
            .into_bytes(),
        }
    }
}

impl RecordingWriter {
    /// Begins the recording at `path`; one that is there already is added to.
    ///
    /// # Errors
    ///
    /// When the disk refuses, or the file that is there is none that can be added to.
    pub(crate) fn open(path: &Path, shown: &str, form: Form) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::io("write", shown, &error);
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        if fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(Failure::new(format!("cannot write `{shown}`: it is no file")).with_help("name a file, which `record` makes"));
        }
        let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(failed)?;
        let hidden = beside(&path, ".hidden");
        let there = fs::metadata(&path).is_ok_and(|metadata| metadata.len() > 0);
        let (end, before) = if there {
            let place = end_of(File::open(&path).map_err(failed)?, form).map_err(failed)?;
            fs::copy(&path, &hidden).map_err(failed)?;
            place.ok_or_else(|| {
                Failure::new(format!("cannot add to `{shown}`: it does not end like a HAR file that `record` wrote"))
                    .with_help("record into a new file")
            })?
        } else {
            let beginning = form.beginning();
            let empty = [&beginning, form.end()].concat();
            fs::write(&hidden, &empty).map_err(failed)?;
            fs::rename(&hidden, &path).map_err(failed)?;
            fs::write(&hidden, &empty).map_err(failed)?;
            (beginning.len() as u64, if form == Form::Har { "\n" } else { "" })
        };
        let open = |path: &Path| OpenOptions::new().write(true).open(path).map(|file| Copy { file, end }).map_err(failed);
        Ok(Self { form, copies: [open(&path)?, open(&hidden)?], path, hidden, behind: Vec::new(), before })
    }

    /// Adds entries, each of them JSON on one line.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub(crate) fn add(&mut self, entries: &[impl AsRef<str>]) -> io::Result<()> {
        let mut added = Vec::with_capacity(entries.iter().map(|entry| entry.as_ref().len() + 2).sum());
        for entry in entries.iter().map(AsRef::as_ref) {
            let (before, after) = match self.form {
                Form::Har => (",\n", ""),
                Form::Ndjson => ("", "\n"),
            };
            for part in [std::mem::replace(&mut self.before, before), entry, after] {
                added.extend_from_slice(part.as_bytes());
            }
        }
        let behind = std::mem::take(&mut self.behind);
        let [seen, hidden] = &mut self.copies;
        hidden.file.seek(SeekFrom::Start(hidden.end))?;
        // One after the other: bodies may be long, and nobody looks before the copies have changed places.
        for text in [behind.as_slice(), &added, self.form.end()] {
            hidden.file.write_all(text)?;
        }
        hidden.end += (behind.len() + added.len()) as u64;
        std::mem::swap(seen, hidden);
        self.behind = added;
        // What was seen so far keeps a name while the other takes its place.
        let aside = beside(&self.path, ".aside");
        let _ = fs::remove_file(&aside);
        fs::hard_link(&self.path, &aside)?;
        fs::rename(&self.hidden, &self.path)?;
        fs::rename(&aside, &self.hidden)
    }

    /// Ends the recording: what nobody needs to see is removed.
    pub(crate) fn finish(self) {
        // A copy that stays is no harm: the next recording into this file takes it over.
        let _ = fs::remove_file(&self.hidden);
    }
}

/// The name of a file of ours beside the recording.
fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = OsString::from(".wireproof-");
    name.push(path.file_name().unwrap_or_default());
    name.push(what);
    path.with_file_name(name)
}

/// Where the next entry goes, and what comes before it; `None` where there is no telling.
fn end_of(mut file: File, form: Form) -> io::Result<Option<(u64, &'static str)>> {
    let length = file.metadata()?.len();
    let mut tail = vec![0; usize::try_from(length.min(HAR_END.len() as u64 + 1)).unwrap_or_default()];
    file.seek(SeekFrom::Start(length - tail.len() as u64))?;
    file.read_exact(&mut tail)?;
    Ok(match form {
        Form::Har if !tail.ends_with(HAR_END) => None,
        Form::Har => Some((length - HAR_END.len() as u64, if tail.starts_with(b"[") { "\n" } else { ",\n" })),
        Form::Ndjson => Some((length, if tail.ends_with(b"\n") { "" } else { "\n" })),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds entries in two goes, each time with another writer, and shows what is in the file after every step.
    #[track_caller]
    fn steps(name: &str, before: Option<&str>) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        if let Some(before) = before {
            fs::write(&path, before).expect("a file");
        }
        let mut steps = Vec::new();
        for entries in [["1", "2", "3"], ["4", "5", "6"]] {
            let mut writer = RecordingWriter::open(&path, name, Form::of(&path).expect("a form")).expect("it begins");
            for entries in [&entries[..1], &entries[1..2], &entries[2..]] {
                writer.add(entries).expect("it is written");
                steps.push(fs::read_to_string(&path).expect("a file"));
            }
            writer.finish();
        }
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left");
        steps
    }

    #[test]
    fn a_har_file_is_one_after_every_step() {
        let steps = steps("x.har", None);
        for (index, text) in steps.iter().enumerate() {
            let har: serde_json::Value = serde_json::from_str(text).expect(text);
            let expected: Vec<usize> = (1..=index + 1).collect();
            assert_eq!(har["log"]["entries"], serde_json::json!(expected));
        }
    }

    #[test]
    fn lines_are_added_to_those_that_are_there() {
        assert_eq!(steps("x.ndjson", None).last().map(String::as_str), Some("1\n2\n3\n4\n5\n6\n"));
        assert_eq!(steps("x.jsonl", Some("0")).first().map(String::as_str), Some("0\n1\n"));
        assert_eq!(steps("x.jsonl", Some("0")).get(1).map(String::as_str), Some("0\n1\n2\n"));
    }

    #[test]
    fn a_file_of_others_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.har");
        fs::write(&path, "{\"log\": {\"entries\": []}}").expect("a file");
        let failure = RecordingWriter::open(&path, "x.har", Form::Har).expect_err("it is not added to");
        assert!(failure.message.starts_with("cannot add to `x.har`"), "{failure}");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "{\"log\": {\"entries\": []}}");
        assert!(Form::of(Path::new("x.json")).is_err() && Form::of(Path::new("har")).is_err());
    }
}
