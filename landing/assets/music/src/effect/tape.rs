//! An old tape machine: its uneven speed (wow and flutter), and the way it squeezes what is loud.

use crate::bus::{Bus, RATE};
use crate::filter::{Damper, share_for};
use crate::maths::{power, sine};

/// How worn the machine is.
#[derive(Clone, Copy)]
pub struct Tape {
    /// Milliseconds by which the slow swing (0.45 Hz) moves the sound.
    pub wow: f32,
    /// Milliseconds by which the quick swing (6.3 Hz) moves it.
    pub flutter: f32,
    /// How hard it squeezes: 1 not at all, 2 halves every decibel above the threshold.
    pub ratio: f32,
}

impl Tape {
    /// The sound, played back.
    pub fn of(&self, sound: &Bus) -> Bus {
        let mut played = sound.clone();
        played.change(|index, _| {
            let late = self.lateness(index as f32 / RATE);
            [0, 1].map(|channel| sound.past(index, late, channel))
        });
        self.squeeze(&mut played);
        played
    }

    /// How many frames late the tape is; never early, whatever the swings add up to.
    fn lateness(&self, time: f32) -> f32 {
        let swing = self.wow * (1.0 + sine(0.45 * time)) + self.flutter * (1.0 + sine(6.3 * time));
        swing / 1000.0 * RATE
    }

    /// Both channels by the same amount, so that the picture between the loudspeakers stands still.
    fn squeeze(&self, sound: &mut Bus) {
        let mut heard = Damper::default();
        let (rising, falling) = (share_for(0.015), share_for(0.18));
        sound.change(|_, [left, right]| {
            let now = (left * left + right * right) * 0.5;
            let share = if now > heard.level() { rising } else { falling };
            let over = heard.follow(now, share) / THRESHOLD;
            let level = if over > 1.0 { power(over, 0.5 / self.ratio - 0.5) } else { 1.0 };
            [left * level, right * level]
        });
    }
}

/// The power above which the tape squeezes: -20 dB of full scale.
const THRESHOLD: f32 = 0.01;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::frames;

    #[test]
    fn what_is_loud_is_squeezed_and_what_is_soft_is_not() {
        let tape = Tape { wow: 0.0, flutter: 0.0, ratio: 2.0 };
        let after = |level: f32| {
            let mut tone = Bus::silence(frames(1.0));
            tone.change(|index, _| [sine(500.0 * index as f32 / RATE) * level; 2]);
            tape.of(&tone).0[frames(0.5)..].iter().map(|frame| frame[0].abs()).fold(0.0, f32::max)
        };
        assert!((after(0.05) - 0.05).abs() < 0.001);
        // 14 dB more than twenty below full scale (a sine of 0.707 has the power 0.25): about 7 dB are left of it.
        assert!((0.25..0.40).contains(&after(0.707)), "{}", after(0.707));
    }
}
