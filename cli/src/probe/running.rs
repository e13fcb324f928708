//! A run of `probe`: documents and credentials to plans, plans to exchanges, exchanges to findings and reports.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use wireproof_contract::{Contracts, Event, Formats, Run};
use wireproof_live::credentials::Credentials;
use wireproof_live::net;
use wireproof_live::plan::{Plan, PlanOptions, Planned, Planner, is_sandbox};
use wireproof_live::probe::{Ended, Outcome, ProbeOptions, Probed, probe};
use wireproof_openapi::Document;

use super::{Arguments, credentials, dry_run};
use crate::args::Global;
use crate::config::{Config, CredentialSource, Limits, SecretSource};
use crate::contracts::{self, Checking, Loaded};
use crate::date::today;
use crate::environment::Environment;
use crate::error::{Exit, Failure};
use crate::output::{Stream, count, printable, style};
use crate::progress::Progress;
use crate::reports::{self, Format, Reports};

/// A vendor, or a document by itself, with all that is known of it.
struct Subject {
    /// What it is called.
    name: String,
    document: Arc<Document>,
    sources: Vec<(String, CredentialSource)>,
    limits: Limits,
}

/// A subject and what is asked of it.
struct Planning {
    subject: Subject,
    plan: Plan,
    credentials: Credentials,
    options: ProbeOptions,
}

pub(crate) fn run(arguments: &Arguments, global: &Global, environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    let targets = arguments.report.targets()?;
    let named = pairs(&arguments.targets, "--target", "PARAM=VALUE")?;
    let (subjects, contracts) = subjects(arguments, global, environment)?;
    if arguments.server.is_some() && subjects.len() > 1 {
        return Err(Failure::new(format!("`--server` is one server, and there are {} vendors", subjects.len()))
            .with_help("name the vendor whose server it is"));
    }
    let mut plannings = Vec::with_capacity(subjects.len());
    for subject in subjects {
        plannings.push(planning(subject, arguments, &named)?);
    }
    if arguments.dry_run {
        return show(&plannings, &targets, environment);
    }
    let planned: usize = plannings.iter().map(|planning| requests(&planning.plan).count()).sum();
    if planned == 0 {
        return Err(nothing(&plannings));
    }
    let mut opened = reports::open(&targets, environment)?;
    let Environment { out, err, .. } = environment;
    let progress = Progress::of_steps(err, planned);
    let mut reports = Reports::new(&mut opened, out, arguments.report.verbose, &progress);
    let mut sink = |event: Event| if reports.take(&event) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    let mut run = contracts.run();
    let mut ends: Vec<(String, Ended)> = Vec::new();
    let mut alarms: Vec<String> = Vec::new();
    for planning in plannings.iter().filter(|planning| requests(&planning.plan).next().is_some()) {
        let ended = send(planning, &mut run, &progress, &mut alarms, &mut sink)?;
        let alarmed = ended == Ended::Alarm;
        ends.push((planning.subject.name.clone(), ended));
        if alarmed {
            break;
        }
    }
    let outcome = run.finish(false, &mut sink);
    reports.finish()?;
    drop(progress);
    reports::commit(opened)?;
    let mut exit = if outcome.holds() { Exit::Holds } else { Exit::Broken };
    for (name, ended) in &ends {
        if let Some(text) = told(ended) {
            let head = err.paint(style::WARN, "note").to_string();
            err.line(format_args!("{head}: {}: {text}", printable(name)));
        }
    }
    tell_left_out(&plannings, err);
    for alarm in &alarms {
        let head = err.paint(style::BAD, "STOPPED").to_string();
        err.line(format_args!("{head}: {}", printable(alarm)));
        exit = exit.max(Exit::Broken);
    }
    if outcome.summary.exchanges == 0 {
        let head = err.paint(style::BAD, "error").to_string();
        err.line(format_args!("{head}: nothing was checked: no request was answered"));
        exit = Exit::Unusable;
    }
    Ok(exit)
}

