//! What metrics is told.

use pushnami_common::config::{CommonConfig, ConfigError, Env, wrong};
use pushnami_common::privacy::PrivacyPolicy;

/// Read once, in `main`.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service is told.
    pub common: CommonConfig,
    /// Where Postgres is; may hold a password.
    pub database_url: String,
    /// After how many days single events are deleted; their counts stay. Never, unless it is said.
    pub retention_days: Option<u32>,
    /// How visitors' wishes are answered.
    pub privacy: PrivacyPolicy,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable holds what it may not.
    pub fn read(env: &Env, common: CommonConfig) -> Result<Self, ConfigError> {
        Ok(Self {
            common,
            database_url: env.database_url()?,
            retention_days: read_retention(env)?,
            privacy: PrivacyPolicy::read(env)?,
        })
    }
}

fn read_retention(env: &Env) -> Result<Option<u32>, ConfigError> {
    let Some(held) = env.get("RETENTION_DAYS") else { return Ok(None) };
    match held.parse() {
        Ok(days) if (1..=36_500).contains(&days) => Ok(Some(days)),
        _ => Err(wrong(
            "RETENTION_DAYS",
            held,
            "a number of days from 1 to 36500, or nothing, and events are kept for good",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(held: &str) -> Result<Option<u32>, String> {
        read_retention(&Env::of(&[("RETENTION_DAYS", held)])).map_err(|error| error.0)
    }

    #[test]
    fn retention_is_a_number_of_days_and_off_unless_it_is_said() {
        assert_eq!(read_retention(&Env::of(&[])).map_err(|error| error.0), Ok(None));
        assert_eq!((read(""), read("1"), read("36500")), (Ok(None), Ok(Some(1)), Ok(Some(36_500))));
        for wrong in ["0", "-1", "36501", "1.5", "a week", "99999999999999999999"] {
            let refusal = read(wrong).unwrap_err();
            assert!(refusal.starts_with(&format!("RETENTION_DAYS is `{wrong}`; it may hold")), "{refusal}");
        }
    }
}
