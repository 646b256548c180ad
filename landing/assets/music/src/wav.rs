//! WAV files of 16 bits: written for the encoder, read back from the decoder.

use anyhow::{Context as _, Result, ensure};

use crate::bus::{Bus, RATE};
use crate::chance::Chance;

/// Bytes of the header that [`write()`] puts before the samples.
const HEADER: usize = 44;
/// Bytes of a frame: two channels of two bytes.
const FRAME: u32 = 4;

/// The bytes of a WAV file. Noise of a bit's height is added before rounding (dither), so that a fade ends in silence and not in grit.
pub fn write(sound: &Bus) -> Vec<u8> {
    let length = sound.len() as u32 * FRAME;
    let mut file = Vec::with_capacity(HEADER + length as usize);
    file.extend(b"RIFF");
    file.extend((HEADER as u32 - 8 + length).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    file.extend([1, 0, 2, 0]); // uncompressed, two channels
    file.extend((RATE as u32).to_le_bytes());
    file.extend((RATE as u32 * FRAME).to_le_bytes());
    file.extend([FRAME as u8, 0, 16, 0]);
    file.extend(b"data");
    file.extend(length.to_le_bytes());
    let mut dither = Chance::new(1);
    for sample in sound.0.as_flattened() {
        let noise = (dither.noise() + dither.noise()) * 0.5;
        file.extend(((sample * 32_767.0 + noise).round() as i16).to_le_bytes());
    }
    file
}

/// Reads a file of the very form that [`write()`] and `lame --decode` give.
pub fn read(file: &[u8]) -> Result<Bus> {
    let (header, samples) = file.split_at_checked(HEADER).context("too short for a WAV file")?;
    ensure!(header.starts_with(b"RIFF") && header[36..40] == *b"data", "not a plain WAV file");
    ensure!(header[22] == 2 && header[34] == 16, "not 16-bit stereo");
    let value = |bytes: &[u8]| f32::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32_768.0;
    Ok(Bus(samples.chunks_exact(FRAME as usize).map(|frame| [value(frame), value(&frame[2..])]).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let sound = Bus(vec![[0.0, 0.5], [-0.5, 0.25]]);
        let read = read(&write(&sound)).unwrap();
        assert_eq!(read.len(), 2);
        for (after, before) in read.0.as_flattened().iter().zip(sound.0.as_flattened()) {
            assert!((after - before).abs() < 0.0001);
        }
    }

    #[test]
    fn what_is_no_wav_file_is_refused() {
        assert!(read(b"ID3").is_err());
        assert!(read(&[0; 100]).is_err());
    }
}
