//! Paths, operations, bodies, responses.

use wireproof_openapi::{Document, Location, MediaType, ParameterShape, Response, StatusPattern};

use super::{codes, parse, said, text_3_0};

fn labels(document: &Document) -> Vec<String> {
    document.operations().iter().map(wireproof_openapi::Operation::label).collect()
}

#[test]
fn an_operation_with_everything() {
    let document = parse(&text_3_0(
        "servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu, enum: [eu, us]}}}]
paths:
  /contacts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    post:
      operationId: purge
      summary: Purges.
      description: Purges a contact.
      tags: [Contacts, GDPR]
      deprecated: true
      x-wireproof-risk: destructive
      requestBody:
        required: true
        description: Whom.
        content:
          application/json:
            schema: {type: object}
            example: {a: 1}
            examples: {one: {value: {a: 2}}, two: {$ref: '#/components/examples/E'}, far: {externalValue: 'https://a'}, none: {}}
          multipart/form-data:
            schema: {type: object}
            encoding: {file: {contentType: 'image/png, image/jpeg', style: form, explode: false, allowReserved: true}}
      responses:
        200: {description: done, content: {application/json: {schema: {type: object}}}, headers: {X-Left: {required: true, schema: {type: integer}}, content-type: {schema: {type: string}}}}
        4xx: {description: refused}
        default: {description: else}
        5xy: {description: what}
        4XX: {description: again}
        x-note: 1
components:
  examples: {E: {value: {a: 3}}}
",
    ));
    let operation = &document.operations()[0];
    assert_eq!(operation.label(), "purge");
    assert_eq!(operation.pointer.as_str(), "/paths/~1contacts~1{id}/post");
    assert_eq!((operation.method.as_str(), operation.path.as_str()), ("POST", "/contacts/{id}"));
    assert_eq!((operation.summary.as_deref(), operation.description.as_deref()), (Some("Purges."), Some("Purges a contact.")));
    assert_eq!(operation.tags, ["Contacts", "GDPR"]);
    assert!(operation.deprecated);
    assert_eq!(operation.risk.as_deref(), Some("destructive"));
    assert_eq!(operation.servers[0].default_url(), "https://eu.example.com");
    assert_eq!(operation.servers[0].variables[0].values, ["eu", "us"]);

    let body = operation.request_body.as_ref().unwrap();
    assert!(body.required);
    assert_eq!(body.content.iter().map(|media| media.name.as_str()).collect::<Vec<_>>(), ["application/json", "multipart/form-data"]);
    let examples: Vec<String> =
        body.content[0].examples.iter().map(|(name, place)| format!("{name}={}", document.get(place).unwrap())).collect();
    assert_eq!(examples, ["={\"a\":1}", "one={\"a\":2}", "two={\"a\":3}"]);
    let encoding = &body.content[1].encoding[0];
    assert_eq!((encoding.property.as_str(), encoding.content_type.as_deref()), ("file", Some("image/png, image/jpeg")));
    assert_eq!((encoding.explode, encoding.allow_reserved), (Some(false), true));

    let statuses: Vec<String> = operation.responses.entries.iter().map(|response| response.status.to_string()).collect();
    assert_eq!(statuses, ["200", "4XX", "default"]);
    let ok = &operation.responses.entries[0];
    assert_eq!(ok.headers.iter().map(|header| (header.name.as_str(), header.required)).collect::<Vec<_>>(), [("X-Left", true)]);
    assert_eq!(operation.responses.matching(404).map(|response| response.status), Some(StatusPattern::Range(4)));
    assert_eq!(operation.responses.matching(302).map(|response| response.status), Some(StatusPattern::Default));
    let at = "/paths/~1contacts~1{id}/post";
    assert_eq!(
        codes(&document),
        [
            format!("external-example {at}/requestBody/content/application~1json/examples/far"),
            format!("example-without-value {at}/requestBody/content/application~1json/examples/none"),
            format!("ignored-header {at}/responses/200/headers/content-type"),
            format!("unknown-status {at}/responses/5xy"),
            format!("duplicate-status {at}/responses/4XX"),
        ]
    );
}

#[test]
fn methods_in_order_and_those_of_3_2() {
    let document = parse(
        "openapi: 3.2.0
info: {title: T, version: '1'}
paths:
  /b: {delete: {}, get: {}}
  x-c: {get: {}}
  /a: {query: {}, additionalOperations: {COPY: {}, GET: {}}, get: {operationId: g}}
  late: {get: {operationId: g}}
",
    );
    assert_eq!(labels(&document), ["DELETE /b", "GET /b", "QUERY /a", "g", "COPY /a", "g"]);
    assert_eq!(codes(&document), ["path-without-slash /paths/late", "duplicate-operation-id /paths/late/get/operationId"]);
}

#[test]
fn a_path_item_may_refer_to_another() {
    let document = parse(
        "openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    $ref: '#/components/pathItems/P'
    parameters: [{name: q, in: query, description: own}]
    get: {operationId: own}
components:
  pathItems:
    P:
      parameters: [{name: q, in: query, description: other}, {name: r, in: query}]
      get: {operationId: other}
      post: {operationId: post}
",
    );
    assert_eq!(labels(&document), ["own", "post"]);
    let post = &document.operations()[1];
    assert_eq!(post.pointer.as_str(), "/components/pathItems/P/post");
    let described: Vec<_> = post.parameters.iter().map(|parameter| (parameter.name.as_str(), parameter.description.as_deref())).collect();
    assert_eq!(described, [("q", Some("own")), ("r", None)]);
}

