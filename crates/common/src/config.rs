//! Configuration from the environment and `.env`, read once, in `main`. A wrong value stops the service with a sentence
//! that names the variable, what it held and what it may hold.

use std::collections::HashMap;
use std::fmt::Display;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::auth::{AdminAuth, Password};
use crate::caller::Proxies;
use crate::limits::WRITES_PER_MINUTE;

/// The password that `.env` ships with. It is known to the world, so it serves only on this machine.
pub const SHIPPED_PASSWORD: &str = "olympus";

/// Why a service does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Where variables come from.
#[derive(Clone, Debug, Default)]
pub struct Env(HashMap<String, String>);

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// What every service is told.
#[derive(Clone, Debug)]
pub struct CommonConfig {
    /// The address this process listens on. Differs from `bind_addr` in a container only.
    pub listen_addr: IpAddr,
    /// Port this process listens on.
    pub port: u16,
    /// How long a service that was told to stop says so before it takes no more requests.
    pub drain: Duration,
    /// Who may act as the admin.
    pub admin: AdminAuth,
    /// Origins whose pages may call with credentials.
    pub allowed_origins: Vec<String>,
    /// Networks whose machines may name somebody else as the caller.
    pub trusted_proxies: Proxies,
    /// How many calls that change something one network may make in a minute; 0 for any number.
    pub writes_per_minute: u32,
    /// Which log lines are written, in the syntax of `tracing_subscriber::EnvFilter`.
    pub rust_log: String,
    /// How they look.
    pub log_format: LogFormat,
}

impl Env {
    /// The process's environment, completed by the `.env` of the current folder or one above it.
    ///
    /// # Errors
    /// When a `.env` is there but cannot be read.
    pub fn load() -> Result<Self, ConfigError> {
        match dotenvy::dotenv() {
            Ok(_) => {}
            Err(error) if error.not_found() => {}
            Err(error) => return Err(ConfigError(format!(".env cannot be read: {error}"))),
        }
        Ok(Self(
            std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))).collect(),
        ))
    }

    /// Variables written in a test.
    pub fn of(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// A variable that is there and not empty. (Compose passes an unset variable on as an empty one.)
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A parsed variable, or its default.
    ///
    /// # Errors
    /// When it holds something else than `may_hold`.
    pub fn parse<T: std::str::FromStr>(&self, name: &str, default: T, may_hold: &str) -> Result<T, ConfigError> {
        match self.get(name) {
            None => Ok(default),
            Some(value) => value.parse().map_err(|_| wrong(name, value, may_hold)),
        }
    }

    /// A port.
    ///
    /// # Errors
    /// When it is not one.
    pub fn port(&self, name: &str, default: u16) -> Result<u16, ConfigError> {
        match self.parse(name, default, "a port from 1 to 65535")? {
            0 => Err(wrong(name, "0", "a port from 1 to 65535")),
            port => Ok(port),
        }
    }

    /// The address of a neighbour, without a trailing slash.
    ///
    /// # Errors
    /// When it is not an http address.
    pub fn url(&self, name: &str, default: &str) -> Result<String, ConfigError> {
        let value = self.get(name).unwrap_or(default);
        let authority = value.strip_prefix("http://").or_else(|| value.strip_prefix("https://"));
        match authority {
            Some(rest) if !rest.is_empty() && !rest.contains(char::is_whitespace) => {
                Ok(value.trim_end_matches('/').to_owned())
            }
            _ => Err(wrong(name, value, "an address such as http://127.0.0.1:8002")),
        }
    }

    /// Where Postgres is.
    ///
    /// # Errors
    /// When it is not set or not an address of Postgres. What it held is not repeated: it may hold a password.
    pub fn database_url(&self) -> Result<String, ConfigError> {
        match self.get("DATABASE_URL") {
            Some(url) if url.parse::<sqlx::postgres::PgConnectOptions>().is_ok() => Ok(url.to_owned()),
            Some(_) => Err(ConfigError(
                "DATABASE_URL is not an address of Postgres; it may hold postgres://user:password@host:port/database"
                    .to_owned(),
            )),
            None => Err(ConfigError(
                "DATABASE_URL is not set; it may hold postgres://user:password@host:port/database (`cargo xtask up` starts a Postgres by itself)"
                    .to_owned(),
            )),
        }
    }

    /// The data folder of a bare machine.
    pub fn data_dir(&self) -> PathBuf {
        self.get("PUSHNAMI_DATA").unwrap_or(".pushnami").into()
    }
}

