//! The life of an experiment: what may follow what, and what each step leaves behind. Pure.

use pushnami_common::ApiError;
use pushnami_common::contract::Experiment;
use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

/// Where an experiment can be brought. Nothing becomes a draft again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewStatus {
    /// Visitors are assigned, from now on or again.
    Running,
    /// Nobody new is assigned for now.
    Paused,
    /// Its question counts as answered; everybody may be shown the `winner`.
    Completed,
    /// It is out of sight. One that is running is paused by that.
    Archived,
}

/// What the columns say after a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// Whether visitors are assigned.
    pub is_active: bool,
    /// When it was completed.
    pub completed_at: Option<OffsetDateTime>,
    /// When it was archived.
    pub archived_at: Option<OffsetDateTime>,
    /// What everybody is shown.
    pub winner: Option<String>,
}

impl Life {
    /// What becomes of an experiment that is brought there, or stays where it is.
    ///
    /// # Errors
    /// 400 when the winner is no variant, or the experiment would not be completed.
    pub fn after(
        current: &Experiment,
        wanted: Option<NewStatus>,
        winner: Option<Option<String>>,
        variants: &[String],
        now: OffsetDateTime,
    ) -> Result<Self, ApiError> {
        let completed_at = match wanted {
            Some(NewStatus::Running | NewStatus::Paused) => None,
            Some(NewStatus::Completed) => current.completed_at.or(Some(now)),
            Some(NewStatus::Archived) | None => current.completed_at,
        };
        let archived_at = match wanted {
            Some(NewStatus::Archived) => current.archived_at.or(Some(now)),
            Some(_) => None,
            None => current.archived_at,
        };
        let is_active = wanted.map_or(current.is_active, |wanted| wanted == NewStatus::Running);
        let winner = match winner {
            Some(Some(winner)) if completed_at.is_none() => {
                return Err(wrong_winner(&winner, "must be null unless the experiment is completed"));
            }
            Some(winner) => winner,
            None => current.winner.clone().filter(|_| completed_at.is_some()),
        };
        match winner {
            Some(winner) if !variants.contains(&winner) => Err(wrong_winner(&winner, "must be one of the variants")),
            winner => Ok(Self { is_active, completed_at, archived_at, winner }),
        }
    }
}

fn wrong_winner(winner: &str, detail: &str) -> ApiError {
    ApiError::bad_request(format!("`winner` {detail}, got `{winner}`")).with_field("/winner", detail)
}
