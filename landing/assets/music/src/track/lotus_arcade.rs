//! Lotus Arcade: dreamwave in F sharp minor, 112 beats a minute. Glass bells over a rhythm of threes against fours.

use anyhow::Result;

use crate::bus::Bus;
use crate::chance::Chance;
use crate::desk::Desk;
use crate::effect::chorus::chorus;
use crate::effect::echo::Echo;
use crate::effect::hall::Hall;
use crate::effect::pump::Pump;
use crate::effect::tape::Tape;
use crate::instrument::Note;
use crate::instrument::arpeggio::pluck;
use crate::instrument::bass::PluckedBass;
use crate::instrument::bell::bell;
use crate::instrument::drums::{Kick, clap, crash, hat, riser, shaker};
use crate::instrument::lead::Lead;
use crate::instrument::pad::Pad;
use crate::notation::{Chord, STEPS, Tempo, Tone, melody, strokes};
use crate::track::{Bar, Section, Track, section};

const SEED: u64 = 0x004C_4F54_5553;

/// The bass bounces between the kicks: step, and semitones above the chord's bass.
const BASS: [(usize, f32); 6] = [(2, 0.0), (6, 0.0), (7, 12.0), (10, 0.0), (14, 0.0), (15, 12.0)];
/// Before the theme: single bells, as if they were far away.
const FORETASTE: &str = "-:8 C#6:3 A5:5 | -:8 B5:3 F#5:5 | -:8 C#6:3 A5:5 | -:4 G#5:4 B5:8";
/// The first theme.
const VERSE: &str = "C#6:3 A5:3 G#5:2 E5:4 F#5:4 | B5:3 A5:3 F#5:2 E5:8 | C#6:3 A5:3 F#5:2 D5:4 E5:4 | G#5:6 B5:2 C#6:8 \
    | C#6:3 A5:3 G#5:2 E5:4 F#5:4 | B5:3 C#6:3 E6:2 B5:8 | A5:3 F#5:3 C#6:2 A5:8 | B5:3 G#5:3 E5:2 C#5:8";
/// The second theme, which begins on the sixth degree and so opens upwards.
const CHORUS: &str = "F#5:4 A5:4 C#6:8 | B5:4 G#5:4 E5:8 | E5:4 G#5:4 B5:8 | A5:3 G#5:3 F#5:2 C#5:8 \
    | F#5:4 A5:4 C#6:4 E6:4 | B5:6 C#6:2 G#5:8 | B5:4 G#5:4 E5:4 G#5:4 | F#5:12 -:4";

/// The track.
pub fn track() -> Track {
    let (verse, chorus) = (verse(), theme_chords());
    let sheet = section(Section::Intro, 4, &verse)
        .chain(section(Section::Build, 4, &verse))
        .chain(section(Section::Verse, 12, &verse))
        .chain(section(Section::Chorus, 8, &chorus))
        .chain(section(Section::Break, 4, &verse))
        .chain(section(Section::Outro, 4, &chorus))
        .collect();
    Track {
        number: 3,
        title: "Lotus Arcade",
        genre: "Dreamwave",
        tempo: Tempo { beats_per_minute: 112.0, swing: 0.5 },
        sheet,
        tail: 4.0,
        tape: Tape { wow: 0.4, flutter: 0.03, ratio: 1.5 },
        render,
    }
}

fn verse() -> [Chord; 4] {
    [
        Chord::new("F#m9", "F#1", "F#3 A3 C#4 E4 G#4"),
        Chord::new("B7sus", "B1", "F#3 A3 B3 E4 F#4"),
        Chord::new("Dmaj7", "D2", "F#3 A3 C#4 F#4 A4"),
        Chord::new("E6", "E2", "G#3 B3 C#4 E4 G#4"),
    ]
}

fn theme_chords() -> [Chord; 4] {
    [
        Chord::new("Dmaj7", "D2", "F#3 A3 C#4 F#4 A4"),
        Chord::new("E6", "E2", "G#3 B3 C#4 E4 G#4"),
        Chord::new("C#m7", "C#2", "E3 G#3 B3 C#4 E4"),
        Chord::new("F#m9", "F#1", "F#3 A3 C#4 E4 G#4"),
    ]
}

