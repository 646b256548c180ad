//! The SQL of a visitor's own.

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::model::GivenVariant;
use crate::leads::model::Lead;

/// Erases what a visitor sent with the contact form and answers how much that was.
pub async fn delete_leads(db: &mut PgConnection, visitor: &str) -> sqlx::Result<i64> {
    let done = sqlx::query!("delete from leads where visitor_id = $1", visitor).execute(db).await?;
    Ok(done.rows_affected() as i64)
}

/// Erases the variants a visitor was given and answers how many there were. The function is abtest's.
pub async fn delete_assignments(db: &mut PgConnection, visitor: &str) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select erase_assignments($1) as "assignments!""#, visitor).fetch_one(db).await
}

/// Counts a visitor who was erased with so many events.
pub async fn count_erased(db: &mut PgConnection, events: i64, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "
        insert into erased_hours (hour, visitors, events)
        values (date_trunc('hour', $1::timestamptz, 'UTC'), 1, $2)
        on conflict (hour) do update
            set visitors = erased_hours.visitors + 1, events = erased_hours.events + excluded.events
        ",
        now,
        events
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes down that a visitor was erased, and not who.
pub async fn audit_erasure(db: &mut PgConnection, visitor: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "select record_audit('erased', 'visitor', encode(sha256(convert_to($1::text, 'UTF8')), 'hex'), null, null, null)",
        visitor
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// The variants a visitor was given, oldest first: from abtest's tables, in the database both share.
pub async fn list_assignments(db: &PgPool, visitor: &str) -> sqlx::Result<Vec<GivenVariant>> {
    sqlx::query_as!(
        GivenVariant,
        r#"
        select assignments.experiment_id, assignments.variant, assignments.created_at,
               -- What belongs to a deleted experiment is kept for a while: the audit trail knows what it was called.
               coalesce(experiments.name,
                        (select subject_name from audit
                         where subject = 'experiment' and subject_id = assignments.experiment_id::text
                         order by id desc limit 1),
                        '') as "experiment!"
        from assignments
        left join experiments on experiments.id = assignments.experiment_id
        where assignments.visitor_id = $1
        order by assignments.created_at, assignments.experiment_id
        "#,
        visitor
    )
    .fetch_all(db)
    .await
}

/// What a visitor sent with the contact form, newest first.
pub async fn list_leads(db: &PgPool, visitor: &str) -> sqlx::Result<Vec<Lead>> {
    sqlx::query_as!(
        Lead,
        "
        select id, email, company, message, visitor_id, experiment_id, variant, created_at
        from leads
        where visitor_id = $1
        order by created_at desc, id desc
        ",
        visitor
    )
    .fetch_all(db)
    .await
}
