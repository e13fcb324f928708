//! `generate [VENDOR]...` and `generate --check`: the one package that holds the types of all vendors, and whether it is fresh.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use wireproof_generator::{FileSet, Options, Output};
use wireproof_openapi::Document;

use super::kept::{Inputs, Kept};
use super::report::{DiagnosticJson, Said, SummaryJson, Tool, amount, print_json, print_said};
use super::{Arguments, Format};
use crate::args::Global;
use crate::config::{Config, Vendor};
use crate::document;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::{count, printable, style};
use crate::progress::Progress;
use crate::write::{Plan, is_generated};

/// What the generator makes of each vendor's document, by vendor name.
pub type Outputs = BTreeMap<String, Output>;

#[derive(Serialize)]
struct Report<'r> {
    tool: Tool,
    files: Files<'r>,
    vendors: Vec<VendorReport<'r>>,
}

#[derive(Serialize)]
struct Files<'r> {
    changed: Vec<&'r str>,
    deleted: Vec<&'r str>,
    foreign: &'r [String],
    unchanged: usize,
}

#[derive(Serialize)]
struct VendorReport<'r> {
    vendor: &'r str,
    spec: &'r str,
    summary: SummaryJson,
    diagnostics: Vec<&'r DiagnosticJson>,
}

/// What there is to tell of a vendor.
struct Told {
    summary: SummaryJson,
    said: Vec<Said>,
    /// How many files were left alone because nothing that they depend on changed.
    kept: usize,
}

pub(super) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let config = Config::find(global.config.as_deref(), environment)?;
    let selected = config.select(&arguments.vendors)?;
    let modules = modules(&config);
    let mut kept = Kept::open(&config);
    let (mut outputs, mut told, mut inputs) = (Outputs::new(), BTreeMap::new(), BTreeMap::new());
    let progress = Progress::of_steps(&environment.err, config.vendors.len());
    // All vendors, also those that are not written: the package's own files list them all.
    for vendor in &config.vendors {
        progress.at(&vendor.name);
        // A check rests on the bytes alone.
        let module = module_of(&modules, &vendor.name).filter(|_| !arguments.check);
        if let Some(made) = module.and_then(|module| kept.fresh(&config, vendor, module)) {
            // What the package's own files need to know of it.
            outputs.insert(vendor.name.clone(), Output { recursion_limit: made.recursion_limit, ..Output::default() });
            told.insert(vendor.name.as_str(), Told { summary: made.summary, said: made.said.clone(), kept: made.files() });
        } else {
            let document = document::load_vendor(&config.root, vendor)?;
            let output = output_of(&config, vendor, &document);
            let said = output.diagnostics.iter().map(Said::from).collect();
            told.insert(vendor.name.as_str(), Told { summary: output.summary.into(), said, kept: 0 });
            outputs.insert(vendor.name.clone(), output);
            inputs.insert(vendor.name.as_str(), Inputs::of(&document));
        }
        progress.add(1);
    }
    drop(progress);
    let made: Vec<&Vendor> = selected.iter().copied().filter(|vendor| inputs.contains_key(vendor.name.as_str())).collect();
    let mut freshness = freshness(&config, &outputs, &made)?;
    freshness.plan.unchanged += selected.iter().filter_map(|vendor| told.get(vendor.name.as_str())).map(|told| told.kept).sum::<usize>();
    let exit = if arguments.check {
        show_staleness(&config, &freshness, environment)
    } else {
        check_folder(&config)?;
        freshness.plan.apply()?;
        for vendor in made {
            if let (Some(module), Some(inputs), Some(output)) =
                (freshness.module_of(&vendor.name), inputs.remove(vendor.name.as_str()), outputs.get(&vendor.name))
            {
                kept.take(&config, vendor, module, inputs, output);
            }
        }
        kept.save()?;
        show_written(&config, &freshness, &told, &selected, environment);
        Exit::Holds
    };
    if arguments.format == Format::Json {
        print_json(&report(&freshness, &told, &selected), &mut environment.out)?;
    }
    Ok(exit)
}

/// What the generator makes of a vendor's document.
pub fn output_of(config: &Config, vendor: &Vendor, document: &Document) -> Output {
    let options = Options { command: format!("{} generate {}", config.command, vendor.name), spec: vendor.spec.clone(), features: false };
    wireproof_generator::generate(document, &options)
}

/// Generated code on disk beside what it should be.
#[derive(Debug)]
pub struct Freshness {
    /// What would have to change.
    pub plan: Plan,
    /// Where the files of a vendor lie: the beginning of their paths, and the vendor's name.
    modules: Vec<(String, String)>,
}

