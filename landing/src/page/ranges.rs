//! A part of an embedded file, for whoever asks for one (RFC 9110, section 14): a download that goes on where it broke off.

use std::ops::RangeInclusive;

use axum::http::HeaderMap;
use axum::http::header::{IF_RANGE, RANGE};
use http_range_header::parse_range_header;

/// What a request wants of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All of it: no part was asked for, or in a way that we need not understand, or of another version.
    Whole,
    /// These bytes.
    Part(RangeInclusive<u64>),
    /// Bytes that the file does not have.
    Beyond,
}

/// Reads the request; `etag` and `length` are those of the file as it is stored, uncompressed.
pub fn wanted(headers: &HeaderMap, etag: &[u8], length: u64) -> Wanted {
    let Some(range) = headers.get(RANGE).and_then(|range| range.to_str().ok()) else { return Wanted::Whole };
    if headers.get(IF_RANGE).is_some_and(|known| known.as_bytes() != etag) {
        return Wanted::Whole;
    }
    let Ok(ranges) = parse_range_header(range) else { return Wanted::Whole };
    match ranges.validate(length).as_deref() {
        Ok([part]) => Wanted::Part(part.clone()),
        // Several parts in one answer serve nobody here.
        Ok(_) => Wanted::Whole,
        Err(_) => Wanted::Beyond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &'static str, if_range: Option<&'static str>) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(RANGE, range.parse().unwrap());
        if let Some(tag) = if_range {
            headers.insert(IF_RANGE, tag.parse().unwrap());
        }
        wanted(&headers, b"\"a\"", 100)
    }

    #[test]
    fn one_part_is_given_and_everything_else_is_the_whole() {
        assert_eq!(wanted(&HeaderMap::new(), b"\"a\"", 100), Wanted::Whole);
        assert_eq!(asked("bytes=0-9", None), Wanted::Part(0..=9));
        assert_eq!(asked("bytes=90-", Some("\"a\"")), Wanted::Part(90..=99));
        assert_eq!(asked("bytes=-10", None), Wanted::Part(90..=99));
        assert_eq!(asked("bytes=0-9", Some("\"b\"")), Wanted::Whole);
        assert_eq!(asked("bytes=0-9,20-29", None), Wanted::Whole);
        assert_eq!(asked("lines=0-9", None), Wanted::Whole);
        assert_eq!(asked("bytes=100-", None), Wanted::Beyond);
    }
}
