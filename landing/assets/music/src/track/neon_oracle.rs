//! Neon Oracle: synthwave in A minor, 96 beats a minute. A night drive; the oracle speaks in the chorus.

use anyhow::Result;

use crate::bus::Bus;
use crate::chance::Chance;
use crate::desk::Desk;
use crate::effect::chorus::chorus;
use crate::effect::echo::Echo;
use crate::effect::gate::gated;
use crate::effect::hall::Hall;
use crate::effect::pump::Pump;
use crate::effect::tape::Tape;
use crate::instrument::Note;
use crate::instrument::arpeggio::pluck;
use crate::instrument::bass::PluckedBass;
use crate::instrument::drums::{Kick, Snare, crash, hat, riser, tom};
use crate::instrument::lead::Lead;
use crate::instrument::pad::Pad;
use crate::notation::{Chord, STEPS, Tempo, Tone, melody, strokes};
use crate::track::{Bar, Section, Track, section};

const SEED: u64 = 0x004E_454F_4E21;

/// The order in which the arpeggio takes the chord's five voices.
const ARPEGGIO: [usize; STEPS] = [0, 1, 2, 3, 4, 3, 2, 1, 0, 2, 4, 2, 1, 3, 4, 3];
/// The bass: step, and semitones above the chord's bass.
const BASS: [(usize, f32); 8] = [(0, 0.0), (2, 0.0), (4, 12.0), (6, 0.0), (8, 0.0), (10, 0.0), (12, 12.0), (14, 7.0)];
/// The second half of the verse: short answers that announce the chorus.
const CALL: &str = "-:8 E5:3 G5:3 E5:2 | -:8 C5:3 E5:3 C5:2 | -:8 G5:3 E5:3 D5:2 | -:4 B4:4 D5:4 E5:4";
/// The chorus: the same question twice, and two answers.
const THEME: &str = "E5:6 D5:2 C5:4 A4:4 | D5:6 E5:2 B4:8 | G5:4 F#5:4 D5:4 B4:4 | C5:10 B4:2 E5:4 \
    | E5:6 D5:2 C5:4 G5:4 | F#5:6 G5:2 D5:8 | B5:4 G5:2 F#5:2 E5:4 D5:4 | B4:2 C5:2 E5:10 -:2";

/// The track.
pub fn track() -> Track {
    let (verse, chorus) = (verse(), theme_chords());
    let sheet = section(Section::Intro, 4, &verse)
        .chain(section(Section::Build, 4, &verse))
        .chain(section(Section::Verse, 8, &verse))
        .chain(section(Section::Chorus, 8, &chorus))
        .chain(section(Section::Break, 2, &chorus))
        .chain(section(Section::Outro, 4, &farewell()))
        .collect();
    Track {
        number: 1,
        title: "Neon Oracle",
        genre: "Synthwave",
        tempo: Tempo { beats_per_minute: 96.0, swing: 0.53 },
        sheet,
        tail: 4.0,
        tape: Tape { wow: 0.55, flutter: 0.04, ratio: 1.6 },
        render,
    }
}

fn verse() -> [Chord; 4] {
    [
        Chord::new("Am9", "A1", "A3 C4 E4 G4 B4"),
        Chord::new("Fmaj7", "F1", "F3 A3 C4 E4 A4"),
        Chord::new("Cmaj7", "C2", "G3 C4 E4 G4 B4"),
        Chord::new("Em11", "E2", "G3 B3 D4 E4 A4"),
    ]
}

fn theme_chords() -> [Chord; 4] {
    [
        Chord::new("Fmaj9", "F1", "F3 A3 C4 E4 G4"),
        Chord::new("Gmaj9", "G1", "G3 B3 D4 F#4 A4"),
        Chord::new("Em9", "E2", "G3 B3 D4 F#4 B4"),
        Chord::new("Am9", "A1", "A3 C4 E4 G4 B4"),
    ]
}

/// The verse's chords in the order that leads home.
fn farewell() -> [Chord; 4] {
    let [tonic, sixth, _, fifth] = verse();
    [tonic.clone(), sixth, fifth, tonic]
}

