//! The contact form: the same letter with and without the page's script, stored once, and never lost without a word.

use axum::http::Method;
use pushnami_common::auth::seal::VOUCHED_CALLER;
use pushnami_testkit::Answer;
use serde_json::{Value, json};
use time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::World;
use crate::neighbours::{EXPERIMENT, answer_all, both_variants, hang};

const ALICE: &str = "01980000-0000-7000-8000-0000000000aa";
const COOKIE: (&str, &str) = ("cookie", "visitor_id=01980000-0000-7000-8000-0000000000aa");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("accept", "application/json");
const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");

/// What a browser knows of the form after it has loaded the page.
struct Form(Vec<(String, String)>);

impl Form {
    /// The hidden fields of a page, and what this visitor types.
    fn on(page: &Answer, typed: &[(&str, &str)]) -> Self {
        let text = page.text();
        let hidden = text.split("<input type=\"hidden\"").skip(1).map(|tag| (value(tag, "name"), value(tag, "value")));
        let typed = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self(hidden.chain(typed).collect())
    }

    fn body(&self) -> String {
        serde_html_form::to_string(&self.0).unwrap()
    }

    fn field(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

fn value(tag: &str, attribute: &str) -> String {
    let (_, rest) = tag.split_once(&format!("{attribute}=\"")).expect("the attribute");
    rest.split('"').next().unwrap().to_owned()
}

impl World {
    /// Neighbours that work, and a form that has been looked at long enough.
    async fn with_form(headers: &[(&str, &str)], typed: &[(&str, &str)]) -> (Self, Form) {
        let world = Self::new().await;
        both_variants(&world.abtest, "synthwave").await;
        world.metrics_stores().await;
        let page = world.app.send(Method::GET, "/", headers, Vec::new()).await;
        let form = Form::on(&page, typed);
        world.hands.advance(Duration::seconds(2));
        (world, form)
    }

    async fn metrics_stores(&self) {
        let receipt = json!({ "id": ALICE, "is_new": true });
        let stored = ResponseTemplate::new(201).set_body_json(receipt);
        Mock::given(method("POST")).and(path("/api/leads")).respond_with(stored).mount(&self.metrics).await;
        let recorded = ResponseTemplate::new(201).set_body_json(json!({ "created": 1, "duplicates": 0 }));
        Mock::given(method("POST")).and(path("/api/events/batch")).respond_with(recorded).mount(&self.metrics).await;
    }

    async fn post_form(&self, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
        self.app.send(Method::POST, "/contact", headers, body.into()).await
    }

    /// What metrics was sent under this path.
    async fn metrics_was_told(&self, path: &str) -> Vec<Value> {
        let requests = self.metrics.received_requests().await.unwrap();
        requests
            .iter()
            .filter(|request| request.url.path() == path)
            .map(|request| request.body_json().unwrap())
            .collect()
    }
}

#[tokio::test]
async fn with_the_script_a_letter_is_stored_and_answered_as_json() {
    let typed = [("email", " daphne@example.com "), ("company", "Laurel"), ("message", "a\r\nb"), ("homepage", "")];
    let (world, form) = World::with_form(&[COOKIE], &typed).await;
    let receipt = world.post_form(&[COOKIE, FORM, JSON], form.body()).await.expect(201);
    assert_eq!(receipt, json!({ "id": ALICE, "is_new": true }));

    let mut leads = world.metrics_was_told("/api/leads").await;
    let id = leads[0]["id"].take();
    assert_eq!(
        leads[0],
        json!({
            "id": null, "email": "daphne@example.com", "company": "Laurel", "message": "a\nb", "visitor_id": ALICE,
            "experiment_id": EXPERIMENT, "variant": "synthwave",
        })
    );
    assert_eq!(world.metrics_was_told("/api/events/batch").await, Vec::<Value>::new(), "the script records the event");

    // The same letter again is the same lead, another letter from the same form is another.
    world.post_form(&[COOKIE, FORM, JSON], form.body()).await.expect(201);
    let another = form.body().replace("Laurel", "Olive");
    world.post_form(&[COOKIE, FORM, JSON], another).await.expect(201);
    let leads = world.metrics_was_told("/api/leads").await;
    assert_eq!(leads[1]["id"], id);
    assert_ne!(leads[2]["id"], id);
}

#[tokio::test]
async fn the_visitors_address_is_vouched_for() {
    let (world, form) = World::with_form(&[COOKIE], &[("email", "daphne@example.com")]).await;
    let address = ("x-real-ip", "192.0.2.7");
    world.post_form(&[COOKIE, FORM, JSON, address], form.body()).await.expect(201);
    let requests = world.metrics.received_requests().await.unwrap();
    let vouched = world.key.vouched_caller(&requests[0].headers).await;
    assert_eq!(vouched, Some("192.0.2.7".parse().unwrap()), "{:?}", requests[0].headers.get(VOUCHED_CALLER));
}

#[tokio::test]
async fn without_the_script_a_browser_is_led_to_the_page_that_says_thanks() {
    let (world, form) = World::with_form(&[COOKIE], &[("email", "daphne@example.com"), ("company", "Laurel")]).await;
    let referer = ("referer", "http://localhost:3000/?utm_source=x");
    for _ in 0..2 {
        let answer = world.post_form(&[COOKIE, FORM, HTML, referer, ("user-agent", "Lynx")], form.body()).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/?sent=1#contact"));
    }
    // Nobody else records that the form was sent; a second press of the button is the same event.
    let events = world.metrics_was_told("/api/events/batch").await;
    assert_eq!(events[0], events[1]);
    assert_eq!(
        events[0][0],
        json!({
            "id": events[0][0]["id"], "visitor_id": ALICE, "user_agent": "Lynx", "event_type": "form_submit",
            "event_name": "contact_form", "experiment_id": EXPERIMENT, "variant": "synthwave",
            "metadata": { "has_email": true, "has_company": true }, "page_url": "http://localhost:3000/?utm_source=x",
        })
    );

    let page = world.app.send(Method::GET, "/?sent=1", &[COOKIE], Vec::new()).await.text();
    assert!(page.contains("id=\"contact-thanks\" role=\"status\" tabindex=\"-1\">"), "thanks are shown");
    assert!(!page.contains("id=\"contact-form\""));
    let plain = world.app.send(Method::GET, "/", &[COOKIE], Vec::new()).await.text();
    assert!(plain.contains("id=\"contact-thanks\" role=\"status\" tabindex=\"-1\" hidden>"), "and not before");
}

#[tokio::test]
async fn a_preview_comes_back_as_the_same_variant_and_enters_no_experiment() {
    let (world, _) = World::with_form(&[COOKIE], &[]).await;
    let page = world.app.send(Method::GET, "/?variant=neon", &[COOKIE], Vec::new()).await;
    let form = Form::on(&page, &[("email", "daphne@example.com")]);
    world.hands.advance(Duration::seconds(2));
    let answer = world.post_form(&[COOKIE, FORM, HTML], form.body()).await;
    assert_eq!(answer.header("location"), "/?variant=neon&sent=1#contact");
    assert_eq!(world.metrics_was_told("/api/leads").await[0]["experiment_id"], Value::Null);
    assert_eq!(world.metrics_was_told("/api/events/batch").await[0][0]["metadata"]["preview"], true);
}

#[tokio::test]
async fn what_is_wrong_comes_back_beside_what_was_typed() {
    let evil = "\"><script>alert(1)</script>";
    let typed = [("email", "daphne@"), ("company", evil), ("message", "</textarea><b>two\nlines"), ("homepage", "")];
    let (world, form) = World::with_form(&[COOKIE], &typed).await;
    let answer = world.post_form(&[COOKIE, FORM, HTML], form.body()).await;
    assert_eq!(answer.status, 422);
    assert!(answer.header("content-security-policy").contains("'nonce-"));
    let page = answer.text();
    assert!(page.contains("<html lang=\"en\" class=\"synthwave\">"), "the page they were on");
    for part in [
        "value=\"daphne@\" aria-describedby=\"email-fault\" aria-invalid=\"true\" autofocus",
        "This is not a whole e-mail address. One looks like daphne@example.com.</p>",
        "Not sent yet: something needs another look.</p>",
        "value=\"&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;\"",
        "&#60;/textarea&#62;&#60;b&#62;two\nlines</textarea>",
        "field--trap",
    ] {
        assert!(page.contains(part), "`{part}` is missing");
    }
    assert!(!page.contains(evil) && !page.contains("<b>two"));
    // The form is the same one: its letter has the same id, its stamp has not become younger.
    let again = Form::on(&answer, &[]);
    for field in ["form", "stamp", "variant", "experiment_id"] {
        assert_eq!(again.field(field), form.field(field), "{field}");
    }
    assert!(!again.field("stamp").is_empty());
    assert_eq!(world.metrics_was_told("/api/leads").await, Vec::<Value>::new());
}

#[tokio::test]
async fn with_the_script_the_same_faults_are_a_problem() {
    let long = "Ω".repeat(2001);
    let typed = [("email", ""), ("company", "a\u{1b}b"), ("message", &long), ("homepage", "https://buy.example")];
    let (world, form) = World::with_form(&[COOKIE], &typed).await;
    let answer = world.post_form(&[COOKIE, FORM, JSON], form.body()).await;
    let (detail, pointers) = answer.refusal(422);
    assert_eq!(detail, "Not sent yet: something needs another look.");
    assert_eq!(pointers, ["/email", "/company", "/message", "/homepage"]);
    assert_eq!(answer.json()["errors"][0]["detail"], "Please leave an address, or no answer can reach you.");
}

#[tokio::test]
async fn a_robot_that_fills_the_trap_is_caught_and_a_person_would_see_why() {
    let typed = [("email", "robot@example.com"), ("homepage", "https://buy.example")];
    let (world, form) = World::with_form(&[COOKIE], &typed).await;
    let page = world.post_form(&[COOKIE, FORM, HTML], form.body()).await;
    assert_eq!(page.status, 422);
    assert!(page.text().contains("Please empty this field.") && !page.text().contains("field--trap"));
    assert_eq!(world.metrics_was_told("/api/leads").await, Vec::<Value>::new());
}

#[tokio::test]
async fn who_is_quicker_than_people_or_never_saw_the_page_is_asked_again() {
    let world = World::new().await;
    world.metrics_stores().await;
    let page = world.app.send(Method::GET, "/", &[COOKIE], Vec::new()).await;
    let form = Form::on(&page, &[("email", "daphne@example.com")]);
    assert_eq!(world.post_form(&[COOKIE, FORM, JSON], form.body()).await.refusal(422).1, ["/stamp"]);
    let answer = world.post_form(&[COOKIE, FORM, HTML], form.body()).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("quicker than people usually are") && answer.text().contains("daphne@example.com"));
    assert_eq!(Form::on(&answer, &[]).field("stamp"), form.field("stamp"), "it will do in a moment");

    world.hands.advance(Duration::seconds(2));
    for forged in ["", "1767355200000", "1767355200000.AAAA", "x.y"] {
        let body = serde_html_form::to_string([("email", "daphne@example.com"), ("stamp", forged)]).unwrap();
        assert_eq!(world.post_form(&[COOKIE, FORM, JSON], body.clone()).await.refusal(422).1, ["/stamp"], "{forged}");
        let fresh = Form::on(&world.post_form(&[COOKIE, FORM, HTML], body).await, &[]);
        assert_ne!(fresh.field("stamp"), forged);
        assert!(!fresh.field("form").is_empty());
    }
    assert_eq!(world.metrics_was_told("/api/leads").await, Vec::<Value>::new());
    world.post_form(&[COOKIE, FORM, JSON], form.body()).await.expect(201);
}

#[tokio::test]
async fn while_metrics_is_away_nothing_is_lost_without_a_word() {
    let (world, form) = World::with_form(&[COOKIE], &[("email", "daphne@example.com"), ("message", "Χαίρε")]).await;
    for failure in [
        ResponseTemplate::new(500),
        ResponseTemplate::new(503),
        ResponseTemplate::new(404),
        ResponseTemplate::new(200),
        ResponseTemplate::new(201).set_body_string("not a receipt"),
        ResponseTemplate::new(422).set_body_string("not a problem"),
    ] {
        answer_all(&world.metrics, failure).await;
        let answer = world.post_form(&[COOKIE, FORM, JSON], form.body()).await;
        assert!(answer.refusal(503).0.starts_with("Not sent: we cannot store it at the moment."));
        let page = world.post_form(&[COOKIE, FORM, HTML], form.body()).await;
        assert_eq!((page.status, page.header("retry-after")), (503, "2"));
        for part in ["we cannot store it at the moment", "daphne@example.com", "Χαίρε", ">Send it again</button>"]
        {
            assert!(page.text().contains(part), "`{part}` is missing");
        }
    }
    hang(&world.metrics).await;
    world.post_form(&[COOKIE, FORM, JSON], form.body()).await.refusal(503);
}

#[tokio::test]
async fn what_metrics_refuses_is_told_with_the_time_to_wait() {
    let (world, form) = World::with_form(&[COOKIE], &[("email", "daphne@example.com")]).await;
    answer_all(&world.metrics, ResponseTemplate::new(429).insert_header("retry-after", "42")).await;
    let answer = world.post_form(&[COOKIE, FORM, JSON], form.body()).await;
    assert!(answer.refusal(429).0.ends_with("please send it again in 42 seconds."));
    assert_eq!(answer.header("retry-after"), "42");
    let page = world.post_form(&[COOKIE, FORM, HTML], form.body()).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "42"));

    let problem = json!({
        "type": "about:blank", "title": "Unprocessable Content", "status": 422, "detail": "x",
        "errors": [{ "pointer": "/email", "detail": "must be something else" }],
    });
    answer_all(&world.metrics, ResponseTemplate::new(422).set_body_json(problem)).await;
    assert_eq!(world.post_form(&[COOKIE, FORM, JSON], form.body()).await.refusal(422).1, ["/email"]);
}

