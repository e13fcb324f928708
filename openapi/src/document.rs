//! The document: its trees, its operations, and the way from any node back to file, line and column.

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;

use crate::load::{self, Format, Positions};
use crate::overlay::{Origin, Overlay, Trace};
use crate::references::{self, File, MOUNT};
use crate::walk::{self, PartKind};
use crate::{Diagnostic, LoadError, Operation, Pointer, Position, SecurityScheme, Server, Source};
use crate::{normalise, places, read};

/// The OpenAPI version of a document, as far as it decides how to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// 3.0.x: schemas in the dialect of its own, translated to JSON Schema 2020-12 on reading.
    V3_0,
    /// 3.1.x, and 3.2.x as far as it is the same.
    V3_1,
}

/// How far a part of a hand-authored document is known. `x-evidence` in the document; the nearest one above a node counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// The vendor says so (also where nothing is marked).
    Documented,
    /// Seen in one of the vendor's examples only.
    Example,
    /// Our guess.
    Assumed,
}

/// Where other files of a document come from.
pub trait Files {
    /// The file at `path`, which is relative as [`Source::path`] is, without `..` steps left in it.
    ///
    /// # Errors
    ///
    /// A sentence why the file cannot be read or is out of bounds.
    fn read(&self, path: &str) -> Result<Source, String>;
}

/// Refuses every other file: for documents that must stand alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _path: &str) -> Result<Source, String> {
        Err("references to other files are not followed here".to_owned())
    }
}

/// An OpenAPI document, read.
pub struct Document {
    version: Version,
    root: Value,
    entry: FileText,
    /// The files that the entry refers to.
    others: Vec<FileText>,
    overlay: Option<Overlaid>,
    operations: Vec<Operation>,
    servers: Vec<Server>,
    security_schemes: Vec<SecurityScheme>,
    diagnostics: Vec<Diagnostic>,
}

/// The overlay that was applied to the entry file.
struct Overlaid {
    overlay: Overlay,
    trace: Trace,
    positions: OnceLock<Positions>,
}

/// A file of the document, with the positions of its nodes as soon as somebody asks for one.
struct FileText {
    source: Source,
    format: Format,
    mount: Pointer,
    positions: OnceLock<Positions>,
}

impl From<File> for FileText {
    fn from(file: File) -> Self {
        Self { source: file.source, format: file.tree.format, mount: file.mount, positions: OnceLock::new() }
    }
}

impl FileText {
    /// The position of a pointer into this file.
    fn position(&self, pointer: &Pointer) -> Position {
        let positions = self.positions.get_or_init(|| Positions::read(self.source.content(), self.format));
        self.source.position(positions.mark(pointer))
    }
}

impl Overlaid {
    fn position(&self, pointer: &Pointer) -> Position {
        let positions = self.positions.get_or_init(|| self.overlay.positions());
        self.overlay.source().position(positions.mark(pointer))
    }
}

impl Document {
    /// Reads a document that stands alone.
    ///
    /// # Errors
    ///
    /// When the text is no YAML or JSON, or not an OpenAPI 3.0, 3.1 or 3.2 document.
    pub fn parse(source: Source) -> Result<Self, LoadError> {
        Self::load(source, &NoFiles)
    }

    /// Reads a document and the files that it refers to.
    ///
    /// # Errors
    ///
    /// As [`Document::parse`]; a file that cannot be read is a diagnostic, and what refers to it a gap.
    pub fn load(source: Source, files: &dyn Files) -> Result<Self, LoadError> {
        Self::read(source, None, files)
    }

    /// Reads a document with an overlay on its entry file. Nodes that the overlay made have their positions in the overlay.
    ///
    /// # Errors
    ///
    /// As [`Document::load`]; and when an action of the overlay matches nothing, or cannot be done to what it matches.
    pub fn load_with_overlay(source: Source, overlay: Overlay, files: &dyn Files) -> Result<Self, LoadError> {
        Self::read(source, Some(overlay), files)
    }

    fn read(source: Source, overlay: Option<Overlay>, files: &dyn Files) -> Result<Self, LoadError> {
        let mut tree = load::read(&source)?;
        let overlay = match overlay {
            Some(overlay) => {
                let applied = overlay.apply_to(std::mem::take(&mut tree.value))?;
                tree.value = applied.value;
                Some(Overlaid { overlay, trace: applied.trace, positions: OnceLock::new() })
            }
            None => None,
        };
        let version = load::recognise(&source, &tree)?;
        let mut references = references::gather(source, tree, files);
        load::check_info(&references.entry.source, &references.entry.tree)?;
        let mut diagnostics = std::mem::take(&mut references.diagnostics);
        let (root, repairs) = normalise::normalise(&mut references, version);
        diagnostics.extend(repairs);
        let parts = read::read(&root, version);
        diagnostics.extend(parts.diagnostics);
        Ok(Self {
            version,
            root,
            entry: references.entry.into(),
            others: references.others.into_iter().map(FileText::from).collect(),
            overlay,
            operations: parts.operations,
            servers: parts.servers,
            security_schemes: parts.security_schemes,
            diagnostics,
        })
    }

    /// The source of the entry file.
    pub fn source(&self) -> &Source {
        &self.entry.source
    }

    /// The sources of the files that the entry file refers to, in the order in which they were met.
    pub fn other_files(&self) -> impl Iterator<Item = &Source> {
        self.others.iter().map(|file| &file.source)
    }

    /// The overlay that was applied.
    pub fn overlay(&self) -> Option<&Source> {
        self.overlay.as_ref().map(|overlaid| overlaid.overlay.source())
    }

