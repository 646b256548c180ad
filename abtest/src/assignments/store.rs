//! Assignments in Postgres: the first one stored wins, whoever stores it.

use std::collections::BTreeMap;

use pushnami_common::assignment::{TrafficSplit, bucket};
use pushnami_common::contract::Assignment;
use pushnami_common::db::OnConstraint;
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::{ApiError, ApiResult};
use sqlx::PgPool;
use time::OffsetDateTime;

use super::model::{self, Explanation};
use crate::experiments;
use crate::experiments::http::unknown;
use crate::experiments::model::traffic_split;

/// An assignment to be stored.
struct NewAssignment<'a> {
    visitor: &'a VisitorId,
    experiment: ExperimentId,
    variant: &'a str,
    revision: i32,
    now: OffsetDateTime,
}

/// The variant of a visitor, stored if it was not.
///
/// # Errors
/// 404 for an unknown experiment, 400 for one that is not active.
pub async fn assign(
    db: &PgPool,
    visitor: &VisitorId,
    experiment: ExperimentId,
    now: OffsetDateTime,
) -> ApiResult<Assignment> {
    let known = sqlx::query!(
        r#"select e.variants, e.traffic_split, e.is_active, e.revision, a.variant as "stored?"
           from experiments e
           left join assignments a on a.experiment_id = e.id and a.visitor_id = $2
           where e.id = $1"#,
        experiment.0,
        visitor.as_str()
    );
    let known = known.fetch_optional(db).await?.ok_or_else(unknown)?;
    if !known.is_active {
        return Err(model::not_active());
    }
    let answer = |variant: String, is_new: bool| Assignment {
        visitor_id: visitor.to_string(),
        experiment_id: experiment,
        variant,
        is_new,
    };
    // The stored answer wins even if the traffic split has changed since: a visitor who has seen a variant must not be
    // moved to another, as long as it exists.
    if let Some(stored) = known.stored.filter(|stored| known.variants.contains(stored)) {
        return Ok(answer(stored, false));
    }
    let percents = known.traffic_split.iter().map(|percent| u8::try_from(*percent).unwrap_or_default());
    let percents: BTreeMap<_, _> = known.variants.iter().cloned().zip(percents).collect();
    let split = TrafficSplit::new(&known.variants, &percents).map_err(ApiError::internal)?;
    let variant = split.variant_of(bucket(visitor, experiment)).to_owned();
    let new = NewAssignment { visitor, experiment, variant: &variant, revision: known.revision, now };
    match store(db, &new, &known.variants).await? {
        Some(winner) => Ok(answer(winner, false)),
        None => Ok(answer(variant, true)),
    }
}

/// Why a visitor sees what they see.
///
/// # Errors
/// 404 for an unknown experiment.
pub async fn explain(db: &PgPool, visitor: &VisitorId, id: ExperimentId) -> ApiResult<Explanation> {
    let experiment = experiments::store::find(db, id).await?.ok_or_else(unknown)?;
    let split = traffic_split(&experiment.variants, &experiment.traffic_split)?;
    let stored = stored(db, visitor, id).await?;
    Ok(model::explain(visitor, &experiment, &split, stored))
}

async fn stored(db: &PgPool, visitor: &VisitorId, experiment: ExperimentId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select variant from assignments where experiment_id = $1 and visitor_id = $2",
        experiment.0,
        visitor.as_str()
    )
    .fetch_optional(db)
    .await
}

/// Stores an assignment. `None` says that this call did; otherwise another request was faster, and its variant counts.
async fn store(db: &PgPool, new: &NewAssignment<'_>, variants: &[String]) -> ApiResult<Option<String>> {
    // A stored variant that the experiment no longer has is overwritten; of many that try at once, one succeeds.
    let stored = sqlx::query!(
        "insert into assignments (experiment_id, visitor_id, variant, revision, created_at)
         values ($1, $2, $3, $4, $5)
         on conflict on constraint assignments_pkey do update
             set variant = excluded.variant, revision = excluded.revision, created_at = excluded.created_at
             where assignments.variant <> all ($6)",
        new.experiment.0,
        new.visitor.as_str(),
        new.variant,
        new.revision,
        new.now,
        variants
    );
    let stored = stored.execute(db).await.on_constraint("assignments_experiment_fkey", unknown)?;
    if stored.rows_affected() == 1 {
        return Ok(None);
    }
    // Gone again: the experiment was deleted in this very moment.
    Ok(Some(self::stored(db, new.visitor, new.experiment).await?.ok_or_else(unknown)?))
}
