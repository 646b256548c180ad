//! Takes a change back: what it changed becomes what it was, unless somebody changed that again.

use pushnami_common::audit::{ADMIN, act_as, act_to_revert};
use pushnami_common::{ApiError, ApiResult};
use serde_json::{Map, Value};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

/// Columns that follow from others, or belong to the row and not to what it says.
const FOLLOWING: [&str; 4] = ["id", "key", "revision", "created_at"];

/// Takes the change with this number back.
///
/// # Errors
/// 404 for a number that is none; 409 when it cannot be taken back: it was a creation or is personal, or what it changed
/// has been changed since, or there is something else under the name of what was deleted.
pub async fn revert(db: &PgPool, id: i64, now: OffsetDateTime) -> ApiResult<()> {
    let mut transaction = db.begin().await?;
    act_as(&mut transaction, ADMIN).await?;
    act_to_revert(&mut transaction).await?;
    let entry = sqlx::query!("select subject, subject_id, before, after from audit where id = $1", id)
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(|| ApiError::not_found("Change not found"))?;
    let Some(Value::Object(before)) = entry.before else {
        return Err(ApiError::conflict("only changes and deletions of experiments and toggles can be taken back"));
    };
    match entry.after {
        Some(Value::Object(after)) => {
            let changed = changed(&before, &after);
            take_back(&mut transaction, &entry.subject, &entry.subject_id, (changed, after), now).await?;
        }
        _ => bring_back(&mut transaction, &entry.subject, before, now).await?,
    }
    transaction.commit().await?;
    Ok(())
}

/// What a change made of what, as it was before.
fn changed(before: &Map<String, Value>, after: &Map<String, Value>) -> Map<String, Value> {
    let differs = |(column, value): &(&String, &Value)| {
        !FOLLOWING.contains(&column.as_str()) && after.get(*column) != Some(*value)
    };
    before.iter().filter(differs).map(|(column, value)| (column.clone(), value.clone())).collect()
}

async fn take_back(
    db: &mut PgConnection,
    subject: &str,
    id: &str,
    (changed, after): (Map<String, Value>, Map<String, Value>),
    now: OffsetDateTime,
) -> ApiResult<()> {
    let is_experiment = subject == "experiment";
    let row = if is_experiment {
        sqlx::query_scalar!(
            r#"select to_jsonb(experiments) as "row!" from experiments where id = $1::text::uuid for update"#,
            id
        )
        .fetch_optional(&mut *db)
        .await?
    } else {
        sqlx::query_scalar!(
            r#"select to_jsonb(toggles) as "row!" from toggles where id = $1::text::uuid for update"#,
            id
        )
        .fetch_optional(&mut *db)
        .await?
    };
    let now_is = row.ok_or_else(|| ApiError::conflict("it has been deleted since; take that back first"))?;
    if let Some(column) = changed.keys().find(|column| now_is.get(*column) != after.get(*column)) {
        return Err(ApiError::conflict(format!("`{column}` has been changed again since")));
    }
    let was = Value::Object(changed);
    if is_experiment {
        sqlx::query!(
            "
            update experiments
            set name = was.name, description = was.description, variants = was.variants,
                traffic_split = was.traffic_split, is_active = was.is_active, goals = was.goals, plan = was.plan,
                variant_content = was.variant_content, started_at = was.started_at,
                completed_at = was.completed_at, archived_at = was.archived_at, winner = was.winner,
                updated_at = $3, revision_action = 'restored'
            from (select (jsonb_populate_record(experiments, $2)).* from experiments where id = $1::text::uuid) as was
            where experiments.id = was.id
            ",
            id,
            was,
            now
        )
        .execute(db)
        .await?;
    } else {
        sqlx::query!(
            "
            update toggles
            set name = was.name, description = was.description, enabled = was.enabled, config = was.config,
                updated_at = $3
            from (select (jsonb_populate_record(toggles, $2)).* from toggles where id = $1::text::uuid) as was
            where toggles.id = was.id
            ",
            id,
            was,
            now
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

/// What was deleted is there again, under its id. Who was assigned by it is assigned anew, by the same rule.
async fn bring_back(
    db: &mut PgConnection,
    subject: &str,
    before: Map<String, Value>,
    now: OffsetDateTime,
) -> ApiResult<()> {
    let was = Value::Object(before);
    let inserted = if subject == "experiment" {
        sqlx::query!(
            r#"
            insert into experiments
            select (jsonb_populate_record(null::experiments, '{"variant_content": {}}'::jsonb || $1::jsonb
                                                             || jsonb_build_object('updated_at', $2::timestamptz))).*
            on conflict do nothing
            "#,
            was,
            now
        )
        .execute(db)
        .await
    } else {
        sqlx::query!(
            "
            insert into toggles
            select (jsonb_populate_record(null::toggles, $1 || jsonb_build_object('updated_at', $2::timestamptz))).*
            on conflict do nothing
            ",
            was,
            now
        )
        .execute(db)
        .await
    };
    let inserted = inserted.map_err(of_earlier_version)?;
    if inserted.rows_affected() == 0 {
        return Err(ApiError::conflict("there is one under its id or its key again"));
    }
    Ok(())
}

/// A column that an earlier version did not have yet cannot be left empty now.
fn of_earlier_version(error: sqlx::Error) -> ApiError {
    match error.as_database_error().and_then(|refusal| refusal.code()) {
        Some(code) if code == "23502" => {
            ApiError::conflict("it was deleted under an earlier version and cannot be brought back").with_source(error)
        }
        _ => error.into(),
    }
}
