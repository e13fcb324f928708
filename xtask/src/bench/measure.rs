//! Time and memory.

use std::fs;
use std::time::{Duration, Instant};

/// How many times at least a thing is done before its time counts.
const LEAST: u32 = 3;

/// How long one `work` takes: the shortest of as many as fit in `budget`. The shortest is what the machine can do; the others
/// were disturbed.
pub(super) fn time(budget: Duration, mut work: impl FnMut()) -> Duration {
    let begun = Instant::now();
    let mut best = Duration::MAX;
    let mut rounds = 0;
    while rounds < LEAST || begun.elapsed() < budget {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed());
        rounds += 1;
    }
    best
}

/// The most memory that this process has held so far, in bytes, where the system tells.
pub(super) fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_ascii_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}
