//! Session tokens: `<expiry>.<signature>`, signed with HMAC-SHA-256 (RFC 2104). Pure functions.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use time::OffsetDateTime;

/// A token that holds until `expires_at` (whole seconds).
pub fn sign(key: &[u8; 32], expires_at: OffsetDateTime) -> String {
    let claim = expires_at.unix_timestamp().to_string();
    let signature = BASE64_URL_SAFE_NO_PAD.encode(mac(key, &claim).finalize().into_bytes());
    format!("{claim}.{signature}")
}

/// When the token ends, if this key signed it. Whether that moment has passed is the caller's question.
pub fn verify(key: &[u8; 32], token: &str) -> Option<OffsetDateTime> {
    let (claim, signature) = token.split_once('.')?;
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    mac(key, claim).verify_slice(&signature).ok()?;
    OffsetDateTime::from_unix_timestamp(claim.parse().ok()?).ok()
}

fn mac(key: &[u8; 32], claim: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(b"pushnami session v1:");
    mac.update(claim.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_untouched_token_of_the_same_key_is_believed() {
        let expires_at = OffsetDateTime::from_unix_timestamp(1_767_322_245).unwrap();
        let token = sign(&[7; 32], expires_at);
        assert_eq!(verify(&[7; 32], &token), Some(expires_at));
        assert_eq!(verify(&[8; 32], &token), None);
        assert_eq!(verify(&[7; 32], &token.replacen('1', "2", 1)), None);
        for broken in ["", ".", "1767322245", "1767322245.", "a.b", &token[..token.len() - 1]] {
            assert_eq!(verify(&[7; 32], broken), None, "{broken}");
        }
    }
}