#[test]
fn descriptions_beside_references_count_from_3_1_on() {
    for (version, expected) in [("3.0.3", "shared"), ("3.1.0", "beside")] {
        let document = parse(&format!(
            "openapi: {version}
info: {{title: T, version: '1'}}
paths: {{/a: {{get: {{responses: {{'200': {{$ref: '#/components/responses/R', description: beside}}}}}}}}}}
components: {{responses: {{R: {{description: shared}}}}}}
"
        ));
        let response: &Response = &document.operations()[0].responses.entries[0];
        assert_eq!(response.description.as_deref(), Some(expected), "{version}");
    }
}

#[test]
fn gaps_are_named_and_counted() {
    let document = parse(
        "openapi: 3.1.0
info: {title: T, version: '1'}
paths: {/a: {post: {callbacks: {done: {'{$request.body#/url}': {post: {}}}}}}}
webhooks: {a: {post: {}}, b: {post: {}}}
",
    );
    assert_eq!(
        said(&document),
        [
            "note[webhooks-not-checked]: of webhooks only the bodies get types; exchanges are not checked (2 in this document) at api.yaml:4:1 (/webhooks)",
            "note[callbacks-not-checked]: of callbacks only the bodies get types; exchanges are not checked (1 in this document, first here) at api.yaml:3:21 (/paths/~1a/post/callbacks)",
        ]
    );
}

#[test]
fn operation_ids_are_kept_and_repetition_is_told() {
    let document = parse(&text_3_0(
        "paths: {/a: {get: {operationId: x}, put: {operationId: x}, post: {operationId: ''}, head: {operationId: 7}, patch: {operationId: []}}}\n",
    ));
    let ids: Vec<Option<&str>> = document.operations().iter().map(|operation| operation.id.as_deref()).collect();
    assert_eq!(ids, [Some("x"), Some("x"), None, Some("7"), None]);
    assert_eq!(codes(&document), ["wrong-type /paths/~1a/patch/operationId", "duplicate-operation-id /paths/~1a/put/operationId"]);
}

#[test]
fn a_media_type_without_a_schema_and_parameters_with_content() {
    let document = parse(&text_3_0(
        "paths: {/a: {get: {parameters: [{name: f, in: query, content: {application/json: {schema: {type: object}}}}], responses: {'200': {description: d, content: {text/plain: {}, application/json: }}}}}}\n",
    ));
    let operation = &document.operations()[0];
    let parameter = &operation.parameters[0];
    assert_eq!(parameter.location, Location::Query);
    let ParameterShape::Content(MediaType { name, schema, .. }) = &parameter.shape else { panic!("{parameter:?}") };
    assert_eq!(name, "application/json");
    assert_eq!(schema.as_ref().unwrap().as_str(), "/paths/~1a/get/parameters/0/content/application~1json/schema");
    let content = &operation.responses.entries[0].content;
    assert_eq!(
        content.iter().map(|media| (media.name.as_str(), media.schema.is_some())).collect::<Vec<_>>(),
        [("text/plain", false), ("application/json", false)]
    );
    assert_eq!(codes(&document), ["wrong-type /paths/~1a/get/responses/200/content/application~1json"]);
}

#[test]
fn evidence_is_the_nearest_one_above() {
    use wireproof_openapi::{Evidence, Pointer};
    let document = parse(&text_3_0(
        "paths: {/a: {get: {responses: {'200': {x-evidence: example, description: d, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}
components:
  schemas:
    A: {x-evidence: assumed, type: object, nullable: true, anyOf: [{required: [a]}], properties: {a: {type: string}, b: {x-evidence: documented}, c: {x-evidence: maybe}}}
",
    ));
    for (pointer, expected) in [
        ("/paths/~1a/get", Evidence::Documented),
        ("/paths/~1a/get/responses/200/content", Evidence::Example),
        ("/components/schemas/A", Evidence::Assumed),
        ("/components/schemas/A/anyOf/0/properties/a/type", Evidence::Assumed),
        ("/components/schemas/A/anyOf/0/properties/b", Evidence::Documented),
        ("/components/schemas/A/anyOf/0/properties/c", Evidence::Assumed),
        ("/components/schemas", Evidence::Documented),
    ] {
        assert_eq!(document.evidence(&Pointer::from_plain(pointer)), expected, "{pointer}");
    }
    assert_eq!(codes(&document), ["unknown-evidence /components/schemas/A/properties/c/x-evidence"]);
}

#[test]
fn what_strays_among_media_types_is_left_out_and_told() {
    let document = parse(&text_3_0(
        "paths:
  /a:
    get:
      responses:
        200: {description: d, content: {application/json: {}, code: {example: 1}, '*': {}, _links: {}}}
        400: {description: d, content: {json: {}}}
",
    ));
    let names: Vec<Vec<&str>> = document.operations()[0]
        .responses
        .entries
        .iter()
        .map(|response| response.content.iter().map(|kind| kind.name.as_str()).collect())
        .collect();
    assert_eq!(names[0].len(), 2, "{names:?}");
    assert!(names[0].contains(&"application/json") && names[0].contains(&"*"), "{names:?}");
    // Where nothing else is there, it may be meant for a media type.
    assert_eq!(names[1], ["json"]);
    let at = "/paths/~1a/get/responses/200/content";
    let mut told = codes(&document);
    told.sort();
    assert_eq!(told, [format!("not-a-media-type {at}/_links"), format!("not-a-media-type {at}/code")]);
}
