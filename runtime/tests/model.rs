//! Objects, as generated code reads and writes them.

#![expect(clippy::unwrap_used, reason = "the checks below are tests in all but name")]

use serde_core::de::MapAccess;
use serde_core::ser::SerializeMap;
use serde_json::{from_str, to_string};
use wireproof_runtime::{
    AdditionalProperties, Field, Json, Model, Null, Nullable, Object, ObjectWriter, Presence, PresenceError, check_presence, checked_model,
    model,
};

#[derive(Debug, Clone, PartialEq, Default)]
struct Contact {
    id: i64,
    name: Option<String>,
    email: Option<String>,
    nick: Field<String>,
    tags: Vec<Tag>,
    additional_properties: AdditionalProperties,
}

impl Model for Contact {
    const NAME: &'static str = "Contact";
    const KEYS: &'static [&'static str] = &["id", "name", "email", "nick", "tags"];

    fn decode_fields<'de, A: MapAccess<'de>>(object: &mut Object<'de, A>) -> Option<Self> {
        let mut id = None;
        let mut name = None;
        let mut email = None;
        let mut nick = None;
        let mut tags = None;
        let mut additional_properties = AdditionalProperties::new();
        while let Some(key) = object.next_key() {
            match key {
                0 => object.read(&mut id),
                1 => object.read(&mut name),
                2 => object.read(&mut email),
                3 => object.read(&mut nick),
                4 => object.read(&mut tags),
                _ => object.read_other(&mut additional_properties),
            }
        }
        Some(Self {
            id: object.take(0, id)?,
            name: object.take(1, name)?,
            email: object.take_optional(email),
            nick: object.take_field(nick),
            tags: object.take(4, tags)?,
            additional_properties,
        })
    }

    fn encode_fields<S: SerializeMap>(&self, object: &mut ObjectWriter<S>) {
        object.write("id", &self.id);
        object.write("name", &self.name);
        object.write_optional("email", &self.email);
        object.write_optional("nick", &self.nick);
        object.write("tags", &self.tags);
        object.write_other(&self.additional_properties);
    }
}

model!(Contact);

/// A struct that allows no other members.
#[derive(Debug, Clone, PartialEq, Default)]
struct Tag {
    label: String,
}

impl Model for Tag {
    const NAME: &'static str = "Tag";
    const KEYS: &'static [&'static str] = &["label"];

    fn decode_fields<'de, A: MapAccess<'de>>(object: &mut Object<'de, A>) -> Option<Self> {
        let mut label = None;
        while let Some(key) = object.next_key() {
            match key {
                0 => object.read(&mut label),
                _ => object.refuse_other(),
            }
        }
        Some(Self { label: object.take(0, label)? })
    }

    fn encode_fields<S: SerializeMap>(&self, object: &mut ObjectWriter<S>) {
        object.write("label", &self.label);
    }
}

model!(Tag);

/// The parts of a struct with a presence rule.
#[derive(Debug, Clone, PartialEq, Default)]
struct PurgeParts {
    id: Field<String>,
    email: Option<String>,
}

impl Model for PurgeParts {
    const NAME: &'static str = "Purge";
    const KEYS: &'static [&'static str] = &["id", "email"];

    fn decode_fields<'de, A: MapAccess<'de>>(object: &mut Object<'de, A>) -> Option<Self> {
        let mut id = None;
        let mut email = None;
        while let Some(key) = object.next_key() {
            match key {
                0 => object.read(&mut id),
                1 => object.read(&mut email),
                _ => object.skip(),
            }
        }
        Some(Self { id: object.take_field(id), email })
    }

    fn encode_fields<S: SerializeMap>(&self, object: &mut ObjectWriter<S>) {
        object.write_optional("id", &self.id);
        object.write_optional("email", &self.email);
    }
}

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

checked_model!(Purge, PurgeParts);

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
    check_same(r#"{"id":1,"name":"a","email":"b","nick":null,"tags":[{"label":"x"}]}"#);
    check_same(r#"{"id":1,"name":null,"nick":"n","tags":[],"z":{"deep":[1.50,null]},"a/b":2}"#.replace("1.50", "1.5").as_str());
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
