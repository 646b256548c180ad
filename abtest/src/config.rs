//! What abtest is told.

use pushnami_common::config::{CommonConfig, ConfigError, Env};
use pushnami_common::privacy::PrivacyPolicy;

/// Read once, in `main`.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service is told.
    pub common: CommonConfig,
    /// Where Postgres is; may hold a password.
    pub database_url: String,
    /// How visitors' wishes are answered.
    pub privacy: PrivacyPolicy,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable holds what it may not.
    pub fn read(env: &Env, common: CommonConfig) -> Result<Self, ConfigError> {
        Ok(Self { common, database_url: env.database_url()?, privacy: PrivacyPolicy::read(env)? })
    }
}
