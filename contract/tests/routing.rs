//! Exchange to operation: servers, templates and methods, each row a URL and what it must lead to.

mod common;

use std::fmt::Write as _;

use common::{contract, document, exchange};
use wireproof_contract::{Contract, Exchange, Options};

/// Operations named by their ids, `METHOD /path id` to a line.
fn paths(lines: &str) -> String {
    let mut text = String::from("paths:\n");
    let mut seen = std::collections::BTreeMap::<&str, Vec<(String, &str)>>::new();
    let mut order = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let (method, path, id) = (words.next().expect("method"), words.next().expect("path"), words.next().expect("id"));
        if !seen.contains_key(path) {
            order.push(path);
        }
        seen.entry(path).or_default().push((method.to_lowercase(), id));
    }
    for path in order {
        writeln!(text, "  '{path}':").expect("written");
        for (method, id) in &seen[path] {
            writeln!(text, "    {method}: {{operationId: {id}, responses: {{default: {{description: any}}}}}}").expect("written");
        }
    }
    text
}

fn with_servers(servers: &str, lines: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: Test, version: '1'}}\nservers: {servers}\n{}", paths(lines))
}

fn url(contract: &Contract, method: &str, url: &str) -> String {
    let checked = contract.check(&Exchange { url: url.to_owned(), ..exchange(method, "", 200, "") });
    checked.operation.unwrap_or_else(|| checked.findings[0].message.clone())
}

#[test]
fn templates_match_as_written() {
    let contract = contract(&with_servers(
        "[{url: 'https://api.test/v1'}]",
        "GET /contacts list
         GET /contacts/{id} one
         DELETE /contacts/{contact_id} drop
         GET /contacts/mine mine
         POST /contacts/{id}:archive archive
         GET /files/{name}.{ext} file
         GET /slash/ slash
         GET /a/{x}/c deep
         GET /a/b/{y} other",
    ));
    for (method, path, expected) in [
        ("GET", "/contacts", "list"),
        ("get", "/contacts/", "list"),
        ("GET", "/contacts?x=1#y", "list"),
        ("GET", "/contacts/7", "one"),
        ("GET", "/contacts/a%2Fb", "one"),
        ("DELETE", "/contacts/7", "drop"),
        ("GET", "/contacts/mine", "mine"),
        ("GET", "/%63ontacts/mine", "mine"),
        ("DELETE", "/contacts/mine", "drop"),
        ("POST", "/contacts/7:archive", "archive"),
        ("GET", "/files/a.b.txt", "file"),
        ("GET", "/slash", "slash"),
        ("GET", "/a/b/c", "other"),
        ("GET", "/a/z/c", "deep"),
    ] {
        assert_eq!(url(&contract, method, &format!("https://api.test/v1{path}")), expected, "{method} {path}");
    }
}

#[test]
fn misses_say_what_is_known() {
    let contract = contract(&with_servers(
        "[{url: 'https://api.test/v1'}, {url: 'https://sandbox.test'}]",
        "GET /contacts/{id} one\nPUT /contacts/{id} put",
    ));
    for (method, text, expected) in [
        (
            "DELETE",
            "https://api.test/v1/contacts/7",
            "`DELETE /v1/contacts/7` is no operation: `/contacts/{id}` is documented with GET, PUT only",
        ),
        ("GET", "https://api.test/v1/contact", "`GET /v1/contact` is no operation: the document has no path that `/contact` fits"),
        (
            "GET",
            "https://api.example/v1/contacts/7",
            "`GET /v1/contacts/7` is no operation: `https://api.example` is none of the document's servers (`https://api.test/v1`, `https://sandbox.test`)",
        ),
        (
            "GET",
            "https://api.test/contacts/7",
            "`GET /contacts/7` is no operation: its path lies below none of the document's servers (`https://api.test/v1`, `https://sandbox.test`)",
        ),
        (
            "GET",
            "https://api.test/v12/contacts/7",
            "`GET /v12/contacts/7` is no operation: its path lies below none of the document's servers (`https://api.test/v1`, `https://sandbox.test`)",
        ),
    ] {
        assert_eq!(url(&contract, method, text), expected);
    }
}

#[test]
fn servers_match_by_origin_and_base_path() {
    for (servers, text, matches) in [
        ("[{url: 'https://api.test/v1/'}]", "https://api.test/v1/x", true),
        ("[{url: 'https://API.test:443/v1'}]", "https://api.TEST/v1/x", true),
        ("[{url: 'https://api.test:8443'}]", "https://api.test/x", false),
        ("[{url: 'https://api.test'}]", "http://api.test/x", false),
        ("[{url: 'https://api.test'}]", "/x", true),
        ("[{url: /v1}]", "http://anywhere.test:81/v1/x", true),
        ("[{url: /v1}]", "http://anywhere.test/x", false),
        (
            "[{url: 'https://{region}.api.test/{stage}', variables: {region: {default: eu}, stage: {default: live}}}]",
            "https://us.api.test/test/x",
            true,
        ),
        ("[{url: 'https://{region}.api.test', variables: {region: {default: eu}}}]", "https://api.test/x", false),
        ("[{url: '{scheme}://api.test', variables: {scheme: {default: https}}}]", "https://api.test/x", true),
        ("[{url: '//api.test'}]", "http://api.test/x", true),
        ("[]", "https://anything.test/x", true),
    ] {
        let contract = contract(&with_servers(servers, "GET /x x"));
        assert_eq!(url(&contract, "GET", text) == "x", matches, "{servers} {text}");
    }
}

