//! The SQL of results. Every function takes a connection, so that all read within one snapshot. Sums over hours only: no
//! event and no visitor is read.

use std::collections::BTreeMap;

use pushnami_common::contract::{ExperimentPlan, Goal};
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::cache::Mark;
use super::model::{CountedApart, RevisionMark};

/// An experiment, as far as results need it.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// Its variants; the first is control.
    pub variants: Vec<String>,
    /// Whether visitors are assigned.
    pub is_active: bool,
    /// What counts as success.
    pub goals: Vec<Goal>,
    /// What it is planned to show.
    pub plan: Option<ExperimentPlan>,
    /// When it was last changed.
    pub updated_at: OffsetDateTime,
    /// Its revisions, oldest first.
    pub revisions: Vec<RevisionMark>,
}

/// What was counted in a step.
#[derive(Clone, Debug)]
pub struct StepRow {
    /// The revision.
    pub revision: i32,
    /// The variant.
    pub variant: String,
    /// The goal; nil for exposures.
    pub goal_id: Uuid,
    /// The step's start.
    pub start: OffsetDateTime,
    /// How many visitors.
    pub visitors: i64,
}

/// The state of everything that an experiment's results depend on; `None` if there is no such experiment.
pub async fn read_mark(db: &mut PgConnection, experiment: Uuid) -> sqlx::Result<Option<Mark>> {
    sqlx::query_as!(
        Mark,
        r#"
        select exposure_state.version, experiments.updated_at, rollup_state.version as rollups,
               coalesce((select sum(events) from untracked_hours), 0)::bigint as "untracked!"
        from exposure_state, rollup_state, experiments
        where experiments.id = $1
        "#,
        experiment
    )
    .fetch_optional(db)
    .await
}

/// The experiment with its revisions.
pub async fn find_experiment(db: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Experiment>> {
    let row = sqlx::query!(
        r#"select variants, is_active, goals as "goals: Json<Vec<Goal>>", plan as "plan: Json<ExperimentPlan>", updated_at
           from experiments
           where id = $1"#,
        id
    );
    let Some(row) = row.fetch_optional(&mut *db).await? else { return Ok(None) };
    let revisions = sqlx::query!(
        "select revision, variants, traffic_split, action, opened_at
         from experiment_revisions
         where experiment_id = $1
         order by revision",
        id
    )
    .map(|row| RevisionMark {
        revision: row.revision,
        opened_at: row.opened_at,
        action: row.action,
        traffic_split: row.variants.into_iter().zip(row.traffic_split).collect(),
    });
    Ok(Some(Experiment {
        variants: row.variants,
        is_active: row.is_active,
        goals: row.goals.0,
        plan: row.plan.map(|plan| plan.0),
        updated_at: row.updated_at,
        revisions: revisions.fetch_all(db).await?,
    }))
}

/// The hour of the first exposure.
pub async fn find_start(db: &mut PgConnection, experiment: Uuid) -> sqlx::Result<Option<OffsetDateTime>> {
    sqlx::query_scalar!(
        "
        select min(hour)
        from result_hours
        where goal_id = $2 and visitors > 0
              and cell_id = any(array(select id from result_cells where experiment_id = $1))
        ",
        experiment,
        Uuid::nil()
    )
    .fetch_one(db)
    .await
}

/// Visitors by revision, variant, goal and step.
pub async fn list_steps(
    db: &mut PgConnection,
    experiment: Uuid,
    goals: &[Uuid],
    step: Duration,
) -> sqlx::Result<Vec<StepRow>> {
    let step = PgInterval::try_from(step).map_err(sqlx::Error::Encode)?;
    sqlx::query_as!(
        StepRow,
        r#"
        select revision, variant, goal_id, date_bin($3, hour, '2000-01-01Z') as "start!",
               sum(visitors)::bigint as "visitors!"
        from result_hours join result_cells on id = cell_id
        where experiment_id = $1 and goal_id = any($2)
        group by revision, variant, goal_id, 4
        "#,
        experiment,
        goals,
        step
    )
    .fetch_all(db)
    .await
}

/// What was measured in a variant of a revision.
#[derive(Clone, Debug)]
pub struct MeasuredRow {
    /// The revision.
    pub revision: i32,
    /// The variant.
    pub variant: String,
    /// The goal.
    pub goal_id: Uuid,
    /// Visitors with a number.
    pub visitors: i64,
    /// Its mean, in the property's unit.
    pub mean: f64,
    /// The variance of the sample; `None` of a single visitor.
    pub variance: Option<f64>,
}

/// Moments of measured goals. Of the goals in `from_zero`, exposed visitors without a number have 0.
pub async fn list_measured(
    db: &mut PgConnection,
    experiment: Uuid,
    goals: &[Uuid],
    from_zero: &[Uuid],
) -> sqlx::Result<Vec<MeasuredRow>> {
    // In whole numbers up to the last division: the variance is a small difference of large sums.
    sqlx::query_as!(
        MeasuredRow,
        r#"
        with exposed as (
            select cell_id, sum(visitors)::bigint as visitors
            from result_hours
            where goal_id = $4 and cell_id = any(array(select id from result_cells where experiment_id = $1))
            group by cell_id
        ), measured as (
            select cell_id, goal_id, total, squares,
                   case when goal_id = any($3) then greatest(result_measures.visitors, exposed.visitors)
                        else result_measures.visitors end as n
            from result_measures left join exposed using (cell_id)
            where goal_id = any($2)
        )
        select revision, variant, goal_id as "goal_id!", n as "visitors!", (total / n / 1000)::float8 as "mean!",
               ((n * squares - total * total) / nullif(n::numeric * (n - 1), 0) / 1000000)::float8 as variance
        from measured join result_cells on id = cell_id
        where n > 0 and experiment_id = $1
        "#,
        experiment,
        goals,
        from_zero,
        Uuid::nil()
    )
    .fetch_all(db)
    .await
}

/// Goals whose events are still being counted.
pub async fn list_counting(db: &mut PgConnection, goals: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"
        select goal as "goal!"
        from unnest($1::uuid[]) as goal
        where exists (select from counted_goals where goal_id = goal and behind is not null)
        "#,
        goals
    )
    .fetch_all(db)
    .await
}

