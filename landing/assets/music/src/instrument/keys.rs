//! The electric piano: frequency modulation, a warm pair for the string and a high, short one for the hammer's tine.

use crate::bus::{Bus, panned};
use crate::envelope::Envelope;
use crate::filter::Filter;
use crate::instrument::Note;
use crate::maths::{decay, hertz, sine};
use crate::oscillator::Oscillator;

/// The electric piano's settings.
pub struct Keys {
    /// How much the string growls when struck hard; 0.1 is soft, 0.35 barks.
    pub growl: f32,
    /// Where its highs end.
    pub cutoff: f32,
    /// How far the tremolo carries it from side to side, 0 to 1.
    pub tremolo: f32,
}

impl Keys {
    /// Adds a note. Harder notes are brighter, not only louder.
    pub fn play(&self, bus: &mut Bus, note: Note) {
        let (mut string, mut string_push) = (Oscillator::at(0.0), Oscillator::at(0.0));
        let (mut tine, mut tine_push) = (Oscillator::at(0.0), Oscillator::at(0.0));
        let mut filter = Filter::default();
        let frequency = hertz(note.pitch);
        // Low strings ring longer than high ones.
        let ring = 2.4 * (440.0 / frequency).clamp(0.6, 2.0);
        let envelope = Envelope { attack: 0.004, decay: 0.02, sustain: 1.0, release: 0.25 };
        bus.play(note.at, note.length + 0.25, |time| {
            let push = string_push.sine(frequency) * self.growl * note.level * (0.35 + 0.65 * decay(time, 0.35));
            let chime = tine_push.sine(frequency * 14.0) * 0.09 * note.level * decay(time, 0.10);
            let wave = string.pushed(frequency * 1.0006, push) + tine.pushed(frequency, chime) * 0.55;
            let voice = filter.low(wave, self.cutoff, 0.7) * decay(time, ring) * envelope.at(time, note.length);
            let sway = self.tremolo * sine(2.4 * (note.at + time));
            panned(voice * note.level, note.pan + sway)
        });
    }
}
