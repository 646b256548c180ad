//! Where the data are that this project's settings name, for commands that work on them while the system rests or runs:
//! a given database, the private one of a running system, or the private one at rest, which is then started for a while.

use std::path::PathBuf;

use anyhow::bail;

use crate::account::Account;
use crate::cluster::{Cluster, Durability, Server};
use crate::folder::Folder;
use crate::ports;
use crate::progress::{Paint, Step};
use crate::settings::Settings;
use crate::tools::postgres::Binaries;

/// The data, reachable for as long as this value lives.
pub struct Kept {
    /// The database.
    pub url: String,
    /// What they are, in words.
    pub place: String,
    /// The folder that is the music library.
    pub music: PathBuf,
    /// Stopped when dropped; before the folder is unlocked.
    _server: Option<Server>,
    _folder: Option<Folder>,
}

impl Kept {
    /// The given database; or the one of the running system; or the resting one, which is started.
    ///
    /// # Errors
    /// When there is none yet, or it cannot be started.
    pub fn find(settings: &Settings) -> anyhow::Result<Self> {
        let music = settings.music_folder();
        if let Some(url) = &settings.database_url {
            return Ok(Self {
                url: url.clone(),
                place: ports::check_database(url)?,
                music,
                _server: None,
                _folder: None,
            });
        }
        let place = format!("the data in {}", settings.folder.display());
        let cluster = Cluster::in_folder(&Folder::shared_part_of(&settings.folder), Durability::Lasting)?;
        if cluster.major().is_none() {
            bail!("there is nothing in {} yet; `cargo xtask up` begins it", settings.folder.display());
        }
        if Folder::is_in_use(&settings.folder) {
            let url = cluster.url(settings.postgres_port)?;
            return Ok(Self { url, place, music, _server: None, _folder: None });
        }
        Self::start(settings)
    }

    /// Like [`Self::find`], for who must be alone: begins a private database where there is none yet.
    ///
    /// # Errors
    /// When the system runs, or the database cannot be started.
    pub fn alone(settings: &Settings) -> anyhow::Result<Self> {
        if settings.database_url.is_some() {
            return Self::find(settings);
        }
        if Folder::is_in_use(&settings.folder) {
            bail!("the system runs on {}; stop it first (Ctrl-C)", settings.folder.display());
        }
        Self::start(settings)
    }

    fn start(settings: &Settings) -> anyhow::Result<Self> {
        let others: Vec<_> = Account::for_postgres()?.into_iter().collect();
        let folder = Folder::open(&settings.folder, &others)?;
        let cluster = Cluster::in_folder(folder.shared(), Durability::Lasting)?;
        let server = Step::start("Postgres").finish(|step| {
            let cache = folder.shared().join("cache");
            let binaries = Binaries::provide(step, &cache, cluster.account(), cluster.major())?;
            // Looked at again: an installation may have brought the user that shall run it.
            let cluster = Cluster::in_folder(folder.shared(), Durability::Lasting)?;
            cluster.prepare(step, &binaries)?;
            // Its own port may belong to somebody else while the system rests.
            let port = ports::free()?;
            let server = cluster.start(step, &binaries, port, &folder.run())?;
            Ok((server, format!("{} on port {port}, for this command", Paint::Dim.on(&binaries.version))))
        })?;
        Ok(Self {
            url: server.url.clone(),
            place: format!("the data in {}", settings.folder.display()),
            music: settings.music_folder(),
            _server: Some(server),
            _folder: Some(folder),
        })
    }
}
