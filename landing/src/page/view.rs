//! The page as HTML: [`PageView`] says what was decided, [`render`] writes it down. Pure: no clock, no neighbour.
//!
//! The markup is in `landing/templates/page.html`. What the script must know travels in one JSON block (`#page`); the
//! visitor's id is not in it, because the cookie that carries it is closed to scripts.

use askama::Template;
use serde::Serialize;
use uuid::Uuid;

use crate::contact::view::ContactView;
use crate::page::assets::Assets;
use crate::page::copy::{FEATURES, Feature, NUMBERS, Number, PageCopy, VOICES, Voice};
use crate::page::crawlers::PublicUrl;
use crate::page::toggles::{Glitch, PageToggles, Rain};
use crate::page::variant::{Look, Variant};

/// Everything that decides how one page looks.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "page.html")]
pub struct PageView<'a> {
    /// Which variant.
    pub variant: &'a Variant,
    /// The experiment that chose the variant; `None` when none did.
    pub experiment_id: Option<Uuid>,
    /// The variant was forced with `?variant=`: events say so and name no experiment.
    pub preview: bool,
    /// Whether the script may record; `false` for visitors who asked not to be recorded (`Sec-GPC`, `DNT`).
    pub recording: bool,
    /// What is switched on.
    pub toggles: &'a PageToggles,
    /// The nonce that the response's Content-Security-Policy names.
    pub nonce: &'a str,
    /// Where the script and the styles are.
    pub assets: &'a Assets,
    /// Where the world finds the page.
    pub public_url: &'a PublicUrl,
    /// The contact form.
    pub contact: &'a ContactView,
}

/// Writes the page.
pub fn render(view: &PageView<'_>) -> String {
    view.render().expect("writing into a string does not fail")
}

/// What the script is told, in the JSON block `#page`. `landing/client/src/facts.ts` reads it.
#[derive(Debug, Serialize)]
struct PageFacts<'a> {
    experiment_id: Option<Uuid>,
    variant: &'a str,
    look: Look,
    preview: bool,
    recording: bool,
    matrix_rain: Option<Rain>,
    hero_glitch: Option<Glitch>,
    cursor_light: bool,
    selection_sparkle: bool,
}

