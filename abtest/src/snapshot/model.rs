//! One state of the configuration, with everything worked out that can be before anybody asks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::body::Bytes;
use pushnami_common::assignment::TrafficSplit;
use pushnami_common::contract::{Experiment, Toggle};
use pushnami_common::ids::ExperimentId;

use super::answer::Listing;
use crate::ofrep::Flags;

/// Never changed: a new one takes its place.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// How many changes were committed before it was read, at least.
    pub version: i64,
    /// All experiments, newest first.
    pub experiments: Vec<Arc<KnownExperiment>>,
    /// All toggles, oldest first.
    pub toggles: Vec<Arc<Toggle>>,
    /// The answer that lists the experiments.
    pub experiment_list: Listing,
    /// The answer that lists the toggles.
    pub toggle_list: Listing,
    /// The answer that holds everything (`contract::Configuration`).
    pub whole: Bytes,
    /// What OpenFeature clients can ask for.
    pub flags: Flags,
    experiments_by_id: HashMap<ExperimentId, Arc<KnownExperiment>>,
    toggles_by_key: BTreeMap<String, Arc<Toggle>>,
}

/// An experiment, ready to assign.
#[derive(Clone, Debug)]
pub struct KnownExperiment {
    /// As it is answered.
    pub experiment: Experiment,
    /// Who gets what; `None` only for a row that no call of ours could have written.
    pub split: Option<TrafficSplit>,
}

/// What is read of the database.
#[derive(Clone, Debug)]
pub struct Found {
    /// How many changes were committed before.
    pub version: i64,
    /// All experiments, newest first.
    pub experiments: Vec<Experiment>,
    /// All toggles, oldest first.
    pub toggles: Vec<Toggle>,
}

impl Snapshot {
    /// Works everything out.
    pub fn new(found: Found) -> Self {
        let experiment_list = Listing::of(&found.experiments);
        let toggle_list = Listing::of(&found.toggles);
        let whole = format!(
            r#"{{"version":{},"experiments":{},"toggles":{}}}"#,
            found.version,
            experiment_list.text(),
            toggle_list.text()
        );
        let known = |experiment: Experiment| {
            let split = TrafficSplit::new(&experiment.variants, &experiment.traffic_split).ok();
            Arc::new(KnownExperiment { experiment, split })
        };
        let experiments: Vec<_> = found.experiments.into_iter().map(known).collect();
        let toggles: Vec<_> = found.toggles.into_iter().map(Arc::new).collect();
        Self {
            version: found.version,
            whole: whole.into(),
            experiments_by_id: experiments.iter().map(|known| (known.experiment.id, Arc::clone(known))).collect(),
            toggles_by_key: toggles.iter().map(|toggle| (toggle.key.clone(), Arc::clone(toggle))).collect(),
            flags: Flags::of(&toggles, &experiments),
            experiments,
            toggles,
            experiment_list,
            toggle_list,
        }
    }

    /// One experiment.
    pub fn experiment(&self, id: ExperimentId) -> Option<&Arc<KnownExperiment>> {
        self.experiments_by_id.get(&id)
    }

    /// One toggle.
    pub fn toggle(&self, key: &str) -> Option<&Arc<Toggle>> {
        self.toggles_by_key.get(key)
    }
}
