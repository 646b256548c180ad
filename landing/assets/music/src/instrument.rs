//! The players. Each is a struct of settings with a `play` that adds one note to a bus.

pub mod arpeggio;
pub mod bass;
pub mod bell;
pub mod drums;
pub mod keys;
pub mod lead;
pub mod pad;
pub mod vinyl;

/// One note for one player.
#[derive(Clone, Copy)]
pub struct Note {
    /// The second it begins at.
    pub at: f32,
    /// Seconds until it is let go.
    pub length: f32,
    /// Its pitch in semitones; 69 is A4.
    pub pitch: f32,
    /// How hard it is played, 0 to 1.
    pub level: f32,
    /// Where it stands, from -1 (left) to 1 (right).
    pub pan: f32,
}
