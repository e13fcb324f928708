//! Recordings to a document: which operations there are, what they were sent and what they answered. Exchanges are taken in one at a time;
//! memory grows with what is different about them, not with their number. No value of a recording gets into the document but names,
//! media types and words of an `enum`: recordings are full of people.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use wireproof_contract::Exchange;

use super::document::Outline;
use super::seen::{Seen, scalar};
use super::shape::Shape;
use super::step::{Step, step};

/// How many paths are told apart. A recording with more has paths made of data, which are put together first.
const PATH_LIMIT: usize = 20_000;

/// From how many different steps in one place of a path on they count as data.
const STEPS: usize = 8;

/// What recordings show.
#[derive(Debug, Default)]
pub struct Traffic {
    operations: IndexMap<(String, Vec<Step>), Seen>,
    origins: IndexMap<String, usize>,
    left_out: BTreeMap<&'static str, usize>,
    exchanges: usize,
}

impl Traffic {
    /// Takes an exchange in.
    pub fn take(&mut self, exchange: &Exchange) {
        let Some((origin, path, query)) = split(&exchange.url) else {
            *self.left_out.entry("exchanges whose URL names no path").or_default() += 1;
            return;
        };
        let method = exchange.method.to_ascii_uppercase();
        if !crate::page::METHODS.contains(&method.as_str()) || exchange.status < 200 {
            *self.left_out.entry("exchanges without an answer, or of methods that OpenAPI has no operations for").or_default() += 1;
            return;
        }
        if let Some(origin) = origin {
            *self.origins.entry(origin).or_default() += 1;
        }
        let steps: Vec<(Step, String)> = path.split('/').skip(1).map(step).collect();
        let key = (method, steps.iter().map(|(step, _)| step.clone()).collect());
        if self.operations.len() >= PATH_LIMIT && !self.operations.contains_key(&key) {
            self.put_together();
            if self.operations.len() >= PATH_LIMIT {
                *self.left_out.entry("exchanges of more paths than can be told apart").or_default() += 1;
                return;
            }
        }
        self.exchanges += 1;
        let seen = self.operations.entry(key).or_default();
        seen.count += 1;
        let values = steps.into_iter().filter(|(step, _)| *step == Step::Variable).map(|(_, text)| text);
        for (number, value) in values.enumerate() {
            if seen.path.len() <= number {
                seen.path.push(Shape::default());
            }
            if let Some(shape) = seen.path.get_mut(number) {
                shape.take(&scalar(&value));
            }
        }
        seen.query(&query);
        seen.request(exchange, &mut self.left_out);
        seen.response(exchange, &mut self.left_out);
    }

    /// Takes paths together that differ in one step only, of which there are many: such a step is data.
    fn put_together(&mut self) {
        loop {
            let mut groups: BTreeMap<(String, usize, Vec<Step>), BTreeSet<String>> = BTreeMap::new();
            for (method, steps) in self.operations.keys() {
                for (position, step) in steps.iter().enumerate() {
                    let Step::Word(word) = step else { continue };
                    let mut rest = steps.clone();
                    if let Some(step) = rest.get_mut(position) {
                        *step = Step::Variable;
                    }
                    groups.entry((method.clone(), position, rest)).or_default().insert(word.clone());
                }
            }
            // Words that are written as one writes words in paths tell resources apart, however many they are.
            let unlike_words = |words: &BTreeSet<String>| {
                let unlike = words
                    .iter()
                    .filter(|word| word.chars().any(|letter| letter.is_ascii_digit() || letter.is_ascii_uppercase() || letter == '.'));
                unlike.count() * 2 >= words.len()
            };
            let data = groups.into_iter().find(|((_, position, _), words)| *position > 0 && words.len() >= STEPS && unlike_words(words));
            let Some(((method, position, rest), _)) = data else { return };
            let is_one = |(other, steps): &(String, Vec<Step>)| {
                *other == method
                    && steps.len() == rest.len()
                    && steps.iter().zip(&rest).enumerate().all(|(index, (step, wanted))| index == position || step == wanted)
            };
            let keys: Vec<(String, Vec<Step>)> = self.operations.keys().filter(|key| is_one(key)).cloned().collect();
            let mut whole = Seen::default();
            for key in keys {
                let number = rest.iter().take(position).filter(|step| **step == Step::Variable).count();
                let word = match key.1.get(position) {
                    Some(Step::Word(word)) => Some(word.clone()),
                    _ => None,
                };
                if let Some(mut seen) = self.operations.shift_remove(&key) {
                    if let Some(word) = word {
                        let mut shape = Shape::default();
                        shape.take(&scalar(&word));
                        seen.path.insert(number.min(seen.path.len()), shape);
                    }
                    whole.absorb(seen);
                }
            }
            self.operations.insert((method, rest), whole);
        }
    }