/// Compares the generated package with `outputs`: the modules of the `selected` vendors and the package's own files.
///
/// # Errors
///
/// When the package cannot be read.
pub fn freshness(config: &Config, outputs: &Outputs, selected: &[&Vendor]) -> Result<Freshness, Failure> {
    let folder = config.resolve(&config.generated.folder);
    let modules = modules(config);
    let is_selected = |name: &str| selected.iter().any(|vendor| vendor.name == name);
    // The package lists the vendors whose modules are there or about to be.
    let is_there = |name: &str| modules.iter().any(|(prefix, vendor)| vendor == name && folder.join(prefix).is_dir());
    let listed = config.vendors.iter().filter(|vendor| is_selected(&vendor.name) || is_there(&vendor.name));
    let (known, unknown): (Vec<_>, Vec<_>) = listed.partition(|vendor| outputs.contains_key(&vendor.name));
    let known: Cow<'_, Outputs> = if known.len() == outputs.len() {
        Cow::Borrowed(outputs)
    } else {
        let of = |vendor: &&Vendor| outputs.get(&vendor.name).map(|output| (vendor.name.clone(), output.clone()));
        Cow::Owned(known.iter().filter_map(of).collect())
    };
    let mut files: FileSet = wireproof_generator::workspace_package(&known, &config.generated.package, &config.generated.runtime);
    let mut freshness = Freshness { plan: Plan::default(), modules };
    let in_question = |path: &str| match freshness.vendor_of(path) {
        Some(vendor) => is_selected(vendor) && outputs.contains_key(vendor),
        // With a vendor whose document cannot be read, nobody knows what the package's own files should be.
        None => unknown.is_empty(),
    };
    files.retain(|path, _| in_question(path));
    let plan = Plan::new(&folder, &files, |path| !in_question(path))?;
    freshness.plan = plan;
    Ok(freshness)
}

/// Where the generator puts the files of each vendor. It is asked rather than guessed at: names of modules are its business.
fn modules(config: &Config) -> Vec<(String, String)> {
    let sample = |vendor: &Vendor| {
        let files = FileSet::from([("mod.rs".to_owned(), vendor.name.clone())]);
        (vendor.name.clone(), Output { files, ..Output::default() })
    };
    let samples: Outputs = config.vendors.iter().map(sample).collect();
    let files = wireproof_generator::workspace_package(&samples, &config.generated.package, &config.generated.runtime);
    let module = |(path, vendor): (String, String)| path.strip_suffix("mod.rs").map(|prefix| (prefix.to_owned(), vendor));
    files.into_iter().filter(|(_, text)| samples.contains_key(text)).filter_map(module).collect()
}

/// The folder of a vendor's module.
fn module_of<'m>(modules: &'m [(String, String)], vendor: &str) -> Option<&'m str> {
    modules.iter().find(|(_, name)| name == vendor).map(|(prefix, _)| prefix.trim_end_matches('/'))
}

impl Freshness {
    /// The folder of a vendor's module within the package.
    pub fn module_of(&self, vendor: &str) -> Option<&str> {
        module_of(&self.modules, vendor)
    }

    /// Whether nothing has to change.
    pub fn is_fresh(&self) -> bool {
        self.plan.changes.is_empty() && self.plan.foreign.is_empty()
    }

    /// The vendor that the file at `path` belongs to; `None` for the package's own files.
    pub fn vendor_of(&self, path: &str) -> Option<&str> {
        self.modules.iter().find(|(prefix, _)| path.starts_with(prefix.as_str())).map(|(_, vendor)| vendor.as_str())
    }

    /// What is wrong, a sentence for each file of `vendor`, `None` being the package's own.
    pub fn problems(&self, config: &Config, vendor: Option<&str>) -> Vec<String> {
        let folder = &config.generated.folder;
        let command = match vendor {
            Some(vendor) => format!("{} generate {vendor}", config.command),
            None => format!("{} generate", config.command),
        };
        let changes = self.plan.changes.iter().filter(|change| self.vendor_of(&change.path) == vendor);
        let foreign = self.plan.foreign.iter().filter(|path| self.vendor_of(path) == vendor);
        changes
            .map(|change| format!("`{folder}/{}` is {}: run `{command}`", change.path, change.state()))
            .chain(foreign.map(|path| format!("`{folder}/{}` was not made by Wireproof: move it out of `{folder}/src`", printable(path))))
            .collect()
    }

    /// The command that makes everything fresh.
    fn command(&self, config: &Config) -> String {
        let mut vendors: Vec<Option<&str>> = self.plan.changes.iter().map(|change| self.vendor_of(&change.path)).collect();
        vendors.dedup();
        match vendors.as_slice() {
            [Some(vendor)] => format!("{} generate {vendor}", config.command),
            _ => format!("{} generate", config.command),
        }
    }
}

