//! What text from outside may hold. Lengths count characters (Unicode scalar values), as a person would.

use garde::error::Error;
use serde_json::{Map, Value};

/// Fails with the sentence the client will read when `text` is shorter or longer than allowed, or holds a NUL, which
/// Postgres cannot store.
pub fn check(text: &str, min: usize, max: usize) -> Result<(), String> {
    let chars = text.chars().count();
    if text.contains('\0') {
        Err("must not contain a NUL character".to_owned())
    } else if chars < min && chars == 0 {
        Err("must not be empty".to_owned())
    } else if chars < min || chars > max {
        Err(format!("must have {min} to {max} characters, got {chars}"))
    } else {
        Ok(())
    }
}

/// A garde rule: `min` to `max` characters, no NUL.
pub fn sized(min: usize, max: usize) -> impl Fn(&str, &()) -> Result<(), Error> {
    move |text, ()| check(text, min, max).map_err(Error::new)
}

/// A garde rule: the same for a field that may be left out.
pub fn sized_if_given(min: usize, max: usize) -> impl Fn(&Option<String>, &()) -> Result<(), Error> {
    move |text, ()| text.as_deref().map_or(Ok(()), |text| check(text, min, max).map_err(Error::new))
}

/// Like [`check`], and fails also when there is nothing to read in it.
pub fn check_name(text: &str, max: usize) -> Result<(), String> {
    check(text, 1, max)?;
    if text.trim().is_empty() { Err("must not be blank".to_owned()) } else { Ok(()) }
}

/// A garde rule: a name of at most `max` characters, neither empty nor blank, no NUL.
pub fn name(max: usize) -> impl Fn(&str, &()) -> Result<(), Error> {
    move |text, ()| check_name(text, max).map_err(Error::new)
}

/// Fails when a JSON object is larger than `limit` bytes or holds a NUL, which `jsonb` cannot store.
pub fn check_storable(object: &Map<String, Value>, limit: usize) -> Result<(), String> {
    let bytes = serde_json::to_vec(object).map_or(usize::MAX, |json| json.len());
    if bytes > limit {
        return Err(format!("must have at most {limit} bytes of JSON, got {bytes}"));
    }
    if object.iter().any(|(key, value)| key.contains('\0') || holds_nul(value)) {
        return Err("must not contain a NUL character".to_owned());
    }
    Ok(())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => members.iter().any(|(key, value)| key.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_inclusive_and_the_sentence_names_them() {
        assert_eq!(check("ab", 1, 2), Ok(()));
        assert_eq!(check("abc", 1, 2), Err("must have 1 to 2 characters, got 3".to_owned()));
        assert_eq!(check("", 1, 2), Err("must not be empty".to_owned()));
        assert_eq!(check("\0", 1, 2), Err("must not contain a NUL character".to_owned()));
        assert_eq!(check_name(" \u{3000}\t", 9), Err("must not be blank".to_owned()));
    }
}
