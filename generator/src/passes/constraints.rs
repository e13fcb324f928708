//! Which constraints are written: those of what is sent, since nothing that is received is ever refused for one, and of these the patterns that
//! the engine of the runtime can run. Parameters and bodies learn whether there is anything to check in them at all.

use foldhash::HashMap;

use wireproof_openapi::{Diagnostic, Document, Pointer};

use super::reach::Reach;
use crate::ir::{Constraint, Ir, Shape, Type, TypeId};

/// Takes out what is not to be checked, and says of which patterns that is because they cannot be.
pub(super) fn settle(document: &Document, ir: &mut Ir, reach: &Reach) -> Vec<Diagnostic> {
    let mut patterns = Patterns::default();
    for (index, def) in ir.types.iter_mut().enumerate() {
        let is = |side: &[bool]| side.get(index).copied().unwrap_or(false);
        if is(&reach.received) && !is(&reach.sent) {
            def.constraints.clear();
        }
        if let Shape::Struct(object) = &def.shape {
            // What only the server sets is left out of what is sent.
            let is_left = |name: &str| object.fields.iter().any(|field| field.name == name);
            def.constraints.retain(|constraint| !matches!(constraint, Constraint::Member(name, _) if !is_left(name)));
        }
        patterns.retain(&mut def.constraints);
    }
    let constrained = constrained(ir);
    let leads = |ty: &Type| {
        let mut found = false;
        ty.each_named(&mut |id| found |= constrained[id.0]);
        found
    };
    for operation in &mut ir.operations {
        for parameter in &mut operation.parameters {
            parameter.constraints = parameter.constraints.take().and_then(|own| patterns.kept(own, leads(&parameter.ty)));
        }
        for alternative in operation.body.iter_mut().flat_map(|body| &mut body.alternatives) {
            let mut found = false;
            alternative.content.each_type(&mut |ty| found |= leads(ty));
            alternative.constraints = alternative.constraints.take().and_then(|own| patterns.kept(own, found));
        }
    }
    patterns.diagnostics(document)
}

/// The definitions that have constraints, in themselves or in what they lead to.
fn constrained(ir: &Ir) -> Vec<bool> {
    let mut users: HashMap<TypeId, Vec<TypeId>> = HashMap::default();
    let mut found = vec![false; ir.types.len()];
    let mut pending = Vec::new();
    for (id, def) in ir.iter() {
        def.shape.each_type(&mut |ty| ty.each_named(&mut |inner| users.entry(inner).or_default().push(id)));
        if !def.constraints.is_empty() {
            pending.push(id);
        }
    }
    while let Some(id) = pending.pop() {
        if !std::mem::replace(&mut found[id.0], true) {
            pending.extend(users.get(&id).into_iter().flatten());
        }
    }
    found
}

/// The patterns that have been looked at, and those that cannot be run.
#[derive(Default)]
struct Patterns {
    runs: HashMap<String, bool>,
    left_out: Vec<Pointer>,
}

impl Patterns {
    /// What is left of the constraints of a parameter or body; `None` where there is nothing to check in it.
    fn kept(&mut self, mut own: Vec<Constraint>, leads: bool) -> Option<Vec<Constraint>> {
        self.retain(&mut own);
        (leads || !own.is_empty()).then_some(own)
    }

    /// Takes out patterns that cannot be run, and what is left empty.
    fn retain(&mut self, constraints: &mut Vec<Constraint>) {
        constraints.retain_mut(|constraint| {
            if let Constraint::Pattern(pattern, at) = constraint {
                let runs = *self.runs.entry(pattern.clone()).or_insert_with(|| runs(pattern));
                // Where it stands is no part of what it says.
                let at = at.take();
                if !runs {
                    self.left_out.extend(at);
                }
                return runs;
            }
            constraint.inner_mut().is_none_or(|inner| {
                self.retain(inner);
                !inner.is_empty()
            })
        });
    }

    fn diagnostics(mut self, document: &Document) -> Vec<Diagnostic> {
        self.left_out.sort_unstable();
        self.left_out.dedup();
        let message = "this pattern is not one that can be checked before a request is sent: it stays documentation";
        self.left_out.iter().map(|at| Diagnostic::warning("pattern-unsupported", document.written(at), message)).collect()
    }
}

/// Whether the engine of the runtime takes a pattern.
fn runs(pattern: &str) -> bool {
    jsonschema_regex::to_rust_regex(pattern).is_ok_and(|translated| fancy_regex::Regex::new(&translated).is_ok())
}
