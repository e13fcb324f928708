//! `--accept`: what a run found goes into the known-drift files of its contracts.

use wireproof_contract::{Acceptance, Checked, Contracts, Date, DriftProblemKind, Outcome};

use crate::contracts::DriftFile;
use crate::error::{Exit, Failure};
use crate::output::{Stream, count, printable, style};
use crate::write::NewFile;

/// How many days what is accepted stays so.
const DAYS: u16 = 90;

/// The last day of new entries.
///
/// # Errors
///
/// When it is no day, or one that is over.
pub(crate) fn expires(given: Option<&str>, today: Date) -> Result<Date, Failure> {
    let Some(given) = given else {
        return today.after(DAYS).ok_or_else(|| Failure::new(format!("there is no day {DAYS} days after {today}")));
    };
    let date = crate::date::today(Some(given))?;
    if date < today {
        return Err(Failure::new(format!("`--expires {date}` is over: today is {today}")).with_help("give a day that is still to come"));
    }
    Ok(date)
}

/// What is to be accepted, contract by contract.
pub(crate) struct Accepting<'c> {
    contracts: &'c Contracts,
    files: &'c [Option<DriftFile>],
    expires: Date,
    acceptances: Vec<Acceptance>,
    /// Exchanges that belong to none of several contracts.
    homeless: usize,
}

impl<'c> Accepting<'c> {
    pub(crate) fn new(contracts: &'c Contracts, files: &'c [Option<DriftFile>], expires: Date) -> Self {
        let acceptances = contracts.contracts().iter().map(|_| Acceptance::default()).collect();
        Self { contracts, files, expires, acceptances, homeless: 0 }
    }

    pub(crate) fn take(&mut self, checked: &Checked) {
        let contract = checked.contract.and_then(|index| Some((self.contracts.contracts().get(index)?, self.acceptances.get_mut(index)?)));
        match contract {
            Some((contract, acceptance)) => acceptance.take(checked, contract.drift()),
            None => self.homeless += 1,
        }
    }

    /// Writes the files, and says what became of what. Holds if nothing is left that the lists do not accept.
    pub(crate) fn write(self, outcome: &Outcome, err: &mut Stream<'_>) -> Result<Exit, Failure> {
        let (mut renewed, mut left, mut wrote) = (0, self.homeless, false);
        for ((acceptance, contract), file) in self.acceptances.iter().zip(self.contracts.contracts()).zip(self.files) {
            left += acceptance.unmatched() + acceptance.beyond();
            let Some(file) = file else { continue };
            if !acceptance.is_empty() {
                let accepted = acceptance.write(&file.shown, file.text.as_deref(), contract.drift(), self.expires).map_err(|error| {
                    Failure::new(format!("cannot add to `{}`: {error}", file.shown)).with_help("write its entries as `[[drift]]` tables")
                })?;
                let mut new = NewFile::begin(&file.path, &file.shown)?;
                std::io::Write::write_all(&mut new, accepted.text.as_bytes()).map_err(|error| Failure::io("write", &file.shown, &error))?;
                new.commit()?;
                wrote = true;
                renewed += accepted.renewed;
                let head = err.paint(style::GOOD, "accepted").to_string();
                let also = if accepted.renewed > 0 {
                    format!(", {} renewed", count(accepted.renewed, "expired entry").replace("entrys", "entries"))
                } else {
                    String::new()
                };
                let entries = if accepted.added == 1 { "entry" } else { "entries" };
                err.line(format_args!(
                    "{head} until {}: {} {entries} added to `{}`{also}",
                    self.expires,
                    accepted.added,
                    printable(&file.shown)
                ));
            }
            if acceptance.beyond() > 0 {
                let head = err.paint(style::WARN, "warning").to_string();
                err.line(format_args!(
                    "{head}: {} were too many to accept at once: look at these first",
                    count(acceptance.beyond(), "more finding")
                ));
            }
        }
        if wrote {
            err.line("fill in the reasons: `verify` fails until each entry has one");
        } else if left == 0 {
            err.line("there was nothing to accept");
        }
        let unmatched = self.homeless + self.acceptances.iter().map(Acceptance::unmatched).sum::<usize>();
        if unmatched > 0 {
            let head = err.paint(style::WARN, "warning").to_string();
            let exchanges = count(unmatched, "exchange");
            err.line(format_args!("{head}: {exchanges} of no operation cannot be accepted: an entry names an operation"));
        }
        let expired = outcome.vendors.iter().flat_map(|vendor| &vendor.drift).filter(|problem| problem.kind == DriftProblemKind::Expired);
        Ok(if left == 0 && expired.count() <= renewed { Exit::Holds } else { Exit::Broken })
    }
}
