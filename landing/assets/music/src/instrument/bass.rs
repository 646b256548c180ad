//! Two basses: a plucked synthesiser with a sub-octave, and a round one like a fretless bass guitar.

use crate::bus::Bus;
use crate::envelope::Envelope;
use crate::filter::Filter;
use crate::instrument::Note;
use crate::maths::{decay, hertz, soften};
use crate::oscillator::Oscillator;

/// The plucked synthesiser bass; `bite` is how far its filter opens at the pluck, in hertz.
pub struct PluckedBass {
    /// Hertz on top of the resting cutoff.
    pub bite: f32,
}

impl PluckedBass {
    /// Adds a note.
    pub fn play(&self, bus: &mut Bus, note: Note) {
        let (mut saw, mut pulse, mut sub) = (Oscillator::at(0.0), Oscillator::at(0.3), Oscillator::at(0.0));
        let mut filter = Filter::default();
        let frequency = hertz(note.pitch);
        let envelope = Envelope { attack: 0.004, decay: 0.12, sustain: 0.6, release: 0.07 };
        bus.play(note.at, note.length + 0.07, |time| {
            let wave = saw.saw(frequency) * 0.5 + pulse.pulse(frequency * 1.003, 0.42) * 0.35;
            let plucked = filter.low(wave, 190.0 + self.bite * decay(time, 0.0625), 1.2);
            let voice = plucked + sub.sine(frequency) * 0.3;
            [voice * envelope.at(time, note.length) * note.level; 2]
        });
    }
}

/// The round bass: a sine and its octave, driven until they sing; slides into its notes from `from`.
pub fn round_bass(bus: &mut Bus, note: Note, from: f32) {
    let (mut low, mut high) = (Oscillator::at(0.0), Oscillator::at(0.0));
    let envelope = Envelope { attack: 0.012, decay: 0.5, sustain: 0.55, release: 0.12 };
    bus.play(note.at, note.length + 0.12, |time| {
        let slide = (from - note.pitch).clamp(-2.0, 2.0) * decay(time, 0.03);
        let frequency = hertz(note.pitch + slide);
        let wave = low.sine(frequency) + high.sine(frequency * 2.0) * (0.18 + 0.25 * decay(time, 0.18));
        [soften(wave * 1.6) * 0.6 * envelope.at(time, note.length) * note.level; 2]
    });
}
