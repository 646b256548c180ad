//! The SQL of exposures and conversions. Every function works within its caller's transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::config::Assigned;
use super::model::{Act, Cell, Conversion, Exposure, Mark, Visitor, Who};

/// How far the worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// All events up to this `seq` are counted.
    pub watermark: i64,
    /// When the last of them was recorded.
    pub through: Option<OffsetDateTime>,
    /// Grows with every change.
    pub version: i64,
}

/// How far the worker is, as this snapshot sees it.
pub async fn read_state(db: &mut PgConnection) -> sqlx::Result<State> {
    sqlx::query_as!(State, "select watermark, through, version from exposure_state").fetch_one(db).await
}

/// The same, to be changed: whoever else wants to change it waits.
pub async fn lock_state(db: &mut PgConnection) -> sqlx::Result<State> {
    sqlx::query_as!(State, "select watermark, through, version from exposure_state for update").fetch_one(db).await
}

/// The same, unless somebody else is changing it now.
pub async fn try_lock_state(db: &mut PgConnection) -> sqlx::Result<Option<State>> {
    sqlx::query_as!(State, "select watermark, through, version from exposure_state for update skip locked")
        .fetch_optional(db)
        .await
}

/// Writes down how far the worker is now.
pub async fn write_state(db: &mut PgConnection, watermark: i64, through: Option<OffsetDateTime>) -> sqlx::Result<()> {
    sqlx::query!(
        "update exposure_state set watermark = $1, through = coalesce($2, through), version = version + 1",
        watermark,
        through
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The newest event's `seq`, or `at_most` if that is smaller.
pub async fn last_seq(db: &mut PgConnection, at_most: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select least(coalesce(max(seq), 0), $1) as "last!" from events"#, at_most)
        .fetch_one(db)
        .await
}

/// Events of experiments after one `seq` up to another, in their order, without previews and robots; of one experiment
/// only, if one is given.
pub async fn list_acts(db: &mut PgConnection, after: i64, to: i64, of: Option<Uuid>) -> sqlx::Result<Vec<Act>> {
    sqlx::query_as!(
        Act,
        r#"
        select seq, visitor_id, experiment_id as "experiment_id!", variant as claim, event_type, event_name, created_at
        from events
        where seq > $1 and seq <= $2 and experiment_id is not null and excluded is null
              and ($3::uuid is null or experiment_id = $3)
        order by seq
        "#,
        after,
        to,
        of
    )
    .fetch_all(db)
    .await
}

/// When the event with this `seq`, or the last one before it, was recorded.
pub async fn moment_of(db: &mut PgConnection, seq: i64) -> sqlx::Result<Option<OffsetDateTime>> {
    let moment = sqlx::query_scalar!("select created_at from events where seq <= $1 order by seq desc limit 1", seq);
    moment.fetch_optional(db).await
}

/// The metadata of some events.
pub async fn find_metadata(db: &mut PgConnection, seqs: &[i64]) -> sqlx::Result<HashMap<i64, Value>> {
    let rows = sqlx::query!("select seq, metadata from events where seq = any($1)", seqs);
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.seq, row.metadata)).collect())
}

/// What is known of these pairs of experiment and visitor.
pub async fn find_visitors(db: &mut PgConnection, pairs: &[(Uuid, &str)]) -> sqlx::Result<HashMap<Who, Visitor>> {
    let rows = sqlx::query!(
        r#"
        select experiment_id, visitor_id, revision as "revision?", cells.variant as "variant?", exposed_seq, exposed_at,
               is_claimed, saw_other, claimed_other
        from exposures
        join unnest($1::uuid[], $2::text[]) as wanted (experiment_id, visitor_id) using (experiment_id, visitor_id)
        left join (select id, revision, variant from result_cells) as cells on cells.id = cell_id
        "#,
        &pairs.iter().map(|(experiment, _)| *experiment).collect::<Vec<_>>(),
        &pairs.iter().map(|(_, visitor)| *visitor).collect::<Vec<_>>() as _,
    );
    let mut known = HashMap::new();
    for row in rows.fetch_all(db).await? {
        let place = row.revision.zip(row.variant).zip(row.exposed_seq.zip(row.exposed_at));
        let exposure = place.map(|((revision, variant), (seq, at))| Exposure {
            assigned: Assigned { revision, variant },
            is_claimed: row.is_claimed,
            seq,
            at,
        });
        let visitor = Visitor { exposure, saw_other: row.saw_other, claimed_other: row.claimed_other };
        known.insert((row.experiment_id, row.visitor_id), visitor);
    }
    Ok(known)
}

