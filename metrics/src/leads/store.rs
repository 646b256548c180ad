//! The SQL of leads.

use pushnami_common::audit::{ADMIN, act_as};
use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::Lead;

/// Where a lead stands in the list, which is ordered by these two, newest first.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// When the lead was stored.
    pub created_at: OffsetDateTime,
    /// Its id.
    pub id: Uuid,
}

/// Stores a lead, and says whether it is new: an id that is stored already is left alone.
pub async fn insert_lead(db: &PgPool, lead: &Lead) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "
        insert into leads (id, email, company, message, visitor_id, experiment_id, variant, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (id) do nothing
        ",
        lead.id,
        lead.email,
        lead.company,
        lead.message,
        lead.visitor_id,
        lead.experiment_id,
        lead.variant,
        lead.created_at
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Where the lead of an id stands.
pub async fn find_position(db: &PgPool, id: Uuid) -> sqlx::Result<Option<Position>> {
    sqlx::query_as!(Position, "select created_at, id from leads where id = $1", id).fetch_optional(db).await
}

/// A page of the list, newest first; `words` must stand in what the visitor wrote, `after` is where the page before ended.
///
/// The search reads every lead of the table: a year of a busy page is a few thousand, which takes milliseconds.
pub async fn list_leads(
    db: &PgPool,
    words: Option<&str>,
    after: Option<Position>,
    limit: i64,
) -> sqlx::Result<Vec<Lead>> {
    sqlx::query_as!(
        Lead,
        "
        select id, email, company, message, visitor_id, experiment_id, variant, created_at
        from leads
        where ($1::text is null
               or strpos(lower(email), lower($1)) > 0
               or strpos(lower(company), lower($1)) > 0
               or strpos(lower(message), lower($1)) > 0)
          and ($2::timestamptz is null or (created_at, id) < ($2, $3::uuid))
        order by created_at desc, id desc
        limit $4
        ",
        words,
        after.map(|position| position.created_at),
        after.map(|position| position.id),
        limit
    )
    .fetch_all(db)
    .await
}

/// Erases a lead for good; `false` if there is none of that id.
pub async fn delete_lead(db: &PgPool, id: Uuid) -> sqlx::Result<bool> {
    let mut transaction = db.begin().await?;
    act_as(&mut transaction, ADMIN).await?;
    let done = sqlx::query!(
        "
        with gone as (delete from leads where id = $1 returning id)
        select record_audit('erased', 'lead', id::text, null, null, null) from gone
        ",
        id
    );
    let is_gone = done.fetch_optional(&mut *transaction).await?.is_some();
    transaction.commit().await?;
    Ok(is_gone)
}
