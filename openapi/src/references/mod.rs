//! Finds out where every reference of a document leads, and reads the files that it leads to. Nothing is changed here, but
//! for references in places where only documents of many files have them (a whole `paths` object, a description): those
//! are replaced by what they stand for. Next: `normalise/`, which rewrites the references and repairs what they reach.
//!
//! What a referenced part is follows from who refers to it: `pet.yml#/Pet` is a schema because a `schema` member says so.

mod collect;
mod expand;
mod files;
mod uri;

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

pub(crate) use files::{File, MOUNT};
pub(crate) use uri::{decode, local};

use crate::at::At;
use crate::document::Files;
use crate::grammar::{Kind, Object};
use crate::load::{self, Tree};
use crate::{Diagnostic, Pointer, Source};
use collect::{Found, Within, collect};
use files::FileSet;

/// How many references may lead on to another reference.
pub(crate) const CHAIN_LIMIT: usize = 64;

/// Where a reference leads.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// To this place, which is such a part, written as this local reference.
    Place { kind: Kind, reference: String },
    /// Out of the folder.
    Remote,
    /// Nowhere, because of this.
    Broken(String),
}

/// The files of a document and the targets of all its references.
///
/// Files have numbers: the entry 0, the others from 1.
pub(crate) struct References {
    pub(crate) entry: File,
    pub(crate) others: Vec<File>,
    /// By file, then by the reference as written.
    targets: Vec<HashMap<String, Target>>,
    /// By file: the parts from where everything in it is reached that is part of the document.
    pub(crate) roots: Vec<Vec<(Pointer, Kind)>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl References {
    /// Where `reference` leads that stands in `file`, where a `wanted` is expected.
    pub(crate) fn target(&self, file: usize, reference: &str, wanted: Kind) -> Target {
        match self.targets.get(file).and_then(|targets| targets.get(reference)) {
            Some(Target::Place { kind, .. }) if *kind != wanted => {
                Target::Broken(format!("it leads to {}, expected {}", kind.name(), wanted.name()))
            }
            Some(target) => target.clone(),
            None => Target::Broken("it leads nowhere".to_owned()),
        }
    }

    /// All files, by their numbers.
    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        std::iter::once(&self.entry).chain(&self.others)
    }

    /// All targets, in no order.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().flat_map(HashMap::values)
    }
}

/// Follows all references from the entry file on.
pub(crate) fn gather(source: Source, tree: Tree, files: &dyn Files) -> References {
    let mut gatherer = Gatherer {
        files: FileSet::new(source, tree, files),
        targets: Vec::new(),
        roots: Vec::new(),
        identifiers: HashMap::new(),
        jobs: VecDeque::from([(Place { file: 0, pointer: Pointer::root() }, Kind::One(Object::OpenApi))]),
    };
    while let Some((place, kind)) = gatherer.jobs.pop_front() {
        if gatherer.claim(&place, kind) {
            gatherer.walk(&place, kind);
        }
    }
    gatherer.finish()
}

/// A node of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Place {
    file: usize,
    pointer: Pointer,
}

struct Gatherer<'f> {
    files: FileSet<'f>,
    targets: Vec<HashMap<String, Result<Place, Target>>>,
    roots: Vec<HashMap<Pointer, Kind>>,
    /// The schemas that have a `$id` or `$anchor`: by file and `#anchor`, or by `$id` and `$id#anchor` with no file.
    identifiers: HashMap<(Option<usize>, String), Place>,
    /// Parts that are known to be in use and still to be walked.
    jobs: VecDeque<(Place, Kind)>,
}

