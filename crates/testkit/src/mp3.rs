//! Real MP3s made in memory: silent MPEG-1 Layer III frames, and bytes that only pretend.

/// One silent frame: MPEG-1 Layer III, 128 kbit/s, 44.1 kHz, stereo, without padding; 417 bytes, 1152 samples.
pub fn frame() -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    frame.resize(417, 0);
    frame
}

/// A silent track of about `seconds` (38.28 frames a second).
pub fn silence(seconds: u32) -> Vec<u8> {
    frame().repeat((f64::from(seconds) * 44_100.0 / 1152.0).ceil() as usize)
}

/// A silent track filled up with frames to at most `bytes` bytes, then with padding zeros to exactly that many.
pub fn silence_of(bytes: usize) -> Vec<u8> {
    let mut track = frame().repeat(bytes / 417);
    track.resize(bytes, 0);
    track
}

/// A track that opens with an ID3v2.3 tag of a title and an artist.
pub fn tagged(title: &str, artist: &str, seconds: u32) -> Vec<u8> {
    let text = |id: &[u8; 4], text: &str| {
        let mut body = vec![3]; // UTF-8
        body.extend_from_slice(text.as_bytes());
        let mut frame = id.to_vec();
        frame.extend_from_slice(&synchsafe(body.len()));
        frame.extend_from_slice(&[0, 0]);
        frame.extend_from_slice(&body);
        frame
    };
    let frames = [text(b"TIT2", title), text(b"TPE1", artist)].concat();
    let mut track = b"ID3\x04\x00\x00".to_vec(); // version 2.4, whose text may be UTF-8
    track.extend_from_slice(&synchsafe(frames.len()));
    track.extend_from_slice(&frames);
    track.extend_from_slice(&silence(seconds));
    track
}

/// Seven bits a byte, as ID3 writes sizes.
fn synchsafe(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| ((size >> shift) & 0x7f) as u8)
}
