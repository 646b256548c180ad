//! Leads as a file for spreadsheets, written page by page, so that its size costs no memory.

use axum::body::{Body, Bytes};
use futures_util::stream::{self, TryStreamExt};
use sqlx::PgPool;
use time::format_description::well_known::Rfc3339;

use super::model::Lead;
use super::store::{self, Position};
use crate::spreadsheet::{BYTE_ORDER_MARK, harmless};

/// How many leads are read and written at a time.
const PAGE: i64 = 500;
const COLUMNS: [&str; 8] =
    ["created_at", "email", "company", "message", "variant", "experiment_id", "visitor_id", "id"];

/// How far the writing is.
enum Next {
    /// These lead the file.
    First(Vec<Lead>),
    /// What follows this lead comes next.
    After(Position),
}

/// The file. Its first page is read before anything is answered, so that a database that is away is a refusal and not
/// half a file.
pub async fn csv_of_leads(db: PgPool, words: Option<String>) -> sqlx::Result<Body> {
    let first = store::list_leads(&db, words.as_deref(), None, PAGE).await?;
    let pages = stream::try_unfold(Some(Next::First(first)), move |next| {
        let (db, words) = (db.clone(), words.clone());
        async move {
            let (leads, head) = match next {
                None => return Ok(None),
                Some(Next::First(leads)) => (leads, true),
                Some(Next::After(position)) => {
                    (store::list_leads(&db, words.as_deref(), Some(position), PAGE).await?, false)
                }
            };
            let is_last = (leads.len() as i64) < PAGE;
            let next =
                leads.last().filter(|_| !is_last).map(|lead| Position { created_at: lead.created_at, id: lead.id });
            Ok(Some((page_of(&leads, head), next.map(Next::After))))
        }
    });
    // A file that breaks off is cut, so that nobody takes it for whole.
    Ok(Body::from_stream(
        pages.inspect_err(|error: &sqlx::Error| tracing::error!(%error, "an export of leads broke off")),
    ))
}

fn page_of(leads: &[Lead], head: bool) -> Bytes {
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(if head {
        BYTE_ORDER_MARK.to_vec()
    } else {
        Vec::new()
    });
    if head {
        file.write_record(COLUMNS).expect("writing into memory does not fail");
    }
    for lead in leads {
        file.write_record(row(lead)).expect("every row has the columns of the head");
    }
    file.into_inner().expect("writing into memory does not fail").into()
}

fn row(lead: &Lead) -> [String; 8] {
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default()).into_owned();
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        lead.created_at.format(&Rfc3339).expect("a moment that Postgres kept"),
        harmless(&lead.email).into_owned(),
        text(&lead.company),
        text(&lead.message),
        text(&lead.variant),
        id(lead.experiment_id),
        text(&lead.visitor_id),
        lead.id.to_string(),
    ]
}