    /// Paths that only ever failed, and that the path of another operation stands for, were tries of that one.
    fn adopt_failures(&mut self) {
        let failed = |seen: &Seen| seen.responses.keys().all(|status| *status >= 400);
        let tries: Vec<(String, Vec<Step>)> = self.operations.iter().filter(|(_, seen)| failed(seen)).map(|(key, _)| key.clone()).collect();
        for key in tries {
            let stands_for = |(method, steps): &&(String, Vec<Step>)| {
                let fit = steps.iter().zip(&key.1).all(|(wanted, step)| *wanted == Step::Variable || wanted == step);
                *method == key.0 && steps.len() == key.1.len() && *steps != key.1 && fit
            };
            let Some(target) = self.operations.keys().find(stands_for).cloned() else { continue };
            let Some(mut seen) = self.operations.shift_remove(&key) else { continue };
            let mut number = 0;
            for (wanted, step) in target.1.iter().zip(&key.1) {
                if let (Step::Variable, Step::Word(word)) = (wanted, step) {
                    let mut shape = Shape::default();
                    shape.take(&scalar(word));
                    seen.path.insert(number.min(seen.path.len()), shape);
                }
                number += usize::from(*wanted == Step::Variable);
            }
            if let Some(known) = self.operations.get_mut(&target) {
                known.absorb(seen);
            }
        }
    }

    /// The document that the exchanges make, and what is missing in it.
    pub fn finish(mut self, title: &str) -> super::Drafted {
        self.put_together();
        self.adopt_failures();
        let mut outline = Outline {
            title: title.to_owned(),
            description: format!("Drafted from {} exchanges. Every node says what it rests on.", self.exchanges),
            ..Outline::default()
        };
        for (origin, _) in &self.origins {
            outline.servers.insert(origin.clone(), "Seen in recordings.".to_owned());
        }
        for (what, count) in &self.left_out {
            outline.missing.push(format!("{count} {what} were left out"));
        }
        if self.origins.is_empty() {
            outline.missing.push("no recording names a host: `servers` is missing".to_owned());
        }
        let mut operations: Vec<((String, Vec<Step>), Seen)> = self.operations.into_iter().collect();
        operations.sort_by(|(left, _), (right, _)| (&left.1, &left.0).cmp(&(&right.1, &right.0)));
        for ((method, steps), seen) in operations {
            let operation = seen.outline(method, &steps, &mut outline);
            outline.operations.push(operation);
        }
        if outline.security.is_empty() {
            outline.missing.push("no exchange carries credentials: `security` is missing".to_owned());
        }
        super::Drafted { document: outline.document(), missing: outline.missing }
    }
}

/// Scheme and host, path and query of a URL.
fn split(url: &str) -> Option<(Option<String>, String, String)> {
    let url = url.split('#').next()?;
    let (url, query) = url.split_once('?').unwrap_or((url, ""));
    let (origin, path) = match url.split_once("://") {
        Some((scheme, rest)) => {
            let at = rest.find('/').unwrap_or(rest.len());
            let (host, path) = rest.split_at(at);
            // Credentials in a URL are no part of the server.
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            (Some(format!("{scheme}://{host}")), path)
        }
        None => (None, url),
    };
    let path = if path.is_empty() { "/" } else { path };
    path.starts_with('/').then(|| (origin, path.to_owned(), query.to_owned()))
}
