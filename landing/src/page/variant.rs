//! What the page looks like and says in one variant: the words of its look, or those that a marketer wrote in their place.

use std::sync::Arc;

use pushnami_common::contract::{Palette, VariantContent};
use serde::Serialize;

use super::copy::PageCopy;

/// The longest line, in characters, that a headline shows in its largest letters; a longer one may break and is smaller.
const LARGEST_LINE: usize = 10;

/// The artwork and the words that a page starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// Pink dusk on Olympus.
    Neon,
    /// Cyan night in the Agora.
    Synthwave,
}

/// One of the versions of the page. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant(Arc<Parts>);

#[derive(Debug, PartialEq)]
struct Parts {
    name: String,
    palette: Palette,
    content: VariantContent,
    place: Option<usize>,
}

impl Look {
    /// Both of them, each a variant of its own.
    pub const ALL: [Self; 2] = [Self::Neon, Self::Synthwave];

    /// The name, of the artwork and of the variant.
    pub fn name(self) -> &'static str {
        match self {
            Self::Neon => "neon",
            Self::Synthwave => "synthwave",
        }
    }

    fn of(palette: Palette) -> Self {
        match palette {
            Palette::Neon | Palette::Ember => Self::Neon,
            Palette::Synthwave | Palette::Aurora => Self::Synthwave,
        }
    }

    fn palette(self) -> Palette {
        match self {
            Self::Neon => Palette::Neon,
            Self::Synthwave => Palette::Synthwave,
        }
    }
}

impl Variant {
    /// The variant of this name with this content; without any it can be drawn only if it is called like a [`Look`].
    pub fn of(name: &str, content: Option<&VariantContent>) -> Option<Self> {
        let own = Look::ALL.into_iter().find(|look| look.name() == name);
        let content = content.cloned().or_else(|| own.map(|_| VariantContent::default()))?;
        let palette = content.palette.unwrap_or_else(|| own.unwrap_or(Look::Neon).palette());
        Some(Self(Arc::new(Parts { name: name.to_owned(), palette, content, place: None })))
    }

    /// The variant that is nothing but this look.
    pub fn plain(look: Look) -> Self {
        let parts = Parts {
            name: look.name().to_owned(),
            palette: look.palette(),
            content: VariantContent::default(),
            place: None,
        };
        Self(Arc::new(parts))
    }

    /// The same, at this place among all that are configured.
    pub fn at(&self, place: usize) -> Self {
        let Parts { name, palette, content, .. } = &*self.0;
        Self(Arc::new(Parts { name: name.clone(), palette: *palette, content: content.clone(), place: Some(place) }))
    }

    /// Where it stands among all that are configured; `None` for one that is not, or not yet.
    pub fn place(&self) -> Option<usize> {
        self.0.place
    }

    /// The name as experiments spell it.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The artwork.
    pub fn look(&self) -> Look {
        Look::of(self.0.palette)
    }

    /// The colours.
    pub fn palette(&self) -> Palette {
        self.0.palette
    }

    /// The colour that a phone gives its own frame: the night of the palette in `moods.css`.
    pub fn theme_color(&self) -> &'static str {
        match self.palette() {
            Palette::Neon => "#120726",
            Palette::Synthwave => "#020b16",
            Palette::Aurora => "#04120f",
            Palette::Ember => "#170808",
        }
    }

    /// The words that nobody wrote anew.
    pub fn copy(&self) -> &'static PageCopy {
        self.look().copy()
    }

    /// The lines of the headline.
    pub fn headline(&self) -> Vec<&str> {
        match &self.0.content.headline {
            Some(own) => own.lines().collect(),
            None => self.copy().headline.to_vec(),
        }
    }

    /// Whether a line of the headline is longer than the largest letters allow.
    pub fn has_long_headline(&self) -> bool {
        self.headline().iter().any(|line| line.chars().count() > LARGEST_LINE)
    }

    /// The document's title.
    pub fn title(&self) -> String {
        match &self.0.content.headline {
            Some(own) => format!("{} · Pushnami", own.replace('\n', " ")),
            None => self.copy().document_title.to_owned(),
        }
    }

    /// One sentence for search engines.
    pub fn description(&self) -> &str {
        self.0.content.subtitle.as_deref().unwrap_or(self.copy().description)
    }

    /// What stands below the headline.
    pub fn subtitle(&self) -> &str {
        self.0.content.subtitle.as_deref().unwrap_or(self.copy().lede)
    }

    /// The first call to action.
    pub fn cta_primary(&self) -> &str {
        self.0.content.cta_primary.as_deref().unwrap_or(self.copy().cta_primary)
    }

    /// The second call to action.
    pub fn cta_secondary(&self) -> &str {
        self.0.content.cta_secondary.as_deref().unwrap_or(self.copy().cta_secondary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_with_content_is_drawn_whatever_its_name_and_one_without_only_as_a_look() {
        assert_eq!(Variant::of("muses", None), None);
        let muses = Variant::of("muses", Some(&VariantContent::default())).unwrap();
        assert_eq!((muses.name(), muses.look(), muses.subtitle()), ("muses", Look::Neon, Look::Neon.copy().lede));
        let synthwave = Variant::of("synthwave", Some(&VariantContent::default())).unwrap();
        assert_eq!(synthwave.palette(), Palette::Synthwave);
        assert_eq!(Variant::of("neon", None).unwrap(), Variant::plain(Look::Neon));
    }

    #[test]
    fn own_words_stand_in_the_place_of_those_of_the_look() {
        let content = VariantContent {
            headline: Some("MEET THE\nNINE MUSES OF TODAY".into()),
            cta_primary: Some("Listen".into()),
            palette: Some(Palette::Aurora),
            ..VariantContent::default()
        };
        let muses = Variant::of("muses", Some(&content)).unwrap();
        assert_eq!(muses.headline(), ["MEET THE", "NINE MUSES OF TODAY"]);
        assert_eq!(muses.title(), "MEET THE NINE MUSES OF TODAY · Pushnami");
        assert!(muses.has_long_headline() && !Variant::plain(Look::Neon).has_long_headline());
        assert_eq!((muses.look(), muses.cta_primary()), (Look::Synthwave, "Listen"));
        assert_eq!(muses.cta_secondary(), Look::Synthwave.copy().cta_secondary);
    }
}
