//! `bench record`: how much of a server's throughput is left through the recording proxy, beside a proxy that does nothing but pass on, and
//! how much memory a very long answer takes. `client.rs` asks, `programs.rs` answers and passes on.

mod client;
mod programs;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use wireproof::{Environment, Exit, Failure};

pub(crate) use self::client::load;
pub(crate) use self::programs::{Program, quick_server};
use super::input;
use super::peer::Peer;
use crate::{cargo, root, target_folder};

/// How many rounds there are: what else the machine does disturbs some of them.
const ROUNDS: usize = 5;

/// The arguments of `bench record`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} bench record --seconds 30 --megabytes 128
  {program} bench record --peer 'other=other-proxy --port {port} {spec} {upstream}'

A round asks the server bare, through each proxy, and through `wireproof record`, in turn; the medians of five rounds are told.")]
pub(super) struct Arguments {
    /// How many clients ask at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1024))]
    connections: u16,
    /// How long each figure is measured, in five rounds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// How long the very long answer is
    #[arg(long, value_name = "MB", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    megabytes: u64,
    /// How long the server of the second comparison takes for an answer
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    delay: u64,
    /// Another proxy beside ours: `{port}`, `{upstream}` and `{spec}` in its words become where it listens on 127.0.0.1, the URL of the
    /// server behind, and the document; no shell reads it
    #[arg(long = "peer", value_name = "NAME=COMMAND", value_parser = Peer::proxy)]
    peers: Vec<Peer>,
}

pub(super) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let program = build(environment)?;
    let folder = target_folder().join("bench-record");
    let failed = |error: std::io::Error| Failure::io("write", folder.display(), &error);
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let document = folder.join("library.yaml");
    std::fs::write(&document, input::DOCUMENT).map_err(failed)?;
    let body = input::body(1, false);
    let out = &mut environment.out;
    out.line(format_args!("{:<12}{:<22}{:>12}{:>8}", "server", "through", "per second", "ratio"));
    let quick = quick_server(&body, Duration::ZERO)?;
    compare("quick", quick, arguments, &program, &document, &folder, environment)?;
    // A server that has something to do: here the machine has time for a proxy, as where each of the three has a machine of its own.
    let working = quick_server(&body, Duration::from_millis(arguments.delay))?;
    let name = format!("{} ms", arguments.delay);
    compare(&name, working, arguments, &program, &document, &folder, environment)?;
    match Program::server(&body) {
        Ok(server) => compare("node", server.address, arguments, &program, &document, &folder, environment)?,
        Err(failure) => environment.err.line(format_args!("note: without a server in JavaScript: {failure}")),
    }
    memory(quick, arguments, &program, &document, &folder, environment)?;
    Ok(Exit::Holds)
}

