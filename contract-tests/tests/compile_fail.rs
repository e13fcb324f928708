//! What must not compile: a `ContactPurgeRequest` that names nobody. The rule behind it is `anyOf` in Reforge's document; `reforge.rs`
//! tests what of it shows at run time, among it that there is no `new`.
//!
//! The texts are those of the compiler. After a change of it, look at the difference, then run with `TRYBUILD=overwrite`.

#[test]
fn a_purge_of_nobody_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
