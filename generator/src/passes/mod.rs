//! IR to IR: what can only be decided when all types are known. One pass per file, in the order of [`run`].

mod constants;
mod cycles;
mod nesting;
mod reach;
mod sides;
mod twins;

use crate::ir::Ir;

pub(crate) use nesting::recursion_limit;
pub(crate) use reach::Reach;

/// Runs every pass.
pub(crate) fn run(ir: &mut Ir) -> Reach {
    sides::part(ir);
    cycles::name_recursive_aliases(ir);
    cycles::box_recursion(ir);
    let reach = Reach::of(ir);
    reach::open_enumerations(ir, &reach);
    constants::inline(ir);
    twins::merge(ir);
    // What constants have replaced is used no more.
    Reach::of(ir)
}
