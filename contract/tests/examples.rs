//! The examples of a document, held against its own schemas.

mod common;

use std::ops::ControlFlow;

use common::{api, document};
use wireproof_contract::{Contract, Contracts, Event, Options};

#[test]
fn examples_are_checked_at_their_place() {
    let text = api("paths:
  /x:
    post:
      operationId: postX
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [id], properties: {id: {type: string}}}
            examples:
              good: {value: {id: '7'}}
              bad: {value: {name: Jane}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: array, items: {type: integer}}
              example: [1, two, 3, four]
");
    let contracts = Contracts::new(vec![Contract::new(document(&text), Options::default()).expect("a contract")]);
    let mut told = Vec::new();
    let mut run = contracts.run();
    let flow = run.examples(0, &mut |event| {
        if let Event::Checked(checked) = event {
            let place = |finding: &wireproof_contract::Finding| finding.spec.as_ref().map(ToString::to_string).unwrap_or_default();
            told.push(format!("#{} {} {}", checked.entry, checked.status, checked.verdict.name()));
            told.extend(
                checked
                    .findings
                    .iter()
                    .map(|finding| format!("  {} x{} {} at {}", finding.rule, finding.count(), finding.message, place(finding))),
            );
        }
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    assert_eq!(
        told,
        [
            "#0 0 conforms",
            "#1 0 violation",
            "  request-body-schema x1 the example `bad` breaks its schema: the body lacks `id`, which is required at api.yaml:14:21",
            "  undocumented-field x1 the example `bad` breaks its schema: `/name` is not documented at api.yaml:14:29",
            "#2 200 violation",
            "  body-schema x2 the example breaks its schema: `/1` is a string (\"two\"), expected an integer at api.yaml:21:28",
        ]
    );
}
