//! Chorus: slowly wandering copies of a sound beside it, so that one player sounds like several.

use crate::bus::{Bus, RATE};
use crate::maths::sine;

/// Copies per channel. Three is where single wanderings can no longer be told apart.
const COPIES: usize = 3;

/// The sound with `share` (0 to 1) of it replaced by its wandering copies.
pub fn chorus(dry: &Bus, share: f32) -> Bus {
    let mut wet = dry.clone();
    wet.change(|index, frame| {
        let time = index as f32 / RATE;
        [0, 1].map(|channel| {
            let copies: f32 = (0..COPIES).map(|copy| dry.past(index, wandering(time, copy, channel), channel)).sum();
            frame[channel] * (1.0 - share * 0.5) + copies * share * 0.42
        })
    });
    wet
}

/// How many frames late a copy is: 11 ms on average, moved by a slow swing and a quicker, smaller one.
fn wandering(time: f32, copy: usize, channel: usize) -> f32 {
    let start = copy as f32 / COPIES as f32 + channel as f32 * 0.25;
    (0.011 + 0.0035 * sine(0.55 * time + start) + 0.0012 * sine(1.7 * time + start)) * RATE
}
