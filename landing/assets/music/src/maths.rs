//! The few functions of arithmetic that sound needs, from `libm` instead of the machine's own library.
//!
//! The machine's `sin` differs in the last bit from one system to the next; with these, every machine renders the same samples.

use std::f32::consts::TAU;

/// Sine of an angle given in turns: 0 and 1 are the same place.
pub fn sine(turns: f32) -> f32 {
    libm::sinf(TAU * (turns - libm::floorf(turns)))
}

/// e to the power of `x`.
pub fn exp(x: f32) -> f32 {
    libm::expf(x)
}

/// A curve that dies away: 1 at the start, 1/e after `seconds`.
pub fn decay(time: f32, seconds: f32) -> f32 {
    exp(-time / seconds)
}

/// `base` to the power of `exponent`.
pub fn power(base: f32, exponent: f32) -> f32 {
    libm::powf(base, exponent)
}

/// Tangent of an angle in radians.
pub fn tan(x: f32) -> f32 {
    libm::tanf(x)
}

/// Bends loud samples over instead of cutting them: the warm way to clip.
pub fn soften(x: f32) -> f32 {
    libm::tanhf(x)
}

/// The frequency of a pitch. Pitches count semitones; 69 is the A of 440 Hz.
pub fn hertz(pitch: f32) -> f32 {
    440.0 * power(2.0, (pitch - 69.0) / 12.0)
}

/// The factor that changes a level by so many decibels.
pub fn decibels(db: f32) -> f32 {
    power(10.0, db / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_octave_doubles_and_six_decibels_nearly_double() {
        assert_eq!(hertz(69.0), 440.0);
        assert!((hertz(81.0) - 880.0).abs() < 0.001);
        assert!((decibels(6.0206) - 2.0).abs() < 0.001);
    }

    #[test]
    fn a_sine_counts_in_turns() {
        assert!(sine(0.0).abs() < 1e-6 && (sine(0.25) - 1.0).abs() < 1e-6 && (sine(3.75) + 1.0).abs() < 1e-5);
    }
}
