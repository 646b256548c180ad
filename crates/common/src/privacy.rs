//! Visitors' wishes: `Sec-GPC: 1` (Global Privacy Control, <https://w3c.github.io/gpc/>) and its older, withdrawn relative
//! `DNT: 1`.
//!
//! The control says "do not sell or share what you learn about me". We do neither, and it forbids no site to count its own
//! visitors; that we do not even do that is our own, stricter choice, and `GPC_MODE` changes it.
//!
//! The policy is applied at the door: [`PrivacyPolicy::take_off_unheeded`] removes the headers that it does not heed, and
//! everything behind asks [`asks_not_to_be_recorded`].

use axum::http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::{ConfigError, Env, wrong};

/// The header of Global Privacy Control.
pub const GPC: &str = "sec-gpc";
/// The header of Do Not Track.
pub const DNT: &str = "dnt";
/// What an answer that obeys wishes says in `Vary`.
pub const WISHES: &str = "Sec-GPC, DNT";
/// Since when the policy is as it is: to be changed with it.
const LAST_UPDATE: &str = "2026-11-23";

/// What `Sec-GPC: 1` leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GpcMode {
    /// No cookie, no assignment, no event.
    #[default]
    NoTrack,
    /// Recorded like everybody. The wish is kept all the same: nothing is sold to or shared with anybody.
    NoShare,
    /// Nothing, and we do not claim otherwise.
    Ignore,
}

/// How wishes are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrivacyPolicy {
    /// What `Sec-GPC: 1` leads to.
    pub gpc: GpcMode,
    /// Whether `DNT: 1` means no cookie, no assignment and no event.
    pub respect_dnt: bool,
    /// Whether the cookie of an earlier visit is taken away from somebody who asks not to be recorded.
    pub clear: bool,
}

/// What `/.well-known/gpc.json` says.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct GpcSupport {
    /// Whether the site abides by Global Privacy Control.
    pub gpc: bool,
    /// Since when it does.
    #[serde(rename = "lastUpdate")]
    #[schema(example = "2026-11-23")]
    pub last_update: &'static str,
}

impl Default for PrivacyPolicy {
    fn default() -> Self {
        Self { gpc: GpcMode::default(), respect_dnt: true, clear: false }
    }
}

impl PrivacyPolicy {
    /// Reads `GPC_MODE`, `RESPECT_DNT` and `CLEAR_ON_GPC`.
    ///
    /// # Errors
    /// When one holds what it may not.
    pub fn read(env: &Env) -> Result<Self, ConfigError> {
        let gpc = match env.get("GPC_MODE").unwrap_or("no_track") {
            "no_track" => GpcMode::NoTrack,
            "no_share" => GpcMode::NoShare,
            "ignore" => GpcMode::Ignore,
            other => return Err(wrong("GPC_MODE", other, "`no_track`, `no_share` or `ignore`")),
        };
        Ok(Self { gpc, respect_dnt: switch(env, "RESPECT_DNT", true)?, clear: switch(env, "CLEAR_ON_GPC", false)? })
    }

    /// Removes the wishes that this policy does not heed.
    pub fn take_off_unheeded(&self, headers: &mut HeaderMap) {
        if self.gpc != GpcMode::NoTrack {
            headers.remove(GPC);
        }
        if !self.respect_dnt {
            headers.remove(DNT);
        }
    }

    /// What the site says about itself.
    pub fn support(&self) -> GpcSupport {
        GpcSupport { gpc: self.gpc != GpcMode::Ignore, last_update: LAST_UPDATE }
    }
}

/// Whether a wish not to be recorded came along. Only the exact value `1` is one; of several lines one is enough.
pub fn asks_not_to_be_recorded(headers: &HeaderMap) -> bool {
    [GPC, DNT].iter().any(|name| headers.get_all(*name).iter().any(|value| value == "1"))
}

fn switch(env: &Env, name: &str, default: bool) -> Result<bool, ConfigError> {
    match env.get(name) {
        None => Ok(default),
        Some("1" | "on" | "true") => Ok(true),
        Some("0" | "off" | "false") => Ok(false),
        Some(other) => Err(wrong(name, other, "`on` or `off`")),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn read(variables: &[(&str, &str)]) -> Result<PrivacyPolicy, String> {
        PrivacyPolicy::read(&Env::of(variables)).map_err(|error| error.0)
    }

    fn is_heeded(policy: PrivacyPolicy, name: &'static str) -> bool {
        let mut headers = headers(&[(name, "1")]);
        policy.take_off_unheeded(&mut headers);
        asks_not_to_be_recorded(&headers)
    }

    #[test]
    fn only_the_exact_value_1_is_a_wish() {
        for name in [GPC, DNT] {
            assert!(asks_not_to_be_recorded(&headers(&[(name, "1")])));
            assert!(asks_not_to_be_recorded(&headers(&[(name, "0"), (name, "1")])), "one line of several");
            for value in ["0", "true", "1, 1", "1;a=b", "", "null"] {
                assert!(!asks_not_to_be_recorded(&headers(&[(name, value)])), "{name}: {value}");
            }
        }
        assert!(!asks_not_to_be_recorded(&HeaderMap::new()));
    }

    #[test]
    fn both_wishes_are_heeded_unless_the_operator_says_otherwise() {
        let policy = read(&[]).unwrap();
        assert_eq!(policy, PrivacyPolicy::default());
        assert!(is_heeded(policy, GPC) && is_heeded(policy, DNT) && !policy.clear);
        for mode in ["no_share", "ignore"] {
            let policy = read(&[("GPC_MODE", mode)]).unwrap();
            assert!(!is_heeded(policy, GPC) && is_heeded(policy, DNT), "{mode}");
        }
        let policy = read(&[("RESPECT_DNT", "off"), ("CLEAR_ON_GPC", "1")]).unwrap();
        assert!(is_heeded(policy, GPC) && !is_heeded(policy, DNT) && policy.clear);
    }

    #[test]
    fn what_the_site_says_of_itself_is_true() {
        let claim = |mode| read(&[("GPC_MODE", mode)]).unwrap().support().gpc;
        assert_eq!(["no_track", "no_share", "ignore"].map(claim), [true, true, false]);
    }

    #[test]
    fn a_refusal_names_what_would_do() {
        assert_eq!(
            read(&[("GPC_MODE", "on")]).unwrap_err(),
            "GPC_MODE is `on`; it may hold `no_track`, `no_share` or `ignore`"
        );
        assert_eq!(read(&[("RESPECT_DNT", "2")]).unwrap_err(), "RESPECT_DNT is `2`; it may hold `on` or `off`");
    }
}
