//! Erases one person's contact at four vendors, with the types that were generated from their documents.
//!
//! ```sh
//! alias erase='cargo run -p wireproof-contract-tests --example erase_contact --'
//! erase                                                # prints the four requests, for the person of the vendors' pages
//! erase EMAIL CLEMTA_ID LEADLEX_ID ROLODEX_ID          # prints those for another
//! erase --send EMAIL CLEMTA_ID LEADLEX_ID ROLODEX_ID   # sends them; credentials come from the environment
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it talks to whoever runs it")]

use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;

use wireproof_generated::rolodex::DeleteContactIncludeItem::{Emails, PhoneNumbers};
use wireproof_generated::{clemta, leadlex, reforge, rolodex};
use wireproof_runtime::{Api, Client, Credentials, Operation, Server};

/// How the vendors know a person: the email address, and the ids at Clemta, LeadLex and Rolodex.
pub(crate) type Person<'p> = [&'p str; 4];

/// The person of the vendors' pages.
pub(crate) const EXAMPLE: Person<'_> =
    ["john.doe@example.com", "64b8f1a2e4b0c8d9f0123456", "123e4567-e89b-12d3-a456-426614174000", "contact_67890"];

/// One operation per vendor. A purge that names nobody cannot be written: it would not compile.
pub(crate) fn erasure(
    [email, clemta_id, leadlex_id, rolodex_id]: Person<'_>,
) -> (reforge::PostContactsPurge, clemta::DeleteContact, leadlex::DeleteContact, rolodex::DeleteContact) {
    let purge = reforge::PostContactsPurge::new(reforge::ContactPurgeRequest::with_email(email));
    let clemta = clemta::DeleteContact::new(clemta_id);
    // With the same key, a second run is no second deletion.
    let idempotency_key = Some(format!("erase-{leadlex_id}"));
    let leadlex = leadlex::DeleteContact { idempotency_key, ..leadlex::DeleteContact::new(leadlex_id) };
    // The answer is the contact as it was; these two relations come along.
    let include = Some(vec![Emails, PhoneNumbers]);
    let rolodex = rolodex::DeleteContact { include, ..rolodex::DeleteContact::new(rolodex_id) };
    (purge, clemta, leadlex, rolodex)
}

/// A vendor, and what it is called with.
pub(crate) struct Account {
    pub(crate) name: &'static str,
    pub(crate) server: Server,
    pub(crate) credentials: Credentials,
}

/// The accounts at Reforge, Clemta, LeadLex and Rolodex, with the secrets of those environment variables.
pub(crate) fn accounts(secret: impl Fn(&str) -> Option<String>) -> Result<[Account; 4], Box<dyn Error>> {
    let variables = ["REFORGE_TOKEN", "CLEMTA_API_KEY", "LEADLEX_API_KEY", "ROLODEX_API_KEY"];
    let missing: Vec<&str> = variables.into_iter().filter(|variable| secret(variable).is_none()).collect();
    if !missing.is_empty() {
        return Err(format!("nothing was sent: set {} first", missing.join(", ")).into());
    }
    let [token, clemta_key, leadlex_key, rolodex_key] = variables.map(|variable| secret(variable).unwrap_or_default());
    let account = |api: &Api, credentials| {
        let server = api.servers.first().ok_or("the document names no server")?;
        Ok::<_, Box<dyn Error>>(Account { name: api.title, server: server.url.parse()?, credentials })
    };
    Ok([
        account(&reforge::API, Credentials::new().bearer("AdminBearerAuth", token))?,
        account(&clemta::API, Credentials::new().api_key("ApiKeyAuth", clemta_key))?,
        account(&leadlex::API, Credentials::new().bearer("ApiKeyAuth", leadlex_key))?,
        account(&rolodex::API, Credentials::new().bearer("ApiKeyAuth", rolodex_key))?,
    ])
}

/// A request as it would go over the wire, secrets masked.
pub(crate) fn show(account: &Account, operation: &impl Operation) -> Result<String, Box<dyn Error>> {
    let request = operation.to_request(&account.server, &account.credentials)?;
    let mut text = format!("{}\n  {} {}\n", account.name, request.method(), request.uri());
    for (name, value) in request.headers() {
        writeln!(text, "  {name}: {}", if value.is_sensitive() { "***" } else { value.to_str()? })?;
    }
    if !request.body().is_empty() {
        writeln!(text, "\n  {}", String::from_utf8_lossy(request.body()))?;
    }
    Ok(text)
}

