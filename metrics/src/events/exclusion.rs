//! Which events enter no result: previews of ours, and robots. Plain counts keep them, and show them apart.

use std::sync::LazyLock;

use isbot::Bots;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Robots of today whose names the crate does not know. They say who they are, and mean it.
const YOUNGER_ROBOTS: [&str; 14] = [
    "applebot",
    "bun/",
    "chatgpt-user",
    "claude-user",
    "claude-web",
    "deno/",
    "google-extended",
    "googleother",
    "lighthouse",
    "meta-external",
    "^node",
    "perplexity-user",
    "^undici",
    "^whatsapp/",
];

/// The names of all known robots as one expression: two milliseconds to build, so only a process that needs it does.
static ROBOTS: LazyLock<Bots> = LazyLock::new(|| {
    let mut robots = Bots::default();
    robots.append(&YOUNGER_ROBOTS);
    robots
});

/// Why an event enters no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// Somebody of ours was looking at a variant: the event's metadata says `"preview": true`.
    Preview,
    /// The browser calls itself a robot.
    Robot,
}

impl Exclusion {
    /// Judges an event by what it says of itself. One without a user agent is nobody's robot: servers that report
    /// events for their visitors often know none.
    pub fn of(metadata: Option<&Map<String, Value>>, user_agent: Option<&str>) -> Option<Self> {
        if metadata.and_then(|metadata| metadata.get("preview")) == Some(&Value::Bool(true)) {
            return Some(Self::Preview);
        }
        user_agent.filter(|agent| ROBOTS.is_bot(agent)).map(|_| Self::Robot)
    }

    /// The exclusion as the database spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Robot => "robot",
        }
    }

    /// The exclusion of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Preview, Self::Robot].into_iter().find(|exclusion| exclusion.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judge(metadata: &Value, user_agent: &str) -> Option<Exclusion> {
        Exclusion::of(metadata.as_object(), Some(user_agent))
    }

    #[test]
    fn robots_are_known_by_what_they_call_themselves() {
        for robot in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0",
            "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) Chrome/141.0.0.0 Mobile Safari/537.36 (compatible; GoogleOther)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko; Applebot/0.1)",
            "facebookexternalhit/1.1",
            "meta-externalagent/1.1",
            "WhatsApp/2.23.20.0",
            "curl/8.5.0",
            "python-requests/2.32.3",
            "node",
        ] {
            assert_eq!(judge(&json!({}), robot), Some(Exclusion::Robot), "{robot}");
        }
    }

    #[test]
    fn people_are_not_taken_for_robots() {
        for browser in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            "Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 350.0.0",
            "Firefox",
            "",
        ] {
            assert_eq!(judge(&json!({}), browser), None, "{browser}");
        }
        assert_eq!(Exclusion::of(None, None), None);
    }

    #[test]
    fn only_a_true_preview_is_one_and_it_goes_before_the_robot() {
        assert_eq!(judge(&json!({"preview": true}), "Firefox"), Some(Exclusion::Preview));
        assert_eq!(judge(&json!({"preview": true}), "curl/8.5.0"), Some(Exclusion::Preview));
        for no_preview in [json!({"preview": false}), json!({"preview": "true"}), json!({"preview": 1}), json!({})] {
            assert_eq!(judge(&no_preview, "Firefox"), None, "{no_preview}");
        }
    }

    #[test]
    fn names_lead_back() {
        for exclusion in [Exclusion::Preview, Exclusion::Robot] {
            assert_eq!(Exclusion::from_name(exclusion.as_str()), Some(exclusion));
        }
        assert_eq!(Exclusion::from_name("no_track"), None);
    }
}
