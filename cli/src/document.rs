//! Documents from disk: the entry file and, for `$ref`s between files, those in its folder and below. Nothing outside of
//! that folder is ever read, whatever a document or a symbolic link says. Next: `generate.rs` and `verify.rs`, which use them.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use wireproof_openapi::{Document, Files, Overlay, Source};

use crate::config::Vendor;
use crate::error::Failure;

/// Documents beyond this are refused rather than read into memory: the largest real one known has 20 MB.
const MAX_BYTES: u64 = 512 << 20;

/// Reads the document at `path`, which people know as `shown`.
///
/// # Errors
///
/// When the file cannot be read, or is no OpenAPI document.
pub fn load(path: &Path, shown: &str) -> Result<Document, Failure> {
    load_with(path, shown, None)
}

/// Reads the document at `path`, with the overlay that is to be applied to it.
pub(crate) fn load_with(path: &Path, shown: &str, overlay: Option<Overlay>) -> Result<Document, Failure> {
    let source = read_source(path, shown)?;
    let files = SpecFolder::of(path, &source.path)?;
    match overlay {
        Some(overlay) => Document::load_with_overlay(source, overlay, &files),
        None => Document::load(source, &files),
    }
    .map_err(Failure::from)
}

/// Reads an overlay.
pub(crate) fn load_overlay(path: &Path, shown: &str) -> Result<Overlay, Failure> {
    Overlay::parse(read_source(path, shown)?).map_err(Failure::from)
}

/// The text of a file under the name by which people know it.
pub(crate) fn read_source(path: &Path, shown: &str) -> Result<Source, Failure> {
    Ok(Source::new(shown.replace('\\', "/"), read_text(path, shown)?))
}

/// Reads the document of a vendor, corrected by its overlay where there is one.
///
/// # Errors
///
/// As [`load`]; and when the overlay cannot be read or applied, or is named in the configuration and missing.
pub(crate) fn load_vendor(root: &Path, vendor: &Vendor) -> Result<Document, Failure> {
    let overlay = match overlay_of(root, vendor) {
        Some(path) => Some(load_overlay(&path, &vendor.overlay.path)?),
        None => None,
    };
    load_with(&root.join(&vendor.spec), &vendor.spec, overlay).map_err(|failure| {
        let help =
            failure.help.clone().unwrap_or_else(|| format!("it is the document of vendor `{}`, `spec` in the configuration", vendor.name));
        failure.with_help(help)
    })
}

/// Where the overlay of a vendor is; `None` where the configuration names none and none lies in the usual place.
pub(crate) fn overlay_of(root: &Path, vendor: &Vendor) -> Option<PathBuf> {
    let path = root.join(&vendor.overlay.path);
    (vendor.overlay.named || path.exists()).then_some(path)
}

/// The whole text of a file.
///
/// # Errors
///
/// When it is missing, no file, too large or not UTF-8.
pub(crate) fn read_text(path: &Path, shown: &str) -> Result<String, Failure> {
    let failed = |error| Failure::io("read", shown, &error);
    let file = fs::File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(Failure::new(format!("cannot read `{shown}`: it is a folder")).with_help("name a file in it"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(MAX_BYTES)).unwrap_or_default());
    // One byte more than allowed tells a file that is too long, also where the size is not known beforehand.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::new(format!("cannot read `{shown}`: it is larger than {} MB", MAX_BYTES >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(place).filter(|byte| **byte == b'\n').count() + 1;
        Failure::new(format!("cannot read `{shown}`: it is not UTF-8 at line {line} (byte {place})")).with_help("save it as UTF-8")
    })
}

/// The folder of a document: the only place that its references may lead to.
struct SpecFolder {
    /// The folder on disk, symbolic links resolved.
    folder: PathBuf,
    /// The same as a prefix of [`Source::path`], with `/` at its end unless empty.
    prefix: String,
}

impl SpecFolder {
    fn of(path: &Path, shown: &str) -> Result<Self, Failure> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| Failure::io("read", folder.display(), &error))?;
        let prefix = shown.rsplit_once('/').map_or(String::new(), |(before, _)| format!("{before}/"));
        Ok(Self { folder, prefix })
    }
}

impl Files for SpecFolder {
    fn read(&self, path: &str) -> Result<Source, String> {
        let outside = || format!("`{path}` lies outside of the document's folder");
        let inside = path.strip_prefix(&self.prefix).ok_or_else(outside)?;
        let steps: Vec<&str> = inside.split('/').collect();
        if steps.iter().any(|step| matches!(*step, "" | "." | "..") || step.contains(['\\', ':', '\0'])) {
            return Err(outside());
        }
        let file = steps.iter().fold(self.folder.clone(), |file, step| file.join(step));
        // A symbolic link inside of the folder may lead out of it: only the resolved path tells.
        let file = file.canonicalize().map_err(|error| Failure::io("read", path, &error).message)?;
        if !file.starts_with(&self.folder) {
            return Err(outside());
        }
        if !file.is_file() {
            return Err(format!("`{path}` is no file"));
        }
        read_text(&file, path).map(|text| Source::new(path, text)).map_err(|failure| failure.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stay_within_the_folder_of_the_document() {
        let folder = tempfile::tempdir().expect("a folder");
        let spec = folder.path().join("spec");
        fs::create_dir_all(spec.join("parts")).expect("folders");
        fs::write(spec.join("openapi.yaml"), "").expect("a file");
        fs::write(spec.join("parts/pet.yaml"), "type: object").expect("a file");
        fs::write(folder.path().join("secret.yaml"), "secret").expect("a file");
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.yaml", spec.join("link.yaml")).expect("a link");
        let files = SpecFolder::of(&spec.join("openapi.yaml"), "specs/pets/openapi.yaml").expect("the folder is there");

        let read = |path: &str| files.read(path).map(|source| source.text.to_string());
        assert_eq!(read("specs/pets/parts/pet.yaml").as_deref(), Ok("type: object"));
        for refused in ["specs/secret.yaml", "specs/pets/../secret.yaml", "/etc/passwd", "specs/pets/link.yaml", "specs/pets//etc/passwd"] {
            assert!(read(refused).expect_err("it is refused").contains("outside of the document's folder"), "{refused}");
        }
        assert!(read("specs/pets/none.yaml").expect_err("it is missing").contains("there is no such file"));
        assert_eq!(read("specs/pets/parts"), Err("`specs/pets/parts` is no file".to_owned()));
    }

    #[test]
    fn what_is_no_text_is_told_with_its_place() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("x.yaml");
        fs::write(&file, b"a: 1\nb: \xff\n").expect("a file");
        assert_eq!(
            read_text(&file, "x.yaml").expect_err("it is no text").message,
            "cannot read `x.yaml`: it is not UTF-8 at line 2 (byte 8)"
        );
        assert!(read_text(folder.path(), "x").expect_err("it is a folder").message.contains("it is a folder"));
    }
}