/// Visitors who were exposed since a moment, in whole hours.
pub async fn count_since(
    db: &mut PgConnection,
    experiment: Uuid,
    from: OffsetDateTime,
    to: OffsetDateTime,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"
        select coalesce(sum(visitors), 0)::bigint as "visitors!"
        from result_hours
        where goal_id = $2 and hour >= $3 and hour < $4
              and cell_id = any(array(select id from result_cells where experiment_id = $1))
        "#,
        experiment,
        Uuid::nil(),
        from,
        to
    )
    .fetch_one(db)
    .await
}

/// Who and what is counted apart, since the experiment began.
pub async fn count_excluded(
    db: &mut PgConnection,
    experiment: Uuid,
    since: OffsetDateTime,
) -> sqlx::Result<CountedApart> {
    let marks = sqlx::query!("select mark, visitors from result_marks where experiment_id = $1", experiment);
    let marks: BTreeMap<String, i64> =
        marks.fetch_all(&mut *db).await?.into_iter().map(|row| (row.mark, row.visitors)).collect();
    let events = sqlx::query!(
        r#"
        select (select coalesce(sum(events), 0)::bigint from event_groups
                where experiment_id = $1 and excluded = 'robot') as "robots!",
               (select coalesce(sum(q0 + q1 + q2 + q3), 0)::bigint
                from rollup_hours join event_groups on id = group_id
                where excluded = 'preview' and hour >= $2) as "previews!",
               (select coalesce(sum(events), 0)::bigint from untracked_hours where hour >= $2) as "no_track!"
        "#,
        experiment,
        since
    )
    .fetch_one(db)
    .await?;
    let of = |mark: &str| marks.get(mark).copied().unwrap_or_default();
    Ok(CountedApart {
        multiple_variants: of("two_variants"),
        other_claims: of("other_claim"),
        claimed_only: of("claimed_only"),
        robots: events.robots,
        previews: events.previews,
        no_track: events.no_track,
    })
}
