//! How much a [`Model`] costs beside serde's derive: a contact of twelve members, decoded and encoded both ways.
//!
//! Run with `cargo bench -p wireproof-runtime`. After Criterion's own report a line says how many times as long the model takes.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_core::de::MapAccess;
use serde_core::ser::SerializeMap;
use wireproof_runtime::{AdditionalProperties, Field, Model, Object, ObjectWriter, model};

const CONTACT: &str = r#"{"id":184467,"email":"ada@example.com","first_name":"Ada","last_name":"Lovelace","age":36,"score":97.5,"active":true,"company":null,"phone":"+44 20 7946 0958","address":{"street":"12 St James's Square","city":"London","zip":"SW1Y 4LB"},"tags":["math","engine","notes"],"visits":[1,20,300,4000]}"#;

mod derived {
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    pub(super) struct Address {
        pub(super) street: String,
        pub(super) city: String,
        pub(super) zip: Option<String>,
    }

    #[derive(Serialize, Deserialize)]
    pub(super) struct Contact {
        pub(super) id: i64,
        pub(super) email: String,
        pub(super) first_name: String,
        pub(super) last_name: Option<String>,
        pub(super) age: Option<i32>,
        pub(super) score: f64,
        pub(super) active: bool,
        pub(super) company: Option<String>,
        pub(super) phone: Option<String>,
        pub(super) address: Address,
        pub(super) tags: Vec<String>,
        pub(super) visits: Vec<i64>,
    }
}

struct Address {
    street: String,
    city: String,
    zip: Option<String>,
    additional_properties: AdditionalProperties,
}

impl Model for Address {
    const NAME: &'static str = "Address";
    const KEYS: &'static [&'static str] = &["street", "city", "zip"];

    fn decode_fields<'de, A: MapAccess<'de>>(object: &mut Object<'de, A>) -> Option<Self> {
        let mut street = None;
        let mut city = None;
        let mut zip = None;
        let mut additional_properties = AdditionalProperties::new();
        while let Some(key) = object.next_key() {
            match key {
                0 => object.read(&mut street),
                1 => object.read(&mut city),
                2 => object.read(&mut zip),
                _ => object.read_other(&mut additional_properties),
            }
        }
        Some(Self { street: object.take(0, street)?, city: object.take(1, city)?, zip, additional_properties })
    }

    fn encode_fields<S: SerializeMap>(&self, object: &mut ObjectWriter<S>) {
        object.write("street", &self.street);
        object.write("city", &self.city);
        object.write_optional("zip", &self.zip);
        object.write_other(&self.additional_properties);
    }
}

model!(Address);

struct Contact {
    id: i64,
    email: String,
    first_name: String,
    last_name: Option<String>,
    age: Option<i32>,
    score: f64,
    active: bool,
    company: Field<String>,
    phone: Option<String>,
    address: Address,
    tags: Vec<String>,
    visits: Vec<i64>,
    additional_properties: AdditionalProperties,
}

impl Model for Contact {
    const NAME: &'static str = "Contact";
    const KEYS: &'static [&'static str] =
        &["id", "email", "first_name", "last_name", "age", "score", "active", "company", "phone", "address", "tags", "visits"];

    fn decode_fields<'de, A: MapAccess<'de>>(object: &mut Object<'de, A>) -> Option<Self> {
        let mut id = None;
        let mut email = None;
        let mut first_name = None;
        let mut last_name = None;
        let mut age = None;
        let mut score = None;
        let mut active = None;
        let mut company = None;
        let mut phone = None;
        let mut address = None;
        let mut tags = None;
        let mut visits = None;
        let mut additional_properties = AdditionalProperties::new();
        while let Some(key) = object.next_key() {
            match key {
                0 => object.read(&mut id),
                1 => object.read(&mut email),
                2 => object.read(&mut first_name),
                3 => object.read(&mut last_name),
                4 => object.read(&mut age),
                5 => object.read(&mut score),
                6 => object.read(&mut active),
                7 => object.read(&mut company),
                8 => object.read(&mut phone),
                9 => object.read(&mut address),
                10 => object.read(&mut tags),
                11 => object.read(&mut visits),
                _ => object.read_other(&mut additional_properties),
            }
        }
        Some(Self {
            id: object.take(0, id)?,
            email: object.take(1, email)?,
            first_name: object.take(2, first_name)?,
            last_name,
            age,
            score: object.take(5, score)?,
            active: object.take(6, active)?,
            company: object.take_field(company),
            phone,
            address: object.take(9, address)?,
            tags: object.take(10, tags)?,
            visits: object.take(11, visits)?,
            additional_properties,
        })
    }

    fn encode_fields<S: SerializeMap>(&self, object: &mut ObjectWriter<S>) {
        object.write("id", &self.id);
        object.write("email", &self.email);
        object.write("first_name", &self.first_name);
        object.write_optional("last_name", &self.last_name);
        object.write_optional("age", &self.age);
        object.write("score", &self.score);
        object.write("active", &self.active);
        object.write_optional("company", &self.company);
        object.write_optional("phone", &self.phone);
        object.write("address", &self.address);
        object.write("tags", &self.tags);
        object.write("visits", &self.visits);
        object.write_other(&self.additional_properties);
    }
}

model!(Contact);

fn decode_derived() -> Option<derived::Contact> {
    serde_json::from_str(black_box(CONTACT)).ok()
}

fn decode_model() -> Option<Contact> {
    serde_json::from_str(black_box(CONTACT)).ok()
}

fn compare(criterion: &mut Criterion) {
    let (derived, model) = (decode_derived().expect("it fits"), decode_model().expect("it fits"));
    assert_eq!(serde_json::to_string(&model).ok(), serde_json::to_string(&derived).ok());
    let mut group = criterion.benchmark_group("contact");
    group.throughput(Throughput::Bytes(CONTACT.len() as u64));
    group.bench_function("decode/derive", |bencher| bencher.iter(decode_derived));
    group.bench_function("decode/model", |bencher| bencher.iter(decode_model));
    group.bench_function("encode/derive", |bencher| bencher.iter(|| serde_json::to_vec(black_box(&derived))));
    group.bench_function("encode/model", |bencher| bencher.iter(|| serde_json::to_vec(black_box(&model))));
    group.finish();

    let decode = ratio(|| drop(black_box(decode_model())), || drop(black_box(decode_derived())));
    let encode = ratio(|| drop(black_box(serde_json::to_vec(&model))), || drop(black_box(serde_json::to_vec(&derived))));
    #[expect(clippy::print_stderr, reason = "the result of the benchmark")]
    {
        eprintln!("model beside derive: decode {decode:.2}x, encode {encode:.2}x");
    }
}

/// How many times as long the first takes, by the best of many short runs in turn.
fn ratio(first: impl Fn(), second: impl Fn()) -> f64 {
    let time = |run: &dyn Fn()| {
        let started = Instant::now();
        (0..2_000).for_each(|_| run());
        started.elapsed().as_secs_f64()
    };
    let (mut best_first, mut best_second) = (f64::MAX, f64::MAX);
    for _ in 0..200 {
        best_first = best_first.min(time(&first));
        best_second = best_second.min(time(&second));
    }
    best_first / best_second
}

criterion_group!(benches, compare);
criterion_main!(benches);
