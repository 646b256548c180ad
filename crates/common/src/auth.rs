//! The admin's key: one password for all services, from which each derives the same signing key, so that a session
//! opened at one of them is checked by every other on its own.
//!
//! [`token`] makes and reads session tokens, [`seal`] signs what is no session; [`Admin`] is the extractor that lets a handler ask for the admin.

mod guard;
pub mod seal;
pub mod token;

use std::fmt;
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;
use time::{Duration, OffsetDateTime};
use tokio::sync::{OnceCell, Semaphore};

use crate::clock::Clock;

pub use guard::{Admin, SESSION_COOKIE, is_same_origin};

/// How long a session lasts.
pub const SESSION_LIFETIME: Duration = Duration::hours(12);

/// Who may act as the admin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminAuth {
    /// Whoever knows the password.
    Password(Password),
    /// Everybody: for a closed demo.
    Off,
}

/// The admin's password. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Checks passwords and sessions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AdminKey(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    auth: AdminAuth,
    /// Derived on first need: it takes some 20 ms and 19 MiB for a moment, and most processes never need it to start.
    key: OnceCell<[u8; 32]>,
    /// At most two derivations at a time, so that guessing cannot fill the memory.
    derivations: Semaphore,
    allowed_origins: Vec<String>,
    clock: Clock,
}

/// A session somebody opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The signed text the client keeps.
    pub token: String,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}

impl AdminKey {
    /// A key for this admin; cookies are accepted on unsafe calls only from `allowed_origins` or the service's own.
    pub fn new(auth: AdminAuth, allowed_origins: Vec<String>, clock: Clock) -> Self {
        let derivations = Semaphore::new(2);
        Self(Arc::new(Inner { auth, key: OnceCell::new(), derivations, allowed_origins, clock }))
    }

    /// Whether a password is needed at all.
    pub fn is_on(&self) -> bool {
        self.0.auth != AdminAuth::Off
    }

    /// Opens a session for whoever knows the password.
    pub async fn open_session(&self, password: &str) -> Option<Session> {
        let key = match &self.0.auth {
            AdminAuth::Off => *self.key().await,
            AdminAuth::Password(_) => {
                let claimed = self.derive(password.to_owned()).await;
                let key = self.key().await;
                bool::from(claimed.ct_eq(key)).then_some(*key)?
            }
        };
        let expires_at = self.0.clock.now().replace_nanosecond(0).expect("0 is below a second") + SESSION_LIFETIME;
        Some(Session { token: token::sign(&key, expires_at), expires_at })
    }

    /// When the session of this token ends; `None` if it is forged, of another password, or over.
    pub async fn check_session(&self, token: &str) -> Option<OffsetDateTime> {
        token::verify(self.key().await, token).filter(|expires_at| *expires_at > self.0.clock.now())
    }

    async fn key(&self) -> &[u8; 32] {
        let password = match &self.0.auth {
            AdminAuth::Password(password) => password.0.clone(),
            AdminAuth::Off => String::new(),
        };
        self.0.key.get_or_init(|| self.derive(password)).await
    }

    /// Argon2id with the parameters OWASP names as a minimum (19 MiB, 2 passes, 1 lane). The salt is fixed, since three
    /// services that share nothing but the password must arrive at the same key.
    async fn derive(&self, password: String) -> [u8; 32] {
        let _permit = self.0.derivations.acquire().await.expect("the semaphore is never closed");
        let derived = tokio::task::spawn_blocking(move || {
            let params = Params::new(19 * 1024, 2, 1, Some(32)).expect("parameters within argon2's limits");
            let mut key = [0; 32];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into(password.as_bytes(), b"pushnami admin session v1", &mut key)
                .expect("lengths within argon2's limits");
            key
        });
        derived.await.expect("a derivation does not panic")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(password: &str, clock: &Clock) -> AdminKey {
        AdminKey::new(AdminAuth::Password(Password(password.to_owned())), Vec::new(), clock.clone())
    }

    #[tokio::test]
    async fn a_session_holds_in_every_service_until_it_ends() {
        let (clock, hands) = Clock::stopped_at("2026-01-02T03:04:05.6Z");
        let session = key("secret", &clock).open_session("secret").await.unwrap();
        assert_eq!(key("secret", &clock).check_session(&session.token).await, Some(session.expires_at));

        hands.advance(SESSION_LIFETIME);
        assert_eq!(key("secret", &clock).check_session(&session.token).await, None);
    }

    #[tokio::test]
    async fn another_password_neither_opens_nor_keeps_a_session() {
        let (clock, _) = Clock::stopped_at("2026-01-02T03:04:05Z");
        assert_eq!(key("secret", &clock).open_session("Secret").await, None);

        let session = key("secret", &clock).open_session("secret").await.unwrap();
        assert_eq!(key("new secret", &clock).check_session(&session.token).await, None);
    }

    #[test]
    fn a_password_does_not_print() {
        assert!(!format!("{:?}", AdminAuth::Password(Password("secret".to_owned()))).contains("secret"));
    }
}