fn render(track: &Track) -> Result<Bus> {
    let (kicks, kick_times) = kicks(track);
    let pump = Pump::new(kicks.len(), &kick_times, 0.5, 0.3);
    let mut pads = chorus(&pads(track), 0.8);
    let mut bass = bass(track);
    let mut threes = threes(track);
    pump.duck(&mut pads, 0.9);
    pump.duck(&mut bass, 0.8);
    pump.duck(&mut threes, 0.4);

    let step = track.tempo.step();
    threes.add(&Echo { seconds: step * 4.0, feedback: 0.35, cutoff: 3_000.0 }.of(&threes), 0.4);
    let (bells, shadow) = bells(track);
    let mut glass = chorus(&bells, 0.3);
    glass.add(&Echo { seconds: step * 3.0, feedback: 0.45, cutoff: 4_200.0 }.of(&bells), 0.5);

    let mut desk = Desk::new(kicks.len());
    desk.place(&kicks, -20.0, 0.0)?;
    desk.place(&claps(track), -24.0, 0.35)?;
    desk.place(&cymbals(track), -28.0, 0.1)?;
    desk.place(&bass, -20.5, 0.0)?;
    desk.place(&pads, -21.0, 0.4)?;
    desk.place(&threes, -23.5, 0.4)?;
    desk.place(&glass, -19.0, 0.5)?;
    desk.place(&chorus(&shadow, 0.6), -25.0, 0.5)?;
    desk.finish(&Hall { seconds: 3.2, brightness: 0.65, distance: 0.03 }, -25.0)
}

fn pads(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED));
    for bar in track.bars() {
        let cutoff = match bar.section {
            Section::Intro | Section::Build => 650.0 + 130.0 * bar.number as f32,
            Section::Verse => 1_400.0,
            Section::Chorus => 2_000.0,
            Section::Break => 900.0 + 250.0 * bar.into as f32,
            Section::Outro => 1_300.0 - 200.0 * bar.into as f32,
        };
        // The last chord rings out.
        let release = if bar.section == Section::Outro && bar.last { 3.0 } else { 0.8 };
        let pad = Pad { cutoff, attack: 0.25, release };
        for pitch in &bar.chord.voices {
            let note = Note {
                at: track.tempo.at(bar.number, 0),
                length: track.tempo.bar(),
                pitch: *pitch,
                level: 0.2,
                pan: 0.0,
            };
            pad.play(&mut bus, note, &mut chance);
        }
    }
    bus
}

fn bass(track: &Track) -> Bus {
    let mut bus = track.bus();
    for bar in track.bars() {
        let line: &[(usize, f32)] = match bar.section {
            Section::Build | Section::Break => &[(0, 0.0)],
            Section::Verse | Section::Chorus => &BASS,
            Section::Outro if bar.last => &[(0, 0.0)],
            Section::Outro => &BASS,
            Section::Intro => continue,
        };
        for (step, above) in line {
            let held = line.len() == 1;
            let note = Note {
                at: track.tempo.at(bar.number, *step),
                length: track.tempo.step() * if held { 14.0 } else { 1.6 - above / 24.0 },
                pitch: bar.chord.bass + above,
                level: if held { 0.6 } else { 0.85 },
                pan: 0.0,
            };
            PluckedBass { bite: if held { 350.0 } else { 1_100.0 } }.play(&mut bus, note);
        }
    }
    bus
}

/// The arpeggio strikes every third step and never asks where the bar ends: against the four beats it comes round in three bars.
fn threes(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 1));
    let resting = |bar: &Bar<'_>| bar.section == Section::Outro && bar.last;
    for bar in track.bars().filter(|bar| !resting(bar)) {
        let opening = match bar.section {
            Section::Intro => 900.0 + 350.0 * bar.into as f32,
            Section::Break => 1_400.0,
            Section::Outro => 1_900.0 - 400.0 * bar.into as f32,
            _ => 2_400.0,
        };
        let first = bar.number * STEPS;
        for step in (0..STEPS).filter(|step| (first + step).is_multiple_of(3)) {
            let stroke = (first + step) / 3;
            let voices = &bar.chord.voices;
            let note = Note {
                at: track.tempo.at(bar.number, step),
                length: track.tempo.step() * 1.4,
                pitch: voices[stroke * 2 % voices.len()] + 12.0,
                level: 0.85 + 0.1 * chance.noise(),
                pan: if stroke.is_multiple_of(2) { -0.5 } else { 0.5 },
            };
            pluck(&mut bus, note, opening);
        }
    }
    bus
}

