//! Takes one visitor back out: the events, and exactly what they had added to the rollups.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{GroupKey, hour_of, quarter_of};
use super::store::{self, Piece};
use crate::exposures;

/// What one visitor did in one quarter of an hour, in one group.
struct Erased {
    group: GroupKey,
    quarter: OffsetDateTime,
    counted: i64,
    events: i64,
}

/// Erases a visitor's events within the caller's transaction and answers how many there were. Counts of hours whose
/// single events retention has deleted before stay, since nobody can say any more which of them were theirs; that they
/// were among the visitors is forgotten there too.
///
/// # Errors
/// When the database fails; the transaction must then be rolled back.
pub async fn erase_visitor(db: &mut PgConnection, visitor: &str) -> sqlx::Result<i64> {
    // The worker waits meanwhile: what is counted and what is not stays as it is read here.
    let state = store::lock_state(db).await?;
    let erased = delete_events(db, visitor, state.watermark).await?;
    let counted: Vec<&Erased> = erased.iter().filter(|one| one.counted > 0).collect();
    let groups: Vec<_> = counted.iter().map(|one| &one.group).collect::<BTreeSet<_>>().into_iter().collect();
    let ids = store::group_ids(db, &groups).await?;
    let mut counts = std::collections::BTreeMap::<_, [i64; 4]>::new();
    for one in &counted {
        let cell = counts.entry((ids[&one.group.digest()], hour_of(one.quarter))).or_default();
        cell[quarter_of(one.quarter)] -= one.counted;
    }
    let hours: Vec<OffsetDateTime> = counts.keys().map(|(_, hour)| *hour).collect();
    let counts: Vec<_> = counts.into_iter().map(|((group, hour), counts)| (group, hour, counts)).collect();
    store::add_counts(db, &counts).await?;
    if let Some(number) = forget_number(db, visitor).await? {
        let mut pieces = pieces_with(db, number, &hours, state.kept_from).await?;
        for piece in &mut pieces {
            piece.members.remove(number);
        }
        store::write_pieces(db, &pieces).await?;
    }
    exposures::erasure::erase_visitor(db, visitor).await?;
    store::write_state(db, state.watermark, state.next_visitor).await?;
    Ok(erased.iter().map(|one| one.events).sum())
}

async fn delete_events(db: &mut PgConnection, visitor: &str, watermark: i64) -> sqlx::Result<Vec<Erased>> {
    let rows = sqlx::query!(
        r#"
        with gone as (
            delete from events where visitor_id = $1
            returning seq, experiment_id, variant, event_type, event_name, excluded, created_at,
                      case when event_type = 'click' and starts_with(event_name, 'music_')
                                and jsonb_typeof(metadata -> 'track') = 'string' then metadata ->> 'track' end as track
        )
        select experiment_id, variant, event_type as "event_type!", event_name, excluded, track,
               date_bin('15 minutes', created_at, '2000-01-01Z') as "quarter!",
               count(*) filter (where seq <= $2) as "counted!", count(*) as "events!"
        from gone
        group by experiment_id, variant, event_type, event_name, excluded, track, "quarter!"
        "#,
        visitor,
        watermark
    )
    .map(|row| Erased {
        group: GroupKey {
            experiment_id: row.experiment_id,
            variant: row.variant,
            event_type: row.event_type,
            event_name: row.event_name,
            track: row.track,
            excluded: row.excluded,
        },
        quarter: row.quarter,
        counted: row.counted,
        events: row.events,
    });
    rows.fetch_all(db).await
}

async fn forget_number(db: &mut PgConnection, visitor: &str) -> sqlx::Result<Option<u32>> {
    let number = sqlx::query_scalar!("delete from visitor_numbers where visitor_id = $1 returning number", visitor);
    Ok(number.fetch_optional(db).await?.map(|number| number as u32))
}

/// Every piece that holds the number: over all time, in the hours of the events, and in hours without single events.
async fn pieces_with(
    db: &mut PgConnection,
    number: u32,
    hours: &[OffsetDateTime],
    kept_from: Option<OffsetDateTime>,
) -> sqlx::Result<Vec<Piece>> {
    let rows = sqlx::query!(
        r#"
        select null::timestamptz as hour, set_id as "set_id!", members as "members!"
        from visitor_set_totals
        where piece = $1
        union all
        select hour, set_id, members
        from visitor_set_hours
        where piece = $1 and (hour = any($2) or hour < $3)
        "#,
        (number >> 16) as i32,
        hours,
        kept_from
    );
    let mut pieces = Vec::new();
    for row in rows.fetch_all(db).await? {
        let piece = store::read_piece(row.hour, row.set_id, (number >> 16) as i32, &row.members)?;
        if piece.members.contains(number) {
            pieces.push(piece);
        }
    }
    Ok(pieces)
}
