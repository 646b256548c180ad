//! Why a letter was not taken, as the visitor reads it and as a program does.

use axum::http::StatusCode;
use garde::Validate;
use pushnami_common::ApiError;
use pushnami_common::contract::NewLead;

use super::model::ContactPost;
use super::words::{FIELDS, FieldWords};
use crate::metrics::LeadRefusal;

/// Why a letter was not taken.
#[derive(Debug)]
pub enum Refusal {
    /// These fields are not right.
    Fields(Vec<&'static FieldWords>),
    /// The form came back faster than anybody types, or from a page that we do not know.
    TooQuick,
    /// Too many letters came from this address; the seconds to wait.
    TooMany(u64),
    /// Nobody can store it now; for the log, why.
    Away(anyhow::Error),
}

impl Refusal {
    /// What is not right with a letter, by the rules that metrics has too.
    pub fn of(lead: &NewLead) -> Option<Self> {
        let report = lead.validate().err()?;
        Some(Self::of_fields(report.iter().map(|(path, _)| path.to_string())))
    }

    fn of_fields(names: impl Iterator<Item = String>) -> Self {
        let names: Vec<_> = names.collect();
        let fields: Vec<_> =
            FIELDS.iter().copied().filter(|field| names.iter().any(|name| name == field.name)).collect();
        if fields.is_empty() {
            // Something was refused that no visitor has typed.
            return Self::Away(anyhow::anyhow!("metrics refused {names:?}"));
        }
        Self::Fields(fields)
    }

    /// The status it goes out with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Fields(_) | Self::TooQuick => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Away(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The seconds after which it may be sent again, where that is known.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Self::Fields(_) | Self::TooQuick => None,
            Self::TooMany(seconds) => Some(*seconds),
            Self::Away(_) => Some(2),
        }
    }

    /// What the visitor reads beside the button.
    pub fn notice(&self) -> String {
        match self {
            Self::Fields(_) => "Not sent yet: something needs another look.".to_owned(),
            Self::TooQuick => "Not sent yet: that was quicker than people usually are. What you typed is still here; \
                               please send it once more."
                .to_owned(),
            Self::TooMany(seconds) => format!(
                "Not sent: many letters came from your network at once. What you typed is still here; please send it \
                 again in {seconds} seconds."
            ),
            Self::Away(_) => {
                "Not sent: we cannot store it at the moment. What you typed is still here; please send it \
                              again in a moment."
                    .to_owned()
            }
        }
    }

    /// Names of the fields that are not right, in their order on the page, and what is said about each.
    pub fn faults(&self, post: &ContactPost) -> Vec<(&'static str, &'static str)> {
        let Self::Fields(fields) = self else { return Vec::new() };
        fields.iter().map(|field| (field.name, field.about(post.value(field)))).collect()
    }

    /// The same for the page's script. A stamp that will not do is pointed at as well.
    pub fn problem(self, post: &ContactPost) -> ApiError {
        let refusal = match self.retry_after() {
            Some(seconds) if self.status() == StatusCode::TOO_MANY_REQUESTS => {
                ApiError::too_many_requests(self.notice(), seconds)
            }
            Some(seconds) => ApiError::unavailable(self.notice(), seconds),
            None => ApiError::new(self.status(), self.notice()),
        };
        let faults = self.faults(post);
        let refusal =
            faults.into_iter().fold(refusal, |refusal, (name, said)| refusal.with_field(format!("/{name}"), said));
        match self {
            Self::TooQuick => refusal.with_field("/stamp", "is too young, or none of ours"),
            Self::Away(source) => refusal.with_source(source),
            Self::Fields(_) | Self::TooMany(_) => refusal,
        }
    }
}

impl From<LeadRefusal> for Refusal {
    fn from(refusal: LeadRefusal) -> Self {
        match refusal {
            LeadRefusal::Fields(names) => Self::of_fields(names.into_iter()),
            LeadRefusal::TooMany(seconds) => Self::TooMany(seconds),
            LeadRefusal::Away(source) => Self::Away(source),
        }
    }
}
