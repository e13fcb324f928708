//! A program made by `cargo xtask soundness`: instances as lines in, what the types make of them as lines out.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::value::RawValue;

/// How many seconds one instance may take.
const PATIENCE: u64 = 20;

/// Which second of the instance in hand it is, from 1; 0 while there is none.
static SECOND: AtomicU64 = AtomicU64::new(0);

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::spawn(|| {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let next = |second: u64| (second > 0).then_some(second + 1);
            if SECOND.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok_and(|second| second >= PATIENCE) {
                std::process::exit(3);
            }
        }
    });
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        SECOND.store(1, Ordering::Relaxed);
        let answer = answer(&line);
        if writeln!(out, "{answer}").and_then(|()| out.flush()).is_err() {
            return;
        }
        SECOND.store(0, Ordering::Relaxed);
    }
}

fn answer(line: &str) -> String {
    let quoted = |word: &str, text: &str| format!("{{\"{word}\": {}}}", serde_json::to_string(text).unwrap_or_default());
    let Ok(fields) = serde_json::from_str::<HashMap<String, Box<RawValue>>>(line) else { return quoted("refused", "no line of the protocol") };
    let number = |key: &str| fields.get(key).and_then(|raw| raw.get().parse::<usize>().ok()).unwrap_or(usize::MAX);
    let text = fields.get("instance").map_or("null", |raw| raw.get());
    match catch_unwind(|| round(number("document"), number("type"), text)) {
        Ok(Ok(encoded)) => format!("{{\"encoded\": {encoded}}}"),
        Ok(Err(message)) => quoted("refused", &message),
        Err(_) => quoted("panicked", "a panic"),
    }
}

/// Decodes as a response would be, and encodes again as a request would be.
fn through<T: wireproof_runtime::Decode>(text: &str) -> Result<String, String> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = T::decode(&mut deserializer).and_then(|value| deserializer.end().map(|()| value)).map_err(|error| error.to_string())?;
    serde_json::to_string(&value).map_err(|error| format!("cannot be encoded: {error}"))
}

