//! JSON Pointers (RFC 6901): the one way in which this workspace names a place in a document or a body.
//! Next: `source.rs`, which turns a pointer into file, line and column.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a fragment cannot hold as it is (RFC 3986, section 3.5).
pub(crate) const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A JSON Pointer in its plain string form: `""` is the whole document, `/paths/~1contacts/get` a node in it.
///
/// ```
/// use wireproof_openapi::Pointer;
/// let path = Pointer::root().join("paths").join("/contacts");
/// assert_eq!(path.as_str(), "/paths/~1contacts");
/// assert_eq!(path.segments().last().as_deref(), Some("/contacts"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Takes a pointer in plain form as it is; text that does not begin with `/` names the root.
    pub fn from_plain(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() || text.starts_with('/') { Self(text) } else { Self::root() }
    }

    /// The pointer one step further down, `segment` being unescaped.
    pub fn join(&self, segment: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + segment.len() + 1);
        text.push_str(&self.0);
        text.push('/');
        if segment.contains(['~', '/']) {
            text.push_str(&segment.replace('~', "~0").replace('/', "~1"));
        } else {
            text.push_str(segment);
        }
        Self(text)
    }

    /// The pointer one step further down into a list.
    pub fn index(&self, index: usize) -> Self {
        Self(format!("{}/{index}", self.0))
    }

    /// The unescaped segments, outermost first.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = Cow<'_, str>> {
        let steps = self.0.strip_prefix('/').into_iter().flat_map(|steps| steps.split('/'));
        steps.map(
            |segment| {
                if segment.contains('~') { Cow::Owned(segment.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(segment) }
            },
        )
    }

    /// The pointer one step up; `None` at the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|end| Self(self.0[..end].to_owned()))
    }

    /// The unescaped last segment; `None` at the root.
    pub fn last(&self) -> Option<Cow<'_, str>> {
        self.segments().next_back()
    }

    /// The escaped text, as in `/paths/~1contacts`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pointer as the fragment of a URI, without its `#` (RFC 6901, section 6).
    ///
    /// ```
    /// use wireproof_openapi::Pointer;
    /// assert_eq!(Pointer::root().join("/a b").to_fragment(), "/~1a%20b");
    /// ```
    pub fn to_fragment(&self) -> String {
        utf8_percent_encode(&self.0, ESCAPED).to_string()
    }

    /// Whether this is `other` or lies below it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.strip_prefix(other.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
