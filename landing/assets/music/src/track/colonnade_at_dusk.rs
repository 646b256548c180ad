//! Colonnade at Dusk: vaporwave in D with a Lydian fourth, 72 beats a minute at half speed. An electric piano in an empty mall.

use anyhow::Result;

use crate::bus::Bus;
use crate::chance::Chance;
use crate::desk::Desk;
use crate::effect::chorus::chorus;
use crate::effect::echo::Echo;
use crate::effect::gate::gated;
use crate::effect::hall::Hall;
use crate::effect::tape::Tape;
use crate::instrument::Note;
use crate::instrument::bass::round_bass;
use crate::instrument::drums::{Kick, Snare, hat, rim, shaker};
use crate::instrument::keys::Keys;
use crate::instrument::pad::Pad;
use crate::instrument::vinyl::surface;
use crate::notation::{Chord, Tempo, melody, strokes};
use crate::track::{Section, Track, section};

const SEED: u64 = 0x0043_4F4C_4F4E;

/// How the left hand strikes the chord: step, how long, how hard.
const COMPING: [(usize, f32, f32); 3] = [(0, 5.5, 0.75), (6, 3.0, 0.5), (11, 4.0, 0.42)];
/// The bass: step, steps, semitones above the chord's bass.
const BASS: [(usize, f32, f32); 4] = [(0, 5.0, 0.0), (6, 3.5, 0.0), (10, 1.8, 12.0), (12, 2.5, 7.0)];
/// The first theme: a slow sigh, answered higher.
const VERSE: &str = "-:4 F#5:3 E5:1 C#5:4 A4:4 | B4:6 C#5:2 G#4:8 | -:4 C#5:3 D5:1 F#5:4 E5:4 | C#5:6 B4:2 A4:4 F#4:4 \
    | -:4 F#5:3 E5:1 A5:4 F#5:4 | G#5:6 E5:2 B4:8 | -:2 A4:2 C#5:2 D5:2 F#5:6 E5:2 | F#5:8 E5:4 C#5:4";
/// The second theme, over the same chords moved up a fourth, and back.
const CHORUS: &str = "D5:3 B4:3 A4:2 F#5:8 | E5:3 C#5:3 A4:2 E5:8 | -:2 G5:2 F#5:2 D5:2 B4:4 D5:4 | E5:6 F#5:2 B4:4 D5:4 \
    | C#5:6 E5:2 F#5:4 A5:4 | G#5:6 F#5:2 E5:8 | D5:4 C#5:4 A4:4 F#4:4 | B4:4 C#5:4 F#5:8";
/// The farewell.
const OUTRO: &str = "-:4 F#5:3 E5:1 C#5:4 A4:4 | B4:6 C#5:2 G#4:8 | A4:4 B4:4 C#5:8 | F#5:16";

/// The track.
pub fn track() -> Track {
    let (home, away) = (home(), away());
    let sheet = section(Section::Intro, 4, &home)
        .chain(section(Section::Verse, 8, &home))
        .chain(section(Section::Chorus, 4, &away))
        .chain(section(Section::Chorus, 4, &home))
        .chain(section(Section::Outro, 4, &farewell()))
        .collect();
    Track {
        number: 2,
        title: "Colonnade at Dusk",
        genre: "Vaporwave",
        tempo: Tempo { beats_per_minute: 72.0, swing: 0.58 },
        sheet,
        tail: 4.0,
        tape: Tape { wow: 1.1, flutter: 0.09, ratio: 2.2 },
        render,
    }
}

fn home() -> [Chord; 4] {
    [
        Chord::new("Dmaj9", "D2", "F#3 A3 C#4 E4"),
        Chord::new("C#m7", "C#2", "E3 G#3 B3 E4"),
        Chord::new("Bm9", "B1", "D3 F#3 A3 C#4"),
        Chord::new("E13sus", "E2", "D3 A3 B3 C#4 F#4"),
    ]
}

