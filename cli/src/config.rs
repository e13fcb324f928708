//! `wireproof.toml`: which vendors there are and where their parts lie. Every path in it is relative to the file.
//!
//! ```toml
//! command = "cargo xtask"                  # how people run Wireproof here; "wireproof" if left out
//!
//! [generated]
//! folder = "generated"                     # the package that holds the types of all vendors
//! package = "wireproof-generated"
//! runtime = "workspace"                    # or { path = "../runtime" }, or { version = "0.1" }
//!
//! [vendors.clemta]                         # all keys have defaults
//! spec = "specs/clemta/openapi.yaml"
//! pages = ["specs/clemta/delete-contact.md"]   # pages that embed the document; `verify` compares
//! recordings = "contract-tests/recordings/clemta"
//! drift = "specs/clemta/known-drift.toml"
//! overlay = "specs/clemta/overlay.yaml"        # our corrections to the document
//! servers = ["https://staging.clemta.com"]
//! ignore = ["nothing-required"]            # rules of `lint` that are accepted
//!
//! [vendors.clemta.redact]                  # what `record` replaces besides credentials, before anything reaches the disk
//! headers = ["X-Customer"]
//! fields = ["email", "/data/*/phone"]      # names, or places in JSON bodies in which `*` is any step
//! ```
//!
//! What `probe` needs besides is described in `config/live.rs`. Next: `document.rs`, which loads what `spec` names.

mod live;

use std::fs;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;
use wireproof_documents::lint;
use wireproof_generator::Runtime;

use crate::environment::Environment;
use crate::error::{Failure, did_you_mean};
pub use live::{CredentialSource, Limits, SecretSource};

/// The name of the file that is looked for.
pub(crate) const FILE_NAME: &str = "wireproof.toml";

/// What a vendor may be called.
pub(crate) const VENDOR_NAMES: &str =
    "use lower-case letters, digits and `-`, beginning with a letter: it becomes a folder, a module and a cargo feature";

/// What `wireproof.toml` says, defaults filled in.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the file: paths are relative to it.
    pub root: PathBuf,
    /// The file as shown to people.
    pub file: String,
    /// How people run Wireproof here, in messages and in the headers of generated files.
    pub command: String,
    /// The package of generated code.
    pub generated: Generated,
    /// The vendors, in the order of the file; never empty but for the command that adds the first.
    pub vendors: Vec<Vendor>,
}

/// Where generated code goes.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Its folder.
    pub folder: String,
    /// Its package name.
    pub package: String,
    /// How it depends on `wireproof-runtime`.
    pub runtime: Runtime,
}

/// One vendor.
#[derive(Clone, Debug)]
pub struct Vendor {
    /// Its name: the one on the command line, of the module and of the cargo feature.
    pub name: String,
    /// Its OpenAPI document.
    pub spec: String,
    /// The documentation pages that embed its document, where listed: each of them must. Otherwise the Markdown beside the document
    /// is searched for pages that do.
    pub pages: Option<Vec<String>>,
    /// The folder (or file) of its recordings.
    pub recordings: Place,
    /// Its list of known drift.
    pub drift: Place,
    /// The OpenAPI Overlay that is applied to its document wherever that is read.
    pub overlay: Place,
    /// Servers beyond those that the document names.
    pub servers: Vec<String>,
    /// Rules of `lint` that are accepted.
    pub ignore: Vec<lint::Rule>,
    /// Where the credentials for its security schemes come from, by their names.
    pub auth: Vec<(String, CredentialSource)>,
    /// How much `probe` may ask of it.
    pub limits: Limits,
    /// What is replaced in recordings besides credentials.
    pub redact: Redact,
}

/// What is replaced in recordings besides credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Redact {
    /// Headers, by name.
    pub headers: Vec<String>,
    /// Fields by name, or places in JSON bodies as JSON Pointers in which `*` is any step.
    pub fields: Vec<String>,
}

