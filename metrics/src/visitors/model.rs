//! What is kept of a visitor.

use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::leads::model::Lead;
use crate::log::model::LogRow;

/// What was erased. All zero: there was nothing, or nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Erasure {
    /// Events.
    pub events: i64,
    /// What they sent with the contact form.
    pub leads: i64,
    /// Variants they were given.
    pub assignments: i64,
}

/// A variant that a visitor was given.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GivenVariant {
    /// Of which experiment.
    pub experiment_id: Uuid,
    /// The experiment's name.
    pub experiment: String,
    /// The variant.
    pub variant: String,
    /// When it was given.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// An event with all that is kept of it.
#[derive(Debug, Serialize)]
pub struct WholeEvent<'a> {
    #[serde(flatten)]
    event: &'a LogRow,
    user_agent: Option<&'a str>,
}

/// What a visitor's file says, as the document describes it. It is written piece by piece.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VisitorFile {
    /// Whose file it is.
    pub visitor_id: String,
    /// When it was written.
    #[serde(with = "time::serde::rfc3339")]
    pub exported_at: OffsetDateTime,
    /// The variants they were given.
    pub assignments: Vec<GivenVariant>,
    /// What they sent with the contact form.
    pub leads: Vec<Lead>,
    /// What they did, newest first: as the log lists it, with why it enters no result (`excluded`) and what the browser
    /// called itself (`user_agent`).
    pub events: Vec<crate::events::model::Event>,
}

impl Erasure {
    /// Whether there was anything at all.
    pub fn is_something(self) -> bool {
        self != Self { events: 0, leads: 0, assignments: 0 }
    }
}

impl<'a> From<&'a LogRow> for WholeEvent<'a> {
    fn from(event: &'a LogRow) -> Self {
        Self { event, user_agent: event.user_agent.as_deref() }
    }
}

/// A file's name for an id that may hold anything.
pub fn file_name(visitor: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
    let name: String = visitor.chars().take(64).map(plain).collect();
    format!("visitor-{name}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_files_name_holds_nothing_that_could_mean_something() {
        assert_eq!(file_name("019-aB"), "visitor-019-aB.json");
        assert_eq!(file_name("../\"Ω\r\n"), "visitor-____Ω__.json".replace('Ω', "_"));
        assert_eq!(file_name(&"x".repeat(255)).len(), "visitor-.json".len() + 64);
    }
}
