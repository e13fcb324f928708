//! Single files: written beside their place and put there when they are complete.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::STAGING;
use crate::error::Failure;

/// A file that is written beside its place and put there when it is complete.
pub struct NewFile {
    file: io::BufWriter<fs::File>,
    /// Where it is written, and where it belongs; `None` where the place is no file but a device or a pipe, which takes it at once.
    staging: Option<(tempfile::TempDir, PathBuf)>,
    shown: String,
}

impl NewFile {
    /// Begins the file that will be at `to`.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn begin(to: &Path, shown: &str) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::io("write", shown, &error);
        // What a symbolic link names is replaced, not the link: `/dev/stdout` may be one.
        let to = fs::canonicalize(to).unwrap_or_else(|_| to.to_path_buf());
        if fs::metadata(&to).is_ok_and(|metadata| !metadata.is_file()) {
            let file = fs::OpenOptions::new().write(true).open(&to).map_err(failed)?;
            return Ok(Self { file: io::BufWriter::new(file), staging: None, shown: shown.to_owned() });
        }
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(failed)?;
        let staging = tempfile::Builder::new().prefix(STAGING).tempdir_in(parent).map_err(failed)?;
        let file = fs::File::create_new(staging.path().join("file")).map_err(failed)?;
        Ok(Self { file: io::BufWriter::new(file), staging: Some((staging, to)), shown: shown.to_owned() })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn commit(mut self) -> Result<(), Failure> {
        let failed = |error: io::Error| Failure::io("write", &self.shown, &error);
        self.file.flush().map_err(failed)?;
        let Some((staging, to)) = self.staging else { return Ok(()) };
        fs::rename(staging.path().join("file"), &to).map_err(failed)?;
        staging.close().map_err(failed)
    }
}

impl Write for NewFile {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.file.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_completed_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        fs::write(&path, "before").expect("a file");
        let mut file = NewFile::begin(&path, "report.json").expect("it begins");
        file.write_all(b"after").expect("it is written");
        drop(file);
        assert_eq!(fs::read_to_string(&path).as_deref().ok(), Some("before"));
        let mut file = NewFile::begin(&path, "report.json").expect("it begins");
        file.write_all(b"after").expect("it is written");
        file.commit().expect("it is put there");
        assert_eq!(fs::read_to_string(&path).as_deref().ok(), Some("after"));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        assert!(NewFile::begin(folder.path(), "x").is_err(), "a folder is no place for a file");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_keeps_being_one_and_a_device_is_written_to() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "before").expect("a file");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        let mut new = NewFile::begin(&link, "link").expect("it begins");
        new.write_all(b"after").expect("it is written");
        new.commit().expect("it is put there");
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).as_deref().ok(), Some("after"));
        let mut new = NewFile::begin(Path::new("/dev/null"), "/dev/null").expect("it begins");
        new.write_all(b"after").expect("it is written");
        new.commit().expect("nothing is left to do");
    }
}
