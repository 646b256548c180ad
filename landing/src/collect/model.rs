//! An event as the page reports it, and as metrics takes it.

use garde::Validate;
use garde::error::Error;
use pushnami_common::extract::Object;
use pushnami_common::ids::VisitorId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// The most events of one batch.
const MOST_EVENTS: usize = 100;

/// One thing the visitor did. Who they are is not in it: the cookie says that. metrics judges lengths and contents.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[schema(example = json!({
    "id": "01980000-0000-7000-8000-0000000000e1", "event_type": "click", "event_name": "cta_primary",
    "experiment_id": "01980000-0000-7000-8000-000000000001", "variant": "neon", "metadata": {"element": "a"},
    "page_url": "http://localhost:3000/"
}))]
pub struct PageEvent {
    /// Made by the page: the same id again counts once.
    #[garde(skip)]
    id: Uuid,
    /// What kind of act it was.
    #[garde(skip)]
    #[schema(min_length = 1, max_length = 100)]
    event_type: String,
    /// Which act of that kind.
    #[garde(skip)]
    #[schema(max_length = 255)]
    event_name: Option<String>,
    /// The experiment that chose the variant; `null` in a preview.
    #[garde(skip)]
    experiment_id: Option<Uuid>,
    /// The variant the visitor saw.
    #[garde(skip)]
    #[schema(max_length = 255)]
    variant: Option<String>,
    /// Whatever else belongs to it.
    #[garde(skip)]
    metadata: Option<Map<String, Value>>,
    /// The address of the page.
    #[garde(skip)]
    page_url: Option<String>,
}

/// What a page sends at once.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(from = "Vec<Object<PageEvent>>")]
#[garde(transparent)]
#[schema(max_items = 100)]
pub struct PageEvents(#[garde(custom(few_enough))] pub Vec<PageEvent>);

impl From<Vec<Object<PageEvent>>> for PageEvents {
    fn from(events: Vec<Object<PageEvent>>) -> Self {
        Self(events.into_iter().map(|Object(event)| event).collect())
    }
}

/// The same with what landing knows, as metrics takes it.
#[derive(Clone, Debug, Serialize)]
pub struct VisitorEvent<'a> {
    #[serde(flatten)]
    event: &'a PageEvent,
    visitor_id: &'a VisitorId,
    user_agent: Option<&'a str>,
}

impl PageEvents {
    /// Adds who it was and with what browser.
    pub fn of_visitor<'a>(&'a self, visitor_id: &'a VisitorId, user_agent: Option<&'a str>) -> Vec<VisitorEvent<'a>> {
        self.0.iter().map(|event| VisitorEvent { event, visitor_id, user_agent }).collect()
    }
}

fn few_enough(events: &[PageEvent], (): &()) -> garde::Result {
    match events.len() {
        0..=MOST_EVENTS => Ok(()),
        count => Err(Error::new(format!("must be at most {MOST_EVENTS} events, got {count}"))),
    }
}
