//! What a track is, and the three that there are. Each module below is one score with its own mix.

use anyhow::Result;

use crate::bus::{Bus, frames};
use crate::effect::tape::Tape;
use crate::notation::{Chord, Tempo};

pub mod colonnade_at_dusk;
pub mod lotus_arcade;
pub mod neon_oracle;

/// How many tracks there are.
pub const COUNT: usize = 3;

/// The tracks in the order of the album.
pub fn all() -> [Track; COUNT] {
    [neon_oracle::track(), colonnade_at_dusk::track(), lotus_arcade::track()]
}

/// A part of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The opening.
    Intro,
    /// Where the rhythm comes in.
    Build,
    /// The first theme.
    Verse,
    /// The second theme, with the most players.
    Chorus,
    /// Where the rhythm rests.
    Break,
    /// The end.
    Outro,
}

/// A piece of music, ready to be rendered.
pub struct Track {
    /// Its place on the album, from 1.
    pub number: usize,
    /// Its title for people.
    pub title: &'static str,
    /// Its genre in the tag.
    pub genre: &'static str,
    /// How fast, and how evenly.
    pub tempo: Tempo,
    /// The chord of every bar with the section it belongs to.
    pub sheet: Vec<(Section, Chord)>,
    /// Seconds after the last bar in which the room falls silent.
    pub tail: f32,
    /// The machine it is recorded on.
    pub tape: Tape,
    /// Plays and mixes it.
    pub render: fn(&Track) -> Result<Bus>,
}

/// One bar of a track, for the players.
pub struct Bar<'a> {
    /// Its number from the start of the track, from 0.
    pub number: usize,
    /// The section it belongs to.
    pub section: Section,
    /// Its number within the section, from 0.
    pub into: usize,
    /// Whether the section ends with it.
    pub last: bool,
    /// What is played over.
    pub chord: &'a Chord,
}

impl Track {
    /// The name of its files, without the ending: `01-neon-oracle`.
    pub fn file_stem(&self) -> String {
        format!("{:02}-{}", self.number, self.title.to_lowercase().replace(' ', "-"))
    }

    /// A bus as long as the track.
    pub fn bus(&self) -> Bus {
        Bus::silence(frames(self.sheet.len() as f32 * self.tempo.bar() + self.tail))
    }

    /// The bars in order.
    pub fn bars(&self) -> impl Iterator<Item = Bar<'_>> {
        let mut into = 0;
        self.sheet.iter().enumerate().map(move |(number, (section, chord))| {
            let begins = number == 0 || self.sheet[number - 1].0 != *section;
            into = if begins { 0 } else { into + 1 };
            let last = self.sheet.get(number + 1).is_none_or(|(next, _)| next != section);
            Bar { number, section: *section, into, last, chord }
        })
    }

    /// The chords as a table for whoever checks the rendered sound: bar, second, name, notes without octaves.
    pub fn chord_sheet(&self) -> String {
        let line = |bar: Bar<'_>| {
            let classes: Vec<String> = bar.chord.classes().iter().map(u8::to_string).collect();
            let at = self.tempo.at(bar.number, 0);
            format!("{}\t{at:.3}\t{}\t{}\n", bar.number + 1, bar.chord.name, classes.join(" "))
        };
        self.bars().map(line).collect()
    }
}

/// Repeats a row of chords for as many bars as a section has.
pub fn section(section: Section, bars: usize, row: &[Chord]) -> impl Iterator<Item = (Section, Chord)> {
    row.iter().cycle().take(bars).map(move |chord| (section, chord.clone()))
}

/// Whether every long note (six steps and more) belongs to the chord it sounds over: short ones may pass by.
#[cfg(test)]
fn rests_on(melody: &[Vec<crate::notation::Tone>], chords: &[&Chord]) {
    for (bar, (tones, chord)) in melody.iter().zip(chords.iter().cycle()).enumerate() {
        for tone in tones.iter().filter(|tone| tone.steps >= 6) {
            let class = tone.pitch as u8 % 12;
            assert!(chord.classes().contains(&class), "bar {bar}: {class} is not in {}", chord.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_track_has_its_name_and_its_length() {
        let names = all().map(|track| track.file_stem());
        assert_eq!(names, ["01-neon-oracle", "02-colonnade-at-dusk", "03-lotus-arcade"]);
        for track in all() {
            assert!((60.0..120.0).contains(&(track.bus().len() as f32 / crate::bus::RATE)), "{}", track.title);
        }
    }

    #[test]
    fn a_bar_knows_where_in_its_section_it_is() {
        let track = neon_oracle::track();
        let bars: Vec<_> = track.bars().map(|bar| (bar.section, bar.into, bar.last)).collect();
        assert_eq!(bars[0], (Section::Intro, 0, false));
        assert_eq!(bars[3], (Section::Intro, 3, true));
        assert_eq!(bars[4], (Section::Build, 0, false));
        assert_eq!(bars[bars.len() - 1], (Section::Outro, 3, true));
    }
}