/// The ids of cells; unknown ones are added.
pub async fn cell_ids(
    db: &mut PgConnection,
    cells: &BTreeSet<(Uuid, Assigned)>,
) -> sqlx::Result<HashMap<(Uuid, Assigned), i32>> {
    let experiments: Vec<_> = cells.iter().map(|(experiment, _)| *experiment).collect();
    let revisions: Vec<_> = cells.iter().map(|(_, assigned)| assigned.revision).collect();
    let variants: Vec<_> = cells.iter().map(|(_, assigned)| assigned.variant.as_str()).collect();
    sqlx::query!(
        "
        insert into result_cells (experiment_id, revision, variant)
        select experiment_id, revision, variant
        from unnest($1::uuid[], $2::int[], $3::text[]) as wanted (experiment_id, revision, variant)
        where not exists (select from result_cells as known
                          where known.experiment_id = wanted.experiment_id and known.revision = wanted.revision
                                and known.variant = wanted.variant)
        ",
        &experiments,
        &revisions,
        &variants as _
    )
    .execute(&mut *db)
    .await?;
    let rows = sqlx::query!(
        "
        select id, experiment_id, revision, variant
        from result_cells
        join unnest($1::uuid[], $2::int[], $3::text[]) as wanted (experiment_id, revision, variant)
            using (experiment_id, revision, variant)
        ",
        &experiments,
        &revisions,
        &variants as _
    );
    let found = rows.fetch_all(db).await?.into_iter();
    Ok(found
        .map(|row| ((row.experiment_id, Assigned { revision: row.revision, variant: row.variant }), row.id))
        .collect())
}

/// Writes what is known of visitors now.
pub async fn write_visitors(
    db: &mut PgConnection,
    visitors: &[(&Who, &Visitor)],
    cells: &HashMap<(Uuid, Assigned), i32>,
) -> sqlx::Result<()> {
    let exposures: Vec<_> = visitors.iter().map(|(_, visitor)| visitor.exposure.as_ref()).collect();
    let ids: Vec<_> = visitors
        .iter()
        .map(|(who, visitor)| visitor.exposure.as_ref().map(|one| cells[&(who.0, one.assigned.clone())]))
        .collect();
    sqlx::query!(
        "
        insert into exposures (experiment_id, visitor_id, cell_id, exposed_seq, exposed_at, is_claimed, saw_other,
                               claimed_other)
        select *
        from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::timestamptz[], $6::boolean[], $7::boolean[],
                    $8::boolean[])
        on conflict (experiment_id, visitor_id) do update
            set cell_id = excluded.cell_id, exposed_seq = excluded.exposed_seq, exposed_at = excluded.exposed_at,
                is_claimed = excluded.is_claimed, saw_other = excluded.saw_other,
                claimed_other = excluded.claimed_other
        ",
        &visitors.iter().map(|(who, _)| who.0).collect::<Vec<_>>(),
        &visitors.iter().map(|(who, _)| who.1.as_str()).collect::<Vec<_>>() as _,
        &ids as _,
        &exposures.iter().map(|one| one.map(|one| one.seq)).collect::<Vec<_>>() as _,
        &exposures.iter().map(|one| one.map(|one| one.at)).collect::<Vec<_>>() as _,
        &exposures.iter().map(|one| one.is_some_and(|one| one.is_claimed)).collect::<Vec<_>>(),
        &visitors.iter().map(|(_, visitor)| visitor.saw_other).collect::<Vec<_>>(),
        &visitors.iter().map(|(_, visitor)| visitor.claimed_other).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes conversions down and answers the positions of those that were not known before.
pub async fn add_conversions(
    db: &mut PgConnection,
    conversions: &[Conversion],
    cells: &HashMap<(Uuid, Assigned), i32>,
) -> sqlx::Result<Vec<usize>> {
    let positions: HashMap<_, _> =
        conversions.iter().enumerate().map(|(at, one)| ((one.goal_id, one.who.1.as_str()), at)).collect();
    let added = sqlx::query!(
        "
        insert into conversions (visitor_id, goal_id, experiment_id, cell_id, converted_at)
        select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::timestamptz[])
        on conflict (visitor_id, goal_id) do nothing
        returning visitor_id, goal_id
        ",
        &conversions.iter().map(|one| one.who.1.as_str()).collect::<Vec<_>>() as _,
        &conversions.iter().map(|one| one.goal_id).collect::<Vec<_>>(),
        &conversions.iter().map(|one| one.who.0).collect::<Vec<_>>(),
        &conversions.iter().map(|one| cells[&(one.who.0, one.assigned.clone())]).collect::<Vec<_>>(),
        &conversions.iter().map(|one| one.at).collect::<Vec<_>>(),
    );
    let added = added.fetch_all(db).await?;
    Ok(added.iter().map(|row| positions[&(row.goal_id, row.visitor_id.as_str())]).collect())
}

