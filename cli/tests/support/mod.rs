//! A small repository of its own for each test, and commands run in it in process.

#![allow(dead_code, unreachable_pub, reason = "a module of several test binaries, each of which uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};

use wireproof::{Environment, Stream, run};

/// A document with one operation and one schema.
pub const PETS: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
servers: [{url: https://pets.example/v1}]
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: the pet
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet'}
              example: {name: Rex}
        '404': {description: none}
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, description: What it answers to.}
        age: {type: integer}
";

/// Another document, without schemas.
pub const SHOPS: &str = "\
openapi: 3.0.3
info: {title: Shops, version: 2.0.0}
servers: [{url: https://shops.example}]
paths:
  /open:
    post:
      operationId: openShop
      responses:
        '204': {description: done}
";

/// A recording of exchanges: method, URL, status and JSON body of the answer.
pub fn har(exchanges: &[(&str, &str, u16, &str)]) -> String {
    let entry = |(method, url, status, body): &(&str, &str, u16, &str)| {
        let content = if body.is_empty() {
            serde_json::json!({"size": 0, "mimeType": "", "text": ""})
        } else {
            serde_json::json!({"size": body.len(), "mimeType": "application/json", "text": body})
        };
        let headers = if body.is_empty() {
            serde_json::json!([])
        } else {
            serde_json::json!([{"name": "Content-Type", "value": "application/json"}])
        };
        serde_json::json!({
            "request": {"method": method, "url": url, "headers": []},
            "response": {"status": status, "headers": headers, "content": content},
        })
    };
    let entries: Vec<_> = exchanges.iter().map(entry).collect();
    serde_json::json!({"log": {"version": "1.2", "creator": {"name": "a test", "version": "1"}, "entries": entries}}).to_string()
}

/// What a command did.
#[derive(Debug)]
pub struct Done {
    pub code: u8,
    pub out: String,
    pub err: String,
}

impl Done {
    /// The standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON ({error}): {self:?}"))
    }

    /// Holds the command to an exit code; shows all that it said if it differs.
    #[track_caller]
    pub fn expect(self, code: u8) -> Self {
        assert_eq!(self.code, code, "out:\n{}\nerr:\n{}", self.out, self.err);
        self
    }

    /// Holds standard error to a text.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "expected `{text}` in:\n{}", self.err);
        self
    }

    /// Holds standard output to a text.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert!(self.out.contains(text), "expected `{text}` in:\n{}\nerr:\n{}", self.out, self.err);
        self
    }
}

/// A repository of two vendors, `pets` and `shops`.
pub struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    pub fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().expect("a folder") };
        repository.write("wireproof.toml", "[vendors.pets]\n[vendors.shops]\n");
        repository.write("specs/pets/openapi.yaml", PETS);
        repository.write("specs/shops/openapi.yaml", SHOPS);
        repository
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it has a parent")).expect("folders");
        fs::write(path, text).expect("a file");
    }

    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Replaces a text that must be there.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "`{from}` is in {path}");
        self.write(path, &text.replace(from, to));
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// All files below `path`, sorted.
    pub fn files(&self, path: &str) -> Vec<String> {
        let mut files = Vec::new();
        let mut open = vec![self.path(path)];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() { open.push(entry.path()) } else { files.push(entry.path()) }
            }
        }
        let shown = |path: PathBuf| path.strip_prefix(self.root()).expect("inside").to_string_lossy().replace('\\', "/");
        let mut files: Vec<String> = files.into_iter().map(shown).collect();
        files.sort();
        files
    }

    pub fn run(&self, arguments: &[&str]) -> Done {
        self.run_in("", arguments)
    }

    pub fn run_in(&self, folder: &str, arguments: &[&str]) -> Done {
        self.call(folder, arguments, "")
    }

    /// With a text on standard input.
    pub fn run_with(&self, arguments: &[&str], stdin: &str) -> Done {
        self.call("", arguments, stdin)
    }

    fn call(&self, folder: &str, arguments: &[&str], stdin: &str) -> Done {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut environment = Environment {
            program: "wireproof",
            directory: self.path(folder),
            stdin: Box::new(stdin.as_bytes()),
            out: Stream::plain(&mut out),
            err: Stream::plain(&mut err),
        };
        let arguments = std::iter::once("wireproof").chain(arguments.iter().copied()).map(Into::into);
        let exit = run(arguments, &mut environment);
        drop(environment);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Done { code: exit.code(), out: text(out), err: text(err) }
    }
}
