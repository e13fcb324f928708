//! Objects, as generated code reads and writes them.

#![expect(clippy::unwrap_used, reason = "the checks below are tests in all but name")]

use serde_json::{from_str, to_string};
use wireproof_runtime::{
    AdditionalProperties, And, Field, Json, Model, ModelInfo, NoOthers, Null, Nullable, Presence, PresenceError, Refs, check_presence,
    checked_object, object,
};

#[derive(Default)]
struct Contact {
    id: i64,
    name: Option<String>,
    tags: Vec<Tag>,
    email: Option<String>,
    nick: Field<String>,
    additional_properties: AdditionalProperties,
}

impl Model for Contact {
    const INFO: ModelInfo = ModelInfo { name: "Contact", keys: &["id", "name", "tags", "email", "nick"], required: 3 };
    type Members = (i64, Option<String>, Vec<Tag>, Option<String>, Field<String>);
    type Others = AdditionalProperties;

    fn build((id, name, tags, email, nick): Self::Members, additional_properties: Self::Others) -> Self {
        Self { id, name, tags, email, nick, additional_properties }
    }

    fn refs(&self) -> Refs<'_, Self> {
        ((&self.id, &self.name, &self.tags, &self.email, &self.nick), &self.additional_properties)
    }
}

object!(Contact);

/// A struct that allows no other members.
#[derive(Default)]
struct Tag {
    label: String,
}

impl Model for Tag {
    const INFO: ModelInfo = ModelInfo { name: "Tag", keys: &["label"], required: 1 };
    type Members = (String,);
    type Others = NoOthers;

    fn build((label,): Self::Members, _: Self::Others) -> Self {
        Self { label }
    }

    fn refs(&self) -> Refs<'_, Self> {
        ((&self.label,), &NoOthers)
    }
}

object!(Tag);

/// The parts of a struct with a presence rule.
struct PurgeParts {
    id: Field<String>,
    email: Option<String>,
    additional_properties: AdditionalProperties,
}

impl Model for PurgeParts {
    const INFO: ModelInfo = ModelInfo { name: "Purge", keys: &["id", "email"], required: 0 };
    type Members = (Field<String>, Option<String>);
    type Others = AdditionalProperties;

    fn build((id, email): Self::Members, additional_properties: Self::Others) -> Self {
        Self { id, email, additional_properties }
    }

    fn refs(&self) -> Refs<'_, Self> {
        ((&self.id, &self.email), &self.additional_properties)
    }
}

object!(PurgeParts, Default);

#[derive(Debug, Clone, PartialEq)]
struct Purge(PurgeParts);

impl Purge {
    const RULE: Presence = Presence::Any(&[Presence::Has("id"), Presence::Has("email")]);

    fn with_id(id: impl Into<Nullable<String>>) -> Self {
        Self(PurgeParts { id: Field::from(id.into()), ..PurgeParts::default() })
    }
}

impl TryFrom<PurgeParts> for Purge {
    type Error = PresenceError;

    fn try_from(parts: PurgeParts) -> Result<Self, PresenceError> {
        check_presence(&parts, &Self::RULE)?;
        Ok(Self(parts))
    }
}

impl std::ops::Deref for Purge {
    type Target = PurgeParts;

    fn deref(&self) -> &PurgeParts {
        &self.0
    }
}

checked_object!(Purge, PurgeParts);

#[track_caller]
fn check_same(text: &str) {
    assert_eq!(to_string(&from_str::<Contact>(text).unwrap()).unwrap(), text);
    let value: serde_json::Value = from_str(text).unwrap();
    let through_value: Contact = serde_json::from_value(value).unwrap();
    assert_eq!(through_value, from_str(text).unwrap(), "{text}");
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let error = from_str::<Contact>(text).unwrap_err().to_string();
    assert_eq!(error.rsplit_once(" at line ").map_or(error.as_str(), |(message, _)| message), expected);
}

