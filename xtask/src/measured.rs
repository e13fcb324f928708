//! Programs run with a time limit, and what they took: CPU time and memory. The system counts both for the children of a process as a
//! whole, so every program gets a process of its own that has no other child: this very program, called as `cargo xtask measured`.
//! Next: `bench/generate/` and `corpus/run.rs`, which use it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use serde::{Deserialize, Serialize};
use wireproof::{Exit, Failure};

/// How often a running program is looked at.
const PATIENCE: Duration = Duration::from_millis(5);

/// The arguments of `measured`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where the figures go
    #[arg(long, value_name = "FILE")]
    into: PathBuf,
    /// When the program is ended
    #[arg(long, value_name = "SECONDS")]
    limit: f64,
    /// The program and its arguments
    #[arg(required = true, last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// What a program took.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Measured {
    /// From start to end.
    pub(crate) seconds: f64,
    /// CPU time in seconds, of the program and of those that it started and waited for; none where the system does not tell.
    pub(crate) cpu: Option<f64>,
    /// The most memory in bytes that the program, or one that it started and waited for, has held.
    pub(crate) memory: Option<u64>,
    /// Whether it was ended for taking too long.
    pub(crate) timeout: bool,
    /// Its exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
}

/// Runs `command` to its end, or to the end of `limit`. What it prints goes to the files named, nowhere else.
///
/// # Errors
///
/// When it cannot be started.
pub(crate) fn run(command: &Command, limit: Duration, out: &Path, err: &Path) -> Result<Measured, Failure> {
    let executable = std::env::current_exe().map_err(|error| Failure::new(format!("cannot tell where this program is: {error}")))?;
    let create = |path: &Path| fs::File::create(path).map_err(|error| Failure::io("write", path.display(), &error));
    let figures = out.with_extension("measured.json");
    let mut wrapper = Command::new(&executable);
    wrapper.arg("measured").arg("--into").arg(&figures).arg(format!("--limit={}", limit.as_secs_f64())).arg("--");
    wrapper.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapper.env(name, value),
            None => wrapper.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        wrapper.current_dir(folder);
    }
    wrapper.stdin(Stdio::null()).stdout(create(out)?).stderr(create(err)?);
    own_group(&mut wrapper);
    let _ = fs::remove_file(&figures);
    let status = wrapper.status().map_err(|error| Failure::io("run", executable.display(), &error))?;
    let text = fs::read(&figures).ok().filter(|_| status.success());
    let measured = text.and_then(|text| serde_json::from_slice(&text).ok());
    // The figures were only on their way here.
    let _ = fs::remove_file(&figures);
    measured.ok_or_else(|| {
        let said = fs::read_to_string(err).unwrap_or_default();
        let said = said.trim().trim_start_matches("error: ");
        let program = command.get_program().to_string_lossy();
        if said.is_empty() { Failure::new(format!("cannot run `{program}`")) } else { Failure::new(said) }
    })
}

/// The other side: runs the program as the only child of this process.
pub(crate) fn measure(arguments: &Arguments) -> Result<Exit, Failure> {
    let (program, rest) = arguments.command.split_first().ok_or_else(|| Failure::new("no program is named"))?;
    let limit = Duration::try_from_secs_f64(arguments.limit).map_err(|error| Failure::new(format!("`--limit`: {error}")))?;
    let mut command = Command::new(program);
    command.args(rest);
    own_group(&mut command);
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| Failure::io("run", program.to_string_lossy(), &error))?;
    let parent = parent();
    let mut timeout = false;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            // Who asked is gone, interrupted perhaps: nobody waits for this any more.
            Ok(None) if self::parent() != parent => {
                end(&mut child);
                return Ok(Exit::Unusable);
            }
            Ok(None) if start.elapsed() > limit => {
                timeout = true;
                end(&mut child);
            }
            Ok(None) => thread::sleep(PATIENCE),
            Err(error) => return Err(Failure::io("wait for", program.to_string_lossy(), &error)),
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    let (cpu, memory) = usage_of_children().unzip();
    let measured = Measured { seconds, cpu, memory, timeout, code: status.code() };
    let text = serde_json::to_vec(&measured).map_err(|error| Failure::new(format!("cannot write the figures: {error}")))?;
    fs::write(&arguments.into, text).map_err(|error: io::Error| Failure::io("write", arguments.into.display(), &error))?;
    Ok(Exit::Holds)
}

/// A group of its own for a program and those that it starts, so that all of them can be ended together.
#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

/// Ends a program with those that it started; it may have ended in between, and either way it is gone afterwards.
#[cfg(unix)]
fn end(child: &mut Child) {
    if let Ok(group) = i32::try_from(child.id()) {
        let _ = nix::sys::signal::killpg(nix::unistd::Pid::from_raw(group), nix::sys::signal::Signal::SIGKILL);
    }
    let _ = child.wait();
}

/// CPU seconds and peak memory in bytes of all children so far.
#[cfg(unix)]
fn usage_of_children() -> Option<(f64, u64)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    /// The unit in which systems count memory.
    const UNIT: u64 = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok()?;
    let microseconds = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let cpu = Duration::from_micros(u64::try_from(microseconds).ok()?).as_secs_f64();
    Some((cpu, u64::try_from(usage.max_rss()).ok()?.saturating_mul(UNIT)))
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

#[cfg(not(unix))]
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(not(unix))]
fn usage_of_children() -> Option<(f64, u64)> {
    None
}
