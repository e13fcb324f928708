//! Steps of paths: words, and data that becomes a variable of a path template.

use percent_encoding::percent_decode_str;

use super::document::singular;
use super::schema::is_data;

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Step {
    Word(String),
    Variable,
}

/// A step of a path with its text, decoded.
pub(super) fn step(text: &str) -> (Step, String) {
    let decoded = percent_decode_str(text).decode_utf8_lossy().into_owned();
    // What could be taken for a variable of a template is none of our own.
    let data = decoded.starts_with(':')
        || is_data(&decoded)
        || decoded.contains(['{', '}', '?', '#', '/'])
        || decoded == "***"
        || decoded.chars().any(char::is_control);
    (if data { Step::Variable } else { Step::Word(text.to_owned()) }, decoded)
}

/// The path with its variables named after what they stand behind, and their names.
pub(super) fn template(steps: &[Step]) -> (String, Vec<String>) {
    let variables = steps.iter().filter(|step| **step == Step::Variable).count();
    let (mut path, mut names, mut before) = (String::new(), Vec::new(), "id");
    for step in steps {
        path.push('/');
        match step {
            Step::Word(word) => {
                path.push_str(word);
                before = word;
            }
            Step::Variable => {
                let word: String =
                    singular(before).chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect();
                let mut name = if variables == 1 || word == "id" { "id".to_owned() } else { format!("{word}_id") };
                while names.contains(&name) {
                    name.push_str("_2");
                }
                path.extend(["{", &name, "}"]);
                names.push(name);
            }
        }
    }
    (if path.is_empty() { "/".to_owned() } else { path }, names)
}
