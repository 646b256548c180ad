//! How loud something is to an ear: EBU R 128, by the `ebur128` crate.

use anyhow::Result;
use ebur128::{EbuR128, Mode};

use crate::bus::{Bus, RATE};

/// What the meter reads.
#[derive(Debug, Clone, Copy)]
pub struct Loudness {
    /// Integrated loudness in LUFS: the whole piece as one number, pauses left out.
    pub integrated: f64,
    /// The highest point of the curve between the samples as well, in decibels of full scale.
    pub true_peak: f64,
}

/// Measures a bus from its start to its end.
pub fn measure(bus: &Bus) -> Result<Loudness> {
    let mut meter = EbuR128::new(2, RATE as u32, Mode::I | Mode::TRUE_PEAK)?;
    meter.add_frames_f32(bus.0.as_flattened())?;
    let peak = meter.true_peak(0)?.max(meter.true_peak(1)?);
    Ok(Loudness { integrated: meter.loudness_global()?, true_peak: 20.0 * peak.log10() })
}

/// The decibels that bring a bus to the wanted loudness, in steps of a hundredth: the meter's arithmetic may differ from one
/// machine to the next in its last digits, and those must not reach the sound.
pub fn decibels_to(wanted: f32, bus: &Bus) -> Result<f32> {
    let missing = f64::from(wanted) - measure(bus)?.integrated;
    anyhow::ensure!(missing.is_finite(), "a part of the mix is silent");
    Ok((missing * 100.0).round() as f32 / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::frames;
    use crate::maths::{decibels, sine};

    #[test]
    fn the_reference_tone_reads_as_the_standard_says() {
        // EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS is -23 LUFS.
        let mut tone = Bus::silence(frames(5.0));
        tone.change(|index, _| [sine(1_000.0 * (index % 44_100) as f32 / RATE) * decibels(-23.0); 2]);
        let loudness = measure(&tone).unwrap();
        assert!((loudness.integrated + 23.0).abs() < 0.1 && (loudness.true_peak + 23.0).abs() < 0.1, "{loudness:?}");
        assert!((decibels_to(-14.0, &tone).unwrap() - 9.0).abs() < 0.1);
    }
}
