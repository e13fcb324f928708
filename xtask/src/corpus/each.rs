//! Spreads work on many items over threads, and says how far it is.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use wireproof::{Failure, Stream};

/// How often a person who watches is told.
const OFTEN: Duration = Duration::from_millis(100);
/// How often a log is told.
const SELDOM: Duration = Duration::from_secs(60);

/// What `work` makes of each item, in the order of the items, by `jobs` threads; `work` knows the number of its thread. The first failure
/// ends all, once what was begun has come to its end.
pub(super) fn all<T: Sync, R: Send>(
    what: &str,
    items: &[T],
    jobs: usize,
    err: &mut Stream<'_>,
    work: impl Fn(&T, usize) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<R, Failure>)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        let (next, done, work) = (&next, &done, &work);
        let workers: Vec<_> = (0..jobs.clamp(1, items.len().max(1)))
            .map(|job| {
                scope.spawn(move || {
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(item) = items.get(index) else { return };
                        let result = work(item, job);
                        if result.is_err() {
                            next.store(items.len(), Ordering::Relaxed);
                        }
                        if let Ok(mut done) = done.lock() {
                            done.push((index, result));
                        }
                    }
                })
            })
            .collect();
        let begun = Instant::now();
        let mut told = Duration::ZERO;
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(Duration::from_millis(10));
            let elapsed = begun.elapsed();
            if elapsed < told + if err.terminal() { OFTEN } else { SELDOM } {
                continue;
            }
            told = elapsed;
            let number = done.lock().map_or(0, |done| done.len());
            if err.terminal() {
                // Standard error has nowhere to report its own errors to.
                let _ = write!(err, "\r{number} of {} {what} ", items.len()).and_then(|()| err.flush());
            } else {
                err.line(format_args!("{number} of {} {what} after {} s", items.len(), elapsed.as_secs()));
            }
        }
        if err.terminal() && told > Duration::ZERO {
            let _ = write!(err, "\r{:60}\r", "").and_then(|()| err.flush());
        }
    });
    let mut done = done.into_inner().map_err(|_| Failure::new("a worker of `corpus` ended early"))?;
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_a_failure_ends_all() {
        let items: Vec<usize> = (0..50).collect();
        let mut err = Stream::plain(std::io::sink());
        let doubled = all("done", &items, 4, &mut err, |item, _| Ok(item * 2)).expect("nothing fails");
        assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        let asked = AtomicUsize::new(0);
        let failing = all("done", &items, 1, &mut err, |item, _| {
            asked.fetch_add(1, Ordering::Relaxed);
            if *item == 3 { Err(Failure::new("three")) } else { Ok(()) }
        });
        assert_eq!(failing.expect_err("it fails").message, "three");
        assert_eq!(asked.into_inner(), 4);
    }
}