fn render(track: &Track) -> Result<Bus> {
    let (kicks, kick_times) = kicks(track);
    let pump = Pump::new(kicks.len(), &kick_times, 0.28, 0.34);
    let mut pads = chorus(&pads(track), 0.8);
    let mut bass = bass(track);
    let mut arpeggio = arpeggio(track);
    pump.duck(&mut pads, 0.75);
    pump.duck(&mut bass, 1.0);
    pump.duck(&mut arpeggio, 0.4);

    // Both echoes repeat after three steps, a dotted eighth, so that they fall between the beats.
    let dotted = track.tempo.step() * 3.0;
    let bounce = Echo { seconds: dotted, feedback: 0.42, cutoff: 3_200.0 }.of(&arpeggio);
    arpeggio.add(&bounce, 0.55);
    let lead = lead(track);
    let mut sung = chorus(&lead, 0.5);
    sung.add(&Echo { seconds: dotted, feedback: 0.36, cutoff: 2_600.0 }.of(&lead), 0.5);
    let snares = snares(track);
    let gate = gated(&snares, &Hall { seconds: 2.2, brightness: 0.85, distance: 0.0 }, 0.24);

    let mut desk = Desk::new(kicks.len());
    desk.place(&kicks, -19.5, 0.0)?;
    desk.place(&snares, -22.0, 0.15)?;
    desk.place(&gate, -25.5, 0.0)?;
    desk.place(&cymbals(track), -29.0, 0.15)?;
    desk.place(&bass, -21.0, 0.0)?;
    desk.place(&pads, -21.5, 0.4)?;
    desk.place(&arpeggio, -23.0, 0.35)?;
    desk.place(&sung, -18.5, 0.4)?;
    desk.finish(&Hall { seconds: 2.8, brightness: 0.55, distance: 0.025 }, -26.0)
}

fn pads(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED));
    for bar in track.bars() {
        let cutoff = match bar.section {
            Section::Intro => 600.0 + 100.0 * bar.into as f32,
            Section::Build => 1_000.0,
            Section::Verse | Section::Chorus => 1_500.0,
            Section::Break => 850.0,
            Section::Outro => 1_000.0 - 150.0 * bar.into as f32,
        };
        // The last chord rings out.
        let release = if bar.section == Section::Outro && bar.last { 3.0 } else { 0.9 };
        let pad = Pad { cutoff, attack: 0.35, release };
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
    let driven = |bar: &Bar<'_>| match bar.section {
        Section::Build | Section::Verse | Section::Chorus => true,
        Section::Outro => bar.into < 2,
        Section::Intro | Section::Break => false,
    };
    for bar in track.bars().filter(driven) {
        for (step, above) in BASS {
            let note = Note {
                at: track.tempo.at(bar.number, step),
                length: track.tempo.step() * 1.7,
                pitch: bar.chord.bass + above,
                level: 0.8,
                pan: 0.0,
            };
            PluckedBass { bite: if bar.section == Section::Chorus { 1_900.0 } else { 1_400.0 } }.play(&mut bus, note);
        }
    }
    bus
}

fn arpeggio(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 1));
    for bar in track.bars().filter(|bar| bar.section != Section::Break) {
        let opening = match bar.section {
            Section::Intro => 1_000.0 + 450.0 * bar.into as f32,
            Section::Outro => 2_200.0 - 450.0 * bar.into as f32,
            _ => 2_800.0,
        };
        for (step, voice) in ARPEGGIO.into_iter().enumerate() {
            // The first two bars play every other note only: one hears the pattern fill up.
            // The last bar stops half-way, and its chord rings out.
            let ends = bar.section == Section::Outro && bar.last;
            if bar.number < 2 && step % 2 == 1 || ends && step > 8 {
                continue;
            }
            let octaves = if step % 8 == 4 || step == 15 { 24.0 } else { 12.0 };
            let note = Note {
                at: track.tempo.at(bar.number, step),
                length: track.tempo.step() * 0.7,
                pitch: bar.chord.voices[voice] + octaves,
                level: [1.0, 0.6, 0.75, 0.62][step % 4] * (0.93 + 0.07 * chance.noise()),
                pan: 0.45 * crate::maths::sine(step as f32 / 8.0),
            };
            pluck(&mut bus, note, opening);
        }
    }
    bus
}