fn away() -> [Chord; 4] {
    [
        Chord::new("Gmaj9", "G1", "F#3 A3 B3 D4"),
        Chord::new("F#m7", "F#1", "E3 A3 C#4 E4"),
        Chord::new("Em9", "E2", "D3 F#3 G3 B3"),
        Chord::new("A13sus", "A1", "G3 B3 D4 E4 F#4"),
    ]
}

fn farewell() -> [Chord; 4] {
    let [tonic, leading, _, open] = home();
    [tonic.clone(), leading, open, tonic]
}

fn render(track: &Track) -> Result<Bus> {
    let comping = chorus(&comping(track), 0.6);
    let lead = lead(track);
    let mut sung = chorus(&lead, 0.35);
    // A quarter and an eighth late: the echo answers in the rests of the theme.
    sung.add(&Echo { seconds: track.tempo.step() * 6.0, feedback: 0.38, cutoff: 1_900.0 }.of(&lead), 0.45);
    let snares = snares(track);
    let gate = gated(&snares, &Hall { seconds: 2.6, brightness: 0.7, distance: 0.0 }, 0.36);

    let mut desk = Desk::new(lead.len());
    desk.place(&kicks(track), -21.0, 0.0)?;
    desk.place(&snares, -23.5, 0.25)?;
    desk.place(&gate, -25.0, 0.0)?;
    desk.place(&small_percussion(track), -29.0, 0.2)?;
    desk.place(&bass(track), -20.5, 0.0)?;
    desk.place(&chorus(&pads(track), 0.9), -24.5, 0.5)?;
    desk.place(&comping, -21.5, 0.35)?;
    desk.place(&sung, -18.5, 0.45)?;
    desk.place(&record(track), -48.0, 0.0)?;
    desk.finish(&Hall { seconds: 3.6, brightness: 0.42, distance: 0.035 }, -25.0)
}

/// The crackle of the record, from before the first note until after the last.
fn record(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED));
    let seconds = track.tempo.at(track.sheet.len(), 0) + track.tail;
    surface(&mut bus, 0.0, seconds, &mut chance);
    bus
}

fn pads(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 1));
    for bar in track.bars() {
        let cutoff = if bar.section == Section::Chorus { 1_150.0 } else { 750.0 };
        // The last chord rings out.
        let release = if bar.section == Section::Outro && bar.last { 3.0 } else { 1.4 };
        let pad = Pad { cutoff, attack: 0.7, release };
        for pitch in &bar.chord.voices {
            let note = Note {
                at: track.tempo.at(bar.number, 0),
                length: track.tempo.bar() * 0.97,
                pitch: pitch + 12.0,
                level: 0.2,
                pan: 0.0,
            };
            pad.play(&mut bus, note, &mut chance);
        }
    }
    bus
}

/// The chords on the electric piano, rolled a little from low to high as a hand does.
fn comping(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 2));
    let keys = Keys { growl: 0.16, cutoff: 2_600.0, tremolo: 0.35 };
    for bar in track.bars() {
        // The first and the last bars are struck once and left to ring.
        let ends = bar.section == Section::Outro && bar.last;
        let strikes = if bar.number < 2 || ends { &[(0, 15.0, 0.7)][..] } else { &COMPING[..] };
        for (step, steps, level) in strikes {
            for (voice, pitch) in bar.chord.voices.iter().enumerate() {
                let roll = voice as f32 * 0.012 + 0.006 * chance.share();
                let note = Note {
                    at: track.tempo.at(bar.number, *step) + roll,
                    length: steps * track.tempo.step(),
                    pitch: *pitch,
                    level: level * (0.9 + 0.1 * chance.noise()),
                    pan: 0.15 * (voice as f32 - 1.5),
                };
                keys.play(&mut bus, note);
            }
        }
    }
    bus
}

