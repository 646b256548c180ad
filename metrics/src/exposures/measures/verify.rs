//! Compares what is kept of measured goals with what the events come to.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use super::{Key, Measurement};
use crate::rollups::verify::Verdict;

/// Compares the sums with the numbers that they are sums of.
///
/// # Errors
/// When the database fails.
pub async fn compare_sums(db: &mut PgConnection, verdict: &mut Verdict) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"
        with counted as (
            select cell_id, goal_id, count(*) as visitors, sum(value) as total, sum(value::numeric * value) as squares
            from measurements
            group by cell_id, goal_id
        )
        select cell_id as "cell_id!", goal_id as "goal_id!",
               concat_ws(' ', coalesce(kept.visitors, 0), coalesce(kept.total, 0), coalesce(kept.squares, 0)) as "kept!",
               concat_ws(' ', coalesce(counted.visitors, 0), coalesce(counted.total, 0), coalesce(counted.squares, 0))
                   as "counted!"
        from result_measures as kept full join counted using (cell_id, goal_id)
        "#
    );
    for row in rows.fetch_all(db).await? {
        let what = || format!("visitors, sum and squares of cell {} for goal {}", row.cell_id, row.goal_id);
        verdict.differ(what, &row.kept, &row.counted);
    }
    Ok(())
}

/// Compares visitors' numbers with recounted ones; goals that are still being counted, or were taken off their experiment,
/// are left out.
///
/// # Errors
/// When the database fails.
pub async fn compare(
    db: &mut PgConnection,
    mut recounted: BTreeMap<Key, Measurement>,
    verdict: &mut Verdict,
) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"
        select visitor_id, goal_id, measurements.experiment_id, value,
               exists (select from experiments cross join jsonb_array_elements(goals) as goal
                       where experiments.id = measurements.experiment_id and (goal ->> 'id')::uuid = goal_id) as "is_judged!"
        from measurements join counted_goals using (goal_id)
        where behind is null
        "#
    );
    for row in rows.fetch_all(db).await? {
        // A goal that was taken off its experiment again is not recounted.
        let key = ((row.experiment_id, row.visitor_id), row.goal_id);
        let value = recounted.remove(&key).map(|one| one.value);
        verdict.compared += 1;
        if value != Some(row.value) && (value.is_some() || row.is_judged) {
            verdict.differences.push(format!("measurement {key:?}: kept {}, recounted {value:?}", row.value));
        }
    }
    verdict.differences.extend(recounted.keys().map(|key| format!("measurement {key:?} is missing")));
    Ok(())
}
