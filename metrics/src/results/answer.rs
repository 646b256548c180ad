//! Puts the answer together: reads sums within one snapshot, then judges them.

use std::collections::BTreeMap;

use pushnami_common::contract::{Direction, Goal, GoalMeasure, GoalRole};
use pushnami_common::error::{ApiError, ApiResult, FieldError};
use pushnami_decision::always_valid::{UNPLANNED_TUNING, compare_counts};
use pushnami_decision::correction::benjamini_hochberg;
use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::judge::{self, ALPHA, MDE, MINIMUM_CONVERSIONS, POWER, Rules, open_range};
use super::measured;
use super::model::{CountedApart, Note, OpenRange, OtherComparison, OtherGoal, Results, Status, Timeline};
use super::plan::{Planned, plan};
use super::store::{self, Experiment, MeasuredRow, StepRow};
use super::tally::{RevisionTally, Tally, counted};
use super::timeline::{self, Added, Steps};
use super::traffic;
use super::verdict::{Situation, recommend};
use crate::exposures;

/// The window over which visitors a day are counted.
const TRAFFIC_DAYS: i64 = 7;

/// What was read within one snapshot.
struct Reading {
    experiment: Experiment,
    goal: Goal,
    through: OffsetDateTime,
    started_at: Option<OffsetDateTime>,
    step: (&'static str, Duration),
    rows: Vec<StepRow>,
    measured: Vec<MeasuredRow>,
    counting: Vec<Uuid>,
    excluded: CountedApart,
    visitors_per_day: Option<f64>,
}

/// Computes the answer.
///
/// # Errors
/// 404 for an unknown experiment, 422 for a goal that it does not have; otherwise when the database fails.
pub async fn find_results(db: &PgPool, id: Uuid, goal: Option<Uuid>, now: OffsetDateTime) -> ApiResult<Results> {
    let mut snapshot = db.begin_with("begin isolation level repeatable read read only").await?;
    let reading = read(&mut snapshot, id, goal, now).await?;
    drop(snapshot);
    // Some milliseconds of sums: not on the threads that answer everybody else.
    let judged = tokio::task::spawn_blocking(move || put_together(id, reading, now)).await;
    let results = judged.map_err(ApiError::internal)?;
    super::count(&results);
    Ok(results)
}

async fn read(db: &mut PgConnection, id: Uuid, goal: Option<Uuid>, now: OffsetDateTime) -> ApiResult<Reading> {
    let unknown = || ApiError::not_found("Experiment not found");
    let experiment = store::find_experiment(db, id).await?.ok_or_else(unknown)?;
    let wanted =
        |one: &&Goal| goal.map_or(one.role == GoalRole::Primary, |goal| one.id == goal && one.measure.is_none());
    let goal = experiment.goals.iter().find(wanted).cloned().ok_or_else(|| {
        ApiError::invalid(vec![FieldError::new("/goal", "must be one of the experiment's goals that are reached")])
    })?;
    let state = exposures::store::read_state(db).await?;
    let started_at = store::find_start(db, id).await?;
    let step = timeline::step(started_at.unwrap_or(now), now);
    let measured = list_measured(db, id, &experiment.goals).await?;
    let mut goals: Vec<Uuid> = experiment.goals.iter().map(|goal| goal.id).collect();
    let counting = store::list_counting(db, &goals).await?;
    goals.push(Uuid::nil());
    let last = exposures::store::last_seq(db, i64::MAX).await?;
    let opened_at = experiment.revisions.first().map_or(now, |revision| revision.opened_at);
    Ok(Reading {
        rows: store::list_steps(db, id, &goals, step.1).await?,
        excluded: store::count_excluded(db, id, started_at.unwrap_or(now).min(opened_at)).await?,
        visitors_per_day: visitors_per_day(db, id, started_at, now).await?,
        through: if last <= state.watermark { now } else { state.through.unwrap_or(now).min(now) },
        experiment,
        goal,
        started_at,
        step,
        measured,
        counting,
    })
}

async fn list_measured(db: &mut PgConnection, experiment: Uuid, goals: &[Goal]) -> sqlx::Result<Vec<MeasuredRow>> {
    let measured = |only_from_zero: bool| -> Vec<Uuid> {
        let is_wanted = |measure: &GoalMeasure| measure.absent_is_zero || !only_from_zero;
        goals.iter().filter(|goal| goal.measure.as_ref().is_some_and(is_wanted)).map(|goal| goal.id).collect()
    };
    let all = measured(false);
    if all.is_empty() { Ok(Vec::new()) } else { store::list_measured(db, experiment, &all, &measured(true)).await }
}

/// Over the last seven full days, or as many as there are; `None` with less than one.
async fn visitors_per_day(
    db: &mut PgConnection,
    experiment: Uuid,
    started_at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> sqlx::Result<Option<f64>> {
    let Some(started_at) = started_at else { return Ok(None) };
    let to = crate::rollups::model::hour_of(now);
    let days = (to - started_at).whole_days().min(TRAFFIC_DAYS);
    if days < 1 {
        return Ok(None);
    }
    let visitors = store::count_since(db, experiment, to - Duration::days(days), to).await?;
    Ok(Some(visitors as f64 / days as f64))
}

impl Reading {
    /// The counts of a goal.
    fn tally(&self, goal: Uuid) -> Tally {
        let mut counts: BTreeMap<(i32, &str), (u64, u64)> = BTreeMap::new();
        for row in &self.rows {
            let cell = counts.entry((row.revision, &row.variant)).or_default();
            let visitors = u64::try_from(row.visitors).unwrap_or_default();
            if row.goal_id == Uuid::nil() {
                cell.0 += visitors;
            } else if row.goal_id == goal {
                cell.1 += visitors;
            }
        }
        let revision = |mark: &super::model::RevisionMark| RevisionTally {
            shares: mark
                .traffic_split
                .iter()
                .map(|(name, percent)| (name.clone(), f64::from(*percent) / 100.0))
                .collect(),
            counts: counts
                .iter()
                .filter(|((revision, _), _)| *revision == mark.revision)
                .map(|((_, variant), (visitors, conversions))| {
                    ((*variant).to_owned(), counted(*visitors, *conversions))
                })
                .collect(),
        };
        Tally {
            variants: self.experiment.variants.clone(),
            revisions: self.experiment.revisions.iter().map(revision).collect(),
        }
    }

    /// What each step added to the judged goal.
    fn steps(&self) -> Steps {
        let mut steps = Steps::new();
        let place = |revision: i32| self.experiment.revisions.iter().position(|one| one.revision == revision);
        for row in self.rows.iter().filter(|row| [Uuid::nil(), self.goal.id].contains(&row.goal_id)) {
            let Some(revision) = place(row.revision) else { continue };
            let count = u64::try_from(row.visitors).unwrap_or_default();
            let (visitors, conversions) = if row.goal_id == Uuid::nil() { (count, 0) } else { (0, count) };
            let added = Added { revision, variant: row.variant.clone(), visitors, conversions };
            steps.entry(row.start).or_default().push(added);
        }
        // Exposures first: conversions are never more than visitors.
        steps.values_mut().for_each(|added| added.sort_by_key(|one| std::cmp::Reverse(one.visitors)));
        steps
    }
}

fn put_together(id: Uuid, reading: Reading, now: OffsetDateTime) -> Results {
    let tally = reading.tally(reading.goal.id);
    let rules = rules(&reading);
    let plan = plan(&aim(&reading, &tally, &rules, &shares(&tally)));
    let one_look = super::plan::pair_visitors(&aim(&reading, &tally, &rules, &shares(&tally)));
    let rules = Rules { planned: rules.planned.or(one_look), ..rules };
    let mut judged = judge::judge(&tally, &rules);
    let points = timeline::points(&tally, &reading.steps(), reading.step.1, now, &rules);
    timeline::mark_first_crossings(&mut judged, &points, &tally, rules.alpha);
    let traffic = traffic::judge(&tally, reading.excluded);
    let other_goals = other_goals(&reading, &rules);
    let elapsed_days = reading.started_at.map_or(0.0, |start| (now - start).as_seconds_f64().max(0.0) / 86_400.0);
    let recommendation = recommend(&Situation {
        judged: &judged,
        traffic: &traffic,
        plan: &plan,
        other_goals: &other_goals,
        goal: &reading.goal.name,
        direction: reading.goal.direction,
        elapsed_days,
    });
    Results {
        experiment_id: id,
        revision: reading.experiment.revisions.last().map_or(1, |revision| revision.revision),
        status: if reading.experiment.is_active { Status::Running } else { Status::Stopped },
        computed_at: now,
        data_through: reading.through,
        started_at: reading.started_at,
        elapsed_days,
        notes: notes(&tally, &judged, &other_goals),
        settings: judged.settings,
        traffic,
        goal: reading.goal,
        variants: judged.variants,
        comparisons: judged.comparisons,
        other_goals,
        planned: reading.experiment.plan,
        plan,
        timeline: Timeline {
            step: reading.step.0,
            points: timeline::thinned(points),
            revisions: reading.experiment.revisions,
        },
        recommendation,
    }
}

/// By what was planned before the start, or by what is usual.
fn rules(reading: &Reading) -> Rules {
    let plan = reading.experiment.plan;
    // The plan is about the primary goal's rate; another goal is judged by the same rules, but not by its size.
    let is_about_goal = reading.goal.role == GoalRole::Primary;
    Rules {
        alpha: plan.map_or(ALPHA, |plan| plan.alpha),
        tuning_visitors: plan.map_or(UNPLANNED_TUNING, |plan| plan.tuning_visitors as f64),
        mde_relative: plan.map_or(MDE, |plan| plan.mde_relative),
        direction: reading.goal.direction,
        prior: None,
        planned: plan.filter(|_| is_about_goal).map(|plan| plan.tuning_visitors as f64),
    }
}

/// The shares of new visitors now, in the order of the variants.
fn shares(tally: &Tally) -> Vec<f64> {
    let now = tally.revisions.last().map(|revision| &revision.shares);
    tally
        .variants
        .iter()
        .map(|variant| now.and_then(|shares| shares.get(variant)).copied().unwrap_or_default())
        .collect()
}

fn aim<'a>(reading: &Reading, tally: &Tally, rules: &Rules, shares: &'a [f64]) -> Planned<'a> {
    let wanted = if rules.direction == Direction::Increase { rules.mde_relative } else { -rules.mde_relative };
    let plan = reading.experiment.plan.filter(|_| reading.goal.role == GoalRole::Primary);
    let control = tally.total(&tally.variants[0]);
    // What was expected, until enough have come to know better.
    let expected = plan.map(|plan| plan.baseline_rate).filter(|_| control.conversions() < MINIMUM_CONVERSIONS);
    Planned {
        baseline_rate: expected.or_else(|| control.rate()),
        mde_relative: wanted,
        power: plan.map_or(POWER, |plan| plan.power),
        alpha: rules.tuning(tally.variants.len() - 1).alpha,
        shares,
        visitors_per_day: reading.visitors_per_day,
        visitors: tally.visitors() as f64,
        tuning_visitors: plan.map(|plan| plan.tuning_visitors as f64),
    }
}

