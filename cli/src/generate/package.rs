//! `generate --spec FILE --out DIR`: one document to one complete package.

use std::path::{Path, PathBuf};

use serde::Serialize;
use wireproof_generator::{Options, Runtime};

use super::report::{DiagnosticJson, SummaryJson, Tool, amount, print_diagnostics, print_json};
use super::{Arguments, Format};
use crate::document;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::{count, printable};
use crate::progress::Progress;
use crate::write;

/// The name of the package that generated code stands on.
const RUNTIME: &str = "wireproof-runtime";

#[derive(Serialize)]
struct Report<'r> {
    tool: Tool,
    package: &'r str,
    files: Vec<&'r str>,
    summary: SummaryJson,
    diagnostics: Vec<DiagnosticJson>,
}

pub(super) fn run(spec: &Path, out: &Path, arguments: &Arguments, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let shown_out = out.display().to_string();
    let folder = environment.resolve(out);
    let runtime = match &arguments.runtime {
        Some(path) => Runtime::Path(runtime_at(&environment.resolve(path)).ok_or_else(|| {
            Failure::new(format!("`{}` is not the folder of the package `{RUNTIME}`", path.display()))
                .with_help("name the folder `runtime` of a checkout of Wireproof")
        })?),
        None => default_runtime(),
    };
    let progress = Progress::of_steps(&environment.err, 3);
    progress.at(&format!("reading {}", spec.display()));
    let document = document::load(&environment.resolve(spec), &spec.display().to_string())?;
    progress.add(1);
    progress.at("making types and operations");
    // The bare name of the file: the same document gives the same bytes wherever it lies.
    let file_name = spec.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let options = Options { command: "wireproof generate --spec".to_owned(), spec: file_name, features: true };
    let output = wireproof_generator::generate(&document, &options);
    progress.add(1);
    progress.at(&format!("writing {shown_out}"));
    let name = arguments.name.clone().unwrap_or_else(|| default_name(&folder, spec));
    let files = wireproof_generator::package(&output, &name, &runtime);
    let plan = write::write_package(&folder, &shown_out, &files)?;
    drop(progress);

    print_diagnostics(&output.diagnostics, &mut environment.err);
    environment.err.line(format_args!(
        "{}: {}; {} in `{}`, {} changed",
        printable(&spec.display().to_string()),
        amount(output.summary.into()),
        count(files.len(), "file"),
        printable(&shown_out),
        plan.changes.len(),
    ));
    for foreign in &plan.foreign {
        environment.err.line(format_args!("note: `{shown_out}/{}` was not made by Wireproof and stays as it is", printable(foreign)));
    }
    if arguments.format == Format::Json {
        let report = Report {
            tool: Tool::THIS,
            package: &name,
            files: files.keys().map(String::as_str).collect(),
            summary: output.summary.into(),
            diagnostics: output.diagnostics.iter().map(DiagnosticJson::from).collect(),
        };
        print_json(&report, &mut environment.out)?;
    }
    Ok(Exit::Holds)
}

/// The name of the folder, or of the document where the folder has none.
fn default_name(folder: &Path, spec: &Path) -> String {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let name = folder.file_name().or_else(|| spec.file_stem());
    name.map_or_else(|| "client".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The runtime in the checkout that this program was built from, while it is there, so that a package builds at once; the version
/// from the registry otherwise.
fn default_runtime() -> Runtime {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    runtime_at(&beside).map_or_else(|| Runtime::Version(env!("CARGO_PKG_VERSION").to_owned()), Runtime::Path)
}

/// The full path of `folder`, if the package `wireproof-runtime` is there.
fn runtime_at(folder: &Path) -> Option<String> {
    let folder: PathBuf = folder.canonicalize().ok()?;
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let manifest: toml::Table = toml::from_str(&manifest).ok()?;
    let name = manifest.get("package")?.get("name")?.as_str()?;
    (name == RUNTIME).then(|| folder.to_str().map(str::to_owned)).flatten()
}
