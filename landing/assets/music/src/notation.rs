//! How music is written down here, so that a score can be read: pitches, chords, melodies, drum patterns and the tempo.

/// Steps in a bar: sixteenth notes of a 4/4 bar.
pub const STEPS: usize = 16;

/// A chord as it is sounded: its name for people, the note of the bass, the notes of the keys from low to high.
#[derive(Clone)]
pub struct Chord {
    /// What a musician would call it.
    pub name: &'static str,
    /// The pitch of the bass.
    pub bass: f32,
    /// The pitches above it.
    pub voices: Vec<f32>,
}

impl Chord {
    /// `Chord::new("Am9", "A1", "A3 C4 E4 G4 B4")`
    pub fn new(name: &'static str, bass: &str, voices: &str) -> Self {
        Self { name, bass: pitch(bass), voices: voices.split_whitespace().map(pitch).collect() }
    }

    /// The chord's notes without their octaves: 0 is C, 11 is B; each once, in rising order.
    pub fn classes(&self) -> Vec<u8> {
        let mut classes: Vec<u8> = self.voices.iter().chain([&self.bass]).map(|pitch| *pitch as u8 % 12).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }
}

/// One note of a melody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// The step it begins at, counted from the start of its bar.
    pub step: usize,
    /// How many steps it lasts.
    pub steps: usize,
    /// Its pitch in semitones; 69 is A4.
    pub pitch: f32,
}

/// Reads a melody: bars between `|`, notes as `C#5:6` (pitch, then steps), rests as `-:4`.
///
/// # Panics
/// When it cannot be read or a bar is not full: a score is part of the program, so that is a mistake in the program.
pub fn melody(text: &str) -> Vec<Vec<Tone>> {
    text.split('|').map(bar).collect()
}

fn bar(text: &str) -> Vec<Tone> {
    let mut tones = Vec::new();
    let mut step = 0;
    for word in text.split_whitespace() {
        let (name, steps) = word.split_once(':').unwrap_or_else(|| panic!("`{word}` has no length"));
        let steps: usize = steps.parse().unwrap_or_else(|_| panic!("`{word}` has no whole length"));
        if name != "-" {
            tones.push(Tone { step, steps, pitch: pitch(name) });
        }
        step += steps;
    }
    assert_eq!(step, STEPS, "the bar `{text}` is not full");
    tones
}

/// Reads a pitch such as `F#4`; there are no flats, each key has one name.
fn pitch(name: &str) -> f32 {
    const KEYS: [&str; 12] = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"];
    let (key, octave) = name.split_at(name.len() - 1);
    let key = KEYS.iter().position(|known| *known == key).unwrap_or_else(|| panic!("`{name}` is no pitch"));
    let octave: usize = octave.parse().unwrap_or_else(|_| panic!("`{name}` has no octave"));
    (key + 12 * (octave + 1)) as f32
}

/// Reads a drum pattern of one bar: `X` is a strong stroke, `x` a plain one, `.` none. Gives steps and levels.
pub fn strokes(pattern: &str) -> impl Iterator<Item = (usize, f32)> {
    assert_eq!(pattern.len(), STEPS, "the pattern `{pattern}` is not full");
    pattern.bytes().enumerate().filter_map(|(step, stroke)| match stroke {
        b'X' => Some((step, 1.0)),
        b'x' => Some((step, 0.6)),
        _ => None,
    })
}

/// The tempo, and how unevenly a beat is divided.
#[derive(Clone, Copy)]
pub struct Tempo {
    /// Beats (quarter notes) per minute.
    pub beats_per_minute: f32,
    /// The share of each pair of steps that the first takes: 0.5 is straight, 0.58 lilts.
    pub swing: f32,
}

impl Tempo {
    /// Seconds of an even step.
    pub fn step(&self) -> f32 {
        15.0 / self.beats_per_minute
    }

    /// Seconds of a bar.
    pub fn bar(&self) -> f32 {
        self.step() * STEPS as f32
    }

    /// The second at which a step begins.
    pub fn at(&self, bar: usize, step: usize) -> f32 {
        let late = if step % 2 == 1 { 2.0 * self.swing - 1.0 } else { 0.0 };
        bar as f32 * self.bar() + (step as f32 + late) * self.step()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitches_are_counted_from_the_a_of_440_hertz() {
        assert_eq!(["A4", "C4", "F#2", "B5"].map(pitch), [69.0, 60.0, 42.0, 83.0]);
    }

    #[test]
    fn a_melody_is_read_bar_by_bar() {
        let bars = melody("A4:6 -:2 C5:8 | -:16");
        assert_eq!(bars[0], [Tone { step: 0, steps: 6, pitch: 69.0 }, Tone { step: 8, steps: 8, pitch: 72.0 }]);
        assert!(bars[1].is_empty());
    }

    #[test]
    #[should_panic(expected = "is not full")]
    fn a_bar_must_be_full() {
        melody("A4:6 -:2 C5:7");
    }

    #[test]
    fn a_chord_knows_its_notes_without_octaves() {
        assert_eq!(Chord::new("Am", "A1", "C4 E4 A4").classes(), [0, 4, 9]);
    }

    #[test]
    fn strokes_are_where_they_are_drawn() {
        assert_eq!(strokes("X...x...........").collect::<Vec<_>>(), [(0, 1.0), (4, 0.6)]);
    }

    #[test]
    fn swing_delays_every_second_step() {
        let tempo = Tempo { beats_per_minute: 60.0, swing: 0.6 };
        assert_eq!((tempo.bar(), tempo.at(1, 0)), (4.0, 4.0));
        assert!((tempo.at(0, 1) - 0.3).abs() < 1e-6 && (tempo.at(0, 2) - 0.5).abs() < 1e-6);
    }
}