/// The goals that do not decide. Benjamini's and Hochberg's correction over all secondary ones; a guardrail is to warn
/// early, so its own p-value is taken as it is.
fn other_goals(reading: &Reading, rules: &Rules) -> Vec<OtherGoal> {
    let others = reading.experiment.goals.iter().filter(|goal| goal.id != reading.goal.id);
    let mut goals: Vec<OtherGoal> = others.map(|goal| other_goal(reading, goal, rules)).collect();
    let p_values: Vec<f64> = secondary(&mut goals).map(|one| one.p_value).collect();
    let adjusted = benjamini_hochberg(&p_values);
    secondary(&mut goals).zip(adjusted).for_each(|(one, adjusted)| one.p_value_adjusted = adjusted);
    for goal in &mut goals {
        let wanted = if goal.direction == Direction::Increase { 1.0 } else { -1.0 };
        for one in &mut goal.comparisons {
            let difference = one.rate.zip(one.control_rate).map_or(0.0, |(rate, control)| rate - control);
            let is_unwanted = match &goal.measure {
                Some(_) => measured::is_unwanted(one, goal.direction) && !one.coverage_differs,
                None => one.relative_lift.unwrap_or(difference) * wanted < 0.0,
            };
            one.is_harmful = one.p_value_adjusted <= rules.alpha && is_unwanted;
        }
    }
    goals
}

