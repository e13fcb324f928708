//! An exchange as an entry of HAR 1.2, which is also a line of NDJSON. Members that the format does not know begin with `_`. Next: `serve.rs`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use wireproof_contract::{Body, Date, Headers};

use super::taken::{Extra, Taken};

impl Taken {
    /// The entry as JSON, on one line.
    pub fn entry(&self) -> String {
        let milliseconds = |duration: Duration| (duration.as_secs_f64() * 1_000_000.0).round() / 1_000.0;
        let times = self.times;
        let mut entry = json!({
            "startedDateTime": date_time(self.began),
            "time": milliseconds(times.send + times.wait + times.receive),
            "request": self.request_json(),
            "response": self.response_json(),
            "cache": {},
            "timings": {"send": milliseconds(times.send), "wait": milliseconds(times.wait), "receive": milliseconds(times.receive)},
        });
        let notes: Vec<String> = self.notes().collect();
        if let Some(entry) = entry.as_object_mut().filter(|_| !notes.is_empty()) {
            entry.insert("comment".to_owned(), notes.join("; ").into());
        }
        entry.to_string()
    }

    fn request_json(&self) -> Value {
        let exchange = &self.exchange;
        let headers = &exchange.request.headers;
        let mut request = json!({
            "method": exchange.method,
            "url": exchange.url,
            "httpVersion": self.version,
            "cookies": cookies(headers.all("cookie").flat_map(|line| line.split(';'))),
            "headers": pairs(headers.iter()),
            "queryString": query(&exchange.url),
            "headersSize": self.request.head_size,
            "bodySize": self.request.size,
        });
        let body = content(&exchange.request.body, headers, &self.request);
        if let Some(request) = request.as_object_mut() {
            if body.contains_key("text") {
                request.insert("postData".to_owned(), body.into());
            }
            add_trailers(request, &self.request);
        }
        request
    }

    fn response_json(&self) -> Value {
        let exchange = &self.exchange;
        let headers = &exchange.response.headers;
        let mut content = content(&exchange.response.body, headers, &self.response);
        let size = exchange.response.body.bytes().map_or(self.response.size, |body| body.len() as u64);
        content.insert("size".to_owned(), size.into());
        if size > self.response.size {
            content.insert("compression".to_owned(), (size - self.response.size).into());
        }
        let mut response = json!({
            "status": exchange.status,
            "statusText": self.reason,
            "httpVersion": self.answer_version,
            "cookies": cookies(headers.all("set-cookie").filter_map(|line| line.split(';').next())),
            "headers": pairs(headers.iter()),
            "content": content,
            "redirectURL": headers.get("location").unwrap_or_default(),
            "headersSize": self.response.head_size,
            "bodySize": self.response.size,
        });
        if let Some(response) = response.as_object_mut() {
            add_trailers(response, &self.response);
            if let Some(fault) = self.fault.as_deref().filter(|_| exchange.status == 0) {
                response.insert("_error".to_owned(), fault.into());
            }
        }
        response
    }
}

fn add_trailers(message: &mut Map<String, Value>, extra: &Extra) {
    if extra.trailers.iter().next().is_some() {
        message.insert("_trailers".to_owned(), pairs(extra.trailers.iter()));
    }
}

/// A body as text where it is one, in Base64 otherwise.
fn content(body: &Body, headers: &Headers, extra: &Extra) -> Map<String, Value> {
    let mut content = Map::new();
    content.insert("mimeType".to_owned(), headers.get("content-type").unwrap_or_default().into());
    if let Some(bytes) = body.bytes() {
        if let Ok(text) = std::str::from_utf8(bytes) {
            content.insert("text".to_owned(), text.into());
        } else {
            content.insert("text".to_owned(), STANDARD.encode(bytes).into());
            content.insert("encoding".to_owned(), "base64".into());
        }
    }
    if extra.cut.is_some() && content.contains_key("text") {
        content.insert("_truncated".to_owned(), true.into());
    }
    content
}

fn pairs<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Value {
    pairs.map(|(name, value)| json!({"name": name, "value": value})).collect()
}

fn cookies<'c>(cookies: impl Iterator<Item = &'c str>) -> Value {
    pairs(cookies.filter_map(|cookie| cookie.split_once('=')).map(|(name, value)| (name.trim(), value.trim())))
}

fn query(url: &str) -> Value {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    pairs(query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, ""))))
}

/// `2026-11-22T03:04:05.678Z`.
fn date_time(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, seconds) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let date = Date::of_days(days).map_or_else(|| "1970-01-01".to_owned(), |date| date.to_string());
    format!("{date}T{:02}:{:02}:{:02}.{:03}Z", seconds / 3_600, seconds / 60 % 60, seconds % 60, since.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_har_wants_them() {
        let time = UNIX_EPOCH + Duration::from_millis(1_795_316_645_007);
        assert_eq!(date_time(time), "2026-11-22T03:04:05.007Z");
    }
}
