//! On the database of the earlier system: its events are ours from then on, in the log, in the counts and in the results.

use pushnami_metrics::exposures::worker::{FOLD_EVENTS, Progress, step};
use pushnami_metrics::rollups::verify::verify;
use pushnami_testkit::{EARLIER_SYSTEM, MIGRATOR};
use serde_json::json;
use sqlx::{Executor, PgPool};

use crate::{EVENTS, STATS, admin, each};

#[sqlx::test(migrations = false)]
async fn what_was_recorded_there_is_counted_here(db: PgPool) {
    db.execute(EARLIER_SYSTEM).await.unwrap();
    MIGRATOR.run(&db).await.unwrap();
    let (app, _) = admin(&db).await;

    let events = app.get(EVENTS).await.expect(200);
    assert_eq!(each(&events, "visitor_id"), ["dave", "carol", "alice", "alice"], "newest first");
    assert_eq!(each(&events, "metadata"), [json!({}), json!({}), json!({}), json!({ "a": 1 })]);

    let stats = app.get(STATS).await.expect(200);
    assert_eq!(stats["total_events"], 4);
    assert_eq!(stats["unique_visitors"], 3);
    assert_eq!(stats["conversion_by_variant"]["neon"]["clicks"], 1);

    // Who was exposed, and who clicked, counts in the first revision of their experiment.
    while step(&db, FOLD_EVENTS).await.unwrap() == Progress::Counted {}
    let results = app.get("/api/experiments/22222222-2222-4222-8222-222222222222/results").await.expect(200);
    let counts =
        [0, 1].map(|at| (results["variants"][at]["visitors"].clone(), results["variants"][at]["conversions"].clone()));
    assert_eq!(counts, [(json!(1), json!(0)), (json!(1), json!(1))], "of synthwave, and of neon");
    assert!(verify(&db).await.unwrap().differences.is_empty());
}
