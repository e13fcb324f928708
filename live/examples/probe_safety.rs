//! Probes a counting server with every document below a folder, and prints what reached operations that change data: how many of the
//! requests the server could have honoured, which must be none. `cargo xtask probe-safety DIR` runs it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints a table")]

#[path = "../tests/counting/mod.rs"]
mod counting;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use wireproof_openapi::{Document, Source};

/// Documents with more operations are passed over.
const MAX_OPERATIONS: usize = 50;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("error: name a folder of documents");
        return ExitCode::from(2);
    };
    let mut files = Vec::new();
    find(Path::new(&folder), &mut files);
    files.sort();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(all(&files)),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn all(files: &[PathBuf]) -> ExitCode {
    println!("{:>5} {:>9} {:>9} {:>8} {:>8} {:>8} {:>11}", "ops", "changing", "asked", "sent", "to them", "honoured", "unprotected");
    let (mut documents, mut bad, mut failed) = (0, 0, 0);
    let mut sums = [0; 7];
    for file in files {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Ok(document) = Document::parse(Source::new(name.clone(), text)) else { continue };
        if document.operations().is_empty() || document.operations().len() > MAX_OPERATIONS {
            continue;
        }
        documents += 1;
        let document = Arc::new(document);
        for with_credentials in [false, true] {
            let count = match counting::count(&document, with_credentials).await {
                Ok(count) => count,
                Err(why) => {
                    failed += 1;
                    println!("{name}: {why}");
                    continue;
                }
            };
            let row = [
                count.operations,
                count.changing,
                count.changing_asked,
                count.requests,
                count.to_changing,
                count.honoured.len(),
                count.unprotected.len(),
            ];
            let what = if with_credentials { "with credentials" } else { "without" };
            print(row, &format!("{name}, {what}"));
            sums.iter_mut().zip(row).for_each(|(sum, number)| *sum += number);
            bad += usize::from(!count.honoured.is_empty() || !count.unprotected.is_empty() || !count.unknown.is_empty());
            for (kind, requests) in [("honoured", &count.honoured), ("unprotected", &count.unprotected), ("unknown", &count.unknown)] {
                requests.iter().take(3).for_each(|request| println!("      {kind}: {request}"));
            }
        }
    }
    print(sums, &format!("all of {documents} documents, each with and without credentials; {bad} bad, {failed} not probed"));
    if documents == 0 {
        return ExitCode::from(2);
    }
    ExitCode::from(u8::from(bad > 0 || failed > 0))
}

fn print(row: [usize; 7], name: &str) {
    let [operations, changing, asked, sent, to_changing, honoured, unprotected] = row;
    println!("{operations:>5} {changing:>9} {asked:>9} {sent:>8} {to_changing:>8} {honoured:>8} {unprotected:>11}  {name}");
}

/// The documents below a folder.
fn find(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            find(&path, files);
        } else if path.extension().is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known)) {
            files.push(path);
        }
    }
}