fn lead(track: &Track) -> Bus {
    let mut bus = track.bus();
    let (call, theme) = (melody(CALL), melody(THEME));
    let mut from = None;
    for bar in track.bars() {
        let (tones, level): (&[Tone], f32) = match bar.section {
            Section::Verse if bar.into >= 4 => (&call[bar.into - 4], 0.6),
            Section::Chorus => (&theme[bar.into], 1.0),
            _ => continue,
        };
        let lead = Lead { cutoff: if bar.section == Section::Chorus { 2_800.0 } else { 1_900.0 }, glide: 0.06 };
        for tone in tones {
            let note = Note {
                at: track.tempo.at(bar.number, tone.step),
                length: tone.steps as f32 * track.tempo.step() * 0.95,
                pitch: tone.pitch,
                level,
                pan: 0.0,
            };
            lead.play(&mut bus, note, from.unwrap_or(tone.pitch));
            from = Some(tone.pitch);
        }
    }
    bus
}

/// The kicks, and the seconds at which they fall.
fn kicks(track: &Track) -> (Bus, Vec<f32>) {
    let (mut bus, mut times) = (track.bus(), Vec::new());
    let kick = Kick { low: 47.0, ring: 0.105, knock: 170.0 };
    for bar in track.bars() {
        let pattern = match bar.section {
            Section::Build => "X.......X.......",
            Section::Verse | Section::Chorus if bar.last => "X...X...X.X.....",
            Section::Verse | Section::Chorus => "X...X...X...X...",
            Section::Outro if bar.into < 2 => "X...............",
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

/// Snares, and the toms that lead from one section to the next.
fn snares(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 2));
    let snare = Snare { tone: 185.0, ring: 0.055 };
    for bar in track.bars() {
        let pattern = match bar.section {
            Section::Build if bar.into % 2 == 1 => "........X.......",
            Section::Verse | Section::Chorus => "....X.......X...",
            _ => continue,
        };
        for (step, level) in strokes(pattern) {
            snare.play(&mut bus, track.tempo.at(bar.number, step), level, &mut chance);
        }
        if bar.last || bar.into == 3 && bar.section == Section::Chorus {
            for (step, tone) in [(11, 215.0), (13, 165.0), (14, 140.0), (15, 110.0)] {
                tom(&mut bus, track.tempo.at(bar.number, step), tone, 0.5, (step as f32 - 13.0) * 0.3);
            }
        }
    }
    bus
}

/// Hi-hats, the crash where a section begins, and the rush of wind before it.
fn cymbals(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 3));
    for bar in track.bars() {
        let at = |step| track.tempo.at(bar.number, step);
        let closed = match bar.section {
            Section::Build => "x.x.X.x.x.x.X.x.",
            Section::Verse => "x.X.x.X.x.X.x.X.",
            Section::Chorus => "xxXxxxXxxxXxxxXx",
            _ => "................",
        };
        for (step, level) in strokes(closed) {
            let ring = if step % 8 == 6 && bar.section != Section::Build { 0.07 } else { 0.016 };
            hat(&mut bus, at(step), level * (0.45 + 0.05 * chance.noise()), ring, &mut chance);
        }
        if bar.into == 0 && !matches!(bar.section, Section::Intro | Section::Build) {
            crash(&mut bus, at(0), 0.4, &mut chance);
        }
        if bar.last && matches!(bar.section, Section::Build | Section::Verse | Section::Break) {
            riser(&mut bus, at(0), track.tempo.bar(), 0.5, &mut chance);
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
        rests_on(&melody(CALL), &verse().each_ref());
        rests_on(&melody(THEME), &theme_chords().each_ref());
    }
}
