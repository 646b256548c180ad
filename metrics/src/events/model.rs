//! What an event is, what one may hold, and how one is asked for.

use garde::error::{Error, Path};
use garde::{Report, Validate};
use pushnami_common::extract::Object;
use pushnami_common::ids::{ExperimentId, VisitorId, new_id};
use pushnami_common::text::{sized, sized_if_given};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime, UtcOffset};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::exclusion::Exclusion;
use super::metadata::storable;

/// The most events that one batch brings and one page of the log shows.
pub const MOST_EVENTS: i64 = 1000;
/// How much is kept of a page's address and of a user agent, in bytes.
pub const KEPT_TEXT: usize = 2 * 1024;

/// An event as a client reports it. Every optional field may also be `null`.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "visitor_id": "01980000-0000-7000-8000-0000000000aa",
    "experiment_id": "01980000-0000-7000-8000-000000000001",
    "variant": "neon",
    "event_type": "click",
    "event_name": "cta_primary",
    "metadata": {"element": "button", "text": "Begin Ascension"},
    "page_url": "http://localhost:3000/"
}))]
pub struct NewEvent {
    /// The client's own id for it: the same id again is the same event and counts once. Left out, we make one.
    #[garde(skip)]
    pub id: Option<Uuid>,
    /// Whose event it is.
    #[garde(skip)]
    #[schema(value_type = String, min_length = 1, max_length = 255)]
    pub visitor_id: VisitorId,
    /// The experiment whose variant the visitor saw. One that nobody knows is stored all the same.
    #[garde(skip)]
    #[schema(value_type = Option<Uuid>)]
    pub experiment_id: Option<ExperimentId>,
    /// The variant the visitor saw.
    #[garde(custom(sized_if_given(0, 255)))]
    #[schema(max_length = 255)]
    pub variant: Option<String>,
    /// What kind of act it was.
    #[garde(custom(sized(1, 100)))]
    #[schema(min_length = 1, max_length = 100)]
    pub event_type: String,
    /// Which act of that kind.
    #[garde(custom(sized_if_given(0, 255)))]
    #[schema(max_length = 255)]
    pub event_name: Option<String>,
    /// Whatever else belongs to it; at most 16 KiB of JSON.
    #[garde(custom(storable))]
    #[schema(value_type = Option<HashMap<String, Value>>)]
    pub metadata: Option<Map<String, Value>>,
    /// The address of the page; of a longer one, the first 2 KiB are kept.
    #[garde(custom(sized_if_given(0, usize::MAX)))]
    pub page_url: Option<String>,
    /// The browser's user agent; of a longer one, the first 2 KiB are kept.
    #[garde(custom(sized_if_given(0, usize::MAX)))]
    pub user_agent: Option<String>,
}

/// Events that are recorded together, all or none.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(from = "Vec<Object<NewEvent>>")]
#[schema(max_items = 1000)]
pub struct Batch(pub Vec<NewEvent>);

