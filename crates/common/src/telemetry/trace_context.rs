//! W3C Trace Context (<https://www.w3.org/TR/trace-context/>): one trace id from the page through every service.

use axum::http::{HeaderMap, HeaderValue};
use rand::RngExt;

/// The header that carries a trace.
pub const TRACEPARENT: &str = "traceparent";
/// The header with what other tracing systems added; passed on as it is.
pub const TRACESTATE: &str = "tracestate";

/// Where a request stands in its trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceContext {
    trace_id: String,
    /// Who asked us, in the trace that is continued.
    parent_id: Option<String>,
    /// What neighbours are told is their parent, where spans are sent; else each is told another number.
    span_id: Option<String>,
    flags: u8,
    state: Option<HeaderValue>,
}

impl TraceContext {
    /// Continues the trace of these headers; an invalid or missing one starts a fresh trace and drops its state.
    pub fn continue_from(headers: &HeaderMap) -> Self {
        let mut parents = headers.get_all(TRACEPARENT).iter();
        let parent = parents.next().filter(|_| parents.next().is_none()).and_then(|value| value.to_str().ok());
        match parent.and_then(parse) {
            Some((trace_id, parent_id, flags)) => Self {
                trace_id: trace_id.to_owned(),
                parent_id: Some(parent_id.to_owned()),
                span_id: None,
                flags,
                state: headers.get(TRACESTATE).cloned(),
            },
            None => Self { trace_id: random_hex::<16>(), parent_id: None, span_id: None, flags: 0b10, state: None },
        }
    }

    /// The trace's id, 32 lower-case hexadecimal digits.
    pub fn trace_id_hex(&self) -> String {
        self.trace_id.clone()
    }

    /// The trace, the span that asked us, and the flags, of a trace that is continued.
    pub(super) fn parent(&self) -> Option<([u8; 16], [u8; 8], u8)> {
        Some((bytes(&self.trace_id)?, bytes(self.parent_id.as_ref()?)?, self.flags))
    }

    /// From here on the request is this span of this trace.
    pub(super) fn adopt(&mut self, trace_id: [u8; 16], span_id: [u8; 8], is_sampled: bool) {
        self.trace_id = hex(&trace_id);
        self.span_id = Some(hex(&span_id));
        self.flags = self.flags & 0b10 | u8::from(is_sampled);
    }

    /// Puts the trace on an outgoing request, with a parent id of its own.
    pub fn propagate(&self, headers: &mut HeaderMap) {
        let parent = self.span_id.clone().unwrap_or_else(random_hex::<8>);
        let value = format!("00-{}-{parent}-{:02x}", self.trace_id, self.flags);
        headers.insert(TRACEPARENT, HeaderValue::from_str(&value).expect("hexadecimal digits and hyphens"));
        if let Some(state) = &self.state {
            headers.insert(TRACESTATE, state.clone());
        }
    }
}

/// The trace id, the parent's id and the flags we know (sampled, random) of a valid `traceparent`.
fn parse(parent: &str) -> Option<(&str, &str, u8)> {
    let mut fields = parent.splitn(5, '-');
    let (version, trace_id, parent_id, flags) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let rest = fields.next();
    let is_hex =
        |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let is_set = |text: &str, len| is_hex(text, len) && text.bytes().any(|b| b != b'0');
    let known_version = is_hex(version, 2) && version != "ff" && (version != "00" || rest.is_none());
    (known_version && is_set(trace_id, 32) && is_set(parent_id, 16) && is_hex(flags, 2))
        .then(|| (trace_id, parent_id, u8::from_str_radix(flags, 16).unwrap_or_default() & 0b11))
}

/// Random bytes, never all zero, as hexadecimal digits.
fn random_hex<const BYTES: usize>() -> String {
    let mut rng = rand::rng();
    let mut bytes: [u8; BYTES] = rng.random();
    bytes[0] |= 1;
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
}

/// The bytes of as many hexadecimal digits as they need.
fn bytes<const BYTES: usize>(digits: &str) -> Option<[u8; BYTES]> {
    let mut bytes = [0; BYTES];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    (digits.len() == BYTES * 2).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

    fn continued(parents: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for parent in parents {
            headers.append(TRACEPARENT, HeaderValue::from_str(parent).unwrap());
        }
        TraceContext::continue_from(&headers).trace_id == TRACE
    }

    #[test]
    fn valid_parents_are_continued() {
        assert!(continued(&["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]));
        assert!(continued(&["cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]));
        assert!(continued(&["cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra"]));
    }

    #[test]
    fn invalid_parents_start_a_fresh_trace() {
        for parent in [
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.",
            "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.extra",
            "",
        ] {
            assert!(!continued(&[parent]), "{parent}");
        }
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert!(!continued(&[valid, valid]), "two parents");
    }

    #[test]
    fn an_outgoing_request_stays_in_the_trace_with_a_parent_of_its_own() {
        let mut headers = HeaderMap::new();
        headers
            .insert(TRACEPARENT, HeaderValue::from_static("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09"));
        let mut outgoing = HeaderMap::new();
        TraceContext::continue_from(&headers).propagate(&mut outgoing);
        let sent = outgoing[TRACEPARENT].to_str().unwrap();
        assert!(sent.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && sent.ends_with("-01"), "{sent}");
        assert!(!sent.contains("b7ad6b7169203331"));
    }
}
