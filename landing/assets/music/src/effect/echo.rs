//! Ping-pong echo: repetitions that change sides and grow darker.

use crate::bus::{Bus, frames};
use crate::filter::Filter;

/// An echo's settings.
pub struct Echo {
    /// Seconds between repetitions.
    pub seconds: f32,
    /// How much of a repetition is left in the next.
    pub feedback: f32,
    /// Where each repetition loses its highs.
    pub cutoff: f32,
}

impl Echo {
    /// The repetitions alone, without the sound itself. The first is heard on the left.
    pub fn of(&self, dry: &Bus) -> Bus {
        let mut wet = Bus::silence(dry.len());
        let late = frames(self.seconds);
        let mut filters = [Filter::default(), Filter::default()];
        for index in late..dry.len() {
            let [left, right] = dry.0[index - late];
            let [heard_left, heard_right] = wet.0[index - late];
            wet.0[index] = [
                filters[0].low((left + right) * 0.5 + heard_right * self.feedback, self.cutoff, 0.7),
                filters[1].low(heard_left * self.feedback.max(0.5), self.cutoff, 0.7),
            ];
        }
        wet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_come_in_time_change_sides_and_die_away() {
        let mut dry = Bus::silence(frames(1.0));
        dry.0[0] = [1.0, 1.0];
        let wet = Echo { seconds: 0.2, feedback: 0.4, cutoff: 15_000.0 }.of(&dry);
        let near = |seconds: f32, channel: usize| -> f32 {
            let from = frames(seconds);
            wet.0[from..from + 40].iter().map(|frame| frame[channel].abs()).fold(0.0, f32::max)
        };
        assert!(near(0.2, 0) > 0.4 && near(0.2, 1) < 0.001);
        assert!(near(0.4, 1) > 0.1 && near(0.4, 0) < 0.001);
        assert!(near(0.6, 0) < near(0.2, 0) / 2.0);
    }
}
