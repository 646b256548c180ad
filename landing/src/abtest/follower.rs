//! Keeps abtest's configuration here, so that a page asks nobody: held requests bring each change at once, a file brings
//! the last state through a restart of our own, and while abtest is away that state serves.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use pushnami_common::contract::Configuration as Told;
use pushnami_common::ids::new_id;
use pushnami_common::pulse::{Pulse, Weight};
use tokio::time::sleep;

use super::Abtest;
use super::configuration::Configuration;

/// The first pause after abtest did not answer; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(50);
/// The longest pause: with a reading it stays below the two seconds in which a change must reach the page.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// After so long without a word from abtest, what the page goes by may be old; the page is served all the same.
const OLD: Duration = Duration::from_secs(90);
/// How long the start of the service waits for the first configuration.
const START: Duration = Duration::from_millis(250);

impl Abtest {
    /// Follows abtest from now on, for as long as the process lives. `file` keeps the last state; it need not exist.
    pub async fn follow(&self, file: PathBuf) {
        match read(&file) {
            Ok(told) => self.know(&told),
            Err(error) => tracing::debug!("no configuration was kept: {error:#}"),
        }
        let known = Arc::clone(&self.0);
        let mut first = known.told.subscribe();
        tokio::spawn(self.clone().keep_following(file));
        if tokio::time::timeout(START, first.changed()).await.is_err() {
            tracing::warn!("abtest does not answer yet, the page goes by what is known");
        }
    }

    async fn keep_following(self, file: PathBuf) {
        let pulse = Pulse::of("following abtest's configuration", OLD, Weight::Advisory);
        let id = new_id(self.0.clock.now());
        let mut version = None;
        let mut pause = PAUSE;
        loop {
            let told = self.0.client.next_configuration(version, id, &self.0.admin).await;
            if told.is_ok() {
                pulse.beat();
            }
            match told {
                Ok(Some(told)) => {
                    self.know(&told);
                    version = Some(told.version);
                    pause = PAUSE;
                    self.0.told.send_replace(told.version);
                    keep(&file, told).await;
                }
                Ok(None) => pause = PAUSE,
                Err(error) => {
                    tracing::debug!(%error, "abtest's configuration could not be followed, trying again");
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn know(&self, told: &Told) {
        self.0.known.store(Some(Arc::new(Configuration::of(&told.experiments, &told.toggles))));
        self.0.is_following.store(true, std::sync::atomic::Ordering::Release);
    }
}

fn read(file: &Path) -> anyhow::Result<Told> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(serde_json::from_str(&text)?)
}

/// Writes the state beside the file and renames it, so that a crash leaves the old or the new one and never half of it.
async fn keep(file: &Path, told: Told) {
    let target = file.to_owned();
    let written = tokio::task::spawn_blocking(move || -> anyhow::Result<()> {
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // By the process: another copy may keep the same file.
        let part = target.with_extension(format!("{}.part", std::process::id()));
        std::fs::write(&part, serde_json::to_vec(&told)?)?;
        std::fs::rename(&part, &target)?;
        Ok(())
    });
    if let Err(error) = written.await.map_err(anyhow::Error::from).flatten() {
        tracing::warn!("the configuration could not be kept for a restart: {error:#}");
    }
}
