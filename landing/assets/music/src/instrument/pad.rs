//! The pad: four detuned saws a note, two on each side, behind a filter that breathes.

use crate::bus::Bus;
use crate::chance::Chance;
use crate::envelope::Envelope;
use crate::filter::Filter;
use crate::instrument::Note;
use crate::maths::{hertz, sine};
use crate::oscillator::Oscillator;

/// By how many semitones each saw is off: the first two go left, the others right.
const DETUNED: [f32; 4] = [-0.11, 0.05, -0.04, 0.12];

/// A pad's settings.
pub struct Pad {
    /// Where the filter rests.
    pub cutoff: f32,
    /// Seconds until it is fully there.
    pub attack: f32,
    /// Seconds until it is gone.
    pub release: f32,
}

impl Pad {
    /// Adds a note.
    pub fn play(&self, bus: &mut Bus, note: Note, chance: &mut Chance) {
        let mut saws = DETUNED.map(|detuned| (Oscillator::at(chance.share()), hertz(note.pitch + detuned)));
        let mut filters = [Filter::default(), Filter::default()];
        let breath = chance.share();
        let envelope = Envelope { attack: self.attack, decay: 0.4, sustain: 0.85, release: self.release };
        bus.play(note.at, note.length + self.release, |time| {
            let level = envelope.at(time, note.length) * note.level;
            let cutoff = self.cutoff * (1.0 + 0.3 * sine(0.11 * time + breath));
            let [a, b, c, d] = &mut saws;
            let left = a.0.saw(a.1) + b.0.saw(b.1);
            let right = c.0.saw(c.1) + d.0.saw(d.1);
            [filters[0].low(left, cutoff, 0.75) * level, filters[1].low(right, cutoff, 0.75) * level]
        });
    }
}