/// A path with its origin, which decides whether its absence is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path.
    pub path: String,
    /// Whether the configuration names it; a default may be missing.
    pub named: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfig {
    command: Option<String>,
    #[serde(default)]
    generated: RawGenerated,
    #[serde(default)]
    vendors: IndexMap<Spanned<String>, RawVendor>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGenerated {
    folder: Option<Spanned<String>>,
    package: Option<String>,
    runtime: Option<RawRuntime>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawRuntime {
    Workspace,
    Path(String),
    Version(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVendor {
    spec: Option<String>,
    pages: Option<Vec<String>>,
    recordings: Option<String>,
    drift: Option<String>,
    overlay: Option<String>,
    #[serde(default)]
    servers: Vec<String>,
    #[serde(default)]
    ignore: Vec<Spanned<String>>,
    #[serde(default)]
    auth: IndexMap<String, live::RawCredential>,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    redact: Redact,
}

impl Config {
    /// The configuration for a command: `given`, else the nearest `wireproof.toml` at or above the current folder.
    ///
    /// # Errors
    ///
    /// When there is none, or it cannot be read.
    pub fn find(given: Option<&Path>, environment: &Environment<'_>) -> Result<Self, Failure> {
        let (file, shown) = Self::locate(given, environment)?;
        let text = fs::read_to_string(&file).map_err(|error| Failure::io("read", &shown, &error))?;
        Self::parse(&text, root_of(&file), &shown, false)
    }

    /// Where the configuration is, and how people know it.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub(crate) fn locate(given: Option<&Path>, environment: &Environment<'_>) -> Result<(PathBuf, String), Failure> {
        if let Some(given) = given {
            return Ok((environment.resolve(given), given.display().to_string()));
        }
        let mut folder = Some(environment.directory.as_path());
        while let Some(here) = folder {
            let file = here.join(FILE_NAME);
            if file.is_file() {
                let shown = shown_from(&environment.directory, &file);
                return Ok((file, shown));
            }
            folder = here.parent();
        }
        Err(Failure::new(format!("there is no `{FILE_NAME}` in `{}` or any folder above it", environment.directory.display())).with_help(
            format!(
                "make one with `{0} init`, name one with `--config FILE`, or give a single document: `{0} ... --spec FILE`",
                environment.program
            ),
        ))
    }

    /// The configuration that a text makes, which may lack vendors where one is about to be added.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(crate) fn of_text(text: &str, file: &Path, shown: &str) -> Result<Self, Failure> {
        Self::parse(text, root_of(file), shown, true)
    }

    fn parse(text: &str, root: PathBuf, shown: &str, may_be_empty: bool) -> Result<Self, Failure> {
        let at = |start: usize| place_in(text, start, shown);
        let raw: RawConfig = toml::from_str(text).map_err(|error| {
            let place = error.span().map_or_else(|| shown.to_owned(), |span| at(span.start));
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            Failure::new(format!("cannot read the configuration: {message} at {place}"))
        })?;
        let mut vendors = Vec::with_capacity(raw.vendors.len());
        for (name, vendor) in raw.vendors {
            if let Err(reason) = check_vendor_name(name.get_ref(), &vendors) {
                return Err(Failure::new(format!("vendor name `{}` {reason} at {}", name.get_ref().escape_debug(), at(name.span().start)))
                    .with_help(VENDOR_NAMES));
            }
            let mut ignore = Vec::with_capacity(vendor.ignore.len());
            for rule in &vendor.ignore {
                ignore.push(lint::Rule::named(rule.get_ref()).ok_or_else(|| {
                    let message = format!("`lint` has no rule `{}` at {}", rule.get_ref().escape_debug(), at(rule.span().start));
                    Failure::new(message).with_help(did_you_mean(rule.get_ref(), lint::Rule::ALL.iter().map(|rule| rule.name())))
                })?);
            }
            let start = name.span().start;
            let vendor = Vendor::new(name.into_inner(), vendor)
                .map_err(|why| Failure::new(format!("cannot read the configuration: {why} at {}", at(start))))?;
            vendors.push(Vendor { ignore, ..vendor });
        }
        if vendors.is_empty() && !may_be_empty {
            return Err(Failure::new(format!("`{shown}` names no vendor")).with_help(
                "add one with `new NAME --spec FILE`, or by hand: `[vendors.NAME]` with `spec = \"specs/NAME/openapi.yaml\"` beneath it",
            ));
        }
        if let Some(folder) = &raw.generated.folder {
            // A folder that is the repository itself, or outside of it, would put other people's files within reach.
            let steps = Path::new(folder.get_ref()).components().map(|step| matches!(step, std::path::Component::Normal(_)));
            if folder.get_ref().is_empty() || !steps.into_iter().all(|normal| normal) {
                return Err(Failure::new(format!("`generated.folder` must be a folder below this file at {}", at(folder.span().start)))
                    .with_help("write it as `generated` or `crates/generated`"));
            }
        }
        Ok(Self {
            root,
            file: shown.to_owned(),
            command: raw.command.unwrap_or_else(|| "wireproof".to_owned()),
            generated: Generated {
                folder: raw.generated.folder.map_or_else(|| "generated".to_owned(), Spanned::into_inner),
                package: raw.generated.package.unwrap_or_else(|| "wireproof-generated".to_owned()),
                runtime: match raw.generated.runtime {
                    None => Runtime::Version(env!("CARGO_PKG_VERSION").to_owned()),
                    Some(RawRuntime::Workspace) => Runtime::Workspace,
                    Some(RawRuntime::Path(path)) => Runtime::Path(path),
                    Some(RawRuntime::Version(version)) => Runtime::Version(version),
                },
            },
            vendors,
        })
    }

    /// The vendors named, in the order of the file; all of them where none is named.
    ///
    /// # Errors
    ///
    /// When a name is not in the configuration.
    pub fn select(&self, names: &[String]) -> Result<Vec<&Vendor>, Failure> {
        for name in names {
            self.vendor(name)?;
        }
        Ok(self.vendors.iter().filter(|vendor| names.is_empty() || names.contains(&vendor.name)).collect())
    }

    /// The vendor of that name.
    ///
    /// # Errors
    ///
    /// When the name is not in the configuration.
    pub fn vendor(&self, name: &str) -> Result<&Vendor, Failure> {
        self.vendors.iter().find(|vendor| vendor.name == name).ok_or_else(|| {
            Failure::new(format!("there is no vendor `{}` in `{}`", name.escape_debug(), self.file))
                .with_help(did_you_mean(name, self.vendors.iter().map(|vendor| vendor.name.as_str())))
        })
    }

    /// A path of the configuration.
    pub fn resolve(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }
}

impl Vendor {
    fn new(name: String, raw: RawVendor) -> Result<Self, String> {
        let place = |given: Option<String>, default: String| match given {
            Some(path) => Place { path, named: true },
            None => Place { path: default, named: false },
        };
        let spec = raw.spec.unwrap_or_else(|| format!("specs/{name}/openapi.yaml"));
        let beside = spec.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        Ok(Self {
            auth: live::sources(raw.auth)?,
            limits: raw.limits,
            recordings: place(raw.recordings, format!("contract-tests/recordings/{name}")),
            drift: place(raw.drift, format!("{beside}known-drift.toml")),
            overlay: place(raw.overlay, format!("{beside}overlay.yaml")),
            pages: raw.pages,
            servers: raw.servers,
            ignore: Vec::new(),
            redact: raw.redact,
            spec,
            name,
        })
    }
}

/// The folder of a configuration.
fn root_of(file: &Path) -> PathBuf {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

/// Why `name` cannot be a vendor's, `earlier` being those before it.
pub(crate) fn check_vendor_name(name: &str, earlier: &[Vendor]) -> Result<(), &'static str> {
    let letters = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 64
        && !name.ends_with('-')
        && !name.contains("--")
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !letters {
        return Err("cannot be one");
    }
    // `default` is taken among cargo features; keywords cannot name a module.
    if name == "default" || KEYWORDS.contains(&name) {
        return Err("is a reserved word");
    }
    if earlier.iter().any(|vendor| vendor.name == name) { Err("is there twice") } else { Ok(()) }
}

/// The words of the Rust reference, "Keywords", that have the form of a vendor name, and the crates that are always there.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized",
    "use", "virtual", "where", "while", "yield", "alloc", "core", "std",
];

/// `file:line:column` of a byte offset.
fn place_in(text: &str, offset: usize, file: &str) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = before.matches('\n').count() + 1;
    let column = before.get(line_start..).map_or(0, |rest| rest.chars().count()) + 1;
    format!("{file}:{line}:{column}")
}

