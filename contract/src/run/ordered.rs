//! Work spread over threads, its results taken in order. What waits is bounded, so that neither a fast reader nor a slow receiver
//! lets memory grow.
//!
//! The calling thread reads, receives, and works itself where it would have to wait: `jobs` counts it.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many tasks for each job may be waiting, being worked at, or done and not yet taken.
const TASKS: usize = 4;

/// How many bytes they may be together, however few they are.
const BYTES: usize = 64 << 20;

/// How deep the stack of a thread may grow: that of a main thread.
const STACK: usize = 8 << 20;

/// Takes tasks and how large they are; says when no more are wanted.
pub(super) type Push<'p, T> = &'p mut dyn FnMut(T, usize) -> ControlFlow<()>;

/// Gives every task that `produce` pushes to `work`, and its results to `consume`, in the order of the tasks.
pub(super) fn map<T: Send, R: Send, O>(
    jobs: NonZeroUsize,
    work: &(dyn Fn(T) -> R + Sync),
    consume: &mut dyn FnMut(R) -> ControlFlow<()>,
    produce: impl FnOnce(Push<'_, T>) -> O,
) -> O {
    if jobs.get() == 1 {
        return produce(&mut |task, _| consume(work(task)));
    }
    let shared = Shared {
        state: Mutex::new(State { queue: VecDeque::new(), closed: false, failed: false, done: VecDeque::new(), taken: 0 }),
        task: Condvar::new(),
        result: Condvar::new(),
    };
    thread::scope(|scope| {
        let shared = &shared;
        let closing = Closing(shared);
        let mut window = Window { shared, work, consume, sizes: VecDeque::new(), bytes: 0, pushed: 0, flow: ControlFlow::Continue(()) };
        let mut workers = 1;
        let produced = produce(&mut |task, size| {
            // A recording of few entries needs no thread.
            if workers < jobs.get() && window.pushed >= workers {
                workers += 1;
                // Where there is no thread to be had, the work is done by those that there are.
                let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || shared.work(work));
            }
            window.push(task, size, jobs.get() * TASKS)
        });
        window.take_all();
        drop(closing);
        produced
    })
}

/// What the threads share.
struct Shared<T, R> {
    state: Mutex<State<T, R>>,
    /// There is a task, or there will be no more.
    task: Condvar,
    /// There is a result.
    result: Condvar,
}

struct State<T, R> {
    /// Tasks and their numbers.
    queue: VecDeque<(usize, T)>,
    closed: bool,
    /// A worker panicked: its result will never come.
    failed: bool,
    /// The results from number `taken` on.
    done: VecDeque<Option<R>>,
    taken: usize,
}

impl<T, R> Shared<T, R> {
    fn lock(&self) -> MutexGuard<'_, State<T, R>> {
        // Nothing panics while it holds the lock, and every change is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a worker does until there are no more tasks.
    fn work(&self, work: &(dyn Fn(T) -> R + Sync)) {
        let _failing = Failing(self);
        loop {
            let mut state = self.lock();
            let (number, task) = loop {
                if state.closed {
                    return;
                }
                match state.queue.pop_front() {
                    Some(task) => break task,
                    None => state = self.task.wait(state).unwrap_or_else(PoisonError::into_inner),
                }
            };
            drop(state);
            let result = work(task);
            self.lock().put(number, result);
            self.result.notify_one();
        }
    }
}

impl<T, R> State<T, R> {
    fn put(&mut self, number: usize, result: R) {
        if let Some(place) = number.checked_sub(self.taken).and_then(|at| self.done.get_mut(at)) {
            *place = Some(result);
        }
    }
}

/// Sends the workers home, however the caller leaves.
struct Closing<'s, T, R>(&'s Shared<T, R>);

impl<T, R> Drop for Closing<'_, T, R> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.closed = true;
        state.queue.clear();
        self.0.task.notify_all();
    }
}

/// Tells the caller of a panic, which would wait for the result otherwise.
struct Failing<'s, T, R>(&'s Shared<T, R>);

impl<T, R> Drop for Failing<'_, T, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.lock().failed = true;
            self.0.result.notify_one();
        }
    }
}

