//! The lead: a saw and a breathing pulse that glide from note to note, with a vibrato that comes late, as a singer's does.

use crate::bus::{Bus, panned};
use crate::envelope::Envelope;
use crate::filter::Filter;
use crate::instrument::Note;
use crate::maths::{decay, hertz, sine};
use crate::oscillator::Oscillator;

/// A lead's settings.
pub struct Lead {
    /// How bright it is.
    pub cutoff: f32,
    /// Seconds of the glide from the note before.
    pub glide: f32,
}

impl Lead {
    /// Adds a note that glides in from the pitch `from`.
    pub fn play(&self, bus: &mut Bus, note: Note, from: f32) {
        let (mut saw, mut pulse) = (Oscillator::at(0.0), Oscillator::at(0.2));
        let mut filter = Filter::default();
        let envelope = Envelope { attack: 0.02, decay: 0.2, sustain: 0.75, release: 0.28 };
        bus.play(note.at, note.length + 0.28, |time| {
            let gliding = (1.0 - time / self.glide).max(0.0) * (from - note.pitch);
            let vibrato = 0.17 * sine(5.2 * time) * ((time - 0.25) / 0.4).clamp(0.0, 1.0);
            let frequency = hertz(note.pitch + gliding + vibrato);
            let width = 0.36 + 0.1 * sine(0.7 * time);
            let wave = saw.saw(frequency) * 0.55 + pulse.pulse(frequency * 0.997, width) * 0.4;
            let voice = filter.low(wave, self.cutoff * (1.0 + 0.5 * decay(time, 0.15)), 0.9);
            panned(voice * envelope.at(time, note.length) * note.level, note.pan)
        });
    }
}
