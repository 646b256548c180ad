//! A plain body that follows a schema, and the same with one of its texts replaced.

use serde_json::{Map, Value, json};

/// The simplest value that follows a schema: its example, or what its type asks for.
pub fn sample(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let found = document.pointer(name.trim_start_matches('#'));
        return sample(document, found.unwrap_or_else(|| panic!("the document lacks {name}")));
    }
    if let Some(given) = schema.get("example").or_else(|| schema["enum"].get(0)) {
        return given.clone();
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[several].get(0) {
            let no_null = schema[several].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null"));
            return sample(document, no_null.unwrap_or(first));
        }
    }
    // `["string", "null"]` stands for an optional text.
    let kind = schema["type"].get(0).unwrap_or(&schema["type"]);
    match (kind.as_str(), schema["format"].as_str()) {
        (Some("string"), Some("uuid")) => json!("01980000-0000-7000-8000-0000000000ff"),
        (Some("string"), Some("email")) => json!("daphne@example.com"),
        (Some("string"), Some("date-time")) => json!("2026-01-02T12:00:00Z"),
        (Some("string"), _) => json!("x"),
        (Some("integer" | "number"), _) => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        (Some("boolean"), _) => json!(true),
        (Some("array"), _) => json!([sample(document, &schema["items"])]),
        _ => {
            let members = schema["properties"].as_object().into_iter().flatten();
            Value::Object(members.map(|(name, member)| (name.clone(), sample(document, member))).collect())
        }
    }
}

/// How many texts a value holds, names of members included.
pub fn texts(value: &Value) -> usize {
    match value {
        Value::String(_) => 1,
        Value::Array(items) => items.iter().map(texts).sum(),
        Value::Object(members) => members.values().map(|member| 1 + texts(member)).sum(),
        _ => 0,
    }
}

/// The bytes of a body, and their media type, with `text` as the text that stands at a place.
pub fn write(media: &str, body: &Value, text: Option<(usize, &str)>) -> Option<(String, Vec<u8>)> {
    let mut left = text.map_or(0, |(place, _)| place);
    let body = match text {
        Some((_, text)) => replaced(body, &mut left, text, &mut false),
        None => body.clone(),
    };
    let members = body.as_object().into_iter().flatten();
    Some(match media {
        "application/x-www-form-urlencoded" => {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let fields =
                members.map(|(name, value)| format!("{}={}", super::escaped(name), super::escaped(&text(value))));
            (media.to_owned(), fields.collect::<Vec<_>>().join("&").into_bytes())
        }
        "multipart/form-data" => {
            let name = text.map_or("x.mp3", |(_, text)| text).replace(['"', '\r', '\n', '\0'], "_");
            let part = format!(
                "--frontier\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 content-type: audio/mpeg\r\n\r\nno track\r\n--frontier--\r\n"
            );
            ("multipart/form-data; boundary=frontier".to_owned(), part.into_bytes())
        }
        _ => (media.to_owned(), body.to_string().into_bytes()),
    })
}

/// The same value with the text `left` texts from here replaced; `done` when that has happened.
fn replaced(value: &Value, left: &mut usize, text: &str, done: &mut bool) -> Value {
    let mut is_it = || {
        let found = !*done && *left == 0;
        *done |= found;
        *left = left.saturating_sub(1);
        found
    };
    match value {
        Value::String(own) => Value::String(if is_it() { text } else { own }.to_owned()),
        Value::Array(items) => items.iter().map(|item| replaced(item, left, text, done)).collect(),
        Value::Object(members) => {
            let mut written = Map::new();
            for (name, member) in members {
                let found = !*done && *left == 0;
                *done |= found;
                *left = left.saturating_sub(1);
                let name = if found { text } else { name };
                written.insert(name.to_owned(), replaced(member, left, text, done));
            }
            Value::Object(written)
        }
        other => other.clone(),
    }
}
