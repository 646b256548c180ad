//! What the calculator is asked, and what it answers.

use std::collections::BTreeMap;

use garde::Validate;
use garde::error::Error;
use pushnami_common::contract::Direction;
use pushnami_common::text;
use pushnami_decision::always_valid::UNPLANNED_TUNING;
use pushnami_decision::bayes;
use pushnami_decision::counts::MOST_VISITORS;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::results::judge::{self, ALPHA, MDE, POWER, Rules};
use crate::results::model::{Comparison, CountedApart, Plan, Settings, Traffic, VariantResult};
use crate::results::plan::{Planned, pair_visitors, plan};
use crate::results::tally::{RevisionTally, Tally, counted};
use crate::results::traffic;

/// Counts to be judged, and how. Only `variants` is needed; the first is control.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "variants": [{"key": "neon", "visitors": 10000, "conversions": 500}, {"key": "synthwave", "visitors": 10000, "conversions": 580}],
    "traffic_split": [50, 50], "visitors_per_day": 2000
}))]
pub struct Calculation {
    /// 2 to 20 variants; the first is control.
    #[garde(length(min = 2, max = 20), dive, custom(distinct))]
    #[schema(min_items = 2, max_items = 20)]
    pub variants: Vec<TypedVariant>,
    /// How visitors were to be shared out, in the order of the variants; without it the traffic is not judged, and a plan
    /// reckons with equal shares.
    #[serde(default)]
    #[garde(custom(split(&self.variants)))]
    pub traffic_split: Option<Vec<f64>>,
    /// Earlier periods with another split, which are judged by themselves and combined.
    #[serde(default)]
    #[garde(length(max = 100), dive, custom(periods(&self.variants)))]
    #[schema(max_items = 100)]
    pub earlier: Vec<EarlierPeriod>,
    /// The share of experiments without difference in which a difference may be claimed; 0.05 if left out.
    #[serde(default)]
    #[garde(custom(inside(1e-9, 0.5)))]
    #[schema(minimum = 1e-9, maximum = 0.5)]
    pub alpha: Option<f64>,
    /// Visitors of a pair at which the interval is tightest: fixed before the start; 5000 if left out.
    #[serde(default)]
    #[garde(custom(inside(1.0, 1e12)))]
    #[schema(minimum = 1, maximum = 1e12)]
    pub tuning_visitors: Option<f64>,
    /// Which way is better; `increase` if left out.
    #[serde(default)]
    #[garde(skip)]
    pub direction: Direction,
    /// What is believed of every rate before anybody came; one conversion at the pooled rate if left out.
    #[serde(default)]
    #[garde(dive)]
    pub prior: Option<TypedPrior>,
    /// Control's rate to plan with; the counted one if left out.
    #[serde(default)]
    #[garde(custom(inside(1e-9, 1.0 - 1e-9)))]
    #[schema(minimum = 1e-9, maximum = 0.999999999)]
    pub baseline_rate: Option<f64>,
    /// The least lift worth finding, below 0 for a drop; 0.1 if left out.
    #[serde(default)]
    #[garde(custom(lift))]
    #[schema(minimum = -0.999, maximum = 100)]
    pub mde_relative: Option<f64>,
    /// The chance to find it; 0.8 if left out.
    #[serde(default)]
    #[garde(custom(inside(0.501, 0.999)))]
    #[schema(minimum = 0.501, maximum = 0.999)]
    pub power: Option<f64>,
    /// Visitors a day, to tell how long it takes.
    #[serde(default)]
    #[garde(custom(inside(1e-3, 1e12)))]
    #[schema(minimum = 1e-3, maximum = 1e12)]
    pub visitors_per_day: Option<f64>,
}

/// What one variant counted.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
pub struct TypedVariant {
    /// What to call it; a letter if left out.
    #[serde(default)]
    #[garde(custom(text::sized_if_given(1, 255)))]
    #[schema(min_length = 1, max_length = 255)]
    pub key: Option<String>,
    /// How many came.
    #[garde(custom(countable))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_u64)]
    pub visitors: u64,
    /// How many of them converted.
    #[garde(custom(at_most(self.visitors)))]
    #[schema(minimum = 0)]
    pub conversions: u64,
}

