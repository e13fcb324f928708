//! What the generated code of the fixtures does with real values. Compiled and run by `tests/behaviour.rs`.
//! Types of schemas are in `schemas.rs`, operations in `operations.rs`.

mod operations;
mod schemas;

use std::fmt::Debug;

use serde_json::Value;
use wireproof_runtime::serde::{Serialize, de::DeserializeOwned};

/// Decodes, encodes and compares as JSON values, numbers digit by digit.
#[track_caller]
pub(crate) fn keeps<T: DeserializeOwned + Serialize + Debug>(text: &str) -> T {
    let value: T = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let before: Value = serde_json::from_str(text).unwrap();
    let after: Value = serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap();
    assert_eq!(before, after, "{value:?}");
    // The same through a tree of values.
    let value: T = serde_json::from_value(before.clone()).unwrap_or_else(|error| panic!("{text} as a value: {error}"));
    assert_eq!(serde_json::to_value(&value).unwrap(), before);
    value
}

/// Refuses, with a message that says why.
#[track_caller]
pub(crate) fn refuses<T: DeserializeOwned + Debug>(text: &str, why: &[&str]) {
    let message = match serde_json::from_str::<T>(text) {
        Ok(value) => panic!("{text} was taken as {value:?}"),
        Err(error) => error.to_string(),
    };
    for part in why {
        assert!(message.contains(part), "`{message}` lacks `{part}`");
    }
}
