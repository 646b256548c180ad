//! How a note swells and dies.

/// Attack, decay, sustain, release; times in seconds, the sustain as a level.
#[derive(Clone, Copy)]
pub struct Envelope {
    /// From silence to full.
    pub attack: f32,
    /// From full to the sustain level.
    pub decay: f32,
    /// The level while the note is held.
    pub sustain: f32,
    /// From the level held to silence, once let go.
    pub release: f32,
}

impl Envelope {
    /// The level at `time` of a note that is held for `length`.
    pub fn at(&self, time: f32, length: f32) -> f32 {
        if time < length {
            self.held(time)
        } else {
            // Squared, because an even line to zero sounds like an abrupt end.
            let left = (1.0 - (time - length) / self.release).max(0.0);
            self.held(length) * left * left
        }
    }

    fn held(&self, time: f32) -> f32 {
        if time < self.attack {
            time / self.attack
        } else if time < self.attack + self.decay {
            1.0 - (1.0 - self.sustain) * (time - self.attack) / self.decay
        } else {
            self.sustain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_passes_its_four_stages() {
        let envelope = Envelope { attack: 0.1, decay: 0.1, sustain: 0.5, release: 0.2 };
        let levels = [0.0, 0.05, 0.1, 0.2, 0.9, 1.1, 1.2, 2.0].map(|time| envelope.at(time, 1.0));
        for (level, expected) in levels.into_iter().zip([0.0, 0.5, 1.0, 0.5, 0.5, 0.125, 0.0, 0.0]) {
            assert!((level - expected).abs() < 1e-4, "{level} should be {expected}");
        }
    }
}
