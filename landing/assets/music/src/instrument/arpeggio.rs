//! The arpeggio's voice: a short pluck of pulse and saw whose filter snaps shut.

use crate::bus::{Bus, panned};
use crate::envelope::Envelope;
use crate::filter::Filter;
use crate::instrument::Note;
use crate::maths::{decay, hertz};
use crate::oscillator::Oscillator;

/// Adds a pluck; `opening` is how far its filter opens, in hertz.
pub fn pluck(bus: &mut Bus, note: Note, opening: f32) {
    let (mut pulse, mut saw) = (Oscillator::at(0.0), Oscillator::at(0.5));
    let mut filter = Filter::default();
    let frequency = hertz(note.pitch);
    let envelope = Envelope { attack: 0.002, decay: 0.10, sustain: 0.25, release: 0.24 };
    bus.play(note.at, note.length + 0.24, |time| {
        let wave = pulse.pulse(frequency, 0.5) * 0.6 + saw.saw(frequency * 1.004) * 0.5;
        let voice = filter.low(wave, 400.0 + opening * decay(time, 0.077), 1.1);
        panned(voice * envelope.at(time, note.length) * note.level, note.pan)
    });
}
