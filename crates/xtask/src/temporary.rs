//! A Postgres that lives as long as one command: for tests, for asking about statements, and for measuring.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::account::Account;
use crate::cluster::{Cluster, Durability, Server};
use crate::ports;
use crate::process::Process;
use crate::progress::Step;
use crate::tools::postgres::Binaries;

/// The server and its folder; both are gone when this value is.
pub struct ThrowAwayServer {
    /// `None` only while being dropped.
    server: Option<Server>,
    folder: PathBuf,
    binaries: Option<Binaries>,
}

impl ThrowAwayServer {
    /// Starts an empty server.
    ///
    /// # Errors
    /// When no Postgres is to be had.
    pub fn start() -> anyhow::Result<Self> {
        Self::with_schema(&[])
    }

    /// Starts a server whose database went through the migrations.
    ///
    /// # Errors
    /// When no Postgres is to be had or a migration fails.
    pub fn with_schema(migrations: &[String]) -> anyhow::Result<Self> {
        Self::with(Durability::ThrowAway, migrations)
    }

    /// Starts an empty server that writes as carefully as one that lasts, for measuring.
    ///
    /// # Errors
    /// When no Postgres is to be had.
    pub fn durable() -> anyhow::Result<Self> {
        Self::with(Durability::Lasting, &[])
    }

    fn with(durability: Durability, migrations: &[String]) -> anyhow::Result<Self> {
        let mut this = Self { server: None, folder: folder()?, binaries: None };
        Step::start("Postgres for this run").finish(|step| {
            let cluster = Cluster::in_folder(&this.folder, durability)?;
            let cache = cache()?;
            let binaries = Binaries::provide(step, &cache, cluster.account(), None)?;
            cluster.prepare(step, &binaries)?;
            for migration in migrations {
                cluster.run_offline(step, &binaries, migration)?;
            }
            let port = ports::free()?;
            this.server = Some(cluster.start(step, &binaries, port, &this.folder)?);
            let shown = format!("{} on port {port}", binaries.version);
            this.binaries = Some(binaries);
            Ok(((), shown))
        })?;
        Ok(this)
    }

    /// How it is reached.
    pub fn url(&self) -> &str {
        self.server.as_ref().map_or("", |server| &server.url)
    }

    /// Its process and the programs that came with it.
    ///
    /// # Errors
    /// Never, while the server runs.
    pub fn parts(&self) -> anyhow::Result<(&Process, &Binaries)> {
        let server = self.server.as_ref().context("the server has been stopped")?;
        Ok((&server.process, self.binaries.as_ref().context("the server has been stopped")?))
    }

    /// A folder that lives as long as the server.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for ThrowAwayServer {
    fn drop(&mut self) {
        drop(self.server.take());
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A new folder that whoever runs Postgres can reach; a private TMPDIR may be closed to it.
fn folder() -> anyhow::Result<PathBuf> {
    let account = Account::for_postgres()?;
    let given = std::env::temp_dir();
    let parents = [given, PathBuf::from("/tmp"), PathBuf::from("/var/tmp")];
    let open =
        parents.iter().find(|parent| parent.is_dir() && account.as_ref().is_none_or(|account| account.reaches(parent)));
    let folder = open.unwrap_or(&parents[0]).join(format!("pushnami-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Where fetched programs of Postgres are kept between runs, readable for whoever runs it.
fn cache() -> anyhow::Result<PathBuf> {
    let root = crate::project_root()?;
    let kept = root.join(".pushnami/cache");
    fs::create_dir_all(&kept)?;
    let account = Account::for_postgres()?;
    if account.is_none_or(|account| account.reaches(&kept)) { Ok(kept) } else { Ok("/var/tmp/pushnami-cache".into()) }
}