impl PageView<'_> {
    fn facts(&self) -> PageFacts<'_> {
        PageFacts {
            // A preview must never enter a result, whatever the caller knew about the experiment.
            experiment_id: self.experiment_id.filter(|_| !self.preview),
            variant: self.variant.name(),
            look: self.variant.look(),
            preview: self.preview,
            recording: self.recording,
            matrix_rain: self.toggles.matrix_rain,
            hero_glitch: self.toggles.hero_glitch,
            cursor_light: self.toggles.cursor_light,
            selection_sparkle: self.toggles.selection_sparkle,
        }
    }

    fn copy(&self) -> &'static PageCopy {
        self.variant.copy()
    }

    fn features(&self) -> &'static [Feature] {
        &FEATURES
    }

    fn numbers(&self) -> &'static [Number] {
        &NUMBERS
    }

    fn voices(&self) -> &'static [Voice] {
        &VOICES
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use std::collections::BTreeMap;

    use pushnami_common::contract::VariantContent;

    use super::*;
    use crate::page::assets;

    fn assets() -> Assets {
        Assets {
            script: Some("/assets/main-1a2b3c4d.js".into()),
            styles: vec!["/assets/main-5e6f7a8b.css".into()],
            preload: vec!["/assets/title-9c0d1e2f.woff2".into()],
            posters: BTreeMap::new(),
        }
    }

    fn page(change: impl FnOnce(&mut PageView<'_>), toggles: &PageToggles) -> String {
        page_of(&Variant::plain(Look::Neon), change, toggles)
    }

    fn page_of(variant: &Variant, change: impl FnOnce(&mut PageView<'_>), toggles: &PageToggles) -> String {
        let assets = assets();
        let contact = ContactView::default();
        let public_url = PublicUrl::default();
        let mut view = PageView {
            variant,
            experiment_id: Uuid::parse_str("01980000-0000-7000-8000-000000000001").ok(),
            preview: false,
            recording: true,
            toggles,
            nonce: "n0nce",
            assets: &assets,
            public_url: &public_url,
            contact: &contact,
        };
        change(&mut view);
        render(&view)
    }

    fn facts(html: &str) -> Value {
        let (_, rest) = html.split_once("id=\"page\"").expect("the page has its facts");
        let (_, rest) = rest.split_once('>').expect("the block opens");
        let (block, _) = rest.split_once("</script>").expect("the block closes");
        serde_json::from_str(block).expect("the block is JSON")
    }

    #[test]
    fn each_variant_has_its_own_words() {
        let neon = page(|_| {}, &PageToggles::default());
        let other = Variant::plain(Look::Synthwave);
        let synthwave = page_of(&other, |_| {}, &PageToggles::default());
        for (html, words) in [
            (&neon, ["ASCEND TO", "OLYMPUS", "Begin Ascension", "View the Prophecy"]),
            (&synthwave, ["ENTER THE", "AGORA", "Seek Knowledge", "Read the Scrolls"]),
        ] {
            for word in words {
                assert!(html.contains(word), "`{word}` is missing");
            }
        }
        assert!(!synthwave.contains("Begin Ascension"));
    }

    #[test]
    fn the_facts_are_what_the_script_needs_and_no_more() {
        let html = page(|_| {}, &PageToggles::default());
        assert_eq!(
            facts(&html),
            json!({
                "experiment_id": "01980000-0000-7000-8000-000000000001",
                "variant": "neon", "look": "neon", "preview": false, "recording": true,
                "matrix_rain": { "speed": 1.0, "density": 1.0 }, "hero_glitch": { "intensity": 1.0 },
                "cursor_light": true, "selection_sparkle": true,
            })
        );
    }

    #[test]
    fn a_preview_names_no_experiment_and_stays_out_of_search_engines() {
        let html = page(|view| view.preview = true, &PageToggles::default());
        assert_eq!(facts(&html)["experiment_id"], Value::Null);
        assert_eq!(facts(&html)["preview"], json!(true));
        assert!(html.contains("noindex"));
    }

    #[test]
    fn written_content_is_text_wherever_it_stands() {
        let content = VariantContent {
            headline: Some("<script>\n\"onload=".into()),
            subtitle: Some("</script><img src=x onerror=alert(1)>".into()),
            cta_primary: Some("{{ nonce }}".into()),
            cta_secondary: Some("&lt;b&gt;".into()),
            ..VariantContent::default()
        };
        let variant = Variant::of("\"><script>alert(1)</script>", Some(&content)).unwrap();
        let html = page_of(&variant, |view| view.preview = true, &PageToggles::default());
        assert_eq!(facts(&html)["variant"], json!("\"><script>alert(1)</script>"));
        assert!(!html.contains("<img src=x") && !html.contains("\"onload") && !html.contains("<script>"));
        assert!(html.contains("{{ nonce }}") && html.contains("&#38;lt;b"));
    }

    #[test]
    fn a_toggle_that_is_off_leaves_nothing_behind() {
        let on = page(|_| {}, &PageToggles::default());
        let parts = [
            "id=\"testimonials\"",
            "href=\"#testimonials\"",
            "id=\"player\"",
            "id=\"temple\"",
            "class=\"rain\"",
            "data-glitch",
        ];
        for part in parts {
            assert!(on.contains(part), "`{part}` is missing from the full page");
        }
        let off = PageToggles {
            show_testimonials: false,
            show_music_player: false,
            show_scroll_temple: false,
            cursor_light: false,
            selection_sparkle: false,
            matrix_rain: None,
            hero_glitch: None,
        };
        let html = page(|_| {}, &off);
        for part in parts {
            assert!(!html.contains(part), "`{part}` should be gone");
        }
        assert_eq!(facts(&html)["matrix_rain"], Value::Null);
        assert_eq!((&facts(&html)["cursor_light"], &facts(&html)["selection_sparkle"]), (&json!(false), &json!(false)));
    }

    #[test]
    fn final_numbers_are_in_the_markup() {
        let html = page(|_| {}, &PageToggles::default());
        for number in &NUMBERS {
            assert!(html.contains(&format!(">{}</", number.value)), "{} is missing", number.value);
        }
    }

    #[test]
    fn nothing_inline_would_be_stopped_by_the_policy() {
        let html = page(|_| {}, &PageToggles::default());
        assert!(!html.contains(" style=") && !html.contains(" onclick="));
        for script in html.split("<script").skip(1) {
            assert!(script.split('>').next().is_some_and(|tag| tag.contains("nonce=\"n0nce\"")));
        }
    }

    #[test]
    fn the_first_view_keeps_the_promise_about_its_weight() {
        let promised = NUMBERS.iter().find(|number| number.unit == "kB").expect("the page promises a weight");
        let html = page(|_| {}, &PageToggles::default());
        // The page itself goes out compressed too; counting it raw errs on the strict side.
        let [(requests, bytes), (_, later)] = assets::everything_sent();
        // The page itself is one request more.
        assert!(requests < 14, "{requests} files");
        assert!(later <= 800_000, "{later} bytes once the sculpture wakes");
        assert!(html.len() + bytes <= promised.value as usize * 1000, "{} bytes", html.len() + bytes);
    }

    #[test]
    fn without_a_front_end_build_the_page_still_has_its_words() {
        static NO_BUILD: Assets = Assets::NONE;
        let html = page(|view| view.assets = &NO_BUILD, &PageToggles::default());
        assert!(html.contains("OLYMPUS") && !html.contains("/assets/"));
    }
}
