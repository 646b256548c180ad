//! What goes over the stream, as server-sent events (WHATWG HTML, section 9.2), and who has missed too much of it.

use std::fmt::Write;

use axum::body::Bytes;

use crate::log::model::LogRow;

/// How many missed events are sent to whoever comes back. Who has missed more is told to read anew, which is quicker.
pub const MOST_MISSED: i64 = 1000;

/// After how many milliseconds a browser comes back by itself.
const RETRY: u32 = 2000;

/// The first thing on a stream: where it begins, so that whoever is cut off before any event comes back to that point.
pub fn beginning(position: i64) -> Bytes {
    format!("retry: {RETRY}\nid: {position}\n\n").into()
}

/// Events, each under its place in the order of commits.
pub fn events(rows: &[LogRow]) -> Bytes {
    let mut text = String::with_capacity(rows.len() * 512);
    for row in rows {
        // One line, because JSON has no line breaks of its own.
        let event = serde_json::to_string(&row.event()).expect("an event is JSON");
        writeln!(text, "id: {}\nevent: event\ndata: {event}\n", row.seq).expect("memory takes it");
    }
    text.into()
}

/// The counts, as `GET /api/stats` answers them.
pub fn stats(body: &[u8]) -> Bytes {
    [b"event: stats\ndata: ", body, b"\n\n"].concat().into()
}

/// Tells a listener that more was missed than is sent: what it shows must be read anew. The stream goes on from here.
pub fn reset(position: i64) -> Bytes {
    format!("id: {position}\nevent: reset\ndata: {{}}\n\n").into()
}

/// A line without meaning, which keeps proxies from taking quiet for death.
pub fn heartbeat() -> Bytes {
    Bytes::from_static(b":\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_ends_with_an_empty_line() {
        assert_eq!(beginning(7), "retry: 2000\nid: 7\n\n");
        assert_eq!(stats(b"{\"total_events\":1}"), "event: stats\ndata: {\"total_events\":1}\n\n");
        assert_eq!(reset(9), "id: 9\nevent: reset\ndata: {}\n\n");
        assert_eq!((heartbeat(), events(&[])), (":\n\n".into(), "".into()));
    }
}
