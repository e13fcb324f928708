//! Texts of each `format`: some that have it, and one that has not. What an unknown format means, only the vendor knows.

/// Texts that have a format, ordinary ones first; `None` where it is not known.
pub(super) fn samples(format: &str) -> Option<&'static [&'static str]> {
    Some(match format {
        "date-time" => &["2024-02-29T23:59:59Z", "1985-04-12T23:20:50.520000001+02:00", "0001-01-01T00:00:00-12:30"],
        "date" => &["2024-02-29", "1970-01-01"],
        "time" => &["23:20:50Z", "08:30:06.283185+01:00"],
        "duration" => &["P3Y6M4DT12H30M5S", "PT0S", "P2W"],
        "email" | "idn-email" => &["jane.doe@example.com", "a+b@example.org"],
        "hostname" | "idn-hostname" => &["api.example.com", "localhost"],
        "ipv4" => &["192.0.2.1", "0.0.0.0"],
        "ipv6" => &["2001:db8::1", "::"],
        "uri" | "iri" | "url" => &["https://example.com/a?b=c#d", "urn:isbn:0451450523"],
        "uri-reference" | "iri-reference" => &["/a/b?c", "https://example.com/"],
        "uri-template" => &["/contacts/{id}{?fields}", "/contacts"],
        "uuid" => &["2eb8aa08-aa98-11ea-b4aa-73b441d16380", "00000000-0000-0000-0000-000000000000"],
        "json-pointer" => &["/a/0/b~1c", ""],
        "relative-json-pointer" => &["0", "1/a"],
        "regex" => &["^[a-z]+$", ""],
        "byte" | "base64" => &["d2lyZXByb29m", "", "aGk="],
        "base64url" => &["d2lyZS1wcm9vZg", ""],
        // Text as far as JSON is concerned; common ones are given an ordinary form.
        "binary" => &["\u{0}\u{1}binary"],
        "password" => &["correct horse battery staple"],
        "phone" | "phone-number" | "telephone" | "e164" => &["+442071838750"],
        "decimal" | "number" | "money" => &["12.50"],
        "int64" | "int32" | "integer" | "uint64" => &["42"],
        "currency" | "iso-4217" => &["EUR"],
        "country" | "iso-3166" => &["DE"],
        _ => return None,
    })
}

/// A text that surely lacks a format that validators know.
pub(super) fn broken(format: &str) -> &'static str {
    match format {
        "json-pointer" | "regex" => "(~2",
        "uri-template" => "{",
        "hostname" | "idn-hostname" => "-not a host-",
        _ => "no such \u{1}%*",
    }
}
