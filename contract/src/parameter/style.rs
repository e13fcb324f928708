//! Text to pieces: a serialised value cut at the delimiters of its style, escapes still in place.

use wireproof_openapi::Style;

/// A value's text, and what it is if the schema asks for a list or an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pieces {
    /// The text as a whole, for a single value.
    pub(super) whole: String,
    /// The pieces, for a list.
    pub(super) items: Vec<String>,
    /// Names and values, for an object; `None` where the pieces do not pair up.
    pub(super) members: Option<Vec<(String, String)>>,
    /// The delimiter, so that an escaped one can be tried as well.
    pub(super) delimiter: Option<char>,
}

impl Pieces {
    /// One text with delimiters in it; `explode` writes the members of an object as `name=value`.
    pub(super) fn delimited(text: &str, delimiter: char, explode: bool) -> Self {
        let items: Vec<String> = if text.is_empty() { Vec::new() } else { text.split(delimiter).map(str::to_owned).collect() };
        let members = if explode {
            items.iter().map(|item| item.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.to_owned()))).collect()
        } else {
            let paired = items.len().is_multiple_of(2);
            paired.then(|| items.chunks_exact(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect())
        };
        Self { whole: text.to_owned(), items, members, delimiter: Some(delimiter) }
    }

    /// A name that is given once per item.
    pub(super) fn repeated(values: &[&str]) -> Self {
        Self {
            whole: values.first().copied().unwrap_or_default().to_owned(),
            items: values.iter().map(|&value| value.to_owned()).collect(),
            members: None,
            delimiter: None,
        }
    }
}

/// A path value without what its style writes before it: the `.` of a label, the `;name=` of a matrix.
/// `None` where that is not there.
pub(super) fn undress<'t>(raw: &'t str, style: Style, explode: bool, name: &str) -> Option<&'t str> {
    match style {
        Style::Label => raw.strip_prefix('.'),
        Style::Matrix => {
            let rest = raw.strip_prefix(';')?;
            if explode {
                return Some(rest);
            }
            let rest = rest.strip_prefix(name)?;
            if rest.is_empty() { Some(rest) } else { rest.strip_prefix('=') }
        }
        _ => Some(raw),
    }
}

/// The pieces of an undressed path value.
pub(super) fn path_pieces(text: &str, style: Style, explode: bool, name: &str) -> Pieces {
    match (style, explode) {
        (Style::Matrix, true) => {
            let pairs: Vec<(&str, &str)> = text.split(';').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
            let items: Vec<&str> = pairs.iter().filter(|(key, _)| *key == name).map(|(_, value)| *value).collect();
            let members = pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
            Pieces { members: Some(members), ..Pieces::repeated(&items) }
        }
        (Style::Label, true) => Pieces::delimited(text, '.', true),
        // Before 3.0.4 the specification wrote lists of this style with dots, RFC 6570 writes commas.
        (Style::Label, false) if !text.contains(',') && text.contains('.') => Pieces::delimited(text, '.', false),
        _ => Pieces::delimited(text, ',', explode),
    }
}

/// The name of a style in the document.
pub(super) const fn name(style: Style) -> &'static str {
    match style {
        Style::Matrix => "matrix",
        Style::Label => "label",
        Style::Form => "form",
        Style::Simple => "simple",
        Style::SpaceDelimited => "spaceDelimited",
        Style::PipeDelimited => "pipeDelimited",
        Style::DeepObject => "deepObject",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the table "Style Examples" of the specification writes for paths.
    #[test]
    fn path_styles_come_apart() {
        let list = ["blue", "black", "brown"];
        let object = [("R", "100"), ("G", "200"), ("B", "150")];
        for (style, explode, as_list, as_object) in [
            (Style::Simple, false, "blue,black,brown", "R,100,G,200,B,150"),
            (Style::Simple, true, "blue,black,brown", "R=100,G=200,B=150"),
            (Style::Label, false, ".blue,black,brown", ".R,100,G,200,B,150"),
            (Style::Label, true, ".blue.black.brown", ".R=100.G=200.B=150"),
            (Style::Matrix, false, ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
            (Style::Matrix, true, ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
        ] {
            let pieces = |text: &str| path_pieces(undress(text, style, explode, "color").expect(text), style, explode, "color");
            assert_eq!(pieces(as_list).items, list, "{as_list}");
            let members = pieces(as_object).members.expect(as_object);
            assert_eq!(members.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>(), object, "{as_object}");
        }
        assert_eq!(undress("blue", Style::Label, false, "color"), None);
        assert_eq!(undress(";colour=blue", Style::Matrix, false, "color"), None);
        assert_eq!(undress(";color", Style::Matrix, false, "color"), Some(""));
    }
}