/// An earlier period.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
pub struct EarlierPeriod {
    /// How visitors were to be shared out, in the order of the variants.
    #[serde(default)]
    #[garde(skip)]
    pub traffic_split: Option<Vec<f64>>,
    /// What each variant counted, in the order of the variants.
    #[garde(dive)]
    pub counts: Vec<TypedCounts>,
}

/// What one variant counted in an earlier period.
#[derive(Clone, Copy, Debug, Deserialize, Validate, ToSchema)]
pub struct TypedCounts {
    /// How many came.
    #[garde(custom(countable))]
    #[schema(minimum = 0, maximum = 1_000_000_000_000_u64)]
    pub visitors: u64,
    /// How many of them converted.
    #[garde(custom(at_most(self.visitors)))]
    #[schema(minimum = 0)]
    pub conversions: u64,
}

/// A Beta distribution.
#[derive(Clone, Copy, Debug, Deserialize, Validate, ToSchema)]
pub struct TypedPrior {
    /// Conversions it is worth.
    #[garde(custom(worth))]
    #[schema(minimum = 1e-3, maximum = 1e12)]
    pub alpha: f64,
    /// Visitors without conversion it is worth.
    #[garde(custom(worth))]
    #[schema(minimum = 1e-3, maximum = 1e12)]
    pub beta: f64,
}

/// What the counts come to; each part is as in the results of an experiment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Calculated {
    /// How the numbers are meant.
    pub settings: Settings,
    /// Whether visitors were shared out as they were to be; `null` when nobody said how.
    #[schema(required)]
    pub traffic: Option<Traffic>,
    /// Each variant.
    pub variants: Vec<VariantResult>,
    /// Each variant but control, against control.
    pub comparisons: Vec<Comparison>,
    /// How long it takes.
    pub plan: Plan,
}

impl Calculation {
    /// Judges the counts.
    pub fn judge(&self) -> Calculated {
        let tally = self.tally();
        let comparisons = self.variants.len() - 1;
        let alpha = self.alpha.unwrap_or(ALPHA);
        let mut shares = shares(self.traffic_split.as_deref().unwrap_or_default());
        if shares.is_empty() {
            shares = vec![1.0 / self.variants.len() as f64; self.variants.len()];
        }
        let planned = Planned {
            baseline_rate: self.baseline_rate.or_else(|| tally.total(&tally.variants[0]).rate()),
            mde_relative: self.mde_relative.unwrap_or(MDE),
            power: self.power.unwrap_or(POWER),
            alpha: alpha / comparisons as f64,
            shares: &shares,
            visitors_per_day: self.visitors_per_day,
            visitors: tally.visitors() as f64,
            tuning_visitors: self.tuning_visitors,
        };
        let judged = judge::judge(
            &tally,
            &Rules {
                alpha,
                tuning_visitors: self.tuning_visitors.unwrap_or(UNPLANNED_TUNING),
                mde_relative: planned.mde_relative,
                direction: self.direction,
                prior: self.prior.map(|prior| bayes::Prior { alpha: prior.alpha, beta: prior.beta }),
                planned: pair_visitors(&planned),
            },
        );
        let is_known = tally.revisions.iter().any(|revision| !revision.shares.is_empty());
        Calculated {
            settings: judged.settings,
            traffic: is_known.then(|| traffic::judge(&tally, CountedApart::default())),
            variants: judged.variants,
            comparisons: judged.comparisons,
            plan: plan(&planned),
        }
    }

