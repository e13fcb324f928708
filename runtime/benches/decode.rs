//! How much a [`Model`] costs beside serde's derive: a contact of twelve members, decoded and encoded both ways.
//!
//! Run with `cargo bench -p wireproof-runtime`. After Criterion's own report a line says how many times as long the model takes.

use std::hint::black_box;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wireproof_runtime::{AdditionalProperties, Field, Model, ModelInfo, Refs, object};

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
    const INFO: ModelInfo = ModelInfo { name: "Address", keys: &["street", "city", "zip"], required: 2 };
    type Members = (String, String, Option<String>);
    type Others = AdditionalProperties;

    fn build((street, city, zip): Self::Members, additional_properties: Self::Others) -> Self {
        Self { street, city, zip, additional_properties }
    }

    fn refs(&self) -> Refs<'_, Self> {
        ((&self.street, &self.city, &self.zip), &self.additional_properties)
    }
}

object!(Address);

struct Contact {
    id: i64,
    email: String,
    first_name: String,
    score: f64,
    active: bool,
    address: Address,
    tags: Vec<String>,
    visits: Vec<i64>,
    last_name: Option<String>,
    age: Option<i32>,
    company: Field<String>,
    phone: Option<String>,
    additional_properties: AdditionalProperties,
}

impl Model for Contact {
    const INFO: ModelInfo = ModelInfo {
        name: "Contact",
        keys: &["id", "email", "first_name", "score", "active", "address", "tags", "visits", "last_name", "age", "company", "phone"],
        required: 8,
    };
    type Members =
        (i64, String, String, f64, bool, Address, Vec<String>, Vec<i64>, Option<String>, Option<i32>, Field<String>, Option<String>);
    type Others = AdditionalProperties;

    fn build(
        (id, email, first_name, score, active, address, tags, visits, last_name, age, company, phone): Self::Members,
        additional_properties: Self::Others,
    ) -> Self {
        Self { id, email, first_name, score, active, address, tags, visits, last_name, age, company, phone, additional_properties }
    }

    fn refs(&self) -> Refs<'_, Self> {
        (
            (
                &self.id,
                &self.email,
                &self.first_name,
                &self.score,
                &self.active,
                &self.address,
                &self.tags,
                &self.visits,
                &self.last_name,
                &self.age,
                &self.company,
                &self.phone,
            ),
            &self.additional_properties,
        )
    }
}

object!(Contact);

fn decode_derived() -> Option<derived::Contact> {
    serde_json::from_str(black_box(CONTACT)).ok()
}

fn decode_model() -> Option<Contact> {
    serde_json::from_str(black_box(CONTACT)).ok()
}

fn compare(criterion: &mut Criterion) {
    let (derived, model) = (decode_derived().expect("it fits"), decode_model().expect("it fits"));
    assert_eq!(serde_json::to_value(&model).ok(), serde_json::to_value(&derived).ok());
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
