//! What the tests have in common: [`Vendor`] finds files, [`Recording`] holds one against a contract, and [`Expectations`] say what must
//! come of it. All of it fails with a sentence.

#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

mod expectations;
mod recording;
mod vendor;

use libtest_mimic::{Arguments, Trial};

pub(crate) use expectations::{Expectation, Expectations, compare, describe};
pub(crate) use recording::{Entry, Recording};
pub(crate) use vendor::{Vendor, root};

/// The `main` of a test file whose tests are made of files: runs those that `trials` makes for each vendor. What keeps it from making
/// them becomes a test that fails.
pub(crate) fn run_for_each_vendor(trials: impl Fn(&Vendor) -> Result<Vec<Trial>, String>) -> ! {
    let arguments = Arguments::from_args();
    let failing = |name: String, error: String| vec![Trial::test(name, || Err(error.into()))];
    let all = match Vendor::all() {
        Ok(vendors) => {
            let of =
                |vendor: &Vendor| trials(vendor).unwrap_or_else(|error| failing(format!("{}: its files can be read", vendor.name), error));
            vendors.iter().flat_map(of).collect()
        }
        Err(error) => failing("the vendors can be read".to_owned(), error),
    };
    libtest_mimic::run(&arguments, all).exit()
}
