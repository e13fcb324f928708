//! Recorded answers that say which component they are: lines with `schema_hint` and `response.body`.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use serde_json::Value;
use wireproof::Failure;

/// A recorded body.
pub(super) struct Recorded {
    /// The name of the component, which a hint gives alone or as a reference.
    pub(super) component: String,
    pub(super) body: Value,
}

/// The bodies of a file; lines without a hint or a JSON body say nothing about types.
pub(super) fn read(path: &Path) -> Result<Vec<Recorded>, Failure> {
    let failed = |error| Failure::io("read", path.display(), &error);
    let mut found = Vec::new();
    for line in BufReader::new(File::open(path).map_err(failed)?).lines() {
        let Ok(line) = serde_json::from_str::<Value>(&line.map_err(failed)?) else { continue };
        let hint = line.get("schema_hint").and_then(Value::as_str).map(|hint| hint.rsplit('/').next().unwrap_or(hint));
        let body = line.pointer("/response/body").map(|body| match body {
            Value::String(text) => serde_json::from_str(text).unwrap_or(Value::Null),
            other => other.clone(),
        });
        if let (Some(component), Some(body)) = (hint, body.filter(|body| !body.is_null())) {
            found.push(Recorded { component: component.to_owned(), body });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_come_with_the_name_of_their_component() {
        let path = std::env::temp_dir().join(format!("recordings-{}.jsonl", std::process::id()));
        let lines = [
            r##"{"schema_hint": "#/components/schemas/account", "response": {"body": "{\"id\": 1.0}"}}"##,
            r#"{"schema_hint": "charge", "response": {"body": {"id": 2}}}"#,
            r#"{"schema_hint": "charge", "response": {"body": "no JSON"}}"#,
            r#"{"response": {"body": {}}}"#,
            "no line of JSON",
        ];
        std::fs::write(&path, lines.join("\n")).expect("a file");
        let found = read(&path);
        std::fs::remove_file(&path).expect("it was there");
        let shown: Vec<String> = found.expect("it can be read").iter().map(|one| format!("{} {}", one.component, one.body)).collect();
        assert_eq!(shown, [r#"account {"id":1.0}"#, r#"charge {"id":2}"#]);
    }
}