impl From<Vec<Object<NewEvent>>> for Batch {
    fn from(events: Vec<Object<NewEvent>>) -> Self {
        Self(events.into_iter().map(|Object(event)| event).collect())
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct BatchReceipt {
    /// How many events it added.
    pub created: usize,
    /// How many were known already by their ids.
    pub duplicates: usize,
}

/// An event as it is stored.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Event {
    /// Its id: the client's, or ours (UUID version 7).
    pub id: Uuid,
    /// Whose event it is.
    pub visitor_id: String,
    /// The experiment whose variant the visitor saw.
    #[schema(required)]
    pub experiment_id: Option<Uuid>,
    /// The variant the visitor saw.
    #[schema(required)]
    pub variant: Option<String>,
    /// What kind of act it was.
    #[schema(example = "click")]
    pub event_type: String,
    /// Which act of that kind.
    #[schema(required, example = "cta_primary")]
    pub event_name: Option<String>,
    /// Whatever else belongs to it: always an object.
    #[schema(value_type = HashMap<String, Value>)]
    pub metadata: Value,
    /// The address of the page.
    #[schema(required)]
    pub page_url: Option<String>,
    /// When it was recorded.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// An event on its way into the database.
#[derive(Clone, Debug)]
pub struct Recording {
    /// What everybody may read of it.
    pub event: Event,
    /// What the browser called itself: stored, and never answered.
    pub user_agent: Option<String>,
    /// Why it enters no result.
    pub excluded: Option<Exclusion>,
    /// Whether the client chose the id: then it may be stored already. One of ours was made for this event.
    pub id_is_given: bool,
}

/// Which events of the log, and which page of them.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventQuery {
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
    /// Only what follows this event in the list: the id of the last event of the page before.
    #[garde(skip)]
    pub before: Option<Uuid>,
    /// How many events to answer.
    #[garde(custom(between(1, MOST_EVENTS)))]
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub limit: i64,
    /// How many to skip first. `before` stays quick on a long log; this does not.
    #[garde(custom(between(0, i64::MAX)))]
    #[serde(default)]
    #[param(minimum = 0, default = 0)]
    pub offset: i64,
}

impl Recording {
    /// The event of a report, recorded at `now`.
    pub fn of(new: NewEvent, now: OffsetDateTime) -> Self {
        let excluded = Exclusion::of(new.metadata.as_ref(), new.user_agent.as_deref());
        let id_is_given = new.id.is_some();
        let event = Event {
            id: new.id.unwrap_or_else(|| new_id(now)),
            visitor_id: new.visitor_id.into(),
            experiment_id: new.experiment_id.map(|id| id.0),
            variant: new.variant,
            event_type: new.event_type,
            event_name: new.event_name,
            metadata: Value::Object(new.metadata.unwrap_or_default()),
            page_url: new.page_url.map(kept),
            created_at: now,
        };
        Self { event, user_agent: new.user_agent.map(kept), excluded, id_is_given }
    }

    /// The events of a batch: a microsecond apart, so that the log keeps the batch's order whatever ids the client gave.
    pub fn of_batch(batch: Batch, now: OffsetDateTime) -> Vec<Self> {
        let moments = (0..).map(|position| now + Duration::microseconds(position));
        batch.0.into_iter().zip(moments).map(|(new, moment)| Self::of(new, moment)).collect()
    }
}

impl Validate for Batch {
    type Context = ();

    /// A batch that is too long is refused for that alone: its events may be many times what we are willing to judge.
    fn validate_into(&self, (): &(), parent: &mut dyn FnMut() -> Path, report: &mut Report) {
        if self.0.len() as i64 > MOST_EVENTS {
            let sentence = format!("must have at most {MOST_EVENTS} events, got {}", self.0.len());
            return report.append(parent(), Error::new(sentence));
        }
        for (position, event) in self.0.iter().enumerate() {
            event.validate_into(&(), &mut || parent().join(position), report);
        }
    }
}

fn default_limit() -> i64 {
    100
}

/// A garde rule for numbers.
fn between(min: i64, max: i64) -> impl Fn(&i64, &()) -> Result<(), Error> {
    move |number, ()| match *number {
        number if number < min => Err(Error::new(format!("must be at least {min}, got {number}"))),
        number if number > max => Err(Error::new(format!("must be at most {max}, got {number}"))),
        _ => Ok(()),
    }
}

/// A garde rule for moments: another zone's end of the year 9999 is no moment that UTC can write.
pub(crate) fn representable(moment: &Option<OffsetDateTime>, (): &()) -> Result<(), Error> {
    match moment.map(|moment| moment.checked_to_offset(UtcOffset::UTC)) {
        Some(None) => Err(Error::new("must not be after the year 9999 of UTC")),
        Some(Some(_)) | None => Ok(()),
    }
}

/// The start of a text, cut between two characters.
fn kept(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(KEPT_TEXT));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(kept("a".repeat(KEPT_TEXT)).len(), KEPT_TEXT);
        assert_eq!(kept("a".repeat(KEPT_TEXT + 1)).len(), KEPT_TEXT);
        // Ω has two bytes, so that an odd number of bytes before it leaves half an Ω at the limit.
        assert_eq!(kept(format!("a{}", "Ω".repeat(KEPT_TEXT))).len(), KEPT_TEXT - 1);
    }
}
