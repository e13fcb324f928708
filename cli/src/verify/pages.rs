//! Whether a vendor's documentation page and our copy of its document agree: where a page embeds the document in a fenced
//! block, the document must be that block, byte for byte.

/// A fenced block of a Markdown page that holds an OpenAPI document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'p> {
    /// The line of its first line of content, from 1.
    pub(super) line: usize,
    /// Its content, the last line's end included.
    pub(super) text: &'p str,
}

/// A line at which block and document part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The line of the page, from 1.
    pub(super) page_line: usize,
    /// The line of the document, from 1.
    pub(super) document_line: usize,
}

impl Block<'_> {
    /// Where the block and `document` first differ; `None` where they are equal byte for byte.
    pub(super) fn difference(&self, document: &str) -> Option<Difference> {
        if self.text == document {
            return None;
        }
        let (mut page, mut spec) = (self.text.split_inclusive('\n'), document.split_inclusive('\n'));
        let mut same = 0;
        while let (Some(a), Some(b)) = (page.next(), spec.next()) {
            if a != b {
                break;
            }
            same += 1;
        }
        Some(Difference { page_line: self.line + same, document_line: same + 1 })
    }
}

/// The OpenAPI documents that a page embeds: fenced blocks of YAML or JSON that begin with `openapi`.
///
/// A fence is closed by one of the same character that is at least as long (CommonMark, "Fenced code blocks"), so that a block of
/// four backticks may hold examples in three.
pub(super) fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(char, usize, bool, usize, usize)> = None;
    let mut offset = 0;
    for (index, line) in page.split_inclusive('\n').enumerate() {
        let start = offset;
        offset += line.len();
        let Some((mark, length, info)) = fence(line) else { continue };
        match open {
            None => open = Some((mark, length, is_data(info), index + 2, offset)),
            Some((opened, needed, data, first_line, content)) if mark == opened && length >= needed && info.is_empty() => {
                let text = page.get(content..start).unwrap_or_default();
                if data && is_openapi(text) {
                    blocks.push(Block { line: first_line, text });
                }
                open = None;
            }
            Some(_) => {}
        }
    }
    blocks
}

/// The fence that a line is: its character, its length, and the words after it.
fn fence(line: &str) -> Option<(char, usize, &str)> {
    let text = line.trim_end();
    let indent = text.len() - text.trim_start_matches(' ').len();
    let text = text.trim_start_matches(' ');
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.chars().take_while(|c| *c == mark).count();
    let info = text.get(length..)?.trim();
    (indent <= 3 && length >= 3 && !(mark == '`' && info.contains('`'))).then_some((mark, length, info))
}

/// Whether the words after a fence announce YAML or JSON, or nothing at all.
fn is_data(info: &str) -> bool {
    let language = info.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    matches!(language.as_str(), "" | "yaml" | "yml" | "json")
}

/// Whether text begins as an OpenAPI document does: `openapi:` or `{"openapi"`, after comments.
fn is_openapi(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---").unwrap_or_default();
    let key = if first.starts_with('{') {
        text.get(text.find('{').map_or(0, |brace| brace + 1)..).unwrap_or_default().trim_start()
    } else {
        first
    };
    let rest = key.trim_start_matches(['"', '\'']).strip_prefix("openapi");
    rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_is_found_among_others_and_compared_by_bytes() {
        let page = "# Delete\n\n```json\n{\"openapi_token\": 1}\n```\n\n````yaml DELETE /contacts\nopenapi: 3.0.0\nx: |\n  ```\n  curl\n  ```\n````\n\n```yaml\nfoo: 1\n```\n";
        let found = blocks(page);
        let [block] = found.as_slice() else { panic!("one block is a document, not {found:?}") };
        assert_eq!(block.line, 8);
        let document = "openapi: 3.0.0\nx: |\n  ```\n  curl\n  ```\n";
        assert_eq!(block.text, document);
        assert_eq!(block.difference(document), None);
        assert_eq!(block.difference("openapi: 3.0.0\nx: >\n"), Some(Difference { page_line: 9, document_line: 2 }));
        assert_eq!(block.difference("openapi: 3.0.0\r\nx: |\n"), Some(Difference { page_line: 8, document_line: 1 }));
        assert_eq!(block.difference(&format!("{document}more: 1\n")), Some(Difference { page_line: 13, document_line: 6 }));
    }

    #[test]
    fn what_is_no_document_is_none() {
        #[track_caller]
        fn lines(page: &str, expected: &[usize]) {
            assert_eq!(blocks(page).iter().map(|block| block.line).collect::<Vec<_>>(), expected);
        }
        lines("openapi: 3.0.0\n", &[]);
        lines("```python\nopenapi = 1\n```\n", &[]);
        lines("````yaml\nopenapi: 3.0.0\n```\n", &[]);
        lines("~~~yml\n# a comment\n\nopenapi: 3.1.0\n~~~~\n", &[2]);
        lines("```json\n{\n  \"openapi\": \"3.0.0\"}\n```\n", &[2]);
    }
}
