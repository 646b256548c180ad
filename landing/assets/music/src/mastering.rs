//! From a mix to a finished track: no rumble, one loudness for all, no clipping, a quiet end.

use anyhow::Result;

use crate::bus::{Bus, frames};
use crate::effect::tape::Tape;
use crate::filter::{Damper, Filter, share_for};
use crate::limiter::limit;
use crate::loudness::decibels_to;
use crate::maths::{decibels, soften};

/// The loudness of a finished track, in LUFS: what streaming services play at.
const LOUDNESS: f32 = -14.0;
/// The highest point of a finished track, in dBFS. An MP3 comes back up to 1.5 dB higher than what went in, and -1 is the limit there.
const CEILING: f32 = -2.9;
/// Seconds of the fade at the end.
const FADE: f32 = 3.0;

/// Plays the mix through the tape, and brings it to its loudness under its ceiling.
pub fn master(mix: &Bus, tape: &Tape) -> Result<Bus> {
    let mut mix = mix.clone();
    let gain = decibels(decibels_to(LOUDNESS - 1.0, &mix)?);
    mix.change(|_, [left, right]| [left * gain, right * gain]);
    let mut sound = tape.of(&mix);
    polish(&mut sound);
    fade(&mut sound);
    to_loudness(&sound)
}

/// Takes away what loudspeakers cannot play, opens the highs a little, and rounds the tips of the loudest waves.
fn polish(sound: &mut Bus) {
    let (mut rumble, mut air) = ([Filter::default(), Filter::default()], [Damper::default(), Damper::default()]);
    // A first-order shelf: what is above 3.5 kHz comes out 2 dB louder.
    let (corner, lift) = (share_for(1.0 / (std::f32::consts::TAU * 3_500.0)), decibels(2.0) - 1.0);
    sound.change(|_, frame| {
        [0, 1].map(|ear| {
            let clean = rumble[ear].high(frame[ear], 28.0, 0.7);
            let bright = clean + (clean - air[ear].follow(clean, corner)) * lift;
            soften(bright * 0.9) / 0.9
        })
    });
}

fn fade(sound: &mut Bus) {
    let (length, fade) = (sound.len(), frames(FADE));
    sound.change(|index, [left, right]| {
        let left_over = ((length - index) as f32 / fade as f32).min(1.0);
        [left * left_over * left_over, right * left_over * left_over]
    });
}

/// Limiting takes away loudness, so the gain is found by trying: a few rounds come within a few hundredths.
fn to_loudness(sound: &Bus) -> Result<Bus> {
    let mut gain = decibels_to(LOUDNESS, sound)?;
    let mut limited = limit(sound, decibels(gain), decibels(CEILING));
    for _ in 0..3 {
        gain += decibels_to(LOUDNESS, &limited)?;
        limited = limit(sound, decibels(gain), decibels(CEILING));
    }
    Ok(limited)
}
