//! What abtest has configured, as far as counting needs it: read from abtest's tables, in the database both share.

use std::collections::HashMap;

use pushnami_common::contract::{Goal, GoalEvent};
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

/// An experiment's rules of counting.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Its revisions, oldest first.
    pub revisions: Vec<Period>,
    /// What counts as success.
    pub goals: Vec<Goal>,
}

/// A revision.
#[derive(Clone, Debug)]
pub struct Period {
    /// Its number.
    pub revision: i32,
    /// Its variants.
    pub variants: Vec<String>,
    /// When it began.
    pub opened_at: OffsetDateTime,
}

/// Which variant a visitor was given, and in which revision.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Assigned {
    /// The revision.
    pub revision: i32,
    /// The variant.
    pub variant: String,
}

impl Rules {
    /// The revision that was in force at a moment.
    pub fn at(&self, moment: OffsetDateTime) -> Option<&Period> {
        self.revisions.iter().rev().find(|period| period.opened_at <= moment).or(self.revisions.first())
    }
}

/// Whether an event is one of those that reach a goal. `metadata` is asked for only where the goal names a property.
pub fn matches(
    wanted: &GoalEvent,
    event_type: &str,
    event_name: Option<&str>,
    metadata: impl Fn() -> Option<Value>,
) -> bool {
    let named = wanted.event_name.as_deref().is_none_or(|name| event_name == Some(name));
    wanted.event_type == event_type
        && named
        && wanted.property.as_ref().is_none_or(|property| {
            metadata().is_some_and(|metadata| same(metadata.get(&property.key), &property.value))
        })
}

/// Whether metadata holds what is wanted: 12 is 12.0, but not "12".
fn same(found: Option<&Value>, wanted: &Value) -> bool {
    match (found, wanted) {
        (Some(Value::Number(found)), Value::Number(wanted)) => found.as_f64() == wanted.as_f64(),
        (found, wanted) => found == Some(wanted),
    }
}

/// The rules of those of these experiments that exist.
pub async fn read_rules(db: &mut PgConnection, experiments: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Rules>> {
    let goals = sqlx::query!(
        r#"select id, goals as "goals: Json<Vec<Goal>>" from experiments where id = any($1)"#,
        experiments
    );
    let mut rules: HashMap<Uuid, Rules> = HashMap::new();
    for row in goals.fetch_all(&mut *db).await? {
        rules.insert(row.id, Rules { revisions: Vec::new(), goals: row.goals.0 });
    }
    let revisions = sqlx::query!(
        "select experiment_id, revision, variants, opened_at
         from experiment_revisions
         where experiment_id = any($1)
         order by revision",
        experiments
    );
    for row in revisions.fetch_all(db).await? {
        let period = Period { revision: row.revision, variants: row.variants, opened_at: row.opened_at };
        rules.entry(row.experiment_id).or_default().revisions.push(period);
    }
    Ok(rules)
}

/// The stored assignments among these pairs of experiment and visitor. One without a revision belongs to the one that was
/// in force when it was made.
pub async fn find_assigned(
    db: &mut PgConnection,
    pairs: &[(Uuid, &str)],
    rules: &HashMap<Uuid, Rules>,
) -> sqlx::Result<HashMap<(Uuid, String), Assigned>> {
    let rows = sqlx::query!(
        r#"
        select experiment_id, visitor_id, variant, revision, created_at
        from assignments
        join unnest($1::uuid[], $2::text[]) as wanted (experiment_id, visitor_id) using (experiment_id, visitor_id)
        "#,
        &pairs.iter().map(|(experiment, _)| *experiment).collect::<Vec<_>>(),
        &pairs.iter().map(|(_, visitor)| *visitor).collect::<Vec<_>>() as _,
    );
    let mut assigned = HashMap::new();
    for row in rows.fetch_all(db).await? {
        let in_force = || rules.get(&row.experiment_id)?.at(row.created_at).map(|period| period.revision);
        let revision = row.revision.or_else(in_force).unwrap_or(1);
        assigned.insert((row.experiment_id, row.visitor_id), Assigned { revision, variant: row.variant });
    }
    Ok(assigned)
}
