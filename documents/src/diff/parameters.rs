//! Parameters: added, removed, renamed, moved, required, and written in another way. Headers of answers share what they have in common
//! with them.

use wireproof_contract::Side;
use wireproof_openapi::{Location, Operation, Parameter, ParameterShape, Pointer};

use super::change::{Class, Draft, Shift, Subject};
use super::collect::Collector;
use super::kind::Kind;
use super::operations::variables;
use super::rename;
use super::schemas::shown;

/// Who a parameter is: those of the path by their number, as their names do not travel; headers whatever their case.
fn identity(operation: &Operation, parameter: &Parameter) -> (Location, String) {
    let name = match parameter.location {
        Location::Path => {
            let number = variables(&operation.path).iter().position(|name| *name == parameter.name);
            number.map_or_else(|| parameter.name.clone(), |number| number.to_string())
        }
        Location::Header => parameter.name.to_ascii_lowercase(),
        Location::Query | Location::Cookie => parameter.name.clone(),
    };
    (parameter.location, name)
}

/// Compares the parameters of two versions of an operation.
pub(super) fn compare(collector: &mut Collector<'_>, subject: &Subject, old: &Operation, new: &Operation) {
    let side = subject.caller.direction(Side::Request);
    let mut come: Vec<&Parameter> = new.parameters.iter().collect();
    let mut gone: Vec<&Parameter> = Vec::new();
    for one in &old.parameters {
        match come.iter().position(|other| identity(old, one) == identity(new, other)) {
            Some(index) => {
                let other = come.remove(index);
                parameter(collector, subject, one, other);
            }
            None => gone.push(one),
        }
    }
    // The same name elsewhere, then a like name in the same place and of the same shape.
    let mut moved: Vec<(&Parameter, &Parameter)> = Vec::new();
    gone.retain(|one| match come.iter().position(|other| other.name == one.name) {
        Some(index) => {
            moved.push((one, come.remove(index)));
            false
        }
        None => true,
    });
    for (one, other) in moved {
        let message = format!("{} travels {} now", called(one), whither(other.location));
        let draft = Draft::new(Kind::ParameterMoved, Class::Breaking, message).on(side);
        collector.add(subject, draft.at(Some(one.pointer.clone()), Some(other.pointer.clone())));
        schemas(collector, subject, &one.shape, &other.shape, Side::Request);
    }
    let names = |list: &[&Parameter]| list.iter().map(|parameter| parameter.name.clone()).collect::<Vec<_>>();
    let (old_names, new_names) = (names(&gone), names(&come));
    let (old_names, new_names): (Vec<&str>, Vec<&str>) =
        (old_names.iter().map(String::as_str).collect(), new_names.iter().map(String::as_str).collect());
    let find = |list: &[&Parameter], name: &str| list.iter().position(|parameter| parameter.name == name);
    for (before, now) in rename::find(&old_names, &new_names, |before, now| {
        let (Some(one), Some(other)) = (find(&gone, before).and_then(|at| gone.get(at)), find(&come, now).and_then(|at| come.get(at)))
        else {
            return false;
        };
        one.location == other.location && one.required == other.required && collector.same_shape(&one.shape, &other.shape)
    }) {
        let (Some(one), Some(other)) = (find(&gone, before), find(&come, now)) else { continue };
        let (one, other) = (gone.remove(one), come.remove(other));
        let message = format!("{} is called {} now", called(one), shown(&now.into()));
        let draft = Draft::new(Kind::ParameterRenamed, Class::Breaking, message).on(side);
        collector.add(subject, draft.at(Some(one.pointer.clone()), Some(other.pointer.clone())));
    }
    for one in gone {
        // What is received and was never sure to come is missed by nobody.
        let (class, what) = match (side, one.required) {
            (Side::Response, true) => (Class::Breaking, ", and was always there"),
            (Side::Response, false) => (Class::Compatible, ""),
            (Side::Request, _) => (Class::Breaking, ""),
        };
        let draft = Draft::new(Kind::ParameterRemoved, class, format!("{} is gone{what}", called(one))).on(side);
        collector.add(subject, draft.at(Some(one.pointer.clone()), Some(new.pointer.clone())));
    }
    for other in come {
        let (class, what) = match (side, other.required) {
            (Side::Request, true) => (Class::Breaking, "is new, and required"),
            _ => (Class::Compatible, "is new"),
        };
        let draft = Draft::new(Kind::ParameterAdded, class, format!("{} {what}", called(other))).on(side);
        collector.add(subject, draft.at(Some(old.pointer.clone()), Some(other.pointer.clone())));
    }
}

fn called(parameter: &Parameter) -> String {
    format!("{} parameter {}", parameter.location, shown(&parameter.name.as_str().into()))
}

