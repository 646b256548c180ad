//! Decides and remembers: what is known comes from memory, what is new is committed before it is told.
//!
//! Memory is bounded, and used only while the process hears of changes (`crate::snapshot`): an entry holds for the
//! revision under which it was made, and until somebody is forgotten.

use std::sync::{Arc, LazyLock};

use metrics::{Counter, counter, describe_counter};
use pushnami_common::assignment::{TrafficSplit, bucket};
use pushnami_common::contract::Assignment;
use pushnami_common::ids::{ExperimentId, VisitorId};
use pushnami_common::{ApiError, ApiResult};
use quick_cache::sync::Cache;
use sqlx::PgPool;
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};

use super::model::{self, Explanation};
use super::store;
use super::writer::{Request, Writer};
use crate::experiments::http::unknown;
use crate::snapshot::Snapshots;
use crate::snapshot::model::KnownExperiment;

/// How many assignments are remembered: about 10 MB when all places are taken.
const REMEMBERED: usize = 65_536;
/// How many new assignments may wait for their commit.
const WAITING: usize = 8192;

/// The way to a visitor's variant. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Assigner(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: PgPool,
    snapshots: Snapshots,
    remembered: Cache<Place, Remembered>,
    queue: mpsc::Sender<Request>,
}

/// A visitor in an experiment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub experiment: ExperimentId,
    pub visitor: VisitorId,
}

/// What a place was given.
#[derive(Clone, Copy, Debug)]
struct Remembered {
    /// Which of the experiment's variants.
    variant: usize,
    /// The revision that has them so.
    revision: i32,
    /// The age of memory (`Snapshots::memory`).
    memory: u64,
}

impl Assigner {
    /// Starts a writer over this database; it ends, after the last assignment, with the last clone of this.
    pub fn start(db: PgPool, snapshots: Snapshots) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(Writer::new(db.clone(), waiting).run());
        Self(Arc::new(Inner { db, snapshots, remembered: Cache::new(REMEMBERED), queue }))
    }

    /// The variant of a visitor, stored if it was not.
    ///
    /// # Errors
    /// 404 for an unknown experiment, 400 for one that is not active, 503 when the database cannot take it.
    pub async fn assign(&self, visitor: VisitorId, id: ExperimentId, now: OffsetDateTime) -> ApiResult<Assignment> {
        let snapshot = self.0.snapshots.current().await?;
        let known = snapshot.experiment(id).ok_or_else(unknown)?;
        if !known.experiment.is_active {
            return Err(model::not_active());
        }
        let place = Place { experiment: id, visitor };
        let memory = self.0.snapshots.memory();
        if let Some(variant) = self.recall(&place, known, memory) {
            KNOWN.increment(1);
            return Ok(answer(place, variant.to_owned(), false));
        }
        let split = split(known)?;
        let variant = split.variant_of(bucket(&place.visitor, id)).to_owned();
        let (variant, is_new) = self.store(place.clone(), variant, known.experiment.revision, now).await?;
        self.remember(place.clone(), known, &variant, memory);
        count(id, &variant, is_new);
        Ok(answer(place, variant, is_new))
    }

    /// Why a visitor sees what they see. Stores nothing.
    ///
    /// # Errors
    /// 404 for an unknown experiment.
    pub async fn explain(&self, visitor: VisitorId, id: ExperimentId) -> ApiResult<Explanation> {
        let snapshot = self.0.snapshots.current().await?;
        let known = snapshot.experiment(id).ok_or_else(unknown)?;
        let place = Place { experiment: id, visitor };
        let stored = match self.recall(&place, known, self.0.snapshots.memory()) {
            Some(variant) => Some(variant.to_owned()),
            None => store::find(&self.0.db, &place).await?,
        };
        Ok(model::explain(&place.visitor, &known.experiment, split(known)?, stored))
    }

    fn recall<'a>(&self, place: &Place, known: &'a KnownExperiment, memory: u64) -> Option<&'a str> {
        if !self.0.snapshots.is_followed() {
            return None;
        }
        let remembered = self.0.remembered.get(place)?;
        let holds = remembered.revision == known.experiment.revision && remembered.memory == memory;
        holds.then(|| known.experiment.variants[remembered.variant].as_str())
    }

    /// `memory` is the age from before the database was asked: who was forgotten since is not remembered.
    fn remember(&self, place: Place, known: &KnownExperiment, variant: &str, memory: u64) {
        if let Some(variant) = known.experiment.variants.iter().position(|name| name == variant) {
            self.0.remembered.insert(place, Remembered { variant, revision: known.experiment.revision, memory });
        }
    }

    async fn store(
        &self,
        place: Place,
        variant: String,
        revision: i32,
        now: OffsetDateTime,
    ) -> ApiResult<(String, bool)> {
        let (answer, answered) = oneshot::channel();
        self.0.queue.try_send(Request { place, variant, revision, now, answer }).map_err(|refusal| match refusal {
            mpsc::error::TrySendError::Full(_) => ApiError::unavailable("more assignments wait than can be stored", 1),
            mpsc::error::TrySendError::Closed(_) => ApiError::unavailable("the service is stopping", 1),
        })?;
        answered.await.map_err(|_| ApiError::unavailable("the service is stopping", 1))?
    }
}

fn split(known: &KnownExperiment) -> ApiResult<&TrafficSplit> {
    let broken = || ApiError::internal(anyhow::anyhow!("experiment {} has a broken split", known.experiment.id));
    known.split.as_ref().ok_or_else(broken)
}

const ASSIGNED: &str = "pushnami_assignments_total";

/// Of visitors who were remembered without asking the database: the most, and so without a look-up of its own.
static KNOWN: LazyLock<Counter> = LazyLock::new(|| counter!(ASSIGNED, "new" => "false"));

/// Counts an assignment; of new ones it is told where they went.
fn count(experiment: ExperimentId, variant: &str, is_new: bool) {
    if is_new {
        let labels = [("experiment", experiment.to_string()), ("variant", variant.to_owned()), ("new", "true".into())];
        counter!(ASSIGNED, &labels).increment(1);
    } else {
        KNOWN.increment(1);
    }
}

/// Says what is counted.
pub fn describe() {
    describe_counter!(ASSIGNED, "Assignments answered; new ones by experiment and variant.");
    KNOWN.increment(0);
}

fn answer(place: Place, variant: String, is_new: bool) -> Assignment {
    Assignment { visitor_id: place.visitor.into(), experiment_id: place.experiment, variant, is_new }
}
