//! Chance that repeats itself: a linear congruential generator, so that a fixed seed always plays the same noise.

/// A stream of numbers from a seed (multiplier and increment are Knuth's for 64 bits).
pub struct Chance(u64);

impl Chance {
    /// The stream of this seed. Near seeds give unlike streams, because the first steps are thrown away.
    pub fn new(seed: u64) -> Self {
        let mut chance = Self(seed ^ 0x9E37_79B9_7F4A_7C15);
        for _ in 0..4 {
            chance.share();
        }
        chance
    }

    /// A number from 0 up to, but without, 1. Only the high bits are used: the low ones of such a generator are regular.
    pub fn share(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    /// A number from -1 to 1: white noise, when asked once per sample.
    pub fn noise(&mut self) -> f32 {
        self.share() * 2.0 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_is_one_stream() {
        let stream = |seed| {
            let mut chance = Chance::new(seed);
            [chance.noise(), chance.noise(), chance.noise()]
        };
        assert_eq!(stream(7), stream(7));
        assert_ne!(stream(7), stream(8));
    }

    #[test]
    fn noise_is_centred_and_within_bounds() {
        let mut chance = Chance::new(1);
        let samples: Vec<f32> = (0..100_000).map(|_| chance.noise()).collect();
        assert!(samples.iter().all(|sample| (-1.0..=1.0).contains(sample)));
        assert!((samples.iter().sum::<f32>() / 100_000.0).abs() < 0.01);
    }
}