    fn tally(&self) -> Tally {
        let variants: Vec<String> = self.keys();
        let revision = |split: Option<&[f64]>, counts: &mut dyn Iterator<Item = (u64, u64)>| RevisionTally {
            shares: variants.iter().cloned().zip(shares(split.unwrap_or_default())).collect(),
            counts: variants
                .iter()
                .cloned()
                .zip(counts.map(|(came, did)| counted(came, did)))
                .collect::<BTreeMap<_, _>>(),
        };
        let mut revisions: Vec<RevisionTally> = self
            .earlier
            .iter()
            .map(|one| {
                let mut counts = one.counts.iter().map(|one| (one.visitors, one.conversions));
                revision(one.traffic_split.as_deref(), &mut counts)
            })
            .collect();
        let mut counts = self.variants.iter().map(|one| (one.visitors, one.conversions));
        revisions.push(revision(self.traffic_split.as_deref(), &mut counts));
        Tally { revisions, variants }
    }

    fn keys(&self) -> Vec<String> {
        let key = |(position, one): (usize, &TypedVariant)| one.key.clone().unwrap_or_else(|| letter(position));
        self.variants.iter().enumerate().map(key).collect()
    }
}

/// A, B, C …
fn letter(position: usize) -> String {
    char::from(b'A' + u8::try_from(position).unwrap_or_default()).to_string()
}

/// Shares that total 1; none of none.
fn shares(split: &[f64]) -> Vec<f64> {
    let all: f64 = split.iter().sum();
    split.iter().map(|part| part / all).collect()
}

fn distinct(variants: &[TypedVariant], (): &()) -> garde::Result {
    let mut keys: Vec<String> = variants
        .iter()
        .enumerate()
        .map(|(position, one)| one.key.clone().unwrap_or_else(|| letter(position)))
        .collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) { Err(Error::new("must have different keys")) } else { Ok(()) }
}

fn split(variants: &[TypedVariant]) -> impl Fn(&Option<Vec<f64>>, &()) -> garde::Result + '_ {
    |split, ()| {
        let Some(split) = split else { return Ok(()) };
        if split.len() != variants.len() {
            return Err(Error::new(format!("must have {} parts, got {}", variants.len(), split.len())));
        }
        let possible = split.iter().all(|part| part.is_finite() && (0.0..=1e9).contains(part));
        if possible && split.iter().sum::<f64>() > 0.0 {
            Ok(())
        } else {
            Err(Error::new("must have parts from 0 to 1e9, not all of them 0"))
        }
    }
}

fn periods(variants: &[TypedVariant]) -> impl Fn(&[EarlierPeriod], &()) -> garde::Result + '_ {
    |periods, ()| {
        periods.iter().try_for_each(|period| {
            if period.counts.len() != variants.len() {
                return Err(Error::new(format!(
                    "must have {} counts each, got {}",
                    variants.len(),
                    period.counts.len()
                )));
            }
            split(variants)(&period.traffic_split, &())
        })
    }
}

fn countable(visitors: &u64, (): &()) -> garde::Result {
    if *visitors <= MOST_VISITORS { Ok(()) } else { Err(Error::new(format!("must be at most {MOST_VISITORS}"))) }
}

fn at_most(visitors: u64) -> impl Fn(&u64, &()) -> garde::Result {
    move |conversions, ()| {
        if *conversions <= visitors { Ok(()) } else { Err(Error::new("must not be more than the visitors")) }
    }
}

fn inside(low: f64, high: f64) -> impl Fn(&Option<f64>, &()) -> garde::Result {
    move |number, ()| match number {
        Some(number) if !(low..=high).contains(number) => Err(Error::new(format!("must be from {low} to {high}"))),
        _ => Ok(()),
    }
}

fn lift(lift: &Option<f64>, (): &()) -> garde::Result {
    match lift {
        Some(lift) if *lift == 0.0 || !(-0.999..=100.0).contains(lift) => {
            Err(Error::new("must be from -0.999 to 100, and not 0"))
        }
        _ => Ok(()),
    }
}

fn worth(number: &f64, (): &()) -> garde::Result {
    inside(1e-3, 1e12)(&Some(*number), &())
}
