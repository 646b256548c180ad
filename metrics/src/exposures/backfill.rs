//! Goals that came later than the events: counted from the log in bounded steps, behind everything else, until they go
//! along with it. Never within a request.

use std::collections::{HashMap, HashSet};

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::config::{Rules, read_rules};
use super::model::{Act, Visitor, asks_for_metadata, conversion_cell, convert};
use super::worker::{Changes, Progress};
use super::{measures, store};

/// Which goals are counted, and which of them are behind.
#[derive(Debug, Default)]
pub struct Goals(HashMap<Uuid, Option<i64>>);

impl Goals {
    /// Whether a goal is counted as the events come.
    pub fn go_along(&self, goal: Uuid) -> bool {
        self.0.get(&goal) == Some(&None)
    }
}

/// Takes up the goals of these experiments that are not counted yet: one whose experiment has no visitors goes along at
/// once; any other starts before the first of them.
///
/// # Errors
/// When the database fails.
pub async fn register(db: &mut PgConnection, rules: &HashMap<Uuid, Rules>, watermark: i64) -> sqlx::Result<Goals> {
    let wanted: Vec<(Uuid, Uuid)> =
        rules.iter().flat_map(|(experiment, rules)| rules.goals.iter().map(|goal| (*experiment, goal.id))).collect();
    let ids: Vec<Uuid> = wanted.iter().map(|(_, goal)| *goal).collect();
    let mut goals = find_counted(db, &ids).await?;
    let new: HashSet<Uuid> = wanted.iter().filter(|(_, goal)| !goals.contains_key(goal)).map(|(of, _)| *of).collect();
    if new.is_empty() {
        return Ok(Goals(goals));
    }
    let (experiments, ids): (Vec<Uuid>, Vec<Uuid>) = wanted.into_iter().filter(|(of, _)| new.contains(of)).unzip();
    sqlx::query!(
        "
        insert into counted_goals (goal_id, experiment_id, behind)
        select goal_id, experiment_id,
               (select nullif(min(exposed_seq) - 1, $3) from exposures where exposures.experiment_id = new.experiment_id)
        from unnest($1::uuid[], $2::uuid[]) as new (goal_id, experiment_id)
        on conflict (goal_id) do nothing
        ",
        &ids,
        &experiments,
        watermark
    )
    .execute(&mut *db)
    .await?;
    goals.extend(find_counted(db, &ids).await?);
    Ok(Goals(goals))
}

async fn find_counted(db: &mut PgConnection, ids: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Option<i64>>> {
    let rows = sqlx::query!("select goal_id, behind from counted_goals where goal_id = any($1)", ids);
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.goal_id, row.behind)).collect())
}

/// Goals of experiments that nobody has counted yet are taken up, and one that is behind comes a step nearer.
///
/// # Errors
/// When the database fails; nothing is changed then.
pub async fn step(db: &PgPool, limit: i64) -> sqlx::Result<Progress> {
    let mut transaction = db.begin().await?;
    let Some(state) = store::try_lock_state(&mut transaction).await? else { return Ok(Progress::Busy) };
    let unknown = list_uncounted(&mut transaction).await?;
    if !unknown.is_empty() {
        let rules = read_rules(&mut transaction, &unknown).await?;
        register(&mut transaction, &rules, state.watermark).await?;
    }
    let Some((goal, experiment, behind)) = find_behind(&mut transaction).await? else {
        transaction.commit().await?;
        return Ok(Progress::Done);
    };
    let to = state.watermark.min(behind + limit);
    let acts = store::list_acts(&mut transaction, behind, to, Some(experiment)).await?;
    count(&mut transaction, goal, experiment, &acts).await?;
    let behind = (to < state.watermark).then_some(to);
    sqlx::query!("update counted_goals set behind = $2 where goal_id = $1", goal, behind)
        .execute(&mut *transaction)
        .await?;
    store::write_state(&mut transaction, state.watermark, None).await?;
    transaction.commit().await?;
    Ok(Progress::Counted)
}

/// Experiments with visitors and with goals that are not counted yet.
async fn list_uncounted(db: &mut PgConnection) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"
        select distinct experiments.id
        from experiments cross join jsonb_array_elements(goals) as goal
        where not exists (select from counted_goals where goal_id = (goal ->> 'id')::uuid)
              and exists (select from result_cells where experiment_id = experiments.id)
        "#
    )
    .fetch_all(db)
    .await
}

async fn find_behind(db: &mut PgConnection) -> sqlx::Result<Option<(Uuid, Uuid, i64)>> {
    let row = sqlx::query!(
        r#"
        select goal_id, experiment_id, behind as "behind!"
        from counted_goals
        where behind is not null
        order by goal_id
        limit 1
        "#
    );
    Ok(row.fetch_optional(db).await?.map(|row| (row.goal_id, row.experiment_id, row.behind)))
}

/// Counts one goal over events whose exposures are all known. A goal that is gone again reaches nothing.
async fn count(db: &mut PgConnection, goal: Uuid, experiment: Uuid, acts: &[Act]) -> sqlx::Result<()> {
    let rules = read_rules(db, &[experiment]).await?;
    let goals = rules.get(&experiment).map_or(&[][..], |rules| &rules.goals);
    let Some(goal) = goals.iter().find(|one| one.id == goal) else { return Ok(()) };
    let seqs: Vec<i64> =
        acts.iter().filter(|act| asks_for_metadata(act, std::slice::from_ref(goal))).map(|act| act.seq).collect();
    let metadata = if seqs.is_empty() { HashMap::new() } else { store::find_metadata(db, &seqs).await? };
    let pairs: HashSet<_> = acts.iter().map(|act| (experiment, act.visitor_id.as_str())).collect();
    let visitors: HashMap<_, Visitor> = store::find_visitors(db, &pairs.into_iter().collect::<Vec<_>>()).await?;
    let conversions = convert(acts, |_| vec![goal], &visitors, &metadata);
    let measured = measures::measure(acts, |_| vec![goal], &visitors, &metadata);
    measures::add(db, measured, |_| goal.measure.as_ref()).await?;
    let cells = conversions.iter().map(|one| (experiment, one.assigned.clone())).collect();
    let cells = store::cell_ids(db, &cells).await?;
    let mut changes = Changes::default();
    for added in store::add_conversions(db, &conversions, &cells).await? {
        changes.count(conversion_cell(&conversions[added]), 1);
    }
    changes.write(db).await
}
