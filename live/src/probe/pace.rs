//! When the next request may go out: not before its turn, and not before the server has had the rest that it asks for (`Retry-After`,
//! `RateLimit-*`, `X-RateLimit-*`). Next: `mod.rs`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use wireproof_contract::Headers;

/// A number of seconds larger than this is a moment since 1970, not a time to wait.
const EPOCH: u64 = 1_000_000_000;

/// The time between requests.
pub(super) struct Pace {
    interval: Duration,
    not_before: Option<Instant>,
}

impl Pace {
    pub(super) fn new(interval: Duration) -> Self {
        Self { interval, not_before: None }
    }

    /// How long the next request has to wait.
    pub(super) fn wait(&self) -> Option<Duration> {
        self.not_before.map(|moment| moment.saturating_duration_since(Instant::now()))
    }

    /// Waits for the next turn and takes it.
    pub(super) async fn turn(&mut self) {
        if let Some(moment) = self.not_before {
            tokio::time::sleep_until(moment).await;
        }
        self.not_before = Instant::now().checked_add(self.interval);
    }

    /// Takes to heart what an answer says about further requests.
    pub(super) fn heed(&mut self, headers: &Headers, status: u16) {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let Some(rest) = rest(headers, status, since_epoch) else { return };
        let asked = Instant::now().checked_add(rest);
        self.not_before = self.not_before.max(asked);
    }
}

/// The rest that a server asks for.
fn rest(headers: &Headers, status: u16, now: u64) -> Option<Duration> {
    let seconds = |name: &str| headers.get(name)?.trim().split(['.', ',', ';']).next()?.trim().parse::<u64>().ok();
    let until = |seconds: u64| Duration::from_secs(if seconds >= EPOCH { seconds.saturating_sub(now) } else { seconds });
    if let Some(after) = headers.get("retry-after") {
        let moment = || httpdate::parse_http_date(after.trim()).ok()?.duration_since(UNIX_EPOCH).ok();
        return seconds("retry-after").map(until).or_else(|| Some(Duration::from_secs(moment()?.as_secs().saturating_sub(now))));
    }
    let spent = ["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining"].iter().any(|name| seconds(name) == Some(0));
    if spent {
        let reset = ["ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"].iter().find_map(|name| seconds(name));
        return Some(reset.map_or(Duration::from_secs(1), until));
    }
    (status == 429).then_some(Duration::from_secs(5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_get_the_rest_that_they_ask_for() {
        let now = 1_800_000_000;
        for (headers, status, expected) in [
            (&[][..], 200, None),
            (&[("Retry-After", "7")], 503, Some(7)),
            (&[("retry-after", "Fri, 15 Jan 2027 08:01:30 GMT")], 503, Some(90)),
            (&[("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")], 503, Some(0)),
            (&[("retry-after", "soon")], 503, None),
            (&[("X-RateLimit-Remaining", "3"), ("X-RateLimit-Reset", "9")], 200, None),
            (&[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "9")], 200, Some(9)),
            (&[("RateLimit-Remaining", "0"), ("RateLimit-Reset", "1800000030")], 200, Some(30)),
            (&[("X-RateLimit-Remaining", "0")], 200, Some(1)),
            (&[], 429, Some(5)),
        ] {
            let headers: Headers = headers.iter().copied().collect();
            assert_eq!(rest(&headers, status, now), expected.map(Duration::from_secs), "{headers:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn requests_keep_their_distance() {
        let mut pace = Pace::new(Duration::from_millis(200));
        let begun = Instant::now();
        for _ in 0..4 {
            pace.turn().await;
        }
        assert_eq!(begun.elapsed(), Duration::from_millis(600));
        pace.heed(&[("Retry-After", "3")].into_iter().collect(), 429);
        pace.turn().await;
        assert!(begun.elapsed() >= Duration::from_millis(3600), "{:?}", begun.elapsed());
    }
}
