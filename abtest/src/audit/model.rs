//! What the audit trail answers.

use garde::Validate;
use garde::error::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

/// The most entries of one answer.
const MOST_ENTRIES: i64 = 200;

/// One change.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// 1, 2, 3 … without gaps.
    pub id: i64,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// `admin`, or `system` for what happens by itself.
    #[schema(example = "admin")]
    pub actor: String,
    /// `created`, `changed`, `deleted`, `reverted` or `erased`.
    #[schema(example = "changed")]
    pub action: String,
    /// `experiment`, `toggle`, `lead` or `visitor`.
    #[schema(example = "toggle")]
    pub subject: String,
    /// Its id; of a visitor, the SHA-256 of it.
    pub subject_id: String,
    /// What people call it.
    #[schema(required)]
    pub subject_name: Option<String>,
    /// What it was; `null` when it was not there, or is personal.
    #[schema(required)]
    pub before: Option<Value>,
    /// What it became; `null` when it is gone, or is personal.
    #[schema(required)]
    pub after: Option<Value>,
    /// SHA-256 over the hash before and this entry, in hex.
    pub hash: String,
}

/// Which entries.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only about this kind of thing.
    #[garde(custom(known))]
    #[param(example = "toggle")]
    pub subject: Option<String>,
    /// Only older ones than this entry.
    #[garde(custom(positive))]
    #[param(minimum = 1)]
    pub before: Option<i64>,
    /// How many.
    #[garde(custom(few))]
    #[serde(default = "usual")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: i64,
}

fn usual() -> i64 {
    50
}

fn known(subject: &Option<String>, (): &()) -> garde::Result {
    match subject.as_deref() {
        None | Some("experiment" | "toggle" | "lead" | "visitor") => Ok(()),
        Some(_) => Err(Error::new("must be `experiment`, `toggle`, `lead` or `visitor`")),
    }
}

fn positive(id: &Option<i64>, (): &()) -> garde::Result {
    if id.is_none_or(|id| id > 0) { Ok(()) } else { Err(Error::new("must be at least 1")) }
}

fn few(limit: &i64, (): &()) -> garde::Result {
    match *limit {
        1..=MOST_ENTRIES => Ok(()),
        limit => Err(Error::new(format!("must be 1 to {MOST_ENTRIES}, got {limit}"))),
    }
}
