//! Reverberation: eight delay lines that feed one another (a feedback delay network), behind a few all-passes that blur the attack.

use crate::bus::{Bus, Frame, RATE, frames};
use crate::filter::Damper;
use crate::maths::power;

/// Lengths of the lines in frames, 32 to 90 ms. Primes, so that no two lines ring together.
const LINES: [usize; 8] = [1423, 1759, 2081, 2437, 2789, 3163, 3541, 3989];
/// Lengths of the blurring all-passes in frames, primes as well.
const BLURS: [usize; 4] = [211, 337, 523, 769];
/// How many frames longer the right channel's blurs are: two unlike ears make the room wide.
const RIGHT_LONGER: usize = 26;

/// A room's settings.
pub struct Hall {
    /// Seconds until a sound has died away by 60 dB.
    pub seconds: f32,
    /// How bright it is, 0 to 1: the share of the highs that survives a reflection.
    pub brightness: f32,
    /// Seconds before the first reflection; larger rooms answer later.
    pub distance: f32,
}

impl Hall {
    /// The room's answer alone, without the sound itself.
    pub fn of(&self, dry: &Bus) -> Bus {
        let mut blurs = [0, RIGHT_LONGER].map(|longer| BLURS.map(|length| Blur::new(length + longer)));
        let mut lines = LINES.map(|length| Line::new(length, self.seconds));
        let distance = frames(self.distance);
        let mut wet = Bus::silence(dry.len());
        for index in distance..dry.len() {
            let mut heard = dry.0[index - distance];
            for (channel, blurs) in blurs.iter_mut().enumerate() {
                heard[channel] = blurs.iter_mut().fold(heard[channel], |sound, blur| blur.pass(sound));
            }
            wet.0[index] = reflect(&mut lines, heard, self.brightness);
        }
        wet
    }
}

/// One frame's way through the lines. Each line gets every other's end, less its own share: a mirror that loses no energy.
fn reflect(lines: &mut [Line; 8], heard: Frame, brightness: f32) -> Frame {
    let ends: [f32; 8] = std::array::from_fn(|line| lines[line].end(brightness));
    let common = ends.iter().sum::<f32>() * 0.25;
    let mut answer = [0.0; 2];
    for (number, line) in lines.iter_mut().enumerate() {
        let sign = if number % 4 < 2 { 1.0 } else { -1.0 };
        answer[number % 2] += ends[number] * sign;
        line.enter(ends[number] - common + heard[number % 2] * 0.35);
    }
    answer
}

/// A delay line that loses what a real way of its length would lose.
struct Line {
    sound: Vec<f32>,
    place: usize,
    loss: f32,
    damper: Damper,
}

impl Line {
    fn new(length: usize, seconds: f32) -> Self {
        // 60 dB, a factor of 1000, in `seconds`: the longer the line, the more of it at each pass.
        let loss = power(0.001, length as f32 / (seconds * RATE));
        Self { sound: vec![0.0; length], place: 0, loss, damper: Damper::default() }
    }

    fn end(&mut self, brightness: f32) -> f32 {
        self.damper.follow(self.sound[self.place] * self.loss, brightness)
    }

    fn enter(&mut self, sound: f32) {
        self.sound[self.place] = sound;
        self.place = (self.place + 1) % self.sound.len();
    }
}

/// An all-pass: keeps every frequency as loud as it was and smears it in time.
struct Blur {
    sound: Vec<f32>,
    place: usize,
}

impl Blur {
    fn new(length: usize) -> Self {
        Self { sound: vec![0.0; length], place: 0 }
    }

    fn pass(&mut self, input: f32) -> f32 {
        let late = self.sound[self.place];
        let kept = input - late * 0.6;
        self.sound[self.place] = kept;
        self.place = (self.place + 1) % self.sound.len();
        late + kept * 0.6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_dies_away_by_sixty_decibels_in_the_time_given() {
        let mut dry = Bus::silence(frames(2.5));
        dry.0[0] = [1.0, 1.0];
        let wet = Hall { seconds: 2.0, brightness: 1.0, distance: 0.0 }.of(&dry);
        let energy = |from: f32| -> f32 {
            wet.0[frames(from)..frames(from + 0.2)].iter().map(|[left, right]| left * left + right * right).sum()
        };
        // Half of the 60 dB after half of the time; energies, so a factor of a thousand.
        let ratio = energy(0.2) / energy(1.2);
        assert!((500.0..2_000.0).contains(&ratio), "{ratio}");
    }

    #[test]
    fn the_two_ears_hear_unlike_answers() {
        let mut dry = Bus::silence(frames(1.0));
        dry.0[0] = [1.0, 1.0];
        let wet = Hall { seconds: 1.5, brightness: 0.8, distance: 0.0 }.of(&dry);
        let (mut both, mut left_only, mut right_only) = (0.0, 0.0, 0.0);
        for [left, right] in wet.0 {
            both += left * right;
            left_only += left * left;
            right_only += right * right;
        }
        let alike: f32 = both / (left_only * right_only).sqrt();
        assert!(alike.abs() < 0.3, "{alike}");
    }
}
