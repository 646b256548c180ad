//! Leads: taken from anybody, but not from robots nor in floods; read, exported and erased by the admin alone.

use axum::http::Method;
use pushnami_common::auth::AdminKey;
use pushnami_common::auth::seal::VOUCHED_CALLER;
use pushnami_common::clock::Clock;
use pushnami_testkit::{Answer, NOON, TestApp, admin_key};
use serde_json::{Value, json};
use sqlx::PgPool;
use time::Duration;

use crate::{admin, each, service};

const LEADS: &str = "/api/leads";
const EXPORT: &str = "/api/leads/export";
const ID: &str = "0198f000-0000-7000-8000-0000000001ea";

/// A lead of which a test says only what it is about; everything else is valid by default.
fn lead(about: Value) -> Value {
    let mut lead = json!({ "email": "daphne@example.com" });
    lead.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    lead
}

async fn stored(db: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from leads").fetch_one(db).await.unwrap()
}

/// Sends a lead for this visitor's address, as landing does.
async fn send_for(app: &TestApp, key: &AdminKey, address: &str, lead: &Value) -> Answer {
    let vouched = key.vouch_for(address.parse().unwrap()).await;
    let headers = [("content-type", "application/json"), (VOUCHED_CALLER, vouched.as_str())];
    app.send(Method::POST, LEADS, &headers, lead.to_string()).await
}

