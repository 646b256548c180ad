//! The SQL of rollups. Every function works within its caller's transaction.

use std::collections::HashMap;

use roaring::RoaringBitmap;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Counted, GroupKey, SetKey};

/// How far the worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// All events up to this `seq` are counted.
    pub watermark: i64,
    /// Grows with every change.
    pub version: i64,
    /// The number of the next unknown visitor.
    pub next_visitor: i64,
    /// Hours before this one may have lost their single events.
    pub kept_from: Option<OffsetDateTime>,
}

/// A part of a set: up to 65536 visitors whose numbers have the same upper half.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Of an hourly set: which hour.
    pub hour: Option<OffsetDateTime>,
    /// Which set.
    pub set_id: i32,
    /// The upper half of the numbers.
    pub piece: i32,
    /// The numbers, whole.
    pub members: RoaringBitmap,
}

/// How far the worker is, as this snapshot sees it.
pub async fn read_state(db: &mut PgConnection) -> sqlx::Result<State> {
    sqlx::query_as!(State, "select watermark, version, next_visitor, kept_from from rollup_state").fetch_one(db).await
}

/// The same, to be changed: whoever else wants to change it waits.
pub async fn lock_state(db: &mut PgConnection) -> sqlx::Result<State> {
    sqlx::query_as!(State, "select watermark, version, next_visitor, kept_from from rollup_state for update")
        .fetch_one(db)
        .await
}

/// The same, unless somebody else is changing it now.
pub async fn try_lock_state(db: &mut PgConnection) -> sqlx::Result<Option<State>> {
    sqlx::query_as!(
        State,
        "select watermark, version, next_visitor, kept_from from rollup_state for update skip locked"
    )
    .fetch_optional(db)
    .await
}

/// Writes down how far the worker is now.
pub async fn write_state(db: &mut PgConnection, watermark: i64, next_visitor: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update rollup_state set watermark = $1, next_visitor = $2, version = version + 1",
        watermark,
        next_visitor
    )
    .execute(db)
    .await?;
    Ok(())
}

/// An event, as far as it is counted.
struct EventRow {
    seq: i64,
    visitor_id: String,
    experiment_id: Option<Uuid>,
    variant: Option<String>,
    event_type: String,
    event_name: Option<String>,
    excluded: Option<String>,
    created_at: OffsetDateTime,
    track: Option<String>,
}

impl From<EventRow> for Counted {
    fn from(row: EventRow) -> Self {
        let EventRow { seq, visitor_id, experiment_id, variant, event_type, event_name, excluded, created_at, track } =
            row;
        let group = GroupKey { experiment_id, variant, event_type, event_name, track, excluded };
        Self { seq, visitor_id, group, created_at }
    }
}

/// Events after a `seq`, in their order, at most so many.
pub async fn list_after(db: &mut PgConnection, seq: i64, limit: i64) -> sqlx::Result<Vec<Counted>> {
    let rows = sqlx::query_as!(
        EventRow,
        r#"
        select seq, visitor_id, experiment_id, variant, event_type, event_name, excluded, created_at,
               case when event_type = 'click' and starts_with(event_name, 'music_')
                         and jsonb_typeof(metadata -> 'track') = 'string' then metadata ->> 'track' end as track
        from events
        where seq > $1
        order by seq
        limit $2
        "#,
        seq,
        limit
    )
    .map(Counted::from);
    rows.fetch_all(db).await
}

/// Events of a range of time that are counted already.
pub async fn list_between(
    db: &mut PgConnection,
    from: OffsetDateTime,
    to: OffsetDateTime,
    watermark: i64,
) -> sqlx::Result<Vec<Counted>> {
    let rows = sqlx::query_as!(
        EventRow,
        r#"
        select seq, visitor_id, experiment_id, variant, event_type, event_name, excluded, created_at,
               case when event_type = 'click' and starts_with(event_name, 'music_')
                         and jsonb_typeof(metadata -> 'track') = 'string' then metadata ->> 'track' end as track
        from events
        where created_at >= $1 and created_at < $2 and seq <= $3
        "#,
        from,
        to,
        watermark
    )
    .map(Counted::from);
    rows.fetch_all(db).await
}

/// The numbers of those visitors who have one.
pub async fn find_numbers(db: &mut PgConnection, visitors: &[&str]) -> sqlx::Result<HashMap<String, u32>> {
    let rows = sqlx::query!(
        "select visitor_id, number from visitor_numbers where visitor_id = any($1::text[])",
        visitors as _
    );
    let found = rows.fetch_all(db).await?;
    Ok(found.into_iter().map(|row| (row.visitor_id, row.number as u32)).collect())
}

