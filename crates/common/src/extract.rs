//! Our own extractors: every refusal is a [`Problem`](crate::error::Problem) that names the field.

use std::fmt;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::error::{ApiError, FieldError};
use crate::patience::is_too_slow;

/// A JSON body, an object, checked; or a JSON answer.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// A JSON body that may also come as `text/plain` or without a type: `sendBeacon` sends text, so that no preflight is needed.
#[derive(Clone, Copy, Debug)]
pub struct BeaconJson<T>(pub T);

/// A `T` that must come as a JSON object. serde's own structs also take an array of their fields' values in order, which
/// no client means: `["x"]` would create an experiment called x.
#[derive(Clone, Copy, Debug, Validate)]
#[garde(transparent)]
pub struct Object<T: Validate<Context = ()>>(#[garde(dive)] pub T);

/// Query parameters, checked.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

/// Parameters of the path.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<'de, T: Deserialize<'de> + Validate<Context = ()>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(members))
            }
        }

        deserializer.deserialize_map(Members(PhantomData)).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Validate<Context = ()>> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::unsupported("the body must be JSON, sent as `content-type: application/json`"));
        }
        let Object(body) = read_json(request, state).await?;
        Ok(Self(body))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Validate<Context = ()>> FromRequest<S> for BeaconJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        parse_json(&read_beacon(request, state).await?).map(Self)
    }
}

/// The body of a [`BeaconJson`], not read as JSON yet: for calls that first ask whether they can take so much.
///
/// # Errors
/// 413 and 415, or 400 when it did not come to its end.
pub async fn read_beacon<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    let media = media_type(request.headers());
    if !(is_json(request.headers()) || media.is_empty() || media == "text/plain") {
        return Err(ApiError::unsupported("the body must be JSON, sent as application/json or text/plain"));
    }
    read_body(request, state).await
}

impl<S: Send + Sync, T: DeserializeOwned + Validate<Context = ()>> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let found = serde_path_to_error::deserialize(serde_html_form::Deserializer::from_bytes(query.as_bytes()))
            .map_err(|error| wrong_shape(&error.path().to_string(), &error.inner().to_string()))?;
        validate(found).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        #[expect(clippy::disallowed_types, reason = "this is the extractor the others are to use")]
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|path| Self(path.0)).map_err(|rejection| match rejection.status() {
            StatusCode::BAD_REQUEST => wrong_shape("path", &rejection.body_text()),
            _ => ApiError::internal(rejection),
        })
    }
}

/// Reads bytes as UTF-8 JSON and checks what they say.
///
/// # Errors
/// 400 when they are not UTF-8; 422, with pointers, when they do not parse or break a limit.
pub fn parse_json<T: DeserializeOwned + Validate<Context = ()>>(bytes: &[u8]) -> Result<T, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ApiError::bad_request("the body is not UTF-8"))?;
    // Keeping track of where the parser is costs as much as parsing: only who is refused is told where.
    let found = serde_json::from_str(text).or_else(|_| with_whole_numbers(text).ok_or_else(|| explain::<T>(text)))?;
    validate(found)
}

/// Reads a text that writes whole numbers as `1.0`, which JSON Schema takes for integers and serde does not. A second try,
/// so that nobody pays for it who writes them as everybody does.
fn with_whole_numbers<T: DeserializeOwned>(text: &str) -> Option<T> {
    let mut value = serde_json::from_str(text).ok()?;
    make_whole(&mut value).then(|| serde_json::from_value(value).ok())?
}

/// Writes each number without a fraction as an integer; `true` if there was one. Above 2^53 a float stands for several.
fn make_whole(value: &mut Value) -> bool {
    match value {
        Value::Number(number) if number.is_f64() => {
            let whole = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0);
            // Exact, as the line above made sure.
            whole.map(|float| *value = Value::from(float as i64)).is_some()
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, item| make_whole(item) | found),
        Value::Object(members) => members.values_mut().fold(false, |found, member| make_whole(member) | found),
        _ => false,
    }
}

