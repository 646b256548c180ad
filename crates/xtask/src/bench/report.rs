//! The table at the end, and the same as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::goals::{Figure, GOALS, Goal, Round};
use super::reading::{Reading, median, short};
use crate::progress::{Paint, say};

/// Everything that was found.
#[derive(Default)]
pub struct Findings {
    /// What each round read. What is measured once stands in the first.
    pub rounds: Vec<Round>,
    /// Why a gauge has no reading: not built yet.
    pub not_built: BTreeMap<&'static str, String>,
    /// Why a gauge has no reading: it went wrong.
    pub failed: BTreeMap<&'static str, String>,
}

/// How a figure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The best that was hoped for.
    Summit,
    /// What must hold holds.
    Bar,
    /// It does not, in the middle of the rounds.
    Below,
    /// It does not, in any round.
    BelowAlways,
    /// Shown for its own sake.
    Shown,
}

/// A figure over all rounds.
pub struct Judged {
    /// The figure with the middle values.
    pub figure: Figure,
    /// How it stands.
    pub verdict: Verdict,
}

impl Findings {
    /// The judged figures of a row.
    pub fn judge(&self, goal: &Goal) -> Vec<Judged> {
        let rounds: Vec<Vec<Figure>> = self.whole_rounds().iter().map(|round| (goal.figures)(round)).collect();
        let count = rounds.first().map_or(0, Vec::len);
        (0..count).map(|place| judge(&rounds.iter().map(|figures| figures[place]).collect::<Vec<_>>())).collect()
    }

    /// Rounds in which what is measured once is known, too.
    fn whole_rounds(&self) -> Vec<Round> {
        let mut rounds = self.rounds.clone();
        let Some(first) = rounds.first().cloned() else { return rounds };
        for round in &mut rounds {
            for (name, reading) in &first {
                round.entry(name).or_insert_with(|| reading.clone());
            }
        }
        rounds
    }

    /// Why a row cannot be judged, if it cannot.
    pub fn obstacle(&self, goal: &Goal) -> Option<String> {
        let of = |reasons: &BTreeMap<_, String>| goal.gauges.iter().find_map(|name| reasons.get(name).cloned());
        of(&self.failed).map(|why| format!("failed: {why}")).or_else(|| of(&self.not_built))
    }

    /// Whether something is worse than it may be.
    pub fn is_bad(&self, goals: &[&Goal]) -> bool {
        let below = |goal: &&&Goal| {
            self.obstacle(goal).is_none()
                && self.judge(goal).iter().any(|judged| judged.verdict == Verdict::BelowAlways)
        };
        !self.failed.is_empty() || goals.iter().any(|goal| below(&goal))
    }
}

fn judge(rounds: &[Figure]) -> Judged {
    let middle = |of: fn(&Figure) -> f64| median(rounds.iter().map(of).filter(|value| !value.is_nan()).collect());
    let value = middle(|figure| figure.value);
    let figure = Figure { ours: middle(|f| f.ours), limit: middle(|f| f.limit), value, ..rounds[0] };
    let reaches = |mark: Option<f64>| mark.is_none_or(|mark| figure.reaches(value, mark));
    let ever = |mark: Option<f64>| mark.is_none_or(|mark| rounds.iter().any(|one| one.reaches(one.value, mark)));
    let verdict = match (figure.bar, figure.summit) {
        (None, None) => Verdict::Shown,
        (_, Some(_)) if reaches(figure.bar) && reaches(figure.summit) => Verdict::Summit,
        (None, Some(_)) => Verdict::Shown,
        (bar, _) if reaches(bar) => Verdict::Bar,
        (bar, _) if ever(bar) => Verdict::Below,
        _ => Verdict::BelowAlways,
    };
    Judged { figure, verdict }
}

/// Writes the table.
pub fn table(findings: &Findings, goals: &[&Goal]) {
    let head = format!(
        "  {:<4} {:<39} {:<23} {:>10} {:>10} {:>9} {:>8} {:>8}  verdict",
        "", "", "", "ours", "limit", "ratio", "bar", "summit"
    );
    say(&format!("\n{}", Paint::Bold.on(&head)));
    for goal in goals {
        if let Some(why) = findings.obstacle(goal) {
            say(&format!("  {:<4} {:<39} {}", goal.id, goal.what, Paint::Yellow.on(&why)));
            continue;
        }
        for (place, judged) in findings.judge(goal).iter().enumerate() {
            let (id, what) = if place == 0 { (goal.id, goal.what) } else { ("", "") };
            say(&format!("  {id:<4} {what:<39} {}", line(judged)));
        }
    }
}

/// A figure in words.
pub struct Cells {
    /// What we reach.
    pub ours: String,
    /// What it is held against.
    pub limit: String,
    /// Their ratio.
    pub ratio: String,
    /// What must hold.
    pub bar: String,
    /// What would be best.
    pub summit: String,
    /// How it stands.
    pub verdict: &'static str,
}