/// Gives numbers to visitors who have none.
pub async fn add_numbers(db: &mut PgConnection, visitors: &[&str], numbers: &[i64]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into visitor_numbers (visitor_id, number) select * from unnest($1::text[], $2::bigint[])",
        visitors as _,
        numbers
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The ids of groups, by their digests; unknown ones are added if asked for.
pub async fn group_ids(db: &mut PgConnection, groups: &[&GroupKey]) -> sqlx::Result<HashMap<Uuid, i32>> {
    let digests: Vec<Uuid> = groups.iter().map(|group| group.digest()).collect();
    let known = sqlx::query!("select digest, id from event_groups where digest = any($1)", &digests);
    let mut ids: HashMap<_, _> = known.fetch_all(&mut *db).await?.into_iter().map(|row| (row.digest, row.id)).collect();
    let new: Vec<_> = groups.iter().zip(&digests).filter(|(_, digest)| !ids.contains_key(digest)).collect();
    if new.is_empty() {
        return Ok(ids);
    }
    let column = |field: fn(&GroupKey) -> Option<&str>| new.iter().map(|(group, _)| field(group)).collect::<Vec<_>>();
    let added = sqlx::query!(
        "
        insert into event_groups (digest, experiment_id, variant, event_type, event_name, track, excluded)
        select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
        returning digest, id
        ",
        &new.iter().map(|(_, digest)| **digest).collect::<Vec<_>>(),
        &new.iter().map(|(group, _)| group.experiment_id).collect::<Vec<_>>() as _,
        &column(|group| group.variant.as_deref()) as _,
        &column(|group| Some(&group.event_type)) as _,
        &column(|group| group.event_name.as_deref()) as _,
        &column(|group| group.track.as_deref()) as _,
        &column(|group| group.excluded.as_deref()) as _,
    );
    ids.extend(added.fetch_all(db).await?.into_iter().map(|row| (row.digest, row.id)));
    Ok(ids)
}

/// Counts events of groups in hours; a negative count takes them out again.
pub async fn add_counts(db: &mut PgConnection, counts: &[(i32, OffsetDateTime, [i64; 4])]) -> sqlx::Result<()> {
    let quarter = |which: usize| counts.iter().map(|(_, _, quarters)| quarters[which] as i32).collect::<Vec<_>>();
    sqlx::query!(
        "
        insert into rollup_hours as known (group_id, hour, q0, q1, q2, q3)
        select * from unnest($1::int[], $2::timestamptz[], $3::int[], $4::int[], $5::int[], $6::int[])
        on conflict (hour, group_id) do update
            set q0 = known.q0 + excluded.q0, q1 = known.q1 + excluded.q1,
                q2 = known.q2 + excluded.q2, q3 = known.q3 + excluded.q3
        ",
        &counts.iter().map(|(group, _, _)| *group).collect::<Vec<_>>(),
        &counts.iter().map(|(_, hour, _)| *hour).collect::<Vec<_>>(),
        &quarter(0),
        &quarter(1),
        &quarter(2),
        &quarter(3),
    )
    .execute(&mut *db)
    .await?;
    let mut totals: HashMap<i32, i64> = HashMap::new();
    for (group, _, quarters) in counts {
        *totals.entry(*group).or_default() += quarters.iter().sum::<i64>();
    }
    let (groups, events): (Vec<i32>, Vec<i64>) = totals.into_iter().unzip();
    sqlx::query!(
        "
        update event_groups
        set events = event_groups.events + more.events
        from unnest($1::int[], $2::bigint[]) as more (id, events)
        where event_groups.id = more.id
        ",
        &groups,
        &events
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The ids of sets that exist, by their digests.
pub async fn find_set_ids(db: &mut PgConnection, digests: &[Uuid]) -> sqlx::Result<HashMap<Uuid, i32>> {
    let known = sqlx::query!("select digest, id from visitor_sets where digest = any($1)", digests);
    Ok(known.fetch_all(db).await?.into_iter().map(|row| (row.digest, row.id)).collect())
}

/// The ids of sets, by their digests; unknown ones are added.
pub async fn set_ids(db: &mut PgConnection, sets: &[&SetKey]) -> sqlx::Result<HashMap<Uuid, i32>> {
    let digests: Vec<Uuid> = sets.iter().map(|set| set.digest()).collect();
    let mut ids = find_set_ids(db, &digests).await?;
    let new: Vec<_> = sets.iter().zip(&digests).filter(|(_, digest)| !ids.contains_key(digest)).collect();
    if new.is_empty() {
        return Ok(ids);
    }
    let column = |field: fn(&SetKey) -> Option<&str>| new.iter().map(|(set, _)| field(set)).collect::<Vec<_>>();
    let added = sqlx::query!(
        "
        insert into visitor_sets (digest, scope, experiment_id, variant, step, excluded)
        select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[])
        returning digest, id
        ",
        &new.iter().map(|(_, digest)| **digest).collect::<Vec<_>>(),
        &column(|set| Some(set.scope.as_str())) as _,
        &new.iter().map(|(set, _)| set.experiment_id).collect::<Vec<_>>() as _,
        &column(|set| set.variant.as_deref()) as _,
        &column(|set| Some(set.step.as_str())) as _,
        &column(|set| set.excluded.as_deref()) as _,
    );
    ids.extend(added.fetch_all(db).await?.into_iter().map(|row| (row.digest, row.id)));
    Ok(ids)
}

/// Those of the wanted pieces of hourly sets that exist: (hour, set, piece).
pub async fn find_hourly_pieces(
    db: &mut PgConnection,
    wanted: &[(OffsetDateTime, i32, i32)],
) -> sqlx::Result<Vec<Piece>> {
    let rows = sqlx::query!(
        "
        select hour, set_id, piece, members
        from visitor_set_hours
        join unnest($1::timestamptz[], $2::int[], $3::int[]) as wanted (hour, set_id, piece) using (hour, set_id, piece)
        ",
        &wanted.iter().map(|(hour, _, _)| *hour).collect::<Vec<_>>(),
        &wanted.iter().map(|(_, set, _)| *set).collect::<Vec<_>>(),
        &wanted.iter().map(|(_, _, piece)| *piece).collect::<Vec<_>>(),
    );
    let found = rows.fetch_all(db).await?;
    found.into_iter().map(|row| read_piece(Some(row.hour), row.set_id, row.piece, &row.members)).collect()
}

/// Those of the wanted pieces of sets over all time that exist: (set, piece).
pub async fn find_total_pieces(db: &mut PgConnection, wanted: &[(i32, i32)]) -> sqlx::Result<Vec<Piece>> {
    let rows = sqlx::query!(
        "
        select set_id, piece, members
        from visitor_set_totals
        join unnest($1::int[], $2::int[]) as wanted (set_id, piece) using (set_id, piece)
        ",
        &wanted.iter().map(|(set, _)| *set).collect::<Vec<_>>(),
        &wanted.iter().map(|(_, piece)| *piece).collect::<Vec<_>>(),
    );
    let found = rows.fetch_all(db).await?;
    found.into_iter().map(|row| read_piece(None, row.set_id, row.piece, &row.members)).collect()
}

/// Writes pieces, those of hourly sets and those over all time, in place of what they were.
pub async fn write_pieces(db: &mut PgConnection, pieces: &[Piece]) -> sqlx::Result<()> {
    let (hourly, totals): (Vec<&Piece>, Vec<&Piece>) = pieces.iter().partition(|piece| piece.hour.is_some());
    if !hourly.is_empty() {
        sqlx::query!(
            "
            insert into visitor_set_hours (hour, set_id, piece, members)
            select * from unnest($1::timestamptz[], $2::int[], $3::int[], $4::bytea[])
            on conflict (hour, set_id, piece) do update set members = excluded.members
            ",
            &hourly.iter().filter_map(|piece| piece.hour).collect::<Vec<_>>(),
            &hourly.iter().map(|piece| piece.set_id).collect::<Vec<_>>(),
            &hourly.iter().map(|piece| piece.piece).collect::<Vec<_>>(),
            &hourly.iter().map(|piece| write_members(&piece.members)).collect::<Vec<_>>(),
        )
        .execute(&mut *db)
        .await?;
    }
    if !totals.is_empty() {
        sqlx::query!(
            "
            insert into visitor_set_totals (set_id, piece, size, members)
            select * from unnest($1::int[], $2::int[], $3::int[], $4::bytea[])
            on conflict (set_id, piece) do update set size = excluded.size, members = excluded.members
            ",
            &totals.iter().map(|piece| piece.set_id).collect::<Vec<_>>(),
            &totals.iter().map(|piece| piece.piece).collect::<Vec<_>>(),
            &totals.iter().map(|piece| piece.members.len() as i32).collect::<Vec<_>>(),
            &totals.iter().map(|piece| write_members(&piece.members)).collect::<Vec<_>>(),
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

/// Reads the bitmap of a piece.
pub fn read_piece(hour: Option<OffsetDateTime>, set_id: i32, piece: i32, bytes: &[u8]) -> sqlx::Result<Piece> {
    let members = RoaringBitmap::deserialize_from(bytes).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Piece { hour, set_id, piece, members })
}

fn write_members(members: &RoaringBitmap) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(members.serialized_size());
    members.serialize_into(&mut bytes).expect("a vector takes everything");
    bytes
}