fn secondary(goals: &mut [OtherGoal]) -> impl Iterator<Item = &mut OtherComparison> {
    goals.iter_mut().filter(|goal| goal.role == GoalRole::Secondary).flat_map(|goal| &mut goal.comparisons)
}

fn other_goal(reading: &Reading, goal: &Goal, rules: &Rules) -> OtherGoal {
    let tally = reading.tally(goal.id);
    // Each variant by itself: what is corrected for here is the number of goals.
    let tuning = rules.tuning(1);
    if let Some(measure) = &goal.measure {
        let place =
            |row: &MeasuredRow| reading.experiment.revisions.iter().position(|one| one.revision == row.revision);
        let rows: Vec<_> = reading.measured.iter().filter_map(|row| Some((place(row)?, row))).collect();
        return measured::judge(goal, measure, &rows, &tally, tuning, reading.counting.contains(&goal.id));
    }
    let comparison = |variant: &String| {
        let found = compare_counts(&tally.pairs(variant), tuning);
        let p_value = found.map_or(1.0, |one| one.p_value);
        OtherComparison {
            variant: variant.clone(),
            control_rate: tally.total(&tally.variants[0]).rate(),
            rate: tally.total(variant).rate(),
            relative_lift: found.and_then(|one| one.relative_lift),
            relative_interval: found.and_then(|one| open_range(one.relative_interval)),
            p_value,
            p_value_adjusted: p_value,
            is_harmful: false,
            control_mean: None,
            mean: None,
            coverage_differs: false,
        }
    };
    OtherGoal {
        id: goal.id,
        name: goal.name.clone(),
        role: goal.role,
        direction: goal.direction,
        is_counting: reading.counting.contains(&goal.id),
        comparisons: tally.variants[1..].iter().map(comparison).collect(),
        measure: None,
    }
}

