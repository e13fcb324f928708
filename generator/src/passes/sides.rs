//! `readOnly` and `writeOnly`: what is sent of a schema and what is received of it. The two are one type as long as they ask
//! for the same members, since every further type costs its users compile time; where they do not, the received side keeps the name and the
//! sent side becomes a definition of its own. Which schemas are sent and received is the finding of `reach.rs`.
//!
//! A member of the other side is never required: "the `required` will take effect on the response only" (OpenAPI 3.0.4, "Schema
//! Object", `readOnly`). In a type of one side it is left out, so that nobody sets it by mistake, unless the object would then
//! refuse or misread it: it *should* not be sent, so a value that has it is valid and must come through. What no operation reaches has the
//! members of both sides, and asks for those of an answer.

use foldhash::{HashMap, HashSet};

use super::reach::Reach;
use crate::ir::{Access, AdditionalProperties, Ir, Shape, Struct, Type, TypeId};

/// Gives every definition the view of the side that it is on, and parts those that differ.
pub(super) fn part(ir: &mut Ir) {
    let reach = Reach::of(ir);
    let parted = parted(ir, &reach);
    let mut sent: HashMap<TypeId, TypeId> = HashMap::default();
    for id in &parted {
        sent.insert(*id, TypeId(ir.types.len() + sent.len()));
    }
    let other = |id: TypeId| sent.get(&id).copied();
    for id in &parted {
        let original = ir.get(*id);
        let mut doc = original.doc.clone();
        doc.notes.push("This is what is sent; what is received has members that only the server sets.".to_owned());
        let mut shape = original.shape.clone();
        shape.each_type_mut(&mut |ty| ty.replace_named(&other));
        let twin = crate::ir::TypeDef {
            at: original.at.clone(),
            title: original.title.clone(),
            doc,
            request_side: true,
            home: None,
            constraints: original.constraints.clone(),
            shape,
        };
        ir.types.push(twin);
    }
    each_sent_type(ir, &mut |ty| ty.replace_named(&other));
    for (index, def) in ir.types.iter_mut().enumerate() {
        let is = |side: &[bool]| side.get(index).copied().unwrap_or(false);
        if is(&reach.sent) && !is(&reach.received) {
            def.shape.each_type_mut(&mut |ty| ty.replace_named(&other));
        }
    }
    for (index, def) in ir.types.iter_mut().enumerate() {
        let Shape::Struct(object) = &mut def.shape else { continue };
        let is = |side: &[bool]| side.get(index).copied().unwrap_or(false);
        if def.request_side || (is(&reach.sent) && !is(&reach.received)) {
            leave_out(object, Access::ReadOnly);
        } else if sent.contains_key(&TypeId(index)) || (is(&reach.received) && !is(&reach.sent)) {
            leave_out(object, Access::WriteOnly);
        } else if !is(&reach.sent) && !is(&reach.received) {
            // Taken as an answer, as long as nobody knows what else it is for.
            ask_less(object, Access::WriteOnly);
        }
    }
}

/// The definitions that are sent and received and whose sides differ, in themselves or in what they lead to; sorted.
fn parted(ir: &Ir, reach: &Reach) -> Vec<TypeId> {
    let both = |id: TypeId| reach.sent[id.0] && reach.received[id.0];
    let mut users: HashMap<TypeId, Vec<TypeId>> = HashMap::default();
    let mut pending = Vec::new();
    for (id, def) in ir.iter().filter(|(id, _)| both(*id)) {
        def.shape.each_type(&mut |ty| ty.each_named(&mut |inner| users.entry(inner).or_default().push(id)));
        if matches!(&def.shape, Shape::Struct(object) if differs(object)) {
            pending.push(id);
        }
    }
    let mut found = HashSet::default();
    while let Some(id) = pending.pop() {
        if found.insert(id) {
            pending.extend(users.get(&id).into_iter().flatten());
        }
    }
    let mut found: Vec<TypeId> = found.into_iter().collect();
    found.sort_unstable();
    found
}

/// Whether the two sides of an object ask for different members.
fn differs(object: &Struct) -> bool {
    let by_presence =
        |access: Access| object.presence.as_ref().is_some_and(|rule| rule.without(&hidden(object, access)).as_ref() != Some(rule));
    object.fields.iter().any(|field| field.required && field.access != Access::Both)
        || by_presence(Access::ReadOnly)
        || by_presence(Access::WriteOnly)
}

/// Whether a member is one of this access.
fn hidden(object: &Struct, access: Access) -> impl Fn(&str) -> bool + use<> {
    let names: HashSet<String> = object.fields.iter().filter(|field| field.access == access).map(|field| field.name.clone()).collect();
    move |name| names.contains(name)
}

/// Takes the members of this access out of an object that does not carry them.
fn leave_out(object: &mut Struct, access: Access) {
    ask_less(object, access);
    if object.additional == AdditionalProperties::Allowed(Type::Any) {
        object.fields.retain(|field| field.access != access);
    }
}

/// Lets the members of this access be missing.
fn ask_less(object: &mut Struct, access: Access) {
    let is_hidden = hidden(object, access);
    object.presence = object.presence.take().and_then(|rule| rule.without(&is_hidden));
    for field in object.fields.iter_mut().filter(|field| field.access == access) {
        field.required = false;
    }
    object.sort();
}

/// Visits the types of parameters and request bodies, and of what requests of the vendor's are answered.
fn each_sent_type(ir: &mut Ir, visit: &mut impl FnMut(&mut Type)) {
    ir.messages.iter_mut().filter(|message| message.sent).for_each(|message| visit(&mut message.ty));
    for operation in &mut ir.operations {
        operation.parameters.iter_mut().for_each(|parameter| visit(&mut parameter.ty));
        for alternative in operation.body.iter_mut().flat_map(|body| &mut body.alternatives) {
            alternative.content.each_type_mut(visit);
        }
    }
}