#[test]
fn servers_of_the_user_are_added() {
    let text = with_servers("[{url: 'https://api.test/v1'}]", "GET /x x");
    for (server, url_text, matches) in [
        ("http://localhost:8080", "http://localhost:8080/x", true),
        ("http://localhost:8080", "http://localhost:8080/v1/x", true),
        ("http://localhost:8080/proxy", "http://localhost:8080/proxy/x", true),
        ("http://localhost:8080/proxy", "http://localhost:8080/x", false),
        ("http://localhost:8080", "https://api.test/v1/x", true),
    ] {
        let contract = Contract::new(document(&text), Options { servers: vec![server.to_owned()], ..Options::default() }).expect(server);
        assert_eq!(url(&contract, "GET", url_text) == "x", matches, "{server} {url_text}");
    }
    let error =
        Contract::new(document(&text), Options { servers: vec!["localhost".to_owned()], ..Options::default() }).expect_err("no URL");
    assert_eq!(error.to_string(), "the server `localhost` is no absolute URL: write it as `https://api.example.com/v1`");
}

#[test]
fn operations_may_have_servers_of_their_own() {
    let text = "openapi: 3.0.3
info: {title: Test, version: '1'}
servers: [{url: 'https://api.test'}]
paths:
  /files:
    post:
      operationId: upload
      servers: [{url: 'https://uploads.test'}]
      responses: {default: {description: any}}
    get: {operationId: list, responses: {default: {description: any}}}
";
    let contract = contract(text);
    assert_eq!(url(&contract, "POST", "https://uploads.test/files"), "upload");
    assert_eq!(url(&contract, "GET", "https://api.test/files"), "list");
    assert!(url(&contract, "POST", "https://api.test/files").contains("is documented with GET only"));
}

#[test]
fn queries_and_fragments_in_templates_tell_operations_apart() {
    let contract = contract(&with_servers(
        "[{url: 'https://api.test'}]",
        "POST /responses plain
         POST /responses?beta=true beta
         POST /#X-Target=Service.One one
         POST /#X-Target=Service.Two two
         POST /uploads#mode=resumable resumable",
    ));
    assert_eq!(url(&contract, "POST", "https://api.test/responses"), "plain");
    assert_eq!(url(&contract, "POST", "https://api.test/responses?beta=true"), "beta");
    assert_eq!(url(&contract, "POST", "https://api.test/responses?beta=false"), "plain");
    assert_eq!(url(&contract, "POST", "https://api.test/uploads"), "resumable");
    let mut target = Exchange { url: "https://api.test/".to_owned(), ..exchange("POST", "", 200, "") };
    target.request.headers.push("x-target", "Service.Two");
    assert_eq!(contract.check(&target).operation.as_deref(), Some("two"));
}

#[test]
fn a_final_variable_may_stand_for_nothing_where_its_schema_lets_it() {
    let of_type = |schema: &str, more: &str| {
        let parameter = format!("parameters: [{{name: path, in: path, required: true, schema: {schema}}}]");
        let responses = "responses: {default: {description: any}}";
        contract(&common::api(&format!("paths:\n  /files/{{path}}: {{get: {{operationId: getFile, {parameter}, {responses}}}}}\n{more}")))
    };
    let list = "  /files: {get: {operationId: listFiles, responses: {default: {description: any}}}}\n";
    let unknown = "`GET /v1/files/` is no operation: the document has no path that `/files/` fits";
    for (schema, more, expected) in [
        ("{type: string}", "", "getFile"),
        ("{type: string}", list, "listFiles"),
        ("{type: string, minLength: 1}", "", unknown),
        ("{type: integer}", "", unknown),
        ("{type: string, enum: [a]}", "", unknown),
    ] {
        assert_eq!(url(&of_type(schema, more), "GET", "https://api.test/v1/files/"), expected, "{schema} {more}");
    }
    // Without the slash it is another path.
    assert!(url(&of_type("{type: string}", ""), "GET", "https://api.test/v1/files").contains("is no operation"));
}

#[test]
fn variables_of_servers_take_the_values_that_are_listed() {
    let servers = "[{url: 'https://{region}.test/{version}', variables: {region: {default: eu}, version: {default: v1, enum: [v1, v2]}}}]";
    let contract = contract(&with_servers(servers, "GET /a getA"));
    for (written, expected) in [
        ("https://us.test/v1/a", "getA"),
        ("https://us.test/v2/a", "getA"),
        (
            "https://us.test/v3/a",
            "`GET /v3/a` is no operation: its path lies below none of the document's servers (`https://{region}.test/{version}`)",
        ),
    ] {
        assert_eq!(url(&contract, "GET", written), expected, "{written}");
    }
}

#[test]
fn ports_and_schemes_of_servers_may_be_variables() {
    let servers =
        "[{url: '{scheme}://api.test:{port}/v1', variables: {scheme: {default: https, enum: [http, https]}, port: {default: '443'}}}]";
    let contract = contract(&with_servers(servers, "GET /a getA"));
    for (written, known) in [
        ("https://api.test/v1/a", true),
        ("https://api.test:8443/v1/a", true),
        ("http://api.test:8080/v1/a", true),
        ("ftp://api.test/v1/a", false),
        ("https://api.test:8443/v2/a", false),
        ("https://other.test:8443/v1/a", false),
    ] {
        assert_eq!(url(&contract, "GET", written) == "getA", known, "{written}");
    }
}
