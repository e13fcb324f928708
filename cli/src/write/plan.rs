//! What would change in a folder (a [`Plan`]): compared, shown as a unified diff, carried out.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use similar::TextDiff;
use wireproof_generator::FileSet;

use super::{STAGING, is_generated, read_if_there};
use crate::error::Failure;
use crate::output::{Stream, style};

/// What has to happen to a folder until it holds a set of files.
#[derive(Debug, Default)]
pub struct Plan {
    folder: PathBuf,
    /// What changes, by path.
    pub changes: Vec<Change>,
    /// How many files are as they should be.
    pub unchanged: usize,
    /// Files under `src/` that nobody generated: left alone, and reported.
    pub foreign: Vec<String>,
}

/// One file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path in the folder, `/` between its parts.
    pub path: String,
    /// Its content now; `None` where it is missing.
    pub old: Option<String>,
    /// Its content afterwards; `None` where it goes away.
    pub new: Option<String>,
}

impl Change {
    /// What is wrong with the file as it is.
    pub fn state(&self) -> &'static str {
        match (&self.old, &self.new) {
            (None, _) => "missing",
            (_, None) => "no longer made",
            _ => "stale",
        }
    }
}

impl Plan {
    /// Compares `folder` with `files`. Generated files under `src/` that are not in `files` go away, unless `keep` says that
    /// they are somebody else's.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn new(folder: &Path, files: &FileSet, keep: impl Fn(&str) -> bool) -> Result<Self, Failure> {
        let mut plan = Self { folder: folder.to_path_buf(), changes: Vec::new(), unchanged: 0, foreign: Vec::new() };
        for (path, new) in files {
            check_path(path)?;
            let old = read_if_there(&folder.join(path))?;
            if old.as_deref() == Some(new.as_bytes()) {
                plan.unchanged += 1;
            } else {
                let old = old.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                plan.changes.push(Change { path: path.clone(), old, new: Some(new.clone()) });
            }
        }
        for path in files_below(folder, "src")?.into_iter().filter(|path| !files.contains_key(path) && !keep(path)) {
            let file = folder.join(&path);
            let plain = fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_file());
            match if plain { read_if_there(&file)?.map(String::from_utf8) } else { None } {
                Some(Ok(old)) if is_generated(&old) => plan.changes.push(Change { path, old: Some(old), new: None }),
                _ => plan.foreign.push(path),
            }
        }
        plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(plan)
    }

    /// Refuses to overwrite what nobody generated.
    ///
    /// # Errors
    ///
    /// When a file that would change lacks the mark.
    pub fn refuse_foreign(&self, shown: &str) -> Result<(), Failure> {
        let foreign = self.changes.iter().find(|change| change.old.as_deref().is_some_and(|old| !is_generated(old)));
        match foreign {
            None => Ok(()),
            Some(change) => Err(Failure::new(format!("`{shown}/{}` was not made by Wireproof and would be overwritten", change.path))
                .with_help("move it away, or write to another folder")),
        }
    }

    /// Writes what the plan would change as a unified diff with paths below `shown`.
    pub fn diff(&self, shown: &str, out: &mut Stream<'_>) {
        for change in &self.changes {
            let (old, new) = (change.old.as_deref().unwrap_or_default(), change.new.as_deref().unwrap_or_default());
            let name = |side: &str, there: bool| if there { format!("{side}/{shown}/{}", change.path) } else { "/dev/null".to_owned() };
            let (before, after) = (name("a", change.old.is_some()), name("b", change.new.is_some()));
            // A limit in time: the smallest difference of two huge, wholly different files is not worth the wait.
            let diff = TextDiff::configure().timeout(Duration::from_secs(1)).diff_lines(old, new);
            for line in diff.unified_diff().context_radius(3).header(&before, &after).to_string().lines() {
                let colour = match line.as_bytes().first() {
                    Some(b'+') => style::GOOD,
                    Some(b'-') => style::BAD,
                    Some(b'@') => style::FAINT,
                    _ => anstyle::Style::new(),
                };
                let line = out.paint(colour, line);
                out.line(line);
            }
        }
    }

    /// The same changes in another folder.
    pub(super) fn elsewhere(&self, folder: PathBuf) -> Self {
        Self { folder, changes: self.changes.clone(), unchanged: 0, foreign: Vec::new() }
    }

    /// Carries the plan out.
    ///
    /// New contents are first written beside their places and then renamed into them, so that whoever reads a file, also after
    /// the process was killed, finds it whole. Files of a module come before the file that names them, deletions last.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn apply(&self) -> Result<(), Failure> {
        if self.changes.is_empty() {
            return Ok(());
        }
        let failed = |action: &'static str, path: &Path| {
            let path = path.display().to_string();
            move |error: io::Error| Failure::io(action, &path, &error)
        };
        fs::create_dir_all(&self.folder).map_err(failed("make", &self.folder))?;
        remove_left_behind(&self.folder);
        let staging = tempfile::Builder::new().prefix(STAGING).tempdir_in(&self.folder).map_err(failed("write into", &self.folder))?;
        let mut writes: Vec<(&Change, &str)> = self.changes.iter().filter_map(|change| Some((change, change.new.as_deref()?))).collect();
        writes.sort_by_key(|(change, _)| std::cmp::Reverse(change.path.matches('/').count()));
        let mut staged = Vec::with_capacity(writes.len());
        for (number, (change, text)) in writes.iter().enumerate() {
            let from = staging.path().join(number.to_string());
            fs::write(&from, text).map_err(failed("write", &from))?;
            staged.push((from, self.folder.join(&change.path)));
        }
        for (from, to) in staged {
            if let Some(parent) = to.parent() {
                fs::create_dir_all(parent).map_err(failed("make", parent))?;
            }
            fs::rename(&from, &to).map_err(failed("write", &to))?;
        }
        for change in self.changes.iter().filter(|change| change.new.is_none()) {
            let path = self.folder.join(&change.path);
            fs::remove_file(&path).map_err(failed("delete", &path))?;
            self.remove_empty_parents(&path);
        }
        staging.close().map_err(failed("tidy up", &self.folder))
    }

    /// Folders that a deletion left empty go away, up to the folder of the plan. One that is not empty stays: that is what the
    /// refusal of `remove_dir` is for.
    fn remove_empty_parents(&self, path: &Path) {
        for parent in path.ancestors().skip(1).take_while(|parent| *parent != self.folder) {
            if fs::remove_dir(parent).is_err() {
                break;
            }
        }
    }
}

