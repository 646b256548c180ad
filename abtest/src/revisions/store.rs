//! Revisions in Postgres.

use pushnami_common::ids::ExperimentId;
use sqlx::PgExecutor;

use super::model::{Revision, RevisionAction};

/// All revisions of an experiment, oldest first; none if there is no such experiment.
pub async fn list(db: impl PgExecutor<'_>, experiment: ExperimentId) -> sqlx::Result<Vec<Revision>> {
    let rows = sqlx::query!(
        "select revision, variants, traffic_split, action, opened_at
         from experiment_revisions
         -- Those of a deleted experiment wait for its return.
         where experiment_id = $1 and exists (select from experiments where id = $1)
         order by revision",
        experiment.0
    )
    .map(|row| {
        let percents = row.traffic_split.iter().map(|percent| u8::try_from(*percent).unwrap_or_default());
        Revision {
            revision: row.revision,
            traffic_split: row.variants.iter().cloned().zip(percents).collect(),
            variants: row.variants,
            action: RevisionAction::named(&row.action).unwrap_or(RevisionAction::SplitChanged),
            opened_at: row.opened_at,
        }
    });
    rows.fetch_all(db).await
}
