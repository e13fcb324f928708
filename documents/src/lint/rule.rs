//! The rules by which findings go by name: each with a severity, a line and a page. Next: `context.rs`, on which the checks stand.

use std::fmt;

use super::finding::Severity;

macro_rules! rules {
    ($($variant:ident, $name:literal, $severity:ident, $summary:literal;)*) => {
        /// A rule. The names are stable: scripts and `x-wireproof-ignore` use them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $summary] $variant,)*
        }

        impl Rule {
            /// All rules, what contradicts itself first.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How much a finding of this rule weighs.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// One line about it, without a final period.
            pub const fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }

            /// The rule of that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|rule| rule.name() == name)
            }

            /// Its page of documentation, in Markdown.
            pub const fn page(self) -> &'static str {
                match self { $(Self::$variant => include_str!(concat!("docs/", $name, ".md")),)* }
            }
        }
    };
}

rules! {
    ExampleInvalid, "example-invalid", Error, "An example breaks the schema that it stands for";
    DefaultInvalid, "default-invalid", Error, "A default breaks its own schema";
    EnumInvalid, "enum-invalid", Error, "A listed value is refused by another keyword of its schema";
    ReferenceBroken, "reference-broken", Error, "A reference leads to nothing";
    OperationIdDuplicate, "operation-id-duplicate", Error, "Two operations have one `operationId`";
    PathsAmbiguous, "paths-ambiguous", Error, "Two paths differ in nothing but the names of their parameters";
    SecurityUndefined, "security-undefined", Error, "A security requirement names a scheme that is none, or asks for nothing known";
    NullMeetsRequirement, "null-meets-requirement", Warning, "A property that has to be there may be null, which meets the requirement";
    NothingRequired, "nothing-required", Warning, "An answer's schema requires nothing: `{}` is valid";
    SchemaAcceptsAnything, "schema-accepts-anything", Warning, "A schema says nothing: every value is valid";
    BranchUnreachable, "branch-unreachable", Warning, "A branch of `oneOf` never is the one that holds";
    BranchesOverlap, "branches-overlap", Warning, "Two branches of `oneOf` accept the same value, which is then refused";
    RequiredUndeclared, "required-undeclared", Warning, "A name is required that no property describes";
    OperationIdMissing, "operation-id-missing", Warning, "An operation has no `operationId`";
    OperationIdCollision, "operation-id-collision", Warning, "Two `operationId`s differ in case or separators only";
    SecurityUnused, "security-unused", Warning, "A security scheme is declared, and no operation uses it";
    SecurityEmptied, "security-emptied", Warning, "An operation sets aside the credentials that the document asks for";
    PathsOverlap, "paths-overlap", Warning, "Two paths match the same URL, and neither is the more particular one";
    PatternUnusable, "pattern-unusable", Warning, "No engine runs the pattern, so it is not checked";
    PatternBacktracking, "pattern-backtracking", Warning, "Only an engine that backtracks runs the pattern";
    ReferenceRemote, "reference-remote", Warning, "A reference leads to a URL and is not followed";
    ComponentUnused, "component-unused", Warning, "Nothing refers to a component";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_of_the_same_form() {
        for rule in Rule::ALL {
            let page = rule.page();
            assert!(page.starts_with(&format!("# {rule}\n")), "{rule}");
            for heading in ["\n## What\n", "\n## Why\n", "\n## Example\n", "\n## What to do\n"] {
                assert!(page.contains(heading), "{rule} lacks {heading:?}");
            }
        }
    }
}
