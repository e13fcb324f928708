//! Instances of one document through a running driver, and what to think of the answers.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::Value;
use wireproof::Failure;
use wireproof_contract::synthesis::{Case, Instance};
use wireproof_contract::{Difference, Side, differences};
use wireproof_generator::TypeName;
use wireproof_openapi::Pointer;

use super::driver::{Answer, Driver, Running};
use super::looseness;
use super::recordings::Recorded;
use super::report::{Problem, Row};
use super::subject::Subject;

/// How much is made of each schema.
pub(super) struct Plan {
    /// Instances of each kind, at most.
    pub(super) limit: usize,
    pub(super) seed: u64,
    pub(super) recordings: Vec<Recorded>,
}

/// Tries all component schemas of a document, which the driver knows as number `index`.
pub(super) fn run(subject: &Subject, index: usize, driver: &Driver, plan: &Plan) -> Result<Row, Failure> {
    let start = Instant::now();
    let mut trial = Trial { subject, index, driver, running: driver.start()?, row: Row::new(subject) };
    let mut last = None;
    for (number, name) in subject.types.iter().enumerate() {
        trial.row.schemas += usize::from(last != Some(&name.pointer));
        last = Some(&name.pointer);
        for side in subject.sides(name) {
            let instances = trial.valid(number, name, side, plan)?;
            trial.invalid(number, name, side, &instances, plan)?;
        }
        let component = name.pointer.last().unwrap_or_default();
        for recorded in plan.recordings.iter().filter(|recorded| recorded.component == component) {
            if subject.synthesiser.accepts(&name.pointer, Side::Response, &recorded.body) {
                trial.row.recorded += 1;
                trial.must_pass(number, &name.pointer, Side::Response, &recorded.body)?;
            }
        }
    }
    trial.row.seconds = start.elapsed().as_secs_f64();
    Ok(trial.row)
}

struct Trial<'t> {
    subject: &'t Subject,
    index: usize,
    driver: &'t Driver,
    running: Running,
    row: Row,
}

impl Trial<'_> {
    fn ask(&mut self, ty: usize, instance: &Value) -> Result<Answer, Failure> {
        if let Some(answer) = self.running.ask(self.index, ty, instance) {
            return Ok(answer);
        }
        self.running = self.driver.start()?;
        Ok(Answer::Died("the program ended, or took too long".to_owned()))
    }

    fn valid(&mut self, ty: usize, name: &TypeName, side: Side, plan: &Plan) -> Result<Vec<Instance>, Failure> {
        let made = self.subject.synthesiser.valid(&name.pointer, side, plan.seed, plan.limit);
        for unmade in made.unmade {
            *self.row.unmade.entry(unmade.reason).or_default() += 1;
        }
        self.row.left_out += made.left_out;
        if made.instances.is_empty() {
            self.row.empty.push(name.pointer.to_string());
        }
        for instance in &made.instances {
            self.row.valid += 1;
            self.row.examples += usize::from(instance.goals.iter().any(|goal| goal.case == Case::Example));
            self.must_pass(ty, &name.pointer, side, &instance.value)?;
        }
        Ok(made.instances)
    }

    /// Sends a valid instance through its type and records what goes wrong.
    fn must_pass(&mut self, ty: usize, schema: &Pointer, side: Side, instance: &Value) -> Result<(), Failure> {
        let problem = match self.ask(ty, instance)? {
            Answer::Refused(message) => Some(format!("refused: {message}")),
            Answer::Died(message) => Some(format!("died: {message}")),
            Answer::Encoded(encoded) => match differences(instance, &encoded, 1).first() {
                Some(difference) => Some(describe(difference, instance, &encoded)),
                None if !self.subject.synthesiser.accepts(schema, side, &encoded) => Some("is not valid any more".to_owned()),
                None => None,
            },
        };
        if let Some(what) = problem {
            self.row.problem(Problem { schema: schema.to_string(), side: side.name().to_owned(), what, instance: instance.clone() });
        }
        Ok(())
    }

    fn invalid(&mut self, ty: usize, name: &TypeName, side: Side, bases: &[Instance], plan: &Plan) -> Result<(), Failure> {
        for broken in self.subject.synthesiser.broken(&name.pointer, side, plan.seed, bases, plan.limit) {
            self.row.invalid += 1;
            match self.ask(ty, &broken.value)? {
                Answer::Refused(_) => self.row.refused += 1,
                Answer::Died(message) => self.row.problem(Problem {
                    schema: name.pointer.to_string(),
                    side: side.name().to_owned(),
                    what: format!("died: {message}"),
                    instance: broken.value,
                }),
                Answer::Encoded(_) => {
                    if let Some(names) = self.explain(name, side, &broken.value) {
                        for name in names {
                            *self.row.loose.entry(name.to_owned()).or_default() += 1;
                        }
                        self.row.taken += 1;
                    } else {
                        self.row.problem(Problem {
                            schema: broken.schema.to_string(),
                            side: side.name().to_owned(),
                            what: format!("takes what breaks `{}`, at `{}`", broken.keyword, broken.instance),
                            instance: broken.value,
                        });
                    }
                }
            }
        }
        Ok(())
    }
}

impl Trial<'_> {
    /// The loosenesses by which a type takes an invalid value.
    fn explain(&self, name: &TypeName, side: Side, value: &Value) -> Option<BTreeSet<&'static str>> {
        let document = self.subject.synthesiser.document();
        let violations = self.subject.synthesiser.violations(&name.pointer, side, value);
        looseness::explain(document, value, &violations).or_else(|| {
            let plain = self.subject.without_tags()?;
            let violations = plain.violations(&name.pointer, side, value);
            // No violations at all may also mean that there is no validator.
            let is_known = !violations.is_empty() || plain.accepts(&name.pointer, side, value);
            is_known.then(|| looseness::explain_without_tags(document, value, &violations)).flatten()
        })
    }
}

fn describe(difference: &Difference, before: &Value, after: &Value) -> String {
    match difference {
        Difference::Lost(at) => format!("`{at}` is lost"),
        Difference::Added(at) => format!("`{at}` appears"),
        Difference::Changed(at) => {
            let shown = |value: &Value| value.pointer(at.as_str()).map_or_else(String::new, short);
            format!("`{at}` changes from {} to {}", shown(before), shown(after))
        }
    }
}

/// The beginning of a value.
pub(super) fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