impl Gatherer<'_> {
    /// Whether the part at `place` still has to be walked; it counts as walked from now on.
    fn claim(&mut self, place: &Place, kind: Kind) -> bool {
        if self.kind_at(place, true) != Kind::Opaque {
            return false;
        }
        self.roots_of(place.file).insert(place.pointer.clone(), kind);
        true
    }

    fn roots_of(&mut self, file: usize) -> &mut HashMap<Pointer, Kind> {
        if self.roots.len() <= file {
            self.roots.resize_with(file + 1, HashMap::new);
        }
        &mut self.roots[file]
    }

    /// What stands at a place, as seen from the root that is nearest to the top of its file. `itself`: a root at the place counts.
    fn kind_at(&self, place: &Place, itself: bool) -> Kind {
        let Some(roots) = self.roots.get(place.file) else { return Kind::Opaque };
        let mut node = self.files.value(place.file);
        let mut pointer = Pointer::root();
        let mut kinds: Vec<Kind> = Vec::new();
        let mut segments = place.pointer.segments();
        loop {
            let is_place = pointer == place.pointer;
            if let Some(kind) = roots.get(&pointer).filter(|_| itself || !is_place) {
                kinds.push(*kind);
            }
            let Some(segment) = segments.next() else { break };
            for kind in &mut kinds {
                *kind = kind.step(node, &segment);
            }
            kinds.retain(|kind| *kind != Kind::Opaque);
            pointer = pointer.join(&segment);
            node = child(node, &segment).unwrap_or(&Value::Null);
        }
        kinds.first().copied().unwrap_or(Kind::Opaque)
    }

    /// Looks at everything below `place` that is part of the document, and follows the references there.
    fn walk(&mut self, place: &Place, kind: Kind) {
        let mut found = Found::default();
        if let Some(node) = self.files.value(place.file).pointer(place.pointer.as_str()) {
            collect(kind, node, At::Root(&place.pointer), None, &mut found);
        }
        for (name, pointer) in found.identifiers {
            let file = name.starts_with('#').then_some(place.file);
            self.identifiers.entry((file, name)).or_insert(Place { file: place.file, pointer });
        }
        for (pointer, kind, reference) in found.expansions {
            self.expand(&Place { file: place.file, pointer }, kind, &reference);
        }
        for (reference, kind) in found.references {
            self.follow(place.file, reference, kind);
        }
        for within in found.within {
            self.follow_within(place.file, within);
        }
    }

    /// Follows a reference that stands in a schema with an `$id`. Where it leads to a schema by that, its text is replaced by one that leads
    /// there from the file. Where not, it is taken as any other: what people write is as often meant from the file.
    fn follow_within(&mut self, file: usize, Within { at, kind, reference, resolved }: Within) {
        let target = self
            .identified(&resolved)
            .filter(|place| fits(kind, self.files.value(place.file).pointer(place.pointer.as_str()).unwrap_or(&Value::Null)));
        let reference = target.map_or(reference, |target| {
            let reference = format!("{}{}", self.files.relative(file, target.file), local(&target.pointer));
            if let Some(text) = self.files.value_mut(file).pointer_mut(at.as_str()) {
                *text = Value::String(reference.clone());
            }
            reference
        });
        self.follow(file, reference, kind);
    }

    /// The place that an absolute reference means by the `$id` of a schema, and from there on by its fragment.
    fn identified(&self, reference: &str) -> Option<Place> {
        let named = |name: &str| self.identifiers.get(&(None, name.to_owned()));
        if let Some(place) = named(reference.trim_end_matches('#')) {
            return Some(place.clone());
        }
        let (path, fragment) = uri::split(reference);
        let fragment = uri::decode(fragment);
        let place = named(path).filter(|_| !path.is_empty() && fragment.starts_with('/'))?;
        let pointer = Pointer::from_plain(format!("{}{fragment}", place.pointer));
        self.files.value(place.file).pointer(pointer.as_str())?;
        Some(Place { file: place.file, pointer })
    }

    /// Notes where `reference` leads and sees to it that the part there is walked.
    fn follow(&mut self, file: usize, reference: String, kind: Kind) {
        if self.targets.len() <= file {
            self.targets.resize_with(file + 1, HashMap::new);
        }
        if self.targets[file].contains_key(&reference) {
            return;
        }
        let target = self.resolve(file, &reference, CHAIN_LIMIT).and_then(|place| {
            let node = self.files.value(place.file).pointer(place.pointer.as_str()).unwrap_or(&Value::Null);
            if fits(kind, node) {
                Ok(place)
            } else {
                Err(Target::Broken(format!("it leads to {}, expected {}", load::kind(node), kind.name())))
            }
        });
        if let Ok(place) = &target {
            self.jobs.push_back((place.clone(), kind));
        }
        self.targets[file].insert(reference, target);
    }

    /// The place that `reference` means in `file`. `left` bounds how many other references lie on the way.
    fn resolve(&mut self, file: usize, reference: &str, left: usize) -> Result<Place, Target> {
        if let Some(place) = self.identified(reference) {
            return Ok(place);
        }
        let (path, fragment) = uri::split(reference);
        if uri::is_remote(path) {
            return Err(Target::Remote);
        }
        let target = if path.is_empty() { file } else { self.files.open(file, path).map_err(Target::Broken)? };
        if let Some(place) = self.identifiers.get(&(Some(target), format!("#{fragment}"))) {
            return Ok(place.clone());
        }
        // Encoded as it should be, or a key that has a percent sign; a bare name stands for a member of the root.
        let decoded = uri::decode(fragment);
        let mut found = self.descend(target, &decoded, left).or_else(|| self.descend(target, fragment, left));
        if found.is_none() && path.is_empty() && file != 0 {
            // By the letter this means the file itself, but parts of a document are often written as if they stood in the entry.
            found = self.descend(0, &decoded, left);
        }
        found.ok_or_else(|| Target::Broken("it leads nowhere".to_owned()))
    }

    /// Goes from the root of `file` along `fragment`. Where the way leads through a reference, it goes on behind it.
    fn descend(&mut self, file: usize, fragment: &str, left: usize) -> Option<Place> {
        let fragment = if fragment.is_empty() || fragment.starts_with('/') { fragment.to_owned() } else { format!("/{fragment}") };
        let whole = Pointer::from_plain(fragment);
        if self.files.value(file).pointer(whole.as_str()).is_some() {
            return Some(Place { file, pointer: whole });
        }
        let mut place = Place { file, pointer: Pointer::root() };
        for segment in whole.segments() {
            let node = self.files.value(place.file).pointer(place.pointer.as_str())?;
            if child(node, &segment).is_none() {
                let reference = node.get("$ref").and_then(Value::as_str)?.to_owned();
                place = self.resolve(place.file, &reference, left.checked_sub(1)?).ok()?;
            }
            place.pointer = place.pointer.join(&segment);
        }
        self.files.value(place.file).pointer(place.pointer.as_str()).is_some().then_some(place)
    }

    fn finish(mut self) -> References {
        let targets = std::mem::take(&mut self.targets);
        let targets = targets.into_iter().enumerate().map(|(file, targets)| {
            let resolved = targets.into_iter().map(|(reference, target)| {
                let target = match target {
                    Ok(place) => self.known(file, &reference, &place),
                    Err(target) => target,
                };
                (reference, target)
            });
            resolved.collect()
        });
        let targets = targets.collect();
        let roots = (0..self.files.count()).map(|file| self.outermost_roots(file)).collect();
        let FileSet { entry, others, diagnostics, .. } = self.files;
        References { entry, others, targets, roots, diagnostics }
    }

    fn known(&self, file: usize, reference: &str, place: &Place) -> Target {
        let kind = self.kind_at(place, true);
        let keeps = file == 0
            && place.file == 0
            && uri::is_plain(reference)
            && uri::decode(reference.trim_start_matches('#')) == place.pointer.as_str();
        let reference = if keeps { reference.to_owned() } else { local(&self.files.mounted(place.file, &place.pointer)) };
        Target::Place { kind, reference }
    }

    /// The roots that no other root reaches, the innermost ones first: what is below a place is then done before the place
    /// itself can change.
    fn outermost_roots(&self, file: usize) -> Vec<(Pointer, Kind)> {
        let roots = self.roots.get(file).into_iter().flatten();
        let mut outermost: Vec<(Pointer, Kind)> = roots
            .filter(|(pointer, _)| self.kind_at(&Place { file, pointer: (*pointer).clone() }, false) == Kind::Opaque)
            .map(|(pointer, kind)| (pointer.clone(), *kind))
            .collect();
        outermost.sort_by(|(left, _), (right, _)| right.as_str().len().cmp(&left.as_str().len()).then_with(|| left.cmp(right)));
        outermost
    }
}

/// Whether the value of a discriminator mapping is a reference; it may be the bare name of a schema as well.
pub(crate) fn is_reference(value: &str) -> bool {
    value.contains(['#', '/']) || value.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "json" | "yaml" | "yml"))
}

/// Whether a value can be such a part at all.
fn fits(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::One(Object::Schema) => value.is_object() || value.is_boolean(),
        Kind::One(_) | Kind::Map(_) => value.is_object(),
        Kind::List(_) => value.is_array(),
        Kind::Text => value.is_string(),
        Kind::Opaque => true,
    }
}

/// The child of a node by one segment of a pointer.
pub(crate) fn child<'v>(node: &'v Value, segment: &str) -> Option<&'v Value> {
    match node {
        Value::Object(members) => members.get(segment),
        Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
        _ => None,
    }
}
