//! The glass bell: frequency modulation at a ratio of 3.5, whose overtones fit no scale, over a plain sine that does.

use crate::bus::{Bus, panned};
use crate::instrument::Note;
use crate::maths::{decay, hertz};
use crate::oscillator::Oscillator;

/// Adds a stroke; it rings for as long as its pitch lets it, however short the note.
pub fn bell(bus: &mut Bus, note: Note) {
    let (mut glass, mut push, mut body) = (Oscillator::at(0.0), Oscillator::at(0.0), Oscillator::at(0.0));
    let frequency = hertz(note.pitch);
    let ring = 0.75 * (880.0 / frequency).clamp(0.5, 1.6);
    bus.play(note.at, ring * 5.0, |time| {
        let pushed = push.sine(frequency * 3.5) * 0.22 * note.level * decay(time, 0.22);
        let struck = glass.pushed(frequency * 1.0008, pushed) * decay(time, ring);
        let voice = struck * 0.6 + body.sine(frequency) * 0.4 * decay(time, ring * 0.7);
        // The first milliseconds rise, and the last ones fall: a wave that starts or stops in mid-air clicks.
        let edges = (time / 0.002).min(1.0) * ((ring * 5.0 - time) / 0.02).min(1.0);
        panned(voice * edges * note.level, note.pan)
    });
}
