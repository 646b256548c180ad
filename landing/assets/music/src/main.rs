//! Renders the first-start music of TEMPLE.FM into `landing/music/`. No sample of anything else is used: every sound is computed.
//!
//! Where to start reading: a score, such as `track/neon_oracle.rs`, then the instruments and effects it names.

mod bus;
mod chance;
mod desk;
mod effect;
mod encoding;
mod envelope;
mod filter;
mod instrument;
mod limiter;
mod loudness;
mod manifest;
mod mastering;
mod maths;
mod notation;
mod oscillator;
mod track;
mod wav;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::manifest::Entry;
use crate::track::Track;

/// Where the finished tracks belong.
const MUSIC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../music");
/// Where WAVs and chord sheets go; git does not keep them.
const WORK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/out");

fn main() -> Result<()> {
    let (music, work) = (Path::new(MUSIC), Path::new(WORK));
    fs::create_dir_all(music)?;
    fs::create_dir_all(work)?;
    let mut entries = Vec::new();
    for track in track::all() {
        let entry = produce(&track, music, work).with_context(|| format!("cannot make {}", track.title))?;
        println!(
            "{}: {} s, {} LUFS, peak {} dBFS, {} bytes",
            entry.file, entry.duration_seconds, entry.integrated_lufs, entry.true_peak_dbfs, entry.size_bytes
        );
        entries.push(entry);
    }
    manifest::write(music, &entries)
}

/// Renders, masters and encodes a track, and measures what a listener will hear of it.
fn produce(track: &Track, music: &Path, work: &Path) -> Result<Entry> {
    let stem = track.file_stem();
    let mix = (track.render)(track)?;
    let wav = wav::write(&mastering::master(&mix, &track.tape)?);
    let (wav_path, heard_path) = (work.join(format!("{stem}.wav")), work.join(format!("{stem}.heard.wav")));
    fs::write(&wav_path, &wav)?;
    fs::write(work.join(format!("{stem}.chords.tsv")), track.chord_sheet())?;

    // Encoded beside the work and moved when it has passed: a track that breaks a rule never replaces a good one.
    let (file, draft) = (format!("{stem}.mp3"), work.join(format!("{stem}.mp3")));
    encoding::encode(&wav_path, &draft, track)?;
    encoding::decode(&draft, &heard_path)?;
    let heard = wav::read(&fs::read(&heard_path)?)?;
    let entry = Entry::new(file, track.title, &fs::read(&draft)?, &wav, &heard)?;
    entry.check()?;
    fs::copy(&draft, music.join(&entry.file))?;
    Ok(entry)
}
