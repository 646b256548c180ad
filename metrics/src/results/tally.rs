//! What was counted, revision by revision. Pure.

use std::collections::BTreeMap;

use pushnami_decision::counts::{Counts, MOST_VISITORS, Pair};

/// The counts of an experiment for one goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The variants that are compared; the first is control.
    pub variants: Vec<String>,
    /// The revisions, oldest first.
    pub revisions: Vec<RevisionTally>,
}

/// What one revision counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RevisionTally {
    /// The share of new visitors each of its variants was to get, 0 to 1; empty when nobody knows.
    pub shares: BTreeMap<String, f64>,
    /// Visitors and conversions by variant, also of variants that are compared no more.
    pub counts: BTreeMap<String, Counts>,
}

impl RevisionTally {
    /// The counts of a variant, 0 where nobody came.
    pub fn of(&self, variant: &str) -> Counts {
        self.counts.get(variant).copied().unwrap_or_default()
    }
}

impl Tally {
    /// All that was counted of a variant, over all revisions.
    pub fn total(&self, variant: &str) -> Counts {
        let sum = |part: fn(Counts) -> u64| self.revisions.iter().map(|one| part(one.of(variant))).sum::<u64>();
        counted(sum(Counts::visitors), sum(Counts::conversions))
    }

    /// All visitors of the variants that are compared.
    pub fn visitors(&self) -> u64 {
        self.variants.iter().map(|variant| self.total(variant).visitors()).sum()
    }

    /// Control and a variant, within each revision that had both.
    pub fn pairs(&self, variant: &str) -> Vec<Pair<Counts>> {
        let pair = |one: &RevisionTally| Pair { control: one.of(&self.variants[0]), variant: one.of(variant) };
        let both = |pair: &Pair<Counts>| pair.control.visitors() > 0 && pair.variant.visitors() > 0;
        self.revisions.iter().map(pair).filter(both).collect()
    }

    /// One count for each variant, as if all had come at the same times: over the revisions in which every variant had
    /// visitors, each rate is averaged with the same weights, and stands for as many visitors as such an average is
    /// worth. Within a single revision these are the counts themselves. `None` while no revision has all variants.
    pub fn alike(&self) -> Option<Vec<Counts>> {
        let complete = |one: &&RevisionTally| self.variants.iter().all(|variant| one.of(variant).visitors() > 0);
        let usable: Vec<_> = self.revisions.iter().filter(complete).collect();
        if let [only] = usable[..] {
            return Some(self.variants.iter().map(|variant| only.of(variant)).collect());
        }
        let size =
            |one: &RevisionTally| self.variants.iter().map(|variant| one.of(variant).visitors()).sum::<u64>() as f64;
        let all: f64 = usable.iter().map(|one| size(one)).sum();
        let average = |variant: &String| {
            let weighed = usable.iter().map(|one| (size(one) / all, one.of(variant)));
            let rate: f64 = weighed.clone().filter_map(|(weight, counts)| Some(weight * counts.rate()?)).sum();
            let worth = 1.0 / weighed.map(|(weight, counts)| weight * weight / counts.visitors() as f64).sum::<f64>();
            counted(worth.round() as u64, (worth * rate).round() as u64)
        };
        (!usable.is_empty()).then(|| self.variants.iter().map(average).collect())
    }
}

/// Counts as they can be: of two readings that do not agree, the smaller.
pub fn counted(visitors: u64, conversions: u64) -> Counts {
    let visitors = visitors.min(MOST_VISITORS);
    Counts::new(visitors, conversions.min(visitors)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(revisions: &[[(u64, u64); 2]]) -> Tally {
        let variants = vec!["a".to_owned(), "b".to_owned()];
        let revision = |counts: &[(u64, u64); 2]| RevisionTally {
            shares: BTreeMap::new(),
            counts: variants.iter().cloned().zip(counts.map(|(n, k)| counted(n, k))).collect(),
        };
        Tally { revisions: revisions.iter().map(revision).collect(), variants: variants.clone() }
    }

    #[test]
    fn one_revision_is_counted_as_it_is() {
        let counts = tally(&[[(10, 1), (20, 5)]]).alike().unwrap();
        assert_eq!(counts, [counted(10, 1), counted(20, 5)]);
    }

    #[test]
    fn a_changed_split_makes_no_difference_of_its_own() {
        // 20 % in both, then 10 % in both: pooled, the variant would look 29 % worse.
        let counts = tally(&[[(9000, 1800), (1000, 200)], [(5000, 500), (5000, 500)]]).alike().unwrap();
        let rates: Vec<f64> = counts.iter().filter_map(|one| one.rate()).collect();
        assert!((rates[0] - 0.15).abs() < 1e-4 && (rates[1] - 0.15).abs() < 1e-4, "{rates:?}");
        // The few visitors of the variant's first revision are what its average is worth least for.
        assert!(counts[1].visitors() < 3400 && counts[0].visitors() > 12_000, "{counts:?}");
    }

    #[test]
    fn a_revision_that_lacks_a_variant_compares_nothing() {
        assert_eq!(tally(&[[(10, 1), (0, 0)]]).alike(), None);
        assert_eq!(tally(&[[(10, 1), (9, 1)], [(500, 1), (0, 0)]]).alike().unwrap()[0], counted(10, 1));
        assert_eq!(tally(&[[(10, 1), (0, 0)]]).pairs("b"), []);
    }
}
