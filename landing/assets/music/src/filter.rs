//! A state-variable filter (the trapezoidal form, which stays stable while the cutoff moves) and a one-pole damper.

use std::f32::consts::PI;

use crate::bus::RATE;
use crate::maths::{exp, tan};

/// Low, band and high pass at once; `resonance` 0.7 is flat, above it whistles.
#[derive(Default, Clone)]
pub struct Filter {
    cutoff: f32,
    slope: f32,
    band_state: f32,
    low_state: f32,
}

impl Filter {
    /// What is below the cutoff.
    pub fn low(&mut self, input: f32, cutoff: f32, resonance: f32) -> f32 {
        self.split(input, cutoff, resonance).0
    }

    /// What is around the cutoff.
    pub fn band(&mut self, input: f32, cutoff: f32, resonance: f32) -> f32 {
        self.split(input, cutoff, resonance).1 / resonance
    }

    /// What is above the cutoff.
    pub fn high(&mut self, input: f32, cutoff: f32, resonance: f32) -> f32 {
        let (low, band) = self.split(input, cutoff, resonance);
        input - band / resonance - low
    }

    fn split(&mut self, input: f32, cutoff: f32, resonance: f32) -> (f32, f32) {
        // A tangent per sample is most of a track's rendering time; a change of cutoff below 0.2 % is not heard.
        if (cutoff - self.cutoff).abs() > self.cutoff * 0.002 {
            self.cutoff = cutoff;
            self.slope = tan(PI * cutoff.clamp(20.0, 18_000.0) / RATE);
        }
        let slope = self.slope;
        let gain = 1.0 / (1.0 + slope * (slope + 1.0 / resonance));
        let rest = input - self.low_state;
        let band = gain * self.band_state + slope * gain * rest;
        let low = self.low_state + slope * gain * self.band_state + slope * slope * gain * rest;
        self.band_state = 2.0 * band - self.band_state;
        self.low_state = 2.0 * low - self.low_state;
        (low, band)
    }
}

/// The gentlest low pass: follows its input with a delay. Used inside loops, and to smooth curves.
#[derive(Default, Clone)]
pub struct Damper {
    level: f32,
}

impl Damper {
    /// Where it is.
    pub fn level(&self) -> f32 {
        self.level
    }

    /// Moves towards the input by `share` of the way and says where it is.
    pub fn follow(&mut self, input: f32, share: f32) -> f32 {
        self.level += (input - self.level) * share;
        self.level
    }
}

/// The share with which a [`Damper`] covers 63 % of the way in `seconds`.
pub fn share_for(seconds: f32) -> f32 {
    1.0 - exp(-1.0 / (seconds * RATE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maths::sine;

    fn loudest(mut filter: impl FnMut(f32) -> f32, hertz: f32) -> f32 {
        (0..22_050).map(|index| filter(sine(hertz * index as f32 / RATE)).abs()).skip(11_025).fold(0.0, f32::max)
    }

    #[test]
    fn each_output_keeps_its_side_of_the_cutoff() {
        let mut filter = Filter::default();
        assert!(loudest(|x| filter.low(x, 1_000.0, 0.7), 100.0) > 0.95);
        assert!(loudest(|x| filter.low(x, 1_000.0, 0.7), 10_000.0) < 0.02);
        assert!(loudest(|x| filter.high(x, 1_000.0, 0.7), 100.0) < 0.02);
        assert!(loudest(|x| filter.high(x, 1_000.0, 0.7), 10_000.0) > 0.95);
        assert!((loudest(|x| filter.band(x, 1_000.0, 4.0), 1_000.0) - 1.0).abs() < 0.05);
    }
}
