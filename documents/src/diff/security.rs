//! Credentials, by what they are and not by what they are called: a request that carried enough must carry enough still.

use std::collections::BTreeSet;

use wireproof_contract::Side;
use wireproof_openapi::{Document, Operation, SecuritySchemeKind};

use super::change::{Caller, Class, Draft, Subject};
use super::collect::Collector;
use super::kind::Kind;
use super::schemas::shown;

/// What one alternative asks for: schemes, by what they are, with their scopes.
type Alternative = BTreeSet<(String, BTreeSet<String>)>;

pub(super) fn compare(collector: &mut Collector<'_>, subject: &Subject, old: &Operation, new: &Operation) {
    let (before, now) = (alternatives(collector.old(), old), alternatives(collector.new_document(), new));
    if before == now {
        return;
    }
    // An alternative still suffices if one of the others asks for no more.
    let suffices = |one: &Alternative, all: &[Alternative]| all.iter().any(|other| asks_no_more(other, one));
    let (class, message) = match subject.caller {
        Caller::Client => match before.iter().find(|one| !suffices(one, &now)) {
            Some(one) => (Class::Breaking, format!("{} no longer suffices; what does: {}", told(one), all(&now))),
            None => (Class::Compatible, format!("what suffices now: {}; was: {}", all(&now), all(&before))),
        },
        // The vendor proves who it is, to whoever asked for what it had before.
        Caller::Vendor => match now.iter().find(|one| !suffices(one, &before)) {
            Some(one) => (Class::Breaking, format!("the vendor may come with {} now; was: {}", told(one), all(&before))),
            None => (Class::Compatible, format!("the vendor comes with {}; was: {}", all(&now), all(&before))),
        },
    };
    let place = |document: &Document, operation: &Operation| {
        let own = operation.pointer.join("security");
        if document.get(&own).is_some() { own } else { wireproof_openapi::Pointer::root().join("security") }
    };
    let names = |operation: &Operation| {
        operation
            .security
            .iter()
            .flat_map(|one| one.schemes.iter().map(|(name, scopes)| (name.clone(), scopes.clone())))
            .collect::<Vec<_>>()
    };
    // The same requirement for schemes that are others now is told at the scheme.
    let scheme = names(old)
        .into_iter()
        .zip(names(new))
        .find(|(one, other)| one == other && kind_of(collector.old(), &one.0) != kind_of(collector.new_document(), &one.0));
    let draft = match scheme.filter(|_| names(old) == names(new)) {
        Some(((name, _), _)) => {
            let place = |document: &Document| {
                document.security_schemes().iter().find(|scheme| scheme.name == name).map(|scheme| scheme.pointer.clone())
            };
            Draft::new(Kind::SecuritySchemeChanged, class, format!("scheme {}: {message}", shown(&name.as_str().into())))
                .at(place(collector.old()), place(collector.new_document()))
        }
        None => Draft::new(Kind::SecurityChanged, class, message)
            .at(Some(place(collector.old(), old)), Some(place(collector.new_document(), new))),
    };
    collector.add(subject, draft.on(subject.caller.direction(Side::Request)));
}

fn alternatives(document: &Document, operation: &Operation) -> Vec<Alternative> {
    let of = |name: &str, scopes: &[String]| (kind_of(document, name), scopes.iter().cloned().collect());
    let mut all: Vec<Alternative> =
        operation.security.iter().map(|one| one.schemes.iter().map(|(name, scopes)| of(name, scopes)).collect()).collect();
    // No requirement at all is one that asks for nothing.
    if all.is_empty() {
        all.push(Alternative::new());
    }
    all.sort();
    all.dedup();
    all
}

/// Whether whoever has what `other` asks for has what `one` asks for.
fn asks_no_more(one: &Alternative, other: &Alternative) -> bool {
    one.iter().all(|(scheme, scopes)| other.iter().any(|(has, granted)| has == scheme && scopes.is_subset(granted)))
}

/// What a scheme is, as it travels.
fn kind_of(document: &Document, name: &str) -> String {
    let Some(scheme) = document.security_schemes().iter().find(|scheme| scheme.name == name) else {
        return format!("the unknown `{name}`");
    };
    match &scheme.kind {
        SecuritySchemeKind::ApiKey { location, name } => format!("the {location} {}", shown(&name.as_str().into())),
        SecuritySchemeKind::Http { scheme } => format!("HTTP {scheme}"),
        SecuritySchemeKind::OAuth2 => "OAuth 2".to_owned(),
        SecuritySchemeKind::OpenIdConnect => "OpenID Connect".to_owned(),
        SecuritySchemeKind::MutualTls => "mutual TLS".to_owned(),
        SecuritySchemeKind::Unknown => format!("the unknown `{name}`"),
    }
}

fn told(alternative: &Alternative) -> String {
    if alternative.is_empty() {
        return "no credential".to_owned();
    }
    let one = |(scheme, scopes): &(String, BTreeSet<String>)| {
        let scopes: Vec<String> = scopes.iter().map(|scope| shown(&scope.as_str().into())).collect();
        if scopes.is_empty() { scheme.clone() } else { format!("{scheme} with {}", scopes.join(", ")) }
    };
    alternative.iter().map(one).collect::<Vec<_>>().join(" and ")
}

fn all(alternatives: &[Alternative]) -> String {
    alternatives.iter().map(told).collect::<Vec<_>>().join(", or ")
}