fn lead(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 3));
    let keys = Keys { growl: 0.30, cutoff: 3_500.0, tremolo: 0.1 };
    let (verse, chorus, outro) = (melody(VERSE), melody(CHORUS), melody(OUTRO));
    for bar in track.bars() {
        let tones = match bar.section {
            Section::Verse => &verse[bar.into],
            Section::Chorus => &chorus[bar.into],
            Section::Outro => &outro[bar.into],
            _ => continue,
        };
        for tone in tones {
            let accent = if tone.step % 4 == 0 { 0.9 } else { 0.75 };
            let note = Note {
                at: track.tempo.at(bar.number, tone.step) + 0.008 * chance.share(),
                length: tone.steps as f32 * track.tempo.step() * 1.05,
                pitch: tone.pitch,
                level: accent + 0.06 * chance.noise(),
                pan: 0.05,
            };
            keys.play(&mut bus, note);
        }
    }
    bus
}

fn bass(track: &Track) -> Bus {
    let mut bus = track.bus();
    let mut from = None;
    for bar in track.bars().filter(|bar| bar.number >= 2) {
        let ends = bar.section == Section::Outro && bar.last;
        let line = if bar.section == Section::Intro || ends { &[(0, 14.0, 0.0)][..] } else { &BASS[..] };
        for (step, steps, above) in line {
            let pitch = bar.chord.bass + above;
            let note = Note {
                at: track.tempo.at(bar.number, *step),
                length: steps * track.tempo.step(),
                pitch,
                level: if *step == 0 { 1.0 } else { 0.8 },
                pan: 0.0,
            };
            round_bass(&mut bus, note, from.unwrap_or(pitch));
            from = Some(pitch);
        }
    }
    bus
}

fn kicks(track: &Track) -> Bus {
    let mut bus = track.bus();
    let kick = Kick { low: 44.0, ring: 0.15, knock: 120.0 };
    for bar in track.bars() {
        let pattern = match bar.section {
            Section::Verse if bar.into % 2 == 0 => "X.....x.........",
            Section::Verse => "X.....x...x.....",
            Section::Chorus => "X.....x...X.....",
            Section::Outro if !bar.last => "X...............",
            _ => continue,
        };
        for (step, level) in strokes(pattern) {
            kick.play(&mut bus, track.tempo.at(bar.number, step), level);
        }
    }
    bus
}

/// One snare a bar, on the third beat: the half speed that makes the piece float.
fn snares(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 4));
    let snare = Snare { tone: 165.0, ring: 0.075 };
    for bar in track.bars() {
        let pattern = match bar.section {
            Section::Verse | Section::Chorus if bar.into % 4 == 3 => "........X......x",
            Section::Verse | Section::Chorus => "........X.......",
            Section::Outro if bar.into < 2 => "........X.......",
            _ => continue,
        };
        for (step, level) in strokes(pattern) {
            snare.play(&mut bus, track.tempo.at(bar.number, step), level * level, &mut chance);
        }
    }
    bus
}

/// Hats, shaker and rim: what keeps the lilt going between the slow strokes.
fn small_percussion(track: &Track) -> Bus {
    let (mut bus, mut chance) = (track.bus(), Chance::new(SEED + 5));
    for bar in track.bars() {
        let at = |step| track.tempo.at(bar.number, step);
        let (hats, shakes, rims) = match bar.section {
            Section::Intro if bar.into >= 2 => ("................", "x...x...x...x...", "................"),
            Section::Verse => ("x.xxX.x.x.xxX.x.", "................", "...........x...."),
            Section::Chorus => ("x.x.X.xxx.x.X.xx", "xxXxxxXxxxXxxxXx", "...x.......x...."),
            Section::Outro if !bar.last => ("x...x...x...x...", "................", "................"),
            _ => continue,
        };
        for (step, level) in strokes(hats) {
            let ring = if step == 14 { 0.06 } else { 0.018 };
            hat(&mut bus, at(step), level * (0.4 + 0.06 * chance.noise()), ring, &mut chance);
        }
        for (step, level) in strokes(shakes) {
            shaker(&mut bus, at(step), level * 0.35, &mut chance);
        }
        for (step, level) in strokes(rims) {
            rim(&mut bus, at(step), level * 0.25);
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
        let (home, away, farewell) = (home(), away(), farewell());
        rests_on(&melody(VERSE), &home.each_ref());
        rests_on(&melody(CHORUS), &away.iter().chain(&home).collect::<Vec<_>>());
        rests_on(&melody(OUTRO), &farewell.each_ref());
    }
}
