//! Recounts exposures and conversions from the events and says in words where what is kept differs. For operators
//! (`cargo xtask verify`) and for tests: it reads every event.

use std::collections::{BTreeMap, HashMap, HashSet};

use pushnami_common::contract::Goal;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::config::{Assigned, find_assigned, read_rules};
use super::measures::{self, Measurement};
use super::model::{self, Act, Conversion, Visitor, Who, asks_for_metadata};
use super::store;
use super::worker::FOLD_EVENTS;
use crate::rollups;
use crate::rollups::verify::Verdict;

/// Recounts within one snapshot, while everything goes on. Where retention has deleted single events, only the sums are
/// compared with what they are sums of.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &PgPool, verdict: &mut Verdict) -> sqlx::Result<()> {
    let mut snapshot = db.begin_with("begin isolation level repeatable read read only").await?;
    sqlx::query!("set local statement_timeout = 0").execute(&mut *snapshot).await?;
    compare_sums(&mut snapshot, verdict).await?;
    compare_marks(&mut snapshot, verdict).await?;
    measures::verify::compare_sums(&mut snapshot, verdict).await?;
    if rollups::store::read_state(&mut snapshot).await?.kept_from.is_none() {
        compare_visitors(&mut snapshot, verdict).await?;
    }
    Ok(())
}

async fn compare_sums(db: &mut PgConnection, verdict: &mut Verdict) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"
        with counted as (
            select cell_id, '00000000-0000-0000-0000-000000000000'::uuid as goal_id,
                   date_bin('1 hour', exposed_at, '2000-01-01Z') as hour, count(*) as visitors
            from exposures
            where cell_id is not null and not saw_other
            group by 1, 2, 3
            union all
            select cell_id, goal_id, date_bin('1 hour', converted_at, '2000-01-01Z'), count(*)
            from conversions
            group by 1, 2, 3
        )
        select cell_id as "cell_id!", goal_id as "goal_id!", hour as "hour!", coalesce(kept.visitors, 0) as "kept!",
               coalesce(counted.visitors, 0) as "counted!"
        from result_hours as kept full join counted using (cell_id, goal_id, hour)
        "#
    );
    for row in rows.fetch_all(db).await? {
        let what = || format!("visitors of cell {} for goal {} in the hour {}", row.cell_id, row.goal_id, row.hour);
        verdict.differ(what, &row.kept, &row.counted);
    }
    Ok(())
}

async fn compare_marks(db: &mut PgConnection, verdict: &mut Verdict) -> sqlx::Result<()> {
    let rows = sqlx::query!(
        r#"
        with counted as (
            select experiment_id,
                   case when cell_id is not null and saw_other then 'two_variants'
                        when claimed_other then 'other_claim'
                        when cell_id is not null and is_claimed then 'claimed_only' end as mark,
                   count(*) as visitors
            from exposures
            group by 1, 2
        )
        select experiment_id as "experiment_id!", mark as "mark!", coalesce(kept.visitors, 0) as "kept!",
               coalesce(counted.visitors, 0) as "counted!"
        from result_marks as kept
             full join (select * from counted where mark is not null) as counted using (experiment_id, mark)
        "#
    );
    for row in rows.fetch_all(db).await? {
        let what = || format!("visitors of experiment {} marked {}", row.experiment_id, row.mark);
        verdict.differ(what, &row.kept, &row.counted);
    }
    Ok(())
}

/// What the events come to.
#[derive(Default)]
struct Recount {
    visitors: HashMap<Who, Visitor>,
    conversions: BTreeMap<(Who, Uuid), Conversion>,
    measured: BTreeMap<measures::Key, Measurement>,
}