/// The throughput of a server, bare and through each proxy, in turn.
fn compare(
    name: &str,
    server: SocketAddr,
    arguments: &Arguments,
    program: &Path,
    document: &Path,
    folder: &Path,
    environment: &mut Environment<'_>,
) -> Result<(), Failure> {
    let into = folder.join("recorded.ndjson");
    // What an earlier run left would be added to.
    let _ = std::fs::remove_file(&into);
    let record = Program::record(program, document, server, &into)?;
    let pass_through = Program::pass_through(server).ok();
    let peers = arguments.peers.iter().map(|peer| Ok((peer.name.as_str(), Program::peer(peer, server, document)?)));
    let peers: Vec<(&str, Program)> = peers.collect::<Result<_, Failure>>()?;
    let mut ways = vec![("nothing", server)];
    ways.extend(pass_through.as_ref().map(|proxy| ("node, pass-through", proxy.address)));
    ways.extend(peers.iter().map(|(name, proxy)| (*name, proxy.address)));
    ways.push(("wireproof record", record.address));
    let time = Duration::from_secs(arguments.seconds) / u32::try_from(ROUNDS).unwrap_or(1);
    let mut rounds: Vec<Vec<usize>> = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for ((way, address), counts) in ways.iter().zip(&mut rounds) {
            let count = load(*address, usize::from(arguments.connections), time, input::TARGET);
            let failed = |error| Failure::new(format!("a client of the {name} server through {way} failed: {error}"));
            counts.push(count.map_err(failed)?);
        }
    }
    let asked: usize = rounds.last().map_or(0, |counts| counts.iter().sum());
    let medians: Vec<f64> = rounds.iter_mut().map(|counts| median(counts) / time.as_secs_f64()).collect();
    let bare = medians.first().copied().unwrap_or(1.0);
    for ((way, _), rate) in ways.iter().zip(&medians) {
        environment.out.line(format_args!("{name:<12}{way:<22}{rate:>12.0}{:>8.2}", rate / bare));
    }
    let peak = record.peak_memory().map_or_else(|| "unknown".to_owned(), |peak| format!("{} MB", peak >> 20));
    record.interrupt();
    let text = std::fs::read(&into).map_err(|error| Failure::io("read", into.display(), &error))?;
    let lines = text.split(|byte| *byte == b'\n').count().saturating_sub(1);
    let whole = String::from_utf8_lossy(&text).lines().filter(|line| !line.contains("\"comment\":")).count();
    environment
        .out
        .line(format_args!("{name:<12}recorded {lines} of {asked} exchanges, {whole} with all there is to them; memory: {peak} at most"));
    let _ = std::fs::remove_file(&into);
    Ok(())
}

/// The memory of the proxy while a very long answer passes.
fn memory(
    server: SocketAddr,
    arguments: &Arguments,
    program: &Path,
    document: &Path,
    folder: &Path,
    environment: &mut Environment<'_>,
) -> Result<(), Failure> {
    let into = folder.join("large.har");
    let failed = |error: std::io::Error| Failure::new(format!("the long answer failed: {error}"));
    for megabytes in [arguments.megabytes / 8, arguments.megabytes] {
        // What one answer took must not count for the other.
        let _ = std::fs::remove_file(&into);
        let record = Program::record(program, document, server, &into)?;
        let length = megabytes << 20;
        let target = format!("/v1/large/{length}");
        let bare = client::take(server, &target, length).map_err(failed)?;
        let passed = client::take(record.address, &target, length).map_err(failed)?;
        wait_for_entry(&into);
        let rate = |time: Duration| Duration::from_secs(megabytes).as_secs_f64() / time.as_secs_f64().max(f64::EPSILON);
        let peak = record.peak_memory().map_or_else(|| "unknown on this system".to_owned(), |peak| format!("{} MB at most", peak >> 20));
        environment.out.line(format_args!(
            "an answer of {megabytes} MB: {:.0} MB/s bare, {:.0} MB/s recorded; memory: {peak}",
            rate(bare),
            rate(passed)
        ));
        record.interrupt();
    }
    let _ = std::fs::remove_file(&into);
    Ok(())
}

/// Waits until an exchange is written down, which takes memory as well.
fn wait_for_entry(recording: &Path) {
    const NONE: u64 = 1_000;
    let begun = std::time::Instant::now();
    while begun.elapsed() < Duration::from_secs(10) && std::fs::metadata(recording).is_ok_and(|metadata| metadata.len() < NONE) {
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Builds the program that is measured, with optimisation and without the generated types.
fn build(environment: &mut Environment<'_>) -> Result<PathBuf, Failure> {
    environment.err.line("building with optimisation, which takes a while the first time");
    let status = cargo()
        .args(["build", "--quiet", "--release", "--package", "wireproof", "--no-default-features", "--features", "live", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !status.success() {
        return Err(Failure::new("the program does not compile, see above"));
    }
    Ok(target_folder().join("release").join("wireproof"))
}

fn median(counts: &mut [usize]) -> f64 {
    counts.sort_unstable();
    counts.get(counts.len() / 2).map_or(0.0, |count| u32::try_from(*count).map_or(f64::MAX, f64::from))
}