/// Sends so many leads, each from an address of its own, so that the limit is not what is tested; a second between two.
async fn send_all(app: &TestApp, hands: &pushnami_common::clock::Hands, leads: impl IntoIterator<Item = Value>) {
    let key = admin_key(&Clock::stopped_at(NOON).0);
    for (number, lead) in leads.into_iter().enumerate() {
        send_for(app, &key, &format!("10.{}.{}.1", number / 256, number % 256), &lead).await.expect(201);
        hands.advance(Duration::milliseconds(10));
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_lead_is_committed_before_it_is_answered_and_the_answer_tells_nothing_else(db: PgPool) {
    let (app, _) = admin(&db).await;
    let whole = lead(json!({
        "id": ID, "company": " Laurel & Daughters ", "message": "Do you\r\ndeliver?", "visitor_id": "alice",
        "experiment_id": "01980000-0000-7000-8000-000000000001", "variant": "neon", "homepage": "",
    }));
    assert_eq!(app.as_nobody().post(LEADS, &whole).await.expect(201), json!({ "id": ID, "is_new": true }));
    assert_eq!(stored(&db).await, 1);
    assert_eq!(
        app.get(LEADS).await.expect(200),
        json!([{
            "id": ID, "email": "daphne@example.com", "company": "Laurel & Daughters", "message": "Do you\ndeliver?",
            "visitor_id": "alice", "experiment_id": "01980000-0000-7000-8000-000000000001", "variant": "neon",
            "created_at": NOON,
        }])
    );
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_is_left_out_null_or_blank_was_not_said(db: PgPool) {
    let (app, _) = admin(&db).await;
    let blank = lead(json!({ "company": " ", "message": "\r\n", "visitor_id": null, "homepage": null }));
    for sent in [lead(json!({})), blank] {
        assert_eq!(app.post(LEADS, &sent).await.expect(201)["is_new"], true);
    }
    for field in ["company", "message", "visitor_id", "experiment_id", "variant"] {
        assert_eq!(each(&app.get(LEADS).await.expect(200), field), [Value::Null, Value::Null], "{field}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_same_id_again_is_the_same_lead(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.post(LEADS, &lead(json!({ "id": ID }))).await.expect(201);
    let again = lead(json!({ "id": ID, "email": "apollo@example.com" }));
    assert_eq!(app.post(LEADS, &again).await.expect(201), json!({ "id": ID, "is_new": false }));
    assert_eq!(each(&app.get(LEADS).await.expect(200), "email"), ["daphne@example.com"]);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn what_breaks_a_rule_is_422_named_and_not_stored(db: PgPool) {
    let (app, _) = service(&db);
    let long = |length| "Ω".repeat(length);
    for (about, pointer) in [
        (json!({ "email": null }), "/email"),
        (json!({ "email": "" }), "/email"),
        (json!({ "email": "daphne" }), "/email"),
        (json!({ "email": "daphne@localhost" }), "/email"),
        (json!({ "email": format!("{}@example.com", "a".repeat(250)) }), "/email"),
        (json!({ "email": "daphne@example.com\nbcc: apollo@example.com" }), "/email"),
        (json!({ "company": 7 }), "/company"),
        (json!({ "company": long(201) }), "/company"),
        (json!({ "company": "a\nb" }), "/company"),
        (json!({ "message": long(2001) }), "/message"),
        (json!({ "message": "a\0b" }), "/message"),
        (json!({ "visitor_id": "" }), "/visitor_id"),
        (json!({ "experiment_id": "1" }), "/experiment_id"),
        (json!({ "variant": long(256) }), "/variant"),
        (json!({ "id": "one" }), "/id"),
        (json!({ "homepage": "https://buy.example" }), "/homepage"),
    ] {
        assert_eq!(app.post(LEADS, &lead(about.clone())).await.refusal(422).1, [pointer], "{about}");
    }
    app.post(LEADS, &json!({})).await.refusal(422);
    // A form of a foreign page can send these without a preflight.
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        app.post_bytes(LEADS, media, lead(json!({})).to_string().into_bytes()).await.refusal(415);
    }
    assert_eq!(stored(&db).await, 0);
    app.post(LEADS, &lead(json!({ "company": long(200), "message": long(2000) }))).await.expect(201);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn one_address_sends_a_few_and_then_one_a_minute(db: PgPool) {
    let (app, hands) = service(&db);
    // Slips of the pen cost nothing.
    for _ in 0..9 {
        app.post(LEADS, &lead(json!({ "email": "" }))).await.refusal(422);
    }
    for _ in 0..5 {
        app.post(LEADS, &lead(json!({}))).await.expect(201);
    }
    let answer = app.post(LEADS, &lead(json!({}))).await;
    assert_eq!(answer.refusal(429).0, "too many leads from this address; try again in 60 s");
    assert_eq!(answer.header("retry-after"), "60");
    assert_eq!(stored(&db).await, 5);

    hands.advance(Duration::seconds(60));
    app.post(LEADS, &lead(json!({}))).await.expect(201);
    app.post(LEADS, &lead(json!({}))).await.refusal(429);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn only_whom_a_service_of_ours_vouches_for_is_another_caller(db: PgPool) {
    let (app, _) = service(&db);
    let ours = admin_key(&Clock::stopped_at(NOON).0);
    for _ in 0..5 {
        send_for(&app, &ours, "2001:db8::1", &lead(json!({}))).await.expect(201);
    }
    // The next address of the same household is no other caller; the next household is.
    send_for(&app, &ours, "2001:db8::2", &lead(json!({}))).await.refusal(429);
    send_for(&app, &ours, "2001:db8:0:1::1", &lead(json!({}))).await.expect(201);

    // Whoever writes the headers without the key counts as themselves, whatever they write.
    for number in 0..6 {
        let address = format!("192.0.2.{number}");
        let forged = format!("{address},99999999999.{}", "A".repeat(43));
        let headers = [
            ("content-type", "application/json"),
            ("x-real-ip", address.as_str()),
            ("x-forwarded-for", address.as_str()),
            (VOUCHED_CALLER, forged.as_str()),
        ];
        let answer = app.send(Method::POST, LEADS, &headers, lead(json!({})).to_string()).await;
        assert_eq!(answer.status, if number < 5 { 201 } else { 429 }, "{}", answer.text());
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_list_is_newest_first_searched_and_paged(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let five = ["ann", "bob", "cleo", "dan", "eve"].map(|name| {
        lead(json!({
            "email": format!("{name}@example.com"),
            "company": (name == "bob").then_some("100% Δάφνη_Inc"),
            "message": (name == "dan").then_some("Tell ANN too"),
        }))
    });
    send_all(&app, &hands, five).await;
    let emails = async |query: &str| {
        let list = app.get(&format!("{LEADS}{query}")).await.expect(200);
        each(&list, "email").iter().map(|email| email.as_str().unwrap()[..3].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(emails("").await, ["eve", "dan", "cle", "bob", "ann"]);
    assert_eq!(emails("?q=ann").await, ["dan", "ann"]);
    assert_eq!(emails("?q=%CE%94%CE%AC%CF%86%CE%BD%CE%B7_inc").await, ["bob"]);
    // What SQL's `like` would take for wildcards are letters like any other.
    assert_eq!(emails("?q=%25").await, ["bob"]);
    assert_eq!(emails("?q=_").await, ["bob"]);
    assert_eq!(emails("?q=nobody").await, Vec::<String>::new());
    assert_eq!(emails("?q=").await.len(), 5);

    let page = app.get(&format!("{LEADS}?limit=2")).await.expect(200);
    assert_eq!(emails("?limit=2").await, ["eve", "dan"]);
    let before = page[1]["id"].as_str().unwrap().to_owned();
    assert_eq!(emails(&format!("?limit=2&before={before}")).await, ["cle", "bob"]);
    for (query, pointer) in [
        ("limit=0", "/limit"),
        ("limit=1001", "/limit"),
        ("before=x", "/before"),
        (&format!("before={ID}"), "/before"),
        ("q=%00", "/q"),
        (&format!("q={}", "a".repeat(256)), "/q"),
    ] {
        assert_eq!(app.get(&format!("{LEADS}?{query}")).await.refusal(422).1, [pointer], "{query}");
    }
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn the_exported_file_is_whole_and_no_cell_of_it_is_a_formula(db: PgPool) {
    let (app, hands) = admin(&db).await;
    let strangers = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "a, \"b\"", "plain"];
    send_all(&app, &hands, strangers.map(|company| lead(json!({ "company": company })))).await;
    send_all(&app, &hands, [lead(json!({ "email": "=x@example.com", "message": "=cmd|' /C calc'!A0\n=2" }))]).await;

    let answer = app.get(&format!("{EXPORT}?format=csv")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"leads-2026-01-02.csv\"");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').expect("spreadsheets need the mark");
    assert!(text.starts_with("created_at,email,company,message,variant,experiment_id,visitor_id,id\r\n"), "{text}");

    let mut file = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<_> = file.records().map(Result::unwrap).collect();
    let companies: Vec<_> = rows.iter().skip(1).map(|row| row[2].to_owned()).collect();
    assert_eq!(companies, ["plain", "a, \"b\"", "'＝1", "'@SUM(A1)", "'-1", "'+1", "'=1+1"]);
    assert_eq!((&rows[0][1], &rows[0][3]), ("'=x@example.com", "'=cmd|' /C calc'!A0\n=2"));

    let found = app.get(&format!("{EXPORT}?q=PLAIN")).await.text();
    assert_eq!(found.lines().count(), 2, "{found}");
    app.get(&format!("{EXPORT}?format=xlsx")).await.refusal(422);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn a_file_longer_than_one_reading_has_every_lead_once(db: PgPool) {
    let (app, hands) = admin(&db).await;
    send_all(&app, &hands, (0..1001).map(|number| lead(json!({ "company": number.to_string() })))).await;
    let text = app.get(EXPORT).await.text();
    let mut file = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let companies: Vec<_> = file.records().map(|row| row.unwrap()[2].parse::<u32>().unwrap()).collect();
    assert_eq!(companies, (0..1001).rev().collect::<Vec<_>>());
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn an_erased_lead_is_gone_for_good(db: PgPool) {
    let (app, _) = admin(&db).await;
    app.post(LEADS, &lead(json!({ "id": ID }))).await.expect(201);
    app.post(LEADS, &lead(json!({}))).await.expect(201);
    assert_eq!(app.delete(&format!("{LEADS}/{ID}")).await.status, 204);
    assert_eq!(app.delete(&format!("{LEADS}/{ID}")).await.refusal(404).0, format!("no lead `{ID}`"));
    assert_eq!(stored(&db).await, 1);
    app.delete(&format!("{LEADS}/one")).await.refusal(422);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn nobody_but_the_admin_reads_or_erases(db: PgPool) {
    let (app, _) = service(&db);
    app.post(LEADS, &lead(json!({ "id": ID }))).await.expect(201);
    for path in [LEADS, EXPORT, "/api/leads?limit=0"] {
        assert_eq!(app.get(path).await.refusal(401).0, "log in to do this");
    }
    app.delete(&format!("{LEADS}/{ID}")).await.refusal(401);
    assert_eq!(stored(&db).await, 1);
}

#[sqlx::test(migrator = "pushnami_testkit::MIGRATOR")]
async fn while_the_database_is_away_nothing_is_taken(db: PgPool) {
    let (app, _) = admin(&db).await;
    db.close().await;
    for answer in [app.post(LEADS, &lead(json!({}))).await, app.get(LEADS).await, app.get(EXPORT).await] {
        assert_eq!(answer.refusal(503).0, "the database is away");
        assert_eq!(answer.header("retry-after"), "1");
    }
}