/// A folder that holds another package is a slip in the configuration, not a place to write to.
fn check_folder(config: &Config) -> Result<(), Failure> {
    let shown = format!("{}/Cargo.toml", config.generated.folder);
    let Ok(manifest) = std::fs::read_to_string(config.resolve(&shown)) else { return Ok(()) };
    let table: Option<toml::Table> = toml::from_str(&manifest).ok();
    let name = table.as_ref().and_then(|table| table.get("package")?.get("name")?.as_str());
    if is_generated(&manifest) || name == Some(config.generated.package.as_str()) {
        return Ok(());
    }
    Err(Failure::new(format!("`{shown}` was not made by Wireproof, nor is its package called `{}`", config.generated.package))
        .with_help(format!("set `generated.folder` and `generated.package` in `{}` to where generated code belongs", config.file)))
}

fn show_staleness(config: &Config, freshness: &Freshness, environment: &mut Environment<'_>) -> Exit {
    let folder = &config.generated.folder;
    if freshness.is_fresh() {
        environment.err.line(format_args!("`{folder}` is fresh: {}", count(freshness.plan.unchanged, "file")));
        return Exit::Holds;
    }
    freshness.plan.diff(folder, &mut environment.out);
    let mut problems = freshness.problems(config, None);
    for vendor in &config.vendors {
        problems.extend(freshness.problems(config, Some(&vendor.name)));
    }
    for problem in problems {
        environment.err.line(problem);
    }
    if !freshness.plan.changes.is_empty() {
        let head = environment.err.paint(style::BAD, "generated code is stale").to_string();
        environment.err.line(format_args!("{head}: run `{}`", freshness.command(config)));
    }
    Exit::Broken
}

fn show_written(
    config: &Config,
    freshness: &Freshness,
    told: &BTreeMap<&str, Told>,
    selected: &[&Vendor],
    environment: &mut Environment<'_>,
) {
    for vendor in selected {
        let Some(told) = told.get(vendor.name.as_str()) else { continue };
        print_said(&told.said, &mut environment.err);
        let name = environment.err.paint(style::STRONG, &vendor.name).to_string();
        let changes = if told.kept > 0 { "up to date".to_owned() } else { changes(freshness, Some(&vendor.name)) };
        environment.err.line(format_args!("{name}: {}; {changes}", amount(told.summary)));
    }
    let name = environment.err.paint(style::STRONG, &config.generated.folder).to_string();
    environment.err.line(format_args!(
        "{name}: {}; {} unchanged in all",
        changes(freshness, None),
        count(freshness.plan.unchanged, "file")
    ));
    for path in &freshness.plan.foreign {
        let path = printable(path);
        environment.err.line(format_args!("note: `{}/{path}` was not made by Wireproof and stays as it is", config.generated.folder));
    }
}

/// `2 files written, 1 deleted` for a vendor's files or the package's own.
fn changes(freshness: &Freshness, vendor: Option<&str>) -> String {
    let changes = freshness.plan.changes.iter().filter(|change| freshness.vendor_of(&change.path) == vendor);
    let (written, deleted): (Vec<_>, Vec<_>) = changes.partition(|change| change.new.is_some());
    let deleted = if deleted.is_empty() { String::new() } else { format!(", {} deleted", deleted.len()) };
    format!("{} written{deleted}", count(written.len(), "file"))
}

fn report<'r>(freshness: &'r Freshness, told: &'r BTreeMap<&str, Told>, selected: &[&'r Vendor]) -> Report<'r> {
    let (changed, deleted): (Vec<_>, Vec<_>) = freshness.plan.changes.iter().partition(|change| change.new.is_some());
    let paths = |changes: Vec<&'r crate::write::Change>| changes.into_iter().map(|change| change.path.as_str()).collect();
    let vendors = selected.iter().filter_map(|vendor| {
        let told = told.get(vendor.name.as_str())?;
        let diagnostics = told.said.iter().map(Said::json).collect();
        Some(VendorReport { vendor: &vendor.name, spec: &vendor.spec, summary: told.summary, diagnostics })
    });
    let files =
        Files { changed: paths(changed), deleted: paths(deleted), foreign: &freshness.plan.foreign, unchanged: freshness.plan.unchanged };
    Report { tool: Tool::THIS, files, vendors: vendors.collect() }
}

/// Whether the generated package of the configuration at `file` is fresh; the problems otherwise. For tests and for `cargo xtask`,
/// which must know before it builds that package.
///
/// # Errors
///
/// When the configuration, a document or the package cannot be read.
pub fn check(file: &Path, environment: &Environment<'_>) -> Result<Vec<String>, Failure> {
    let config = Config::find(Some(file), environment)?;
    let mut outputs = Outputs::new();
    for vendor in &config.vendors {
        let document = document::load_vendor(&config.root, vendor)?;
        outputs.insert(vendor.name.clone(), output_of(&config, vendor, &document));
    }
    let freshness = freshness(&config, &outputs, &config.select(&[])?)?;
    let mut problems = freshness.problems(&config, None);
    for vendor in &config.vendors {
        problems.extend(freshness.problems(&config, Some(&vendor.name)));
    }
    Ok(problems)
}
