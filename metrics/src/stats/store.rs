//! The SQL of stats. Every function takes a connection, so that all can count within one snapshot.

use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Group, HourCount, MusicGroup};

/// A view of the database that stands still while several statements read it.
pub async fn snapshot(db: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    db.begin_with("begin isolation level repeatable read read only").await
}

/// Events and different visitors of every variant and type.
pub async fn count_groups(db: &mut PgConnection, experiment: Option<Uuid>) -> sqlx::Result<Vec<Group>> {
    sqlx::query_as!(
        Group,
        r#"
        select variant, event_type, count(*) as "count!", count(distinct visitor_id) as "visitors!"
        from events
        where ($1::uuid is null or experiment_id = $1)
        group by variant, event_type
        order by variant, event_type
        "#,
        experiment
    )
    .fetch_all(db)
    .await
}

/// Different visitors, whatever they did.
pub async fn count_visitors(db: &mut PgConnection, experiment: Option<Uuid>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        select count(distinct visitor_id) as "count!"
        from events
        where ($1::uuid is null or experiment_id = $1)
        "#,
        experiment
    )
    .fetch_one(db)
    .await
}

/// Events of every hour, variant and type that were recorded after `since`.
pub async fn count_hours(
    db: &mut PgConnection,
    experiment: Option<Uuid>,
    since: OffsetDateTime,
) -> sqlx::Result<Vec<HourCount>> {
    sqlx::query_as!(
        HourCount,
        r#"
        select date_trunc('hour', created_at, 'UTC') as "hour!", variant, event_type, count(*) as "count!"
        from events
        where created_at > $2
          and ($1::uuid is null or experiment_id = $1)
        group by 1, variant, event_type
        order by 1, variant, event_type
        "#,
        experiment,
        since
    )
    .fetch_all(db)
    .await
}

/// Clicks in the music player of every name and track.
pub async fn count_music(db: &mut PgConnection, experiment: Option<Uuid>) -> sqlx::Result<Vec<MusicGroup>> {
    sqlx::query_as!(
        MusicGroup,
        r#"
        select event_name as "event_name!", case jsonb_typeof(metadata -> 'track') when 'string' then metadata ->> 'track' end as track,
               count(*) as "count!"
        from events
        where event_type = 'click'
          and starts_with(event_name, 'music_')
          and ($1::uuid is null or experiment_id = $1)
        group by 1, 2
        order by 1, 2
        "#,
        experiment
    )
    .fetch_all(db)
    .await
}
