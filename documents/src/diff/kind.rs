//! The kinds of change, one name each. Whether a change breaks anything depends on the direction and is decided change by change;
//! what it does to generated code mostly depends on its kind. Next: `change.rs`.

use std::fmt;

/// What a change does to the generated crate, as semantic versioning calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Semver {
    /// The same names and types: constants and checks differ.
    Patch,
    /// Something new, beside what was there.
    Minor,
    /// Code that compiled may not do so any more: structs and enumerations are exhaustive.
    Major,
}

impl Semver {
    /// The name as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

macro_rules! kinds {
    ($($variant:ident, $name:literal, $semver:ident;)*) => {
        /// A kind of change. The names are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the names say it all")]
        pub enum Kind {
            $($variant,)*
        }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What a change of this kind does to the generated crate.
            pub const fn semver(self) -> Semver {
                match self { $(Self::$variant => Semver::$semver,)* }
            }
        }
    };
}

kinds! {
    ServerAdded, "server-added", Patch;
    ServerRemoved, "server-removed", Patch;
    ServerVariableChanged, "server-variable-changed", Patch;
    OperationAdded, "operation-added", Minor;
    OperationRemoved, "operation-removed", Major;
    OperationMoved, "operation-moved", Patch;
    OperationIdChanged, "operation-id-changed", Major;
    WebhookAdded, "webhook-added", Minor;
    WebhookRemoved, "webhook-removed", Major;
    CallbackAdded, "callback-added", Minor;
    CallbackRemoved, "callback-removed", Major;
    CallbackMoved, "callback-moved", Patch;
    SecurityChanged, "security-changed", Patch;
    SecuritySchemeChanged, "security-scheme-changed", Patch;
    ParameterAdded, "parameter-added", Major;
    ParameterRemoved, "parameter-removed", Major;
    ParameterRenamed, "parameter-renamed", Major;
    ParameterMoved, "parameter-moved", Major;
    ParameterRequired, "parameter-required", Major;
    ParameterOptional, "parameter-optional", Major;
    ParameterStyleChanged, "parameter-style-changed", Patch;
    RequestBodyAdded, "request-body-added", Major;
    RequestBodyRemoved, "request-body-removed", Major;
    RequestBodyRequired, "request-body-required", Major;
    RequestBodyOptional, "request-body-optional", Major;
    ResponseAdded, "response-added", Major;
    ResponseRemoved, "response-removed", Major;
    ContentTypeAdded, "content-type-added", Major;
    ContentTypeRemoved, "content-type-removed", Major;
    EncodingChanged, "encoding-changed", Patch;
    HeaderAdded, "header-added", Minor;
    HeaderRemoved, "header-removed", Major;
    HeaderRequired, "header-required", Major;
    HeaderOptional, "header-optional", Major;
    PropertyAdded, "property-added", Major;
    PropertyRemoved, "property-removed", Major;
    PropertyRenamed, "property-renamed", Major;
    PropertyRequired, "property-required", Major;
    PropertyOptional, "property-optional", Major;
    ReadOnlyChanged, "read-only-changed", Major;
    TypeChanged, "type-changed", Major;
    NullAllowed, "null-allowed", Major;
    NullRefused, "null-refused", Major;
    EnumValueAdded, "enum-value-added", Major;
    EnumValueRemoved, "enum-value-removed", Major;
    RangeChanged, "range-changed", Patch;
    LengthChanged, "length-changed", Patch;
    PatternChanged, "pattern-changed", Patch;
    FormatChanged, "format-changed", Major;
    ItemsCountChanged, "items-count-changed", Patch;
    ItemsUniquenessChanged, "items-uniqueness-changed", Patch;
    PropertiesCountChanged, "properties-count-changed", Patch;
    AdditionalPropertiesChanged, "additional-properties-changed", Major;
    BranchAdded, "branch-added", Major;
    BranchRemoved, "branch-removed", Major;
    ConditionChanged, "condition-changed", Major;
    DiscriminatorChanged, "discriminator-changed", Major;
    SchemaChanged, "schema-changed", Major;
    DefaultChanged, "default-changed", Patch;
    Deprecated, "deprecated", Patch;
    Undeprecated, "undeprecated", Patch;
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
