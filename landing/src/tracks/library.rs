//! The folder that is the music library. A track appears under its name only when it is whole, and nothing here reads,
//! writes or deletes anything outside the folder.

use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use pushnami_common::ids::new_id;
use rust_embed::RustEmbed;
use time::OffsetDateTime;
use tokio::fs;
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex as AsyncMutex;

use super::model::{FileName, Track, TrackFacts, TrackOrder};
use super::mp3;

/// Holds the order to play in.
const ORDER_FILE: &str = ".order.json";
/// Says that the first-start tracks were put there once, so that a deleted one never comes back.
const SEEDED_FILE: &str = ".seeded";
/// How unfinished files begin.
const UNFINISHED: &str = ".unfinished-";

/// The tracks of a first start, made by `landing/assets/music`.
#[derive(RustEmbed)]
#[folder = "music"]
#[allow_missing = true]
struct FirstTracks;

/// The music library. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Library(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    /// How many bytes all files together may have.
    quota: u64,
    /// What the files tell of themselves, so that a listing does not read them all again; holds only files that are there.
    facts: Mutex<HashMap<FileName, (Stamp, TrackFacts)>>,
    /// One change of the order at a time.
    ordering: AsyncMutex<()>,
}

/// When one of these differs, the file is another.
type Stamp = (u64, Option<SystemTime>);

/// Why a file did not become a track.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It is no MP3.
    #[error("not an MP3")]
    NotAnMp3,
    /// A track of that name is there.
    #[error("a track of that name exists")]
    Exists,
    /// All tracks together would be more than the library may hold.
    #[error("the library is full")]
    Full,
    /// The folder refuses.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A file on its way into the library. It removes itself unless kept.
#[derive(Debug)]
pub struct Unfinished {
    path: PathBuf,
    file: fs::File,
    len: u64,
}

