//! The generated types of the vendors, where this build has them (feature `types`).

use std::path::Path;

use wireproof_runtime::Api;

use crate::args::{Command, Global};
use crate::config::Config;
use crate::environment::Environment;
use crate::error::Failure;
use crate::verify;

/// The types of the vendor of that name in the repository at `root`.
///
/// A vendor of the same name in another repository has another document: the types that were linked into this program say
/// nothing about it.
pub(crate) fn of(vendor: &str, root: &Path) -> Option<&'static Api> {
    let built_from = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?.canonicalize().ok()?;
    if root.canonicalize().ok()? == built_from { linked(vendor) } else { None }
}

/// Whether `command` would profit from the generated types of the repository at `root`, and they are fit to be compiled: fresh, so that
/// they are what the documents make. `cargo xtask` asks before it builds a program that contains them. Where `validate` has to do without
/// types because they are stale, standard error says so; `verify` says it in its report.
///
/// # Errors
///
/// When the configuration or the generated package cannot be read, or a vendor is unknown.
pub fn types_wanted(command: &Command, global: &Global, environment: &mut Environment<'_>, root: &Path) -> Result<bool, Failure> {
    let vendors = match command {
        Command::Verify(arguments) => arguments.vendors(),
        Command::Validate(arguments) => match arguments.vendors() {
            Some(vendors) => vendors,
            None => return Ok(false),
        },
        Command::Probe(arguments) => match arguments.vendors() {
            Some(vendors) => vendors,
            None => return Ok(false),
        },
        Command::Record(arguments) => match arguments.vendors() {
            Some(vendors) => vendors,
            None => return Ok(false),
        },
        Command::Generate(_)
        | Command::Coverage(_)
        | Command::Mock(_)
        | Command::Diff(_)
        | Command::Lint(_)
        | Command::Init(_)
        | Command::New(_)
        | Command::Explain(_)
        | Command::Draft(_)
        | Command::Import(_)
        | Command::Overlay(_)
        | Command::Completions(_) => return Ok(false),
    };
    let config = Config::find(global.config.as_deref(), environment)?;
    let here = config.root.canonicalize().ok();
    if here.is_none() || here != root.canonicalize().ok() {
        return Ok(false);
    }
    let fresh = verify::is_fresh(&config, vendors)?;
    if !fresh && matches!(command, Command::Validate(_) | Command::Record(_)) {
        environment
            .err
            .line(format_args!("note: the generated code is stale, so types are not checked: run `{} generate`", config.command));
    }
    Ok(fresh)
}

#[cfg(feature = "types")]
fn linked(vendor: &str) -> Option<&'static Api> {
    wireproof_generated::apis().iter().find(|(name, _)| *name == vendor).map(|(_, api)| *api)
}

#[cfg(not(feature = "types"))]
fn linked(_vendor: &str) -> Option<&'static Api> {
    None
}
