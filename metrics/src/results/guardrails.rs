//! Pauses experiments whose guardrails are harmed, where the operator chose so; once for each goal, so that whoever
//! activates the experiment again is not fought.

use std::time::Duration;

use pushnami_common::clock::Clock;
use pushnami_common::contract::GoalRole;
use pushnami_common::error::ApiResult;
use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use super::answer::find_results;
use super::judge::MINIMUM_VISITORS;
use super::model::Results;

/// How often guardrails are looked at.
const PERIOD: Duration = Duration::from_secs(10);

/// Watches for as long as the process lives.
pub async fn run(db: PgPool, clock: Clock) {
    loop {
        tokio::time::sleep(PERIOD).await;
        match check(&db, clock.now()).await {
            Ok(paused) => {
                for id in paused {
                    tracing::warn!(experiment.id = %id, "paused the experiment {id}: a variant harms a guardrail");
                }
            }
            Err(error) => tracing::warn!(?error, "guardrails could not be looked at, trying again"),
        }
    }
}

/// Looks at every active experiment with such a guardrail, and answers which of them were paused.
///
/// # Errors
/// When the database fails.
pub async fn check(db: &PgPool, now: OffsetDateTime) -> ApiResult<Vec<Uuid>> {
    let guarded = sqlx::query_scalar!(
        r#"select id from experiments where is_active and goals @> '[{"role": "guardrail", "pause_on_harm": true}]'"#
    );
    let mut paused = Vec::new();
    for id in guarded.fetch_all(db).await? {
        let results = find_results(db, id, None, now).await?;
        let pausing = pausing(db, id).await?;
        for goal in harmed(&results).filter(|goal| pausing.contains(goal)) {
            if pause(db, id, goal, now).await? {
                paused.push(id);
            }
        }
    }
    Ok(paused)
}

/// The guardrails that are harmed, with enough visitors to say so.
fn harmed(results: &Results) -> impl Iterator<Item = Uuid> + '_ {
    let visitors = |variant: &str| results.variants.iter().find(|one| one.key == variant).map_or(0, |one| one.visitors);
    let control = results.variants.first().map_or(0, |one| one.visitors);
    results
        .other_goals
        .iter()
        .filter(|goal| goal.role == GoalRole::Guardrail)
        .filter(move |goal| {
            let harms = |one: &super::model::OtherComparison| {
                one.is_harmful && visitors(&one.variant).min(control) >= MINIMUM_VISITORS
            };
            goal.comparisons.iter().any(harms)
        })
        .map(|goal| goal.id)
}

async fn pausing(db: &PgPool, experiment: Uuid) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        r#"
        select (goal ->> 'id')::uuid as "id!"
        from experiments cross join jsonb_array_elements(goals) as goal
        where experiments.id = $1 and goal @> '{"role": "guardrail", "pause_on_harm": true}'
        "#,
        experiment
    )
    .fetch_all(db)
    .await
}

/// Pauses the experiment, unless this goal has done so before.
async fn pause(db: &PgPool, experiment: Uuid, goal: Uuid, now: OffsetDateTime) -> sqlx::Result<bool> {
    let mut transaction = db.begin().await?;
    let first =
        sqlx::query!("update counted_goals set paused_at = $2 where goal_id = $1 and paused_at is null", goal, now);
    let is_first = first.execute(&mut *transaction).await?.rows_affected() == 1;
    let was_active = is_first
        && sqlx::query_scalar!(r#"select pause_experiment($1, $2) as "was_active!""#, experiment, now)
            .fetch_one(&mut *transaction)
            .await?;
    transaction.commit().await?;
    Ok(was_active)
}
