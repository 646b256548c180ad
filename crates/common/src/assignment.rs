//! Which variant a visitor sees. Frozen: a different answer would move live visitors between variants.
//!
//! abtest decides by this rule, and landing falls back to it when abtest is away, so both give the same answer.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::ids::{ExperimentId, VisitorId};

/// Why a traffic split is refused. Its text is what the client reads.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// The keys are not exactly the variants.
    #[error("Traffic split keys must match variant names")]
    KeysDiffer,
    /// The percents do not total 100.
    #[error("Traffic split must total 100, got {0}")]
    Total(u32),
}

/// Variants in their listed order with whole percents that total 100. [`TrafficSplit::new`] is the only way to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficSplit(Vec<(String, u8)>);

impl TrafficSplit {
    /// Joins the listed variants with their percents.
    ///
    /// # Errors
    /// When the keys of `percents` are not exactly the variants, or the percents do not total 100.
    pub fn new(variants: &[String], percents: &BTreeMap<String, u8>) -> Result<Self, SplitError> {
        let joined: Option<Vec<_>> =
            variants.iter().map(|variant| Some((variant.clone(), *percents.get(variant)?))).collect();
        let split = joined.filter(|split| split.len() == percents.len()).ok_or(SplitError::KeysDiffer)?;
        match split.iter().map(|(_, percent)| u32::from(*percent)).sum() {
            100 => Ok(Self(split)),
            total => Err(SplitError::Total(total)),
        }
    }

    /// The percents, in the order of the variants.
    pub fn percents(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.iter().map(|(_, percent)| *percent)
    }

    /// The variant of a bucket: the first whose cumulative percent is above it.
    pub fn variant_of(&self, bucket: Bucket) -> &str {
        let mut sum = 0;
        for (variant, percent) in &self.0 {
            sum += percent;
            if bucket.0 < sum {
                return variant;
            }
        }
        unreachable!("percents total 100 and a bucket is below it")
    }
}

/// A visitor's place 0..=99 in an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket(pub u8);

/// Places a visitor: SHA-256 of `visitor_id:experiment_id`, read as one big-endian integer, modulo 100.
pub fn bucket(visitor: &VisitorId, experiment: ExperimentId) -> Bucket {
    let digest = Sha256::digest(format!("{visitor}:{experiment}"));
    let remainder = digest.iter().fold(0_u32, |rest, byte| (rest * 256 + u32::from(*byte)) % 100);
    Bucket(u8::try_from(remainder).expect("a remainder of 100 is below 100"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(percents: &[(&str, u8)]) -> Result<TrafficSplit, SplitError> {
        let variants: Vec<_> = percents.iter().map(|(name, _)| (*name).to_owned()).collect();
        let percents = percents.iter().map(|(name, percent)| ((*name).to_owned(), *percent)).collect();
        TrafficSplit::new(&variants, &percents)
    }

    #[test]
    fn buckets_are_those_another_program_computed() {
        let experiment = ExperimentId("11111111-1111-4111-8111-111111111111".parse().unwrap());
        let place = |visitor: &str| bucket(&visitor.parse().unwrap(), experiment).0;
        assert_eq!(
            ["visitor-1", "visitor-2", "visitor-3", "alice", "bob", "Ω-visitor"].map(place),
            [84, 86, 18, 72, 97, 23]
        );
    }

    #[test]
    fn variants_are_walked_in_their_listed_order() {
        let listed = split(&[("z", 30), ("a", 70)]).unwrap();
        assert_eq!(listed.variant_of(Bucket(0)), "z");
        assert_eq!(listed.variant_of(Bucket(29)), "z");
        assert_eq!(listed.variant_of(Bucket(30)), "a");
        assert_eq!(listed.variant_of(Bucket(99)), "a");
    }

    #[test]
    fn a_variant_of_0_percent_gets_nobody() {
        let listed = split(&[("none", 0), ("all", 100)]).unwrap();
        assert!((0..100).all(|place| listed.variant_of(Bucket(place)) == "all"));
    }

    #[test]
    fn a_split_totals_100_over_exactly_the_variants() {
        assert_eq!(split(&[("a", 50), ("b", 49)]), Err(SplitError::Total(99)));
        assert_eq!(split(&[("a", 50), ("b", 51)]), Err(SplitError::Total(101)));
        let other_keys = BTreeMap::from([("a".to_owned(), 50), ("c".to_owned(), 50)]);
        assert_eq!(TrafficSplit::new(&["a".to_owned(), "b".to_owned()], &other_keys), Err(SplitError::KeysDiffer));
        let more_keys = BTreeMap::from([("a".to_owned(), 50), ("b".to_owned(), 50), ("c".to_owned(), 0)]);
        assert_eq!(TrafficSplit::new(&["a".to_owned(), "b".to_owned()], &more_keys), Err(SplitError::KeysDiffer));
    }
}
