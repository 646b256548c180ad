//! What abtest has configured, as far as the page obeys it. Pure.

use std::collections::BTreeSet;

use pushnami_common::assignment::{TrafficSplit, bucket};
use pushnami_common::contract::{Experiment, Toggle};
use pushnami_common::ids::{ExperimentId, VisitorId};
use serde_json::Value;
use uuid::Uuid;

use crate::page::toggles::PageToggles;
use crate::page::variant::{Look, Variant};

/// The id of the first-start experiment (`db/seed.sql`), whose rule serves while abtest has never been reached: its
/// visitors most likely meet the same variant again.
const FIRST_EXPERIMENT: ExperimentId = ExperimentId(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001));

/// One state of abtest's configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Configuration {
    experiment: Option<PageExperiment>,
    /// What everybody is shown, as an experiment was completed with it.
    winner: Option<Variant>,
    /// All that can be looked at: those of the experiment first, in its order.
    variants: Vec<Variant>,
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
    /// How many of the variants are its own.
    count: usize,
}

/// The most variants that can be looked at.
const MOST_VARIANTS: usize = 100;

impl Configuration {
    /// The newest experiment that decides anything drives the page: an active one all of whose variants the page can draw,
    /// or one that was completed with a winner. (abtest lists newest first.)
    pub fn of(experiments: &[Experiment], toggles: &[Toggle]) -> Self {
        let mut obeyed = PageToggles::default();
        for toggle in toggles {
            obeyed.obey(&toggle.key, toggle.enabled, &Value::Object(toggle.config.clone()));
        }
        let deciding = experiments.iter().find(|experiment| decides(experiment));
        let others = experiments.iter().filter(|other| deciding.is_none_or(|deciding| other.id != deciding.id));
        let variants = all_variants(deciding.and_then(drawable).unwrap_or_default(), others.flat_map(drawable_ones));
        let winner =
            deciding.filter(|experiment| !experiment.is_active).and_then(|experiment| experiment.winner.as_ref());
        let winner = winner.and_then(|winner| variants.iter().find(|variant| variant.name() == winner));
        Self {
            experiment: deciding.filter(|experiment| experiment.is_active).and_then(PageExperiment::of),
            winner: winner.cloned(),
            variants,
            toggles: obeyed,
            is_confirmed: true,
        }
    }

    /// What serves while abtest has never been reached: both variants, half and half, everything on.
    pub fn built_in() -> Self {
        let halves = [("neon".to_owned(), 50), ("synthwave".to_owned(), 50)];
        let variants: Vec<_> = halves.iter().map(|(name, _)| name.clone()).collect();
        let split = TrafficSplit::new(&variants, &halves.into()).expect("two halves are a whole");
        let experiment = PageExperiment { id: FIRST_EXPERIMENT, revision: 1, split, count: 2 };
        Self {
            experiment: Some(experiment),
            winner: None,
            variants: all_variants(Vec::new(), std::iter::empty()),
            toggles: PageToggles::default(),
            is_confirmed: false,
        }
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
        let by_rule = self
            .experiment
            .as_ref()
            .and_then(|experiment| self.assignable(experiment.split.variant_of(bucket(visitor, experiment.id))));
        by_rule.unwrap_or_else(|| self.control())
    }

    /// What is shown to those who are not assigned: the winner, or the first variant of the experiment.
    pub fn control(&self) -> Variant {
        self.winner.as_ref().or(self.variants.first()).cloned().unwrap_or_else(|| Variant::plain(Look::Neon))
    }

    /// All that can be looked at, those of the experiment first.
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// The variant of this name, of whichever experiment.
    pub fn variant(&self, name: &str) -> Option<Variant> {
        self.variants.iter().find(|variant| variant.name() == name).cloned()
    }

    /// The variant of this name, if it is one of the experiment that drives the page.
    pub fn assignable(&self, name: &str) -> Option<Variant> {
        let own = self.variants.iter().take(self.experiment.as_ref()?.count);
        own.into_iter().find(|variant| variant.name() == name).cloned()
    }
}

impl PageExperiment {
    fn of(experiment: &Experiment) -> Option<Self> {
        let split = TrafficSplit::new(&experiment.variants, &experiment.traffic_split).ok()?;
        Some(Self { id: experiment.id, revision: experiment.revision, split, count: experiment.variants.len() })
    }
}

fn decides(experiment: &Experiment) -> bool {
    (experiment.is_active || experiment.winner.is_some() && experiment.archived_at.is_none())
        && drawable(experiment).is_some()
}

