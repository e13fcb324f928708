//! `kill-test`: ends `record` and `generate` by force, at random moments, and looks whether every file is whole. A file that is not would
//! show only now and then, so this is done often.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use wireproof::{Environment, Exit, Failure};

use crate::bench::{self, Program};
use crate::{cargo, root, target_folder};

/// The vendor that is generated for.
const CONFIGURATION: &str = "[vendors.library]\n";

/// The arguments of `kill-test`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How often each command is killed
    #[arg(long, value_name = "N", default_value_t = 200)]
    rounds: u64,
    /// The longest time that `record` is left to run under load; `generate` is left as long as it takes, or less
    #[arg(long, value_name = "MS", default_value_t = 800, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    within: u64,
}

pub(crate) fn run(arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let program = build()?;
    let folder = target_folder().join("kill-test");
    let failed = |error: std::io::Error| Failure::io("write", folder.display(), &error);
    match std::fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => std::fs::create_dir_all(&folder).map_err(failed)?,
    }
    let moments = Moments { random: RandomState::new(), within: arguments.within };
    let recorded = recording(&program, &folder, arguments, &moments)?;
    if recorded == 0 {
        return Err(Failure::new("nothing was recorded before the first kill: give it longer with `--within`"));
    }
    environment
        .out
        .line(format_args!("record: killed {} times; every recording is whole, with {recorded} exchanges in them", arguments.rounds));
    let (old, new) = generating(&program, &folder, arguments, &moments)?;
    environment.out.line(format_args!(
        "generate: killed {} times; every file is whole, {old} times all as before, {new} times all as after",
        arguments.rounds
    ));
    Ok(Exit::Holds)
}

/// Random moments, which the name of a round decides upon.
struct Moments {
    random: RandomState,
    within: u64,
}

impl Moments {
    fn of(&self, round: u64) -> Duration {
        Duration::from_micros(self.random.hash_one(round) % (self.within * 1_000))
    }

    /// A random share in thousandths.
    fn share(&self, round: u64) -> u32 {
        u32::try_from(self.random.hash_one(round) % 1_000).unwrap_or_default()
    }
}

/// Kills `record` under load; how many exchanges there are in all recordings.
fn recording(program: &Path, folder: &Path, arguments: &Arguments, moments: &Moments) -> Result<usize, Failure> {
    let document = folder.join("library.yaml");
    std::fs::write(&document, bench::DOCUMENT).map_err(|error| Failure::io("write", document.display(), &error))?;
    let server = bench::quick_server(&bench::body(1, false), Duration::ZERO)?;
    let mut all = 0;
    for round in 0..arguments.rounds {
        let into = folder.join(if round % 4 == 3 { "session.ndjson" } else { "session.har" });
        // Now and then a new one: what is there is added to otherwise.
        if round % 16 == 0 {
            all += exchanges(&into)?;
            let _ = std::fs::remove_file(&into);
        }
        let record = Program::record(program, &document, server, &into)?;
        let (address, moment) = (record.address, moments.of(round));
        // The first exchange takes longest; what comes after it is what may be cut through.
        bench::load(address, 1, Duration::from_millis(1), bench::TARGET).map_err(|error| Failure::new(format!("no answer: {error}")))?;
        std::thread::scope(|scope| {
            // It ends with an error, when nobody answers any more.
            scope.spawn(move || drop(bench::load(address, 4, Duration::from_secs(60), bench::TARGET)));
            std::thread::sleep(moment);
            drop(record);
        });
        exchanges(&into)?;
    }
    Ok(all + exchanges(&folder.join("session.har"))? + exchanges(&folder.join("session.ndjson"))?)
}

/// How many exchanges a recording holds; a failure where it is not whole.
fn exchanges(recording: &Path) -> Result<usize, Failure> {
    let Ok(text) = std::fs::read_to_string(recording) else { return Ok(0) };
    let broken = |error: serde_json::Error| Failure::new(format!("`{}` is not whole: {error}", recording.display()));
    if recording.extension().is_some_and(|extension| extension == "har") {
        let har: serde_json::Value = serde_json::from_str(&text).map_err(broken)?;
        return Ok(har.pointer("/log/entries").and_then(serde_json::Value::as_array).map_or(0, Vec::len));
    }
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(Failure::new(format!("`{}` ends within a line", recording.display())));
    }
    text.lines().try_fold(0, |count, line| serde_json::from_str::<serde_json::Value>(line).map(|_| count + 1)).map_err(broken)
}

/// Kills `generate` between two states of a document; how often all files were as before, and how often as after.
fn generating(program: &Path, folder: &Path, arguments: &Arguments, moments: &Moments) -> Result<(u64, u64), Failure> {
    let repository = folder.join("repository");
    let spec = repository.join("specs/library/openapi.yaml");
    let write = |path: &Path, text: &str| {
        let folder = path.parent().unwrap_or(path);
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(path, text))
            .map_err(|error| Failure::io("write", path.display(), &error))
    };
    let generate = || {
        let mut command = Command::new(program);
        command.arg("generate").current_dir(&repository).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().map_err(|error| Failure::io("run", program.display(), &error))
    };
    write(&repository.join("wireproof.toml"), CONFIGURATION)?;
    let documents =
        [bench::DOCUMENT.to_owned(), bench::DOCUMENT.replace("title: Library", "title: Archive").replace("minLength: 1", "maxLength: 9")];
    let mut states = Vec::new();
    let mut time = Duration::ZERO;
    for document in &documents {
        write(&spec, document)?;
        let begun = Instant::now();
        let _ = generate()?.wait();
        time = begun.elapsed();
        states.push(files(&repository.join("generated"))?);
    }
    let (mut before, mut after) = (0, 0);
    for round in 0..arguments.rounds {
        let next = usize::try_from(round % 2).unwrap_or_default();
        write(&spec, documents.get(next).map_or("", String::as_str))?;
        let mut child = generate()?;
        // Anywhere between its beginning and a little after its end.
        std::thread::sleep(time * 5 / 4 * moments.share(round + arguments.rounds) / 1_000);
        // It may have come to its end.
        let _ = child.kill();
        let _ = child.wait();
        let now = files(&repository.join("generated"))?;
        for (path, text) in &now {
            if !states.iter().any(|state| state.get(path) == Some(text)) {
                return Err(Failure::new(format!("`{}` is not whole in round {round}", path.display())));
            }
        }
        before += u64::from(states.get(1 - next) == Some(&now));
        after += u64::from(states.get(next) == Some(&now));
    }
    Ok((before, after))
}

/// The files below a folder with their content, those on their way to their place left out.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Failure> {
    let failed = |error: std::io::Error| Failure::io("read", folder.display(), &error);
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, name) = (entry.path(), entry.file_name());
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.insert(path.clone(), std::fs::read(&path).map_err(failed)?);
        }
    }
    Ok(found)
}

/// Builds the program that is killed.
fn build() -> Result<PathBuf, Failure> {
    let status = cargo()
        .args(["build", "--quiet", "--package", "wireproof", "--no-default-features", "--features", "live", "--manifest-path"])
        .arg(root().join("Cargo.toml"))
        .status()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !status.success() {
        return Err(Failure::new("the program does not compile, see above"));
    }
    Ok(target_folder().join("debug").join("wireproof"))
}
