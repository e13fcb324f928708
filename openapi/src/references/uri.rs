//! The text of references: URI references (RFC 3986) with JSON Pointers as fragments. Pure functions; no files here.

use std::borrow::Cow;

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use crate::Pointer;
use crate::pointer::ESCAPED;

/// The two parts of a reference: the path or URL, and the fragment without `#`.
pub(super) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// Whether a reference names something outside of any folder: `https://...`, `//host/...`, `urn:...`.
pub(super) fn is_remote(path: &str) -> bool {
    let scheme = path.split_once(':').map(|(scheme, _)| scheme).unwrap_or_default();
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme || path.starts_with("//")
}

/// An `$id` that is longer is no base: each reference within it would take as much memory.
const BASE_LIMIT: usize = 2_000;

/// The base that an `$id` makes of what it stands in: the URI without its fragment. `None` for one that is a fragment only, which older
/// drafts have for anchors.
pub(super) fn base(outer: Option<&str>, id: &str) -> Option<String> {
    let (path, _) = split(id);
    let base = (!path.is_empty()).then(|| outer.map_or_else(|| path.to_owned(), |outer| resolve(outer, path)));
    base.filter(|base| base.len() <= BASE_LIMIT)
}

/// A reference as seen from a base, by RFC 3986, section 5.2. A relative base stays relative, to whatever it is relative to.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let (path, _) = split(reference);
    if path.is_empty() {
        return format!("{base}{reference}");
    }
    let scheme = base.find(':').filter(|_| is_remote(base) && !base.starts_with("//")).map_or(0, |colon| colon + 1);
    let (scheme, rest) = base.split_at(scheme);
    if path.starts_with("//") {
        return format!("{scheme}{reference}");
    }
    if is_remote(path) {
        return reference.to_owned();
    }
    let authority = rest.strip_prefix("//").map_or(0, |host| host.find('/').unwrap_or(host.len()) + 2);
    let (authority, folder) = rest.split_at(authority);
    if path.starts_with('/') {
        return format!("{scheme}{authority}{}", tidy(reference));
    }
    let folder = folder.rfind('/').and_then(|slash| folder.get(..=slash)).unwrap_or(if authority.is_empty() { "" } else { "/" });
    format!("{scheme}{authority}{}", tidy(&format!("{folder}{reference}")))
}

/// A reference whose path has no `.` and `..` steps that can be worked out.
fn tidy(reference: &str) -> String {
    let (path, fragment) = reference.split_at(reference.find('#').unwrap_or(reference.len()));
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "." => {}
            ".." if steps.last().is_some_and(|last| !matches!(*last, "" | "..")) => drop(steps.pop()),
            ".." if steps.as_slice() == [""] => {}
            _ => steps.push(step),
        }
    }
    format!("{}{fragment}", steps.join("/"))
}

/// Undoes percent-encoding; text that is not encoded right stays as it is.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// The local reference to `pointer`: `#/components/schemas/Pet`.
pub(crate) fn local(pointer: &Pointer) -> String {
    format!("#{}", pointer.to_fragment())
}

/// Whether a local reference is written as [`local`] would write it, or at least so that every reader understands it the same.
pub(super) fn is_plain(reference: &str) -> bool {
    let Some(fragment) = reference.strip_prefix("#/") else { return reference == "#" };
    let mut bytes = fragment.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'%' => {
                bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit()) && bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit())
            }
            byte => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte),
        };
        if !fine {
            return false;
        }
    }
    true
}

/// The path that `reference` means in the file `base`, with `.` and `..` steps worked out.
///
/// # Errors
///
/// A sentence, when it is absolute or leads above the folder that the entry file's path begins in.
pub(super) fn join(base: &str, reference: &str) -> Result<String, String> {
    let reference = decode(reference);
    if reference.starts_with('/') || reference.contains('\\') {
        return Err("only relative paths with `/` between their parts are followed".to_owned());
    }
    let absolute = base.starts_with('/');
    let folder = base.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." => return Err("it leads out of the folder of the document".to_owned()),
            _ => parts.push(part),
        }
    }
    Ok(format!("{}{}", if absolute { "/" } else { "" }, parts.join("/")))
}