impl Library {
    /// The library in this folder, which is created if need be. What an interrupted upload left behind is removed.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub async fn open(folder: &Path) -> anyhow::Result<Self> {
        Self::open_with_quota(folder, u64::MAX).await
    }

    /// The same, for no more than so many bytes. Tracks that an operator puts there are counted and never refused.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub async fn open_with_quota(folder: &Path, quota: u64) -> anyhow::Result<Self> {
        let in_folder =
            |error: io::Error| anyhow::anyhow!("MUSIC_DIR is `{}`, which cannot be used: {error}", folder.display());
        fs::create_dir_all(folder).await.map_err(in_folder)?;
        let mut entries = fs::read_dir(folder).await.map_err(in_folder)?;
        while let Some(entry) = entries.next_entry().await.map_err(in_folder)? {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) && is_abandoned(&entry.metadata().await?) {
                fs::remove_file(entry.path()).await.map_err(in_folder)?;
            }
        }
        Ok(Self(Arc::new(Inner {
            folder: folder.to_owned(),
            quota,
            facts: Mutex::default(),
            ordering: AsyncMutex::new(()),
        })))
    }

    /// Puts the first-start tracks into a folder that never had them.
    ///
    /// # Errors
    /// When the folder refuses.
    pub async fn seed(&self) -> anyhow::Result<()> {
        let marker = self.0.folder.join(SEEDED_FILE);
        if fs::try_exists(&marker).await? {
            return Ok(());
        }
        for file in FirstTracks::iter() {
            let (Some(track), Some(name)) = (FirstTracks::get(&file), FileName::existing(&file)) else {
                continue;
            };
            let mut unfinished = self.begin().await?;
            unfinished.write(&track.data).await?;
            match unfinished.keep_as(self, &name).await {
                Ok(_) => tracing::info!("put the first-start track {name} into the library"),
                // Another copy of the service is at the same work, or the operator brought one.
                Err(KeepError::Exists) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(fs::write(&marker, "The first-start tracks were put here once.\n").await?)
    }

    /// Whether the folder can be read and takes new files; `Err` is a sentence for `/health`.
    ///
    /// # Errors
    /// When it does not.
    pub async fn check(&self) -> Result<(), String> {
        let listed = fs::read_dir(&self.0.folder).await.map(drop);
        listed.map_err(|error| format!("the music folder cannot be read: {error}"))?;
        // Permissions alone do not tell: the whole file system may be read-only.
        self.begin().await.map(drop).map_err(|error| format!("the music folder cannot be written: {error}"))
    }

    /// All tracks, in the saved order, new files last and by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn list(&self) -> io::Result<Vec<Track>> {
        let order = self.saved_order().await;
        let library = self.clone();
        let found = tokio::task::spawn_blocking(move || library.read_folder()).await.map_err(io::Error::other)??;
        let place = |name: &FileName| order.iter().position(|listed| listed == name.as_str()).unwrap_or(usize::MAX);
        let mut found: Vec<_> =
            found.into_iter().map(|(name, facts, size)| (place(&name), name, facts, size)).collect();
        found.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
        Ok(found.into_iter().map(|(_, name, facts, size)| name.track(facts, size)).collect())
    }

    /// Saves the order to play in. `Err` of the inner result names the place of a name that no track has.
    ///
    /// # Errors
    /// When the folder refuses.
    pub async fn save_order(&self, order: &TrackOrder) -> io::Result<Result<(), usize>> {
        let _alone = self.0.ordering.lock().await;
        for (place, name) in order.order.iter().enumerate() {
            match FileName::existing(name) {
                Some(name) if self.find(&name).await?.is_some() => {}
                _ => return Ok(Err(place)),
            }
        }
        let json = serde_json::to_vec_pretty(order)?;
        let mut unfinished = self.begin().await?;
        unfinished.write(&json).await?;
        unfinished.replace(&self.0.folder.join(ORDER_FILE)).await?;
        Ok(Ok(()))
    }

    /// Where a track's file is; `None` if there is none. Links are not followed: they could lead anywhere.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn find(&self, name: &FileName) -> io::Result<Option<PathBuf>> {
        let path = self.0.folder.join(name.as_str());
        match fs::symlink_metadata(&path).await {
            Ok(metadata) => Ok(metadata.is_file().then_some(path)),
            // A name longer than the file system takes is the name of no file.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InvalidFilename) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether all files, unfinished ones included, keep to what the library may hold.
    ///
    /// # Errors
    /// `Full` when they do not, or when the folder cannot be read.
    pub async fn has_room(&self) -> Result<(), KeepError> {
        let mut entries = fs::read_dir(&self.0.folder).await?;
        let mut bytes = 0;
        while let Some(entry) = entries.next_entry().await? {
            // Gone between the two looks: it takes no room.
            bytes += entry.metadata().await.map_or(0, |metadata| metadata.len());
        }
        if bytes > self.0.quota { Err(KeepError::Full) } else { Ok(()) }
    }

    /// Deletes a track; `false` if there is none.
    ///
    /// # Errors
    /// When the folder refuses.
    pub async fn delete(&self, name: &FileName) -> io::Result<bool> {
        let Some(path) = self.find(name).await? else {
            return Ok(false);
        };
        match fs::remove_file(path).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            done => done.map(|()| true),
        }
    }

    /// Begins a file that is not in the library yet.
    ///
    /// # Errors
    /// When the folder refuses.
    pub async fn begin(&self) -> io::Result<Unfinished> {
        let path = self.0.folder.join(format!("{UNFINISHED}{}", new_id(OffsetDateTime::UNIX_EPOCH)));
        // File and remover come into being together: whoever goes away at this very moment leaves no file behind.
        let begun = tokio::task::spawn_blocking(move || {
            let file = std::fs::File::create_new(&path)?;
            Ok(Unfinished { path, file: file.into(), len: 0 })
        });
        begun.await.map_err(io::Error::other)?
    }

    async fn saved_order(&self) -> Vec<String> {
        match fs::read(self.0.folder.join(ORDER_FILE)).await {
            Ok(json) => serde_json::from_slice::<TrackOrder>(&json).map(|saved| saved.order).unwrap_or_else(|error| {
                tracing::warn!(%error, "{ORDER_FILE} in the music folder cannot be read; tracks come by name");
                Vec::new()
            }),
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
                    tracing::warn!(%error, "{ORDER_FILE} in the music folder cannot be read; tracks come by name");
                }
                Vec::new()
            }
        }
    }

    fn read_folder(&self) -> io::Result<Vec<(FileName, TrackFacts, u64)>> {
        let mut known = self.0.facts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.0.folder)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().and_then(FileName::existing) else {
                continue;
            };
            // Deleted between the two looks, or a link.
            let Some(metadata) = entry.metadata().ok().filter(std::fs::Metadata::is_file) else {
                continue;
            };
            let stamp = (metadata.len(), metadata.modified().ok());
            let facts = match known.get(&name).filter(|(as_of, _)| *as_of == stamp) {
                Some((_, facts)) => facts.clone(),
                None => mp3::read(&entry.path()).ok().flatten().unwrap_or_default(),
            };
            found.push((name, stamp, facts));
        }
        *known = found.iter().map(|(name, stamp, facts)| (name.clone(), (*stamp, facts.clone()))).collect();
        Ok(found.into_iter().map(|(name, stamp, facts)| (name, facts, stamp.0)).collect())
    }
}

impl Unfinished {
    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds bytes.
    ///
    /// # Errors
    /// When the folder refuses: the disk may be full.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Gives the whole file its name, if it is an MP3 and no track has that name. Of two at once, one succeeds.
    ///
    /// # Errors
    /// See [`KeepError`].
    pub async fn keep_as(mut self, library: &Library, name: &FileName) -> Result<Track, KeepError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let path = self.path.clone();
        // Bytes that upset the reader itself are no MP3 either.
        let read = tokio::task::spawn_blocking(move || mp3::read(&path)).await.unwrap_or(Ok(None))?;
        let facts = read.ok_or(KeepError::NotAnMp3)?;
        library.has_room().await?;
        // A second name for the same file, made only if nobody has it; the first one goes when `self` does.
        match fs::hard_link(&self.path, library.0.folder.join(name.as_str())).await {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(KeepError::Exists),
            done => Ok(done.map(|()| name.track(facts, self.len))?),
        }
    }

    /// Takes the place of another file, in one step.
    async fn replace(mut self, target: &Path) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        fs::rename(&self.path, target).await
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Gone already when it was renamed.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Another copy of the service may be writing: only what nobody has touched for an hour was left behind.
fn is_abandoned(metadata: &std::fs::Metadata) -> bool {
    let untouched = metadata.modified().ok().and_then(|at| at.elapsed().ok());
    untouched.is_some_and(|age| age > std::time::Duration::from_secs(3600))
}