/// Takes the conversions of these pairs of experiment and visitor out, and answers them.
pub async fn remove_conversions(db: &mut PgConnection, who: &[&Who]) -> sqlx::Result<Vec<Conversion>> {
    let rows = sqlx::query!(
        "
        with gone as (
            delete from conversions
            using unnest($1::uuid[], $2::text[]) as wanted (experiment, visitor)
            where experiment_id = experiment and visitor_id = visitor
            returning visitor_id, goal_id, cell_id, converted_at
        )
        select visitor_id, goal_id, converted_at, experiment_id, revision, variant
        from gone join result_cells on id = cell_id
        ",
        &who.iter().map(|who| who.0).collect::<Vec<_>>(),
        &who.iter().map(|who| who.1.as_str()).collect::<Vec<_>>() as _,
    )
    .map(|row| Conversion {
        who: (row.experiment_id, row.visitor_id),
        goal_id: row.goal_id,
        assigned: Assigned { revision: row.revision, variant: row.variant },
        at: row.converted_at,
    });
    rows.fetch_all(db).await
}

/// Moves counts; a cell that comes to nothing stays as 0.
pub async fn add_hours(
    db: &mut PgConnection,
    counts: &BTreeMap<Cell, i64>,
    cells: &HashMap<(Uuid, Assigned), i32>,
) -> sqlx::Result<()> {
    let counts: Vec<_> = counts.iter().filter(|(_, count)| **count != 0).collect();
    sqlx::query!(
        "
        insert into result_hours as known (cell_id, goal_id, hour, visitors)
        select * from unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::bigint[])
        on conflict (cell_id, goal_id, hour) do update set visitors = known.visitors + excluded.visitors
        ",
        &counts.iter().map(|((of, assigned, ..), _)| cells[&(*of, assigned.clone())]).collect::<Vec<_>>(),
        &counts.iter().map(|((_, _, goal, _), _)| *goal).collect::<Vec<_>>(),
        &counts.iter().map(|((_, _, _, hour), _)| *hour).collect::<Vec<_>>(),
        &counts.iter().map(|(_, count)| **count).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Moves the counts of those who are told apart.
pub async fn add_marks(db: &mut PgConnection, marks: &BTreeMap<(Uuid, Mark), i64>) -> sqlx::Result<()> {
    let marks: Vec<_> = marks.iter().filter(|(_, count)| **count != 0).collect();
    sqlx::query!(
        "
        insert into result_marks as known (experiment_id, mark, visitors)
        select * from unnest($1::uuid[], $2::text[], $3::bigint[])
        on conflict (experiment_id, mark) do update set visitors = known.visitors + excluded.visitors
        ",
        &marks.iter().map(|((experiment, _), _)| *experiment).collect::<Vec<_>>(),
        &marks.iter().map(|((_, mark), _)| mark.as_str()).collect::<Vec<_>>() as _,
        &marks.iter().map(|(_, count)| **count).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(())
}
