//! The log as a file, written page by page: its size costs no memory, and no statement waits for a slow reader.

use axum::body::{Body, Bytes};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use sqlx::PgPool;
use time::format_description::well_known::Rfc3339;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::model::{ExportFormat, LogFilter, LogRow, Position};
use super::store;
use crate::spreadsheet::{BYTE_ORDER_MARK, harmless};

/// How many bytes a page should have: enough to make a statement worth its while, and a few of them fit anywhere.
const PAGE_BYTES: usize = 1024 * 1024;
/// How many rows are read first, when their size is not known yet.
const FIRST_ROWS: usize = 500;
/// Between these, rows of a page follow from their size. The least of the largest events is a few MiB.
const FEWEST_ROWS: usize = 100;
const MOST_ROWS: usize = 4000;

const COLUMNS: [&str; 10] = [
    "created_at",
    "id",
    "visitor_id",
    "experiment_id",
    "variant",
    "event_type",
    "event_name",
    "metadata",
    "page_url",
    "excluded",
];

/// A page that is being read, while the one before is written and sent.
struct Coming {
    rows: JoinHandle<sqlx::Result<Vec<LogRow>>>,
    asked_for: usize,
}

/// The file. Its first page is read before anything is answered, so that a database that is away is a refusal and not
/// half a file.
pub async fn file_of_events(db: PgPool, filter: LogFilter, format: ExportFormat) -> sqlx::Result<Body> {
    let first = store::list_rows(&db, &filter, None, FIRST_ROWS as i64, 0).await?;
    let (start, next) = write_page(&first, FIRST_ROWS, format, head(format));
    let coming = next.map(|(after, rows)| read_page(&db, &filter, after, rows));
    let pages = stream::try_unfold(coming, move |coming| {
        let (db, filter) = (db.clone(), filter.clone());
        async move {
            let Some(Coming { rows, asked_for }) = coming else { return Ok::<_, anyhow::Error>(None) };
            let rows = rows.await??;
            // The next page is asked for before this one is sent: the database works while the reader reads.
            let (page, next) = write_page(&rows, asked_for, format, Vec::new());
            Ok(Some((page, next.map(|(after, rows)| read_page(&db, &filter, after, rows)))))
        }
    });
    // A file that breaks off is cut, so that nobody takes it for whole.
    let pages = pages.inspect_err(|error| tracing::error!(%error, "an export of events broke off"));
    Ok(Body::from_stream(stream::once(async { Ok(start) }).chain(pages)))
}

fn read_page(db: &PgPool, filter: &LogFilter, after: Position, asked_for: usize) -> Coming {
    let (db, filter) = (db.clone(), filter.clone());
    let rows = async move { store::list_rows(&db, &filter, Some(after), asked_for as i64, 0).await };
    Coming { rows: tokio::spawn(rows), asked_for }
}

/// What a file begins with.
fn head(format: ExportFormat) -> Vec<u8> {
    match format {
        ExportFormat::Ndjson => Vec::new(),
        ExportFormat::Csv => {
            let mut file = csv_after(BYTE_ORDER_MARK.to_vec());
            file.write_record(COLUMNS).expect(IN_MEMORY);
            file.into_inner().expect(IN_MEMORY)
        }
    }
}

/// The rows as text after what stands there already, and where and how large the next page is, if there may be one.
fn write_page(
    rows: &[LogRow],
    asked_for: usize,
    format: ExportFormat,
    page: Vec<u8>,
) -> (Bytes, Option<(Position, usize)>) {
    let page = match format {
        ExportFormat::Csv => write_csv(rows, page),
        ExportFormat::Ndjson => write_ndjson(rows, page),
    };
    let is_last = rows.len() < asked_for;
    let next = rows.last().filter(|_| !is_last).map(|row| {
        let bytes_a_row = (page.len() / rows.len()).max(1);
        (row.position(), (PAGE_BYTES / bytes_a_row).clamp(FEWEST_ROWS, MOST_ROWS))
    });
    (page.into(), next)
}

fn write_ndjson(rows: &[LogRow], mut page: Vec<u8>) -> Vec<u8> {
    for row in rows {
        serde_json::to_writer(&mut page, row).expect(IN_MEMORY);
        page.push(b'\n');
    }
    page
}

fn write_csv(rows: &[LogRow], page: Vec<u8>) -> Vec<u8> {
    let mut file = csv_after(page);
    for row in rows {
        write_row(&mut file, row).expect(IN_MEMORY);
    }
    file.into_inner().expect(IN_MEMORY)
}

/// In the order of the columns.
fn write_row(file: &mut csv::Writer<Vec<u8>>, row: &LogRow) -> anyhow::Result<()> {
    let text = |text: &Option<String>| harmless(text.as_deref().unwrap_or_default()).into_owned();
    file.write_field(row.created_at.format(&Rfc3339)?)?;
    file.write_field(row.id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer()))?;
    file.write_field(harmless(&row.visitor_id).as_bytes())?;
    file.write_field(row.experiment_id.map(|id| id.to_string()).unwrap_or_default())?;
    file.write_field(text(&row.variant))?;
    file.write_field(harmless(&row.event_type).as_bytes())?;
    file.write_field(text(&row.event_name))?;
    file.write_field(row.metadata.get())?;
    file.write_field(text(&row.page_url))?;
    file.write_field(row.excluded.as_deref().unwrap_or_default())?;
    file.write_record(None::<&[u8]>)?;
    Ok(())
}

fn csv_after(page: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(page)
}

const IN_MEMORY: &str = "writing into memory does not fail";
