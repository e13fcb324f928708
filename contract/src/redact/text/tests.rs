//! What of free texts is replaced, and what stays.

use super::*;

#[track_caller]
fn check(cases: &[(&str, &str)], method: impl Fn(&Search<'_>, &str) -> Option<String>) {
    let replacer = Replacer::new([1; 32]);
    let known = [Known::new("s3cret-value".to_owned(), "<known>".to_owned())];
    let fields = ["email".to_owned()];
    let search = Search { replacer: &replacer, known: &known, fields: &fields, keep_tokens: false, document: None };
    for (text, pattern) in cases {
        let found = method(&search, text).unwrap_or_else(|| (*text).to_owned());
        // `?` stands for what was replaced: one letter or digit of the same kind.
        let mut expected = String::new();
        for (place, letter) in pattern.chars().enumerate() {
            expected.push(if letter == '?' { found.chars().nth(place).unwrap_or('?') } else { letter });
        }
        assert_eq!(found, expected, "{text}");
        assert_eq!(pattern.contains('?') || pattern.contains("<known>"), found != *text, "{text}: {found}");
    }
}

fn in_text(search: &Search<'_>, text: &str) -> Option<String> {
    search.text(text)
}

fn in_url(search: &Search<'_>, url: &str) -> Option<String> {
    search.url(url)
}

fn in_pairs(search: &Search<'_>, pairs: &str) -> Option<String> {
    search.pairs(pairs)
}

#[test]
fn secrets_in_sentences_go() {
    check(
        &[
            ("nothing is wrong here, at /contacts/12 of 2024-05-31", "nothing is wrong here, at /contacts/12 of 2024-05-31"),
            ("the key s3cret-value is unknown", "the key <known> is unknown"),
            ("password=hunter, user=anna", "password=??????, user=anna"),
            ("invalid password: hunter2!", "invalid password: ????????"),
            ("a password: required", "a password: required"),
            ("{\"api_key\": \"abcdef\"}", "{\"api_key\": \"abcdef\"}"),
            ("{\"api_key\": \"abc123\"}", "{\"api_key\": \"??????\"}"),
            ("<token>abcdef</token>", "<token>??????</token>"),
            ("email=anna@x.org;", "email=??????????;"),
            ("see https://anna:pw123@h/x?a=1&token=zzzz#id_token=yyyy.", "see https://????:?????@h/x?a=1&token=????#id_token=????."),
            ("at 4eC39HqLyjWDarjtT1zdp7dc, again", "at ????????????????????????, again"),
        ],
        in_text,
    );
}

#[test]
fn urls_and_forms_keep_what_is_no_secret() {
    check(
        &[
            ("/cb?code=abcdef&state=up&next=%2Fhome", "/cb?code=??????&state=up&next=%2Fhome"),
            ("https://h/a/s3cret-value/b?x=s3cret-value", "https://h/a/<known>/b?x=<known>"),
            ("https://h/contacts/64b8f0c2a1d3e4f5a6b7c8d9", "https://h/contacts/64b8f0c2a1d3e4f5a6b7c8d9"),
        ],
        in_url,
    );
    check(&[("user=anna&password=p+w%21&x=", "user=anna&password=?%20?%21&x=")], in_pairs);
}

#[test]
fn credentials_keep_their_scheme() {
    let replacer = Replacer::new([1; 32]);
    let search = Search { replacer: &replacer, known: &[], fields: &[], keep_tokens: false, document: None };
    let bearer = search.credential("Bearer abcdef123456");
    assert_eq!(bearer, format!("Bearer {}", search.credential("abcdef123456")));
    let hidden = search.credential("Basic YW5uYTpodW50ZXIy");
    let (user, password) = basic(hidden.strip_prefix("Basic ").expect("the scheme")).expect("still Base64");
    assert_eq!((user.len(), password.len()), (4, 7));
    assert_ne!((user.as_str(), password.as_str()), ("anna", "hunter2"));
}