/// The vendors or the document, and their contracts in the same order.
fn subjects(arguments: &Arguments, global: &Global, environment: &Environment<'_>) -> Result<(Vec<Subject>, Contracts), Failure> {
    let checking = Checking {
        servers: arguments.server.iter().cloned().collect(),
        today: today(None)?,
        show_values: arguments.report.show_values,
        excerpts: arguments.report.wants_excerpts(),
        fields: false,
        formats: Formats::default(),
    };
    let given = pairs(&arguments.credentials, "--credential", "SCHEME=VARIABLE")?;
    let given: Vec<_> = given.into_iter().map(|(scheme, name)| (scheme, CredentialSource::Key(SecretSource::Env(name)))).collect();
    let (loaded, described) = if let Some(spec) = &arguments.spec {
        let name = spec.to_string_lossy().into_owned();
        (vec![contracts::of_spec(spec, None, false, &checking, environment)?], vec![(name, Vec::new(), Limits::default())])
    } else {
        let config = Config::find(global.config.as_deref(), environment)?;
        let loaded = contracts::of_vendors(&config, &arguments.vendors, &checking)?;
        let vendors = config.select(&arguments.vendors)?;
        (loaded, vendors.into_iter().map(|vendor| (vendor.name.clone(), vendor.auth.clone(), vendor.limits)).collect())
    };
    let contracts: Vec<_> = loaded.into_iter().map(|Loaded { contract, .. }| contract).collect();
    let mut subjects = Vec::with_capacity(contracts.len());
    for (contract, (name, mut sources, limits)) in contracts.iter().zip(described) {
        sources.retain(|(scheme, _)| !given.iter().any(|(other, _)| other == scheme));
        sources.extend(given.iter().cloned());
        let document = contract.shared_document();
        if let Some((unknown, _)) =
            sources.iter().find(|(scheme, _)| !document.security_schemes().iter().any(|known| known.name == *scheme))
        {
            let known = document.security_schemes().iter().map(|scheme| scheme.name.as_str());
            return Err(Failure::new(format!("`{}` has no security scheme `{unknown}`", document.source().path))
                .with_help(crate::error::did_you_mean(unknown, known)));
        }
        subjects.push(Subject { name, document, sources, limits });
    }
    Ok((subjects, Contracts::new(contracts)))
}

/// Plans what is asked of one subject.
fn planning(subject: Subject, arguments: &Arguments, targets: &[(String, String)]) -> Result<Planning, Failure> {
    let options = PlanOptions {
        // A plan that is only shown may name a server in earnest.
        server: arguments.server.clone().or_else(|| arguments.dry_run.then(|| first_server(&subject.document))),
        schemes: subject.sources.iter().map(|(scheme, _)| scheme.clone()).collect::<BTreeSet<_>>(),
        targets: targets.to_vec(),
        allow_destructive: arguments.allow_destructive,
    };
    let planner = Planner::new(Arc::clone(&subject.document), options)
        .map_err(|error| Failure::new(error.to_string()).with_help("a server is an absolute URL, as `https://api.example.com/v1`"))?;
    let plan = planner.plan();
    let rate = arguments.rate.or(subject.limits.rate).unwrap_or(2.0);
    let interval = Duration::try_from_secs_f64(1.0 / rate).ok().filter(|_| rate > 0.0);
    let interval = interval.ok_or_else(|| Failure::new(format!("`{rate}` is no rate: give requests per second, as in `--rate 0.5`")))?;
    let usual = ProbeOptions::default();
    let timeout = arguments.timeout.or(subject.limits.timeout).map_or(usual.timeout, Duration::from_secs);
    let budget = arguments.budget.or(subject.limits.budget).unwrap_or(usual.budget);
    let options = ProbeOptions { interval, timeout, budget, ..usual };
    // Secrets are asked for only when something is about to be sent.
    let credentials =
        if arguments.dry_run || requests(&plan).next().is_none() { Credentials::none() } else { credentials::resolve(&subject.sources)? };
    Ok(Planning { subject, plan, credentials, options })
}

/// A sandbox, else the first server that can be reached.
fn first_server(document: &Document) -> String {
    let reachable = document.servers().iter().filter(|server| server.default_url().contains("://"));
    let best = reachable.clone().find(|server| is_sandbox(server)).or_else(|| reachable.clone().next());
    best.map_or_else(|| "https://server.invalid".to_owned(), wireproof_openapi::Server::default_url)
}

fn requests(plan: &Plan) -> impl Iterator<Item = &Planned> {
    plan.operations.iter().flat_map(|operation| &operation.requests)
}