/// The tasks between the caller's two hands.
struct Window<'s, 'c, T, R> {
    shared: &'s Shared<T, R>,
    work: &'s (dyn Fn(T) -> R + Sync),
    consume: &'c mut dyn FnMut(R) -> ControlFlow<()>,
    /// The sizes of the tasks whose results are not yet taken.
    sizes: VecDeque<usize>,
    bytes: usize,
    pushed: usize,
    flow: ControlFlow<()>,
}

impl<T, R> Window<'_, '_, T, R> {
    fn push(&mut self, task: T, size: usize, most: usize) -> ControlFlow<()> {
        self.flow?;
        let mut state = self.shared.lock();
        state.queue.push_back((self.pushed, task));
        state.done.push_back(None);
        drop(state);
        self.shared.task.notify_one();
        self.pushed += 1;
        self.sizes.push_back(size);
        self.bytes += size;
        while self.flow.is_continue() && (self.sizes.len() > most || self.bytes > BYTES) {
            self.take();
        }
        self.flow
    }

    fn take_all(&mut self) {
        while self.flow.is_continue() && !self.sizes.is_empty() {
            self.take();
        }
    }

    /// Takes the next result, working while it is not there.
    fn take(&mut self) {
        let mut state = self.shared.lock();
        loop {
            if let Some(Some(_)) = state.done.front() {
                let result = state.done.pop_front().flatten();
                state.taken += 1;
                drop(state);
                self.bytes -= self.sizes.pop_front().unwrap_or(0);
                self.flow = result.map_or(ControlFlow::Break(()), &mut *self.consume);
                return;
            }
            if state.failed {
                // The panic goes on where the threads are joined.
                self.flow = ControlFlow::Break(());
                return;
            }
            if let Some((number, task)) = state.queue.pop_front() {
                drop(state);
                let result = (self.work)(task);
                state = self.shared.lock();
                state.put(number, result);
            } else {
                state = self.shared.result.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn jobs(number: usize) -> NonZeroUsize {
        NonZeroUsize::new(number).expect("a number")
    }

    fn results(number: usize, tasks: usize, stop: usize) -> (Vec<usize>, usize) {
        let mut taken = Vec::new();
        let mut consume = |result| {
            taken.push(result);
            if taken.len() == stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        // Work of uneven length, so that results come out of order.
        let work = |task: usize| (0..task % 7 * 1_000).fold(task, |value, step| value ^ std::hint::black_box(step) ^ step);
        let pushed =
            map(jobs(number), &work, &mut consume, |push| (0..tasks).take_while(|task| push(*task, 1 << 10).is_continue()).count());
        (taken, pushed)
    }

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        for number in [1, 2, 3, 16] {
            let (taken, pushed) = results(number, 2_000, usize::MAX);
            assert_eq!(taken, (0..2_000).collect::<Vec<_>>(), "{number} jobs");
            assert_eq!(pushed, 2_000);
        }
    }

    #[test]
    fn the_receiver_can_stop() {
        for number in [1, 2, 5] {
            let (taken, pushed) = results(number, 100_000, 10);
            assert_eq!(taken, (0..10).collect::<Vec<_>>(), "{number} jobs");
            assert!(pushed < 10 + number * TASKS + 2, "{number} jobs: {pushed} tasks were still pushed");
        }
    }

    #[test]
    fn what_waits_is_bounded() {
        for (size, most) in [(1, 4 * TASKS), (BYTES / 3, 3)] {
            let (begun, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let work = |()| begun.fetch_add(1, Ordering::SeqCst);
            let mut consume = |_| {
                taken.fetch_add(1, Ordering::SeqCst);
                ControlFlow::Continue(())
            };
            map(jobs(4), &work, &mut consume, |push| {
                for pushed in 1..=500 {
                    let _ = push((), size);
                    let waiting = pushed - taken.load(Ordering::SeqCst);
                    assert!(waiting <= most, "{waiting} tasks of {size} bytes wait");
                }
            });
            assert_eq!(begun.load(Ordering::SeqCst), 500);
        }
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_of_a_worker_is_no_deadlock() {
        let caller = thread::current().id();
        let work = |task: usize| {
            assert!(thread::current().id() == caller || task < 50, "a worker fails");
            // So that workers get their share.
            thread::yield_now();
            if thread::current().id() == caller {
                thread::sleep(std::time::Duration::from_millis(1));
            }
        };
        map(jobs(3), &work, &mut |()| ControlFlow::Continue(()), |push| (0..1_000).all(|task| push(task, 1).is_continue()));
    }
}
