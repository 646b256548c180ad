//! The drum machine: every drum is a falling sine, filtered noise, or both.

use crate::bus::{Bus, panned};
use crate::chance::Chance;
use crate::filter::Filter;
use crate::maths::{decay, sine, soften};
use crate::oscillator::Oscillator;

/// The bass drum: a sine that falls from a knock to a thump.
pub struct Kick {
    /// The pitch it comes to rest on, in hertz.
    pub low: f32,
    /// Seconds after which it has lost two thirds.
    pub ring: f32,
    /// How high above the rest the knock begins, in hertz.
    pub knock: f32,
}

impl Kick {
    /// Adds a stroke.
    pub fn play(&self, bus: &mut Bus, at: f32, level: f32) {
        let mut skin = Oscillator::at(0.0);
        bus.play(at, self.ring * 4.0, |time| {
            let hertz = self.low + self.knock * decay(time, 0.026) + 35.0 * decay(time, 0.11);
            let edges = ((self.ring * 4.0 - time) / 0.02).min(1.0);
            [soften(skin.sine(hertz) * decay(time, self.ring) * 1.4) * level * edges; 2]
        });
    }
}

/// The snare: noise of the wires over the tone of the skin.
pub struct Snare {
    /// The tone of the skin, in hertz.
    pub tone: f32,
    /// Seconds after which the wires have lost two thirds.
    pub ring: f32,
}

impl Snare {
    /// Adds a stroke.
    pub fn play(&self, bus: &mut Bus, at: f32, level: f32, chance: &mut Chance) {
        let (mut skin, mut wires) = (Oscillator::at(0.0), Filter::default());
        bus.play(at, self.ring * 5.0, |time| {
            let tone = skin.sine(self.tone + 60.0 * decay(time, 0.017)) * decay(time, self.ring * 0.9);
            let noise = wires.high(chance.noise(), 1_100.0, 0.7) * decay(time, self.ring);
            [(noise * 0.5 + tone * 0.45) * level; 2]
        });
    }
}

/// A hand clap: three short bursts and a tail.
pub fn clap(bus: &mut Bus, at: f32, level: f32, chance: &mut Chance) {
    let mut hands = [Filter::default(), Filter::default()];
    bus.play(at, 0.35, |time| {
        let burst = if time < 0.027 { decay(time % 0.009, 0.003) } else { decay(time - 0.027, 0.055) };
        [0, 1].map(|ear: usize| hands[ear].band(chance.noise(), 1_500.0, 1.1) * burst * level)
    });
}

/// A hi-hat; `ring` in seconds makes it closed (0.015) or open (0.09).
pub fn hat(bus: &mut Bus, at: f32, level: f32, ring: f32, chance: &mut Chance) {
    let mut metal = Filter::default();
    bus.play(at, ring * 5.0, |time| {
        let voice = metal.high(chance.noise(), 7_500.0, 0.8) * decay(time, ring);
        panned(voice * level, 0.25)
    });
}

/// A shaker: the grains swing before they strike.
pub fn shaker(bus: &mut Bus, at: f32, level: f32, chance: &mut Chance) {
    let mut grains = Filter::default();
    bus.play(at, 0.12, |time| {
        let swing = if time < 0.02 { time / 0.02 } else { decay(time - 0.02, 0.022) };
        panned(grains.band(chance.noise(), 6_200.0, 0.9) * swing * level, -0.35)
    });
}

/// A tom: a skin that gives way a little when struck.
pub fn tom(bus: &mut Bus, at: f32, tone: f32, level: f32, pan: f32) {
    let mut skin = Oscillator::at(0.0);
    bus.play(at, 0.55, |time| {
        let voice = skin.sine(tone * (0.65 + 0.35 * decay(time, 0.08))) * decay(time, 0.13);
        panned(voice * level, pan)
    });
}

/// The stick laid across the snare and struck on the rim.
pub fn rim(bus: &mut Bus, at: f32, level: f32) {
    let mut wood = [Oscillator::at(0.0), Oscillator::at(0.0)];
    bus.play(at, 0.08, |time| {
        let voice = wood[0].sine(1_720.0) * 0.5 + wood[1].sine(480.0);
        panned(voice * decay(time, 0.011) * level, -0.2)
    });
}

/// A crash cymbal.
pub fn crash(bus: &mut Bus, at: f32, level: f32, chance: &mut Chance) {
    let mut metal = [Filter::default(), Filter::default()];
    bus.play(at, 3.2, |time| {
        let level = level * decay(time, 0.65) * (time / 0.003).min(1.0);
        [0, 1].map(|ear: usize| metal[ear].high(chance.noise(), 4_200.0, 0.7) * level)
    });
}

/// A rush of noise that rises for `seconds` and ends where the next section begins.
pub fn riser(bus: &mut Bus, at: f32, seconds: f32, level: f32, chance: &mut Chance) {
    let mut wind = [Filter::default(), Filter::default()];
    bus.play(at, seconds, |time| {
        let way = time / seconds;
        let cutoff = 400.0 + 5_600.0 * way * way;
        let sway = 1.0 + 0.2 * sine(time * 3.0);
        let level = level * way * way * sway * ((seconds - time) / 0.03).min(1.0);
        [0, 1].map(|ear: usize| wind[ear].band(chance.noise(), cutoff, 1.6) * level)
    });
}