/// How the file `from` names the file `to`: the inverse of [`join`].
pub(super) fn relative(from: &str, to: &str) -> String {
    let folder: Vec<&str> = from.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev().collect();
    let target: Vec<&str> = to.split('/').collect();
    let shared = folder.iter().zip(&target).take_while(|(left, right)| left == right).count();
    let up = folder.iter().skip(shared).map(|_| "..");
    let steps: Vec<&str> = up.chain(target.into_iter().skip(shared)).collect();
    utf8_percent_encode(&steps.join("/"), ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_within_bounds() {
        for (base, reference, expected) in [
            ("api/openapi.yml", "pet.yml", Some("api/pet.yml")),
            ("api/openapi.yml", "./models/../pet%20copy.yml", Some("api/pet copy.yml")),
            ("api/models/pet.yml", "../shared/error.yml", Some("api/shared/error.yml")),
            ("openapi.yml", "pet.yml", Some("pet.yml")),
            ("./openapi.yml", "pet.yml", Some("pet.yml")),
            ("/srv/api/openapi.yml", "../pet.yml", Some("/srv/pet.yml")),
            ("openapi.yml", "../pet.yml", None),
            ("../openapi.yml", "../../pet.yml", None),
            ("openapi.yml", "/etc/passwd", None),
            ("openapi.yml", "..\\secret", None),
            ("openapi.yml", "%2fetc/passwd", None),
        ] {
            assert_eq!(join(base, reference).ok().as_deref(), expected, "{base} + {reference}");
        }
    }

    #[test]
    fn references_are_seen_from_their_base() {
        for (base, reference, expected) in [
            ("https://x.org/a/b.json", "c.json", "https://x.org/a/c.json"),
            ("https://x.org/a/b.json", "../c.json#/d/../e", "https://x.org/c.json#/d/../e"),
            ("https://x.org/a/b.json", "/c.json", "https://x.org/c.json"),
            ("https://x.org/a/b.json", "//y.org/c", "https://y.org/c"),
            ("https://x.org/a/b.json", "urn:y", "urn:y"),
            ("https://x.org/a/b.json", "#here", "https://x.org/a/b.json#here"),
            ("https://x.org", "c", "https://x.org/c"),
            ("https://x.org/", "../../c", "https://x.org/c"),
            ("urn:x:y", "#/z", "urn:x:y#/z"),
            ("models/b.json", "c.json", "models/c.json"),
            ("models/b.json", "../c.json", "c.json"),
            ("b.json", "../c.json", "../c.json"),
        ] {
            assert_eq!(resolve(base, reference), expected, "{base} + {reference}");
        }
        assert_eq!(super::base(Some("https://x.org/a"), "b#").as_deref(), Some("https://x.org/b"));
        assert_eq!(super::base(None, "#b"), None);
    }

    #[test]
    fn relative_paths_lead_back() {
        for (from, to) in
            [("api/a b/x.yml", "api/y 1.yml"), ("x.yml", "api/y.yml"), ("/srv/a/x.yml", "/srv/b/y.yml"), ("../a/x.yml", "../a/m/y.yml")]
        {
            assert_eq!(join(from, &relative(from, to)).as_deref(), Ok(to), "{from} to {to}");
        }
    }

    #[test]
    fn remote_is_what_has_a_scheme_or_a_host() {
        for (path, expected) in
            [("https://x.org/a.yml", true), ("urn:x:y", true), ("//x.org/a", true), ("a/b:c.yml", false), ("a.yml", false), ("", false)]
        {
            assert_eq!(is_remote(path), expected, "{path}");
        }
    }

    #[test]
    fn odd_characters_are_escaped_and_come_back() {
        let pointer = Pointer::root().join("paths").join("/a b/{id}").join("100%");
        let text = local(&pointer);
        assert_eq!(text, "#/paths/~1a%20b~1%7Bid%7D/100%25");
        assert!(is_plain(&text));
        assert_eq!(decode(text.trim_start_matches('#')), pointer.as_str());
        assert!(!is_plain("#/paths/~1a b"));
        assert!(!is_plain("#/a/100%"));
        assert!(!is_plain("pet.yml#/a"));
    }
}
