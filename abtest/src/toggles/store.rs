//! Toggles in Postgres.

use pushnami_common::ApiResult;
use pushnami_common::audit::{ADMIN, act_as};
use pushnami_common::conditional::Precondition;
use pushnami_common::contract::Toggle;
use pushnami_common::ids::new_id;
use serde_json::{Map, Value};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{NewToggle, ToggleChange};

struct Row {
    id: Uuid,
    name: String,
    key: String,
    description: String,
    enabled: bool,
    config: Json<Map<String, Value>>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
}

impl From<Row> for Toggle {
    fn from(row: Row) -> Self {
        let Row { id, name, key, description, enabled, config, created_at, updated_at } = row;
        Self { id, name, key, description, enabled, config: config.0, created_at, updated_at }
    }
}

/// All toggles, oldest first.
pub async fn list(db: impl PgExecutor<'_>) -> sqlx::Result<Vec<Toggle>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id, name, key, description, enabled, config as "config: _", created_at, updated_at
           from toggles
           order by created_at, id"#
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Toggle::from).collect())
}

/// One toggle.
pub async fn find(db: impl PgExecutor<'_>, key: &str) -> sqlx::Result<Option<Toggle>> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, name, key, description, enabled, config as "config: _", created_at, updated_at
           from toggles
           where key = $1"#,
        key
    );
    Ok(row.fetch_optional(db).await?.map(Toggle::from))
}

/// Stores a new toggle; breaks `toggles_key_unique` when another has its key.
pub async fn insert(db: &PgPool, new: &NewToggle, now: OffsetDateTime) -> sqlx::Result<Toggle> {
    let mut transaction = db.begin().await?;
    act_as(&mut transaction, ADMIN).await?;
    let row = sqlx::query_as!(
        Row,
        r#"insert into toggles (id, key, name, description, enabled, config, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $7)
           returning id, name, key, description, enabled, config as "config: _", created_at, updated_at"#,
        new_id(now),
        new.key.0,
        new.name.0,
        new.description.0,
        new.enabled,
        Json(&new.config.0) as _,
        now
    );
    let created = row.fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(created.into())
}

/// Changes what is given; `None` if there is no such toggle.
///
/// # Errors
/// 412 when it is in another state than the change is meant for.
pub async fn update(
    db: &PgPool,
    key: &str,
    change: &ToggleChange,
    precondition: &Precondition,
    now: OffsetDateTime,
) -> ApiResult<Option<Toggle>> {
    let mut transaction = db.begin().await?;
    act_as(&mut transaction, ADMIN).await?;
    let Some(current) = find_locked(&mut transaction, key).await? else {
        return Ok(None);
    };
    precondition.check(&current)?;
    let row = sqlx::query_as!(
        Row,
        r#"update toggles
           set name = coalesce($2, name), description = coalesce($3, description), enabled = coalesce($4, enabled),
               config = coalesce($5, config),
               updated_at = case when num_nonnulls($2, $3, $4, $5) = 0 then updated_at else $6 end
           where key = $1
           returning id, name, key, description, enabled, config as "config: _", created_at, updated_at"#,
        key,
        change.name.as_ref().map(|name| name.0.as_str()),
        change.description.as_ref().map(|description| description.0.as_str()),
        change.enabled,
        change.config.as_ref().map(|config| Json(&config.0)) as _,
        now
    );
    let changed = row.fetch_one(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(Some(changed.into()))
}

/// Deletes a toggle; `false` if there is none.
///
/// # Errors
/// 412 when it is in another state than the deletion is meant for.
pub async fn delete(db: &PgPool, key: &str, precondition: &Precondition) -> ApiResult<bool> {
    let mut transaction = db.begin().await?;
    act_as(&mut transaction, ADMIN).await?;
    let Some(current) = find_locked(&mut transaction, key).await? else {
        return Ok(false);
    };
    precondition.check(&current)?;
    sqlx::query!("delete from toggles where key = $1", key).execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(true)
}

/// One toggle, which nobody else changes until the transaction ends. Read after the lock is given, not with it: a
/// statement that waits for a row would show it as it was before.
async fn find_locked(db: &mut PgConnection, key: &str) -> sqlx::Result<Option<Toggle>> {
    sqlx::query!("select id from toggles where key = $1 for update", key).fetch_optional(&mut *db).await?;
    find(db, key).await
}
