//! A command of curl, as far as tests use it, as the request that it sends.

use wireproof_contract::{Body, Headers, Message};

/// A request.
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) message: Message,
}

/// Reads a command; `None` where it is none of curl, or without a URL.
pub(super) fn request(command: &str) -> Option<Request> {
    let words = words(command);
    let mut words = words.into_iter().peekable();
    if words.next()? != "curl" {
        return None;
    }
    let (mut method, mut url, mut headers) = (None, None, Headers::new());
    let mut data: Vec<String> = Vec::new();
    let mut parts: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        let (option, mut attached) = match word.strip_prefix('-') {
            None => {
                url.get_or_insert(word);
                continue;
            }
            Some(long) if long.starts_with('-') => (word.clone(), None),
            Some(short) => {
                let with_value = short.find(['X', 'H', 'd', 'F', 'u', 'b']);
                if short.get(..with_value.unwrap_or(short.len())).is_some_and(|flags| flags.contains('I')) {
                    method.get_or_insert("HEAD".to_owned());
                }
                let Some((flag, rest)) = with_value.and_then(|at| short.get(at..)?.split_at_checked(1)) else { continue };
                (format!("-{flag}"), Some(rest.to_owned()).filter(|rest| !rest.is_empty()))
            }
        };
        let mut value = || attached.take().or_else(|| words.next()).unwrap_or_default();
        match option.as_str() {
            "-X" | "--request" => method = Some(value()),
            "-H" | "--header" => {
                if let Some((name, text)) = value().split_once(':') {
                    headers.push(name.trim(), text.trim());
                }
            }
            "-b" | "--cookie" => headers.push("Cookie", value()),
            "-d" | "--data" | "--data-raw" | "--data-binary" => data.push(value()),
            "--data-urlencode" => {
                let text = value();
                let (name, text) = text.split_once('=').unwrap_or(("", &text));
                data.push(format!("{name}={}", escaped(text)));
            }
            "-F" | "--form" => parts.push(value()),
            "-u" | "--user" => {
                value();
                headers.push("Authorization", "Basic dGVzdDp0ZXN0");
            }
            _ => {}
        }
    }
    let body = if parts.is_empty() {
        if !data.is_empty() && headers.get("content-type").is_none() {
            headers.push("Content-Type", "application/x-www-form-urlencoded");
        }
        data.join("&")
    } else {
        let other: Headers = headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type")).collect();
        headers = other;
        headers.push("Content-Type", "multipart/form-data; boundary=curl");
        parts.iter().map(|part| multipart(part)).collect::<String>() + "--curl--\r\n"
    };
    let method = method.unwrap_or_else(|| if body.is_empty() { "GET".to_owned() } else { "POST".to_owned() });
    Some(Request { method, url: url?, message: Message { headers, body: Body::from_bytes(body) } })
}

fn multipart(part: &str) -> String {
    let (name, text) = part.split_once('=').unwrap_or((part, ""));
    format!("--curl\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
}

fn escaped(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The words of a shell's command line: quotes and backslashes undone.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => match letters.next() {
                // A line that goes on in the next.
                Some('\n') | None => {}
                Some(next) => {
                    if quote.is_some() && !matches!(next, '"' | '\\' | '$' | '`') {
                        word.get_or_insert_default().push('\\');
                    }
                    word.get_or_insert_default().push(next);
                }
            },
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_become_requests() {
        for (command, method, url, body) in [
            ("curl -i http://h/a?b=1", "GET", "http://h/a?b=1", ""),
            ("curl -sIXGET -H \"x-age: old\" http://h/pet", "GET", "http://h/pet", ""),
            ("curl -sI http://h/pet", "HEAD", "http://h/pet", ""),
            ("curl -X POST http://h/p -H 'A: b' --data '{\"a\": \"b c\"}'", "POST", "http://h/p", "{\"a\": \"b c\"}"),
            ("curl http://h/p\\?a\\=b --data-urlencode \"id=a=\"", "POST", "http://h/p?a=b", "id=a%3D"),
        ] {
            let request = request(command).expect(command);
            assert_eq!((request.method.as_str(), request.url.as_str()), (method, url), "{command}");
            assert_eq!(request.message.body, Body::from_bytes(body.to_owned()), "{command}");
        }
        assert!(request("wget http://h/").is_none());
        let form = request("curl -F a=1 http://h/ -H 'Content-Type: multipart/form-data'").expect("a request");
        assert_eq!(form.message.headers.get("content-type"), Some("multipart/form-data; boundary=curl"));
    }
}
