//! What a track is, and what its file may be called.

use std::fmt;

use garde::Validate;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest file name, in bytes: what every file system takes, with room for a temporary ending.
const NAME_LIMIT: usize = 200;
const ENDING: &str = ".mp3";
/// What is written as `%XX` in an address: everything but letters, digits and the marks that RFC 3986 reserves for nothing.
const IN_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A track as players and the admin see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Track {
    /// What to call it: its title, or its file's name made readable.
    pub name: String,
    /// Where to play it.
    #[schema(example = "/music/01-neon-oracle.mp3")]
    pub src: String,
    /// Its file in the library.
    #[schema(example = "01-neon-oracle.mp3")]
    pub filename: String,
    /// The title of its tag.
    pub title: Option<String>,
    /// The artist of its tag.
    pub artist: Option<String>,
    /// Its length, in seconds.
    pub duration_seconds: f64,
    /// Its size, in bytes.
    pub size_bytes: u64,
}

/// What an MP3 tells of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrackFacts {
    /// The title of its tag.
    pub title: Option<String>,
    /// The artist of its tag.
    pub artist: Option<String>,
    /// Its length, in seconds.
    pub duration_seconds: f64,
}

/// The order to play in.
#[derive(Clone, Debug, Default, Deserialize, Serialize, Validate, ToSchema)]
pub struct TrackOrder {
    /// File names; tracks that are not named come after those that are.
    #[garde(length(max = 10_000))]
    #[schema(max_items = 10_000)]
    pub order: Vec<String>,
}

/// The name of a track's file: one plain component that ends in `.mp3` and does not begin with a dot. There is no way from
/// it to anything outside the library's folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileName(String);

impl FileName {
    /// Reduces what a client calls its file to a safe name: the last component of any path, odd characters replaced.
    /// `None` when it does not end in `.mp3` or nothing is left before that.
    pub fn reduced(client_name: &str) -> Option<Self> {
        let last = client_name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
        let stem = stem(last)?;
        let mut safe = String::new();
        for character in stem.chars() {
            let kept = if character.is_alphanumeric() || " -_.,()[]&+!'".contains(character) { character } else { '-' };
            if !(matches!(kept, '-' | ' ' | '.') && safe.ends_with(kept))
                && safe.len() + kept.len_utf8() + ENDING.len() <= NAME_LIMIT
            {
                safe.push(kept);
            }
        }
        let safe = safe.trim_matches([' ', '.', '-']);
        (!safe.is_empty()).then(|| Self(format!("{safe}{ENDING}")))
    }

    /// The name of a file that may be in the folder already, under whatever name an operator gave it.
    pub fn existing(name: &str) -> Option<Self> {
        let is_plain = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
        let is_track = stem(name).is_some_and(|stem| !stem.is_empty());
        (is_plain && is_track).then(|| Self(name.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file as players and the admin see it.
    pub fn track(&self, facts: TrackFacts, size_bytes: u64) -> Track {
        let TrackFacts { title, artist, duration_seconds } = facts;
        Track {
            name: title.clone().unwrap_or_else(|| self.readable()),
            src: format!("/music/{}", utf8_percent_encode(&self.0, IN_ADDRESS)),
            filename: self.0.clone(),
            title,
            artist,
            duration_seconds,
            size_bytes,
        }
    }

    /// `02-dusk_in-corinth.mp3` as a person would write it: `Dusk In Corinth`.
    fn readable(&self) -> String {
        let stem = stem(&self.0).unwrap_or(&self.0);
        let unnumbered = stem.trim_start_matches(|c: char| c.is_ascii_digit() || " -_.".contains(c));
        let words = if unnumbered.is_empty() { stem } else { unnumbered }
            .split(['-', '_', ' '])
            .filter(|word| !word.is_empty());
        let capitalised = words.map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        });
        capitalised.collect::<Vec<String>>().join(" ")
    }
}

/// What stands before the ending, however that is capitalised; `None` when the name ends otherwise.
fn stem(name: &str) -> Option<&str> {
    let (stem, ending) = name.split_at_checked(name.len().checked_sub(ENDING.len())?)?;
    ending.eq_ignore_ascii_case(ENDING).then_some(stem)
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reduced(name: &str) -> Option<String> {
        FileName::reduced(name).map(|name| name.0)
    }

    #[test]
    fn a_clients_name_is_reduced_to_a_safe_one() {
        assert_eq!(reduced("song one.mp3").as_deref(), Some("song one.mp3"));
        assert_eq!(reduced("../../x.mp3").as_deref(), Some("x.mp3"));
        assert_eq!(reduced("C:\\Music\\LOUD.MP3").as_deref(), Some("LOUD.mp3"));
        assert_eq!(reduced("Ελεγεία.mp3").as_deref(), Some("Ελεγεία.mp3"));
        assert_eq!(reduced("a\0b\n<c>.mp3").as_deref(), Some("a-b-c.mp3"));
        assert_eq!(reduced("...hidden.mp3").as_deref(), Some("hidden.mp3"));
        for unusable in ["", ".mp3", "../.mp3", "page.html", "x.mp3/", "mp3", "???.mp3", "x.mp3.exe"] {
            assert_eq!(reduced(unusable), None, "{unusable}");
        }
    }

    #[test]
    fn a_file_without_a_title_gets_a_readable_name() {
        let name = |file: &str| FileName::existing(file).unwrap().readable();
        assert_eq!(name("02-dusk_in-corinth.mp3"), "Dusk In Corinth");
        assert_eq!(name("99.mp3"), "99");
        assert_eq!(name("ODE.MP3"), "ODE");
    }

    #[test]
    fn only_a_plain_name_of_a_track_may_be_in_the_folder() {
        for name in ["a.mp3", "A.Mp3", "a b.mp3", "Ω.mp3", "a..mp3"] {
            assert!(FileName::existing(name).is_some(), "{name}");
        }
        for name in ["", ".mp3", "mp3", "a.mp4", ".a.mp3", "a/b.mp3", "a\\b.mp3", "a\0.mp3", "Ωp3", "..", "."] {
            assert_eq!(FileName::existing(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_reduced_name_stays_in_its_folder(client_name in "\\PC{0,300}(\\.mp3|\\.MP3)?") {
            if let Some(name) = reduced(&client_name) {
                prop_assert!(name.len() <= NAME_LIMIT && name.ends_with(".mp3") && !name.starts_with('.'));
                prop_assert!(!name.contains(['/', '\\', '\0']) && !name.chars().any(char::is_control));
                prop_assert!(FileName::existing(&name).is_some());
                let reduced_again = reduced(&name);
                prop_assert_eq!(reduced_again, Some(name));
            }
        }
    }
}
