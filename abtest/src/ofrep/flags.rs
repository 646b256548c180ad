//! The flags of one snapshot. Those that are the same for everybody are written once, when the snapshot is made.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use axum::body::Bytes;
use pushnami_common::contract::Toggle;
use serde_json::{Map, Value, json};

use super::model::{Evaluation, Reason};
use crate::snapshot::model::KnownExperiment;

/// What every OpenFeature client can ask for.
#[derive(Clone, Debug)]
pub struct Flags {
    by_key: BTreeMap<String, Flag>,
    /// The flags that are the same for everybody, as they stand in a list, parted by commas.
    pub fixed: String,
    /// The flags that depend on who asks.
    pub experiments: Vec<Arc<KnownExperiment>>,
}

/// One of them.
#[derive(Clone, Debug)]
pub enum Flag {
    /// The answer to everybody.
    Fixed(Bytes),
    /// Depends on who asks.
    Experiment(Arc<KnownExperiment>),
}

impl Flags {
    /// The flags of these toggles and experiments. A key that two could have is the toggle's.
    pub fn of(toggles: &[Arc<Toggle>], experiments: &[Arc<KnownExperiment>]) -> Self {
        let mut by_key = BTreeMap::new();
        let mut order = Vec::new();
        let switches = toggles.iter().map(|toggle| of_toggle(toggle));
        let settings = toggles.iter().map(|toggle| of_settings(toggle));
        let inactive = experiments.iter().filter(|known| !known.experiment.is_active).map(|known| of_inactive(known));
        for evaluation in switches.chain(settings).chain(inactive) {
            let bytes = Bytes::from(serde_json::to_vec(&evaluation).expect("an evaluation is plain JSON"));
            if let Entry::Vacant(free) = by_key.entry(evaluation.key) {
                order.push(bytes.clone());
                free.insert(Flag::Fixed(bytes));
            }
        }
        let active = experiments.iter().filter(|known| known.experiment.is_active);
        let experiments: Vec<_> =
            active.filter(|known| !by_key.contains_key(&known.experiment.key)).map(Arc::clone).collect();
        for known in &experiments {
            by_key.insert(known.experiment.key.clone(), Flag::Experiment(Arc::clone(known)));
        }
        let texts: Vec<_> = order.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
        Self { fixed: texts.join(","), by_key, experiments }
    }

    /// One flag.
    pub fn find(&self, key: &str) -> Option<&Flag> {
        self.by_key.get(key)
    }
}

fn of_toggle(toggle: &Toggle) -> Evaluation {
    // Flat, as the protocol wants it; the whole is under `<key>.config`.
    let plain = toggle.config.iter().filter(|(_, value)| value.is_boolean() || value.is_number() || value.is_string());
    Evaluation {
        key: toggle.key.clone(),
        value: toggle.enabled.into(),
        reason: if toggle.enabled { Reason::Static } else { Reason::Disabled },
        variant: if toggle.enabled { "on" } else { "off" }.to_owned(),
        metadata: plain.map(|(name, value)| (name.clone(), value.clone())).collect(),
    }
}

fn of_settings(toggle: &Toggle) -> Evaluation {
    Evaluation {
        key: format!("{}.config", toggle.key),
        value: Value::Object(toggle.config.clone()),
        metadata: Map::new(),
        ..of_toggle(toggle)
    }
}

/// Nobody is assigned: everybody is shown the winner, or else the control.
fn of_inactive(known: &KnownExperiment) -> Evaluation {
    if let Some(winner) = &known.experiment.winner {
        return Evaluation { reason: Reason::Static, ..of_experiment(known, winner.clone()) };
    }
    let control = known.experiment.variants.first().cloned().unwrap_or_default();
    Evaluation { reason: Reason::Disabled, ..of_experiment(known, control) }
}

/// What a visitor with this variant is answered.
pub fn of_experiment(known: &KnownExperiment, variant: String) -> Evaluation {
    let experiment = &known.experiment;
    // Shipped: all who are new get one variant.
    let is_shipped = experiment.traffic_split.values().any(|percent| *percent == 100);
    let metadata = json!({ "experiment_id": experiment.id, "revision": experiment.revision });
    Evaluation {
        key: experiment.key.clone(),
        value: variant.clone().into(),
        reason: if is_shipped { Reason::Static } else { Reason::Split },
        variant,
        metadata: metadata.as_object().cloned().unwrap_or_default(),
    }
}