/// Why a text is no `T`, and where.
fn explain<T: DeserializeOwned>(text: &str) -> ApiError {
    let mut json = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, T>(&mut json) {
        Err(error) => wrong_shape(&error.path().to_string(), &error.inner().to_string()),
        Ok(_) => wrong_shape(".", &json.end().map_or_else(|error| error.to_string(), |()| "is not JSON".to_owned())),
    }
}

/// For an optional field of a partial change, with `#[serde(default, deserialize_with = "given")]`: it may be left out,
/// but where it is given it must hold a value; `null` is refused.
///
/// # Errors
/// When the value, or `null`, is not a `T`.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

async fn read_json<S: Send + Sync, T: DeserializeOwned + Validate<Context = ()>>(
    request: Request,
    state: &S,
) -> Result<T, ApiError> {
    parse_json(&read_body(request, state).await?)
}

async fn read_body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large("the body is larger than this call takes"),
        _ if is_too_slow(&rejection) => {
            ApiError::new(StatusCode::REQUEST_TIMEOUT, "the body came too slowly").with_source(rejection)
        }
        _ => ApiError::bad_request("the body ended before it was complete").with_source(rejection),
    })
}

fn validate<T: Validate<Context = ()>>(found: T) -> Result<T, ApiError> {
    match found.validate() {
        Ok(()) => Ok(found),
        Err(report) => Err(ApiError::invalid(
            report.iter().map(|(path, error)| FieldError::new(pointer(&path.to_string()), error.message())).collect(),
        )),
    }
}

fn wrong_shape(path: &str, detail: &str) -> ApiError {
    let pointer = pointer(path);
    // serde reports a missing field at the object that should have it; a client looks for the field itself.
    let missing = detail.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let error = match missing {
        Some(field) if pointer.ends_with(&format!("/{field}")) => FieldError::new(pointer, "is missing"),
        Some(field) => FieldError::new(format!("{pointer}/{field}"), "is missing"),
        // The parser's own words tell where it stumbled; the client wants to know what to send.
        None if detail.starts_with("UUID parsing failed") => FieldError::new(pointer, "must be a UUID"),
        None => FieldError::new(pointer, detail),
    };
    ApiError::invalid(vec![error])
}

/// `variants[0].name` as a JSON pointer (RFC 6901); the whole input is the empty pointer. A `/` inside a key is escaped;
/// a `.` or `[` cannot be told from the path's own punctuation and parts the key, which still leads to the right place.
fn pointer(path: &str) -> String {
    if matches!(path, "" | ".") {
        return String::new();
    }
    let path = path.replace('~', "~0").replace('/', "~1");
    format!("/{}", path.replace("].", "/").replace(['.', '['], "/").replace(']', "")).replace("//", "/")
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = media_type(headers);
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_pointers() {
        assert_eq!(pointer("."), "");
        assert_eq!(pointer("name"), "/name");
        assert_eq!(pointer("variants[0]"), "/variants/0");
        assert_eq!(pointer("[3].metadata.a"), "/3/metadata/a");
        assert_eq!(pointer("traffic_split.a/b~c"), "/traffic_split/a~1b~0c");
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_float() {
        #[derive(Debug, Deserialize, Validate, PartialEq)]
        #[garde(allow_unvalidated)]
        struct Counts {
            count: u32,
            share: f64,
        }
        let read = |text: &str| parse_json::<Counts>(text.as_bytes()).map_err(|error| error.problem().errors);
        assert_eq!(read(r#"{"count": 7.0, "share": 2.0}"#), Ok(Counts { count: 7, share: 2.0 }));
        assert_eq!(read(r#"{"count": 7e2, "share": 0.5}"#), Ok(Counts { count: 700, share: 0.5 }));
        for wrong in ["7.5", "-1.0", "1e300", "9007199254740993.0"] {
            let errors = read(&format!(r#"{{"count": {wrong}, "share": 0.5}}"#)).unwrap_err();
            assert_eq!(errors[0].pointer, "/count", "{wrong}");
        }
    }

    #[test]
    fn a_missing_field_is_pointed_at() {
        let errors = |detail| wrong_shape("[3]", detail).problem().errors;
        assert_eq!(errors("missing field `name` at line 1 column 2")[0].pointer, "/3/name");
        assert_eq!(errors("invalid type: null, expected a string")[0].pointer, "/3");
    }
}
