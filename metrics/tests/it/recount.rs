//! Whatever happens to the pipeline, in whatever order: the rollups and the stats are what a naive count gives.

use std::collections::{BTreeMap, BTreeSet};
use std::future::poll_fn;
use std::process::{Command, Stdio};
use std::task::Poll;

use pushnami_common::auth::{AdminAuth, AdminKey};
use pushnami_common::clock::{Clock, Hands};
use pushnami_metrics::app;
use pushnami_metrics::exposures::worker as exposures;
use pushnami_metrics::retention::delete_old;
use pushnami_metrics::rollups::erasure::erase_visitor;
use pushnami_metrics::rollups::verify::verify;
use pushnami_metrics::rollups::worker::{FOLD_EVENTS, Progress, fold_once};
use pushnami_testkit::{NOON, TestApp, allowed_origins};
use serde_json::{Value, json};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::{BATCH, EXPERIMENT, STATS, admin, event, state};

const OTHER: &str = "99999999-9999-4999-8999-999999999999";

/// A copy of the service that asks nobody for a session, which would not last as long as this test's days.
fn open_copy(db: &PgPool) -> (TestApp, Hands) {
    let (clock, hands) = Clock::stopped_at(NOON);
    let key = AdminKey::new(AdminAuth::Off, allowed_origins(), clock.clone());
    (TestApp::new(app(state(db, clock, key), allowed_origins())), hands)
}

/// A sequence of numbers that looks random and is the same every time (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }
}

/// An event as the naive count remembers it.
#[derive(Clone, Debug)]
struct Known {
    sent: Value,
    at: OffsetDateTime,
    /// `false` after an erasure that could not take the event out any more, because only its count was left.
    is_whose: bool,
    /// `false` when retention has deleted it and only its count is left.
    is_single: bool,
}

/// The pipeline, and what should have become of it.
struct Bench {
    db: PgPool,
    app: TestApp,
    other_copy: TestApp,
    hands: Hands,
    now: OffsetDateTime,
    kept_from: Option<OffsetDateTime>,
    known: Vec<Known>,
    dice: Dice,
}

impl Bench {
    fn new(db: &PgPool, seed: u64) -> Self {
        let ((app, hands), (other_copy, _)) = (open_copy(db), open_copy(db));
        let now = OffsetDateTime::parse(NOON, &Rfc3339).unwrap();
        Self { db: db.clone(), app, other_copy, hands, now, kept_from: None, known: Vec::new(), dice: Dice(seed) }
    }

    fn some_event(&mut self) -> Value {
        let dice = &mut self.dice;
        let act = dice.pick(&["page_view", "page_view", "click", "click", "form_submit", "scroll"]);
        let name = dice.pick(&[Value::Null, json!("cta"), json!("music_play"), json!("music_next")]);
        let metadata = dice.pick(&[
            json!({ "seconds": 12.5 }),
            json!({ "track": "Temple Bells", "seconds": 7 }),
            json!({ "preview": true }),
            json!({ "track": 7 }),
        ]);
        event(json!({
            "id": Uuid::from_u128(dice.roll(usize::MAX) as u128 + 1), "visitor_id": format!("v{}", dice.roll(12)),
            "experiment_id": dice.pick(&[json!(EXPERIMENT), json!(OTHER), Value::Null]),
            "variant": dice.pick(&[json!("neon"), json!("synthwave"), Value::Null]),
            "event_type": act, "event_name": name, "metadata": metadata,
        }))
    }

    /// New events, and some that were sent before.
    async fn record(&mut self) {
        let mut batch: Vec<Value> = (0..1 + self.dice.roll(8)).map(|_| self.some_event()).collect();
        let fresh = batch.len();
        let again = self.known.iter().rev().filter(|known| known.is_single);
        let again: Vec<Value> = again.take(self.dice.roll(3)).map(|known| known.sent.clone()).collect();
        batch.extend(again);
        let app = if self.dice.roll(2) == 0 { &self.app } else { &self.other_copy };
        // The other copy's clock stands still at noon: to us it steps back.
        let now = if std::ptr::eq(app, &self.app) { self.now } else { OffsetDateTime::parse(NOON, &Rfc3339).unwrap() };
        let receipt = app.post(BATCH, &batch.clone().into()).await.expect(201);
        assert_eq!(receipt["created"], fresh);
        for (position, sent) in batch.into_iter().take(fresh).enumerate() {
            self.known.push(Known {
                sent,
                at: now + Duration::microseconds(position as i64),
                is_whose: true,
                is_single: true,
            });
        }
    }

