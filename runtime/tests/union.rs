//! Unions: the branch that fits best, tags, errors, and bounds on the work.

use serde_core::Serialize;
use serde_core::ser::Serializer;
use serde_json::{from_str, to_string};
use wireproof_runtime::{
    AdditionalProperties, Enumeration, EnumerationInfo, Json, Model, ModelInfo, RawUnion, Refs, Union, UnionError, enumeration, object,
    union,
};

/// A struct of one optional member and whatever else there is.
macro_rules! open_struct {
    ($name:ident, $key:literal: $type:ty) => {
        struct $name {
            member: Option<$type>,
            additional_properties: AdditionalProperties,
        }

        impl Model for $name {
            const INFO: ModelInfo = ModelInfo { name: stringify!($name), keys: &[$key], required: 0 };
            type Members = (Option<$type>,);
            type Others = AdditionalProperties;

            fn build((member,): Self::Members, additional_properties: Self::Others) -> Self {
                Self { member, additional_properties }
            }

            fn refs(&self) -> Refs<'_, Self> {
                ((&self.member,), &self.additional_properties)
            }
        }

        object!($name);
    };
}

/// A union that tries each of its branches.
macro_rules! untagged {
    ($name:ident: $($branch:ident($type:ty)),*) => {
        #[derive(Clone, Debug, PartialEq)]
        enum $name {
            $($branch($type)),*
        }

        impl Union for $name {
            const NAME: &'static str = stringify!($name);

            fn decode_union(raw: &RawUnion<'_>) -> Result<Self, UnionError> {
                raw.choose()$(.branch(stringify!($branch), Self::$branch))*.finish()
            }

            fn encode_union<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$branch(value) => value.serialize(serializer)),*
                }
            }
        }

        union!($name);
    };
}

open_struct!(Cat, "claws": i64);
open_struct!(Dog, "bark": Loudness);
untagged!(Pet: Cat(Cat), Dog(Dog), Name(String), Many(Vec<Pet>));

#[derive(Clone)]
enum Loudness {
    Quiet,
    Unknown(String),
}

impl Enumeration for Loudness {
    const INFO: EnumerationInfo<Self> =
        EnumerationInfo { name: "Loudness", values: &["quiet"], variants: &[Self::Quiet], unknown: Some(Self::Unknown) };

    fn unknown(&self) -> Option<&str> {
        if let Self::Unknown(value) = self { Some(value) } else { None }
    }
}

enumeration!(Loudness);

#[track_caller]
fn check_error<T: for<'de> serde_core::Deserialize<'de> + std::fmt::Debug>(text: &str, expected: &str) {
    let error = from_str::<T>(text).map_err(|error| error.to_string());
    let error = error.map_err(|error| error.rsplit_once(" at line ").map_or(error.clone(), |(message, _)| message.to_owned()));
    assert_eq!(error.map(|value| format!("{value:?}")), Err(expected.to_owned()), "{text}");
}

