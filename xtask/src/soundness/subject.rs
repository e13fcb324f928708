//! One document made ready: read, generated, its package written.

use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use wireproof::Failure;
use wireproof_contract::Side;
use wireproof_contract::synthesis::Synthesiser;
use wireproof_generator::{Options, Runtime, TypeName, generate, package};

use super::looseness;
use crate::corpus::find;
use crate::root;

/// A document with its generated package.
pub(super) struct Subject {
    /// The document as it was found.
    pub(super) found: find::Document,
    pub(super) synthesiser: Synthesiser,
    /// See [`Subject::without_tags`].
    plain: OnceLock<Option<Synthesiser>>,
    /// The type of every component schema.
    pub(super) types: Vec<TypeName>,
    /// The name of its package, as the generator wrote it.
    pub(super) package: String,
    /// How deep the compiler has to look into the types.
    pub(super) recursion_limit: Option<usize>,
}

impl Subject {
    /// Reads a document and writes its package below `target`.
    pub(super) fn prepare(found: &find::Document, target: &Path) -> Result<Self, Failure> {
        let document = wireproof::load_document(&found.path, &found.shown)?;
        let output =
            generate(&document, &Options { command: "cargo xtask soundness".to_owned(), spec: found.shown.clone(), features: false });
        let runtime = Runtime::Path(root().join("runtime").display().to_string());
        let folder = target.join("packages").join(&found.name);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| Failure::io("delete", folder.display(), &error))?;
        }
        let files = package(&output, &found.name, &runtime);
        let manifest = files.get("Cargo.toml").map(String::as_str).unwrap_or_default();
        let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).unwrap_or(&found.name).to_owned();
        for (path, text) in files {
            // As a member of the driver's workspace it can have none of its own.
            let text = if path == "Cargo.toml" { text.replace("\n[workspace]\n", "\n") } else { text };
            write(&folder.join(path), &text)?;
        }
        let synthesiser = Synthesiser::new(Arc::new(document)).map_err(|error| Failure::new(error.to_string()))?;
        let types = output.types;
        Ok(Self {
            found: found.clone(),
            synthesiser,
            plain: OnceLock::new(),
            types,
            package: name,
            recursion_limit: output.recursion_limit,
        })
    }

    /// The schemas of the document without the discriminators of its unions, made when they are first asked for.
    pub(super) fn without_tags(&self) -> Option<&Synthesiser> {
        let make = || Synthesiser::new(Arc::new(looseness::without_tags(self.synthesiser.document())?)).ok();
        self.plain.get_or_init(make).as_ref()
    }

    /// The sides of an exchange from which a type is to be seen.
    pub(super) fn sides(&self, name: &TypeName) -> Vec<Side> {
        match name.side {
            wireproof_generator::Side::Request => vec![Side::Request],
            wireproof_generator::Side::Both if self.synthesiser.sides_differ() => vec![Side::Response, Side::Request],
            wireproof_generator::Side::Response | wireproof_generator::Side::Both => vec![Side::Response],
        }
    }
}

/// Writes a file and the folders above it.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Failure::io("make", folder.display(), &error))?;
    }
    fs::write(path, text).map_err(|error| Failure::io("write", path.display(), &error))
}