/// The paths of a file set come from the generator, which makes them of identifiers; this holds it to that.
fn check_path(path: &str) -> Result<(), Failure> {
    let plain = |step: &str| {
        !step.is_empty()
            && !step.starts_with('.')
            && step.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
            && step.len() <= 255
    };
    if path.split('/').all(plain) {
        Ok(())
    } else {
        Err(Failure::new(format!("`{}` is no path for a generated file", path.escape_debug())))
    }
}

/// All files below `folder/under`, as paths from `folder`. Symbolic links are files here: what lies behind one is not ours.
///
/// # Errors
///
/// When a folder cannot be read; one that is not there holds nothing.
pub(crate) fn files_below(folder: &Path, under: &str) -> Result<BTreeSet<String>, Failure> {
    let mut found = BTreeSet::new();
    walk(folder, under, &mut found)?;
    Ok(found)
}

fn walk(folder: &Path, under: &str, found: &mut BTreeSet<String>) -> Result<(), Failure> {
    let here = folder.join(under);
    let failed = |error: io::Error| Failure::io("read", here.display(), &error);
    let entries = match fs::read_dir(&here) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let path = format!("{under}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(failed)?.is_dir() {
            walk(folder, &path, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

/// Staging folders that a killed run left behind, once they are old enough that no run can still be using them.
fn remove_left_behind(folder: &Path) {
    const OLD: Duration = Duration::from_secs(3600);
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let old = entry
            .metadata()
            .is_ok_and(|metadata| metadata.is_dir() && metadata.modified().is_ok_and(|time| time.elapsed().is_ok_and(|age| age > OLD)));
        if old && entry.file_name().to_string_lossy().starts_with(STAGING) {
            // Failing to clean up harms nobody: the next run tries again.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "// @generated by `wireproof generate`\n";

    fn files(pairs: &[(&str, &str)]) -> FileSet {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), format!("{OURS}{text}"))).collect()
    }

    fn on_disk(folder: &Path) -> Vec<String> {
        files_below(folder, "src").expect("the folder can be read").into_iter().collect()
    }

    #[test]
    fn only_what_changes_is_touched_and_only_ours_is_deleted() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let first = files(&[("src/lib.rs", "mod a;"), ("src/a/mod.rs", "1"), ("src/b/old.rs", "2")]);
        Plan::new(root, &first, |_| false).expect("a plan").apply().expect("it is written");
        fs::write(root.join("src/notes.rs"), "// mine").expect("a file of the user's");
        let before = fs::metadata(root.join("src/lib.rs")).expect("it is there").modified().expect("a time");

        let second = files(&[("src/lib.rs", "mod a;"), ("src/a/mod.rs", "changed")]);
        let plan = Plan::new(root, &second, |_| false).expect("a plan");
        let states: Vec<_> = plan.changes.iter().map(|change| (change.path.as_str(), change.state())).collect();
        assert_eq!(states, [("src/a/mod.rs", "stale"), ("src/b/old.rs", "no longer made")]);
        assert_eq!(plan.foreign, ["src/notes.rs"]);
        plan.apply().expect("it is written");

        assert_eq!(on_disk(root), ["src/a/mod.rs", "src/lib.rs", "src/notes.rs"]);
        assert!(!root.join("src/b").exists(), "an emptied folder goes away");
        assert_eq!(fs::metadata(root.join("src/lib.rs")).expect("it is there").modified().expect("a time"), before);
        let again = Plan::new(root, &second, |_| false).expect("a plan");
        assert_eq!((again.changes.len(), again.unchanged), (0, 2));
        assert_eq!(fs::read_dir(root).expect("a folder").count(), 1, "nothing but `src` is left");
    }

    #[test]
    fn what_somebody_else_keeps_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let both = files(&[("src/a/mod.rs", ""), ("src/b/mod.rs", "")]);
        Plan::new(folder.path(), &both, |_| false).expect("a plan").apply().expect("it is written");
        let one = files(&[("src/a/mod.rs", "")]);
        let plan = Plan::new(folder.path(), &one, |path| path.starts_with("src/b/")).expect("a plan");
        assert_eq!((plan.changes.len(), plan.foreign.len()), (0, 0));
    }

    #[test]
    fn paths_that_lead_elsewhere_are_refused() {
        for path in ["../x.rs", "/etc/passwd", "src//x.rs", "src/a\\b.rs", "src/..", "src/a b.rs", ""] {
            assert!(check_path(path).is_err(), "{path}");
        }
        assert!(check_path("src/types/contact_purge-2.rs").is_ok());
    }
}
