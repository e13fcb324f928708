//! The files of a document: each read once, known by its path, with a place of its own in the normalised tree.

use std::collections::HashMap;

use serde_json::Value;

use super::uri;
use crate::document::Files;
use crate::load::{self, Tree};
use crate::{Diagnostic, Pointer, Source};

/// The member of the normalised root under which other files are mounted, by their paths.
pub(crate) const MOUNT: &str = "x-wireproof-files";

/// More files than any real document has (the largest known one has 3,000). A document that refers on and on through
/// generated names comes to an end here.
const FILE_LIMIT: usize = 20_000;

/// How much memory may go into copies of what references stand for where there should be none, roughly.
const EXPANSION_LIMIT: usize = 16 << 20;

/// A file of the document.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) source: Source,
    pub(crate) tree: Tree,
    /// Where it stands in the normalised tree.
    pub(crate) mount: Pointer,
}

/// The files read so far. The entry has the number 0, the others count from 1.
pub(super) struct FileSet<'f> {
    provider: &'f dyn Files,
    pub(super) entry: File,
    pub(super) others: Vec<File>,
    by_path: HashMap<String, Result<usize, String>>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What expansions may still copy.
    pub(super) budget: usize,
}

impl<'f> FileSet<'f> {
    pub(super) fn new(source: Source, tree: Tree, provider: &'f dyn Files) -> Self {
        let path = tidy(&source.path);
        let mut diagnostics = Vec::new();
        let entry = file(source, tree, Pointer::root(), &mut diagnostics);
        Self { provider, entry, others: Vec::new(), by_path: HashMap::from([(path, Ok(0))]), diagnostics, budget: EXPANSION_LIMIT }
    }

    /// How many files there are.
    pub(super) fn count(&self) -> usize {
        self.others.len() + 1
    }

    pub(super) fn file(&self, number: usize) -> &File {
        number_of_other(number).and_then(|number| self.others.get(number)).unwrap_or(&self.entry)
    }

    pub(super) fn value(&self, file: usize) -> &Value {
        &self.file(file).tree.value
    }

    pub(super) fn value_mut(&mut self, file: usize) -> &mut Value {
        let file = number_of_other(file).and_then(|number| self.others.get_mut(number)).unwrap_or(&mut self.entry);
        &mut file.tree.value
    }

    /// The place in the normalised tree of a pointer into a file.
    pub(super) fn mounted(&self, file: usize, pointer: &Pointer) -> Pointer {
        Pointer::from_plain(format!("{}{pointer}", self.file(file).mount))
    }

    /// The file that `path` names in a reference within `base`; read, if this is the first time.
    pub(super) fn open(&mut self, base: usize, path: &str) -> Result<usize, String> {
        let path = uri::join(&self.file(base).source.path, path)?;
        if let Some(known) = self.by_path.get(&path) {
            return known.clone();
        }
        let opened = self.read(&path);
        self.by_path.insert(path, opened.clone());
        opened
    }

    /// How `file` names `target` in a reference.
    pub(super) fn relative(&self, file: usize, target: usize) -> String {
        let path = |file: usize| tidy(&self.file(file).source.path);
        if file == target { String::new() } else { uri::relative(&path(file), &path(target)) }
    }

    fn read(&mut self, path: &str) -> Result<usize, String> {
        if self.count() >= FILE_LIMIT {
            return Err(format!("the document has more than {FILE_LIMIT} files"));
        }
        let source = self.provider.read(path)?;
        let tree = load::read(&source).map_err(|error| error.to_string())?;
        let mount = Pointer::root().join(MOUNT).join(path);
        let file = file(source, tree, mount, &mut self.diagnostics);
        self.others.push(file);
        Ok(self.others.len())
    }
}

fn number_of_other(file: usize) -> Option<usize> {
    file.checked_sub(1)
}

/// A file, whose diagnostics go to all the others.
fn file(source: Source, mut tree: Tree, mount: Pointer, diagnostics: &mut Vec<Diagnostic>) -> File {
    for mut diagnostic in std::mem::take(&mut tree.diagnostics) {
        diagnostic.pointer = Pointer::from_plain(format!("{mount}{}", diagnostic.pointer));
        diagnostics.push(diagnostic);
    }
    File { source, tree, mount }
}

/// A path without steps that lead nowhere: the form in which files are known.
fn tidy(path: &str) -> String {
    let steps: Vec<&str> = path.split('/').enumerate().filter(|(at, step)| *at == 0 || !step.is_empty()).map(|(_, step)| step).collect();
    steps.into_iter().filter(|step| *step != ".").collect::<Vec<_>>().join("/")
}