/// `path` as people in `folder` would write it, where it lies in or straight above; in full otherwise.
pub(crate) fn shown_from(folder: &Path, path: &Path) -> String {
    if let Ok(inside) = path.strip_prefix(folder) {
        return inside.display().to_string();
    }
    let mut up = String::new();
    for ancestor in folder.ancestors().skip(1).take(4) {
        up.push_str("../");
        if let Ok(inside) = path.strip_prefix(ancestor) {
            return format!("{up}{}", inside.display());
        }
    }
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, Failure> {
        Config::parse(text, PathBuf::from("/repo"), "wireproof.toml", false)
    }

    #[track_caller]
    fn refused(text: &str, message: &str) {
        assert_eq!(parse(text).expect_err("the configuration is refused").message, message);
    }

    #[test]
    fn an_entry_may_be_empty_and_order_is_that_of_the_file() {
        let config = parse("[vendors.zeta]\n[vendors.alpha]\nspec = \"docs/alpha.json\"\n").expect("it parses");
        let names: Vec<_> = config.vendors.iter().map(|vendor| vendor.name.as_str()).collect();
        assert_eq!(names, ["zeta", "alpha"]);
        assert_eq!(config.vendors[0].spec, "specs/zeta/openapi.yaml");
        assert_eq!(config.vendors[0].recordings, Place { path: "contract-tests/recordings/zeta".to_owned(), named: false });
        assert_eq!(config.vendors[1].drift.path, "docs/known-drift.toml");
        assert_eq!((config.command.as_str(), config.generated.folder.as_str()), ("wireproof", "generated"));
    }

    #[test]
    fn mistakes_are_told_with_line_and_column() {
        refused(
            "[vendors.a]\nspecs = \"x\"\n",
            "cannot read the configuration: unknown field `specs`, expected one of `spec`, `pages`, `recordings`, `drift`, `overlay`, `servers`, `ignore`, `auth`, `limits`, `redact` at wireproof.toml:2:1",
        );
        refused("[vendors.a]\nignore = [\"nothing-requird\"]\n", "`lint` has no rule `nothing-requird` at wireproof.toml:2:11");
        refused("[vendors.A]\n", "vendor name `A` cannot be one at wireproof.toml:1:10");
        refused("[vendors.type]\n", "vendor name `type` is a reserved word at wireproof.toml:1:10");
        refused(
            "[vendors.a.auth]\nKey = {}\n",
            "cannot read the configuration: `auth.Key` needs either `env` or `command` at wireproof.toml:1:10",
        );
        refused(
            "[vendors.a.auth]\nKey = { env = \"K\", client-id = { env = \"I\" } }\n",
            "cannot read the configuration: `auth.Key` needs `env` or `command`, or both `client-id` and `client-secret` at wireproof.toml:1:10",
        );
        refused("[vendors]\n", "`wireproof.toml` names no vendor");
        refused(
            "[vendors.a]\n[generated]\nfolder = \"../up\"\n",
            "`generated.folder` must be a folder below this file at wireproof.toml:3:10",
        );
    }

    #[test]
    fn an_unknown_vendor_comes_with_the_nearest_names() {
        let config = parse("[vendors.clemta]\n[vendors.rolodex]\n").expect("it parses");
        let failure = config.select(&["clmta".to_owned()]).expect_err("there is no such vendor");
        assert_eq!(failure.help.as_deref(), Some("did you mean `clemta`?"));
        assert_eq!(config.select(&[]).map(|all| all.len()), Ok(2));
    }

    #[test]
    fn paths_are_shown_from_where_one_stands() {
        let shown = |folder: &str, path: &str| shown_from(Path::new(folder), Path::new(path));
        assert_eq!(shown("/repo", "/repo/wireproof.toml"), "wireproof.toml");
        assert_eq!(shown("/repo/a/b", "/repo/wireproof.toml"), "../../wireproof.toml");
    }
}
