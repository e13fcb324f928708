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
