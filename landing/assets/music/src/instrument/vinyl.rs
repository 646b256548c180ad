//! The surface of a worn record: scarce crackles of unlike size, over a soft hiss.

use crate::bus::{Bus, panned};
use crate::chance::Chance;
use crate::filter::Filter;

/// Crackles per second, on average.
const CRACKLES: f32 = 9.0;

/// Fills the bus with the surface noise, from `from` to `to` seconds.
pub fn surface(bus: &mut Bus, from: f32, to: f32, chance: &mut Chance) {
    let mut at = from;
    loop {
        at += -libm::logf(1.0 - chance.share()) / CRACKLES;
        if at >= to {
            break;
        }
        let (size, pan) = (chance.share() * chance.share(), chance.noise() * 0.8);
        let (mut filter, pitch) = (Filter::default(), 1_500.0 + 4_000.0 * chance.share());
        let mut click = 1.0;
        bus.play(at, 0.004, |_| {
            let voice = filter.band(click, pitch, 2.0);
            click = 0.0;
            panned(voice * size * 12.0, pan)
        });
    }
    let mut hiss = [Filter::default(), Filter::default()];
    bus.play(from, to - from, |_| [0, 1].map(|ear: usize| hiss[ear].band(chance.noise(), 4_000.0, 0.5) * 0.02));
}
