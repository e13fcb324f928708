//! Security schemes, requirements and servers.

use wireproof_openapi::{Location, SecurityRequirement, SecuritySchemeKind};

use super::{codes, parse, text_3_0};

#[test]
fn schemes_of_all_kinds() {
    let document = parse(
        "openapi: 3.1.0
info: {title: T, version: '1'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-API-Key, description: d}
    cookie: {type: apiKey, in: cookie, name: sid}
    alias: {$ref: '#/components/securitySchemes/basic'}
    basic: {type: http, scheme: Basic}
    oauth: {type: oauth2, flows: {}}
    oidc: {type: openIdConnect}
    tls: {type: mutualTLS}
    path: {type: apiKey, in: path, name: a}
    nameless: {type: apiKey, in: query}
    odd: {type: magic}
",
    );
    let kinds: Vec<_> = document.security_schemes().iter().map(|scheme| (scheme.name.as_str(), scheme.kind.clone())).collect();
    let basic = SecuritySchemeKind::Http { scheme: "basic".to_owned() };
    assert_eq!(
        kinds,
        [
            ("key", SecuritySchemeKind::ApiKey { location: Location::Header, name: "X-API-Key".to_owned() }),
            ("cookie", SecuritySchemeKind::ApiKey { location: Location::Cookie, name: "sid".to_owned() }),
            ("alias", basic.clone()),
            ("basic", basic),
            ("oauth", SecuritySchemeKind::OAuth2),
            ("oidc", SecuritySchemeKind::OpenIdConnect),
            ("tls", SecuritySchemeKind::MutualTls),
            ("path", SecuritySchemeKind::Unknown),
            ("nameless", SecuritySchemeKind::Unknown),
            ("odd", SecuritySchemeKind::Unknown),
        ]
    );
    assert_eq!(document.security_schemes()[0].description.as_deref(), Some("d"));
    let at = "/components/securitySchemes";
    assert_eq!(
        codes(&document),
        [format!("unknown-security {at}/path"), format!("unknown-security {at}/nameless"), format!("unknown-security {at}/odd")]
    );
}

#[test]
fn requirements_are_inherited_and_overridden() {
    let document = parse(&text_3_0(
        "security: [{a: [read, write]}]
paths:
  /a:
    get: {}
    put: {security: []}
    post: {security: [{a: [], b: []}, {}]}
    patch: {security: no}
    head: {security: [{none: []}, a]}
components: {securitySchemes: {a: {type: oauth2}, b: {type: http, scheme: bearer}}}
",
    ));
    let scheme = |name: &str, scopes: &[&str]| (name.to_owned(), scopes.iter().map(|scope| (*scope).to_owned()).collect::<Vec<_>>());
    let inherited = vec![SecurityRequirement { schemes: vec![scheme("a", &["read", "write"])] }];
    let security: Vec<_> = document.operations().iter().map(|operation| operation.security.clone()).collect();
    assert_eq!(security[0], inherited);
    assert_eq!(security[1], []);
    assert_eq!(security[2], [SecurityRequirement { schemes: vec![scheme("a", &[]), scheme("b", &[])] }, SecurityRequirement::default()]);
    assert_eq!(security[3], inherited);
    assert_eq!(security[4], [SecurityRequirement { schemes: vec![scheme("none", &[])] }]);
    assert_eq!(
        codes(&document),
        [
            "wrong-type /paths/~1a/patch/security",
            "unknown-security /paths/~1a/head/security/0/none",
            "wrong-type /paths/~1a/head/security/1"
        ]
    );
}

#[test]
fn servers_are_inherited() {
    let document = parse(&text_3_0(
        "paths:
  /a: {get: {}, put: {servers: [{url: 'https://own.example.com'}]}}
  /b: {servers: {url: 'https://path.example.com/{v}', variables: {v: {enum: [1, 2]}}}, get: {}}
  /c: {servers: [{description: no url}], get: {}}
",
    ));
    let urls: Vec<String> = document.operations().iter().map(|operation| operation.servers[0].default_url()).collect();
    assert_eq!(urls, ["/", "https://own.example.com", "https://path.example.com/1", "/"]);
    assert_eq!(document.servers()[0].url, "/");
    assert_eq!(
        codes(&document),
        [
            "wrong-type /paths/~1b/servers",
            "server-variable-without-default /paths/~1b/servers/0/variables/v",
            "server-without-url /paths/~1c/servers/0"
        ]
    );
}
