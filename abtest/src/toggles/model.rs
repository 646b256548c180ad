//! What a toggle must be.

use garde::Validate;
use garde::error::Error;
use pushnami_common::extract::given;
use pushnami_common::text;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The largest `config`, in bytes of JSON.
const CONFIG_LIMIT: usize = 16 * 1024;

/// What code calls a toggle: 1 to 100 of `a-z`, `0-9`, `_`, `-` and `.`, beginning with a letter or a digit.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(min_length = 1, max_length = 100, pattern = "^[a-z0-9][a-z0-9_.-]*$", example = "matrix_rain")]
pub struct ToggleKey(#[garde(custom(key))] pub String);

/// What people call a toggle: 1 to 255 characters, not blank.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(min_length = 1, max_length = 255, pattern = r"\S", example = "Greek rain")]
pub struct ToggleName(#[garde(custom(text::name(255)))] pub String);

/// What a toggle switches: at most 10,000 characters.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(max_length = 10_000)]
pub struct ToggleDescription(#[garde(custom(text::sized(0, 10_000)))] pub String);

/// Settings of what a toggle switches: an object of at most 16 KiB.
#[derive(Clone, Debug, Default, Deserialize, Validate, ToSchema)]
#[garde(transparent)]
#[schema(value_type = std::collections::HashMap<String, Value>)]
pub struct ToggleConfig(#[garde(custom(config))] pub Map<String, Value>);

/// A toggle to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
pub struct NewToggle {
    /// What code calls it; no other toggle may have it.
    #[garde(dive)]
    pub key: ToggleKey,
    /// What people call it.
    #[garde(dive)]
    pub name: ToggleName,
    /// What it switches.
    #[serde(default)]
    #[garde(dive)]
    pub description: ToggleDescription,
    /// On or off; off if left out, so that nothing happens before somebody wants it to.
    #[serde(default)]
    #[garde(skip)]
    pub enabled: bool,
    /// Its settings.
    #[serde(default)]
    #[garde(dive)]
    pub config: ToggleConfig,
}

/// What is to change: a field left out stays as it is, `null` is refused.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
pub struct ToggleChange {
    /// The new name.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub name: Option<ToggleName>,
    /// The new description.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub description: Option<ToggleDescription>,
    /// On or off.
    #[serde(default, deserialize_with = "given")]
    #[garde(skip)]
    #[schema(nullable = false)]
    pub enabled: Option<bool>,
    /// The new settings, in place of the old ones as a whole.
    #[serde(default, deserialize_with = "given")]
    #[garde(dive)]
    #[schema(nullable = false)]
    pub config: Option<ToggleConfig>,
}

fn key(key: &str, (): &()) -> garde::Result {
    text::check(key, 1, 100).map_err(Error::new)?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let fits = plain(key.as_bytes()[0]) && key.bytes().all(|b| plain(b) || b"_-.".contains(&b));
    fits.then_some(())
        .ok_or_else(|| Error::new("must be of a-z, 0-9, `_`, `-` and `.`, beginning with a letter or a digit"))
}

fn config(config: &Map<String, Value>, (): &()) -> garde::Result {
    text::check_storable(config, CONFIG_LIMIT).map_err(Error::new)
}