/// The bells, and the soft voice that shadows them an octave below in the chorus.
fn bells(track: &Track) -> (Bus, Bus) {
    let (mut glass, mut shadow, mut chance) = (track.bus(), track.bus(), Chance::new(SEED + 2));
    let (foretaste, verse, chorus) = (melody(FORETASTE), melody(VERSE), melody(CHORUS));
    let voice = Lead { cutoff: 1_700.0, glide: 0.08 };
    let mut from = None;
    for bar in track.bars() {
        let (tones, level): (&[Tone], f32) = match bar.section {
            Section::Build | Section::Break => (&foretaste[bar.into], 0.5),
            Section::Verse if bar.into < 4 => (&foretaste[bar.into], 0.6),
            Section::Verse => (&verse[bar.into - 4], 0.85),
            Section::Chorus => (&chorus[bar.into], 0.95),
            Section::Outro if !bar.last => (&chorus[bar.into], 0.6),
            Section::Outro => (&chorus[7], 0.6),
            Section::Intro => continue,
        };
        for tone in tones {
            let note = Note {
                at: track.tempo.at(bar.number, tone.step),
                length: tone.steps as f32 * track.tempo.step(),
                pitch: tone.pitch,
                level: level + 0.05 * chance.noise(),
                pan: 0.25 * chance.noise(),
            };
            bell(&mut glass, note);
            if bar.section == Section::Chorus {
                let low = Note { pitch: tone.pitch - 12.0, pan: 0.0, ..note };
                voice.play(&mut shadow, low, from.unwrap_or(low.pitch));
                from = Some(low.pitch);
            }
        }
    }
    (glass, shadow)
}

/// The kicks, and the seconds at which they fall: four on the floor once the theme is near.
fn kicks(track: &Track) -> (Bus, Vec<f32>) {
    let (mut bus, mut times) = (track.bus(), Vec::new());
    let kick = Kick { low: 49.0, ring: 0.09, knock: 190.0 };
    for bar in track.bars() {
        let pattern = match bar.section {
            Section::Build if bar.last => "X...X...X.X.X.X.",
            Section::Build if bar.into >= 2 => "X.......X.......",
            Section::Verse | Section::Chorus => "X...X...X...X...",
            Section::Outro if bar.into < 2 => "X...X...X...X...",
            _ => continue,
        };
        for (step, level) in strokes(pattern) {
            let at = track.tempo.at(bar.number, step);
            kick.play(&mut bus, at, level);
            times.push(at);
        }
    }
    (bus, times)
}

fn claps(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 3));
    for bar in track.bars() {
        let pattern = match bar.section {
            Section::Verse | Section::Chorus if bar.into % 4 == 3 => "....X.......X.x.",
            Section::Verse | Section::Chorus => "....X.......X...",
            Section::Outro if bar.into < 2 => "....X.......X...",
            _ => continue,
        };
        for (step, level) in strokes(pattern) {
            clap(&mut bus, track.tempo.at(bar.number, step), level, &mut chance);
        }
    }
    bus
}

/// Open hats between the beats, a shaker in the chorus, and what announces a section.
fn cymbals(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 4));
    for bar in track.bars() {
        let at = |step| track.tempo.at(bar.number, step);
        let (open, shakes) = match bar.section {
            Section::Build if bar.into >= 2 => ("................", "x.X.x.X.x.X.x.X."),
            Section::Verse => ("..X...X...X...X.", "................"),
            Section::Chorus => ("..X...X...X...X.", "xxXxxxXxxxXxxxXx"),
            Section::Outro if bar.into < 2 => ("................", "x.X.x.X.x.X.x.X."),
            _ => ("................", "................"),
        };
        for (step, level) in strokes(open) {
            hat(&mut bus, at(step), level * (0.4 + 0.05 * chance.noise()), 0.06, &mut chance);
        }
        for (step, level) in strokes(shakes) {
            shaker(&mut bus, at(step), level * 0.4, &mut chance);
        }
        if bar.into == 0 && bar.number > 4 {
            crash(&mut bus, at(0), 0.35, &mut chance);
        }
        if bar.last && matches!(bar.section, Section::Build | Section::Verse) {
            riser(&mut bus, at(0), track.tempo.bar(), 0.45, &mut chance);
        }
    }
    bus
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::rests_on;

    #[test]
    fn the_melodies_rest_on_their_chords() {
        for (text, chords) in [(FORETASTE, verse()), (VERSE, verse()), (CHORUS, theme_chords())] {
            rests_on(&melody(text), &chords.each_ref());
        }
    }
}
