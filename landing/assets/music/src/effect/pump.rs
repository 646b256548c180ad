//! The pump: everything else ducks under the kick and comes back, as if the kick were squeezing it (side-chain compression).

use crate::bus::{Bus, frames};
use crate::maths::power;

/// The level of the ducked sounds, frame by frame.
pub struct Pump(Vec<f32>);

impl Pump {
    /// A pump that goes down to `floor` at every stroke and is back after `seconds`.
    pub fn new(length: usize, strokes: &[f32], floor: f32, seconds: f32) -> Self {
        let mut levels = vec![1.0; length];
        for stroke in strokes {
            let back = frames(seconds);
            for (index, level) in levels.iter_mut().skip(frames(*stroke)).take(back).enumerate() {
                *level = floor + (1.0 - floor) * power(index as f32 / back as f32, 1.4);
            }
        }
        soften_edges(&mut levels);
        Self(levels)
    }

    /// Ducks a bus, by the whole curve (`share` 1) or by less.
    pub fn duck(&self, bus: &mut Bus, share: f32) {
        bus.change(|index, [left, right]| {
            let level = 1.0 - share * (1.0 - self.0[index]);
            [left * level, right * level]
        });
    }
}

/// Spreads each sudden fall over the three milliseconds before it: a jump of the level would click.
fn soften_edges(levels: &mut [f32]) {
    let step = 1.0 / frames(0.003) as f32;
    for index in (1..levels.len()).rev() {
        levels[index - 1] = levels[index - 1].min(levels[index] + step);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_down_at_the_stroke_and_back_in_time() {
        let pump = Pump::new(frames(1.0), &[0.5], 0.3, 0.2);
        let at = |seconds: f32| pump.0[frames(seconds)];
        assert_eq!((at(0.4), at(0.5), at(0.71)), (1.0, 0.3, 1.0));
        assert!(at(0.49) > 0.99 && at(0.6) < 0.7);
        assert!(pump.0.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.01), "no jump");
    }
}