/// The variants of an experiment, if each of them can be drawn.
fn drawable(experiment: &Experiment) -> Option<Vec<Variant>> {
    TrafficSplit::new(&experiment.variants, &experiment.traffic_split).ok()?;
    let content = |name: &String| Variant::of(name, experiment.variant_content.get(name));
    experiment.variants.iter().map(content).collect()
}

/// Those that somebody gave content.
fn drawable_ones(experiment: &Experiment) -> impl Iterator<Item = Variant> + '_ {
    experiment.variant_content.iter().filter_map(|(name, content)| Variant::of(name, Some(content)))
}

/// Each name once: the experiment's own, the looks themselves, and what other experiments have to show.
fn all_variants(own: Vec<Variant>, others: impl Iterator<Item = Variant>) -> Vec<Variant> {
    let mut names = BTreeSet::new();
    let plain = Look::ALL.into_iter().map(Variant::plain);
    let each = own.into_iter().chain(plain).chain(others).filter(|variant| names.insert(variant.name().to_owned()));
    each.take(MOST_VARIANTS).enumerate().map(|(place, variant)| variant.at(place)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use pushnami_common::contract::{ExperimentStatus, VariantContent};
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
            variant_content: BTreeMap::new(),
            status: ExperimentStatus::default(),
            winner: None,
            started_at: None,
            completed_at: None,
            archived_at: None,
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
        assert_eq!(configuration.control().name(), "synthwave");
        assert_eq!(configuration.variant_by_rule(&"anybody".parse().unwrap()).name(), "synthwave");
    }

    #[test]
    fn content_makes_a_variant_of_any_name_part_of_the_page() {
        let mut third = experiment(2, &[("neon", 0), ("synthwave", 0), ("muses", 100)], true);
        let older = experiment(1, &[("neon", 50), ("synthwave", 50)], true);
        let nobody = "anybody".parse().unwrap();
        let without = Configuration::of(&[third.clone(), older.clone()], &[]);
        assert_eq!((without.experiment_id(), without.variant("muses")), (Some(older.id), None));
        let content = VariantContent { subtitle: Some("Nine of them.".into()), ..VariantContent::default() };
        third.variant_content = [("muses".to_owned(), content)].into();
        let with = Configuration::of(&[third.clone(), older.clone()], &[]);
        assert_eq!(with.experiment_id(), Some(third.id));
        assert_eq!(with.variant_by_rule(&nobody).subtitle(), "Nine of them.");
        assert_eq!(with.variants().iter().map(Variant::place).collect::<Vec<_>>(), [Some(0), Some(1), Some(2)]);
        third.is_active = false;
        let paused = Configuration::of(&[third, older.clone()], &[]);
        assert_eq!(paused.experiment_id(), Some(older.id));
        assert!(paused.variant("muses").is_some() && paused.assignable("muses").is_none());
    }

    #[test]
    fn the_winner_of_a_completed_experiment_is_shown_to_everybody_until_a_newer_one_decides() {
        let mut completed = experiment(2, &[("neon", 50), ("synthwave", 50)], false);
        let running = experiment(3, &[("neon", 100), ("synthwave", 0)], true);
        let shown = |listed: &[Experiment]| {
            let configuration = Configuration::of(listed, &[]);
            let variant = configuration.variant_by_rule(&"anybody".parse().unwrap());
            (variant.name().to_owned(), configuration.experiment_id().is_some())
        };
        assert_eq!(shown(std::slice::from_ref(&completed)), ("neon".to_owned(), false));
        completed.winner = Some("synthwave".to_owned());
        assert_eq!(shown(std::slice::from_ref(&completed)), ("synthwave".to_owned(), false));
        assert_eq!(shown(&[running.clone(), completed.clone()]), ("neon".to_owned(), true));
        assert_eq!(shown(&[completed.clone(), running]), ("synthwave".to_owned(), false));
        completed.archived_at = Some(OffsetDateTime::UNIX_EPOCH);
        assert_eq!(shown(&[completed]), ("neon".to_owned(), false));
    }

    #[test]
    fn without_an_experiment_everybody_sees_the_same() {
        let configuration = Configuration::of(&[], &[]);
        assert_eq!(configuration.experiment_id(), None);
        assert_eq!(configuration.variant_by_rule(&"anybody".parse().unwrap()).name(), "neon");
    }

    #[test]
    fn the_built_in_configuration_divides_visitors_but_names_no_experiment() {
        let configuration = Configuration::built_in();
        assert_eq!(configuration.experiment_id(), None);
        let neon = (0..200)
            .filter(|n| configuration.variant_by_rule(&format!("visitor-{n}").parse().unwrap()).name() == "neon")
            .count();
        assert!((60..140).contains(&neon), "{neon}");
    }
}