/// Why nothing can be asked.
fn nothing(plannings: &[Planning]) -> Failure {
    let reasons: BTreeSet<&str> = plannings
        .iter()
        .flat_map(|planning| &planning.plan.operations)
        .flat_map(|operation| &operation.left_out)
        .map(String::as_str)
        .collect();
    let shown: Vec<&str> = reasons.into_iter().take(3).collect();
    let failure = Failure::new(format!(
        "nothing is asked: {}",
        if shown.is_empty() { "there are no operations".to_owned() } else { shown.join("; ") }
    ));
    failure.with_help("`--dry-run` shows what would be asked, and why the rest would not")
}

/// Shows the plans.
fn show(plannings: &[Planning], targets: &[reports::Target<'_>], environment: &mut Environment<'_>) -> Result<Exit, Failure> {
    match targets {
        [(Format::Pretty, None)] => {
            for planning in plannings {
                dry_run::print(&planning.subject.document, &planning.subject.name, &planning.plan, &mut environment.out);
            }
        }
        [(Format::Json, None)] => {
            let plans: Vec<_> = plannings
                .iter()
                .map(|planning| dry_run::json(&planning.subject.document, &planning.subject.name, &planning.plan))
                .collect();
            environment.out.line(serde_json::json!({"plans": plans}));
        }
        _ => return Err(Failure::new("a plan is shown as `pretty` or `json`, on standard output")),
    }
    Ok(Exit::Holds)
}

/// Asks one subject.
fn send(
    planning: &Planning,
    run: &mut Run<'_>,
    progress: &Progress,
    alarms: &mut Vec<String>,
    sink: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Ended, Failure> {
    let recording: Arc<str> = format!("probe of {}", planning.subject.name).into();
    if sink(Event::RecordingStarted { recording: Arc::clone(&recording) }).is_break() {
        return Ok(Ended::Stopped);
    }
    let mut entry = 0;
    let mut tell = |probed: Probed<'_>| {
        progress.at(&probed.planned.asks);
        progress.add(1);
        let flow = match &probed.outcome {
            Outcome::Answered(exchange) => run.exchange(&recording, entry, exchange, sink),
            Outcome::Failed(reason) => sink(Event::Unusable { recording: Arc::clone(&recording), entry, reason: reason.clone() }),
        };
        entry += 1;
        if probed.alarm {
            let planned = probed.planned;
            alarms.push(format!(
                "`{}` honoured a request that could not succeed ({}): {}. Look at once whether something was changed",
                planned.operation, planned.asks, planned.harmless_because
            ));
        }
        flow?;
        match probed.unexpected {
            Some(message) => sink(Event::Note { recording: Arc::clone(&recording), message }),
            None => ControlFlow::Continue(()),
        }
    };
    let probing = probe(&planning.subject.document, &planning.plan, &planning.credentials, &planning.options, &mut tell);
    let ended = net::block_on(net::unless_interrupted(probing));
    match ended.map_err(|error| Failure::new(error.to_string()))? {
        Some(ended) => ended.map_err(|error| Failure::new(error.to_string())),
        None => Ok(Ended::Stopped),
    }
}

/// What is to be said about how it ended.
fn told(ended: &Ended) -> Option<String> {
    match ended {
        Ended::Complete | Ended::Alarm | Ended::Stopped => None,
        Ended::Budget(left) => Some(format!("the budget is spent, {} were not sent", count(*left, "request"))),
        Ended::Patience(wait) => Some(format!("the server asks to be left alone for {} seconds: the rest was not sent", wait.as_secs())),
        Ended::OutOfReach => Some("the server does not answer: the rest was not sent".to_owned()),
    }
}

/// Counts the operations that were asked nothing.
fn tell_left_out(plannings: &[Planning], err: &mut Stream<'_>) {
    let silent = plannings.iter().flat_map(|planning| &planning.plan.operations).filter(|operation| operation.requests.is_empty()).count();
    if silent > 0 {
        let head = err.paint(style::FAINT, "note").to_string();
        err.line(format_args!(
            "{head}: {} asked nothing; `--dry-run` says why",
            if silent == 1 { "1 operation was".to_owned() } else { format!("{silent} operations were") }
        ));
    }
}

/// `NAME=VALUE` as a pair.
fn pairs(given: &[String], flag: &str, form: &str) -> Result<Vec<(String, String)>, Failure> {
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty())?;
        Some((name.to_owned(), value.to_owned()))
    };
    given.iter().map(|text| pair(text).ok_or_else(|| Failure::new(format!("`{flag}` has the form `{form}`")))).collect()
}