impl CommonConfig {
    /// Reads what every service is told; `port_name` and `default_port` are the service's own.
    ///
    /// # Errors
    /// When a variable holds what it may not.
    pub fn read(env: &Env, port_name: &str, default_port: u16) -> Result<Self, ConfigError> {
        let loopback = IpAddr::from([127, 0, 0, 1]);
        let bind_addr = env.parse("BIND_ADDR", loopback, "an IP address such as 127.0.0.1 or 0.0.0.0")?;
        let admin = read_admin(env)?;
        if !bind_addr.is_loopback() && admin == AdminAuth::Password(Password(SHIPPED_PASSWORD.to_owned())) {
            return Err(ConfigError(format!(
                "ADMIN_PASSWORD is the one that everybody can read in .env, and BIND_ADDR is `{bind_addr}`: set a password of your own, or BIND_ADDR to 127.0.0.1"
            )));
        }
        Ok(Self {
            listen_addr: env.parse("LISTEN_ADDR", bind_addr, "an IP address such as 127.0.0.1 or 0.0.0.0")?,
            port: env.port(port_name, default_port)?,
            drain: read_drain(env)?,
            admin,
            allowed_origins: read_origins(env)?,
            trusted_proxies: env.parse(
                "TRUSTED_PROXIES",
                Proxies::default(),
                "networks such as 10.0.0.0/8, separated by commas, or `none`",
            )?,
            writes_per_minute: env.parse(
                "WRITES_PER_MINUTE",
                WRITES_PER_MINUTE,
                "a number of calls, 0 for any number",
            )?,
            rust_log: env.get("RUST_LOG").unwrap_or("info,sqlx=warn").to_owned(),
            log_format: match env.get("LOG_FORMAT").unwrap_or("text") {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                other => return Err(wrong("LOG_FORMAT", other, "`text` or `json`")),
            },
        })
    }
}

/// The longest time for which a stop may be put off, in seconds.
const LONGEST_DRAIN: u64 = 300;

fn read_drain(env: &Env) -> Result<Duration, ConfigError> {
    let may_hold = "a number of seconds from 0 to 300";
    match env.parse("DRAIN_SECONDS", 0, may_hold)? {
        seconds @ 0..=LONGEST_DRAIN => Ok(Duration::from_secs(seconds)),
        seconds => Err(wrong("DRAIN_SECONDS", seconds, may_hold)),
    }
}

fn read_admin(env: &Env) -> Result<AdminAuth, ConfigError> {
    match env.get("ADMIN_AUTH").unwrap_or("on") {
        "off" => Ok(AdminAuth::Off),
        "on" => match env.get("ADMIN_PASSWORD") {
            Some(password) => Ok(AdminAuth::Password(Password(password.to_owned()))),
            None => Err(ConfigError(
                "ADMIN_PASSWORD is not set; it holds the admin's password (ADMIN_AUTH=off opens the admin to everybody)"
                    .to_owned(),
            )),
        },
        other => Err(wrong("ADMIN_AUTH", other, "`on` or `off`")),
    }
}

/// The page's and the admin's own addresses, unless the operator names others.
fn read_origins(env: &Env) -> Result<Vec<String>, ConfigError> {
    let Some(listed) = env.get("ALLOWED_ORIGINS") else {
        let ports = [env.port("LANDING_PORT", 3000)?, env.port("ADMIN_PORT", 3001)?];
        let hosts = ["localhost", "127.0.0.1"];
        return Ok(ports.iter().flat_map(|port| hosts.map(|host| format!("http://{host}:{port}"))).collect());
    };
    let origins = listed.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    origins
        .map(|origin| match origin.split_once("://") {
            Some(("http" | "https", host)) if !host.is_empty() && !host.contains(['/', '*', ' ']) => {
                Ok(origin.to_owned())
            }
            _ => Err(wrong("ALLOWED_ORIGINS", origin, "origins such as https://example.org, separated by commas")),
        })
        .collect()
}

