//! A vendor's documentation pages as `verify` sees them: they embed the very document that we keep, or fragments that make it. What
//! they say beside it is compared in `exchanges.rs`.

use std::fs;
use std::path::Path;

use wireproof_contract::{Part, State};
use wireproof_documents::import::{ImportError, import};
use wireproof_documents::page::{Embedded, Page};
use wireproof_openapi::{Document, Source};

use crate::config::{Config, Vendor};
use crate::document;
use crate::error::Failure;

const TOPIC: &str = "pages";

/// Our own notes on where a document is from, which lie beside it and are nobody's documentation.
const NOTES: &str = "SOURCE.md";

/// The pages of a vendor.
pub(crate) struct Pages {
    pub(crate) pages: Vec<Page>,
    /// Whether the configuration lists them as pages that embed the document.
    listed: bool,
}

impl Pages {
    /// Reads the pages that the configuration lists, or those beside the document.
    ///
    /// # Errors
    ///
    /// When one cannot be read.
    pub(crate) fn read(vendor: &Vendor, config: &Config) -> Result<Self, Failure> {
        let (paths, listed) = match &vendor.pages {
            Some(pages) => (pages.clone(), true),
            None => (beside(&config.root, &vendor.spec)?, false),
        };
        let read = |path: &String| Ok(Page::read(Source::new(path.as_str(), document::read_text(&config.resolve(path), path)?)));
        Ok(Self { pages: paths.iter().map(read).collect::<Result<_, Failure>>()?, listed })
    }

    /// Whether what they embed is the document.
    pub(super) fn part(&self, vendor: &Vendor, document: &Document) -> Part {
        let embedded: Vec<(&Page, Embedded<'_>)> =
            self.pages.iter().flat_map(|page| page.embedded().into_iter().map(move |block| (page, block))).collect();
        let mut problems = Vec::new();
        for page in self.pages.iter().filter(|page| self.listed && page.embedded().is_empty()) {
            problems.push(format!(
                "`{}` embeds no OpenAPI document, though the configuration lists it as a page that does",
                page.source().path
            ));
        }
        let fragments = embedded.windows(2).any(|pair| matches!(pair, [(_, one), (_, other)] if one.text != other.text));
        if fragments {
            problems.extend(self.fragments(vendor, document));
        } else {
            for (page, block) in &embedded {
                if let Some(difference) = block.difference(&document.source().text) {
                    problems.push(format!(
                        "`{}:{}` and `{}:{}` differ: copy the page's block, or capture the page again; corrections never go into the vendor's document",
                        page.source().path, difference.page_line, vendor.spec, difference.document_line
                    ));
                }
            }
        }
        if !problems.is_empty() {
            return Part::new(TOPIC, State::Broken, "the page and the document differ").with_details(problems);
        }
        if fragments {
            return Part::new(
                TOPIC,
                State::Holds,
                format!("the {} fragments on {} pages make the document", embedded.len(), self.pages.len()),
            );
        }
        let mut agree: Vec<&str> = embedded.iter().map(|(page, _)| file_name(&page.source().path)).collect();
        agree.dedup();
        if agree.is_empty() {
            return Part::new(TOPIC, State::Absent, "no page embeds the document");
        }
        Part::new(TOPIC, State::Holds, format!("`{}` holds the document byte for byte", agree.join("`, `")))
    }

    /// What keeps fragments from making the document.
    fn fragments(&self, vendor: &Vendor, document: &Document) -> Vec<String> {
        let again = format!("import the pages again, into the folder of `{}`", vendor.spec);
        match import(&self.pages) {
            Ok(imported) => {
                let made = Source::new(vendor.spec.as_str(), imported.text).value().ok();
                if made.is_some() && made == document.source().value().ok() {
                    return Vec::new();
                }
                vec![format!("the fragments on the pages make another document than `{}`: {again}", vendor.spec)]
            }
            Err(ImportError::Contradictions(found)) => {
                found.iter().map(|found| format!("the pages contradict each other: {found}")).collect()
            }
            Err(ImportError::Unreadable(error)) => vec![error.to_string()],
            Err(ImportError::Nothing) => vec![format!("the pages embed no document: {again}")],
        }
    }
}

/// The Markdown pages in the folder of a document.
fn beside(root: &Path, spec: &str) -> Result<Vec<String>, Failure> {
    let prefix = spec.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let failed = |error| Failure::io("read", &prefix, &error);
    let mut pages = Vec::new();
    for entry in fs::read_dir(root.join(&prefix)).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if name != NOTES && Path::new(&name).extension().is_some_and(|extension| extension == "md" || extension == "mdx") {
            pages.push(format!("{prefix}{name}"));
        }
    }
    pages.sort();
    Ok(pages)
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
