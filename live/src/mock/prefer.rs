//! What a request to the mock asks for beside the operation: `Prefer: code=404, example=missing, dynamic=true` (RFC 7240), and
//! the content types of its `Accept` (RFC 9110, section 12.5.1).

use wireproof_contract::{Exchange, Headers, MediaType};
use wireproof_openapi::{MediaType as Documented, Response};

use super::{Answer, content, problem};

/// What `Prefer` asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Prefer {
    /// The status to answer with.
    pub(super) code: Option<u16>,
    /// The name of the example to answer with.
    pub(super) example: Option<String>,
    /// Whether to make a body up where there are examples.
    pub(super) dynamic: bool,
}

impl Prefer {
    /// Reads all `Prefer` headers; what it does not know it leaves alone, as the RFC says.
    pub(super) fn of(headers: &Headers) -> Self {
        let mut prefer = Self::default();
        for preference in headers.all("prefer").flat_map(|value| value.split([',', ';'])) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "code" => prefer.code = value.parse().ok().or(prefer.code),
                "example" => prefer.example = Some(value.to_owned()),
                "dynamic" => prefer.dynamic = value.is_empty() || value.eq_ignore_ascii_case("true"),
                _ => {}
            }
        }
        prefer
    }
}

/// The entry whose content type is most welcome; `None` where no body is documented.
pub(super) fn negotiated<'r>(asked: &Exchange, prefer: &Prefer, response: &'r Response) -> Result<Option<&'r Documented>, Answer> {
    if response.content.is_empty() {
        return Ok(None);
    }
    let accept = asked.request.headers.joined("accept");
    let named = |entry: &&Documented| match &prefer.example {
        Some(wanted) => entry.examples.iter().any(|(name, _)| name == wanted),
        None => true,
    };
    let offered: Vec<_> = response.content.iter().filter(named).collect();
    if offered.is_empty() {
        let names = response.content.iter().flat_map(|entry| &entry.examples).map(|(name, _)| name).filter(|name| !name.is_empty());
        let names = names.map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let wanted = prefer.example.as_deref().unwrap_or_default();
        let known = if names.is_empty() { "there is none".to_owned() } else { format!("known are {}", names.join(", ")) };
        return Err(problem(400, "not documented", &format!("`Prefer: example={wanted}` names no example of this response: {known}")));
    }
    let mut best: Option<((u16, usize), &Documented)> = None;
    for entry in offered {
        if let Some(welcome) = welcome(accept.as_deref(), &content::concrete(&entry.name))
            && best.is_none_or(|(other, _)| welcome > other)
        {
            best = Some((welcome, entry));
        }
    }
    let unwelcome = || {
        let types: Vec<&str> = response.content.iter().map(|entry| entry.name.as_str()).collect();
        problem(406, "not acceptable", &format!("the document has {} for this response", types.join(", ")))
    };
    best.map(|(_, entry)| Some(entry)).ok_or_else(unwelcome)
}

/// How welcome a content type is: the thousandths of its `q`, and the exactness of the range that names it. `None`: not at all.
fn welcome(accept: Option<&str>, content_type: &str) -> Option<(u16, usize)> {
    let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else { return Some((1000, 0)) };
    let Some(offered) = MediaType::parse(content_type) else { return Some((1, 0)) };
    let ranges = accept.split(',').filter_map(|range| {
        let (kind, q) = split_q(range);
        let exactness = match kind.trim() {
            "*/*" => 0,
            range if range.ends_with("/*") => 1,
            range => 2 + range.matches(';').count(),
        };
        MediaType::parse(&kind).filter(|range| range.includes(&offered)).map(|_| (exactness, q))
    });
    // The most exact range decides, also where a rougher one asks for more.
    ranges.max().filter(|(_, q)| *q > 0).map(|(exactness, q)| (q, exactness))
}

/// A range without its weight, and the weight in thousandths.
fn split_q(range: &str) -> (String, u16) {
    let mut q = 1000;
    let kept: Vec<&str> = range
        .split(';')
        .filter(|part| match part.trim().strip_prefix("q=").or_else(|| part.trim().strip_prefix("Q=")) {
            Some(weight) => {
                q = thousandths(weight);
                false
            }
            None => true,
        })
        .collect();
    (kept.join(";").trim().to_owned(), q)
}

/// `0.8` as 800; what is no weight counts as 1.
fn thousandths(weight: &str) -> u16 {
    let (whole, fraction) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u16>()) {
        ("0", Ok(thousandths)) => thousandths,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_read_from_one_header_or_several() {
        let headers: Headers = [("Prefer", "code=404; example=\"none\""), ("prefer", "respond-async, dynamic=true")].into_iter().collect();
        assert_eq!(Prefer::of(&headers), Prefer { code: Some(404), example: Some("none".to_owned()), dynamic: true });
        let odd: Headers = [("Prefer", "code=x, dynamic=false,,=")].into_iter().collect();
        assert_eq!(Prefer::of(&odd), Prefer::default());
    }

    #[test]
    fn the_most_exact_range_says_how_welcome_a_type_is() {
        for (accept, content_type, expected) in [
            (None, "text/html", Some((1000, 0))),
            (Some("*/*"), "text/html", Some((1000, 0))),
            (Some("text/html, application/json;q=0.9"), "application/json", Some((900, 2))),
            (Some("text/*;q=0.5, */*;q=0.1"), "text/csv", Some((500, 1))),
            (Some("*/*, text/csv;q=0"), "text/csv", None),
            (Some("application/xml"), "application/json", None),
            (Some("application/json; charset=utf-8"), "application/json", Some((1000, 3))),
        ] {
            assert_eq!(welcome(accept, content_type), expected, "{accept:?} {content_type}");
        }
    }
}
