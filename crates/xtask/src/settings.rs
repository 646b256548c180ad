//! What the environment and `.env` ask for, checked before anything is started. The services check the same variables
//! again; here a wrong value costs a second instead of a build.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// The password that `.env` ships with; it serves on this machine only.
const SHIPPED_PASSWORD: &str = "olympus";

/// How the admin is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdminLock {
    /// By a password that only the operator knows.
    OwnPassword,
    /// By the password that everybody can read in the repository.
    ShippedPassword,
    /// Not at all: `ADMIN_AUTH=off`.
    Open,
}

/// Everything `up` is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// All variables of `.env` and the environment; the environment wins.
    variables: BTreeMap<String, String>,
    /// The address everything listens on.
    pub bind_addr: IpAddr,
    /// Port of the page.
    pub landing_port: u16,
    /// Port of the admin.
    pub admin_port: u16,
    /// Port of metrics.
    pub metrics_port: u16,
    /// Port of abtest.
    pub abtest_port: u16,
    /// Port of the private Postgres.
    pub postgres_port: u16,
    /// A Postgres that is there already.
    pub database_url: Option<String>,
    /// How the admin is locked.
    pub admin_lock: AdminLock,
    /// Where Postgres, music and everything else that must last is kept.
    pub folder: PathBuf,
}

impl Settings {
    /// Reads `.env` of the project's root and the environment.
    ///
    /// # Errors
    /// With a sentence that names the variable, what it holds and what it may hold.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        let mut variables = BTreeMap::new();
        match dotenvy::from_path_iter(root.join(".env")) {
            Ok(lines) => {
                for line in lines {
                    let (name, value) = line.context(".env cannot be read")?;
                    variables.insert(name, value);
                }
            }
            Err(error) if error.not_found() => {}
            Err(error) => return Err(error).context(".env cannot be read"),
        }
        let environment = std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
        variables.extend(environment);
        Self::read(variables, root)
    }

    /// Settings of a test, which must be right.
    #[cfg(test)]
    pub fn of(given: &[(&str, &str)]) -> Self {
        let variables = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self::read(variables, Path::new("/project")).expect("a test's settings are right")
    }

    /// Reads variables that somebody else has gathered.
    ///
    /// # Errors
    /// With a sentence that names the variable, what it holds and what it may hold.
    pub fn read(variables: BTreeMap<String, String>, root: &Path) -> anyhow::Result<Self> {
        let get = |name: &str| variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty());
        let bind_addr =
            parse("BIND_ADDR", get("BIND_ADDR"), "127.0.0.1", "an IP address such as 127.0.0.1 or 0.0.0.0")?;
        let port = |name: &str, default: &str| -> anyhow::Result<u16> {
            match parse(name, get(name), default, "a port from 1 to 65535")? {
                0 => bail!(wrong(name, 0, "a port from 1 to 65535")),
                port => Ok(port),
            }
        };
        let settings = Self {
            bind_addr,
            landing_port: port("LANDING_PORT", "3000")?,
            admin_port: port("ADMIN_PORT", "3001")?,
            metrics_port: port("METRICS_PORT", "8001")?,
            abtest_port: port("ABTEST_PORT", "8002")?,
            postgres_port: port("POSTGRES_PORT", "5432")?,
            database_url: read_database_url(get("DATABASE_URL"))?,
            admin_lock: read_lock(get("ADMIN_AUTH"), get("ADMIN_PASSWORD"), bind_addr)?,
            folder: root.join(get("PUSHNAMI_DATA").unwrap_or(".pushnami")),
            variables,
        };
        read_log_format(settings.get("LOG_FORMAT"))?;
        settings.refuse_one_port_twice()?;
        Ok(settings)
    }

    /// A variable that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The folder that is the music library.
    pub fn music_folder(&self) -> PathBuf {
        self.get("MUSIC_DIR").map_or_else(|| self.folder.join("music"), PathBuf::from)
    }

    /// All variables, for a service.
    pub fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The ports that will be listened on, each with the name of its variable.
    pub fn ports(&self) -> Vec<(&'static str, SocketAddr)> {
        let at = |port| SocketAddr::new(self.bind_addr, port);
        let mut ports = vec![
            ("LANDING_PORT", at(self.landing_port)),
            ("ADMIN_PORT", at(self.admin_port)),
            ("METRICS_PORT", at(self.metrics_port)),
            ("ABTEST_PORT", at(self.abtest_port)),
        ];
        if self.database_url.is_none() {
            // The private Postgres is for the services on this machine, whatever BIND_ADDR says.
            ports.push(("POSTGRES_PORT", SocketAddr::from(([127, 0, 0, 1], self.postgres_port))));
        }
        ports
    }

    /// Where this machine reaches a port of ours.
    pub fn local(&self, port: u16) -> SocketAddr {
        let host = match self.bind_addr {
            any if any.is_unspecified() && any.is_ipv6() => IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1]),
            any if any.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            one => one,
        };
        SocketAddr::new(host, port)
    }

    /// The address of a port as people type it.
    pub fn shown(&self, port: u16) -> String {
        let local = self.local(port);
        if local.ip().is_loopback() { format!("http://localhost:{port}") } else { format!("http://{local}") }
    }

    fn refuse_one_port_twice(&self) -> anyhow::Result<()> {
        let ports = self.ports();
        for (index, (name, address)) in ports.iter().enumerate() {
            if let Some((other, _)) = ports[..index].iter().find(|(_, earlier)| earlier.port() == address.port()) {
                bail!("{other} and {name} are both {}; each needs a port of its own", address.port());
            }
        }
        Ok(())
    }
}

