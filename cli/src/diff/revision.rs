//! Documents from files and from Git revisions. `git` is given a list of arguments, of which none that comes from the user can be an
//! option; it opens no connection.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wireproof_openapi::{Document, Files, Source};

use crate::document;
use crate::environment::Environment;
use crate::error::Failure;

/// Reads the document that `given` names: a file, else `REV:path`.
///
/// # Errors
///
/// When there is no such document, or it cannot be read.
pub(super) fn load(given: &str, environment: &Environment<'_>) -> Result<Document, Failure> {
    let path = environment.resolve(Path::new(given));
    match given.split_once(':') {
        Some((revision, inside)) if !path.exists() && !is_drive(revision) => of_revision(revision, inside, environment),
        _ => document::load(&path, given),
    }
}

/// Whether what stands before the colon is the drive of a path.
fn is_drive(text: &str) -> bool {
    cfg!(windows) && text.len() == 1
}

fn of_revision(revision: &str, path: &str, environment: &Environment<'_>) -> Result<Document, Failure> {
    let named =
        !revision.is_empty() && !revision.starts_with('-') && !revision.contains(['\0', '\n']) && !path.is_empty() && !path.contains('\0');
    if !named {
        let message = format!("`{}:{}` names no document", revision.escape_debug(), path.escape_debug());
        return Err(Failure::new(message).with_help("give a file, or `REV:path` with a revision such as `HEAD~1`"));
    }
    let folder = Revision { directory: environment.resolve(Path::new(".")), name: revision.to_owned(), folder: folder_of(path).to_owned() };
    let source = folder.source(path).map_err(|message| {
        Failure::new(message).with_help("there is no such file, either; the path is that in the repository, or begins with `./`")
    })?;
    Document::load(source, &folder).map_err(Failure::from)
}

/// The folder of a path, with `/` at its end unless empty.
fn folder_of(path: &str) -> &str {
    path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or_default()
}

/// A folder as it was at a revision: the only place that references of a document may lead to.
struct Revision {
    directory: PathBuf,
    name: String,
    folder: String,
}

impl Revision {
    fn source(&self, path: &str) -> Result<Source, String> {
        let object = format!("{}:{path}", self.name);
        let failed = |why: &str| format!("cannot read `{}`: {why}", object.escape_debug());
        let arguments: [OsString; 4] = ["--no-pager".into(), "cat-file".into(), "blob".into(), object.clone().into()];
        let mut git = Command::new("git");
        // What a partial clone lacks would be fetched.
        git.args(arguments).current_dir(&self.directory).env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
        let done = git.output().map_err(|error| failed(&format!("`git` cannot be run: {error}")))?;
        if !done.status.success() {
            let said = String::from_utf8_lossy(&done.stderr);
            let why = said.lines().next().unwrap_or("`git` gives no reason").trim_start_matches("fatal: ");
            return Err(failed(why));
        }
        let text = String::from_utf8(done.stdout).map_err(|_| failed("it is not UTF-8"))?;
        Ok(Source::new(object, text))
    }
}

impl Files for Revision {
    fn read(&self, path: &str) -> Result<Source, String> {
        // Paths are those of sources, which begin with the revision.
        let inside = path.strip_prefix(&format!("{}:", self.name)).unwrap_or(path);
        let rest = inside.strip_prefix(&self.folder).ok_or_else(|| format!("`{path}` lies outside of the document's folder"))?;
        if rest.split('/').any(|step| matches!(step, "" | "." | "..")) {
            return Err(format!("`{path}` lies outside of the document's folder"));
        }
        self.source(inside).map(|source| Source::new(path, source.text))
    }
}