#[tokio::test]
async fn who_asked_not_to_be_recorded_may_write_and_stays_unknown() {
    for wish in [("sec-gpc", "1"), ("dnt", "1")] {
        let (world, form) = World::with_form(&[wish], &[("email", "daphne@example.com")]).await;
        let answer = world.post_form(&[COOKIE, FORM, HTML, wish], form.body()).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (303, ""));
        let leads = world.metrics_was_told("/api/leads").await;
        assert_eq!((&leads[0]["visitor_id"], &leads[0]["experiment_id"]), (&Value::Null, &Value::Null));
        assert_eq!(world.metrics_was_told("/api/events/batch").await, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn foreign_pages_and_foreign_forms_are_refused() {
    let (world, form) = World::with_form(&[COOKIE], &[("email", "daphne@example.com")]).await;
    let host = ("host", "localhost:3000");
    for origin in ["https://evil.example", "null"] {
        world.post_form(&[COOKIE, FORM, HTML, host, ("origin", origin)], form.body()).await.refusal(403);
    }
    for media in ["text/plain", "multipart/form-data; boundary=x", "application/json"] {
        world.post_form(&[COOKIE, HTML, ("content-type", media)], form.body()).await.refusal(415);
    }
    world.post_form(&[COOKIE, FORM, HTML], "a".repeat(32 * 1024 + 1)).await.refusal(413);
    for garbled in ["", "%", "%ff=%ff", "email[]=1&&&=", "\u{0}"] {
        assert_eq!(world.post_form(&[COOKIE, FORM, JSON], garbled).await.refusal(422).1, ["/email"], "{garbled}");
    }
    assert_eq!(world.metrics_was_told("/api/leads").await, Vec::<Value>::new());
    world.post_form(&[COOKIE, FORM, JSON, host, ("origin", "http://localhost:3000")], form.body()).await.expect(201);

    let answer = world.app.get("/contact").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/#contact"));
}
