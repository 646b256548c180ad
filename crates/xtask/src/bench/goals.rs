//! What is wanted of every row of PERFORMANCE.md's table: the bar that must hold and the summit that is the ambition.

use std::collections::BTreeMap;

use super::reading::Reading;

/// The readings of one round, by the gauge's name.
pub type Round = BTreeMap<&'static str, Reading>;

/// What the earlier system's list of events answered at 5M, 16 connections, as recorded before this one was written.
const RECORDED_LIST_RATE: f64 = 69.0;

/// One row of the goals.
pub struct Goal {
    /// `P1` and so on.
    pub id: &'static str,
    /// What is measured.
    pub what: &'static str,
    /// The gauges it needs.
    pub gauges: &'static [&'static str],
    /// Its figures in one round.
    pub figures: fn(&Round) -> Vec<Figure>,
}

/// Whether more or less is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// More is better.
    AtLeast,
    /// Less is better.
    AtMost,
}

/// One figure of a row.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// Which of the row's figures it is.
    pub label: &'static str,
    /// What we reach.
    pub ours: f64,
    /// What it is held against, where that was measured too.
    pub limit: f64,
    /// What is judged: their ratio, or what we reach.
    pub value: f64,
    /// How the value reads.
    pub unit: &'static str,
    /// Which way is better.
    pub sense: Sense,
    /// What must hold.
    pub bar: Option<f64>,
    /// What would be best.
    pub summit: Option<f64>,
}

impl Figure {
    /// Whether a value satisfies a mark. What was not measured satisfies none.
    pub fn reaches(&self, value: f64, mark: f64) -> bool {
        match self.sense {
            Sense::AtLeast => value >= mark,
            Sense::AtMost => value <= mark,
        }
    }
}

/// Marks of a figure: the bar, then the summit.
type Marks = (Option<f64>, Option<f64>);

const fn marks(bar: f64, summit: f64) -> Marks {
    (Some(bar), Some(summit))
}

fn ratio(label: &'static str, ours: f64, limit: f64, (bar, summit): Marks) -> Figure {
    Figure { label, ours, limit, value: ours / limit, unit: "×", sense: Sense::AtLeast, bar, summit }
}

fn ratio_at_most(label: &'static str, ours: f64, limit: f64, (bar, summit): Marks) -> Figure {
    Figure { sense: Sense::AtMost, ..ratio(label, ours, limit, (bar, summit)) }
}

fn at_most(label: &'static str, ours: f64, unit: &'static str, (bar, summit): Marks) -> Figure {
    Figure { label, ours, limit: f64::NAN, value: ours, unit, sense: Sense::AtMost, bar, summit }
}

fn at_least(label: &'static str, ours: f64, unit: &'static str, (bar, summit): Marks) -> Figure {
    Figure { sense: Sense::AtLeast, ..at_most(label, ours, unit, (bar, summit)) }
}

/// Rates of two gauges, per CPU-second (judged) and by the clock.
fn rates(round: &Round, ours: &str, limit: &str, cpu: Marks, wall: Marks) -> Vec<Figure> {
    vec![
        ratio("per CPU-second", get(round, ours, "cpu"), get(round, limit, "cpu"), cpu),
        ratio("by the clock", get(round, ours, "rate"), get(round, limit, "rate"), wall),
    ]
}

fn get(round: &Round, gauge: &str, name: &str) -> f64 {
    round.get(gauge).map_or(f64::NAN, |reading| reading.get(name))
}

const NONE: Marks = (None, None);

