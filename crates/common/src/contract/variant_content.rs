//! What the landing page says in a variant, and in which colours: abtest keeps it, landing draws it.

use std::collections::BTreeMap;

use garde::Validate;
use garde::error::Error;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text;

/// The longest line of a headline, in characters: what stands in two rows on a phone without breaking a word.
pub const HEADLINE_CHARS: usize = 40;
/// The most lines of a headline.
pub const HEADLINE_LINES: usize = 2;
/// The longest subtitle, in characters: what a phone shows above its first call to action.
pub const SUBTITLE_CHARS: usize = 240;
/// The longest call to action, in characters: what fits into a button on a phone.
pub const CTA_CHARS: usize = 32;

/// Content by variant. A variant that has an entry, even an empty one, can be drawn whatever its name is.
pub type VariantContents = BTreeMap<String, VariantContent>;

/// The words and the colours of the page in one variant. What is left out, or `null`, is as the palette's own page has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "headline": "MEET THE\nMUSES", "subtitle": "Nine of them, and one page.", "cta_primary": "Listen", "palette": "aurora",
}))]
pub struct VariantContent {
    /// The headline: one line or two, parted by a line feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(in_lines)))]
    #[schema(
        min_length = 1,
        max_length = 81,
        pattern = r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]{0,39}(\n[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]{0,39})?$"
    )]
    pub headline: Option<String>,
    /// The sentences below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(words(SUBTITLE_CHARS))))]
    #[schema(min_length = 1, max_length = 240, pattern = r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$")]
    pub subtitle: Option<String>,
    /// The first call to action, which leads to the contact form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(words(CTA_CHARS))))]
    #[schema(min_length = 1, max_length = 32, pattern = r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$")]
    pub cta_primary: Option<String>,
    /// The second call to action, which leads to the features.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(words(CTA_CHARS))))]
    #[schema(min_length = 1, max_length = 32, pattern = r"^[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$")]
    pub cta_secondary: Option<String>,
    /// The colours, and with them the artwork.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(skip)]
    pub palette: Option<Palette>,
}

/// The colours of the page. Each was chosen so that all text on it has a contrast of at least 4.5 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Palette {
    /// Pink dusk on Olympus.
    Neon,
    /// Cyan night in the Agora.
    Synthwave,
    /// Green lights over the Agora.
    Aurora,
    /// Embers over Olympus.
    Ember,
}

impl Palette {
    /// The name, as everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Neon => "neon",
            Self::Synthwave => "synthwave",
            Self::Aurora => "aurora",
            Self::Ember => "ember",
        }
    }
}

fn in_lines(text: &str, (): &()) -> garde::Result {
    let lines: Vec<_> = text.split('\n').collect();
    if lines.len() > HEADLINE_LINES {
        return Err(Error::new(format!("must have at most {HEADLINE_LINES} lines, got {}", lines.len())));
    }
    lines.into_iter().try_for_each(|line| plain(line, HEADLINE_CHARS))
}

fn words(max: usize) -> impl Fn(&str, &()) -> garde::Result {
    move |text, ()| plain(text, max)
}

/// Something to read, in one line that begins with it.
fn plain(text: &str, max: usize) -> garde::Result {
    text::check_name(text, max).map_err(Error::new)?;
    if text.starts_with(char::is_whitespace) {
        return Err(Error::new("must not begin with a space"));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::new("must not contain control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(content: &VariantContent) -> String {
        content.validate().expect_err("it is refused").to_string()
    }

    #[test]
    fn a_headline_has_one_line_or_two_and_nothing_is_blank() {
        let of = |headline: &str| VariantContent { headline: Some(headline.to_owned()), ..VariantContent::default() };
        assert!(VariantContent::default().validate().is_ok());
        assert!(of("MEET THE\nMUSES").validate().is_ok());
        assert!(refusal(&of("a\nb\nc")).contains("at most 2 lines, got 3"));
        assert!(refusal(&of("a\n")).contains("must not be empty"));
        assert!(refusal(&of(" ")).contains("must not be blank"));
        assert!(refusal(&of("a\n b")).contains("must not begin with a space"));
        assert!(refusal(&of("a\u{7}")).contains("control characters"));
        assert!(refusal(&of(&"a".repeat(41))).contains("1 to 40 characters, got 41"));
        let cta = VariantContent { cta_primary: Some("a\nb".to_owned()), ..VariantContent::default() };
        assert!(refusal(&cta).contains("cta_primary"));
    }
}