fn notes(tally: &Tally, judged: &judge::Judged, other_goals: &[OtherGoal]) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note =
        |code, path: &str, text: &str| notes.push(Note { code, path: path.to_owned(), text: text.to_owned() });
    let with_visitors = tally.revisions.iter().filter(|one| one.counts.values().any(|counts| counts.visitors() > 0));
    if with_visitors.count() > 1 {
        note(
            "weights_changed",
            "/variants",
            "The split or the variants changed meanwhile: rates mix times with different splits; the comparisons do not.",
        );
    }
    for (position, one) in judged.variants.iter().enumerate() {
        if one.visitors == 0 {
            note("no_visitors", &format!("/variants/{position}"), "Nobody has seen this variant yet.");
        }
    }
    if judged.variants[0].conversions == 0 {
        note("control_has_no_conversions", "/comparisons", "Without conversions in control no lift can be told.");
    }
    for (position, goal) in other_goals.iter().enumerate() {
        if goal.comparisons.iter().any(|one| one.coverage_differs) {
            let text = format!(
                "“{}”: one variant's visitors have a number more often; the means cannot be compared.",
                goal.name
            );
            note("low_metric_coverage", &format!("/other_goals/{position}"), &text);
        }
    }
    for (position, one) in judged.comparisons.iter().enumerate() {
        let path = format!("/comparisons/{position}/always_valid/relative_interval");
        match one.always_valid.relative_interval {
            Some(OpenRange(Some(_), Some(_))) => {}
            _ => note("interval_unbounded", &path, "Too few conversions: the lift may still be anything."),
        }
    }
    notes
}
