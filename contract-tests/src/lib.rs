//! The contract suite: what holds the vendors' documents, recordings and generated types together. The proof itself is made by
//! `wireproof-contract`; the tests here turn files into tests with names.
//!
//! ```text
//! tests/recordings.rs     every exchange of recordings/ keeps its contract
//! tests/broken.rs         every exchange of broken/ gets the verdict and the findings of its expected.toml
//! tests/specs.rs          specs/ is what was captured, and what we wrote ourselves is marked
//! tests/reforge.rs        a presence rule, as users of the types meet it
//! tests/compile_fail.rs   the same, as the compiler tells them
//! tests/erase_contact.rs  the requests of examples/erase_contact.rs keep their contracts
//! tests/support/          what these have in common: vendors, recordings, expectations
//! ```
//!
//! There is no library: everything is a test.