#[test]
fn what_is_valid_comes_back_as_it_was() {
    check_same(r#"{"id":1,"name":null,"tags":[]}"#);
    check_same(r#"{"id":1,"name":"a","tags":[{"label":"x"}],"email":"b","nick":null}"#);
    check_same(r#"{"id":1,"name":null,"tags":[],"nick":"n","z":{"deep":[1.50,null]},"a/b":2}"#.replace("1.50", "1.5").as_str());
}

#[test]
fn the_order_of_members_does_not_matter_and_the_last_of_equals_counts() {
    let contact: Contact = from_str(r#"{"tags":[],"x":1,"nick":"a","id":1,"nick":"b","name":null,"x":2}"#).unwrap();
    assert_eq!(contact.nick, Field::Value("b".to_owned()));
    assert_eq!(contact.additional_properties.get("x"), Some(&Json::from(2)));
    assert_eq!(contact.additional_properties.len(), 1);
}

#[test]
fn errors_say_where() {
    check_refused("{}", "missing field `id`");
    check_refused(r#"{"id":1}"#, "missing field `name`");
    check_refused(r#"{"id":1,"name":null,"email":null,"tags":[]}"#, "/email: invalid type: null, expected a string");
    check_refused(
        r#"{"id":1,"name":null,"tags":[{"label":"a"},{"label":1}]}"#,
        "/tags/1/label: invalid type: integer `1`, expected a string",
    );
    check_refused(r#"{"id":1,"name":null,"tags":[{}]}"#, "/tags/0: missing field `label`");
    check_refused(r#"{"id":1,"name":null,"tags":[{"label":"a","x":1}]}"#, "/tags/0: unknown field `x`, expected `label`");
    check_refused("[]", "invalid type: sequence, expected an object (`Contact`)");
    check_refused(r#"{"id":1,"a b":tru}"#, "/a%20b: expected ident");
}

#[test]
fn presence_rules_are_kept_on_the_way_in() {
    for (text, expected) in [
        (r#"{"id":null}"#, Some(Purge::with_id(Null))),
        (r#"{"id":"x"}"#, Some(Purge::with_id("x"))),
        (r#"{"id":"x"}"#, Some(Purge::with_id("x".to_owned()))),
        ("{}", None),
        (r#"{"source":"x"}"#, None),
    ] {
        let read = from_str::<Purge>(text);
        match expected {
            Some(expected) => {
                assert_eq!(to_string(&expected).unwrap(), text);
                assert_eq!(read.unwrap(), expected);
            }
            None => assert!(read.unwrap_err().to_string().starts_with("one of `id`, `email` must be present"), "{text}"),
        }
    }
}

#[test]
fn a_member_is_present_when_it_would_be_written() {
    let mut contact = Contact { nick: Field::Null, ..Contact::default() };
    contact.additional_properties.insert("z", Json::Null);
    for (rule, holds) in [
        (Presence::Has("id"), true),
        (Presence::Has("nick"), true),
        (Presence::Has("z"), true),
        (Presence::Has("email"), false),
        (Presence::Min(5), true),
        (Presence::Min(6), false),
    ] {
        assert_eq!(check_presence(&contact, &rule).is_ok(), holds, "{rule}");
    }
}

#[test]
fn an_additional_property_cannot_take_the_name_of_a_member() {
    let mut contact = Contact::default();
    contact.additional_properties.insert("other", Json::Null);
    assert!(to_string(&contact).is_ok());
    contact.additional_properties.insert("id", Json::Null);
    assert!(to_string(&contact).unwrap_err().to_string().contains("`id` is a member of its own"));
}

#[test]
fn other_formats_are_read_too() {
    use serde_core::de::value::{Error, MapDeserializer};
    use wireproof_runtime::Decode;
    let members = [("id", 1.0_f64), ("extra", 2.5)];
    let error = Contact::decode(MapDeserializer::<_, Error>::new(members.into_iter())).unwrap_err();
    assert_eq!(error.to_string(), "missing field `name`", "`id` was read from a float, `extra` kept");
}

#[test]
fn models_are_copied_compared_and_shown_by_their_members() {
    let contact: Contact = from_str(r#"{"id":1,"name":null,"tags":[{"label":"x"}],"nick":null}"#).unwrap();
    let mut other = contact.clone();
    assert_eq!(other, contact);
    assert_eq!(format!("{other:?}"), r#"Contact { id: 1, name: None, tags: [Tag { label: "x" }], email: None, nick: Null }"#);
    other.nick = Field::Absent;
    assert_ne!(other, contact);
    other.nick = Field::Null;
    other.additional_properties.insert("z", Json::Null);
    assert_ne!(other, contact);
    assert!(format!("{other:?}").ends_with(r#"nick: Null, additional_properties: {"z": Null} }"#));
}

/// More members than a tuple of the runtime takes.
struct Wide(i32, i32, Option<i32>);

impl Model for Wide {
    const INFO: ModelInfo = ModelInfo { name: "Wide", keys: &["a", "b", "c"], required: 2 };
    type Members = And<(i32,), And<(i32,), (Option<i32>,)>>;
    type Others = NoOthers;

    fn build(And((a,), And((b,), (c,))): Self::Members, _: Self::Others) -> Self {
        Self(a, b, c)
    }

    fn refs(&self) -> Refs<'_, Self> {
        (And((&self.0,), And((&self.1,), (&self.2,))), &NoOthers)
    }
}

object!(Wide);

#[test]
fn members_behind_others_are_found_by_their_own_names() {
    let wide: Wide = from_str(r#"{"c":3,"b":2,"a":1}"#).unwrap();
    assert_eq!((wide.0, wide.1, wide.2), (1, 2, Some(3)));
    assert_eq!(to_string(&wide).unwrap(), r#"{"a":1,"b":2,"c":3}"#);
    assert_eq!(format!("{wide:?}"), "Wide { a: 1, b: 2, c: Some(3) }");
    assert_eq!(to_string(&from_str::<Wide>(r#"{"a":1,"b":2}"#).unwrap().clone()).unwrap(), r#"{"a":1,"b":2}"#);
    assert!(from_str::<Wide>(r#"{"a":1,"c":2}"#).unwrap_err().to_string().starts_with("missing field `b`"));
    assert!(from_str::<Wide>(r#"{"a":1,"b":2,"c":null}"#).unwrap_err().to_string().starts_with("/c: invalid type: null"));
}
