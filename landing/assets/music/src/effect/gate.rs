//! The gated reverberation of the eighties: a large room that is cut off while it still sounds.

use crate::bus::{Bus, frames};
use crate::effect::hall::Hall;
use crate::filter::{Damper, share_for};

/// How loud a stroke must be to open the gate.
const THRESHOLD: f32 = 0.05;

/// The room's answer to `dry`, heard only until `hold` seconds after each stroke.
pub fn gated(dry: &Bus, hall: &Hall, hold: f32) -> Bus {
    let mut wet = hall.of(dry);
    let mut open_for = 0;
    let mut gate = Damper::default();
    let (opening, closing) = (share_for(0.002), share_for(0.012));
    wet.change(|index, [left, right]| {
        let [dry_left, dry_right] = dry.0[index];
        if dry_left.abs() + dry_right.abs() > THRESHOLD {
            open_for = frames(hold);
        }
        let level = if open_for > 0 { gate.follow(1.0, opening) } else { gate.follow(0.0, closing) };
        open_for = open_for.saturating_sub(1);
        [left * level, right * level]
    });
    wet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_silent_soon_after_the_hold() {
        let mut dry = Bus::silence(frames(1.0));
        dry.0[100] = [1.0, 1.0];
        let wet = gated(&dry, &Hall { seconds: 3.0, brightness: 1.0, distance: 0.0 }, 0.3);
        let loudest =
            |from: f32, to: f32| wet.0[frames(from)..frames(to)].iter().map(|frame| frame[0].abs()).fold(0.0, f32::max);
        assert!(loudest(0.1, 0.3) > 0.01);
        assert!(loudest(0.45, 1.0) < 0.0001);
    }
}
