//! What the types of schemas do with JSON.

use behaviour::*;
use wireproof_runtime::serde::de::DeserializeOwned;
use wireproof_runtime::{AdditionalProperties, Bytes, Field, Json, Null, Operation, Validate, http};

use crate::operations::request;
use crate::{keeps, refuses};

#[test]
fn objects_keep_everything_and_refuse_what_is_missing() {
    use objects::*;
    keeps::<Contact>(r#"{"id": 9223372036854775807, "name": "x"}"#);
    keeps::<Contact>(r#"{"id": 1, "name": "x", "score": 12345678901234567890.12345, "visits": 18446744073709551616, "anything": [1e400, null], "new": {"a": 1}}"#);
    keeps::<Contact>(r#"{"id": 1, "name": "x", "rating": 0.1, "address": {"street": "s"}, "anything": null}"#);
    refuses::<Contact>(r#"{"id": 1}"#, &["name"]);
    refuses::<Contact>(r#"{"id": "1", "name": "x"}"#, &["/id"]);
    refuses::<Contact>(r#"{"id": 1, "name": "x", "address": {"street": 5}}"#, &["/address/street"]);
    refuses::<Contact>(r#"{"id": 1, "name": null}"#, &["/name"]);
    refuses::<Contact>(r#"{"id": 1, "name": "x", "rating": null}"#, &["/rating"]);
    keeps::<Closed>(r#"{"a": true}"#);
    refuses::<Closed>(r#"{"a": true, "b": 1}"#, &["b"]);
    keeps::<Empty>("{}");
    refuses::<Empty>(r#"{"a": 1}"#, &["a"]);
    keeps::<NamesWithoutProperty>(r#"{"ghost": [1]}"#);
    refuses::<NamesWithoutProperty>("{}", &["ghost"]);
    let contact = Contact::new(7, "Ann");
    assert_eq!(serde_json::to_string(&contact).unwrap(), r#"{"id":7,"name":"Ann"}"#);
    // An integer may be written with a fraction of zero.
    assert_eq!(serde_json::from_str::<Contact>(r#"{"id": 7.0, "name": "Ann"}"#).unwrap(), contact);
    refuses::<Contact>(r#"{"id": 7.5, "name": "Ann"}"#, &["/id"]);
}

#[test]
fn members_beyond_a_tuple_keep_their_places() {
    use objects::*;
    let of = |names: &str| {
        let members: Vec<String> = names.chars().map(|name| format!(r#""{name}": "the {name}""#)).collect();
        format!("{{{}}}", members.join(", "))
    };
    keeps::<Twelve>(&of("abcdefghijkl"));
    keeps::<TwentyFive>(&of("abcdefghijklmnopqrstuvwxy"));
    let wide: TwentyFive = serde_json::from_str(&of("alnxmy")).unwrap();
    assert_eq!([&wide.a, &wide.m, &wide.y], ["the a", "the m", "the y"]);
    assert_eq!([&wide.b, &wide.l, &wide.n, &wide.x].map(Option::as_deref), [None, Some("the l"), Some("the n"), Some("the x")]);
    assert_eq!(wide.clone(), wide);
}

#[test]
fn presence_rules_hold_on_every_way_in() {
    use presence::*;
    for text in [r#"{"id": "1"}"#, r#"{"email": "a"}"#, r#"{"id": null}"#, r#"{"id": ""}"#, r#"{"id": "1", "email": "a", "source": "s", "x": 1}"#] {
        keeps::<IdOrEmail>(text);
    }
    refuses::<IdOrEmail>("{}", &["`id`", "`email`"]);
    refuses::<IdOrEmail>(r#"{"source": "x"}"#, &["`id`", "`email`"]);
    let by_email = IdOrEmail::with_email("a@b.c").source("crm");
    assert_eq!(serde_json::to_string(&by_email).unwrap(), r#"{"email":"a@b.c","source":"crm"}"#);
    assert_eq!(serde_json::to_string(&IdOrEmail::with_id(Null)).unwrap(), r#"{"id":null}"#);
    assert!(IdOrEmail::try_from(IdOrEmailParts::default()).is_err());
    assert!(IdOrEmail::try_from(IdOrEmailParts { id: Field::Null, ..Default::default() }).is_ok());
    assert_eq!(by_email.email, Field::Value("a@b.c".to_owned()));

    keeps::<ExactlyOne>(r#"{"kind": "k", "card": 1}"#);
    refuses::<ExactlyOne>(r#"{"kind": "k", "card": 1, "iban": "x"}"#, &["`card`", "`iban`"]);
    refuses::<ExactlyOne>(r#"{"kind": "k"}"#, &["`card`", "`iban`"]);
    assert_eq!(serde_json::to_string(&ExactlyOne::with_card("k", 5)).unwrap().len(), r#"{"kind":"k","card":5}"#.len());

    keeps::<Pair>(r#"{"lat": 1, "lon": 2}"#);
    keeps::<Pair>(r#"{"place": "x", "lat": 1}"#);
    refuses::<Pair>(r#"{"lat": 1}"#, &["`lat`", "`lon`", "`place`"]);

    keeps::<NotBoth>(r#"{"a": "x"}"#);
    refuses::<NotBoth>(r#"{"a": "x", "b": "y"}"#, &["`a`", "`b`"]);
    keeps::<AtLeastOne>(r#"{"other": 1}"#);
    refuses::<AtLeastOne>("{}", &["1"]);
}

#[test]
fn absent_null_and_value_are_three_things() {
    use three_state::*;
    let bare = keeps::<Patch>(r#"{"always": "a", "maybe_null": null}"#);
    assert_eq!((&bare.maybe_null, &bare.optional, &bare.three), (&None, &None, &Field::Absent));
    assert_eq!(keeps::<Patch>(r#"{"always": "a", "maybe_null": "x", "three": null}"#).three, Field::Null);
    keeps::<Patch>(r#"{"always": "a", "maybe_null": "x", "three": "y", "owner": null, "list": [1, null], "untyped": null}"#);
    keeps::<Patch>(r#"{"always": "a", "maybe_null": "x", "owner": {"name": "o"}, "untyped": {"a": []}}"#);
    refuses::<Patch>(r#"{"always": "a"}"#, &["maybe_null"]);
    refuses::<Patch>(r#"{"always": "a", "maybe_null": "x", "optional": null}"#, &["/optional"]);
}

#[test]
fn enumerations_stay_open_where_they_are_read() {
    use enums::*;
    let filter = keeps::<Filter>(r#"{"state": "in progress", "operator": "<=", "code": 2, "flag": true, "level": null, "contradiction": 5}"#);
    assert_eq!(filter.state, Some(FilterState::InProgress));
    assert_eq!(keeps::<Filter>(r#"{"state": "brand new"}"#).state, Some(FilterState::Unknown("brand new".to_owned())));
    for state in ["open", "closed", "", "-open", "OPEN"] {
        let text = format!("{{\"state\": \"{state}\"}}");
        assert!(!matches!(keeps::<Filter>(&text).state, Some(FilterState::Unknown(_))), "{state}");
    }
    refuses::<Filter>(r#"{"state": 5}"#, &["/state"]);
    keeps::<Order>(r#""asc""#);
    // Only sent, never received: closed.
    refuses::<Order>(r#""sideways""#, &["asc", "desc"]);
}

#[test]
fn numbers_have_names_where_they_are_values() {
    use enums::*;
    for (text, expected) in [("-1", Priority::Low), ("0", Priority::Value0), ("1", Priority::High), ("18446744073709551616", Priority::Huge)] {
        assert_eq!(keeps::<Priority>(text), expected);
    }
    assert_eq!(serde_json::from_str::<Priority>("1.0").unwrap(), Priority::High);
    for unknown in ["7", "-18446744073709551617", "1180591620717411303424"] {
        assert!(matches!(keeps(unknown), Priority::Unknown(_)), "{unknown}");
    }
    refuses::<Priority>("1.5", &["fraction"]);
    refuses::<Filter>(r#"{"priority": "1"}"#, &["/priority"]);
    // Only sent: closed.
    assert_eq!(keeps::<Sort>("-1"), Sort::ValueMinus1);
    refuses::<Sort>("0", &["`1`", "`-1`"]);
    let filters = request(&ListFilters { sort: Some(Sort::ValueMinus1), ..Default::default() });
    assert_eq!(filters.uri().query(), Some("sort=-1"));
    let response = http::Response::builder().status(200).header("content-type", "application/json").header("x-priority", "-1");
    match ListFilters::from_response(response.body(Bytes::from_static(b"{}")).unwrap()).unwrap() {
        ListFiltersResponse::Ok(ok) => assert_eq!(ok.headers.x_priority, Some(Priority::Low)),
        other => panic!("{other:?}"),
    }
    for mixed in [r#""auto""#, "0", "15", "true", "null", r#""other""#, "16"] {
        keeps::<Filter>(&format!("{{\"mixed\": {mixed}}}"));
    }
    assert!(matches!(keeps::<Filter>(r#"{"mixed": 15}"#).mixed, Field::Value(FilterMixed::Integer(FilterMixedInteger::Value15))));
    keeps::<Filter>(r#"{"fraction": 0.5, "code": 3}"#);
    assert_eq!(keeps::<Filter>(r#"{"annotated": 2}"#).annotated, Some(FilterAnnotated::High));
    // Values of another type than the schema's are read as values of that, and others are kept.
    assert_eq!(keeps::<Filter>(r#"{"contradiction": 2}"#).contradiction, Some(FilterContradiction::Value2));
    keeps::<Filter>(r#"{"contradiction": 7, "year": "2024"}"#);
    assert_eq!(keeps::<Filter>(r#"{"year": "2020"}"#).year, Some(FilterYear::N2020));
    assert_eq!(keeps::<Filter>(r#"{"azure": "1"}"#).azure, Some(FilterAzure::First));
}

#[test]
fn lists_and_maps_keep_their_content() {
    keeps::<arrays::Lists>(r#"{"names": [], "grid": [[1.5, 2.0], []], "people": [{"name": "x", "y": 1}], "loose": [1, "a", null]}"#);
    refuses::<arrays::Lists>(r#"{"people": [{"name": "x"}, {}]}"#, &["/people/1", "name"]);
    keeps::<arrays::Names>(r#"["a", "b"]"#);
    let labels: maps::Labels = keeps(r#"{"b": "1", "a": "2"}"#);
    assert_eq!(labels.keys().collect::<Vec<_>>(), ["b", "a"]);
    keeps::<maps::Free>(r#"{"x": 1e999, "y": {"z": []}}"#);
    let mixed: maps::Mixed = keeps(r#"{"id": "x", "n": 5}"#);
    assert_eq!(mixed.additional_properties.get("n"), Some(&5));
    refuses::<maps::Mixed>(r#"{"id": "x", "n": "five"}"#, &["/n"]);
    keeps::<maps::Nested>(r#"{"k": {"x": "v", "w": 1}}"#);
}

#[test]
fn all_of_holds_at_once() {
    use all_of::*;
    keeps::<Extended>(r#"{"id": "1", "note": "n", "extra": true, "more": 1}"#);
    refuses::<Extended>(r#"{"id": "1"}"#, &["note"]);
    keeps::<Wrapped>(r#"{"base": {"id": "1"}}"#);
    assert_eq!(keeps::<Tightened>(r#"{"id": "1", "note": "short"}"#).note, Some(TightenedNote::Short));
    // What the document gives a name has it wherever it is referred to from, and is nothing else that is made of the same.
    let Choice::Tram(tram) = keeps(r#"{"id": "1", "line": "5"}"#) else { panic!("a tram has a line") };
    assert_eq!(tram, Tram::new("1", "5"));
    let described = Described { noon: Some(Noon::new("1")), base: Some(Renamed::new("2")), ..Described::default() };
    assert_eq!(serde_json::to_string(&described).unwrap(), r#"{"base":{"id":"2"},"noon":{"id":"1"}}"#);
    assert_ne!(std::any::TypeId::of::<Noon>(), std::any::TypeId::of::<Night>());
}

#[test]
fn unions_take_the_branch_that_fits_best() {
    use unions::*;
    assert!(matches!(keeps(r#"{"bark": "wuff"}"#), Pet::Dog(_)));
    assert!(matches!(keeps(r#"{"meow": "m", "size": 1}"#), Pet::Cat(_)));
    refuses::<Pet>("{}", &["Cat", "Dog"]);
    refuses::<Pet>("5", &["Cat", "Dog"]);
    for text in [r#""x""#, "5", "true", r#"["a"]"#, "123456789012345678901234567890"] {
        keeps::<Value>(text);
    }
    refuses::<Value>("1.5", &[]);
    assert!(matches!(keeps(r#"{"a": "x", "b": "y"}"#), Overlap::Variant2(_)));
    assert!(matches!(keeps(r#"{"a": "x"}"#), Overlap::Variant1(_)));
    keeps::<Overlap>(r#"{"c": 1}"#);
    assert_eq!(keeps::<Open>(r#""two""#), Open::Two);
    assert_eq!(keeps::<Open>(r#""three""#), Open::Unknown("three".to_owned()));
    keeps::<Numeric>("1.5");
    keeps::<Numeric>("7");
    assert!(matches!(keeps(r#"{"kind": "k", "radius": 1}"#), Shared::Circle(_)));
    assert!(matches!(keeps(r#"{"kind": "k", "side": 1}"#), Shared::Square(_)));
    refuses::<Shared>(r#"{"kind": "k"}"#, &["Circle", "Square"]);
}

#[test]
fn tags_decide_and_new_tags_are_kept() {
    use discriminator::*;
    assert!(matches!(keeps(r#"{"kind": "kitty", "lives": 9}"#), Pet::Cat(_)));
    assert!(matches!(keeps(r#"{"kind": "Dog", "bark": "x"}"#), Pet::Dog(_)));
    // Without a mapping, what the branch allows for the member is its tag.
    assert!(matches!(keeps(r#"{"kind": "diver", "fins": 2}"#), Pet::Fish(_)));
    // Valid as a dog, whatever the tag says: a discriminator is no constraint.
    assert!(matches!(keeps(r#"{"kind": "kitty", "bark": "x"}"#), Pet::Dog(_)));
    // Valid as nothing: an open object of another kind must not swallow it.
    refuses::<Pet>(r#"{"kind": "kitty", "lives": "nine"}"#, &["/lives", "Cat"]);
    keeps::<Pet>(r#"{"kind": "hamster", "wheel": true}"#);
}

#[test]
fn tags_that_tell_nothing_decide_nothing() {
    use discriminator::*;
    // The mapping names another value for it, which it does not allow.
    assert!(matches!(keeps(r#"{"source": "paper", "pages": 2}"#), Proof::Form(_)));
    assert!(matches!(keeps(r#"{"source": "photo", "bytes": 10}"#), Proof::Image(_)));
    // Both allow it: what else there is decides.
    assert!(matches!(keeps(r#"{"source": "scan", "pages": 2}"#), Proof::Form(_)));
    assert!(matches!(keeps(r#"{"source": "scan", "bytes": 10}"#), Proof::Image(_)));
    refuses::<Proof>(r#"{"source": "scan"}"#, &["Form", "Image"]);
    assert!(matches!(keeps(r#"{"source": "form", "pages": 2}"#), Proof::Unknown(_)));
}

#[test]
fn types_contain_themselves() {
    use recursion::*;
    keeps::<Node>(r#"{"value": "a", "next": {"value": "b", "children": [{"value": "c"}]}}"#);
    keeps::<Tree>("[[], [[]]]");
    keeps::<Left>(r#"{"right": {"left": {"right": {}}}}"#);
    keeps::<Expression>(r#"{"not": {"not": "x"}}"#);
    let deep = format!("{}\"x\"{}", "{\"not\":".repeat(20_000), "}".repeat(20_000));
    assert!(serde_json::from_str::<Expression>(&deep).is_err());
}

#[test]
fn names_of_every_ugliness_come_through() {
    use names as n;
    keeps::<n::String>(r#"{"string": "a", "String": "b"}"#);
    keeps::<n::Option>(r#"{"some": [[]], "none": "x"}"#);
    keeps::<n::Result>(r#"{"ok": [{"box": {"box": {}}}]}"#);
    keeps::<n::Model>(r#"{"object": "o", "key": "k", "additional_properties": "p", "other": 1}"#);
    keeps::<n::FooBar>(r#"{"fooBar": "a", "foo_bar": "b", "foo-bar": "c"}"#);
    keeps::<n::FooBar2>(r#"{"+1": 1, "-1": 2, "": "e", "$": "d", "16": "s", "@id": "at", "id": "plain"}"#);
    let _: AdditionalProperties<Json> = AdditionalProperties::new();
    assert_eq!(n::API.operations.len(), 1);
}

#[test]
fn each_side_has_what_it_asks_for() {
    use access::*;
    // What is sent needs nothing that the server sets; where it is there all the same, it comes through.
    keeps::<UserSent>(r#"{"name": "n", "password": "p"}"#);
    keeps::<UserSent>(r#"{"id": "1", "name": "n", "created": "2020-01-01T00:00:00Z", "password": "p"}"#);
    refuses::<UserSent>(r#"{"name": "n"}"#, &["password"]);
    keeps::<User>(r#"{"id": "1", "name": "n", "created": "2020-01-01T00:00:00Z"}"#);
    keeps::<User>(r#"{"id": "1", "name": "n", "password": "p"}"#);
    refuses::<User>(r#"{"name": "n"}"#, &["id"]);
    let sent = request(&CreateUser::new(UserSent::new("n", "p")));
    assert_eq!(&sent.body()[..], br#"{"name":"n","password":"p"}"#);
    // Whatever contains a parted type is parted.
    let mut team = TeamRequest::default();
    team.members = Some(vec![UserSent::new("n", "p")]);
    team.parent = Some(Box::new(TeamRequest { owner: Field::Value(UserSent::new("o", "q")), ..Default::default() }));
    team.contact = Some(TeamContactRequest::User(UserSent::new("c", "r")));
    let _ = PutTeam::new(team);
    keeps::<TeamRequest>(r#"{"owner": null, "contact": {"name": "c", "password": "r"}, "parent": {"members": []}}"#);
    refuses::<Team>(r#"{"members": [{"name": "n"}]}"#, &["/members/0", "id"]);
    // Nothing that is asked for differs: one type.
    let note: Note = keeps(r#"{"text": "t", "seen": true, "secret": "s"}"#);
    let _ = AddNote::new(note);
    keeps::<Draft>(r#"{"text": "t", "number": 1}"#);
    assert_eq!(keeps::<Draft>(r#"{"text": "t", "number": 1, "secret": "s"}"#).secret.as_deref(), Some("s"));
    refuses::<Draft>(r#"{"text": "t", "secret": "s"}"#, &["number"]);
    // An object that refuses unknown members keeps those of the other side as optional ones.
    keeps::<NewOrder>(r#"{"item": "i"}"#);
    keeps::<NewOrder>(r#"{"item": "i", "number": 5}"#);
    // What is only sent holds the sent side of what is parted.
    assert_eq!(keeps::<NewOrder>(r#"{"item": "i", "buyer": {"name": "n", "password": "p"}}"#).buyer, Some(UserSent::new("n", "p")));
    refuses::<NewOrder>(r#"{"item": "i", "other": 5}"#, &["other"]);
    keeps::<Receipt>(r#"{"total": 1.5, "pin": "0000"}"#);
    refuses::<Receipt>(r#"{"pin": "0000"}"#, &["total"]);
}

#[test]
fn items_of_tuples_have_types_of_their_own() {
    use tuples::*;
    let point: Point = keeps("[1.5, 2.0]");
    assert_eq!((point.0, point.1), (1.5, 2.0));
    refuses::<Point>("[1.5]", &["invalid length 1", "2"]);
    refuses::<Point>("[1.5, 2, 3]", &["too many items"]);
    refuses::<Point>(r#"[1.5, "x"]"#, &["/1"]);
    refuses::<Point>("{}", &["an array"]);
    // It contains itself, so no finite text is valid; what is refused is the missing item, wherever it is.
    refuses::<Row>(r#"["a", null, ["b", 5]]"#, &["/2", "invalid length 2"]);
    keeps::<Open>(r#"["a", 1e400, null]"#);
    keeps::<Bounded>(r#"["b", {"n": 12345678901234567890123}]"#);
    refuses::<Bounded>(r#"["b", {}, 1]"#, &["too many items"]);
    for text in ["[]", r#"["a"]"#, r#"["a", null]"#, r#"["a", 5, {"x": "y", "z": 1}]"#] {
        keeps::<Loose>(text);
    }
    refuses::<Loose>("[true]", &["LooseItem"]);
    assert_eq!(keeps::<Same>("[1, 2.5, 3]").len(), 3);
    keeps::<Seen>(r#"["foo", "bar", 1]"#);
    keeps::<Seen>(r#"["foo"]"#);
    let holder: Holder = keeps(r#"{"bounds": [[1.5, 2.5], [3.5, 4.5]], "unique": ["x"]}"#);
    assert_eq!(holder.bounds, Some(HolderBounds(Point(1.5, 2.5), Point(3.5, 4.5))));
}

#[test]
fn null_alone_is_a_type() {
    use conditions::*;
    keeps::<Ended>(r#"{"by": null}"#);
    keeps::<Ended>(r#"{"by": null, "note": null}"#);
    refuses::<Ended>(r#"{"by": "me"}"#, &["/by"]);
    refuses::<Ended>("{}", &["by"]);
}

#[test]
fn conditions_lose_nothing() {
    use conditions::*;
    keeps::<Patterned>(r#"{"x-a": "b"}"#);
    refuses::<Patterned>(r#"{"x-a": 1}"#, &["a string"]);
    let patterns: Patterns = keeps(r#"{"id": "i", "n_a": 1, "s_a": null, "s_b": "x"}"#);
    assert_eq!(patterns.id.as_deref(), Some("i"));
    refuses::<Patterns>(r#"{"n_a": 1.5}"#, &["/n_a"]);
    keeps::<AnyOther>(r#"{"n_a": 1, "other": [true]}"#);
    keeps::<Named>(r#"{"a": 123456789012345678901234567890}"#);
    keeps::<Dependent>(r#"{"card": "c", "address": "long enough", "name": "n", "iban": "i"}"#);
    refuses::<Dependent>(r#"{"card": "c"}"#, &["`card`", "`address`"]);
    refuses::<Dependent>(r#"{"iban": "c"}"#, &["`iban`", "`name`"]);
    keeps::<Conditional>(r#"{"a": "x", "b": "y"}"#);
    keeps::<Conditional>(r#"{"c": "x"}"#);
    refuses::<Conditional>(r#"{"a": "x"}"#, &["`b`"]);
    refuses::<Conditional>(r#"{"b": "x"}"#, &["`c`"]);
    // What only the `then` describes is kept: a struct that refused it would refuse what is valid.
    keeps::<ByValue>(r#"{"kind": "paid", "receipt": "r", "amount": 0.5}"#);
    keeps::<NotThat>(r#"{"a": "y", "z": 1}"#);
    keeps::<Evaluated>(r#"{"id": "i", "b": 1, "c": 2}"#);
    keeps::<Sealed>(r#"{"a": "x", "b": "y"}"#);
    refuses::<Sealed>(r#"{"z": "x"}"#, &["z"]);
    keeps::<SeenBeside>(r#"{"a": 1, "z": "x"}"#);
    refuses::<SeenBeside>(r#"{"a": 1, "z": 2}"#, &["/z"]);
    keeps::<SeenBelow>(r#"{"a": "x", "z": 2}"#);
}

#[test]
fn choices_at_once_are_multiplied_out() {
    use choices::*;
    let order: Order = keeps(r#"{"id": "1", "iban": "i", "work": 5, "z": null}"#);
    match order {
        Order::Iban(OrderIban::Work(order)) => assert_eq!((order.id.as_str(), order.iban.as_str(), order.work), ("1", "i", 5)),
        other => panic!("{other:?}"),
    }
    refuses::<Order>(r#"{"id": "1", "iban": "i"}"#, &["home", "work"]);
    refuses::<Order>(r#"{"id": "1", "home": 5}"#, &["card", "iban"]);
    keeps::<Search>(r#"{"a": "x", "page": 1}"#);
    keeps::<Search>(r#"{"b": "x", "cursor": "c"}"#);
    refuses::<Search>(r#"{"page": 1}"#, &["`a`", "`b`"]);
    refuses::<Search>(r#"{"a": "x"}"#, &["page"]);
    assert!(matches!(keeps(r#"{"at": "t", "way": "d", "depth": 1}"#), Tagged::Down(_)));
    assert!(matches!(keeps(r#"{"at": "t", "way": "left"}"#), Tagged::Unknown(_)));
    assert!(matches!(keeps(r#""auto""#), Chunking::Auto(ChunkingVariant1::Auto)));
    assert!(matches!(keeps(r#"{"size": 5}"#), Chunking::Fixed(_)));
    keeps::<Wide>(r#"{"id": "1", "a": "x", "e": "y", "i": "z"}"#);
}

#[test]
fn a_base_is_any_of_its_kinds() {
    use kinds::*;
    assert!(matches!(keeps(r#"{"kind": "kitty", "name": "n", "lives": 9}"#), Pet::Cat(cat) if cat.lives == 9));
    assert!(matches!(keeps(r#"{"kind": "Dog", "name": "n", "owner": null}"#), Pet::Dog(_)));
    assert!(matches!(keeps(r#"{"kind": "pup", "name": "n", "weeks": 5, "friend": {"kind": "kitty", "name": "m", "lives": 1}}"#), Pet::Puppy(_)));
    for text in [
        // Of an unknown kind, of no kind that is told apart, and of a kind whose own members are missing: all of them are valid against the base.
        r#"{"kind": "hamster", "name": "n", "wheel": true}"#,
        r#"{"kind": "plain", "name": "n"}"#,
        r#"{"kind": "kitty", "name": "n"}"#,
        r#"{"kind": "kitty", "name": "n", "lives": "nine", "x": 1}"#,
    ] {
        assert!(matches!(keeps(text), Pet::Other(pet) if pet.name == "n"), "{text}");
    }
    refuses::<Pet>(r#"{"kind": "hamster"}"#, &["name"]);
    refuses::<Pet>(r#"{"kind": "kitty", "lives": 5}"#, &["name"]);
    // A chain of values none of which fits its kind costs no more than its length.
    let chain = (0..40).fold(r#"{"kind": "kitty", "name": "n"}"#.to_owned(), |inner, _| format!(r#"{{"kind": "kitty", "name": "n", "friend": {inner}}}"#));
    keeps::<Pet>(&chain);
    assert!(matches!(keeps::<PetResult>(r#"{"kind": "kitty", "name": "n", "lives": 9}"#), Pet::Cat(_)));
    // Kinds are structs; a base that is a kind is a union again.
    assert_eq!(keeps::<Cat>(r#"{"kind": "kitty", "name": "n", "lives": 9}"#).lives, 9);
    assert!(matches!(keeps(r#"{"kind": "x", "name": "n", "breed": "pup", "weeks": 1}"#), Dog::Puppy(_)));
    let drawing: Drawing = keeps(r#"{"shapes": [{"type": "Circle", "radius": 1.5}, {"area": 2, "z": 1}, {"type": "Dot"}], "dot": {"area": 0}}"#);
    assert!(matches!(drawing.shapes.as_deref(), Some([Shape::Circle(_), Shape::Other(_), Shape::Other(_)])));
    keeps::<Lonely>(r#"{"type": "x"}"#);
}

/// What a value of this type breaks, as a message.
#[track_caller]
fn broken<T: DeserializeOwned + Validate>(text: &str) -> String {
    let value: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    value.validate().err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn constraints_are_checked_on_request_and_never_on_the_way_in() {
    use constraints::*;
    for (thing, expected) in [
        (r#"{"id": "abcde", "price": 999.99, "tags": ["a"], "tag": null, "labels": {"a": "bc"}, "when": "2024-02-29T00:00:00Z", "n": 0}"#, ""),
        (r#"{"id": ""}"#, "`/id` breaks `minLength: 1`"),
        (r#"{"id": "a", "price": 1000}"#, "`/price` breaks `exclusiveMaximum: 1e+3`"),
        (r#"{"id": "a", "price": 0.001}"#, "`/price` breaks `multipleOf: 0.01`"),
        (r#"{"id": "a", "size": -4}"#, "`/size` breaks `minimum: -3`"),
        (r#"{"id": "a", "tags": []}"#, "`/tags` breaks `minItems: 1`"),
        (r#"{"id": "a", "tags": ["b", "b"]}"#, "`/tags` breaks `uniqueItems: true`"),
        (r#"{"id": "a", "tags": ["b", "123456789"]}"#, "`/tags/1` breaks `maxLength: 8`"),
        (r#"{"id": "a", "tag": "123456789"}"#, "`/tag` breaks `maxLength: 8`"),
        (r#"{"id": "a", "labels": {"a": "bcd", "e": ""}}"#, "`/labels` breaks `maxProperties: 1`, `/labels/a` breaks `maxLength: 2`"),
        (r#"{"id": "a", "when": "today", "other": "x", "odd": "y"}"#, "`/when` breaks `format: date-time`"),
        (r#"{"id": "a", "n": -1}"#, "`/n` breaks `minimum: 0`"),
        (r#"{"id": "a", "parent": {"id": "b", "parent": {"id": "sixsix"}}}"#, "`/parent/parent/id` breaks `maxLength: 5`"),
    ] {
        assert_eq!(broken::<Thing>(thing), expected, "{thing}");
        keeps::<Thing>(thing);
    }
    for (holder, expected) in [
        (r#"{"thing": {"id": "a"}, "pair": ["a", {"id": "a"}, 9], "choice": 10, "tree": [[], []], "contact": {"id": "a"}}"#, ""),
        (r#"{"pair": ["ab", {"id": ""}, 10, 1]}"#, "`/pair` breaks `maxItems: 3`, `/pair/0` breaks `maxLength: 1`, `/pair/2` breaks `maximum: 9`, `/pair/1/id` breaks `minLength: 1`"),
        (r#"{"choice": "abcd"}"#, "`/choice` breaks `maxLength: 3`"),
        (r#"{"choice": 9}"#, "`/choice` breaks `minimum: 10`"),
        (r#"{"choice": {"id": "ab"}}"#, ""),
        (r#"{"choice": {"id": "abcdef"}}"#, "`/choice/id` breaks `maxLength: 1`"),
        (r#"{"tree": [[[], [], []]]}"#, "`/tree/0` breaks `maxItems: 2`"),
        (r#"{"contact": {"id": ""}}"#, "`/contact/id` breaks `minLength: 1`"),
        (r#"{"contact": {"email": "a"}}"#, "`/contact/email` breaks `format: email`"),
    ] {
        assert_eq!(broken::<Holder>(holder), expected, "{holder}");
    }
    assert_eq!(broken::<PutThingOk>(r#"{"name": "received, so of any length"}"#), "");
}
