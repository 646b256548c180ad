//! From WAV to MP3 and back, by the `lame` program.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::track::{COUNT, Track};

/// The artist in every track's tag.
pub const ARTIST: &str = "Pushnami Muses";
/// The album in every track's tag, which is also the name of the page's player.
pub const ALBUM: &str = "TEMPLE.FM";
/// The year in every track's tag.
pub const YEAR: &str = "2026";

/// Writes the MP3. The rate is constant: a seek bar is exact then, without an index.
pub fn encode(wav: &Path, mp3: &Path, track: &Track) -> Result<()> {
    let number = format!("{}/{COUNT}", track.number);
    lame(
        Command::new("lame")
            .args(["--quiet", "-b", "128", "--cbr", "-q", "2", "--id3v2-only"])
            // At this rate `lame` multiplies everything by 0.95 against clipping; the mastering has seen to that already.
            .args(["--scale", "1.0526"])
            .args(["--tt", track.title, "--ta", ARTIST, "--tl", ALBUM, "--ty", YEAR, "--tn", &number])
            .args(["--tg", track.genre, "--tc", "rendered by landing/assets/music"])
            .args([wav, mp3]),
    )
}

/// Plays the MP3 into a WAV file: what a listener gets.
pub fn decode(mp3: &Path, wav: &Path) -> Result<()> {
    lame(Command::new("lame").args(["--quiet", "--decode"]).args([mp3, wav]))
}

fn lame(command: &mut Command) -> Result<()> {
    let status = command.status().context("`lame` does not start; Debian's package is called lame")?;
    ensure!(status.success(), "`lame` ended with {status}");
    Ok(())
}
