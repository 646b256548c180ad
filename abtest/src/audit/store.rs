//! The SQL of the audit trail.

use sqlx::PgPool;

use super::model::{AuditEntry, AuditQuery};

/// Entries, newest first.
pub async fn list(db: &PgPool, query: &AuditQuery) -> sqlx::Result<Vec<AuditEntry>> {
    sqlx::query_as!(
        AuditEntry,
        r#"
        select id, at, actor, action, subject, subject_id, subject_name, before, after, encode(hash, 'hex') as "hash!"
        from audit
        where ($1::text is null or subject = $1) and id < coalesce($2::bigint, 9223372036854775807)
        order by id desc
        limit $3
        "#,
        query.subject.as_deref(),
        query.before,
        query.limit
    )
    .fetch_all(db)
    .await
}

/// Entries after one, oldest first.
pub async fn list_after(db: &PgPool, after: i64, limit: i64) -> sqlx::Result<Vec<AuditEntry>> {
    sqlx::query_as!(
        AuditEntry,
        r#"
        select id, at, actor, action, subject, subject_id, subject_name, before, after, encode(hash, 'hex') as "hash!"
        from audit
        where id > $1
        order by id
        limit $2
        "#,
        after,
        limit
    )
    .fetch_all(db)
    .await
}
