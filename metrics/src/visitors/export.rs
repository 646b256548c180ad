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

/// How many events are read at a time.
const ROWS: i64 = 500;

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
    Events { after: Option<Position> },
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
                Some(Part::Head(head)) => Some((Bytes::from(head), Some(Part::Events { after: None }))),
                Some(Part::Events { after }) => Some(write_events(&db, &filter, after).await?),
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
) -> anyhow::Result<(Bytes, Option<Part>)> {
    let rows = list_rows(db, filter, after, ROWS, 0).await?;
    let mut text = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if index > 0 || after.is_some() {
            text.push(b',');
        }
        serde_json::to_writer(&mut text, &WholeEvent::from(row))?;
    }
    let is_last = rows.len() < ROWS as usize;
    let next = rows.last().filter(|_| !is_last).map(|row| Part::Events { after: Some(row.position()) });
    Ok((text.into(), Some(next.unwrap_or(Part::End))))
}