/// All rows.
pub const GOALS: &[Goal] = &[
    Goal {
        id: "P1",
        what: "one durable event a request ÷ pgbench",
        gauges: &["events 64", "commit 64"],
        figures: |r| rates(r, "events 64", "commit 64", marks(3.0, 6.0), marks(1.2, 2.5)),
    },
    Goal {
        id: "P2",
        what: "the same: latency ÷ pgbench's",
        gauges: &["events 64", "events 1", "commit 64", "commit 1"],
        figures: |r| {
            vec![
                ratio_at_most(
                    "p99 of 64 ÷ mean",
                    get(r, "events 64", "p99"),
                    get(r, "commit 64", "mean"),
                    marks(2.0, 1.0),
                ),
                ratio_at_most(
                    "p50 of 1 ÷ p50",
                    get(r, "events 1", "p50"),
                    get(r, "commit 1", "p50"),
                    (Some(1.2), None),
                ),
            ]
        },
    },
    Goal {
        id: "P3",
        what: "rows in batches of 100, rollups done ÷ COPY",
        gauges: &["batches", "copy earlier", "copy ours"],
        figures: |r| {
            let mut figures = rates(r, "batches", "copy earlier", marks(1.0, 2.0), NONE);
            figures.push(ratio(
                "CPU, our tables",
                get(r, "batches", "cpu"),
                get(r, "copy ours", "cpu"),
                (None, Some(0.5)),
            ));
            figures
        },
    },
    Goal {
        id: "P4",
        what: "overload",
        gauges: &["overload"],
        figures: |r| {
            vec![
                at_least("offered ÷ accepted", get(r, "overload", "offered"), "×", marks(10.0, 50.0)),
                at_most("p99 of accepted", get(r, "overload", "accepted p99"), "ms", (Some(250.0), None)),
                at_most("p99 of refused", get(r, "overload", "refused p99"), "ms", (Some(10.0), None)),
            ]
        },
    },
    Goal {
        id: "P5",
        what: "GET /api/stats",
        gauges: &["stats large", "stats small", "hello"],
        figures: |r| {
            let large = |name| get(r, "stats large", name);
            vec![
                at_most("p50", large("p50"), "ms", marks(3.0, 0.5)),
                at_most("p99", large("p99"), "ms", (Some(10.0), None)),
                ratio_at_most("large ÷ 10,000", large("p50"), get(r, "stats small", "p50"), (Some(1.2), None)),
                ratio("rate ÷ hello", large("rate"), get(r, "hello", "rate"), (None, Some(0.4))),
            ]
        },
    },
    Goal {
        id: "P6",
        what: "databases whose recount differs",
        gauges: &["exact"],
        figures: |r| vec![at_most("", get(r, "exact", "differences"), "", marks(0.0, 0.0))],
    },
    Goal {
        id: "P7",
        what: "ingest with rollups ÷ without",
        gauges: &["batches", "batches alone"],
        figures: |r| rates(r, "batches", "batches alone", marks(0.7, 0.9), NONE),
    },
    Goal {
        id: "P8",
        what: "assignment, known visitor ÷ hello",
        gauges: &["assign known", "hello"],
        figures: |r| rates(r, "assign known", "hello", marks(0.6, 0.8), NONE),
    },
    Goal {
        id: "P9",
        what: "assignment, new visitor ÷ pgbench",
        gauges: &["assign new", "assign insert"],
        figures: |r| rates(r, "assign new", "assign insert", (Some(2.5), None), marks(1.0, 2.0)),
    },
    Goal {
        id: "P11",
        what: "a change seen by the next page",
        gauges: &["change"],
        figures: |r| vec![at_most("p99", get(r, "change", "p99"), "ms", marks(50.0, 10.0))],
    },
    Goal {
        id: "P12",
        what: "page, returning visitor ÷ fixed page",
        gauges: &["page returning", "fixed page"],
        figures: |r| rates(r, "page returning", "fixed page", marks(0.6, 0.85), NONE),
    },
    Goal {
        id: "P13",
        what: "page, new visitor, assignment stored",
        gauges: &["page new", "assign new", "assign insert"],
        figures: |r| {
            let ours = get(r, "page new", "rate");
            vec![
                ratio("÷ new assignments", ours, get(r, "assign new", "rate"), (Some(0.9), None)),
                ratio("÷ pgbench", ours, get(r, "assign insert", "rate"), (None, Some(2.0))),
            ]
        },
    },
    Goal {
        id: "P14",
        what: "GET /api/events",
        gauges: &["log", "log deep"],
        figures: |r| {
            vec![
                ratio("rate of 16 ÷ recorded", get(r, "log", "rate"), RECORDED_LIST_RATE, marks(20.0, 100.0)),
                at_most("p50", get(r, "log", "p50"), "ms", (Some(3.0), None)),
                at_most("p50, offset 99,000", get(r, "log deep", "p50"), "ms", (Some(5.0), None)),
            ]
        },
    },
    Goal {
        id: "P15",
        what: "toggles ÷ hello",
        gauges: &["toggles", "hello"],
        figures: |r| rates(r, "toggles", "hello", marks(0.6, 0.9), NONE),
    },
    Goal {
        id: "P16",
        what: "a static file ÷ nginx",
        gauges: &["static file", "nginx file"],
        figures: |r| rates(r, "static file", "nginx file", marks(0.9, 1.1), NONE),
    },
    Goal {
        id: "P17",
        what: "memory at rest",
        gauges: &["idle"],
        figures: |r| {
            vec![
                at_most("largest service", get(r, "idle", "mb"), "MB", marks(15.0, 8.0)),
                at_most("all three", get(r, "idle", "mb together"), "MB", marks(36.0, 24.0)),
            ]
        },
    },
    Goal {
        id: "P18",
        what: "memory under full load",
        gauges: &["peak"],
        figures: |r| vec![at_most("largest service", get(r, "peak", "mb"), "MB", marks(64.0, 32.0))],
    },
    Goal {
        id: "P19",
        what: "cold start",
        gauges: &["cold start"],
        figures: |r| vec![at_most("slowest service", get(r, "cold start", "ms"), "ms", marks(50.0, 15.0))],
    },
    Goal {
        id: "P20",
        what: "CPU at rest",
        gauges: &["idle"],
        figures: |r| vec![at_most("busiest service", get(r, "idle", "cpu percent"), "%", marks(0.1, 0.02))],
    },
    Goal {
        id: "P21",
        what: "GET …/results",
        gauges: &["results"],
        figures: |r| vec![at_most("p50", get(r, "results", "p50"), "ms", marks(50.0, 10.0))],
    },
    Goal {
        id: "P22",
        what: "stats of days in a time zone",
        gauges: &["stats range"],
        figures: |r| vec![at_most("p50", get(r, "stats range", "p50"), "ms", marks(50.0, 10.0))],
    },
    Goal {
        id: "P23",
        what: "export",
        gauges: &["export", "copy out"],
        figures: |r| {
            let rate = get(r, "export", "rate");
            vec![
                at_least("rows a second", rate, "/s", (Some(100_000.0), None)),
                ratio("÷ COPY", rate, get(r, "copy out", "rate"), (None, Some(0.5))),
                at_most("memory", get(r, "export", "mb"), "MB", (Some(20.0), None)),
            ]
        },
    },
    Goal {
        id: "P24",
        what: "live stream, 200 listeners",
        gauges: &["live"],
        figures: |r| {
            vec![
                at_most("p95", get(r, "live", "p95"), "ms", marks(1000.0, 200.0)),
                at_most("memory", get(r, "live", "mb"), "MB", (Some(20.0), None)),
                at_least("events a second", get(r, "live", "rate"), "/s", NONE),
            ]
        },
    },
    Goal {
        id: "P25",
        what: "OFREP ÷ hello",
        gauges: &["ofrep bulk", "ofrep single", "hello"],
        figures: |r| {
            let hello = get(r, "hello", "cpu");
            vec![
                ratio("bulk, per CPU-second", get(r, "ofrep bulk", "cpu"), hello, marks(0.4, 0.6)),
                ratio("single, per CPU-second", get(r, "ofrep single", "cpu"), hello, marks(0.6, 0.8)),
            ]
        },
    },
    Goal {
        id: "P26",
        what: "a change seen by another copy's page",
        gauges: &["change copies"],
        figures: |r| {
            vec![
                at_most("p99", get(r, "change copies", "p99"), "ms", marks(2000.0, 50.0)),
                at_most("p99, listener cut", get(r, "change copies", "p99 cut"), "ms", (Some(2000.0), None)),
            ]
        },
    },
];

#[cfg(test)]
mod tests {
    use super::super::gauges::GAUGES;
    use super::*;

    #[test]
    fn every_goal_asks_for_gauges_that_there_are_and_every_gauge_serves() {
        for goal in GOALS {
            for name in goal.gauges {
                assert!(GAUGES.iter().any(|gauge| gauge.name == *name), "{} asks for {name}", goal.id);
            }
        }
        let idle: Vec<_> = GAUGES
            .iter()
            .map(|gauge| gauge.name)
            .filter(|name| !GOALS.iter().any(|goal| goal.gauges.contains(name)))
            .collect();
        // A raw limit that is shown for its own sake.
        assert_eq!(idle, ["select"]);
    }

    #[test]
    fn what_was_not_measured_reaches_nothing() {
        let figure = ratio("", f64::NAN, 1.0, marks(1.0, 2.0));
        assert!(!figure.reaches(figure.value, 1.0));
        let figure = at_most("", 3.0, "ms", marks(3.0, 1.0));
        assert!(figure.reaches(figure.value, 3.0) && !figure.reaches(figure.value, 1.0));
    }
}
