//! Text that our services sign for themselves and for each other, with the key they all derive from the admin's password.
//!
//! A seal says what it is for, and opens for nothing else: no sealed text is ever taken for a session, and none of one
//! purpose for one of another. Sealed text can be read by everybody; it only cannot be made by anybody else.

use std::net::IpAddr;

use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use time::Duration;

use super::AdminKey;

/// The header in which a service of ours names the caller for whom it calls another.
pub const VOUCHED_CALLER: &str = "x-vouched-caller";
/// How long a vouched name holds: longer than any call of ours waits, too short to be worth stealing from a log.
const VOUCHED_FOR: Duration = Duration::minutes(1);

/// What a seal is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The contact form: when its page was written.
    ContactForm,
    /// The caller for whom one service calls another.
    Caller,
    /// Which variant a visitor was assigned, carried by the visitor.
    Assignment,
    /// What a variant is to say, before it is saved.
    Draft,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::ContactForm => "contact form",
            Self::Caller => "caller",
            Self::Assignment => "assignment",
            Self::Draft => "draft",
        }
    }
}

impl AdminKey {
    /// `<claim>.<signature>`.
    pub async fn seal(&self, purpose: Purpose, claim: &str) -> String {
        let signature = mac(self.key().await, purpose, claim).finalize().into_bytes();
        format!("{claim}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claim, if it was sealed with this key for this purpose.
    pub async fn unseal<'a>(&self, purpose: Purpose, sealed: &'a str) -> Option<&'a str> {
        let (claim, signature) = sealed.rsplit_once('.')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        mac(self.key().await, purpose, claim).verify_slice(&signature).ok().map(|()| claim)
    }

    /// What [`VOUCHED_CALLER`] says when this service calls another for `caller`.
    pub async fn vouch_for(&self, caller: IpAddr) -> String {
        let until = (self.0.clock.now() + VOUCHED_FOR).unix_timestamp();
        self.seal(Purpose::Caller, &format!("{caller},{until}")).await
    }

    /// The caller whom a service of ours has vouched for, less than a minute ago. Where a request comes from says nothing
    /// about who sent it: inside Docker everybody has a private address. The signature does.
    pub async fn vouched_caller(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let claim = self.unseal(Purpose::Caller, headers.get(VOUCHED_CALLER)?.to_str().ok()?).await?;
        let (caller, until) = claim.split_once(',')?;
        let until: i64 = until.parse().ok()?;
        (self.0.clock.now().unix_timestamp() < until).then(|| caller.parse().ok())?
    }
}

fn mac(key: &[u8; 32], purpose: Purpose, claim: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(format!("pushnami {} v1:", purpose.name()).as_bytes());
    mac.update(claim.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use crate::auth::{AdminAuth, Password};
    use crate::clock::Clock;

    use super::*;

    fn key(password: &str, clock: &Clock) -> AdminKey {
        AdminKey::new(AdminAuth::Password(Password(password.to_owned())), Vec::new(), clock.clone())
    }

    #[tokio::test]
    async fn a_seal_opens_with_its_own_key_and_for_its_own_purpose() {
        let (clock, _) = Clock::stopped_at("2026-01-02T03:04:05Z");
        let ours = key("secret", &clock);
        let sealed = ours.seal(Purpose::ContactForm, "1.2").await;
        assert_eq!(ours.unseal(Purpose::ContactForm, &sealed).await, Some("1.2"));
        assert_eq!(ours.unseal(Purpose::Caller, &sealed).await, None);
        assert_eq!(key("another", &clock).unseal(Purpose::ContactForm, &sealed).await, None);
        for broken in ["", ".", "1.2", &sealed[1..], &sealed[..sealed.len() - 1]] {
            assert_eq!(ours.unseal(Purpose::ContactForm, broken).await, None, "{broken}");
        }
        // A text of the same form as a session's must never open the admin.
        let posing = ours.seal(Purpose::ContactForm, "99999999999").await;
        assert_eq!(ours.check_session(&posing).await, None);
    }

    #[tokio::test]
    async fn a_vouched_caller_is_believed_for_a_minute() {
        let (clock, hands) = Clock::stopped_at("2026-01-02T03:04:05Z");
        let ours = key("secret", &clock);
        let caller: IpAddr = "2001:db8::7".parse().unwrap();
        let headers =
            |value: String| HeaderMap::from_iter([(HeaderName::from_static(VOUCHED_CALLER), value.parse().unwrap())]);
        let vouched = headers(ours.vouch_for(caller).await);
        assert_eq!(ours.vouched_caller(&vouched).await, Some(caller));
        assert_eq!(ours.vouched_caller(&headers("192.0.2.7,99999999999.AAAA".to_owned())).await, None);
        assert_eq!(ours.vouched_caller(&HeaderMap::new()).await, None);
        hands.advance(VOUCHED_FOR);
        assert_eq!(ours.vouched_caller(&vouched).await, None);
    }
}
