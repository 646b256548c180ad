//! Typed ids, so that one is never passed for another.

use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::{ContextV7, Timestamp, Uuid};

use crate::text;

/// A new id, ordered by the time it was made (UUID version 7, RFC 9562), and above every id this process made before,
/// so that lists keep the order of making within one moment and while a clock steps back.
pub fn new_id(now: OffsetDateTime) -> Uuid {
    static MADE_BEFORE: Mutex<ContextV7> = Mutex::new(ContextV7::new());
    let seconds = u64::try_from(now.unix_timestamp()).unwrap_or_default();
    let made_before = MADE_BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    Uuid::new_v7(Timestamp::from_unix(&*made_before, seconds, now.nanosecond()))
}

/// Which experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Uuid)]
pub struct ExperimentId(pub Uuid);

impl fmt::Display for ExperimentId {
    /// Lower-case hyphenated: the form that the assignment rule hashes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

/// Which visitor: 1 to 255 characters without NUL. Our own page hands out UUIDs; other clients may send what they have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VisitorId(String);

impl VisitorId {
    /// The longest id, in characters.
    pub const MAX_CHARS: usize = 255;

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VisitorId {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        text::check(id, 1, Self::MAX_CHARS)?;
        Ok(Self(id.to_owned()))
    }
}

impl TryFrom<String> for VisitorId {
    type Error = String;

    fn try_from(id: String) -> Result<Self, String> {
        text::check(&id, 1, Self::MAX_CHARS)?;
        Ok(Self(id))
    }
}

impl From<VisitorId> for String {
    fn from(id: VisitorId) -> Self {
        id.0
    }
}

impl From<Uuid> for VisitorId {
    fn from(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

impl fmt::Display for VisitorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_id_has_1_to_255_characters_not_bytes() {
        assert!("Ω".repeat(255).parse::<VisitorId>().is_ok());
        assert!("Ω".repeat(256).parse::<VisitorId>().is_err());
        assert!("".parse::<VisitorId>().is_err());
        assert!("a\0b".parse::<VisitorId>().is_err());
    }

    #[test]
    fn new_ids_follow_time() {
        let earlier = new_id(OffsetDateTime::from_unix_timestamp(1_767_322_245).unwrap());
        let later = new_id(OffsetDateTime::from_unix_timestamp(1_767_322_246).unwrap());
        assert!(earlier < later);
        assert_eq!(earlier.get_version_num(), 7);
    }

    #[test]
    fn ids_of_one_moment_increase() {
        let moment = OffsetDateTime::from_unix_timestamp(1_767_322_245).unwrap();
        let ids: Vec<_> = (0..1000).map(|_| new_id(moment)).collect();
        assert!(ids.is_sorted_by(|earlier, later| earlier < later));
    }
}
