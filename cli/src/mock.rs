//! `mock`: plays a vendor on this machine. `wireproof-live` answers; here the document is opened and the address told.
//! Next: `live/src/mock/mod.rs`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `mock`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  {program} mock --vendor clemta --listen 127.0.0.1:4010
  {program} mock --spec openapi.yaml --listen 127.0.0.1:0          on a free port, which is printed
  {program} mock --spec openapi.yaml --inject body-schema          every answer breaks its schema
  {program} mock --spec openapi.yaml --inject header-missing=0.1   one answer in ten lacks a header
  curl -H 'Prefer: code=404, example=missing' http://127.0.0.1:4010/contacts/7

The address is printed on standard output as soon as the mock listens, a line for each answer on
standard error. It serves below the paths of the document's servers, and below `/`. `Prefer:
code=...` chooses the status, `example=...` the example, `dynamic=true` makes a body up where
there are examples.")]
pub struct Arguments {
    /// The vendor of the configuration
    #[arg(long, value_name = "VENDOR", required_unless_present = "spec", conflicts_with = "spec")]
    pub(crate) vendor: Option<String>,
    /// A document instead of a vendor
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,
    /// Where to listen: address and port, or a port on this machine alone (0 for any that is free)
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    pub(crate) listen: String,
    /// Take an address that other machines can reach
    #[arg(long)]
    pub(crate) reachable: bool,
    /// Break a rule of the contract on purpose, in every answer or in a share of them
    #[arg(long, value_name = "RULE[=RATE]")]
    pub(crate) inject: Option<String>,
    /// What made-up bodies follow from: the same seed and request, the same body
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

#[cfg(feature = "live")]
pub(crate) use running::run;

#[cfg(feature = "live")]
mod running {
    use std::io::Write;
    use std::sync::Arc;

    use wireproof_live::mock::{Injection, Mock, MockOptions, Served, serve_until_interrupted};
    use wireproof_live::net;

    use super::Arguments;
    use crate::address;
    use crate::args::Global;
    use crate::config::Config;
    use crate::document;
    use crate::environment::Environment;
    use crate::error::{Exit, Failure};
    use crate::generate::print_diagnostics;
    use crate::output::{Stream, printable, style};

    pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
        let inject = arguments.inject.as_deref().map(str::parse::<Injection>).transpose();
        let inject =
            inject.map_err(|error| Failure::new(error.to_string()).with_help("`explain` lists the rules and what they are about"))?;
        let document = match (&arguments.spec, &arguments.vendor) {
            (Some(spec), _) => document::load(&environment.resolve(spec), &spec.to_string_lossy())?,
            (None, vendor) => {
                let config = Config::find(global.config.as_deref(), environment)?;
                document::load_vendor(&config.root, config.vendor(vendor.as_deref().unwrap_or_default())?)?
            }
        };
        if document.operations().is_empty() {
            return Err(Failure::new(format!("`{}` has no operation that could be served", document.source().path)));
        }
        if let Some(inject) = inject {
            inject.is_possible_in(&document).map_err(|error| {
                Failure::new(error.to_string()).with_help(format!("take a rule that an answer of `{}` can break", document.source().path))
            })?;
        }
        let address = address::parse(&arguments.listen)?;
        let listener = net::listen(address, arguments.reachable).map_err(|error| {
            let failure = Failure::new(error.to_string());
            match error {
                net::NetError::NotLoopback { .. } => failure.with_help("`--reachable` says that it is meant"),
                _ => failure.with_help("name another address, or port 0 for any that is free"),
            }
        })?;
        let at = listener.local_addr().map_err(|error| Failure::new(format!("cannot tell the address: {error}")))?;
        let options = MockOptions { servers: vec![format!("http://{at}")], seed: arguments.seed, inject };
        let mock = Mock::new(Arc::new(document), options).map_err(|error| Failure::new(error.to_string()))?;
        print_diagnostics(&mock.contract().notes(), &mut environment.err);
        let Environment { out, err, .. } = environment;
        out.line(format_args!("http://{at}"));
        // Scripts wait for the address, so it must not wait in a buffer. A reader that went away is none of the mock's business.
        let _ = out.flush();
        if let Some(inject) = inject {
            err.line(format_args!("breaking {inject} on purpose"));
        }
        serve_until_interrupted(Arc::new(mock), listener, |served| tell(&served, err)).map_err(|error| Failure::new(error.to_string()))?;
        Ok(Exit::Holds)
    }

    /// One line for each answer.
    fn tell(served: &Served, err: &mut Stream<'_>) {
        let Served { method, target, answer } = served;
        let status = match answer.status {
            ..400 => err.paint(style::GOOD, answer.status),
            _ => err.paint(style::WARN, answer.status),
        };
        let operation = answer.operation.as_deref().unwrap_or("no operation");
        let note = answer.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        // The query may hold a key, and the terminal is no place for one.
        let path = target.split('?').next().unwrap_or_default();
        let text = format!("{method} {path}  {operation}{note}");
        err.line(format_args!("{status} {}", printable(&text)));
        let _ = err.flush();
    }
}
