//! What goes over the stream, as server-sent events (WHATWG HTML, section 9.2), and who has missed too much of it.

use std::fmt::Write;

use axum::body::Bytes;

use crate::log::model::LogRow;

/// How many missed events are sent to whoever comes back. Who has missed more is told to read anew, which is quicker.
pub const MOST_MISSED: i64 = 1000;

/// From how many bytes on a message takes no more events. What waits for slow listeners is bounded by this, times their
/// number, also where every event is as large as it may be.
const MESSAGE_BYTES: usize = 64 * 1024;

/// After how many milliseconds a browser comes back by itself.
const RETRY: u32 = 2000;

/// The first thing on a stream: where it begins, so that whoever is cut off before any event comes back to that point.
pub fn beginning(position: i64) -> Bytes {
    format!("retry: {RETRY}\nid: {position}\n\n").into()
}

/// Events, each under its place in the order of commits, as messages that are not large.
pub fn events(rows: &[LogRow]) -> Vec<Bytes> {
    let (mut messages, mut text) = (Vec::new(), String::new());
    for row in rows {
        // One line, because JSON has no line breaks of its own.
        let event = serde_json::to_string(&row.event()).expect("an event is JSON");
        writeln!(text, "id: {}\nevent: event\ndata: {event}\n", row.seq).expect("memory takes it");
        if text.len() >= MESSAGE_BYTES {
            messages.push(std::mem::take(&mut text).into());
        }
    }
    if !text.is_empty() {
        messages.push(text.into());
    }
    messages
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
    use serde_json::value::RawValue;
    use sqlx::types::Json;
    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_message_ends_with_an_empty_line() {
        assert_eq!(beginning(7), "retry: 2000\nid: 7\n\n");
        assert_eq!(stats(b"{\"total_events\":1}"), "event: stats\ndata: {\"total_events\":1}\n\n");
        assert_eq!(reset(9), "id: 9\nevent: reset\ndata: {}\n\n");
        assert_eq!((heartbeat(), events(&[])), (":\n\n".into(), Vec::<Bytes>::new()));
    }

    #[test]
    fn large_events_are_parted_into_messages_and_none_is_lost() {
        let row = |seq| LogRow {
            id: Uuid::nil(),
            visitor_id: "alice".to_owned(),
            experiment_id: None,
            variant: None,
            event_type: "click".to_owned(),
            event_name: None,
            metadata: Json(RawValue::from_string(format!("[\"{}\"]", "x".repeat(20_000))).unwrap()),
            page_url: Some("a line\nand another".to_owned()),
            created_at: OffsetDateTime::UNIX_EPOCH,
            excluded: None,
            user_agent: None,
            seq,
        };
        let messages = events(&(1..=10).map(row).collect::<Vec<_>>());
        assert!(messages.iter().all(|message| message.len() < MESSAGE_BYTES + 21_000));
        let text = messages.concat();
        let text = str::from_utf8(&text).unwrap();
        let ids: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("id: ")).collect();
        assert_eq!(ids, ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
        assert_eq!(text.lines().count(), 4 * 10, "a line break inside is escaped");
    }
}