/// The sentence for a variable that holds what it may not.
pub fn wrong(name: &str, held: impl Display, may_hold: &str) -> ConfigError {
    ConfigError(format!("{name} is `{held}`; it may hold {may_hold}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<CommonConfig, String> {
        CommonConfig::read(&Env::of(variables), "METRICS_PORT", 8001).map_err(|error| error.0)
    }

    #[test]
    fn a_refusal_names_the_variable_what_it_held_and_what_it_may_hold() {
        let password = ("ADMIN_PASSWORD", "x");
        let refusal = |name, value| read(&[password, (name, value)]).unwrap_err();
        assert_eq!(refusal("METRICS_PORT", "eight"), "METRICS_PORT is `eight`; it may hold a port from 1 to 65535");
        assert_eq!(refusal("METRICS_PORT", "0"), "METRICS_PORT is `0`; it may hold a port from 1 to 65535");
        assert_eq!(refusal("LOG_FORMAT", "xml"), "LOG_FORMAT is `xml`; it may hold `text` or `json`");
        assert_eq!(refusal("ADMIN_AUTH", "no"), "ADMIN_AUTH is `no`; it may hold `on` or `off`");
        assert!(refusal("TRUSTED_PROXIES", "10.0.0.0/33").starts_with("TRUSTED_PROXIES is `10.0.0.0/33`"));
        assert!(refusal("WRITES_PER_MINUTE", "-1").starts_with("WRITES_PER_MINUTE is `-1`"));
        assert!(refusal("BIND_ADDR", "here").starts_with("BIND_ADDR is `here`"));
        assert!(refusal("ALLOWED_ORIGINS", "*").starts_with("ALLOWED_ORIGINS is `*`"));
        assert!(read(&[]).unwrap_err().starts_with("ADMIN_PASSWORD is not set"));
    }

    #[test]
    fn the_shipped_password_serves_on_this_machine_only() {
        assert!(read(&[("ADMIN_PASSWORD", SHIPPED_PASSWORD)]).is_ok());
        assert!(read(&[("ADMIN_PASSWORD", SHIPPED_PASSWORD), ("BIND_ADDR", "0.0.0.0")]).is_err());
        assert!(read(&[("ADMIN_PASSWORD", "own"), ("BIND_ADDR", "0.0.0.0")]).is_ok());
        // In a container the process listens everywhere, yet only the published address counts.
        let inside = read(&[("ADMIN_PASSWORD", SHIPPED_PASSWORD), ("LISTEN_ADDR", "0.0.0.0")]).unwrap();
        assert!(inside.listen_addr.is_unspecified());
    }

    #[test]
    fn the_pages_own_origins_are_allowed_unless_others_are_named() {
        let config = read(&[("ADMIN_PASSWORD", "x"), ("LANDING_PORT", "4000")]).unwrap();
        assert!(config.allowed_origins.contains(&"http://localhost:4000".to_owned()));
        let config = read(&[("ADMIN_PASSWORD", "x"), ("ALLOWED_ORIGINS", "https://a.example, https://b.example")]);
        assert_eq!(config.unwrap().allowed_origins, ["https://a.example", "https://b.example"]);
    }

    #[test]
    fn the_shipped_env_file_holds_the_shipped_password() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.env");
        let shipped = dotenvy::from_path_iter(file).unwrap().map(Result::unwrap);
        let passwords: Vec<_> = shipped.filter(|(name, _)| name == "ADMIN_PASSWORD").map(|(_, value)| value).collect();
        assert_eq!(passwords, [SHIPPED_PASSWORD]);
    }
}
