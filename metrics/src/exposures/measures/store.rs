//! The SQL of measured goals. Every function works within its caller's transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Key, Measurement, SumsByCell};
use crate::exposures::config::Assigned;
use crate::exposures::model::Who;
use crate::exposures::store::cell_ids;

/// The numbers that are known among these.
pub async fn find(db: &mut PgConnection, keys: &[&Key]) -> sqlx::Result<HashMap<Key, i64>> {
    let rows = sqlx::query!(
        "
        select visitor_id, goal_id, experiment_id, value
        from measurements
        join unnest($1::text[], $2::uuid[]) as wanted (visitor_id, goal_id) using (visitor_id, goal_id)
        ",
        &keys.iter().map(|(who, _)| who.1.as_str()).collect::<Vec<_>>() as _,
        &keys.iter().map(|(_, goal)| *goal).collect::<Vec<_>>()
    );
    let rows = rows.fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (((row.experiment_id, row.visitor_id), row.goal_id), row.value)).collect())
}

/// Writes numbers, in place of what they were.
pub async fn write(db: &mut PgConnection, measurements: &BTreeMap<Key, Measurement>) -> sqlx::Result<()> {
    let of = measurements.iter().map(|((who, _), one)| (who.0, one.assigned.clone())).collect();
    let cells = cell_ids(db, &of).await?;
    sqlx::query!(
        "
        insert into measurements (visitor_id, goal_id, experiment_id, cell_id, value)
        select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::bigint[])
        on conflict (visitor_id, goal_id) do update set value = excluded.value
        ",
        &measurements.keys().map(|(who, _)| who.1.as_str()).collect::<Vec<_>>() as _,
        &measurements.keys().map(|(_, goal)| *goal).collect::<Vec<_>>(),
        &measurements.keys().map(|(who, _)| who.0).collect::<Vec<_>>(),
        &measurements.iter().map(|((who, _), one)| cells[&(who.0, one.assigned.clone())]).collect::<Vec<_>>(),
        &measurements.values().map(|one| one.value).collect::<Vec<_>>()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes the numbers of these visitors out, and answers them.
pub async fn remove(db: &mut PgConnection, who: &[&Who]) -> sqlx::Result<Vec<(Key, Measurement)>> {
    let rows = sqlx::query!(
        "
        with gone as (
            delete from measurements
            using unnest($1::uuid[], $2::text[]) as wanted (experiment, visitor)
            where experiment_id = experiment and visitor_id = visitor
            returning visitor_id, goal_id, cell_id, value
        )
        select visitor_id, goal_id, value, experiment_id, revision, variant
        from gone join result_cells on id = cell_id
        ",
        &who.iter().map(|who| who.0).collect::<Vec<_>>(),
        &who.iter().map(|who| who.1.as_str()).collect::<Vec<_>>() as _,
    );
    let gone = rows.fetch_all(db).await?.into_iter().map(|row| {
        let assigned = Assigned { revision: row.revision, variant: row.variant };
        (((row.experiment_id, row.visitor_id), row.goal_id), Measurement { assigned, value: row.value })
    });
    Ok(gone.collect())
}

/// Moves the sums.
pub async fn add_sums(db: &mut PgConnection, sums: &SumsByCell) -> sqlx::Result<()> {
    let of: BTreeSet<(Uuid, Assigned)> =
        sums.keys().map(|(experiment, assigned, _)| (*experiment, assigned.clone())).collect();
    let cells = cell_ids(db, &of).await?;
    // As text: no type of the wire holds whole numbers of this size.
    sqlx::query!(
        "
        insert into result_measures as known (cell_id, goal_id, visitors, total, squares)
        select cell_id, goal_id, visitors, total::numeric, squares::numeric
        from unnest($1::int[], $2::uuid[], $3::bigint[], $4::text[], $5::text[])
            as moved (cell_id, goal_id, visitors, total, squares)
        on conflict (cell_id, goal_id) do update
            set visitors = known.visitors + excluded.visitors, total = known.total + excluded.total,
                squares = known.squares + excluded.squares
        ",
        &sums.keys().map(|(of, assigned, _)| cells[&(*of, assigned.clone())]).collect::<Vec<_>>(),
        &sums.keys().map(|(_, _, goal)| *goal).collect::<Vec<_>>(),
        &sums.values().map(|one| one.visitors).collect::<Vec<_>>(),
        &sums.values().map(|one| one.total.to_string()).collect::<Vec<_>>(),
        &sums.values().map(|one| one.squares.to_string()).collect::<Vec<_>>()
    )
    .execute(db)
    .await?;
    Ok(())
}
