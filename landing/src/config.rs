//! What landing is told.

use std::path::PathBuf;

use pushnami_common::config::{CommonConfig, ConfigError, Env, wrong};
use pushnami_common::privacy::PrivacyPolicy;

use crate::page::crawlers::PublicUrl;

/// Read once, in `main`.
#[derive(Clone, Debug)]
pub struct Config {
    /// What every service is told.
    pub common: CommonConfig,
    /// Where abtest is.
    pub abtest_url: String,
    /// Where metrics is.
    pub metrics_url: String,
    /// The folder that is the music library.
    pub music_dir: PathBuf,
    /// How many bytes all tracks together may have.
    pub music_quota: u64,
    /// The file that keeps abtest's configuration for a restart.
    pub configuration_file: PathBuf,
    /// The page's address as the world knows it.
    pub public_url: PublicUrl,
    /// How visitors' wishes are answered.
    pub privacy: PrivacyPolicy,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// When a variable holds what it may not.
    pub fn read(env: &Env, common: CommonConfig) -> Result<Self, ConfigError> {
        let neighbour = |name, port_name, port| {
            let default = format!("http://127.0.0.1:{}", env.port(port_name, port)?);
            env.url(name, &default)
        };
        Ok(Self {
            common,
            abtest_url: neighbour("ABTEST_URL", "ABTEST_PORT", 8002)?,
            metrics_url: neighbour("METRICS_URL", "METRICS_PORT", 8001)?,
            music_dir: env.get("MUSIC_DIR").map_or_else(|| env.data_dir().join("music"), PathBuf::from),
            music_quota: read_quota(env)?,
            configuration_file: env.data_dir().join("configuration.json"),
            public_url: PublicUrl::read(env)?,
            privacy: PrivacyPolicy::read(env)?,
        })
    }
}

/// What all tracks together may have unless the operator says otherwise, in megabytes: a hundred of the largest.
const QUOTA_MEGABYTES: u64 = 2_000;

fn read_quota(env: &Env) -> Result<u64, ConfigError> {
    let may_hold = "a number of megabytes";
    let megabytes: u64 = env.parse("MUSIC_QUOTA_MB", QUOTA_MEGABYTES, may_hold)?;
    megabytes.checked_mul(1_000_000).ok_or_else(|| wrong("MUSIC_QUOTA_MB", megabytes, may_hold))
}