    /// The version that decided how it was read.
    pub fn version(&self) -> Version {
        self.version
    }

    /// `info.title` (empty where missing).
    pub fn title(&self) -> &str {
        self.info("title").unwrap_or_default()
    }

    /// `info.version` as text, whatever its type in the document (empty where missing).
    pub fn api_version(&self) -> String {
        self.info("version").unwrap_or_default().to_owned()
    }

    /// `info.description`.
    pub fn description(&self) -> Option<&str> {
        self.info("description")
    }

    /// The normalised tree: every schema is JSON Schema 2020-12, repairs are done, files are bundled. Pointers of
    /// [`Operation`] and its parts point in here. `$ref`s stay; all of them are local (`#/...`).
    ///
    /// Where a schema had to be wrapped to let null in, the node is
    /// `{"anyOf": [SCHEMA, {"type": "null"}], "x-wireproof-nullable": true}`; what describes the schema (`description`,
    /// `default`, `readOnly`, extensions ...) stands on the wrapper. Where `minimum` or `maximum` follow from a `format`
    /// such as `int32`, `"x-wireproof-bounds": ["minimum", "maximum"]` lists them. Other files are members of
    /// `x-wireproof-files` by their paths, so `models/pet.yml#/Pet` is at `/x-wireproof-files/models~1pet.yml/Pet`.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// A node of the normalised tree.
    pub fn get(&self, pointer: &Pointer) -> Option<&Value> {
        places::get(&self.root, pointer)
    }

    /// The target of a `$ref` value (`#/components/schemas/Pet`, percent-encoding undone), as a pointer into the normalised tree.
    /// `None` where it is not local or leads nowhere.
    pub fn reference(&self, reference: &str) -> Option<Pointer> {
        places::target(&self.root, reference)
    }

    /// Follows `$ref`s from the node at `pointer` until one that is none; bounded. `None` when the chain leads nowhere or in a circle.
    pub fn resolve(&self, pointer: &Pointer) -> Option<(Pointer, &Value)> {
        places::resolve(&self.root, pointer)
    }

    /// The place in the document as written for a pointer into the normalised tree. Of a node in another file it is still the
    /// place under `x-wireproof-files`, from which [`Document::locate`] finds the file.
    pub fn written(&self, pointer: &Pointer) -> Pointer {
        places::written(&self.root, pointer)
    }

    /// File, line and column of a pointer into the normalised tree; of its nearest ancestor where the node itself has no text.
    ///
    /// A member of an object stands at its key, an item of a list at its own beginning. The first call reads the text of the
    /// file again, later calls look up.
    pub fn position(&self, pointer: &Pointer) -> Position {
        self.position_written(&self.written(pointer))
    }

    /// Fills in the positions of `diagnostics`, whose pointers are into the document as written.
    pub fn locate(&self, diagnostics: &mut [Diagnostic]) {
        for diagnostic in diagnostics {
            diagnostic.position = Some(self.position_written(&diagnostic.pointer));
        }
    }

    /// The evidence for a node of the normalised tree: the nearest `x-evidence` on it or above it.
    pub fn evidence(&self, pointer: &Pointer) -> Evidence {
        places::evidence(&self.root, pointer)
    }

    /// Calls `see` with every object of the document (schemas, parameters, responses ...), each once, in the document's order.
    /// References are not followed; what they lead to in other files comes last.
    pub fn visit<'d>(&'d self, see: &mut dyn FnMut(PartKind, &Pointer, &'d Value)) {
        walk::visit(&self.root, see);
    }

    /// All operations, in the document's order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operations of a path item elsewhere than in `paths`: of a webhook or callback, which is called `name`. What it is served with
    /// is not the document's to say, so they have no servers, and no security but their own. References are followed; what cannot be read
    /// is left out.
    pub fn path_item(&self, pointer: &Pointer, name: &str) -> Vec<Operation> {
        read::path_item(&self.root, self.version, &self.security_schemes, (pointer, name))
    }

    /// The document's servers; one with the URL `/` where it names none.
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// All security schemes, in the document's order.
    pub fn security_schemes(&self) -> &[SecurityScheme] {
        &self.security_schemes
    }

    /// What reading it had to say: about the text first, then about its parts, then about its operations, each in the
    /// document's order. Positions are not filled in: see [`Document::locate`].
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    fn info(&self, member: &str) -> Option<&str> {
        self.root.get("info")?.get(member)?.as_str()
    }

    fn position_written(&self, pointer: &Pointer) -> Position {
        let mut segments = pointer.segments();
        let path = (segments.next().as_deref() == Some(MOUNT)).then(|| segments.next()).flatten();
        let mount = path.map(|path| Pointer::root().join(MOUNT).join(&path));
        let file = mount.as_ref().and_then(|mount| self.others.iter().find(|file| file.mount == *mount)).unwrap_or(&self.entry);
        let within = Pointer::from_plain(pointer.as_str().strip_prefix(file.mount.as_str()).unwrap_or_default());
        let overlaid = self.overlay.as_ref().filter(|_| file.mount == self.entry.mount);
        match overlaid.map(|overlaid| (overlaid, overlaid.trace.origin(&within))) {
            None => file.position(&within),
            Some((_, Origin::Document(pointer))) => file.position(&pointer),
            Some((overlaid, Origin::Overlay(pointer))) => overlaid.position(&pointer),
        }
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("path", &self.source().path)
            .field("version", &self.version)
            .field("operations", &self.operations.len())
            .finish_non_exhaustive()
    }
}
