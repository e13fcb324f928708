//! Bodies as recordings keep them to bodies as they are: Base64 undone, content codings undone, both within bounds.
//!
//! What `Content-Encoding` says is not believed but tried: most tools keep the body decoded and leave the header as it was. A body
//! that cannot be had is [`Body::Unknown`] with the reason; the rest of the exchange is checked all the same.

use std::borrow::Cow;
use std::io::{self, Read};

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

use crate::exchange::{Body, Headers};

/// How large a body may grow when its content coding is undone: a few bytes can stand for gigabytes.
const MAX_DECODED: usize = 64 << 20;

/// How many content codings of one body are undone.
const MAX_CODINGS: usize = 4;

/// How much of a body is looked at to tell text from compressed bytes.
const LOOKED_AT: usize = 1024;

/// Padding is missing in what some writers produce, and bits that no byte is made of in what others do.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, LENIENT);

/// Undoes Base64, line breaks and all.
///
/// # Errors
///
/// A fragment of a sentence that says what is wrong.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, String> {
    let compact: Cow<'_, str> = if text.contains(|letter: char| letter.is_ascii_whitespace()) {
        text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect::<String>().into()
    } else {
        text.into()
    };
    let engine = if compact.contains(['-', '_']) { &BASE64_URL } else { &BASE64 };
    engine.decode(compact.as_bytes()).map_err(|_| {
        let known = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '-' | '_' | '=');
        match compact.chars().find(|letter| !known(letter)) {
            Some(letter) => format!("broken Base64: `{}` stands in it", letter.escape_debug()),
            None => "broken Base64: letters are missing or too many".to_owned(),
        }
    })
}

/// A text in Base64.
pub(super) fn to_base64(text: &str) -> String {
    BASE64.encode(text)
}

/// The bytes that texts of hexadecimal digits are; `None` where one is not.
pub(super) fn hexadecimal(texts: &[Cow<'_, str>]) -> Option<Vec<u8>> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let pair = |pair: &[u8]| Some(digit(pair.first()?)? << 4 | digit(pair.get(1)?)?);
    texts.iter().flat_map(|text| text.as_bytes().chunks(2)).map(pair).collect()
}

/// The body that a text stands for.
pub(super) fn of_text(text: Cow<'_, str>, headers: &Headers) -> Body {
    if codings(headers).next().is_some() && is_compressed(&text) {
        let bytes: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
        return match bytes {
            Some(bytes) => of_bytes(bytes, headers),
            None => Body::Unknown("the recording holds the body compressed, and damaged: it was kept as text".into()),
        };
    }
    of_bytes(text.into_owned().into_bytes(), headers)
}

/// Whether a text is a gzip file, written with one letter for each byte; what could not be written so was often replaced.
fn is_compressed(text: &str) -> bool {
    text.strip_prefix('\u{1F}').is_some_and(|rest| rest.starts_with(['\u{8B}', '\u{FFFD}']))
}

/// The body that bytes stand for: its content codings are undone as far as it still has them.
pub(super) fn of_bytes(bytes: impl Into<Bytes>, headers: &Headers) -> Body {
    let mut bytes: Bytes = bytes.into();
    if bytes.is_empty() {
        return Body::Empty;
    }
    // The coding applied last is named last.
    let named: Vec<String> = codings(headers).map(str::to_ascii_lowercase).collect();
    if named.len() > MAX_CODINGS {
        return Body::Unknown(format!("the body has {} content codings; up to {MAX_CODINGS} are undone", named.len()).into());
    }
    for coding in named.iter().rev() {
        bytes = match undo(coding, &bytes) {
            Ok(Some(decoded)) => decoded.into(),
            Ok(None) => bytes,
            Err(why) => return Body::Unknown(why.into()),
        };
    }
    Body::from_bytes(bytes)
}

/// The names in `Content-Encoding`, `identity` left out.
fn codings(headers: &Headers) -> impl Iterator<Item = &str> {
    headers
        .all("content-encoding")
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"))
}

/// Undoes one content coding; `None` where the bytes do not have it any more.
fn undo(coding: &str, bytes: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let decoded = match coding {
        "gzip" | "x-gzip" if bytes.starts_with(&[0x1F, 0x8B]) => bounded(flate2::read::MultiGzDecoder::new(bytes)),
        "zstd" if bytes.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) => match ruzstd::decoding::StreamingDecoder::new(bytes) {
            Ok(decoder) => bounded(decoder),
            Err(error) => Err(Fault::Damaged(error.to_string())),
        },
        // Zlib announces itself well enough; the same name is also used for the bare stream within it, which does not.
        "deflate" if is_zlib(bytes) => bounded(flate2::read::ZlibDecoder::new(bytes)),
        "deflate" if !is_text(bytes) => bounded(flate2::read::DeflateDecoder::new(bytes)),
        "br" if !is_text(bytes) => bounded(brotli_decompressor::Decompressor::new(bytes, 1 << 16)),
        "gzip" | "x-gzip" | "zstd" | "deflate" | "br" => return Ok(None),
        other if is_text(bytes) && other.len() < 40 => return Ok(None),
        other => return Err(format!("the recording holds the body still compressed ({}), which is not read", shown(other))),
    };
    match decoded {
        Ok(decoded) => Ok(Some(decoded)),
        Err(Fault::TooLarge) => {
            Err(format!("the body grows beyond {} MiB when its content coding ({coding}) is undone", MAX_DECODED >> 20))
        }
        Err(Fault::Damaged(why)) => {
            Err(format!("the recording holds the body still compressed ({coding}), and damaged: {}", shown(why.trim_end_matches('.'))))
        }
    }
}

