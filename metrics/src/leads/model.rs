//! What a lead is, and how leads are asked for.

use garde::Validate;
use pushnami_common::contract::NewLead;
use pushnami_common::ids::new_id;
use pushnami_common::text::sized_if_given;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The most leads that one page of the list shows.
pub const MOST_LEADS: i64 = 1000;

/// A lead as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Lead {
    /// Its id: the client's, or ours (UUID version 7).
    pub id: Uuid,
    /// Where an answer reaches the visitor.
    #[schema(example = "daphne@example.com")]
    pub email: String,
    /// Whom the visitor works for.
    #[schema(required, example = "Laurel & Daughters")]
    pub company: Option<String>,
    /// What else the visitor said; may have several lines.
    #[schema(required, example = "Do you deliver to Delphi?")]
    pub message: Option<String>,
    /// Who it was; `null` for somebody who asked not to be recorded.
    #[schema(required)]
    pub visitor_id: Option<String>,
    /// The experiment whose variant the visitor saw.
    #[schema(required)]
    pub experiment_id: Option<Uuid>,
    /// The variant the visitor saw.
    #[schema(required, example = "neon")]
    pub variant: Option<String>,
    /// When it was stored.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// Which leads, and which page of them.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LeadQuery {
    /// Only leads in whose address, company or message these words stand, whatever their case.
    #[garde(custom(sized_if_given(0, 255)))]
    #[param(max_length = 255)]
    pub q: Option<String>,
    /// Only what follows this lead in the list: the id of the last lead of the page before.
    #[garde(skip)]
    pub before: Option<Uuid>,
    /// How many leads to answer.
    #[garde(range(min = 1, max = MOST_LEADS))]
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub limit: i64,
}

/// Which leads to export, and as what.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Only leads in whose address, company or message these words stand, whatever their case.
    #[garde(custom(sized_if_given(0, 255)))]
    #[param(max_length = 255)]
    pub q: Option<String>,
    /// The form of the file; `csv` if left out.
    #[garde(skip)]
    #[serde(default)]
    #[param(inline)]
    pub format: ExportFormat,
}

/// Which form a file of leads has.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Comma-separated values (RFC 4180), for spreadsheets.
    #[default]
    Csv,
}

impl Lead {
    /// The lead that a visitor sent, stored at `now`. What is blank was not said; ends of lines are as Unix has them.
    pub fn of(new: NewLead, now: OffsetDateTime) -> Self {
        Self {
            id: new.id.unwrap_or_else(|| new_id(now)),
            email: new.email,
            company: said(new.company),
            message: said(new.message.map(|message| message.replace("\r\n", "\n").replace('\r', "\n"))),
            visitor_id: new.visitor_id.map(String::from),
            experiment_id: new.experiment_id.map(|id| id.0),
            variant: new.variant,
            created_at: now,
        }
    }
}

fn said(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn default_limit() -> i64 {
    100
}
