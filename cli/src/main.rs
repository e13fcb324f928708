//! The `wireproof` binary: hands the command line to the library. Read `lib.rs` next.

use std::process::ExitCode;

use wireproof::{Environment, Exit, Stream, print_failure, run};

/// Documents are trees of small pieces: the standard allocator takes a third of the time that reading and writing them needs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let exit = match Environment::of_process("wireproof") {
        Ok(mut environment) => run(std::env::args_os(), &mut environment),
        Err(failure) => {
            print_failure(&failure, &mut Stream::stderr());
            Exit::Unusable
        }
    };
    ExitCode::from(exit.code())
}