fn parse<T: std::str::FromStr>(name: &str, held: Option<&str>, default: &str, may_hold: &str) -> anyhow::Result<T> {
    let text = held.unwrap_or(default);
    text.parse().map_err(|_| anyhow::anyhow!(wrong(name, text, may_hold)))
}

fn read_database_url(held: Option<&str>) -> anyhow::Result<Option<String>> {
    match held {
        None => Ok(None),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => Ok(Some(url.to_owned())),
        // What it held is not repeated: it may hold a password.
        Some(_) => bail!(
            "DATABASE_URL is not an address of Postgres; it may hold postgres://user:password@host:port/database, or nothing, and a private Postgres is started"
        ),
    }
}

fn read_lock(auth: Option<&str>, password: Option<&str>, bind_addr: IpAddr) -> anyhow::Result<AdminLock> {
    match (auth.unwrap_or("on"), password) {
        ("off", _) => Ok(AdminLock::Open),
        ("on", None) => bail!(
            "ADMIN_PASSWORD is not set; it holds the admin's password (ADMIN_AUTH=off opens the admin to everybody)"
        ),
        ("on", Some(SHIPPED_PASSWORD)) if !bind_addr.is_loopback() => bail!(
            "ADMIN_PASSWORD is the one that everybody can read in .env, and BIND_ADDR is `{bind_addr}`: set a password of your own, or BIND_ADDR to 127.0.0.1"
        ),
        ("on", Some(SHIPPED_PASSWORD)) => Ok(AdminLock::ShippedPassword),
        ("on", Some(_)) => Ok(AdminLock::OwnPassword),
        (other, _) => bail!(wrong("ADMIN_AUTH", other, "`on` or `off`")),
    }
}

fn read_log_format(held: Option<&str>) -> anyhow::Result<()> {
    match held {
        None | Some("text" | "json") => Ok(()),
        Some(other) => bail!(wrong("LOG_FORMAT", other, "`text` or `json`")),
    }
}

fn wrong(name: &str, held: impl Display, may_hold: &str) -> String {
    format!("{name} is `{held}`; it may hold {may_hold}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(given: &[(&str, &str)]) -> Result<Settings, String> {
        let mut variables = BTreeMap::from([("ADMIN_PASSWORD".to_owned(), "own".to_owned())]);
        variables.extend(given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Settings::read(variables, Path::new("/project")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_refusal_names_the_variable_what_it_held_and_what_it_may_hold() {
        let refusal = |name, value| read(&[(name, value)]).unwrap_err();
        assert_eq!(refusal("ABTEST_PORT", "eight"), "ABTEST_PORT is `eight`; it may hold a port from 1 to 65535");
        assert_eq!(refusal("POSTGRES_PORT", "0"), "POSTGRES_PORT is `0`; it may hold a port from 1 to 65535");
        assert_eq!(refusal("ADMIN_AUTH", "no"), "ADMIN_AUTH is `no`; it may hold `on` or `off`");
        assert!(refusal("BIND_ADDR", "here").starts_with("BIND_ADDR is `here`; it may hold an IP address"));
        assert!(!refusal("DATABASE_URL", "mysql://u:secret@h/d").contains("secret"));
        assert_eq!(
            refusal("ADMIN_PORT", "3000"),
            "LANDING_PORT and ADMIN_PORT are both 3000; each needs a port of its own"
        );
    }

    #[test]
    fn the_shipped_password_serves_on_this_machine_only() {
        let lock =
            |bind| read(&[("ADMIN_PASSWORD", "olympus"), ("BIND_ADDR", bind)]).map(|settings| settings.admin_lock);
        assert_eq!(lock("127.0.0.1"), Ok(AdminLock::ShippedPassword));
        assert!(lock("0.0.0.0").unwrap_err().contains("BIND_ADDR is `0.0.0.0`"));
    }

    #[test]
    fn a_given_database_needs_no_port() {
        let named =
            |given: &[(&str, &str)]| read(given).unwrap().ports().iter().any(|(name, _)| *name == "POSTGRES_PORT");
        assert!(named(&[("DATABASE_URL", "")]));
        assert!(!named(&[("DATABASE_URL", "postgres://u@h/d")]));
    }

    #[test]
    fn everywhere_is_reached_through_this_machine() {
        let settings = read(&[("BIND_ADDR", "0.0.0.0")]).unwrap();
        assert_eq!(
            (settings.local(1).to_string(), settings.shown(1)),
            ("127.0.0.1:1".to_owned(), "http://localhost:1".to_owned())
        );
        assert_eq!(read(&[("BIND_ADDR", "10.1.2.3")]).unwrap().shown(80), "http://10.1.2.3:80");
    }
}
