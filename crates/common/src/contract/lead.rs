//! A lead on its way: landing sends it, metrics stores it, and both judge it by the rules that stand here.

use garde::Validate;
use garde::error::Error;
use garde::rules::email::parse_email;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ids::{ExperimentId, VisitorId};
use crate::text::{self, sized_if_given};

/// The longest e-mail address, in characters: what fits between the brackets of SMTP's commands (RFC 5321 §4.5.3.1.3).
pub const EMAIL_CHARS: usize = 254;
/// The longest name of a company, in characters.
pub const COMPANY_CHARS: usize = 200;
/// The longest message, in characters: some three hundred words.
pub const MESSAGE_CHARS: usize = 2_000;

/// What a visitor sends with the contact form. Every optional field may also be `null`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "id": "01980000-0000-7000-8000-00000000001e",
    "email": "daphne@example.com",
    "company": "Laurel & Daughters",
    "message": "Do you deliver to Delphi?",
    "visitor_id": "01980000-0000-7000-8000-0000000000aa",
    "experiment_id": "01980000-0000-7000-8000-000000000001",
    "variant": "neon"
}))]
pub struct NewLead {
    /// The client's own id for it: the same id again is the same lead and is stored once. Left out, we make one.
    #[garde(skip)]
    pub id: Option<Uuid>,
    /// Where an answer reaches the visitor.
    #[garde(custom(reachable))]
    #[schema(format = Email, min_length = 3, max_length = 254)]
    pub email: String,
    /// Whom the visitor works for.
    #[garde(custom(one_line))]
    #[schema(max_length = 200, pattern = r"^[^\x00-\x1F\x7F-\x9F]*$")]
    pub company: Option<String>,
    /// What else the visitor wants to say; may have several lines.
    #[garde(custom(several_lines))]
    #[schema(max_length = 2000, pattern = r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]*$")]
    pub message: Option<String>,
    /// Who it was; left out for somebody who asked not to be recorded.
    #[garde(skip)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    pub visitor_id: Option<VisitorId>,
    /// The experiment whose variant the visitor saw. One that nobody knows is stored all the same.
    #[garde(skip)]
    #[schema(value_type = Option<Uuid>)]
    pub experiment_id: Option<ExperimentId>,
    /// The variant the visitor saw.
    #[garde(custom(sized_if_given(0, 255)))]
    #[schema(max_length = 255)]
    pub variant: Option<String>,
    /// A trap for robots: a form hides this field, so a person leaves it empty. A lead that fills it is refused, and not
    /// dropped in silence: a browser that filled it by itself must not cost anybody a letter.
    #[garde(custom(left_empty))]
    #[schema(max_length = 0)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
}

/// What is answered to whoever sent a lead. The lead itself is not in it: an id that somebody guessed tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadReceipt {
    /// The id under which it is stored.
    pub id: Uuid,
    /// Whether this very request stored it: `true` exactly once per id.
    pub is_new: bool,
}

/// A garde rule: an address that mail can reach from elsewhere. garde judges the form; we ask for a domain with a dot as
/// well, because `daphne@localhost` and `daphne@gmail` are slips far more often than addresses.
fn reachable(email: &str, (): &()) -> Result<(), Error> {
    text::check(email, 1, EMAIL_CHARS).map_err(Error::new)?;
    let has_dotted_domain = email.split_once('@').is_some_and(|(_, domain)| {
        let last = domain.rsplit('.').next().unwrap_or_default();
        domain.contains('.') && last.len() > 1 && last.bytes().any(|byte| byte.is_ascii_alphabetic())
    });
    let is_address = has_dotted_domain && !email.ends_with(']') && parse_email(email).is_ok();
    if is_address { Ok(()) } else { Err(Error::new("must be an e-mail address, like daphne@example.com")) }
}

/// A garde rule: one line of text.
fn one_line(company: &Option<String>, (): &()) -> Result<(), Error> {
    let Some(company) = company else { return Ok(()) };
    text::check(company, 0, COMPANY_CHARS).map_err(Error::new)?;
    if company.contains(char::is_control) { Err(Error::new("must not contain control characters")) } else { Ok(()) }
}

/// A garde rule: text with line breaks and tabs, and no other control character.
fn several_lines(message: &Option<String>, (): &()) -> Result<(), Error> {
    let Some(message) = message else { return Ok(()) };
    text::check(message, 0, MESSAGE_CHARS).map_err(Error::new)?;
    let is_odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    if message.contains(is_odd) { Err(Error::new("must not contain control characters")) } else { Ok(()) }
}

/// A garde rule: nothing at all.
fn left_empty(trap: &Option<String>, (): &()) -> Result<(), Error> {
    match trap.as_deref() {
        None | Some("") => Ok(()),
        Some(_) => Err(Error::new("must be empty: only robots fill it")),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    /// The page's script reads the same file: what it accepts must be what we accept.
    const ADDRESSES: &str = include_str!("addresses.json");

    #[derive(Deserialize)]
    struct Addresses {
        accepted: Vec<String>,
        refused: Vec<String>,
    }

    fn wrong_fields(about: serde_json::Value) -> Vec<String> {
        let mut lead = json!({ "email": "daphne@example.com" });
        lead.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
        let lead: NewLead = serde_json::from_value(lead).unwrap();
        let report = lead.validate().err();
        report.iter().flat_map(|report| report.iter()).map(|(path, _)| path.to_string()).collect()
    }

    #[test]
    fn addresses_are_judged_as_the_page_judges_them() {
        let Addresses { accepted, refused } = serde_json::from_str(ADDRESSES).unwrap();
        for email in accepted {
            assert_eq!(wrong_fields(json!({ "email": email })), Vec::<String>::new(), "{email}");
        }
        for email in refused {
            assert_eq!(wrong_fields(json!({ "email": email })), ["email"], "{email}");
        }
    }

    #[test]
    fn a_company_is_one_line_and_a_message_may_be_several() {
        assert!(wrong_fields(json!({ "company": "Δάφνη & Co", "message": "first\r\n\tsecond\n" })).is_empty());
        for odd in ["a\nb", "a\tb", "\u{7f}", "\u{9d}", "\0"] {
            assert_eq!(wrong_fields(json!({ "company": odd })), ["company"], "{odd:?}");
        }
        for odd in ["\u{1b}[31m", "\u{8}", "\u{85}", "\0"] {
            assert_eq!(wrong_fields(json!({ "message": odd })), ["message"], "{odd:?}");
        }
    }

    #[test]
    fn lengths_are_inclusive() {
        let text = |chars| "Ω".repeat(chars);
        assert!(wrong_fields(json!({ "company": text(COMPANY_CHARS), "message": text(MESSAGE_CHARS) })).is_empty());
        assert_eq!(wrong_fields(json!({ "company": text(COMPANY_CHARS + 1) })), ["company"]);
        assert_eq!(wrong_fields(json!({ "message": text(MESSAGE_CHARS + 1) })), ["message"]);
        assert_eq!(wrong_fields(json!({ "homepage": "x" })), ["homepage"]);
        assert!(wrong_fields(json!({ "homepage": "" })).is_empty());
    }
}
