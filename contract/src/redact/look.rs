//! Whether a word looks like a key or a token: by its form alone, whoever may have made it. Words that people or schemas made (names,
//! dates, UUIDs, identifiers of databases) have few changes between kinds of letters; random ones change all the time. Next: `text.rs`.

/// Words that say of a key what it is for: `sk_live_4eC39H...`.
const LABELS: &[&str] = &["apikey", "key", "live", "pat", "pk", "rk", "secret", "sk", "token"];

/// The shortest run of letters and digits that is long enough to be random.
const RUN: usize = 16;

/// Whether a word of letters, digits, `-` and `_` looks like a token.
pub(super) fn is_token(word: &str) -> bool {
    if word.len() < 12 || is_uuid(word) {
        return false;
    }
    let mut parts = word.split(['-', '_']);
    let longest = parts.clone().max_by_key(|part| part.len()).unwrap_or_default();
    if is_random(longest) {
        return true;
    }
    let separators = word.bytes().filter(|byte| matches!(byte, b'-' | b'_')).count();
    // Base64 for URLs has both signs among its letters, so it falls into parts by chance.
    if word.len() >= 32 && separators <= word.len() / 12 && mixed(word) && changes(word) * 5 >= word.len() * 2 {
        return true;
    }
    let last = parts.clone().next_back().unwrap_or_default();
    let labelled = parts.any(|part| LABELS.iter().any(|label| part.eq_ignore_ascii_case(label)));
    labelled && separators > 0 && last.len() >= 8 && last.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a text is a JSON Web Token, or three parts in Base64 that claim to be.
pub(super) fn is_jwt(text: &str) -> bool {
    let part = |part: &str| part.len() >= 4 && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let mut parts = text.split('.');
    let (head, body, signature) = (parts.next(), parts.next(), parts.next());
    text.len() >= 20
        && head.is_some_and(|head| head.starts_with("ey") && part(head))
        && body.is_some_and(part)
        && signature.is_some_and(|signature| signature.is_empty() || part(signature))
        && parts.all(part)
}

/// Whether a text is long random bytes in Base64.
pub(super) fn is_base64(text: &str) -> bool {
    let bare = text.trim_end_matches('=');
    let alphabet = bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'));
    bare.len() >= 24
        && alphabet
        && mixed(bare)
        && changes(bare) * 5 >= bare.len() * 2
        && (bare.len() < text.len() || bare.split('/').any(|part| part.len() >= RUN))
}

/// Whether a text is a UUID.
pub(super) fn is_uuid(text: &str) -> bool {
    text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Whether letters and digits are random by the look of them.
fn is_random(run: &str) -> bool {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    if run.len() < RUN || digits < 2 || run.len() - digits < 2 {
        return false;
    }
    if run.bytes().all(|byte| byte.is_ascii_hexdigit()) && (is_lower(run) || is_upper(run)) {
        // Shorter ones are what databases number their rows with.
        return run.len() >= 32;
    }
    if mixed(run) { changes(run) * 5 >= run.len() * 2 } else { run.len() >= 20 && changes(run) * 4 >= run.len() }
}

fn is_lower(text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_upper(text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn mixed(text: &str) -> bool {
    !is_lower(text) && !is_upper(text) && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// How often the kind of letter changes.
fn changes(text: &str) -> usize {
    let kind = |byte: &u8| match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        b'A'..=b'Z' => 2,
        _ => 3,
    };
    text.as_bytes().windows(2).filter(|pair| pair.first().map(kind) != pair.last().map(kind)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_words_are_tokens() {
        for word in [
            "sk_live_51Habc9d8eF7",
            "4eC39HqLyjWDarjtT1zdp7dc",
            "xoxb-2f8a91c0-AbCd12EfGh34IjKl",
            "d41d8cd98f00b204e9800998ecf8427e",
            "01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
            "test-api-key-4f9a1100",
        ] {
            assert!(is_token(word), "{word}");
        }
        assert!(is_jwt("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"));
        assert!(is_base64("Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdo+/8="));
    }

    #[test]
    fn words_of_people_and_databases_are_none() {
        for word in [
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "64b8f0c2a1d3e4f5a6b7c8d9",
            "my-blog-post-about-the-elections-of-2024",
            "ContactPurgeRequestWithEmail2",
            "PostContactsPurgeRequest2024Response",
            "1234567890123456",
            "2024-11-21T10-20-30",
            "application",
            "WebKitFormBoundary",
            "internationalization2",
            "gpt-4o-mini-2024-07-18",
            "users_created_at_2024_idx",
        ] {
            assert!(!is_token(word), "{word}");
        }
        assert!(!is_base64("v1/Users/Accounts2024/Details/Of/Something"));
        assert!(!is_jwt("eyes.of.the.tiger"));
    }
}
