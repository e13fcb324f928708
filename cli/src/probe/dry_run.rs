//! The plan of a probe as people read it, and as JSON. Credentials show as `***`, whatever they are. Next: `mod.rs`.

use serde_json::{Value, json};
use wireproof_live::plan::{Carries, OperationPlan, Plan, Planned};
use wireproof_live::risk::Risk;
use wireproof_openapi::Document;

use crate::output::{Stream, count, printable, style};

/// How much of a body is shown.
const SHOWN_BODY: usize = 300;

/// Prints a plan.
pub(super) fn print(document: &Document, name: &str, plan: &Plan, out: &mut Stream<'_>) {
    let requests: usize = plan.operations.iter().map(|operation| operation.requests.len()).sum();
    let heading = format!("{name}: {} to {}", count(requests, "request"), count(plan.operations.len(), "operation"));
    let heading = out.paint(style::STRONG, printable(&heading)).to_string();
    out.line(heading);
    for operation in &plan.operations {
        let risk = match operation.risk {
            Risk::Safe => out.paint(style::GOOD, operation.risk.name()),
            Risk::Mutating => out.paint(style::WARN, operation.risk.name()),
            Risk::Destructive => out.paint(style::BAD, operation.risk.name()),
        };
        let called = if operation.operation == operation.address { String::new() } else { format!("{}  ", operation.operation) };
        let title = format!("{called}{}", operation.address);
        out.line(format_args!("\n{}  {risk}, {}", printable(&title), printable(&operation.risk_because)));
        for planned in &operation.requests {
            request(document, planned, out);
        }
        for why in &operation.left_out {
            let text = format!("  - {why}");
            let text = out.paint(style::FAINT, printable(&text)).to_string();
            out.line(text);
        }
    }
    out.line("");
}

fn request(document: &Document, planned: &Planned, out: &mut Stream<'_>) {
    let (url, headers) = shown(document, planned);
    let asks = out.paint(style::STRONG, printable(&planned.asks)).to_string();
    out.line(format_args!("  {asks}"));
    let mut lines = vec![format!("{} {url}", planned.method)];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if !planned.body.is_empty() {
        lines.push(body(planned));
    }
    for line in lines {
        out.line(format_args!("      {}", printable(&line)));
    }
    out.line(format_args!("    expects {}", planned.expects));
    let because = format!("    harmless because {}", planned.harmless_because);
    out.line(printable(&because));
}

/// URL and headers; what stands in the place of a credential shows as it is only where it can be nobody's.
fn shown(document: &Document, planned: &Planned) -> (String, Vec<(String, String)>) {
    let (url, headers) = planned.with_key(document, "***");
    (url, headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

fn body(planned: &Planned) -> String {
    let text = String::from_utf8_lossy(&planned.body);
    let short: String = text.chars().take(SHOWN_BODY).collect();
    if short.len() < text.len() { format!("{short}...") } else { short }
}

/// A plan as JSON.
pub(super) fn json(document: &Document, name: &str, plan: &Plan) -> Value {
    let request = |planned: &Planned| {
        let (url, headers) = shown(document, planned);
        let carries = match planned.carries {
            Carries::Nothing => "nothing",
            Carries::Malformed(_) => "malformed",
            Carries::Real(_) => "credentials",
        };
        json!({
            "asks": planned.asks,
            "method": planned.method,
            "url": url,
            "headers": headers.iter().map(|(name, value)| json!({"name": name, "value": value})).collect::<Vec<_>>(),
            "body": String::from_utf8_lossy(&planned.body),
            "carries": carries,
            "expects": planned.expects.to_string(),
            "harmless_because": planned.harmless_because,
        })
    };
    let operation = |operation: &OperationPlan| {
        json!({
            "operation": operation.operation,
            "address": operation.address,
            "risk": operation.risk.name(),
            "risk_because": operation.risk_because,
            "requests": operation.requests.iter().map(request).collect::<Vec<_>>(),
            "left_out": operation.left_out,
        })
    };
    json!({"vendor": name, "operations": plan.operations.iter().map(operation).collect::<Vec<_>>()})
}
