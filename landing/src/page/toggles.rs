//! The switches that the page obeys while it is written, so that nothing flickers in and out once it wakes.

use std::ops::RangeInclusive;

use serde::Serialize;
use serde_json::Value;

/// Which parts of the page are on. A toggle that nobody told us about counts as on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageToggles {
    /// `show_testimonials`: the section of voices and its entry in the navigation.
    pub show_testimonials: bool,
    /// `show_music_player`: TEMPLE.FM.
    pub show_music_player: bool,
    /// `show_scroll_temple`: the temple that is built up by scrolling.
    pub show_scroll_temple: bool,
    /// `cursor_light`: a light that follows a fine pointer.
    pub cursor_light: bool,
    /// `selection_sparkle`: sparks when text was selected.
    pub selection_sparkle: bool,
    /// `matrix_rain`: Greek letters falling behind the page; `None` is off.
    pub matrix_rain: Option<Rain>,
    /// `hero_glitch`: short bursts of colour on the headline; `None` is off.
    pub hero_glitch: Option<Glitch>,
}

/// How the rain falls: factors of the usual, from the toggle's `config`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rain {
    /// Factor of the usual speed.
    pub speed: f64,
    /// Factor of the usual number of columns.
    pub density: f64,
}

/// How strongly the headline glitches, from the toggle's `config`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Glitch {
    /// Factor of the usual displacement.
    pub intensity: f64,
}

impl Default for PageToggles {
    /// Everything on.
    fn default() -> Self {
        Self {
            show_testimonials: true,
            show_music_player: true,
            show_scroll_temple: true,
            cursor_light: true,
            selection_sparkle: true,
            matrix_rain: Some(Rain { speed: 1.0, density: 1.0 }),
            hero_glitch: Some(Glitch { intensity: 1.0 }),
        }
    }
}

impl PageToggles {
    /// Obeys one toggle as abtest describes it. Keys that the page does not know are for somebody else.
    pub fn obey(&mut self, key: &str, enabled: bool, config: &Value) {
        match key {
            "show_testimonials" => self.show_testimonials = enabled,
            "show_music_player" => self.show_music_player = enabled,
            "show_scroll_temple" => self.show_scroll_temple = enabled,
            "cursor_light" => self.cursor_light = enabled,
            "selection_sparkle" => self.selection_sparkle = enabled,
            "matrix_rain" => self.matrix_rain = enabled.then(|| Rain::of(config)),
            "hero_glitch" => {
                self.hero_glitch = enabled.then(|| Glitch { intensity: factor(config, "intensity", 0.0..=1.0) });
            }
            _ => {}
        }
    }
}

impl Rain {
    fn of(config: &Value) -> Self {
        Self { speed: factor(config, "speed", 0.25..=3.0), density: factor(config, "density", 0.1..=1.0) }
    }
}

/// A factor of the usual, kept within what looks well: the operator's typing must not freeze a browser.
fn factor(config: &Value, name: &str, range: RangeInclusive<f64>) -> f64 {
    config.get(name).and_then(Value::as_f64).map_or(1.0, |factor| factor.clamp(*range.start(), *range.end()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nobody_mentioned_is_on() {
        let mut toggles = PageToggles::default();
        toggles.obey("somebody_elses", false, &Value::Null);
        assert_eq!(toggles, PageToggles::default());
    }

    #[test]
    fn each_toggle_switches_its_own_part() {
        let mut toggles = PageToggles::default();
        for key in [
            "show_testimonials",
            "show_music_player",
            "show_scroll_temple",
            "cursor_light",
            "selection_sparkle",
            "matrix_rain",
            "hero_glitch",
        ] {
            toggles.obey(key, false, &json!({}));
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
        assert_eq!(toggles, off);
    }

    #[test]
    fn factors_stay_within_reason() {
        let mut toggles = PageToggles::default();
        toggles.obey("matrix_rain", true, &json!({ "speed": 1e9, "density": "much" }));
        assert_eq!(toggles.matrix_rain, Some(Rain { speed: 3.0, density: 1.0 }));
        toggles.obey("matrix_rain", true, &json!({ "speed": -1, "density": 0 }));
        assert_eq!(toggles.matrix_rain, Some(Rain { speed: 0.25, density: 0.1 }));
        toggles.obey("hero_glitch", true, &json!({ "intensity": 7 }));
        assert_eq!(toggles.hero_glitch, Some(Glitch { intensity: 1.0 }));
    }
}
