//! Which part of the log is read, and as what it is written.

use garde::Validate;
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::text::sized_if_given;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use sqlx::types::Json;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::events::model::{EventQuery, representable};

/// Which events are meant. Filters narrow each other.
#[derive(Clone, Debug, Default)]
pub struct LogFilter {
    /// Only of this experiment.
    pub experiment_id: Option<Uuid>,
    /// Only of this variant.
    pub variant: Option<String>,
    /// Only of this type.
    pub event_type: Option<String>,
    /// Only of this name.
    pub event_name: Option<String>,
    /// Only of this visitor.
    pub visitor_id: Option<VisitorId>,
    /// Recorded at this moment or later.
    pub from: Option<OffsetDateTime>,
    /// Recorded before this moment.
    pub to: Option<OffsetDateTime>,
}

/// Where an event stands in the log, which is ordered by these two, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// When the event was recorded.
    pub created_at: OffsetDateTime,
    /// Its place in the order of commits, which tells events of one moment apart.
    pub seq: i64,
}

/// An event with everything that is kept of it. Its metadata is never parsed: it goes out as Postgres writes it.
#[derive(Debug, Serialize)]
pub struct LogRow {
    /// Its id.
    pub id: Uuid,
    /// Whose event it is.
    pub visitor_id: String,
    /// The experiment whose variant the visitor saw.
    pub experiment_id: Option<Uuid>,
    /// The variant the visitor saw.
    pub variant: Option<String>,
    /// What kind of act it was.
    pub event_type: String,
    /// Which act of that kind.
    pub event_name: Option<String>,
    /// Whatever else belongs to it: always an object.
    pub metadata: Json<Box<RawValue>>,
    /// The address of the page.
    pub page_url: Option<String>,
    /// When it was recorded.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Why it enters no result: `preview` or `robot`.
    pub excluded: Option<String>,
    /// What the browser called itself: for the visitor's own eyes.
    #[serde(skip)]
    pub user_agent: Option<String>,
    /// Its place in the order of commits.
    #[serde(skip)]
    pub seq: i64,
}

/// A row as everybody who may read events gets it: an [`Event`](crate::events::model::Event).
#[derive(Debug, Serialize)]
pub struct EventOf<'a> {
    id: Uuid,
    visitor_id: &'a str,
    experiment_id: Option<Uuid>,
    variant: Option<&'a str>,
    event_type: &'a str,
    event_name: Option<&'a str>,
    metadata: &'a RawValue,
    page_url: Option<&'a str>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

/// Rows as a list of events.
#[derive(Debug)]
pub struct EventsOf(pub Vec<LogRow>);

/// Which form a file of events has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180), for spreadsheets.
    #[default]
    Csv,
    /// One JSON object a line, for programs.
    Ndjson,
}

/// Which events to export, and as what.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// The form of the file; `csv` if left out.
    #[garde(skip)]
    #[serde(default)]
    #[param(inline)]
    pub format: ExportFormat,
    /// Only of this experiment.
    #[garde(skip)]
    #[param(value_type = Option<Uuid>)]
    pub experiment_id: Option<ExperimentId>,
    /// Only of this variant.
    #[garde(custom(sized_if_given(0, 255)))]
    #[param(max_length = 255)]
    pub variant: Option<String>,
    /// Only of this type.
    #[garde(custom(sized_if_given(0, 100)))]
    #[param(max_length = 100)]
    pub event_type: Option<String>,
    /// Only of this name.
    #[garde(custom(sized_if_given(0, 255)))]
    #[param(max_length = 255)]
    pub event_name: Option<String>,
    /// Only of this visitor.
    #[garde(skip)]
    #[param(value_type = Option<String>, min_length = 1, max_length = 255)]
    pub visitor_id: Option<VisitorId>,
    /// Recorded at this moment or later (RFC 3339).
    #[garde(custom(representable))]
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub from: Option<OffsetDateTime>,
    /// Recorded before this moment (RFC 3339).
    #[garde(custom(representable))]
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub to: Option<OffsetDateTime>,
}

impl LogFilter {
    /// Whether neither experiment nor variant, type or name is asked for.
    pub fn is_of_all_kinds(&self) -> bool {
        self.experiment_id.is_none() && self.variant.is_none() && self.event_type.is_none() && self.event_name.is_none()
    }

    /// The position that everything meant stands below: the end of the time range, or where a page before ended.
    pub fn below(&self, after: Option<Position>) -> Option<Position> {
        // Below the first event of a moment is before the moment.
        let end = self.to.map(|created_at| Position { created_at, seq: i64::MIN });
        match (end, after) {
            (Some(end), Some(after)) => Some(end.min(after)),
            (end, after) => end.or(after),
        }
    }
}

impl From<EventQuery> for LogFilter {
    fn from(query: EventQuery) -> Self {
        let EventQuery { experiment_id, variant, event_type, event_name, visitor_id, from, to, .. } = query;
        let experiment_id = experiment_id.map(|id| id.0);
        Self { experiment_id, variant, event_type, event_name, visitor_id, from, to }
    }
}

impl From<ExportQuery> for LogFilter {
    fn from(query: ExportQuery) -> Self {
        let ExportQuery { experiment_id, variant, event_type, event_name, visitor_id, from, to, format: _ } = query;
        let experiment_id = experiment_id.map(|id| id.0);
        Self { experiment_id, variant, event_type, event_name, visitor_id, from, to }
    }
}

impl LogRow {
    /// Where the event stands.
    pub fn position(&self) -> Position {
        Position { created_at: self.created_at, seq: self.seq }
    }

    /// What everybody who may read events gets of it.
    pub fn event(&self) -> EventOf<'_> {
        EventOf {
            id: self.id,
            visitor_id: &self.visitor_id,
            experiment_id: self.experiment_id,
            variant: self.variant.as_deref(),
            event_type: &self.event_type,
            event_name: self.event_name.as_deref(),
            metadata: &self.metadata,
            page_url: self.page_url.as_deref(),
            created_at: self.created_at,
        }
    }
}

impl Serialize for EventsOf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(LogRow::event))
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    #[test]
    fn a_page_ends_at_the_end_of_the_range_or_where_the_page_before_ended() {
        let moment = OffsetDateTime::UNIX_EPOCH;
        let at = |seconds, seq| Position { created_at: moment + Duration::seconds(seconds), seq };
        let until = |to: Option<i64>| LogFilter { to: to.map(|s| at(s, 0).created_at), ..LogFilter::default() };
        assert_eq!(until(None).below(None), None);
        assert_eq!(until(None).below(Some(at(5, 7))), Some(at(5, 7)));
        assert_eq!(until(Some(5)).below(None), Some(at(5, i64::MIN)));
        assert_eq!(until(Some(5)).below(Some(at(4, 7))), Some(at(4, 7)));
        // A cursor beyond the range, or of the very moment at which it ends, cannot widen it.
        assert_eq!(until(Some(5)).below(Some(at(5, 7))), Some(at(5, i64::MIN)));
        assert_eq!(until(Some(5)).below(Some(at(6, 7))), Some(at(5, i64::MIN)));
    }
}
