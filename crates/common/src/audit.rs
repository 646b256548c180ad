//! Who changed what: the trail is written by the database with each change (see the migration); here is who the change is
//! by, and whether the trail is whole.

use sha2::{Digest, Sha256};
use sqlx::PgConnection;

/// What the trail calls whoever knows the admin's password.
pub const ADMIN: &str = "admin";

/// How many entries are checked at a time.
const PAGE: i64 = 1000;

/// Says whose the changes of this transaction are.
///
/// # Errors
/// When the database fails.
pub async fn act_as(transaction: &mut PgConnection, actor: &str) -> sqlx::Result<()> {
    sqlx::query!("select set_config('pushnami.actor', $1, true)", actor).fetch_one(transaction).await?;
    Ok(())
}

/// Says that the changes of this transaction take an earlier one back.
///
/// # Errors
/// When the database fails.
pub async fn act_to_revert(transaction: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("select set_config('pushnami.action', 'reverted', true)").fetch_one(transaction).await?;
    Ok(())
}

/// What a check of the trail came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// How many entries there are.
    pub entries: i64,
    /// What is not as it was written, in words.
    pub differences: Vec<String>,
}

/// Computes every hash anew. What was taken off the end is not noticed by the trail alone: compare the last hash with one
/// that was kept elsewhere, such as in an export.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &mut PgConnection) -> sqlx::Result<Trail> {
    let mut trail = Trail::default();
    let mut last_hash = vec![0; 32];
    let mut last = 0;
    loop {
        let rows = sqlx::query!(
            r#"select id, audit_text(audit) as "text!", previous_hash, hash from audit where id > $1 order by id limit $2"#,
            last,
            PAGE
        );
        let rows = rows.fetch_all(&mut *db).await?;
        if rows.is_empty() {
            return Ok(trail);
        }
        for row in rows {
            let mut differ = |what: &str| trail.differences.push(format!("audit entry {}: {what}", row.id));
            if row.id != last + 1 {
                differ("the entry before it is missing");
            }
            if row.previous_hash != last_hash {
                differ("it does not follow the one before");
            }
            let hash = Sha256::new().chain_update(&row.previous_hash).chain_update(&row.text).finalize();
            if hash.as_slice() != row.hash {
                differ("it is not what was written");
            }
            (last, last_hash) = (row.id, row.hash);
            trail.entries += 1;
        }
    }
}