impl Cells {
    /// Writes a figure down.
    pub fn of(Judged { figure, verdict }: &Judged) -> Self {
        let has_limit = figure.unit == "×" && !figure.limit.is_nan();
        let mark = |mark: Option<f64>| mark.map_or(String::new(), |mark| with_unit(mark, figure.unit));
        Self {
            ours: if has_limit { short(figure.ours) } else { with_unit(figure.ours, figure.unit) },
            limit: if figure.limit.is_nan() { String::new() } else { short(figure.limit) },
            ratio: if has_limit { with_unit(figure.value, "×") } else { String::new() },
            bar: mark(figure.bar),
            summit: mark(figure.summit),
            verdict: match verdict {
                Verdict::Summit => "✓ summit",
                Verdict::Bar => "✓ bar",
                Verdict::Below => "✗ below, not always",
                Verdict::BelowAlways => "✗ below",
                Verdict::Shown => "",
            },
        }
    }
}

fn line(judged: &Judged) -> String {
    let Cells { ours, limit, ratio, bar, summit, verdict } = Cells::of(judged);
    let verdict = match judged.verdict {
        Verdict::Summit | Verdict::Bar => Paint::Green.on(verdict),
        Verdict::Below => Paint::Yellow.on(verdict),
        Verdict::BelowAlways => Paint::Red.on(verdict),
        Verdict::Shown => String::new(),
    };
    let line = format!("{:<23} {ours:>10} {limit:>10} {ratio:>9} {bar:>8} {summit:>8}  {verdict}", judged.figure.label);
    line.trim_end().to_owned()
}

fn with_unit(number: f64, unit: &str) -> String {
    let digits = if number.fract() == 0.0 && number.abs() < 1000.0 { format!("{number:.0}") } else { short(number) };
    format!("{digits} {unit}").trim_end().to_owned()
}

/// The raw readings under the table.
pub fn limits(findings: &Findings, names: &[&'static str]) {
    say(&format!("\n  {}", Paint::Bold.on("What was read, in the middle of the rounds")));
    for name in names {
        let readings: Vec<&Reading> = findings.rounds.iter().filter_map(|round| round.get(name)).collect();
        let Some(first) = readings.first() else { continue };
        let middles = first.0.keys().map(|key| (*key, median(readings.iter().map(|one| one.get(key)).collect())));
        say(&format!("  {name:<16} {}", Reading(middles.collect()).in_words()));
    }
}

/// Everything as JSON.
pub fn as_json(findings: &Findings, goals: &[&Goal], about: &Value) -> Value {
    let rows: Vec<Value> = goals
        .iter()
        .map(|goal| {
            let figures: Vec<Value> = findings.judge(goal).iter().map(figure_as_json).collect();
            json!({ "id": goal.id, "what": goal.what, "obstacle": findings.obstacle(goal), "figures": figures })
        })
        .collect();
    let rounds: Vec<Value> = findings
        .rounds
        .iter()
        .map(|round| round.iter().map(|(name, reading)| ((*name).to_owned(), json!(reading.0))).collect())
        .collect();
    json!({ "about": about, "rows": rows, "rounds": rounds })
}

fn figure_as_json(Judged { figure, verdict }: &Judged) -> Value {
    json!({
        "label": figure.label,
        "ours": figure.ours,
        "limit": figure.limit,
        "value": figure.value,
        "unit": figure.unit,
        "bar": figure.bar,
        "summit": figure.summit,
        "verdict": format!("{verdict:?}"),
    })
}

/// The rows of the given ids, or all.
///
/// # Errors
/// When there is no such row.
pub fn chosen(only: &[String]) -> anyhow::Result<Vec<&'static Goal>> {
    for id in only {
        if !GOALS.iter().any(|goal| goal.id.eq_ignore_ascii_case(id)) {
            let all: Vec<_> = GOALS.iter().map(|goal| goal.id).collect();
            anyhow::bail!("--only names {id}; it may name {}", all.join(", "));
        }
    }
    Ok(GOALS.iter().filter(|goal| only.is_empty() || only.iter().any(|id| goal.id.eq_ignore_ascii_case(id))).collect())
}

#[cfg(test)]
mod tests {
    use super::super::goals::Sense;
    use super::*;

    fn figure(value: f64, bar: Option<f64>, summit: Option<f64>) -> Figure {
        Figure { label: "", ours: value, limit: 1.0, value, unit: "×", sense: Sense::AtLeast, bar, summit }
    }

    #[test]
    fn the_middle_round_decides_and_only_what_never_holds_is_bad() {
        let of = |values: [f64; 3]| judge(&values.map(|value| figure(value, Some(1.0), Some(2.0)))).verdict;
        assert_eq!(of([0.5, 2.0, 3.0]), Verdict::Summit);
        assert_eq!(of([0.5, 1.0, 3.0]), Verdict::Bar);
        assert_eq!(of([0.5, 0.9, 3.0]), Verdict::Below);
        assert_eq!(of([0.5, 0.9, 0.9]), Verdict::BelowAlways);
        assert_eq!(of([f64::NAN; 3]), Verdict::BelowAlways);
        assert_eq!(judge(&[figure(1.0, None, Some(2.0))]).verdict, Verdict::Shown);
    }

    #[test]
    fn rows_are_chosen_by_their_ids() {
        let ids = |only: &[&str]| {
            let only: Vec<_> = only.iter().map(|id| (*id).to_owned()).collect();
            chosen(&only).map(|goals| goals.iter().map(|goal| goal.id).collect::<Vec<_>>())
        };
        assert_eq!(ids(&["p5", "P1"]).unwrap(), ["P1", "P5"]);
        assert_eq!(ids(&[]).unwrap().len(), GOALS.len());
        assert!(ids(&["P99"]).is_err());
    }
}
