//! Which types are used, and in which direction: what nobody uses is not written, and an enumeration that is read stays
//! open, since a vendor may add values any day, while one that is only sent is closed.

use crate::Side;
use crate::ir::{Ir, Payload, Shape, TypeId, is_component};

/// How each definition is reached.
pub(crate) struct Reach {
    /// From a component or an operation: it is written.
    pub(crate) used: Vec<bool>,
    /// From a response, or from a request of the vendor's.
    pub(super) received: Vec<bool>,
    /// From a request, or from what the vendor's are answered.
    pub(super) sent: Vec<bool>,
}

impl Reach {
    pub(super) fn of(ir: &Ir) -> Self {
        let (mut received, mut sent) = (Vec::new(), Vec::new());
        for operation in &ir.operations {
            for parameter in &operation.parameters {
                parameter.ty.each_named(&mut |id| sent.push(id));
            }
            let alternatives = operation.body.iter().flat_map(|body| &body.alternatives);
            alternatives.for_each(|alternative| alternative.content.each_type(&mut |ty| ty.each_named(&mut |id| sent.push(id))));
            for response in &operation.responses {
                response.headers.iter().for_each(|headers| headers.ty.each_named(&mut |id| received.push(id)));
                let Payload::Bodies(bodies) = &response.payload else { continue };
                for (_, content) in bodies {
                    content.each_type(&mut |ty| ty.each_named(&mut |id| received.push(id)));
                }
            }
        }
        for message in &ir.messages {
            let side = if message.sent { &mut sent } else { &mut received };
            message.ty.each_named(&mut |id| side.push(id));
        }
        let components = ir.iter().filter(|(_, def)| is_component(def.at.as_str())).map(|(id, _)| id);
        let roots = components.chain(received.iter().copied()).chain(sent.iter().copied()).collect();
        Self { used: closure(ir, roots), received: closure(ir, received), sent: closure(ir, sent) }
    }
}

impl Reach {
    /// The half of an exchange that a definition is for. One that no operation reaches is taken as an answer, as its name is.
    pub(crate) fn side(&self, id: TypeId) -> Side {
        let is = |side: &[bool]| side.get(id.0).copied().unwrap_or(false);
        match (is(&self.sent), is(&self.received)) {
            (true, true) => Side::Both,
            (true, false) => Side::Request,
            (false, _) => Side::Response,
        }
    }

    /// Whether a definition is in what comes from the vendor, and in nothing that goes there.
    pub(crate) fn is_received_only(&self, id: TypeId) -> bool {
        let is = |side: &[bool]| side.get(id.0).copied().unwrap_or(false);
        is(&self.received) && !is(&self.sent)
    }
}

fn closure(ir: &Ir, roots: Vec<TypeId>) -> Vec<bool> {
    let mut reached = vec![false; ir.types.len()];
    let mut pending = roots;
    while let Some(id) = pending.pop() {
        if std::mem::replace(&mut reached[id.0], true) {
            continue;
        }
        ir.get(id).shape.each_type(&mut |ty| ty.each_named(&mut |inner| pending.push(inner)));
    }
    reached
}

/// Opens every enumeration but those that are only sent.
pub(super) fn open_enumerations(ir: &mut Ir, reach: &Reach) {
    for (index, def) in ir.types.iter_mut().enumerate() {
        let open = reach.received[index] || !reach.sent[index];
        match &mut def.shape {
            Shape::Enumeration(enumeration) => enumeration.open |= open,
            Shape::IntegerEnumeration(enumeration) => enumeration.open |= open,
            _ => {}
        }
    }
}