    /// A fold that is given up after so many steps, as if the process had been killed there.
    async fn fold_and_die(&mut self) {
        // A connection of its own, which dies with it.
        let options = PgPoolOptions::new().max_connections(1);
        let db = options.connect_lazy_with((*self.db.connect_options()).clone());
        let of_exposures = self.dice.roll(2) == 0;
        let mut fold = Box::pin(async {
            if of_exposures { exposures::step(&db, 7).await.map(drop) } else { fold_once(&db, 7).await.map(drop) }
        });
        for _ in 0..self.dice.roll(12) {
            let is_done = poll_fn(|context| Poll::Ready(fold.as_mut().poll(context).is_ready())).await;
            if is_done {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn erase(&mut self) {
        let visitor = format!("v{}", self.dice.roll(12));
        let mut transaction = self.db.begin().await.unwrap();
        erase_visitor(&mut transaction, &visitor).await.unwrap();
        if self.dice.roll(3) == 0 {
            return transaction.rollback().await.unwrap();
        }
        transaction.commit().await.unwrap();
        self.known.retain_mut(|known| {
            let is_theirs = known.is_whose && known.sent["visitor_id"] == visitor.as_str();
            known.is_whose &= !is_theirs;
            !(is_theirs && known.is_single)
        });
    }

    async fn retain(&mut self) {
        while fold_once(&self.db, FOLD_EVENTS).await.unwrap() != Progress::Counted(0) {}
        while exposures::step(&self.db, FOLD_EVENTS).await.unwrap() != exposures::Progress::Done {}
        let before = self.now - Duration::hours(2 + self.dice.roll(40) as i64);
        delete_old(&self.db, before).await.unwrap();
        let whole = before.replace_time(time::Time::from_hms(before.hour(), 0, 0).unwrap());
        self.kept_from = self.kept_from.max(Some(whole));
        self.known.iter_mut().filter(|known| known.at < whole).for_each(|known| known.is_single = false);
    }

    async fn step(&mut self) {
        match self.dice.roll(12) {
            0..5 => self.record().await,
            5 => self.fold_and_die().await,
            6 => {
                let (one, other) = tokio::join!(fold_once(&self.db, 5), fold_once(&self.db, 5));
                one.and(other).unwrap();
            }
            7 => {
                fold_once(&self.db, 1 + self.dice.roll(20) as i64).await.unwrap();
                let (one, other) = tokio::join!(exposures::step(&self.db, 9), exposures::step(&self.db, 4));
                one.and(other).unwrap();
            }
            8 if self.dice.roll(3) == 0 => self.erase().await,
            9 if self.dice.roll(4) == 0 => self.retain().await,
            _ => {
                let pause = Duration::minutes(self.dice.roll(200) as i64);
                self.hands.advance(pause);
                self.now += pause;
            }
        }
    }

    /// Experiments of abtest, one visitor's assignment of each kind, and now and then a goal or a revision that comes late.
    async fn configure(&mut self, round: usize) {
        let goal = |of: &str, event: &str| {
            json!({ "id": Uuid::from_u128(Uuid::parse_str(of).unwrap().as_u128() + round as u128 + 1), "name": event, "role": "primary", "direction": "increase",
                    "any_of": [{ "event_type": event }], "window_hours": null, "pause_on_harm": false })
        };
        let measured = |of: &str| {
            let fold = ["sum", "greatest"][round % 2];
            json!({ "id": Uuid::from_u128(Uuid::parse_str(of).unwrap().as_u128() + round as u128 + 1001), "name": "Measured", "role": "secondary",
                    "direction": "increase", "any_of": [{ "event_type": "click" }, { "event_type": "scroll" }], "window_hours": null,
                    "pause_on_harm": false,
                    "measure": { "property": "seconds", "fold": fold, "cap": 30, "absent_is_zero": false } })
        };
        let split = vec![20 + (round as i16 * 7) % 60, 80 - (round as i16 * 7) % 60];
        for id in [EXPERIMENT, OTHER] {
            sqlx::query(
                "insert into experiments (id, name, variants, traffic_split, goals, created_at, updated_at)
                 values ($1, 'x', array ['neon', 'synthwave'], $2, $3, $4, $4)
                 on conflict (id) do update
                     set traffic_split = excluded.traffic_split, goals = experiments.goals || excluded.goals,
                         updated_at = excluded.updated_at",
            )
            .bind(Uuid::parse_str(id).unwrap())
            .bind(&split)
            .bind(json!([goal(id, ["click", "form_submit", "scroll"][round % 3]), measured(id)]))
            .bind(self.now)
            .execute(&self.db)
            .await
            .unwrap();
        }
        sqlx::query(
            "insert into assignments (experiment_id, visitor_id, variant, revision, created_at)
             values ($1, $2, 'neon', 1, $4), ($1, $3, 'synthwave', null, $4) on conflict do nothing",
        )
        .bind(Uuid::parse_str(EXPERIMENT).unwrap())
        .bind(format!("v{}", 3 * round % 12))
        .bind(format!("v{}", (3 * round + 1) % 12))
        .bind(self.now)
        .execute(&self.db)
        .await
        .unwrap();
    }

    /// What a naive count gives for a question.
    fn expect(&self, experiment: Option<&str>, range: Option<(OffsetDateTime, OffsetDateTime)>) -> Value {
        let counted = self.known.iter().filter(|known| {
            experiment.is_none_or(|experiment| known.sent["experiment_id"] == experiment)
                && range.is_none_or(|(from, to)| from <= known.at && known.at < to)
        });
        let (mut by_type, mut by_variant) = (BTreeMap::<&str, i64>::new(), BTreeMap::<&str, i64>::new());
        let (mut visitors, mut steps) = (BTreeSet::new(), BTreeSet::new());
        let (mut total, mut music, mut preview) = (0, 0, 0);
        for known in counted {
            let text = |field: &str| known.sent[field].as_str();
            let act = text("event_type").unwrap();
            total += 1;
            *by_type.entry(act).or_default() += 1;
            preview += i64::from(known.sent["metadata"]["preview"] == true);
            music += i64::from(act == "click" && text("event_name").is_some_and(|name| name.starts_with("music_")));
            if known.is_whose {
                visitors.insert(text("visitor_id").unwrap());
            }
            if let Some(variant) = text("variant") {
                *by_variant.entry(variant).or_default() += 1;
                if known.is_whose {
                    steps.insert((variant, act, text("visitor_id").unwrap()));
                }
            }
        }
        let views = |variant: &str, step: &str| steps.iter().filter(|(v, s, _)| (*v, *s) == (variant, step)).count();
        let conversion: BTreeMap<_, _> = by_variant
            .keys()
            .map(|variant| {
                (*variant, [views(variant, "page_view"), views(variant, "click"), views(variant, "form_submit")])
            })
            .collect();
        json!({ "total": total, "visitors": visitors.len(), "types": by_type, "variants": by_variant,
                "conversion": conversion, "music": music, "preview": preview })
    }

    async fn answer(&self, query: &str) -> (Value, i64) {
        let stats = self.app.get(&format!("{STATS}?{query}")).await.expect(200);
        let conversion: BTreeMap<_, _> = stats["conversion_by_variant"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(variant, one)| {
                (variant.clone(), [&one["views"], &one["clicks"], &one["submissions"]].map(Value::clone))
            })
            .collect();
        let shown = json!({
            "total": stats["total_events"], "visitors": stats["unique_visitors"], "types": stats["events_by_type"],
            "variants": stats["events_by_variant"], "conversion": conversion, "music": stats["music"]["total"],
            "preview": stats["excluded"]["preview"],
        });
        let timeline = stats["timeline"].as_array().unwrap().iter().map(|step| step["count"].as_i64().unwrap()).sum();
        (shown, timeline)
    }

    async fn check(&mut self, context: &str) {
        for experiment in [None, Some(EXPERIMENT), Some(OTHER)] {
            let filter = experiment.map(|id| format!("&experiment_id={id}")).unwrap_or_default();
            assert_eq!(self.answer(&filter).await.0, self.expect(experiment, None), "{context}{filter}");
            // A range with ragged ends, within what is kept.
            let first = self.kept_from.unwrap_or(self.now - Duration::hours(60));
            let from = first + Duration::seconds(self.dice.roll(100_000) as i64);
            let to = from + Duration::seconds(self.dice.roll(200_000) as i64);
            let zone = self.dice.pick(&["UTC", "Europe/Athens", "Asia/Kathmandu"]);
            let interval = self.dice.pick(&["hour", "day"]);
            let [start, end] = [from, to].map(|moment| moment.format(&Rfc3339).unwrap());
            let query = format!("from={start}&to={end}&tz={zone}&interval={interval}{filter}");
            let expected = self.expect(experiment, Some((from, to)));
            let (shown, timeline) = self.answer(&query).await;
            assert_eq!(shown, expected, "{context} {query}");
            assert_eq!(timeline, expected["total"], "{context} {query}: the steps total");
        }
        assert_eq!(verify(&self.db).await.unwrap().differences, Vec::<String>::new(), "{context}");
    }
}

async fn recount(db: PgPool, seed: u64) {
    let mut bench = Bench::new(&db, seed);
    for round in 0..25 {
        if round % 8 == 0 {
            bench.configure(round / 8).await;
        }
        for _ in 0..12 {
            bench.step().await;
        }
        bench.check(&format!("seed {seed}, round {round}:")).await;
    }
    while fold_once(&db, FOLD_EVENTS).await.unwrap() != Progress::Counted(0) {}
    while exposures::step(&db, FOLD_EVENTS).await.unwrap() != exposures::Progress::Done {}
    bench.check("at the end:").await;
    let behind: i64 =
        sqlx::query_scalar("select count(*) from counted_goals where behind is not null").fetch_one(&db).await.unwrap();
    let reached: i64 =
        sqlx::query_scalar("select count(distinct goal_id) from conversions").fetch_one(&db).await.unwrap();
    assert!(bench.known.len() > 100 && behind == 0 && reached > 3, "{behind} {reached}");
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn after_any_mixture_the_counts_are_those_of_a_recount(db: PgPool) {
    recount(db, 0x5eed_0001).await;
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn after_another_mixture_too(db: PgPool) {
    recount(db, 0x5eed_0002_dead_beef).await;
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_recount_notices_what_is_wrong(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.post(BATCH, &json!([event(json!({ "variant": "neon" })), event(json!({ "visitor_id": "bob" }))]))
        .await
        .expect(201);
    fold_once(&db, FOLD_EVENTS).await.unwrap();
    let verdict = verify(&db).await.unwrap();
    assert_eq!((verdict.events, verdict.differences.len()), (2, 0));
    for (harm, cure) in [
        ("update rollup_hours set q1 = q1 + 1", "update rollup_hours set q1 = q1 - 1"),
        ("update event_groups set events = events - 1", "update event_groups set events = events + 1"),
        ("update visitor_set_totals set size = size + 1", "update visitor_set_totals set size = size - 1"),
        ("update visitor_numbers set number = 1 - number", "update visitor_numbers set number = 1 - number"),
    ] {
        sqlx::query(harm).execute(&db).await.unwrap();
        assert!(!verify(&db).await.unwrap().differences.is_empty(), "{harm}");
        sqlx::query(cure).execute(&db).await.unwrap();
        assert!(verify(&db).await.unwrap().differences.is_empty(), "{cure}");
    }
}

/// Runs the program on the test's own database and answers whether it ended well, and what it said.
async fn run_recount(db: &PgPool) -> (bool, String) {
    let options = db.connect_options();
    let database = options.get_database().unwrap();
    let mut url: reqwest::Url = std::env::var("DATABASE_URL").unwrap().parse().unwrap();
    url.set_path(database);
    let mut command = Command::new(env!("CARGO_BIN_EXE_metrics"));
    command.arg("--verify").current_dir("/").env("DATABASE_URL", url.as_str()).stdin(Stdio::null());
    let output = spawn_blocking(move || command.output()).await.unwrap().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_operator_is_told_what_differs(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.post(BATCH, &json!([event(json!({ "variant": "neon" })), event(json!({ "visitor_id": "bob" }))]))
        .await
        .expect(201);
    fold_once(&db, FOLD_EVENTS).await.unwrap();
    let (is_well, said) = run_recount(&db).await;
    assert!(is_well && said.contains("recounted 2 events") && said.trim_end().ends_with("0 differ"), "{said}");
    sqlx::query("update rollup_hours set q1 = q1 + 5").execute(&db).await.unwrap();
    let (is_well, said) = run_recount(&db).await;
    assert!(!is_well && said.contains("neon / page_view") && said.contains("in the hour 2026-"), "{said}");
}