fn whither(location: Location) -> &'static str {
    match location {
        Location::Path => "in the path",
        Location::Query => "in the query",
        Location::Header => "as a header",
        Location::Cookie => "as a cookie",
    }
}

fn parameter(collector: &mut Collector<'_>, subject: &Subject, old: &Parameter, new: &Parameter) {
    let side = subject.caller.direction(Side::Request);
    let is_sent = side == Side::Request;
    let at = |draft: Draft, member: &str| draft.on(side).at(Some(old.pointer.join(member)), Some(new.pointer.join(member)));
    if old.name != new.name && old.location == Location::Path {
        let message = format!("{} is called {} now, which does not travel", called(old), shown(&new.name.as_str().into()));
        collector.add(subject, at(Draft::new(Kind::ParameterRenamed, Class::Compatible, message), "name"));
    }
    match (old.required, new.required) {
        (false, true) => {
            let message = format!("{} is {} now", called(new), if is_sent { "required" } else { "always there" });
            collector.add(subject, at(Draft::new(Kind::ParameterRequired, Shift::NARROWED.class(side), message), "required"));
        }
        (true, false) => {
            let message = format!("{} {}", called(new), if is_sent { "is no longer required" } else { "may be missing now" });
            collector.add(subject, at(Draft::new(Kind::ParameterOptional, Shift::WIDENED.class(side), message), "required"));
        }
        _ => {}
    }
    deprecated(collector, subject, (old.deprecated, new.deprecated), &called(new), |draft| at(draft, "deprecated"));
    if let Some((class, what)) = style(&old.shape, &new.shape) {
        // Who receives has to read whatever is newly allowed.
        let class = if is_sent { class } else { Class::Breaking };
        let draft = Draft::new(Kind::ParameterStyleChanged, class, format!("{} is written in another way: {what}", called(new)));
        collector.add(subject, at(draft, "style"));
    }
    schemas(collector, subject, &old.shape, &new.shape, Side::Request);
}

/// Tells what is deprecated now, or no longer.
pub(super) fn deprecated(
    collector: &mut Collector<'_>,
    subject: &Subject,
    (old, new): (bool, bool),
    what: &str,
    at: impl Fn(Draft) -> Draft,
) {
    match (old, new) {
        (false, true) => collector.add(subject, at(Draft::new(Kind::Deprecated, Class::Compatible, format!("{what} is deprecated now")))),
        (true, false) => {
            collector.add(subject, at(Draft::new(Kind::Undeprecated, Class::Compatible, format!("{what} is no longer deprecated"))));
        }
        _ => {}
    }
}

/// How the way differs in which a value is written, and what that means.
pub(super) fn style(old: &ParameterShape, new: &ParameterShape) -> Option<(Class, String)> {
    match (old, new) {
        (
            ParameterShape::Schema { style, explode, allow_reserved, allow_empty_value, .. },
            ParameterShape::Schema {
                style: new_style,
                explode: new_explode,
                allow_reserved: new_reserved,
                allow_empty_value: new_empty,
                ..
            },
        ) => {
            if (style, explode) != (new_style, new_explode) {
                return Some((
                    Class::Breaking,
                    format!("`style` is {new_style:?} with `explode: {new_explode}`, was {style:?} with `explode: {explode}`"),
                ));
            }
            let narrowed = (*allow_reserved && !new_reserved) || (*allow_empty_value && !new_empty);
            let widened = (!allow_reserved && *new_reserved) || (!allow_empty_value && *new_empty);
            match (narrowed, widened) {
                (true, _) => Some((Class::Breaking, "`allowReserved` or `allowEmptyValue` is gone".to_owned())),
                (false, true) => Some((Class::Compatible, "`allowReserved` or `allowEmptyValue` is new".to_owned())),
                (false, false) => None,
            }
        }
        (ParameterShape::Content(old), ParameterShape::Content(new)) if old.name == new.name => None,
        (ParameterShape::Content(_), _) | (_, ParameterShape::Content(_)) => {
            Some((Class::Breaking, "`content` instead of `schema`, or of another type".to_owned()))
        }
    }
}

/// Goes on with the schemas of two parameters or headers.
pub(super) fn schemas(collector: &mut Collector<'_>, subject: &Subject, old: &ParameterShape, new: &ParameterShape, half: Side) {
    collector.schemas(subject, schema_of(old), schema_of(new), half);
}

pub(super) fn schema_of(shape: &ParameterShape) -> Option<&Pointer> {
    match shape {
        ParameterShape::Schema { schema, .. } => schema.as_ref(),
        ParameterShape::Content(entry) => entry.schema.as_ref(),
    }
}
