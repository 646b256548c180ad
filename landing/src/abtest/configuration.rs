//! What abtest has configured, as far as the page obeys it. Pure.

use pushnami_common::assignment::{TrafficSplit, bucket};
use pushnami_common::contract::{Experiment, Toggle};
use pushnami_common::ids::{ExperimentId, VisitorId};
use serde_json::Value;
use uuid::Uuid;

use crate::page::toggles::PageToggles;
use crate::page::view::Variant;

/// The id of the first-start experiment (`db/seed.sql`), whose rule serves while abtest has never been reached: its
/// visitors most likely meet the same variant again.
const FIRST_EXPERIMENT: ExperimentId = ExperimentId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001));

/// One state of abtest's configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    experiment: Option<PageExperiment>,
    /// What is switched on.
    pub toggles: PageToggles,
    /// Whether abtest told us so.
    is_confirmed: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct PageExperiment {
    id: ExperimentId,
    revision: i32,
    split: TrafficSplit,
    /// Its first variant: what is shown to those who are not assigned.
    control: Variant,
}

impl Configuration {
    /// The newest active experiment all of whose variants the page can draw drives the page. (abtest lists newest first.)
    pub fn of(experiments: &[Experiment], toggles: &[Toggle]) -> Self {
        let mut obeyed = PageToggles::default();
        for toggle in toggles {
            obeyed.obey(&toggle.key, toggle.enabled, &Value::Object(toggle.config.clone()));
        }
        let experiment = experiments.iter().filter(|experiment| experiment.is_active).find_map(PageExperiment::of);
        Self { experiment, toggles: obeyed, is_confirmed: true }
    }

    /// What serves while abtest has never been reached: both variants, half and half, everything on.
    pub fn built_in() -> Self {
        let halves = [("neon".to_owned(), 50), ("synthwave".to_owned(), 50)];
        let variants: Vec<_> = halves.iter().map(|(name, _)| name.clone()).collect();
        let split = TrafficSplit::new(&variants, &halves.into()).expect("two halves are a whole");
        let experiment = PageExperiment { id: FIRST_EXPERIMENT, revision: 1, split, control: Variant::Neon };
        Self { experiment: Some(experiment), toggles: PageToggles::default(), is_confirmed: false }
    }

    /// The experiment that events may name; `None` when none drives the page, or when abtest never confirmed that it
    /// exists.
    pub fn experiment_id(&self) -> Option<ExperimentId> {
        self.experiment.as_ref().filter(|_| self.is_confirmed).map(|experiment| experiment.id)
    }

    /// The experiment that events may name, and its revision.
    pub fn revision(&self) -> Option<(ExperimentId, i32)> {
        self.experiment.as_ref().filter(|_| self.is_confirmed).map(|experiment| (experiment.id, experiment.revision))
    }

    /// What the frozen rule gives this visitor: abtest's own answer to a visitor it meets for the first time.
    pub fn variant_by_rule(&self, visitor: &VisitorId) -> Variant {
        let by_rule = |experiment: &PageExperiment| {
            Variant::from_name(experiment.split.variant_of(bucket(visitor, experiment.id)))
        };
        self.experiment.as_ref().and_then(by_rule).unwrap_or_else(|| self.control())
    }

    /// What is shown to those who are not assigned.
    pub fn control(&self) -> Variant {
        self.experiment.as_ref().map_or(Variant::Neon, |experiment| experiment.control)
    }
}

impl PageExperiment {
    fn of(experiment: &Experiment) -> Option<Self> {
        let drawable: Option<Vec<_>> = experiment.variants.iter().map(|name| Variant::from_name(name)).collect();
        let split = TrafficSplit::new(&experiment.variants, &experiment.traffic_split).ok()?;
        Some(Self { id: experiment.id, revision: experiment.revision, split, control: *drawable?.first()? })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use time::OffsetDateTime;

    use super::*;

    fn experiment(id: u128, percents: &[(&str, u8)], is_active: bool) -> Experiment {
        Experiment {
            id: ExperimentId(Uuid::from_u128(id)),
            key: "x".into(),
            name: "x".into(),
            description: String::new(),
            variants: percents.iter().map(|(name, _)| (*name).to_owned()).collect(),
            traffic_split: percents
                .iter()
                .map(|(name, percent)| ((*name).to_owned(), *percent))
                .collect::<BTreeMap<_, _>>(),
            is_active,
            revision: 1,
            goals: Vec::new(),
            plan: None,
            created_at: OffsetDateTime::UNIX_EPOCH,
            updated_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_newest_active_experiment_that_can_be_drawn_drives_the_page() {
        let listed = [
            experiment(4, &[("neon", 50), ("synthwave", 50)], false),
            experiment(3, &[("control", 50), ("variant", 50)], true),
            experiment(2, &[("synthwave", 100), ("neon", 0)], true),
            experiment(1, &[("neon", 50), ("synthwave", 50)], true),
        ];
        let configuration = Configuration::of(&listed, &[]);
        assert_eq!(configuration.experiment_id(), Some(listed[2].id));
        assert_eq!(configuration.control(), Variant::Synthwave);
        assert_eq!(configuration.variant_by_rule(&"anybody".parse().unwrap()), Variant::Synthwave);
    }

    #[test]
    fn without_an_experiment_everybody_sees_the_same() {
        let configuration = Configuration::of(&[], &[]);
        assert_eq!(configuration.experiment_id(), None);
        assert_eq!(configuration.variant_by_rule(&"anybody".parse().unwrap()), Variant::Neon);
    }

    #[test]
    fn the_built_in_configuration_divides_visitors_but_names_no_experiment() {
        let configuration = Configuration::built_in();
        assert_eq!(configuration.experiment_id(), None);
        let neon = (0..200)
            .filter(|n| configuration.variant_by_rule(&format!("visitor-{n}").parse().unwrap()) == Variant::Neon)
            .count();
        assert!((60..140).contains(&neon), "{neon}");
    }
}
