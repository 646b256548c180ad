//! Assignments in Postgres: the first one stored wins, whoever stores it.

use sqlx::{PgExecutor, PgPool};
use time::OffsetDateTime;

use super::assigner::Place;

/// An assignment to be stored.
#[derive(Debug)]
pub(super) struct NewAssignment<'a> {
    pub place: &'a Place,
    pub variant: &'a str,
    pub revision: i32,
    pub now: OffsetDateTime,
}

/// The variant that counts.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub variant: String,
    /// Whether it was stored now.
    pub is_new: bool,
}

/// The remembered variant of a visitor, be it one that the experiment still has or not.
pub(super) async fn find(db: impl PgExecutor<'_>, place: &Place) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select variant from assignments where experiment_id = $1 and visitor_id = $2",
        place.experiment.0,
        place.visitor.as_str()
    )
    .fetch_optional(db)
    .await
}

/// Stores those of the assignments that are not stored yet, all in one commit, and answers for each which variant counts.
/// The places must differ from each other. `None` where the experiment is gone, or another copy of the service stored
/// the same in this very moment: asked again, this sees it.
pub(super) async fn store_all(db: &PgPool, new: &[NewAssignment<'_>]) -> sqlx::Result<Vec<Option<Stored>>> {
    let rows = sqlx::query_file!(
        "src/assignments/store_all.sql",
        &new.iter().map(|one| one.place.experiment.0).collect::<Vec<_>>(),
        &new.iter().map(|one| one.place.visitor.as_str()).collect::<Vec<_>>() as _,
        &new.iter().map(|one| one.variant).collect::<Vec<_>>() as _,
        &new.iter().map(|one| one.revision).collect::<Vec<_>>(),
        &new.iter().map(|one| one.now).collect::<Vec<_>>()
    )
    .fetch_all(db)
    .await?;
    let mut stored = vec![None; new.len()];
    for row in rows {
        let place = usize::try_from(row.number).ok().and_then(|number| stored.get_mut(number - 1));
        if let Some(place) = place {
            *place = Some(Stored { variant: row.variant, is_new: row.is_new });
        }
    }
    Ok(stored)
}
