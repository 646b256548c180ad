//! A look-ahead limiter: sees a peak before it comes and is down in time, so that nothing is cut off.

use std::collections::VecDeque;

use crate::bus::{Bus, Frame, frames};
use crate::filter::share_for;
use crate::maths::sine;

/// How far it looks ahead, in seconds.
const AHEAD: f32 = 0.004;
/// Seconds in which it lets go again.
const RELEASE: f32 = 0.12;
/// Samples on either side that say how the curve runs between two of them.
const REACH: usize = 8;

/// The sound times `gain`, with no point of its curve above `ceiling`.
pub fn limit(sound: &Bus, gain: f32, ceiling: f32) -> Bus {
    let levels = levels(sound, gain, ceiling);
    let mut limited = sound.clone();
    limited.change(|index, [left, right]| [left * gain * levels[index], right * gain * levels[index]]);
    limited
}

/// The level at each frame: the lowest that any frame within reach needs, let go slowly, and averaged over that same reach.
/// An average of values that are all low enough is low enough.
fn levels(sound: &Bus, gain: f32, ceiling: f32) -> Vec<f32> {
    let reach = frames(AHEAD);
    let quarters = quarters();
    let needed: Vec<f32> = (0..sound.len())
        .map(|index| (ceiling / (peak(&sound.0, index, &quarters) * gain).max(1e-9)).min(1.0))
        .collect();
    let mut lowest = lowest_within(&needed, reach);
    let release = share_for(RELEASE);
    for index in 1..lowest.len() {
        let let_go = lowest[index - 1] + (1.0 - lowest[index - 1]) * release;
        lowest[index] = lowest[index].min(let_go);
    }
    average_before(&lowest, reach)
}

/// The highest point of both channels at a frame and on the way to the next.
fn peak(sound: &[Frame], index: usize, quarters: &[Weights; 3]) -> f32 {
    let [left, right] = sound[index];
    let at = left.abs().max(right.abs());
    let next = sound.get(index + 1).map_or(0.0, |[left, right]| left.abs().max(right.abs()));
    // Between two soft samples there is no loud point: the costly question is asked of the loud ones only.
    if at.max(next) < 0.2 {
        return at;
    }
    quarters.iter().fold(at, |highest, weights| {
        let [left, right] = [0, 1].map(|channel| between(sound, index, weights, channel).abs());
        highest.max(left).max(right)
    })
}

/// How much each of the samples around counts for a point between the two in the middle.
type Weights = [f32; 2 * REACH];

/// The weights for the three points between two samples at which the curve is looked at.
fn quarters() -> [Weights; 3] {
    [0.25, 0.5, 0.75].map(weights)
}

/// The curve's value between frame `index` and the next.
fn between(sound: &[Frame], index: usize, weights: &Weights, channel: usize) -> f32 {
    let mut value = 0.0;
    for (tap, weight) in weights.iter().enumerate() {
        let place = index + tap + 1;
        if place >= REACH && place - REACH < sound.len() {
            value += sound[place - REACH][channel] * weight;
        }
    }
    value
}

/// A windowed sinc through the samples around, for a point that is `part` of the way from one to the next.
fn weights(part: f32) -> Weights {
    std::array::from_fn(|tap| {
        let distance = tap as f32 + 1.0 - REACH as f32 - part;
        let sinc = sine(distance / 2.0) / (std::f32::consts::PI * distance);
        let window = 0.5 + 0.5 * sine(distance / (2.0 * REACH as f32 + 1.0) + 0.25);
        sinc * window
    })
}

/// For each frame the lowest value from it to `reach` frames later.
fn lowest_within(values: &[f32], reach: usize) -> Vec<f32> {
    let mut lowest = vec![1.0; values.len()];
    // The places that may still be the lowest, their values rising from front to back.
    let mut candidates: VecDeque<usize> = VecDeque::new();
    for index in (0..values.len()).rev() {
        while candidates.front().is_some_and(|place| values[*place] >= values[index]) {
            candidates.pop_front();
        }
        candidates.push_front(index);
        while candidates.back().is_some_and(|place| *place > index + reach) {
            candidates.pop_back();
        }
        lowest[index] = values[candidates[candidates.len() - 1]];
    }
    lowest
}

/// For each frame the average of it and the `reach` values before. Before the start the first value is taken to have held, so
/// that a piece which begins with a bang is down in time as well.
fn average_before(values: &[f32], reach: usize) -> Vec<f32> {
    let first = values.first().copied().unwrap_or(1.0);
    let mut sum = f64::from(first) * (reach as f64 + 1.0);
    let mut averages = Vec::with_capacity(values.len());
    for index in 0..values.len() {
        let leaving = if index > reach { values[index - reach - 1] } else { first };
        sum += f64::from(values[index]) - f64::from(leaving);
        averages.push((sum / (reach as f64 + 1.0)) as f32);
    }
    averages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::RATE;
    use crate::chance::Chance;
    use crate::loudness::measure;
    use crate::maths::decibels;

    #[test]
    fn no_point_of_the_curve_passes_the_ceiling() {
        let mut chance = Chance::new(3);
        let mut noise = Bus::silence(frames(1.0));
        noise.change(|_, _| [chance.noise(), chance.noise()]);
        let limited = limit(&noise, 3.0, decibels(-2.0));
        assert!(measure(&limited).unwrap().true_peak < -1.7, "{:?}", measure(&limited));
    }

    #[test]
    fn what_is_soft_enough_is_left_alone() {
        let mut tone = Bus::silence(frames(0.5));
        tone.change(|index, _| [sine(440.0 * index as f32 / RATE) * 0.3; 2]);
        let limited = limit(&tone, 2.0, 0.7);
        assert!(limited.0.iter().zip(&tone.0).all(|(after, before)| (after[0] - before[0] * 2.0).abs() < 1e-5));
    }

    #[test]
    fn a_peak_between_two_samples_is_seen() {
        // A quarter of the rate, sampled beside its tips: each sample is 0.707, the curve reaches 1.
        let mut tone = Bus::silence(frames(0.1));
        tone.change(|index, _| [sine(index as f32 / 4.0 + 0.125); 2]);
        let highest = (100..200).map(|index| peak(&tone.0, index, &quarters())).fold(0.0, f32::max);
        assert!((highest - 1.0).abs() < 0.02, "{highest}");
    }
}