#[test]
fn the_branch_that_fits_best_wins() {
    for (text, is_expected) in [
        (r#"{"claws":1}"#, (|pet| matches!(pet, Pet::Cat(_))) as fn(&Pet) -> bool),
        (r#"{"bark":"quiet"}"#, |pet| matches!(pet, Pet::Dog(_))),
        (r#"{"bark":"quiet","y":2}"#, |pet| matches!(pet, Pet::Dog(_))),
        // Of equals, the first: an unknown value of an enumeration weighs as much as an unknown member.
        ("{}", |pet| matches!(pet, Pet::Cat(_))),
        (r#"{"bark":"loud"}"#, |pet| matches!(pet, Pet::Cat(_))),
        (r#""Rex""#, |pet| matches!(pet, Pet::Name(_))),
        (r#"[{"bark":"quiet"},[]]"#, |pet| matches!(pet, Pet::Many(pets) if matches!(pets.as_slice(), [Pet::Dog(_), Pet::Many(_)]))),
    ] {
        let pet: Pet = from_str(text).unwrap();
        assert!(is_expected(&pet), "{text} became {pet:?}");
        assert_eq!(to_string(&pet).unwrap(), text);
        let value: serde_json::Value = from_str(text).unwrap();
        assert_eq!(serde_json::from_value::<Pet>(value).unwrap(), pet, "{text} through a value");
    }
}

#[test]
fn errors_name_every_branch_and_the_closest_first() {
    check_error::<Pet>(
        r#"{"claws":"x","bark":[]}"#,
        "/claws: invalid type: a string, expected a number (in `Cat`, the closest branch of `Pet`; `Dog`: /bark: invalid type: sequence, expected `quiet`; \
         `Name`: invalid type: an object, expected a string; `Many`: invalid type: an object, expected an array)",
    );
    check_error::<Vec<Pet>>(
        "[7]",
        "invalid type: a number, expected an object (in `Cat`, the closest branch of `Pet`; `Dog`: invalid type: a number, expected an object; \
         `Name`: invalid type: a number, expected a string; `Many`: invalid type: a number, expected an array)",
    );
    let nested = r#"[{"claws":1},{"claws":"x","bark":[]}]"#;
    assert!(from_str::<Pet>(nested).unwrap_err().to_string().starts_with("/1/claws: invalid type: a string, expected a number (in `Cat`"));
}

#[derive(Clone, Debug, PartialEq)]
enum Tagged {
    Cat(Cat),
    Dog(Dog),
    Unknown(Json),
}

impl Union for Tagged {
    const NAME: &'static str = "Tagged";

    fn decode_union(raw: &RawUnion<'_>) -> Result<Self, UnionError> {
        raw.choose()
            .tag("kind", &[("cat", 0), ("d\"og", 1)])
            .branch("Cat", Self::Cat)
            .branch("Dog", Self::Dog)
            .unknown(Self::Unknown)
            .finish()
    }

    fn encode_union<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cat(value) => value.serialize(serializer),
            Self::Dog(value) => value.serialize(serializer),
            Self::Unknown(value) => value.serialize(serializer),
        }
    }
}

union!(Tagged);

#[test]
fn tags_choose_the_branch() {
    assert!(matches!(from_str(r#"{"claws":1,"kind":"cat"}"#), Ok(Tagged::Cat(_))));
    assert!(matches!(from_str(r#"{"kind":"d\"og"}"#), Ok(Tagged::Dog(_))), "the tag is escaped");
    assert!(matches!(from_str(r#"{"ki\u006ed":"cat"}"#), Ok(Tagged::Cat(_))), "its name is escaped");
    assert!(matches!(from_str(r#"{"kind":"x","kind":"cat"}"#), Ok(Tagged::Cat(_))), "the last one counts");
    let unknown = r#"{"kind":"fish","fins":[1.10]}"#;
    match from_str(unknown).unwrap() {
        Tagged::Unknown(json) => assert_eq!(json.to_string(), unknown),
        other => panic!("{other:?}"),
    }
    // Without a tag the best fit counts. A tag may mislead, but only to a branch that names all that there is.
    assert!(from_str::<Tagged>(r#"{"kind":"cat","claws":"none","bark":"quiet"}"#).is_err());
    assert!(matches!(from_str(r#"{"bark":"quiet"}"#), Ok(Tagged::Dog(_))));
    check_error::<Tagged>(
        r#"{"kind":"cat","claws":true}"#,
        "/claws: invalid type: a boolean, expected a number (in `Cat`, a branch of `Tagged`)",
    );
    let missing = "missing string `kind`, which selects the branch of `Tagged`: expected `cat`, `d\"og`";
    check_error::<Tagged>(r#"{"claws":true,"bark":1}"#, missing);
    check_error::<Tagged>(r#"{"kind":"cat","kind":1,"claws":true,"bark":1}"#, missing);
    let error = from_str::<Tagged>("[]").unwrap_err().to_string();
    assert!(error.starts_with("invalid type: an array, expected an object (in `Cat`, the closest branch of `Tagged`"), "{error}");
}

/// A union whose document names every kind that there is.
#[derive(Clone, Debug, PartialEq)]
enum Closed {
    Cat(Cat),
}

impl Union for Closed {
    const NAME: &'static str = "Closed";

    fn decode_union(raw: &RawUnion<'_>) -> Result<Self, UnionError> {
        raw.choose().tag("kind", &[("cat", 0)]).branch("Cat", Self::Cat).finish()
    }

    fn encode_union<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self::Cat(value) = self;
        value.serialize(serializer)
    }
}

union!(Closed);

#[test]
fn a_closed_union_names_its_tags() {
    check_error::<Closed>(r#"{"kind":"fish"}"#, "unknown value of `kind`, which selects the branch of `Closed`: expected `cat`");
}

open_struct!(Left, "child": Box<Node>);
open_struct!(Right, "child": Box<Node>);
untagged!(Node: Left(Left), Right(Right), Leaf(i64));

fn chain(depth: usize, leaf: &str) -> String {
    format!("{}{leaf}{}", r#"{"child":"#.repeat(depth), "}".repeat(depth))
}

/// A text of ambiguous unions, each inside the one before: without a memory, its branches would be tried 2^100 times.
#[test]
fn nested_unions_do_not_multiply_the_work() {
    for leaf in ["1", "true", r#"{"other":1}"#, r#"{"child":1,"other":{"child":[]}}"#] {
        let started = std::time::Instant::now();
        assert_eq!(from_str::<Node>(&chain(100, leaf)).is_ok(), leaf != "true", "{leaf}");
        assert!(started.elapsed().as_secs() < 20, "{leaf}: {:?}", started.elapsed());
    }
}

#[test]
fn nesting_is_limited_across_unions() {
    assert!(from_str::<Node>(&chain(127, "1")).is_ok());
    let error = from_str::<Node>(&chain(128, "1")).unwrap_err().to_string();
    assert!(error.starts_with("/child/child/") && error.contains("recursion limit exceeded") && error.len() < 2000, "{error}");
    assert!(from_str::<Node>(&chain(10_000, "1")).is_err());
    assert!(from_str::<Pet>(&"[".repeat(100_000)).is_err());
}

/// A union that is a branch of itself: a document can say so, and no value may overflow the stack.
#[derive(Clone, Debug, PartialEq)]
enum Endless {
    Again(Box<Endless>),
}

impl Union for Endless {
    const NAME: &'static str = "Endless";

    fn decode_union(raw: &RawUnion<'_>) -> Result<Self, UnionError> {
        raw.choose().branch("Again", Self::Again).finish()
    }

    fn encode_union<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self::Again(inner) = self;
        inner.serialize(serializer)
    }
}

union!(Endless);

#[test]
fn a_union_of_itself_ends() {
    assert!(from_str::<Endless>("1").unwrap_err().to_string().contains("recursion limit exceeded"));
}
