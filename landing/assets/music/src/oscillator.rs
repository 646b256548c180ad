//! The raw waves: saw and pulse with their corners rounded (PolyBLEP) so that no false tones fold back, sine, and two-operator FM.

use crate::bus::RATE;
use crate::maths::sine;

/// A wave that remembers where it is; `turn` runs from 0 to 1 in every period.
pub struct Oscillator {
    turn: f32,
}

impl Oscillator {
    /// Starts at the given place of its period.
    pub fn at(turn: f32) -> Self {
        Self { turn }
    }

    fn step(&mut self, hertz: f32) -> f32 {
        let step = hertz / RATE;
        self.turn += step;
        if self.turn >= 1.0 {
            self.turn -= 1.0;
        }
        step
    }

    /// All harmonics: bright, the body of pads and leads.
    pub fn saw(&mut self, hertz: f32) -> f32 {
        let step = self.step(hertz);
        2.0 * self.turn - 1.0 - corner(self.turn, step)
    }

    /// High for `width` of the period: hollow at a half, nasal when narrow.
    pub fn pulse(&mut self, hertz: f32, width: f32) -> f32 {
        let step = self.step(hertz);
        let since_fall = if self.turn < width { self.turn + 1.0 - width } else { self.turn - width };
        let level = if self.turn < width { 1.0 } else { -1.0 };
        // Without the constant a narrow pulse would push the loudspeaker to one side.
        level + corner(self.turn, step) - corner(since_fall, step) + 1.0 - 2.0 * width
    }

    /// One harmonic only.
    pub fn sine(&mut self, hertz: f32) -> f32 {
        self.step(hertz);
        sine(self.turn)
    }

    /// A sine whose place is pushed to and fro by `push` turns: the carrier of an FM pair.
    pub fn pushed(&mut self, hertz: f32, push: f32) -> f32 {
        self.step(hertz);
        sine(self.turn + push)
    }
}

/// What to take off a jump at the start of the period so that it holds no more than the rate can carry.
fn corner(turn: f32, step: f32) -> f32 {
    if turn < step {
        let x = turn / step;
        x + x - x * x - 1.0
    } else if turn > 1.0 - step {
        let x = (turn - 1.0) / step;
        x * x + x + x + 1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strength of one frequency in a second of sound.
    fn strength(sound: &[f32], hertz: f32) -> f32 {
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (index, sample) in sound.iter().enumerate() {
            let turn = f64::from(hertz) * index as f64 / f64::from(RATE);
            let turn = (turn - turn.floor()) as f32;
            real += sample * sine(turn + 0.25);
            imaginary += sample * sine(turn);
        }
        (real * real + imaginary * imaginary).sqrt() * 2.0 / sound.len() as f32
    }

    #[test]
    fn a_saw_has_its_harmonics_and_little_else() {
        let mut oscillator = Oscillator::at(0.0);
        let sound: Vec<f32> = (0..44_100).map(|_| oscillator.saw(1_500.0)).collect();
        let root = strength(&sound, 1_500.0);
        assert!((root - 0.637).abs() < 0.03, "{root}");
        // 22.5 kHz, the fifteenth harmonic, would fold to 21.6 kHz, the twentieth to 14.1 kHz.
        assert!(strength(&sound, 14_100.0) < root / 60.0);
    }

    #[test]
    fn a_narrow_pulse_has_no_offset() {
        let mut oscillator = Oscillator::at(0.0);
        let sum: f32 = (0..44_100).map(|_| oscillator.pulse(100.0, 0.2)).sum();
        assert!((sum / 44_100.0).abs() < 0.01);
    }
}
