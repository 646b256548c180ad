//! What is on record about each finished track, and the rules that it must keep.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::bus::{Bus, RATE};
use crate::loudness::measure;

/// The file beside the tracks.
pub const FILE_NAME: &str = "manifest.json";

/// One finished track.
#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The name of the MP3 beside the manifest.
    pub file: String,
    /// The title in its tag.
    pub title: String,
    /// Fingerprint of the MP3.
    pub sha256: String,
    /// Fingerprint of the WAV it was encoded from: equal on every machine, whichever `lame` it has.
    pub wav_sha256: String,
    /// Bytes of the MP3.
    pub size_bytes: usize,
    /// How long it plays.
    pub duration_seconds: f64,
    /// Loudness of the decoded MP3, EBU R 128.
    pub integrated_lufs: f64,
    /// Highest point of the decoded MP3's curve.
    pub true_peak_dbfs: f64,
}

impl Entry {
    /// Measures a track; `heard` is the decoded MP3.
    pub fn new(file: String, title: &str, mp3: &[u8], wav: &[u8], heard: &Bus) -> Result<Self> {
        let loudness = measure(heard)?;
        Ok(Self {
            file,
            title: title.to_owned(),
            sha256: fingerprint(mp3),
            wav_sha256: fingerprint(wav),
            size_bytes: mp3.len(),
            duration_seconds: hundredths(heard.len() as f64 / f64::from(RATE)),
            integrated_lufs: hundredths(loudness.integrated),
            true_peak_dbfs: hundredths(loudness.true_peak),
        })
    }

    /// Refuses a track that breaks a rule: it would clip, stand out, bore, or be too heavy for a page.
    pub fn check(&self) -> Result<()> {
        let file = &self.file;
        ensure!((60.0..=120.0).contains(&self.duration_seconds), "{file} plays {} s", self.duration_seconds);
        ensure!((-15.0..=-13.0).contains(&self.integrated_lufs), "{file} has {} LUFS", self.integrated_lufs);
        ensure!(self.true_peak_dbfs <= -1.0, "{file} peaks at {} dBFS", self.true_peak_dbfs);
        ensure!(self.size_bytes <= 1_400_000, "{file} has {} bytes", self.size_bytes);
        Ok(())
    }
}

/// Writes the manifest beside the tracks.
pub fn write(folder: &Path, entries: &[Entry]) -> Result<()> {
    let mut text = serde_json::to_string_pretty(entries)?;
    text.push('\n');
    Ok(fs::write(folder.join(FILE_NAME), text)?)
}

fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The manifest as committed, and the folder it stands in.
    fn committed() -> (&'static Path, Vec<Entry>) {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../music"));
        let text = fs::read(folder.join(FILE_NAME)).unwrap();
        (folder, serde_json::from_slice(&text).unwrap())
    }

    #[test]
    fn the_committed_tracks_are_those_of_the_manifest() {
        let (folder, entries) = committed();
        assert_eq!(entries.len(), crate::track::COUNT);
        for entry in entries {
            let mp3 = fs::read(folder.join(&entry.file)).unwrap();
            assert_eq!((fingerprint(&mp3), mp3.len()), (entry.sha256, entry.size_bytes), "{}", entry.file);
        }
    }

    #[test]
    fn the_committed_tracks_keep_the_rules() {
        for entry in committed().1 {
            entry.check().unwrap();
        }
    }
}