async fn compare_visitors(db: &mut PgConnection, verdict: &mut Verdict) -> sqlx::Result<()> {
    let recount = recount(db).await?;
    let pairs: Vec<_> = recount.visitors.keys().map(|(experiment, visitor)| (*experiment, visitor.as_str())).collect();
    let mut kept = store::find_visitors(db, &pairs).await?;
    let unknown = Visitor::default();
    for (who, counted) in &recount.visitors {
        let kept = kept.remove(who).unwrap_or_default();
        verdict.differ(|| format!("visitor {} of experiment {}", who.1, who.0), &kept, counted);
    }
    let all = sqlx::query_scalar!(r#"select count(*) as "all!" from exposures"#).fetch_one(&mut *db).await?;
    let counted = recount.visitors.values().filter(|visitor| **visitor != unknown).count() as i64;
    verdict.differ(|| "visitors of all experiments".to_owned(), &all, &counted);
    measures::verify::compare(db, recount.measured, verdict).await?;
    let rows = sqlx::query!(
        r#"
        select visitor_id, goal_id, converted_at, conversions.experiment_id,
               exists (select from experiments cross join jsonb_array_elements(goals) as goal
                       where experiments.id = conversions.experiment_id and (goal ->> 'id')::uuid = goal_id) as "is_judged!"
        from conversions join counted_goals using (goal_id)
        where behind is null
        "#
    );
    let mut counted: BTreeMap<_, _> = recount.conversions.into_iter().map(|(key, one)| (key, one.at)).collect();
    for row in rows.fetch_all(db).await? {
        let key = ((row.experiment_id, row.visitor_id), row.goal_id);
        let at = counted.remove(&key);
        // A goal that was taken off its experiment again is not recounted.
        verdict.compared += 1;
        if at != Some(row.converted_at) && (at.is_some() || row.is_judged) {
            verdict.differences.push(format!("conversion {key:?}: kept {}, recounted {at:?}", row.converted_at));
        }
    }
    for (key, at) in counted {
        verdict.differences.push(format!("conversion {key:?} at {at} is missing"));
    }
    Ok(())
}

/// Folds all counted events anew. Who was exposed by an assignment is taken to have had it: assignments may have changed
/// since, but what a visitor saw has not.
async fn recount(db: &mut PgConnection) -> sqlx::Result<Recount> {
    let state = store::read_state(db).await?;
    let counted: HashSet<Uuid> = sqlx::query_scalar!("select goal_id from counted_goals where behind is null")
        .fetch_all(&mut *db)
        .await?
        .into_iter()
        .collect();
    let mut recount = Recount::default();
    let mut seq = 0;
    while seq < state.watermark {
        let to = state.watermark.min(seq + FOLD_EVENTS);
        let acts = store::list_acts(db, seq, to, None).await?;
        take(db, &mut recount, &acts, &counted).await?;
        seq = to;
    }
    let still_counts = |who: &Who| recount.visitors.get(who).is_some_and(|visitor| visitor.counted().is_some());
    recount.conversions.retain(|(who, _), _| still_counts(who));
    recount.measured.retain(|(who, _), _| still_counts(who));
    Ok(recount)
}

async fn take(db: &mut PgConnection, recount: &mut Recount, acts: &[Act], counted: &HashSet<Uuid>) -> sqlx::Result<()> {
    let experiments: HashSet<Uuid> = acts.iter().map(|act| act.experiment_id).collect();
    let rules = read_rules(db, &experiments.into_iter().collect::<Vec<_>>()).await?;
    let acts: Vec<Act> = acts.iter().filter(|act| rules.contains_key(&act.experiment_id)).cloned().collect();
    let pairs: HashSet<_> = acts.iter().map(|act| (act.experiment_id, act.visitor_id.as_str())).collect();
    let pairs: Vec<_> = pairs.into_iter().collect();
    let mut assigned: HashMap<Who, Assigned> = find_assigned(db, &pairs, &rules).await?;
    for (who, visitor) in store::find_visitors(db, &pairs).await? {
        match visitor.exposure {
            Some(exposure) if exposure.is_claimed => drop(assigned.remove(&who)),
            Some(exposure) => drop(assigned.insert(who, exposure.assigned)),
            None => {}
        }
    }
    model::fold(&acts, &mut recount.visitors, &assigned, &rules);
    let goals = |act: &Act| -> Vec<&Goal> {
        rules[&act.experiment_id].goals.iter().filter(|goal| counted.contains(&goal.id)).collect()
    };
    let asks = |act: &&Act| asks_for_metadata(act, &rules[&act.experiment_id].goals);
    let seqs: Vec<i64> = acts.iter().filter(asks).map(|act| act.seq).collect();
    let metadata = store::find_metadata(db, &seqs).await?;
    let measure_of = |key: &measures::Key| {
        let goals = &rules.get(&key.0.0)?.goals;
        goals.iter().find(|goal| goal.id == key.1)?.measure.as_ref()
    };
    for (key, found) in measures::measure(&acts, goals, &recount.visitors, &metadata) {
        let Some(measure) = measure_of(&key) else { continue };
        let known = recount.measured.entry(key);
        known.and_modify(|known| known.value = measures::fold(measure, known.value, found.value)).or_insert(found);
    }
    for conversion in model::convert(&acts, goals, &recount.visitors, &metadata) {
        recount.conversions.entry((conversion.who.clone(), conversion.goal_id)).or_insert(conversion);
    }
    Ok(())
}
