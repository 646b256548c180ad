//! Whether a file is an MP3, by its content.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use lofty::config::ParseOptions;
use lofty::file::TaggedFile;
use lofty::file::{AudioFile, TaggedFileExt};
use lofty::mpeg::{Layer, MpegFile};
use lofty::tag::Accessor;

use super::model::TrackFacts;

/// Reads what an MP3 tells of itself; `None` when it is none.
///
/// The MPEG frames are read whatever the file is called. Bytes that merely begin like a frame (an HTML page can be made to)
/// have no second frame to go with it, and hence no duration.
pub fn read(path: &Path) -> std::io::Result<Option<TrackFacts>> {
    let mut reader = BufReader::new(File::open(path)?);
    let Ok(mpeg) = MpegFile::read_from(&mut reader, ParseOptions::new()) else {
        return Ok(None);
    };
    let duration_seconds = mpeg.properties().duration().as_secs_f64();
    // Layers I and II are MPEG audio too, but browsers do not play them.
    if duration_seconds <= 0.0 || *mpeg.properties().layer() != Layer::Layer3 {
        return Ok(None);
    }
    let tagged = TaggedFile::from(mpeg);
    let tag = tagged.primary_tag().or_else(|| tagged.first_tag());
    let text = |value: Option<std::borrow::Cow<'_, str>>| {
        value.map(|text| text.trim().replace('\0', "")).filter(|text| !text.is_empty())
    };
    Ok(Some(TrackFacts {
        title: text(tag.and_then(Accessor::title)),
        artist: text(tag.and_then(Accessor::artist)),
        duration_seconds: (duration_seconds * 1000.0).round() / 1000.0,
    }))
}
