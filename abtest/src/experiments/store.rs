//! Experiments in Postgres.

use pushnami_common::ApiResult;
use pushnami_common::assignment::TrafficSplit;
use pushnami_common::audit::{ADMIN, act_as};
use pushnami_common::conditional::Precondition;
use pushnami_common::contract::{Experiment, ExperimentPlan, ExperimentStatus, Goal, VariantContents};
use pushnami_common::extract::Object;
use pushnami_common::ids::{ExperimentId, new_id};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool, Postgres, Transaction};
use time::OffsetDateTime;
use uuid::Uuid;

use super::lifecycle::Life;
use super::model::{ExperimentChange, NewExperiment, Trial, contents, traffic_split};
use super::plan::{NewPlan, frozen};
use crate::revisions::model::RevisionAction;

/// A row; the percents stand in the order of the variants.
struct Row {
    id: Uuid,
    key: String,
    name: String,
    description: String,
    variants: Vec<String>,
    traffic_split: Vec<i16>,
    is_active: bool,
    revision: i32,
    goals: Json<Vec<Goal>>,
    plan: Option<Json<ExperimentPlan>>,
    variant_content: Json<VariantContents>,
    started_at: Option<OffsetDateTime>,
    completed_at: Option<OffsetDateTime>,
    archived_at: Option<OffsetDateTime>,
    winner: Option<String>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

impl Row {
    fn status(&self) -> ExperimentStatus {
        match self {
            Self { is_active: true, .. } => ExperimentStatus::Running,
            Self { archived_at: Some(_), .. } => ExperimentStatus::Archived,
            Self { completed_at: Some(_), .. } => ExperimentStatus::Completed,
            Self { started_at: Some(_), .. } => ExperimentStatus::Paused,
            _ => ExperimentStatus::Draft,
        }
    }
}

impl From<Row> for Experiment {
    fn from(row: Row) -> Self {
        let percents = row.traffic_split.iter().map(|percent| u8::try_from(*percent).unwrap_or_default());
        Self {
            status: row.status(),
            id: ExperimentId(row.id),
            key: row.key,
            name: row.name,
            description: row.description,
            traffic_split: row.variants.iter().cloned().zip(percents).collect(),
            variants: row.variants,
            is_active: row.is_active,
            revision: row.revision,
            goals: row.goals.0,
            plan: row.plan.map(|plan| plan.0),
            variant_content: row.variant_content.0,
            started_at: row.started_at,
            completed_at: row.completed_at,
            archived_at: row.archived_at,
            winner: row.winner,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

impl Trial {
    /// Commits, or forgets everything where it was only tried.
    async fn end(self, transaction: Transaction<'_, Postgres>) -> sqlx::Result<()> {
        if self.dry_run { transaction.rollback().await } else { transaction.commit().await }
    }
}

/// All experiments, newest first.
pub async fn list(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Experiment>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, key, name, description, variants, traffic_split, is_active, revision, goals as "goals: _",
                  plan as "plan: _", variant_content as "variant_content: _",
                  started_at, completed_at, archived_at, winner, created_at, updated_at
           from experiments
           order by created_at desc, id desc"#
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Experiment::from).collect())
}

/// One experiment.
pub async fn find(db: impl PgExecutor<'_>, id: ExperimentId) -> sqlx::Result<Option<Experiment>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, key, name, description, variants, traffic_split, is_active, revision, goals as "goals: _",
                  plan as "plan: _", variant_content as "variant_content: _",
                  started_at, completed_at, archived_at, winner, created_at, updated_at
           from experiments
           where id = $1"#,
        id.0
    );
    Ok(row.fetch_optional(db).await?.map(Experiment::from))
}

/// Stores a new experiment.
///
/// # Errors
/// 400 when variants and percents do not fit each other.
pub async fn insert(db: &PgPool, new: &NewExperiment, trial: Trial, now: OffsetDateTime) -> ApiResult<Experiment> {
    let split = traffic_split(&new.variants.0, &new.traffic_split.0)?;
    let goals = new.goals.identified(&[], now);
    let plan = new.plan.as_ref().map(|Object(plan)| plan.fixed(&split, &goals)).transpose()?;
    let percents: Vec<_> = split.percents().map(i16::from).collect();
    let content = contents(&new.variants.0, &new.variant_content)?;
    let mut transaction = db.begin().await?;
    act_as(&mut transaction, ADMIN).await?;
    let row = sqlx::query_as!(
        Row,
        r#"insert into experiments
               (id, name, description, variants, traffic_split, is_active, goals, plan, variant_content, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
           returning id, key, name, description, variants, traffic_split, is_active, revision, goals as "goals: _",
                  plan as "plan: _", variant_content as "variant_content: _",
                  started_at, completed_at, archived_at, winner, created_at, updated_at"#,
        new_id(now),
        new.name.0,
        new.description.0,
        &new.variants.0,
        &percents,
        new.is_active,
        Json(goals) as _,
        plan.map(Json) as _,
        Json(content) as _,
        now
    );
    let created = row.fetch_one(&mut *transaction).await?;
    trial.end(transaction).await?;
    Ok(created.into())
}

/// Changes an experiment, judged by what it would become; `None` if there is none. The row is locked meanwhile, so that
/// two changes at once cannot agree with the old state and not with each other.
///
/// # Errors
/// 400 when variants and percents, or the plan, would not fit each other; 409 when the plan is to change and somebody has
/// been assigned; 412 when it is in another state than the change is meant for.
pub async fn update(
    db: &PgPool,
    id: ExperimentId,
    change: ExperimentChange,
    precondition: &Precondition,
    trial: Trial,
    now: OffsetDateTime,
) -> ApiResult<Option<Experiment>> {
    let mut transaction = db.begin().await?;
    act_as(&mut transaction, ADMIN).await?;
    let Some(current) = find_locked(&mut transaction, id).await? else {
        return Ok(None);
    };
    precondition.check(&current)?;
    if change.is_empty() {
        return Ok(Some(current));
    }
    let variants = change.variants.as_ref().map_or(&current.variants, |variants| &variants.0).clone();
    let percents = change.traffic_split.as_ref().map_or(&current.traffic_split, |percents| &percents.0);
    let split = traffic_split(&variants, percents)?;
    let percents: Vec<_> = split.percents().map(i16::from).collect();
    let content = match &change.variant_content {
        Some(content) => contents(&variants, content)?,
        // Of a variant that is gone nothing is kept; the audit trail still has it.
        None => kept(&current.variant_content, &variants),
    };
    let life = Life::after(&current, change.lifecycle(&current)?, change.winner, &variants, now)?;
    let goals = change.goals.map_or(current.goals.clone(), |goals| goals.identified(&current.goals, now));
    let plan = planned(
        &mut transaction,
        id,
        change.plan.map(|plan| plan.map(|Object(plan)| plan)),
        current.plan,
        (&split, &goals),
    )
    .await?;
    let row = sqlx::query_as!(
        Row,
        r#"update experiments
           set name = $2, description = $3, variants = $4, traffic_split = $5, is_active = $6, goals = $7, plan = $8,
               updated_at = $9, revision_action = $10, variant_content = $11, completed_at = $12, archived_at = $13, winner = $14
           where id = $1
           returning id, key, name, description, variants, traffic_split, is_active, revision, goals as "goals: _",
                  plan as "plan: _", variant_content as "variant_content: _",
                  started_at, completed_at, archived_at, winner, created_at, updated_at"#,
        id.0,
        change.name.map_or(current.name, |name| name.0),
        change.description.map_or(current.description, |description| description.0),
        &variants,
        &percents,
        life.is_active,
        Json(goals) as _,
        plan.map(Json) as _,
        now,
        change.action.map(RevisionAction::as_str),
        Json(content) as _,
        life.completed_at,
        life.archived_at,
        life.winner
    );
    let changed = row.fetch_one(&mut *transaction).await?;
    trial.end(transaction).await?;
    Ok(Some(changed.into()))
}

fn kept(content: &VariantContents, variants: &[String]) -> VariantContents {
    let stays = content.iter().filter(|(name, _)| variants.contains(name));
    stays.map(|(name, content)| (name.clone(), content.clone())).collect()
}

/// The plan after a change; before the first assignment it follows the split and the goals.
async fn planned(
    db: &mut PgConnection,
    id: ExperimentId,
    wanted: Option<Option<NewPlan>>,
    current: Option<ExperimentPlan>,
    (split, goals): (&TrafficSplit, &[Goal]),
) -> ApiResult<Option<ExperimentPlan>> {
    let known = current.map(NewPlan::from);
    let wanted = wanted.unwrap_or(known);
    if wanted.is_none() && known.is_none() {
        return Ok(None);
    }
    // Who is being assigned at this moment waits for the row that this transaction holds.
    let has_begun = sqlx::query_scalar!(
        r#"select exists (select from assignments where experiment_id = $1) as "has_begun!""#,
        id.0
    );
    match has_begun.fetch_one(db).await? {
        true if wanted != known => Err(frozen()),
        true => Ok(current),
        false => wanted.map(|plan| plan.fixed(split, goals)).transpose(),
    }
}

/// Deletes an experiment; `false` if there is none. What belongs to it waits for its return (`clearing`).
///
/// # Errors
/// 412 when it is in another state than the deletion is meant for.
pub async fn delete(db: &PgPool, id: ExperimentId, precondition: &Precondition) -> ApiResult<bool> {
    let mut transaction = db.begin().await?;
    act_as(&mut transaction, ADMIN).await?;
    let Some(current) = find_locked(&mut transaction, id).await? else {
        return Ok(false);
    };
    precondition.check(&current)?;
    sqlx::query!("delete from experiments where id = $1", id.0).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(true)
}

/// One experiment, which nobody else changes until the transaction ends. Read after the lock is given, not with it: a
/// statement that waits for a row would show it as it was before.
async fn find_locked(db: &mut PgConnection, id: ExperimentId) -> sqlx::Result<Option<Experiment>> {
    sqlx::query!("select id from experiments where id = $1 for update", id.0).fetch_optional(&mut *db).await?;
    find(db, id).await
}
