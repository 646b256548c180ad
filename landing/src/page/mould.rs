//! Pages that are drawn once for each configuration: what differs from visitor to visitor are a few holes, and the rest is
//! shared by everybody who is shown the same.

use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwapOption;
use uuid::Uuid;

use super::view::{PageView, render};
use crate::abtest::configuration::Configuration;
use crate::contact::view::ContactView;

/// Stand where the holes are. Nothing else on the page can be spelt so.
const NONCE: &str = "hole-6b1d0c5e-nonce";
const STAMP: &str = "hole-6b1d0c5e-stamp";
const FORM: Uuid = Uuid::from_u128(0x6b1d_0c5e_0000_4000_8000_686f_6c65_7373);

/// The moulds of the newest configuration.
#[derive(Debug, Default)]
pub struct Moulds(ArcSwapOption<Set>);

#[derive(Debug)]
struct Set {
    configuration: Arc<Configuration>,
    /// Four for each variant.
    moulds: Vec<OnceLock<Mould>>,
}

/// A page with holes.
#[derive(Debug)]
pub struct Mould {
    /// The page, with the names of the holes in it.
    text: String,
    /// What stands before each hole, by its place in the text, and the hole; in the order of the page.
    pieces: Vec<(std::ops::Range<usize>, Hole)>,
    /// Where the rest begins.
    rest: usize,
}

#[derive(Clone, Copy, Debug)]
enum Hole {
    Nonce,
    Form,
    Stamp,
}

/// Which of the pages of a configuration.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The place of its variant among all that are configured.
    pub place: usize,
    /// Whether it was forced.
    pub preview: bool,
    /// Whether the visitor is recorded.
    pub recording: bool,
}

impl Moulds {
    /// Fills the page of this kind; where nobody has drawn it yet, `view` is what to draw.
    pub fn fill(&self, configuration: &Arc<Configuration>, kind: Kind, view: &PageView<'_>) -> String {
        let set = self.set(configuration);
        let number = 4 * kind.place + 2 * usize::from(kind.preview) + usize::from(kind.recording);
        match set.moulds.get(number) {
            Some(mould) => mould.get_or_init(|| Mould::of(view)).fill(view.nonce, view.contact),
            None => render(view),
        }
    }

    fn set(&self, configuration: &Arc<Configuration>) -> Arc<Set> {
        let current = self.0.load_full();
        let fits =
            |set: &Arc<Set>| Arc::ptr_eq(&set.configuration, configuration) || *set.configuration == **configuration;
        current.filter(fits).unwrap_or_else(|| {
            let moulds = (0..4 * configuration.variants().len()).map(|_| OnceLock::new()).collect();
            let fresh = Arc::new(Set { configuration: Arc::clone(configuration), moulds });
            self.0.store(Some(Arc::clone(&fresh)));
            fresh
        })
    }
}

impl Mould {
    fn of(view: &PageView<'_>) -> Self {
        let contact = ContactView::empty(FORM, STAMP.to_owned());
        let text = render(&PageView { nonce: NONCE, contact: &contact, ..*view });
        let form = FORM.to_string();
        let names = [(NONCE, Hole::Nonce), (form.as_str(), Hole::Form), (STAMP, Hole::Stamp)];
        let found =
            names.iter().flat_map(|(name, hole)| text.match_indices(name).map(|(at, name)| (at, name.len(), *hole)));
        let mut found: Vec<_> = found.collect();
        found.sort_unstable_by_key(|(at, _, _)| *at);
        let mut rest = 0;
        let mut pieces = Vec::with_capacity(found.len());
        for (at, length, hole) in found {
            pieces.push((rest..at, hole));
            rest = at + length;
        }
        Self { text, pieces, rest }
    }

    fn fill(&self, nonce: &str, contact: &ContactView) -> String {
        // The holes' names are about as long as what fills them.
        let mut page = String::with_capacity(self.text.len() + 128);
        for (piece, hole) in &self.pieces {
            page += &self.text[piece.clone()];
            match hole {
                Hole::Nonce => page += nonce,
                Hole::Form => page += contact.form.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()),
                Hole::Stamp => page += &contact.stamp,
            }
        }
        page + &self.text[self.rest..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::assets::Assets;
    use crate::page::crawlers::PublicUrl;
    use crate::page::toggles::PageToggles;

    #[test]
    fn a_filled_page_is_the_page_that_would_have_been_drawn() {
        let (assets, public_url, moulds) = (Assets::embedded(), PublicUrl::default(), Moulds::default());
        let first = Arc::new(Configuration::built_in());
        let mut other = Configuration::built_in();
        other.toggles = PageToggles { show_testimonials: false, matrix_rain: None, ..PageToggles::default() };
        let other = Arc::new(other);
        for (turn, configuration) in [&first, &other, &first, &first].into_iter().enumerate() {
            for number in 0..8 {
                let variant = &configuration.variants()[number / 4];
                let kind = Kind { place: number / 4, preview: number & 2 > 0, recording: number & 1 > 0 };
                let nonce = format!("nonce+{turn}/{number}");
                let contact = ContactView::empty(Uuid::from_u128(turn as u128 + 1), format!("stamp.{number}"));
                let view = PageView {
                    variant,
                    experiment_id: None,
                    preview: kind.preview,
                    recording: kind.recording,
                    toggles: &configuration.toggles,
                    nonce: &nonce,
                    assets: &assets,
                    public_url: &public_url,
                    contact: &contact,
                };
                let filled = moulds.fill(configuration, kind, &view);
                assert!(filled == render(&view), "{kind:?} in turn {turn}");
                assert!(!filled.contains("6b1d0c5e"));
            }
        }
    }
}
