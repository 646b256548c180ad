//! The SQL of events.

use pushnami_common::ids::VisitorId;
use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use super::exclusion::Exclusion;
use super::model::{Event, EventQuery, Recording};

/// Where an event stands in the log, which is ordered by these two, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// When the event was recorded.
    pub created_at: OffsetDateTime,
    /// Its id.
    pub id: Uuid,
}

/// Stores all events or none, in one statement and thereby one commit, and names those that were new.
///
/// An id that is stored already, under whichever visitor, is left alone; of several in one call the first counts.
/// Rows go in by order of id: two calls with the same ids then wait for each other in one direction only, and cannot
/// lock each other out. (Two visitors racing with one id at the same instant would both be stored, because the key must
/// hold the visitor; ids are random, so only a broken client does that.)
pub async fn record_events(db: &PgPool, recordings: &[Recording]) -> sqlx::Result<Vec<Uuid>> {
    let column = Column(recordings);
    sqlx::query_scalar!(
        r#"
        insert into events (id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, user_agent,
                            created_at, excluded)
        select distinct on (given.id)
               given.id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, user_agent,
               created_at, excluded
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::text[],
                    $9::text[], $10::timestamptz[], $11::text[]) with ordinality
                 as given (id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, user_agent,
                           created_at, excluded, position)
        where not exists (select from events as known where known.id = given.id)
        order by given.id, position
        on conflict (id, visitor_id) do nothing
        returning id
        "#,
        &column.of(|event| event.id),
        &column.of(|event| event.visitor_id.as_str()) as _,
        &column.of(|event| event.experiment_id) as _,
        &column.of(|event| event.variant.as_deref()) as _,
        &column.of(|event| event.event_type.as_str()) as _,
        &column.of(|event| event.event_name.as_deref()) as _,
        &column.of(|event| &event.metadata) as _,
        &column.of(|event| event.page_url.as_deref()) as _,
        &recordings.iter().map(|recording| recording.user_agent.as_deref()).collect::<Vec<_>>() as _,
        &column.of(|event| event.created_at),
        &recordings.iter().map(|recording| recording.excluded.map(Exclusion::as_str)).collect::<Vec<_>>() as _,
    )
    .fetch_all(db)
    .await
}

/// One column of what is to be stored.
struct Column<'a>(&'a [Recording]);

impl<'a> Column<'a> {
    fn of<T>(&self, field: impl Fn(&'a Event) -> T) -> Vec<T> {
        self.0.iter().map(|recording| field(&recording.event)).collect()
    }
}

/// The event of an id.
pub async fn find_event(db: &PgPool, id: Uuid) -> sqlx::Result<Option<Event>> {
    sqlx::query_as!(
        Event,
        "
        select id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, created_at
        from events
        where id = $1
        order by created_at
        limit 1
        ",
        id
    )
    .fetch_optional(db)
    .await
}

/// Where the event of an id stands.
pub async fn find_position(db: &PgPool, id: Uuid) -> sqlx::Result<Option<Position>> {
    sqlx::query_as!(
        Position,
        "
        select created_at, id
        from events
        where id = $1
        order by created_at
        limit 1
        ",
        id
    )
    .fetch_optional(db)
    .await
}

/// A page of the log, newest first; `after` is where the page before ended.
pub async fn list_events(db: &PgPool, query: &EventQuery, after: Option<Position>) -> sqlx::Result<Vec<Event>> {
    sqlx::query_as!(
        Event,
        "
        select id, visitor_id, experiment_id, variant, event_type, event_name, metadata, page_url, created_at
        from events
        where ($1::uuid is null or experiment_id = $1)
          and ($2::text is null or variant = $2)
          and ($3::text is null or event_type = $3)
          and ($4::text is null or event_name = $4)
          and ($5::text is null or visitor_id = $5)
          and ($6::timestamptz is null or created_at >= $6)
          and ($7::timestamptz is null or created_at < $7)
          and ($8::timestamptz is null or (created_at, id) < ($8, $9::uuid))
        order by created_at desc, id desc
        limit $10 offset $11
        ",
        query.experiment_id.map(|id| id.0),
        query.variant.as_deref(),
        query.event_type.as_deref(),
        query.event_name.as_deref(),
        query.visitor_id.as_ref().map(VisitorId::as_str),
        query.from,
        query.to,
        after.map(|position| position.created_at),
        after.map(|position| position.id),
        query.limit,
        query.offset
    )
    .fetch_all(db)
    .await
}
