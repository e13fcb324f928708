//! The documents below a folder, each with a name that is a lawful package name and its own.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wireproof::Failure;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The documents, in the order of their paths.
    pub(crate) documents: Vec<Document>,
    /// Files that are no documents of their own: parts of others, or something else.
    pub(crate) fragments: usize,
}

/// One document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its path from the folder that was searched; `/` between its parts.
    pub(crate) shown: String,
    /// The name of its package.
    pub(crate) name: String,
    /// Whether it says that it is Swagger 2.0, which is refused rightly.
    pub(crate) swagger: bool,
}

/// All documents below `folder`; with `broken`, every file counts as one, since what is broken may not even say what it is.
pub(crate) fn documents(folder: &Path, broken: bool) -> Result<Found, Failure> {
    let mut files = Vec::new();
    walk(folder, "", &mut files)?;
    let (mut found, mut names) = (Found::default(), BTreeSet::new());
    for (path, shown) in files {
        let bytes = fs::read(&path).map_err(|error| Failure::io("read", &shown, &error))?;
        let text = String::from_utf8_lossy(&bytes);
        let (openapi, swagger) = (declares(&text, "openapi"), declares(&text, "swagger"));
        if openapi || swagger || broken {
            let name = name_for(&shown, &mut names);
            found.documents.push(Document { path, shown, name, swagger: swagger && !openapi });
        } else {
            found.fragments += 1;
        }
    }
    Ok(found)
}

/// The files below a folder that may be documents, in the order of their paths, each with its path from there.
pub(crate) fn walk(folder: &Path, shown: &str, files: &mut Vec<(PathBuf, String)>) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::io("read", folder.display(), &error);
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if shown.is_empty() { name } else { format!("{shown}/{name}") };
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            walk(&entry.path(), &path, files)?;
        } else if Path::new(&path).extension().is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known)) {
            files.push((entry.path(), path));
        }
    }
    Ok(())
}

/// Whether a document names `word` as a key, in a line of YAML that is indented as its first one is, or anywhere in quotes. A guess for
/// telling documents from their parts, no parser.
fn declares(text: &str, word: &str) -> bool {
    let is_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#') && !line.starts_with("---");
    let indent: String = text.lines().find(is_content).map(|line| line.chars().take_while(|c| *c == ' ').collect()).unwrap_or_default();
    let followed_by_colon = |rest: &str| rest.trim_start().starts_with(':');
    let quoted = format!("\"{word}\"");
    text.lines().any(|line| {
        line.strip_prefix(indent.as_str())
            .unwrap_or(line)
            .trim_start_matches('\u{feff}')
            .trim_start_matches(['"', '\''])
            .strip_prefix(word)
            .is_some_and(|rest| followed_by_colon(rest.trim_start_matches(['"', '\''])))
    }) || text.match_indices(&quoted).any(|(start, _)| text.get(start + quoted.len()..).is_some_and(followed_by_colon))
}

/// `doc-` and the path in lower-case letters, digits and `-`; the prefix keeps it apart from the packages it depends on.
fn name_for(shown: &str, names: &mut BTreeSet<String>) -> String {
    let stem = shown.rsplit_once('.').map_or(shown, |(stem, _)| stem);
    let mut base = "doc".to_owned();
    for part in stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        base.push('-');
        base.push_str(&part.to_ascii_lowercase());
    }
    // Some systems take no file name of more than 255 bytes, and cargo makes longer ones of a package's name.
    base.truncate(120);
    let mut name = base.clone();
    let mut number = 2;
    while !names.insert(name.clone()) {
        name = format!("{base}-{number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_from_their_parts() {
        for text in [
            "openapi: 3.0.0\n",
            "# hello\n'openapi' : 3.1.0",
            "{\"info\": {}, \"openapi\" : \"3.0.0\"}",
            "\u{feff}openapi: 3.0.0",
            "---\n  openapi: 3.0.0\n",
        ] {
            assert!(declares(text, "openapi"), "{text}");
        }
        for text in ["type: object\n", "description: |\n  openapi: 3\n", "{\"x\": \"openapi\"}", "openapis: 3", "a:\n  openapi: 3.0.0\n"] {
            assert!(!declares(text, "openapi"), "{text}");
        }
    }

    #[test]
    fn names_are_lawful_and_their_own() {
        let mut names = BTreeSet::new();
        assert_eq!(name_for("a.com/v1/Open API.yaml", &mut names), "doc-a-com-v1-open-api");
        assert_eq!(name_for("a.com/v1/open-api.json", &mut names), "doc-a-com-v1-open-api-2");
    }
}
