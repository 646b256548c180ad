//! A stretch of stereo sound that instruments play onto and effects work on.

/// Frames per second, the rate of every buffer and file here.
pub const RATE: f32 = 44_100.0;

/// One moment of sound: left and right.
pub type Frame = [f32; 2];

/// A number of frames of this many seconds.
pub fn frames(seconds: f32) -> usize {
    (seconds * RATE) as usize
}

/// Stereo sound from the start of the track to its end.
#[derive(Clone)]
pub struct Bus(pub Vec<Frame>);

impl Bus {
    /// Silence of the given number of frames.
    pub fn silence(length: usize) -> Self {
        Self(vec![[0.0; 2]; length])
    }

    /// How many frames it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a sound of `seconds` that begins at second `at`; `sound` is asked for each frame with the time since the beginning.
    /// What would ring on behind the end of the bus is dropped.
    pub fn play(&mut self, at: f32, seconds: f32, mut sound: impl FnMut(f32) -> Frame) {
        for (index, frame) in self.0.iter_mut().skip(frames(at)).take(frames(seconds)).enumerate() {
            let [left, right] = sound(index as f32 / RATE);
            frame[0] += left;
            frame[1] += right;
        }
    }

    /// Adds another bus, made louder or softer by `gain`.
    pub fn add(&mut self, other: &Bus, gain: f32) {
        for (frame, [left, right]) in self.0.iter_mut().zip(&other.0) {
            frame[0] += left * gain;
            frame[1] += right * gain;
        }
    }

    /// Replaces every frame by what `change` makes of it; `change` is also told the frame's number.
    pub fn change(&mut self, mut change: impl FnMut(usize, Frame) -> Frame) {
        for (index, frame) in self.0.iter_mut().enumerate() {
            *frame = change(index, *frame);
        }
    }

    /// One channel's value between two frames, `delay` frames before frame `index`; silence before the start.
    pub fn past(&self, index: usize, delay: f32, channel: usize) -> f32 {
        let place = index as f32 - delay;
        if place < 0.0 {
            return 0.0;
        }
        // The delay is split into whole and part, not the place: late in a track an f32 has no digits left for the part.
        let whole = delay as usize;
        let part = delay - whole as f32;
        let near = self.0[index - whole][channel];
        let far = if index > whole { self.0[index - whole - 1][channel] } else { 0.0 };
        near + (far - near) * part
    }
}

/// Places a single voice between left (-1) and right (1) without changing how loud it is.
pub fn panned(voice: f32, pan: f32) -> Frame {
    let angle = (pan.clamp(-1.0, 1.0) + 1.0) / 8.0;
    [voice * crate::maths::sine(0.25 - angle), voice * crate::maths::sine(angle)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_add_up_where_they_overlap_and_stop_at_the_end() {
        let mut bus = Bus::silence(4);
        bus.play(0.0, 3.5 / RATE, |_| [1.0, 0.0]);
        bus.play(2.5 / RATE, 100.0 / RATE, |_| [1.0, 2.0]);
        assert_eq!(bus.0, [[1.0, 0.0], [1.0, 0.0], [2.0, 2.0], [1.0, 2.0]]);
    }

    #[test]
    fn the_past_is_read_between_frames() {
        let bus = Bus(vec![[0.0; 2], [1.0; 2], [3.0; 2]]);
        assert_eq!(
            (bus.past(2, 0.0, 0), bus.past(2, 0.5, 0), bus.past(2, 1.0, 0), bus.past(2, 5.0, 0)),
            (3.0, 2.0, 1.0, 0.0)
        );
    }

    #[test]
    fn panning_keeps_the_power() {
        for pan in [-1.0, -0.3, 0.0, 0.8] {
            let [left, right] = panned(1.0, pan);
            assert!((left * left + right * right - 1.0).abs() < 1e-5);
        }
    }
}