enum Fault {
    TooLarge,
    Damaged(String),
}

fn bounded(reader: impl Read) -> Result<Vec<u8>, Fault> {
    let mut decoded = Vec::new();
    match reader.take(MAX_DECODED as u64 + 1).read_to_end(&mut decoded) {
        Ok(_) if decoded.len() > MAX_DECODED => Err(Fault::TooLarge),
        Ok(_) => Ok(decoded),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(Fault::Damaged("it breaks off".to_owned())),
        Err(error) => Err(Fault::Damaged(error.to_string())),
    }
}

/// The two bytes that a zlib stream begins with: method 8, a window up to 32 KiB, and a sum that 31 divides.
fn is_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => {
            method & 0x0F == 8 && method >> 4 <= 7 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0 && !is_text(bytes)
        }
        _ => false,
    }
}

/// Whether bytes are text by the look of their beginning; compressed bytes hardly ever are.
fn is_text(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    let text = match std::str::from_utf8(beginning) {
        Ok(text) => text,
        // The last letter may be cut through.
        Err(error) if error.error_len().is_none() && bytes.len() > LOOKED_AT => {
            std::str::from_utf8(beginning.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.contains(|letter: char| letter.is_ascii_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{C}'))
}

fn shown(text: &str) -> String {
    crate::schema::shorten(&text.escape_debug().to_string(), 80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    const TEXT: &str = r#"{"name":"Zoë","list":[1,2,3]}"#;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    fn coded(coding: &str) -> Headers {
        [("Content-Encoding", coding)].into_iter().collect()
    }

    fn reason(body: &Body) -> &str {
        match body {
            Body::Unknown(reason) => reason,
            other => panic!("it is known: {other:?}"),
        }
    }

    #[test]
    fn codings_are_undone_where_they_are_still_there() {
        let text = TEXT.as_bytes();
        // Written by the reference implementations of brotli and zstd.
        let brotli = base64("iwuAeyJuYW1lIjoieCIsIm5hbWUyIjoieCJ9Aw==").expect("Base64");
        let zstd = base64("KLUv/QRYwQAAeyJuYW1lIjoieCIsIm5hbWUyIjoieCJ91EnuWg==").expect("Base64");
        for (coding, bytes, expected) in [
            ("gzip", gzip(text), TEXT),
            ("x-gzip", gzip(text), TEXT),
            ("GZIP", [gzip(b"{\"a\""), gzip(b":1}")].concat(), "{\"a\":1}"),
            ("deflate", zlib(text), TEXT),
            ("deflate", deflate(text), TEXT),
            ("gzip, deflate", zlib(&gzip(text)), TEXT),
            ("br", brotli, r#"{"name":"x","name2":"x"}"#),
            ("zstd", zstd, r#"{"name":"x","name2":"x"}"#),
            // Decoded already, though the header says otherwise.
            ("gzip", text.to_vec(), TEXT),
            ("br", text.to_vec(), TEXT),
            ("deflate", text.to_vec(), TEXT),
            ("zstd", text.to_vec(), TEXT),
            ("compress", text.to_vec(), TEXT),
            ("identity", text.to_vec(), TEXT),
        ] {
            assert_eq!(of_bytes(bytes, &coded(coding)), Body::from_bytes(expected), "{coding}");
        }
    }

    #[test]
    fn compressed_bytes_within_a_text_are_found() {
        let text: String = gzip(TEXT.as_bytes()).into_iter().map(char::from).collect();
        assert_eq!(of_text(text.into(), &coded("gzip")), Body::from_bytes(TEXT));
        assert!(reason(&of_text("\u{1F}\u{FFFD}\u{8}".into(), &coded("gzip"))).contains("damaged"));
        assert_eq!(of_text("\u{1F}\u{8B}".into(), &Headers::new()), Body::from_bytes("\u{1F}\u{8B}"), "no header says so");
    }

    #[test]
    fn what_cannot_be_undone_says_why() {
        let mut cut = gzip(TEXT.as_bytes());
        cut.truncate(20);
        assert!(reason(&of_bytes(cut, &coded("gzip"))).starts_with("the recording holds the body still compressed (gzip), and damaged: "));
        assert!(reason(&of_bytes(vec![0x1F, 0x9D, 0], &coded("compress"))).contains("(compress), which is not read"));
        assert!(reason(&of_bytes(vec![0xFF; 9], &coded("br"))).contains("damaged"));
        assert!(reason(&of_bytes(vec![b'x'], &coded("gzip, gzip, gzip, gzip, gzip"))).contains("5 content codings"));
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let bomb = gzip(&vec![b' '; MAX_DECODED + 1]);
        assert!(bomb.len() < 100_000);
        assert_eq!(reason(&of_bytes(bomb, &coded("gzip"))), "the body grows beyond 64 MiB when its content coding (gzip) is undone");
    }

    #[test]
    fn base64_is_borne_with() {
        for text in ["eyJhIjox\nfQ==", "eyJhIjoxfQ", "eyJhIjoxfQ==\r\n"] {
            assert_eq!(base64(text).as_deref(), Ok(br#"{"a":1}"#.as_slice()), "{text}");
        }
        assert_eq!(base64("_-8").as_deref(), Ok([0xFF, 0xEF].as_slice()));
        assert_eq!(base64("eyJhI"), Err("broken Base64: letters are missing or too many".to_owned()));
        assert_eq!(base64("ey<TOKEN>"), Err("broken Base64: `<` stands in it".to_owned()));
    }
}
