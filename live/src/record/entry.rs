//! An exchange as an entry of HAR 1.2, which is also a line of NDJSON. Members that the format does not know begin with `_`.
//! Next: `text.rs`, by which JSON is written.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wireproof_contract::{Body, Date, Headers};

use super::taken::{Extra, Taken};
use super::text::Object;

impl Taken {
    /// The entry as JSON, on one line.
    pub fn entry(&self) -> String {
        let times = self.times;
        let bodies = [&self.exchange.request.body, &self.exchange.response.body];
        let length: usize = bodies.into_iter().filter_map(Body::bytes).map(bytes::Bytes::len).sum();
        let mut text = Vec::with_capacity(2 * (self.request.head_size + self.response.head_size) + length + length / 4 + 1024);
        let mut entry = Object::begin(&mut text);
        entry.text("startedDateTime", &date_time(self.began));
        entry.plain("time", milliseconds(times.send + times.wait + times.receive));
        self.write_request(entry.object("request"));
        self.write_response(entry.object("response"));
        entry.object("cache").end();
        let mut timings = entry.object("timings");
        timings.plain("send", milliseconds(times.send));
        timings.plain("wait", milliseconds(times.wait));
        timings.plain("receive", milliseconds(times.receive));
        timings.end();
        let notes: Vec<String> = self.notes().collect();
        if !notes.is_empty() {
            entry.text("comment", &notes.join("; "));
        }
        entry.end();
        // Nothing but text was written.
        String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    }

    fn write_request(&self, mut request: Object<'_>) {
        let exchange = &self.exchange;
        let headers = &exchange.request.headers;
        request.text("method", &exchange.method);
        request.text("url", &exchange.url);
        request.text("httpVersion", self.version);
        write_pairs(&mut request, "cookies", cookies(headers.all("cookie").flat_map(|line| line.split(';'))));
        write_pairs(&mut request, "headers", headers.iter());
        write_pairs(&mut request, "queryString", query(&exchange.url));
        request.plain("headersSize", self.request.head_size);
        request.plain("bodySize", self.request.size);
        if exchange.request.body.bytes().is_some() {
            let mut data = request.object("postData");
            write_content(&mut data, &exchange.request.body, headers, &self.request);
            data.end();
        }
        write_trailers(&mut request, &self.request);
        request.end();
    }

    fn write_response(&self, mut response: Object<'_>) {
        let exchange = &self.exchange;
        let headers = &exchange.response.headers;
        response.plain("status", exchange.status);
        response.text("statusText", &self.reason);
        response.text("httpVersion", self.answer_version);
        write_pairs(&mut response, "cookies", cookies(headers.all("set-cookie").filter_map(|line| line.split(';').next())));
        write_pairs(&mut response, "headers", headers.iter());
        let size = exchange.response.body.bytes().map_or(self.response.size, |body| body.len() as u64);
        let mut content = response.object("content");
        content.plain("size", size);
        if size > self.response.size {
            content.plain("compression", size - self.response.size);
        }
        write_content(&mut content, &exchange.response.body, headers, &self.response);
        content.end();
        response.text("redirectURL", headers.get("location").unwrap_or_default());
        response.plain("headersSize", self.response.head_size);
        response.plain("bodySize", self.response.size);
        write_trailers(&mut response, &self.response);
        if let Some(fault) = self.fault.as_deref().filter(|_| exchange.status == 0) {
            response.text("_error", fault);
        }
        response.end();
    }
}

fn write_trailers(message: &mut Object<'_>, extra: &Extra) {
    if extra.trailers.iter().next().is_some() {
        write_pairs(message, "_trailers", extra.trailers.iter());
    }
}

/// A body as text where it is one, in Base64 otherwise.
fn write_content(content: &mut Object<'_>, body: &Body, headers: &Headers, extra: &Extra) {
    content.text("mimeType", headers.get("content-type").unwrap_or_default());
    let Some(bytes) = body.bytes() else { return };
    if let Ok(text) = std::str::from_utf8(bytes) {
        content.text("text", text);
    } else {
        content.text("text", &STANDARD.encode(bytes));
        content.text("encoding", "base64");
    }
    if extra.cut.is_some() {
        content.plain("_truncated", true);
    }
}

fn write_pairs<'p>(object: &mut Object<'_>, name: &str, pairs: impl Iterator<Item = (&'p str, &'p str)>) {
    let mut list = object.list(name);
    for (name, value) in pairs {
        let mut pair = list.object();
        pair.text("name", name);
        pair.text("value", value);
        pair.end();
    }
    list.end();
}

fn cookies<'c>(cookies: impl Iterator<Item = &'c str>) -> impl Iterator<Item = (&'c str, &'c str)> {
    cookies.filter_map(|cookie| cookie.split_once('=')).map(|(name, value)| (name.trim(), value.trim()))
}

fn query(url: &str) -> impl Iterator<Item = (&str, &str)> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Milliseconds with what there is of them in microseconds.
fn milliseconds(duration: Duration) -> String {
    format!("{}.{:03}", duration.as_millis(), duration.subsec_micros() % 1_000)
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
