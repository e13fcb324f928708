//! Constraints: what `validate` and `to_request` refuse, by keyword, by place and by part of the request.

use wireproof_runtime::{
    AdditionalProperties, BodyInfo, Bytes, Checker, Constraint, Credentials, Decode, DecodeError, Decoder, Field, Format, Integer, Items,
    Json, Map, Model, ModelInfo, NoOthers, Number, Operation, OperationInfo, OperationResponse, ParameterInfo, RawRequest, RawResponse,
    RawUnion, Refs, RequestBuilder, RequestError, ResponseParts, SeqAccess, Serialize, SerializeSeq, Serializer, Server, Tuple, Union,
    UnionError, Validate, body_round_trip,
};

/// A list of any JSON with constraints, so that each keyword can be tried on any value.
#[track_caller]
fn check(constraint: Constraint, good: &[&str], bad: &[&str]) {
    let broken = |text: &str| {
        let value: Json = text.parse().expect("JSON");
        check_json(constraint, &value)
    };
    for text in good {
        assert_eq!(broken(text), None, "{constraint:?} on {text}");
    }
    for text in bad {
        assert!(broken(text).is_some(), "{constraint:?} on {text}");
    }
}

/// What an operation with such a parameter says.
fn check_json(constraint: Constraint, value: &Json) -> Option<String> {
    // Constraints are constants; a test makes them up.
    let constraints: &'static [Constraint] = Box::leak(Box::new([constraint]));
    let parameters: &'static [ParameterInfo] = Box::leak(Box::new([ParameterInfo { location: "query", name: "x", constraints }]));
    let info = OperationInfo { path: "/", parameters, ..Send::INFO };
    let mut request = RequestBuilder::new(&info);
    request.query_content("x", value);
    match request.build(&server(), &Credentials::new()) {
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    }
}

fn server() -> Server {
    Server::parse("https://x.example").expect("a server")
}

