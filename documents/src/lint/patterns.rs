//! `pattern-unusable` and `pattern-backtracking`: regular expressions that no engine runs, and those that only an engine runs which
//! steps back. The first are not checked at all, the second within bounds, and neither can be trusted with bodies of strangers.

use std::collections::HashMap;

use jsonschema::PatternOptions;
use serde_json::{Map, Value, json};

use super::context::{Context, shorten};
use super::rule::Rule;

/// What it takes to run a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    Linear,
    Backtracking,
    None,
}

pub(super) fn check(context: &mut Context<'_>) {
    let mut known: HashMap<&str, Engine> = HashMap::new();
    let mut found = Vec::new();
    for (place, node) in &context.schemas {
        let own = node.get("pattern").and_then(Value::as_str).map(|pattern| (place.join("pattern"), pattern));
        let of_names = node.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let of_names = of_names.map(|pattern| (place.join("patternProperties").join(pattern), pattern.as_str()));
        for (place, pattern) in own.into_iter().chain(of_names) {
            let engine = *known.entry(pattern).or_insert_with(|| engine(pattern));
            let shown = shorten(pattern);
            match engine {
                Engine::Linear => {}
                Engine::Backtracking => found.push((
                    Rule::PatternBacktracking,
                    place,
                    format!(
                        "`{shown}` looks around or back: only an engine that backtracks runs it, and a hostile text can keep that busy"
                    ),
                )),
                Engine::None => found.push((
                    Rule::PatternUnusable,
                    place,
                    format!("`{shown}` is no regular expression that an engine runs; it is not checked"),
                )),
            }
        }
    }
    for (rule, place, message) in found {
        context.find(rule, &place, message);
    }
}

fn engine(pattern: &str) -> Engine {
    let schema = json!({ "pattern": pattern });
    let linear = jsonschema::draft202012::options().with_pattern_options(PatternOptions::regex());
    if linear.build(&schema).is_ok() {
        return Engine::Linear;
    }
    let backtracking = jsonschema::draft202012::options().with_pattern_options(PatternOptions::fancy_regex());
    if backtracking.build(&schema).is_ok() { Engine::Backtracking } else { Engine::None }
}
