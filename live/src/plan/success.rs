//! Requests that may succeed, to operations that change data: only if somebody allows it and names what it is to be about, and never
//! more than one per operation.

use serde_json::{Map, Value};
use wireproof_contract::Side;
use wireproof_openapi::{Location, Pointer};

use super::Expects;
use super::bodies::made_up_entry;
use super::operation::{Making, Wish};
use crate::body;
use crate::request::{Draft, samples};

/// How many instances of the body's schema are looked through for one that can take the targets.
const INSTANCES: usize = 24;

impl Making<'_> {
    /// Plans the one complete request, where the targets say what it is about.
    pub(super) fn success(&mut self) {
        if !self.planner.options.allow_destructive {
            return;
        }
        match self.complete_with_targets() {
            Ok((draft, named)) => {
                let Some(carries) = self.planner.real(self.operation) else {
                    self.leave_out("the complete request is not sent: there is no credential for any of its security schemes".to_owned());
                    return;
                };
                let because = format!("it is NOT: it does what it says to {named}, as was asked for");
                let asks = "a complete request".to_owned();
                self.put(Wish { asks, draft, carries, expects: Expects::Success, lacks: Vec::new() }, because);
            }
            Err(why) => self.leave_out(format!("the complete request is not sent: {why}")),
        }
    }

    /// A complete request in which every id is one that was named.
    fn complete_with_targets(&self) -> Result<(Draft, String), String> {
        let mut draft = Draft::default();
        let mut named: Vec<String> = Vec::new();
        for parameter in &self.operation.parameters {
            let value = match self.target(parameter) {
                Some(value) => {
                    named.push(format!("`{}={}`", parameter.name, value.as_str().unwrap_or_default()));
                    value
                }
                None if parameter.location == Location::Path => return Err(format!("`--target {}=VALUE` is not given", parameter.name)),
                None if !parameter.required => continue,
                None => samples(&self.planner.synthesiser, parameter).into_iter().next().ok_or("a parameter could not be made up")?,
            };
            if !draft.give(parameter, &value) {
                return Err(format!("`{}` cannot be written where it belongs", parameter.name));
            }
        }
        if let Some(body) = &self.operation.request_body {
            let entry = made_up_entry(body);
            let made = entry.and_then(|entry| {
                let (value, members) = self.body(entry.schema.as_ref()?)?;
                Some((body::written(&entry.name, &value)?, members))
            });
            match made {
                Some((written, members)) => {
                    named.extend(members);
                    draft.body = Some(written);
                }
                None if body.required => return Err("its body cannot be made of the targets".to_owned()),
                None => {}
            }
        }
        if named.is_empty() {
            return Err("no `--target` is about it".to_owned());
        }
        Ok((draft, named.join(", ")))
    }

    /// A body of the targets, and as little besides as can be; and the targets in it.
    fn body(&self, schema: &Pointer) -> Option<(Value, Vec<String>)> {
        let synthesiser = &self.planner.synthesiser;
        let accepts = |value: &Value| synthesiser.accepts(schema, Side::Request, value);
        let mut bases = vec![Value::Object(Map::new())];
        bases.extend(synthesiser.valid(schema, Side::Request, 0, INSTANCES).instances.into_iter().map(|one| one.value));
        bases.retain(Value::is_object);
        bases.sort_by_key(|base| base.to_string().len());
        bases.into_iter().find_map(|base| {
            let mut value = base;
            let mut named = Vec::new();
            for (name, text) in &self.planner.options.targets {
                let is_path = self.operation.parameters.iter().any(|parameter| parameter.name == *name);
                // A target is text on the command line; in a body it may be a number.
                let readings = [Value::String(text.clone())].into_iter().chain(serde_json::from_str(text).ok());
                for reading in readings {
                    let mut with = value.clone();
                    with.as_object_mut()?.insert(name.clone(), reading);
                    let documented = !is_path && self.knows(schema, name);
                    if documented && (accepts(&with) || !accepts(&value)) {
                        value = with;
                        named.push(format!("`{name}={text}`"));
                        break;
                    }
                }
            }
            (accepts(&value) && !named.is_empty()).then_some((value, named))
        })
    }

    /// Whether the schema names a member, itself or in one of its parts.
    fn knows(&self, schema: &Pointer, name: &str) -> bool {
        let document = &self.planner.document;
        let mut open = vec![(schema.clone(), 0)];
        while let Some((place, depth)) = open.pop() {
            let Some((place, node)) = document.resolve(&place).filter(|_| depth < 12) else { continue };
            if node.get("properties").is_some_and(|properties| properties.get(name).is_some()) {
                return true;
            }
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let count = node.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
                open.extend((0..count).map(|index| (place.join(keyword).index(index), depth + 1)));
            }
        }
        false
    }
}
