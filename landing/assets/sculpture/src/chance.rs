//! Chance that repeats itself: a linear congruential generator, so that a fixed seed always carves the same stone.

/// A stream of numbers from a seed.
pub struct Chance(u64);

impl Chance {
    /// The stream of this seed. The first steps are thrown away, because near seeds start alike.
    pub fn new(seed: u64) -> Self {
        let mut chance = Self(seed ^ 0x51C6_4E6D_9E37_79B9);
        for _ in 0..4 {
            chance.share();
        }
        chance
    }

    /// A number from 0 up to, but without, 1. The low bits of such a generator are regular, so only high ones are used.
    pub fn share(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }

    /// A number from -1 to 1.
    pub fn offset(&mut self) -> f32 {
        self.share() * 2.0 - 1.0
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((self.share() * end as f32) as usize).min(end - 1)
    }

    /// Puts items into an order of chance.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_is_one_stream() {
        let stream = |seed| {
            let mut chance = Chance::new(seed);
            [chance.share(), chance.share(), chance.share()]
        };
        assert_eq!(stream(7), stream(7));
        assert_ne!(stream(7), stream(8));
    }

    #[test]
    fn shuffling_loses_nothing() {
        let mut items: Vec<usize> = (0..1000).collect();
        Chance::new(1).shuffle(&mut items);
        assert_ne!(items, (0..1000).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..1000).collect::<Vec<_>>());
    }
}
