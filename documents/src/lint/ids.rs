//! `operation-id-missing` and `operation-id-collision`: operations without a name of their own, and with names that become the same
//! identifier in code.

use std::collections::HashMap;

use super::context::{Context, shorten};
use super::rule::Rule;

pub(super) fn check(context: &mut Context<'_>) {
    let document = context.document;
    let mut known: HashMap<String, (&str, String)> = HashMap::new();
    for operation in document.operations() {
        let called = format!("{} {}", operation.method, shorten(&operation.path));
        let Some(id) = &operation.id else {
            let message = format!("{called} has no `operationId`: its types are named after method and path, and change with the path");
            context.find(Rule::OperationIdMissing, &operation.pointer, message);
            continue;
        };
        let folded: String = id.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        match known.get(&folded) {
            Some((other, place)) if other != id => {
                let message = format!(
                    "`{}` and `{}`, of {place}, become the same identifier: one of them is given a suffix in code",
                    shorten(id),
                    shorten(other)
                );
                context.find(Rule::OperationIdCollision, &operation.pointer.join("operationId"), message);
            }
            // The same id twice is what reading the document has told.
            Some(_) => {}
            None => {
                known.insert(folded, (id, called));
            }
        }
    }
}