#[test]
fn every_keyword_is_about_its_own_kind_of_values() {
    use Constraint::{
        ExclusiveMaximum, ExclusiveMinimum, MaxItems, MaxLength, MaxProperties, Maximum, MinItems, MinLength, MinProperties, Minimum,
        MultipleOf, UniqueItems,
    };
    // Characters are counted, not bytes.
    check(MinLength(2), &[r#""ab""#, r#""\u00e9\ud83d\ude00""#, "1"], &[r#""a""#, r#""\ud83d\ude00""#]);
    check(MaxLength(2), &[r#""""#, r#""\ud83d\ude00\ud83d\ude00""#, "[1,2,3]"], &[r#""abc""#]);
    check(Constraint::Format(Format::Uuid), &["1", r#""123e4567-e89b-12d3-a456-426614174000""#], &[r#""x""#]);
    check(Minimum("1.10"), &["1.1", "11e-1", r#""0""#], &["1.09999999999999999999", "-2"]);
    check(ExclusiveMinimum("9007199254740992"), &["9007199254740993"], &["9007199254740992", "9007199254740992.0"]);
    check(Maximum("1e400"), &["1e400", "99e398"], &["1.0000001e400"]);
    check(ExclusiveMaximum("0"), &["-1e-400"], &["0", "-0.0", "1"]);
    check(MultipleOf("0.01"), &["19.99", "0", r#""x""#], &["0.005"]);
    check(MinItems(1), &["[0]", "{}"], &["[]"]);
    check(MaxItems(1), &["[0]", r#""abc""#], &["[0,1]"]);
    check(UniqueItems, &["[1,2]", r#"[1,"1"]"#, r#"[{"a":1},{"a":2}]"#], &["[1,1.0]", r#"[{"a":1,"b":2},{"b":2,"a":10e-1}]"#, "[[],[]]"]);
    check(MinProperties(1), &[r#"{"a":1}"#, "[]"], &["{}"]);
    check(MaxProperties(1), &[r#"{"a":1}"#], &[r#"{"a":1,"b":2}"#]);
    check(Constraint::Items(&[MaxLength(1)]), &[r#"["a"]"#], &[r#"["a","bc"]"#]);
    check(Constraint::PrefixItem(1, &[MaxLength(1)]), &[r#"["abc"]"#, r#"["abc","a"]"#], &[r#"["a","bc"]"#]);
    check(Constraint::Member("a", &[Minimum("1")]), &[r#"{"b":0}"#], &[r#"{"a":0}"#]);
    check(Constraint::AdditionalProperties(&[Minimum("1")]), &[r#"{"b":1}"#], &[r#"{"b":0}"#]);
}

#[cfg(not(feature = "pattern"))]
#[test]
fn patterns_wait_for_their_feature() {
    check(Constraint::Pattern("^a$"), &[r#""b""#], &[]);
}

#[cfg(feature = "pattern")]
#[test]
fn patterns_match_anywhere() {
    check(Constraint::Pattern("a"), &[r#""bab""#, "1"], &[r#""b""#]);
}

struct Leaf {
    name: String,
    tags: Option<Vec<String>>,
    children: Field<Vec<Leaf>>,
    size: Option<Number>,
    additional_properties: AdditionalProperties<Integer>,
}

impl Model for Leaf {
    const INFO: ModelInfo = ModelInfo { name: "Leaf", keys: &["name", "children", "size", "tags"], required: 1 };
    const CONSTRAINTS: &'static [Constraint] = &[
        Constraint::MaxProperties(4),
        Constraint::Member("name", &[Constraint::MinLength(1), Constraint::MaxLength(3)]),
        Constraint::Member("size", &[Constraint::Maximum("9007199254740993")]),
        Constraint::Member("tags", &[Constraint::MinItems(1), Constraint::Items(&[Constraint::MaxLength(2)])]),
        Constraint::AdditionalProperties(&[Constraint::Minimum("0")]),
    ];
    type Members = (String, Field<Vec<Leaf>>, Option<Number>, Option<Vec<String>>);
    type Others = AdditionalProperties<Integer>;

    fn build((name, children, size, tags): Self::Members, additional_properties: Self::Others) -> Self {
        Self { name, tags, children, size, additional_properties }
    }

    fn refs(&self) -> Refs<'_, Self> {
        ((&self.name, &self.children, &self.size, &self.tags), &self.additional_properties)
    }
}

wireproof_runtime::object!(Leaf);

/// A type without constraints that leads to one with some.
#[derive(Clone, Debug, PartialEq)]
struct Row(Map<Box<Leaf>>, Pick, Vec<String>);

impl Tuple for Row {
    const NAME: &'static str = "Row";
    const LENGTH: usize = 2;
    const CONSTRAINTS: &'static [Constraint] = &[Constraint::MaxItems(3), Constraint::Items(&[Constraint::MaxLength(1)])];

    fn decode_items<'de, A: SeqAccess<'de>>(items: &mut Items<'de, A>) -> Result<Self, A::Error> {
        Ok(Self(items.item()?, items.item()?, items.rest()?))
    }

    fn encode_items<S: SerializeSeq>(&self, items: &mut S) -> Result<(), S::Error> {
        items.serialize_element(&self.0)?;
        items.serialize_element(&self.1)?;
        self.2.iter().try_for_each(|item| items.serialize_element(item))
    }
}

wireproof_runtime::tuple!(Row);

struct Short {
    name: String,
}

impl Model for Short {
    const INFO: ModelInfo = ModelInfo { name: "Short", keys: &["name"], required: 1 };
    const CONSTRAINTS: &'static [Constraint] = &[Constraint::Member("name", &[Constraint::MaxLength(1)])];
    type Members = (String,);
    type Others = NoOthers;

    fn build((name,): Self::Members, _: NoOthers) -> Self {
        Self { name }
    }

    fn refs(&self) -> Refs<'_, Self> {
        ((&self.name,), &NoOthers)
    }
}

wireproof_runtime::object!(Short);

#[derive(Clone, Debug, PartialEq)]
enum Pick {
    Short(Short),
    Leaf(Leaf),
    Text(String),
}

impl Union for Pick {
    const NAME: &'static str = "Pick";
    const CONSTRAINTS: &'static [Constraint] = &[Constraint::Branch("Text", &[Constraint::MaxLength(2)])];

    fn decode_union(raw: &RawUnion<'_>) -> Result<Self, UnionError> {
        raw.choose().branch("Short", Self::Short).branch("Leaf", Self::Leaf).branch("Text", Self::Text).finish()
    }

    fn encode_union<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Short(value) => value.serialize(serializer),
            Self::Leaf(value) => value.serialize(serializer),
            Self::Text(value) => value.serialize(serializer),
        }
    }
}

wireproof_runtime::union!(Pick);

#[derive(Clone, Debug, PartialEq)]
struct Chain(Option<Box<Chain>>);

wireproof_runtime::newtype!(Chain, Option<Box<Chain>>, &[Constraint::MinItems(1)]);

#[track_caller]
fn broken<T: Validate>(text: &str) -> String {
    let value: T = T::decode(&mut serde_json::Deserializer::from_str(text)).expect("a value");
    value.validate().err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn all_violations_are_told_with_their_places() {
    assert_eq!(broken::<Leaf>(r#"{"name":"ab"}"#), "");
    assert_eq!(broken::<Leaf>(r#"{"name":"a","children":null}"#), "");
    assert_eq!(
        broken::<Leaf>(
            r#"{"name":"","size":9007199254740994,"tags":["ok","bad"],"children":[{"name":"a"},{"name":"long","tags":[]}],"x/y":-1}"#
        ),
        "it breaks `maxProperties: 4`, `/name` breaks `minLength: 1`, `/size` breaks `maximum: 9007199254740993`, `/tags/1` breaks \
         `maxLength: 2`, `/x~1y` breaks `minimum: 0`, `/children/1/name` breaks `maxLength: 3`, `/children/1/tags` breaks `minItems: 1`"
    );
    let many = format!("[{}]", [r#"{"name":""}"#; 12].join(","));
    assert!(broken::<Vec<Leaf>>(&many).ends_with("`/9/name` breaks `minLength: 1` and 2 more"));
}

#[test]
fn a_union_is_sound_if_any_branch_is() {
    assert_eq!(broken::<Pick>(r#"{"name":"abc"}"#), "", "too long for `Short`, and right for `Leaf`");
    assert_eq!(broken::<Pick>(r#"{"name":"abcd"}"#), "`/name` breaks `maxLength: 1`");
    assert_eq!(broken::<Pick>(r#"{"name":"ab","tags":[]}"#), "`/tags` breaks `minItems: 1`");
    assert_eq!(broken::<Pick>(r#""abc""#), "it breaks `maxLength: 2`");
    assert_eq!(broken::<Pick>(r#""ab""#), "");
}

#[test]
fn items_of_tuples_are_checked_by_their_types() {
    assert_eq!(broken::<Row>(r#"[{"a":{"name":"a"}},"x","y"]"#), "");
    assert_eq!(
        broken::<Row>(r#"[{"a":{"name":""}},"xyz","yy","z"]"#),
        "it breaks `maxItems: 3`, `/2` breaks `maxLength: 1`, `/0/a/name` breaks `minLength: 1`, `/1` breaks `maxLength: 2`"
    );
}

#[test]
fn a_type_that_is_nothing_but_itself_ends() {
    assert_eq!(broken::<Chain>("null"), "");
    let mut checker = Checker::default();
    <<Chain as Decode>::By as Decoder<Chain>>::check(&Json::Array(vec![]), &mut checker);
}

#[derive(Clone, Debug, PartialEq)]
struct Send {
    id: String,
    limit: Option<i64>,
    body: Option<Leaf>,
}

#[derive(Clone, Debug, PartialEq)]
struct Answer(RawResponse);

impl Operation for Send {
    type Response = Answer;

    const INFO: OperationInfo = OperationInfo {
        id: Some("send"),
        method: "POST",
        path: "/{id}",
        security: &[],
        security_schemes: &[],
        deprecated: false,
        parameters: &[
            ParameterInfo { location: "path", name: "id", constraints: &[Constraint::MaxLength(3)] },
            ParameterInfo { location: "query", name: "limit", constraints: &[Constraint::Maximum("100")] },
        ],
        bodies: &[
            BodyInfo { media_types: &["application/*"], constraints: None, round_trip: None },
            BodyInfo {
                media_types: &["application/json", "text/json"],
                constraints: Some(&[Constraint::MinProperties(2)]),
                round_trip: Some(body_round_trip::<Leaf>),
            },
        ],
        round_trip: wireproof_runtime::round_trip::<Self>,
    };

    fn encode(&self, request: &mut RequestBuilder) {
        request.path("id", &self.id);
        request.query("limit", &self.limit);
        if let Some(body) = &self.body {
            request.json("application/json", body);
        }
    }

    fn decode(response: RawResponse) -> Result<Answer, DecodeError> {
        Ok(Answer(response))
    }
}

impl OperationResponse for Answer {
    fn parts(&self) -> ResponseParts<'_> {
        ResponseParts::empty(200, "Ok")
    }
}

#[test]
fn a_request_that_breaks_constraints_is_not_made_unless_asked_for() {
    let leaf: Leaf = serde_json::from_str(r#"{"name":"abcd"}"#).unwrap();
    let operation = Send { id: "abcd".into(), limit: Some(101), body: Some(leaf) };
    let error = operation.to_request(&server(), &Credentials::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "path parameter `id` is invalid: it breaks `maxLength: 3`; query parameter `limit` is invalid: it breaks `maximum: 100`; \
         the body is invalid: it breaks `minProperties: 2`, `/name` breaks `maxLength: 3`"
    );
    let RequestError::Invalid { parts } = error else { panic!("another error") };
    assert_eq!(
        parts.iter().map(|part| (part.location, part.name.as_str())).collect::<Vec<_>>(),
        [("path", "id"), ("query", "limit"), ("body", "application/json")]
    );
    assert_eq!(parts[2].error.violations()[1].pointer, "/name");
    let sent = operation.to_request_unchecked(&server(), &Credentials::new()).unwrap();
    assert_eq!((sent.uri().to_string().as_str(), sent.body()), ("https://x.example/abcd?limit=101", &Bytes::from(r#"{"name":"abcd"}"#)));
    let left_out = Send { id: "abc".into(), limit: None, body: None };
    assert!(left_out.to_request(&server(), &Credentials::new()).is_ok());
}

#[test]
fn the_body_of_a_request_goes_through_the_type_of_its_content_type() {
    let read = |content_type: &str, body: &'static str| {
        let mut headers = wireproof_runtime::HeaderMap::new();
        if !content_type.is_empty() {
            headers.insert("content-type", content_type.parse().unwrap());
        }
        Send::INFO.request_round_trip(&RawRequest { headers, body: body.into() })
    };
    let sound = read("text/JSON; charset=utf-8", r#"{ "name": "far too long" }"#).unwrap().unwrap();
    assert_eq!(sound.body, Some(Bytes::from(r#"{"name":"far too long"}"#)), "constraints are not in the way of reading");
    let error = read("application/json", r#"{"name": 1}"#).unwrap().unwrap_err();
    assert_eq!((error.pointer.as_str(), error.to_string().contains("/name")), ("/name", true));
    assert!(read("application/json", "").unwrap().is_err());
    assert!(read("application/xml", "{}").is_none(), "listed by a range, and without a type");
    assert!(read("text/plain", "{}").is_none());
    assert!(read("", "{}").is_none());
}
