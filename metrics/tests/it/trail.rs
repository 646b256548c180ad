//! What metrics erases is in the audit trail, and who it was is not.

use pushnami_metrics::rollups::verify::verify;
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{admin, event};

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_erasure_is_told_and_nothing_personal_with_it(db: PgPool) {
    let (app, _) = admin(&db).await;
    let lead = json!({ "email": "ada@example.com", "message": "Hello", "visitor_id": "ada" });
    app.as_nobody().post("/api/leads", &lead).await.expect(201);
    let leads = app.get("/api/leads").await.expect(200);
    app.as_nobody().post("/api/events", &event(json!({ "visitor_id": "ada" }))).await.expect(201);
    app.delete(&format!("/api/leads/{}", leads[0]["id"].as_str().unwrap())).await.expect(204);
    app.delete("/api/visitors/ada").await.expect(200);
    // Nothing was there to be erased again.
    app.delete("/api/visitors/ada").await.expect(200);
    let rows: Vec<Value> =
        sqlx::query_scalar("select to_jsonb(audit) from audit order by id").fetch_all(&db).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (&row["actor"], &row["action"], &row["subject"])).collect();
    let (admin, erased) = (json!("admin"), json!("erased"));
    assert_eq!(told, [(&admin, &erased, &json!("lead")), (&admin, &erased, &json!("visitor"))]);
    assert!(!format!("{rows:?}").contains("ada"), "{rows:?}");

    assert_eq!(verify(&db).await.unwrap().differences, [""; 0]);
    let mut owner = db.begin().await.unwrap();
    sqlx::query("alter table audit disable trigger all").execute(&mut *owner).await.unwrap();
    sqlx::query("update audit set actor = 'nobody' where id = 1").execute(&mut *owner).await.unwrap();
    owner.commit().await.unwrap();
    assert_eq!(verify(&db).await.unwrap().differences, ["audit entry 1: it is not what was written"]);
}
