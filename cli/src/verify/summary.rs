//! `verify` for people: a block per vendor with a line per part, then one sentence on the whole.

use wireproof_contract::{Part, Proof, State};

use super::vendor::Proved;
use crate::config::Config;
use crate::output::{Stream, count, style};

pub(super) fn print(config: &Config, proofs: &[Proved], package: &Part, out: &mut Stream<'_>) {
    for Proved { proof, told } in proofs {
        let name = out.paint(style::STRONG, name_of(proof)).to_string();
        let title = out.paint(style::FAINT, proof.title.as_deref().unwrap_or_default().trim()).to_string();
        out.line(format_args!("{name}  {title}").to_string().trim_end());
        for part in &proof.parts {
            print_part(part, out);
        }
        if let Some(told) = told.as_ref().filter(|told| !told.findings.is_empty()) {
            out.line("");
            for line in told.findings.trim_end().lines() {
                out.line(format_args!("    {line}").to_string().trim_end());
            }
        }
        out.line("");
    }
    if package.state >= State::Broken {
        let name = out.paint(style::STRONG, &config.generated.folder).to_string();
        out.line(name);
        print_part(package, out);
        out.line("");
    }
    print_verdict(proofs, package, out);
}

fn print_part(part: &Part, out: &mut Stream<'_>) {
    let (mark, colour) = mark(part.state);
    let mark = out.paint(colour, mark).to_string();
    let topic = format!("{:<11}", part.topic);
    out.line(format_args!("  {mark} {topic}  {}", part.text));
    for detail in &part.details {
        let detail = if part.state >= State::Broken { detail.clone() } else { out.paint(style::FAINT, detail).to_string() };
        out.line(format_args!("{:17}{detail}", ""));
    }
}

fn mark(state: State) -> (&'static str, anstyle::Style) {
    match state {
        State::Holds => ("✓", style::GOOD),
        State::Absent => ("-", style::FAINT),
        State::Known => ("~", style::WARN),
        State::Broken => ("✗", style::BAD),
        State::Unusable => ("!", style::BAD),
    }
}

fn name_of(proof: &Proof) -> &str {
    proof.vendor.as_deref().unwrap_or_default()
}

/// `4 vendors hold: 37 exchanges conform, 2 entries of known drift.`
fn print_verdict(proofs: &[Proved], package: &Part, out: &mut Stream<'_>) {
    let fail: Vec<&str> = proofs.iter().map(|proved| &*proved.proof).filter(|proof| !proof.holds()).map(name_of).collect();
    if fail.is_empty() && package.state < State::Broken {
        let summaries = || proofs.iter().filter_map(|proved| proved.told.as_ref()).map(|told| told.outcome.summary);
        let (conform, exchanges): (usize, usize) =
            summaries().fold((0, 0), |(conform, exchanges), summary| (conform + summary.conforms, exchanges + summary.exchanges));
        let head = format!("{} {}", count(proofs.len(), "vendor"), if proofs.len() == 1 { "holds" } else { "hold" });
        let head = out.paint(style::GOOD, head).to_string();
        let known = proofs.iter().filter(|proved| proved.proof.state() == State::Known).count();
        let but = if known == 0 { String::new() } else { format!(", {} with known drift", count(known, "vendor")) };
        out.line(format_args!("{head}: {conform} of {exchanges} exchanges and examples conform{but}"));
        return;
    }
    let head = if fail.is_empty() {
        "generated code is stale".to_owned()
    } else {
        let verb = if fail.len() == 1 { "does" } else { "do" };
        format!("{} of {} {verb} not hold: {}", fail.len(), count(proofs.len(), "vendor"), fail.join(", "))
    };
    let head = out.paint(style::BAD, head).to_string();
    out.line(head);
}
