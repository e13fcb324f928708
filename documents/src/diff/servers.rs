//! Servers: base URLs under which requests were answered, and their variables.

use wireproof_contract::Side;
use wireproof_openapi::{Operation, Pointer, Server, ServerVariable};

use super::change::{Class, Draft, Subject};
use super::collect::Collector;
use super::kind::Kind;
use super::schemas::shown;

/// The servers of the documents as a whole.
pub(super) fn of_document(collector: &mut Collector<'_>) {
    let (old, new) = (collector.old().servers(), collector.new_document().servers());
    for draft in compare(old, new, &Pointer::root(), &Pointer::root()) {
        collector.add_to_all(draft);
    }
}

/// The servers of an operation, where they are its own.
pub(super) fn of_operation(collector: &mut Collector<'_>, subject: &Subject, old: &Operation, new: &Operation) {
    if old.servers == collector.old().servers() && new.servers == collector.new_document().servers() {
        return;
    }
    for draft in compare(&old.servers, &new.servers, &old.pointer, &new.pointer) {
        collector.add(subject, draft);
    }
}

fn compare(old: &[Server], new: &[Server], old_place: &Pointer, new_place: &Pointer) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let at = |draft: Draft| draft.on(Side::Request).at(Some(old_place.join("servers")), Some(new_place.join("servers")));
    let plain = |server: &Server| server.url.trim_end_matches('/').to_owned();
    for one in old {
        match new.iter().find(|other| plain(other) == plain(one)) {
            Some(other) => drafts.extend(variables(one, other).into_iter().map(at)),
            None => drafts.push(at(Draft::new(
                Kind::ServerRemoved,
                Class::Breaking,
                format!("server {} is gone", shown(&one.url.as_str().into())),
            ))),
        }
    }
    for other in new.iter().filter(|other| !old.iter().any(|one| plain(one) == plain(other))) {
        drafts.push(at(Draft::new(Kind::ServerAdded, Class::Compatible, format!("server {} is new", shown(&other.url.as_str().into())))));
    }
    drafts
}

fn variables(old: &Server, new: &Server) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for one in &old.variables {
        let Some(other) = new.variables.iter().find(|other| other.name == one.name) else { continue };
        let name = shown(&one.name.as_str().into());
        let lost = lost(one, other);
        if !lost.is_empty() {
            let message = format!("server variable {name} may no longer be {}", lost.join(", "));
            drafts.push(Draft::new(Kind::ServerVariableChanged, Class::Breaking, message));
        } else if one.values != other.values {
            drafts.push(Draft::new(
                Kind::ServerVariableChanged,
                Class::Compatible,
                format!("server variable {name} may have other values now"),
            ));
        }
        if one.default != other.default {
            let message = format!(
                "server variable {name} is {} by default, was {}",
                shown(&other.default.as_str().into()),
                shown(&one.default.as_str().into())
            );
            drafts.push(Draft::new(Kind::ServerVariableChanged, Class::Unknown, message));
        }
    }
    drafts
}

/// Values that a variable could have and can no longer.
fn lost(old: &ServerVariable, new: &ServerVariable) -> Vec<String> {
    match (old.values.is_empty(), new.values.is_empty()) {
        (_, true) => Vec::new(),
        (true, false) => vec!["anything".to_owned()],
        (false, false) => {
            old.values.iter().filter(|value| !new.values.contains(value)).map(|value| shown(&value.as_str().into())).collect()
        }
    }
}
