//! What an event's metadata may hold: any JSON object that Postgres can keep, and not too much of it.

use garde::error::Error;
use serde_json::{Map, Value};

/// The largest metadata of an event, in bytes of JSON with every number written out.
pub const LIMIT: usize = 16 * 1024;

/// A garde rule: metadata that Postgres can hold, and not too much of it.
pub fn storable(metadata: &Option<Map<String, Value>>, (): &()) -> Result<(), Error> {
    let Some(metadata) = metadata else { return Ok(()) };
    if metadata.iter().any(|(key, value)| key.contains('\0') || holds_nul(value)) {
        return Err(Error::new("must not contain a NUL character"));
    }
    let json = serde_json::to_vec(metadata).map_err(|error| Error::new(error.to_string()))?;
    let bytes = json.len() + metadata.values().map(growth).sum::<usize>();
    if bytes > LIMIT {
        return Err(Error::new(format!("must have at most {LIMIT} bytes of JSON, got {bytes}")));
    }
    Ok(())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// By how many bytes a value grows when it comes back: Postgres writes numbers without exponents, so that each `1e308`
/// of five bytes is read as 309. Unweighed, one page of the log could take gigabytes.
fn growth(value: &Value) -> usize {
    match value {
        Value::Number(number) if number.is_f64() => {
            let written_out = number.as_f64().map_or(0, |number| format!("{number}").len());
            written_out.saturating_sub(number.to_string().len())
        }
        Value::Array(items) => items.iter().map(growth).sum(),
        Value::Object(fields) => fields.values().map(growth).sum(),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judge(metadata: Value) -> Result<(), String> {
        storable(&metadata.as_object().cloned(), &()).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn metadata_is_weighed_as_it_comes_back() {
        let around = json!({"text": ""}).to_string().len();
        assert_eq!(judge(json!({"text": "a".repeat(LIMIT - around)})), Ok(()));
        let heavier = judge(json!({"text": "a".repeat(LIMIT - around + 1)}));
        assert_eq!(heavier, Err("must have at most 16384 bytes of JSON, got 16385".to_owned()));

        assert_eq!(judge(json!({"huge": 1e308, "tiny": 5e-324})), Ok(()));
        assert!(judge(json!({"nested": [{"huge": vec![1e308; 60]}]})).is_err());
    }

    #[test]
    fn a_nul_is_found_wherever_it_hides() {
        for hidden in [json!({"a\0": 1}), json!({"a": "\0"}), json!({"a": [{"b": ["\0"]}]}), json!({"a": [{"\0": 1}]})]
        {
            assert_eq!(judge(hidden), Err("must not contain a NUL character".to_owned()));
        }
    }
}
