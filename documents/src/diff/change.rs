//! Changes: what differs between two documents, where in each of them, and what that means for those who send and receive.

use serde_json::Value;
use wireproof_contract::Side;
use wireproof_openapi::{Document, Pointer, Position};

use super::kind::Kind;

/// What a change means for those who rely on the old document. Ordered from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// All that was fine is fine.
    Compatible,
    /// It could not be decided.
    Unknown,
    /// A request that was fine may be refused, or an answer may come that was not to be expected.
    Breaking,
}

impl Class {
    /// The name as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Unknown => "unknown",
            Self::Breaking => "breaking",
        }
    }
}

/// A place in one of the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The pointer into the document as written.
    pub pointer: Pointer,
    /// File, line and column.
    pub position: Position,
}

impl Place {
    pub(super) fn of(document: &Document, pointer: &Pointer) -> Self {
        Self { pointer: document.written(pointer), position: document.position(pointer) }
    }
}

/// A value that shows that a change breaks something: of a request, one that was fine and is refused; of an answer, one that was not to
/// be expected and is fine now. Both documents' validators were asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// The value: a whole body, parameter or header, or a part of one.
    pub value: Value,
    /// Where it is a part, the schema that it is of, in the document of who sends it: the whole takes the value all the same, as another
    /// branch does, or nothing is valid as a whole.
    pub part: Option<Pointer>,
    /// The place in it that makes the difference.
    pub instance: Pointer,
}

/// Why a change of schemas has no witness, though it is breaking or may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unwitnessed {
    /// None of the values that were tried shows it.
    NotFound,
    /// There are too many changes to look for a witness of each.
    NotSought,
}

impl Unwitnessed {
    /// The name as in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotSought => "not-sought",
        }
    }
}

/// One difference between two documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What kind of difference it is.
    pub kind: Kind,
    /// What it means.
    pub class: Class,
    /// The half of exchanges that it is about; `None`: of neither in particular.
    pub side: Option<Side>,
    /// Whether the vendor is the one who calls, as webhooks and callbacks have it: it sends the request and receives the answer.
    pub reversed: bool,
    /// The operations that it concerns; empty where it is about all of them.
    pub operations: Vec<String>,
    /// What differs: a lowercase fragment without a final period.
    pub message: String,
    /// Where in the old document.
    pub old: Option<Place>,
    /// Where in the new document.
    pub new: Option<Place>,
    /// Proof, where a schema's change is breaking.
    pub witness: Option<Witness>,
    /// Why there is none, where there should be one.
    pub unwitnessed: Option<Unwitnessed>,
}

impl Change {
    /// Whether it is about what the vendor sends: answers, and the requests of webhooks and callbacks.
    pub fn is_received(&self) -> bool {
        self.side == Some(if self.reversed { Side::Request } else { Side::Response })
    }
}

/// Who makes the request of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// Those who use the API.
    Client,
    /// The vendor, with webhooks and callbacks.
    Vendor,
}

impl Caller {
    /// Who is called, and calls back.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Client => Self::Vendor,
            Self::Vendor => Self::Client,
        }
    }

    /// The half of an ordinary exchange that is sent in the same direction as this half of an exchange with this caller.
    pub(super) fn direction(self, half: Side) -> Side {
        match (self, half) {
            (Self::Client, half) => half,
            (Self::Vendor, Side::Request) => Side::Response,
            (Self::Vendor, Side::Response) => Side::Request,
        }
    }
}

/// An operation of both documents, as changes speak of it.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// What reports call it.
    pub(super) label: String,
    pub(super) caller: Caller,
}

/// A change before it is known whom it concerns.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    pub(super) class: Class,
    /// The direction: `Request` what those who use the API send, `Response` what the vendor sends, be it an answer or the request of a
    /// webhook.
    pub(super) side: Option<Side>,
    pub(super) message: String,
    pub(super) old: Option<Pointer>,
    pub(super) new: Option<Pointer>,
    /// What a witness would have to show.
    pub(super) hint: Hint,
}

/// What a witness of a change looks like, where that is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hint {
    /// None is looked for.
    None,
    /// Whatever one side accepts and the other refuses.
    Any,
    /// A value without this member.
    Without(String),
    /// A value with this member, at best one of these values.
    With(String),
    /// This value.
    Value(Value),
}

impl Draft {
    pub(super) fn new(kind: Kind, class: Class, message: impl Into<String>) -> Self {
        Self { kind, class, side: None, message: message.into(), old: None, new: None, hint: Hint::None }
    }

    pub(super) fn on(mut self, side: Side) -> Self {
        self.side = Some(side);
        self
    }

    pub(super) fn at(mut self, old: Option<Pointer>, new: Option<Pointer>) -> Self {
        self.old = old;
        self.new = new;
        self
    }

    pub(super) fn hint(mut self, hint: Hint) -> Self {
        self.hint = hint;
        self
    }
}

/// Whether something follows: for certain, certainly not, or nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Unknown,
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// How a schema changed as a set of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    /// Whether a value that was valid no longer is.
    pub(super) narrowed: Answer,
    /// Whether a value is valid that was not.
    pub(super) widened: Answer,
}

impl Shift {
    pub(super) const NARROWED: Self = Self { narrowed: Answer::Yes, widened: Answer::No };
    pub(super) const WIDENED: Self = Self { narrowed: Answer::No, widened: Answer::Yes };
    pub(super) const UNKNOWN: Self = Self { narrowed: Answer::Unknown, widened: Answer::Unknown };

    /// Whether the same values are valid, for certain.
    pub(super) fn is_none(self) -> bool {
        self.narrowed == Answer::No && self.widened == Answer::No
    }

    /// What the shift means in a direction: a request is broken by what it may no longer say, an answer by what it may newly say.
    pub(super) fn class(self, side: Side) -> Class {
        let harm = match side {
            Side::Request => self.narrowed,
            Side::Response => self.widened,
        };
        match harm {
            Answer::Yes => Class::Breaking,
            Answer::No => Class::Compatible,
            Answer::Unknown => Class::Unknown,
        }
    }
}
