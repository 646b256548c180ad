//! A visitor's file, written page by page: a robot may have a million events under one id.

use axum::body::{Body, Bytes};
use futures_util::stream::{self, TryStreamExt};
use pushnami_common::error::{ApiError, ApiResult};
use pushnami_common::ids::VisitorId;
use serde::Serialize;
use sqlx::PgPool;
use time::OffsetDateTime;

use super::model::{GivenVariant, WholeEvent};
use super::store;
use crate::leads::model::Lead;
use crate::log::model::{LogFilter, Position};
use crate::log::store::list_rows;

/// How many bytes are read at a time. Each reading looks at all that is left of the visitor, so they are few and large.
const PAGE_BYTES: usize = 1024 * 1024;
/// How many events are read first, when their size is not known yet.
const FIRST_ROWS: usize = 100;
/// Between these, the number of events that are read at a time follows from their size.
const FEWEST_ROWS: usize = 50;
const MOST_ROWS: usize = 4000;

/// What comes before the events: a [`VisitorFile`](super::model::VisitorFile) without them.
#[derive(Serialize)]
struct Head<'a> {
    visitor_id: &'a str,
    #[serde(with = "time::serde::rfc3339")]
    exported_at: OffsetDateTime,
    assignments: Vec<GivenVariant>,
    leads: Vec<Lead>,
}

/// What is written next.
enum Part {
    Head(Vec<u8>),
    Events { after: Option<Position>, rows: usize },
    End,
}

/// The file. What is small is read before anything is answered, so that a database that is away is a refusal and not
/// half a file.
///
/// # Errors
/// When the database is away.
pub async fn file_of_visitor(db: PgPool, visitor: VisitorId, exported_at: OffsetDateTime) -> ApiResult<Body> {
    let assignments = store::list_assignments(&db, visitor.as_str()).await?;
    let leads = store::list_leads(&db, visitor.as_str()).await?;
    let head = Head { visitor_id: visitor.as_str(), exported_at, assignments, leads };
    let mut head = serde_json::to_vec(&head).map_err(ApiError::internal)?;
    // The events follow within the same object.
    head.pop();
    head.extend_from_slice(b",\"events\":[");
    let filter = LogFilter { visitor_id: Some(visitor), ..LogFilter::default() };
    let parts = stream::try_unfold(Some(Part::Head(head)), move |part| {
        let (db, filter) = (db.clone(), filter.clone());
        async move {
            Ok::<_, anyhow::Error>(match part {
                None => None,
                Some(Part::Head(head)) => {
                    Some((Bytes::from(head), Some(Part::Events { after: None, rows: FIRST_ROWS })))
                }
                Some(Part::Events { after, rows }) => Some(write_events(&db, &filter, after, rows).await?),
                Some(Part::End) => Some((Bytes::from_static(b"]}\n"), None)),
            })
        }
    });
    Ok(Body::from_stream(parts.inspect_err(|error| tracing::error!("a visitor's file broke off: {error:#}"))))
}

/// The next page, and what comes after it.
async fn write_events(
    db: &PgPool,
    filter: &LogFilter,
    after: Option<Position>,
    asked_for: usize,
) -> anyhow::Result<(Bytes, Option<Part>)> {
    let rows = list_rows(db, filter, after, asked_for as i64, 0).await?;
    let mut text = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if index > 0 || after.is_some() {
            text.push(b',');
        }
        serde_json::to_writer(&mut text, &WholeEvent::from(row))?;
    }
    let is_last = rows.len() < asked_for;
    let next = rows.last().filter(|_| !is_last).map(|row| {
        let bytes_a_row = (text.len() / rows.len()).max(1);
        let rows = (PAGE_BYTES / bytes_a_row).clamp(FEWEST_ROWS, MOST_ROWS);
        Part::Events { after: Some(row.position()), rows }
    });
    Ok((text.into(), Some(next.unwrap_or(Part::End))))
}