/// Sends an operation and says what came of it. False where the contact may still be there.
pub(crate) async fn send<O: Operation>(account: Account, operation: &O, tell: fn(O::Response) -> Result<&'static str, String>) -> bool {
    let answer = match Client::new(account.server, account.credentials) {
        Ok(client) => client.send(operation).await,
        Err(error) => Err(error),
    };
    let told = answer.map_err(|error| error.to_string()).and_then(tell);
    let erased = told.is_ok();
    println!("{}: {}", account.name, told.map_or_else(|why_not| why_not, str::to_owned));
    erased
}

/// Every documented status is a variant with a type of its own: leave one out, and it does not compile.
pub(crate) fn at_reforge(response: reforge::PostContactsPurgeResponse) -> Result<&'static str, String> {
    use reforge::PostContactsPurgeResponse as Response;
    match response {
        Response::Ok(done) if done.success == Some(false) => Err("the purge did not begin".to_owned()),
        Response::Ok(_) => Ok("the purge has begun, and goes on after this answer"),
        Response::NotFound(_) => Ok("there was no such contact"),
        Response::Undocumented(raw) => Err(format!("answered {}, which is not documented", raw.status)),
    }
}

/// Whoever does not care for the differences takes what is left together: every response can say what it is.
fn at_clemta(response: clemta::DeleteContactResponse) -> Result<&'static str, String> {
    use clemta::DeleteContactResponse as Response;
    match response {
        Response::Ok(done) if done.success != Some(false) => Ok("erased"),
        Response::NotFound(_) => Ok("there was no such contact"),
        Response::BadRequest(refused) => Err(refused.message.unwrap_or_else(|| "the request is wrong".to_owned())),
        other => Err(format!("not erased: {other}")),
    }
}

/// Documented headers stand beside the body, read as what they are.
fn at_leadlex(response: leadlex::DeleteContactResponse) -> Result<&'static str, String> {
    use leadlex::DeleteContactResponse as Response;
    match response {
        Response::Ok(done) if done.body.data.deleted => Ok("erased"),
        Response::Forbidden(refused) => Err(refused.body.error.message),
        Response::TooManyRequests(refused) => match refused.headers.x_rate_limit_reset {
            Some(reset) => Err(format!("too many requests: try again at {reset} (Unix seconds)")),
            None => Err(refused.body.error.message),
        },
        other => Err(format!("not erased: {other}")),
    }
}

/// And where only success counts, a response is a `Result`.
fn at_rolodex(response: rolodex::DeleteContactResponse) -> Result<&'static str, String> {
    response.into_result().map(|_contact| "erased").map_err(|other| format!("not erased: {other}"))
}

async fn run(arguments: &[&str]) -> Result<bool, Box<dyn Error>> {
    let (sending, person) = match arguments {
        ["--send", person @ ..] => (true, person),
        person => (false, person),
    };
    let person = match person {
        [] if !sending => EXAMPLE,
        given => Person::try_from(given).map_err(|_| "usage: erase_contact [[--send] EMAIL CLEMTA_ID LEADLEX_ID ROLODEX_ID]")?,
    };
    let (purge, from_clemta, from_leadlex, from_rolodex) = erasure(person);
    if !sending {
        let [reforge, clemta, leadlex, rolodex] = accounts(|_| Some("not shown".to_owned()))?;
        println!("{}", show(&reforge, &purge)?);
        println!("{}", show(&clemta, &from_clemta)?);
        println!("{}", show(&leadlex, &from_leadlex)?);
        println!("{}", show(&rolodex, &from_rolodex)?);
        return Ok(true);
    }
    let [reforge, clemta, leadlex, rolodex] = accounts(|variable| std::env::var(variable).ok().filter(|secret| !secret.is_empty()))?;
    let erased = [
        send(reforge, &purge, at_reforge).await,
        send(clemta, &from_clemta, at_clemta).await,
        send(leadlex, &from_leadlex, at_leadlex).await,
        send(rolodex, &from_rolodex, at_rolodex).await,
    ];
    Ok(erased.into_iter().all(|erased| erased))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}
