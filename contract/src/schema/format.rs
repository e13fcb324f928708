//! Formats that OpenAPI knows and JSON Schema does not. A format that neither knows says nothing about a value.
//! `int32` and its kin are bounds by the time a document is read (see `wireproof-openapi`); `float`, `double`, `password` and
//! `binary` exclude no value that JSON can hold.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jsonschema::ValidationOptions;
use jsonschema::json::Json;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

pub(super) fn add<R, F: Json>(options: ValidationOptions<'_, R, F>) -> ValidationOptions<'_, R, F> {
    options.with_format("byte", is_base64).with_format("base64url", is_base64)
}

/// Either alphabet, with or without padding, with line breaks: what decoders in use accept.
fn is_base64(text: &str) -> bool {
    let compact: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    STANDARD.decode(&compact).is_ok() || URL_SAFE.decode(&compact).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_in_use_is_accepted() {
        for (text, expected) in [("aGk=", true), ("aGk", true), ("-_-_", true), ("aG\nk=", true), ("", true), ("a", false), ("a*b=", false)]
        {
            assert_eq!(is_base64(text), expected, "{text}");
        }
    }
}
