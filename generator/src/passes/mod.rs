//! IR to IR: what can only be decided when all types are known. One pass per file, in the order of [`run`].

mod constants;
mod constraints;
mod cycles;
mod homes;
mod nesting;
mod reach;
mod sides;
mod twins;

use wireproof_openapi::{Diagnostic, Document};

use crate::ir::Ir;

pub(crate) use nesting::recursion_limit;
pub(crate) use reach::Reach;

/// Runs every pass, and says what had to be left out.
pub(crate) fn run(document: &Document, ir: &mut Ir) -> (Reach, Vec<Diagnostic>) {
    sides::part(ir);
    cycles::name_recursive_aliases(ir);
    cycles::box_recursion(ir);
    let reach = Reach::of(ir);
    reach::open_enumerations(ir, &reach);
    let left_out = constraints::settle(document, ir, &reach);
    constants::inline(ir);
    // What constants have replaced is used no more.
    let reach = Reach::of(ir);
    twins::merge(ir, &reach);
    let reach = Reach::of(ir);
    homes::settle(ir, &reach);
    (reach, left_out)
}
