//! `cargo xtask up` from the outside: the real tool starts the real system, in a folder and on ports of the test's own.
//! Ignored by a plain `cargo test`, because everything must have been built before; `cargo xtask test` sees to that.

#[path = "up/collector.rs"]
mod collector;
#[path = "up/copy.rs"]
mod copy;

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::process::Output;

use nix::sys::signal::Signal;

use collector::Collector;
use copy::Copy;

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn the_system_starts_serves_stops_in_order_and_keeps_its_data() {
    let copy = Copy::new("whole");
    let mut first = copy.start();
    let table = first.read_until("Ctrl-C stops everything");
    for shown in [copy.address("LANDING_PORT"), copy.address("ADMIN_PORT"), "?variant=neon".into(), "olympus".into()] {
        assert!(table.contains(&shown), "the table lacks {shown}:\n{table}");
    }
    for (port, path) in [
        ("ABTEST_PORT", "/health"),
        ("METRICS_PORT", "/health"),
        ("LANDING_PORT", "/health"),
        ("LANDING_PORT", "/"),
        ("ADMIN_PORT", "/"),
        ("ADMIN_PORT", "/api/toggles"),
    ] {
        assert_eq!(copy.get(port, path).0, 200, "{port}{path}");
    }
    let experiments = copy.get("ABTEST_PORT", "/api/experiments").1;
    let (status, rest) = first.end_by(Signal::SIGTERM);
    assert!(status.success(), "{rest}");
    assert!(rest.contains("stopping nginx, landing, metrics, abtest, postgres"), "{rest}");
    assert!(rest.contains("everything has stopped"), "{rest}");
    copy.assert_nothing_runs(None);

    let mut second = copy.start();
    second.read_until("Ctrl-C stops everything");
    // The same identifiers and times: nothing was seeded anew.
    assert_eq!(copy.get("ABTEST_PORT", "/api/experiments").1, experiments);
    assert!(second.end_by(Signal::SIGINT).0.success());
    copy.assert_nothing_runs(None);
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn the_counts_are_verified_while_everything_runs_and_while_it_rests() {
    let copy = Copy::new("counts");
    let nothing = copy.verify();
    let said = String::from_utf8_lossy(&nothing.stderr).into_owned();
    assert!(!nothing.status.success() && said.contains("there is nothing in"), "{said}");

    let mut running = copy.start();
    running.read_until("Ctrl-C stops everything");
    let event = r#"{"visitor_id":"alice","event_type":"page_view"}"#;
    assert_eq!(copy.post("METRICS_PORT", "/api/events", event), 201);
    let verified = |context: &str| {
        let output = copy.verify();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains(" 0 differ"), "{context}: {said}");
    };
    verified("while it runs");
    assert!(running.end_by(Signal::SIGTERM).0.success());
    verified("while it rests");
    copy.assert_nothing_runs(None);
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn a_backup_is_restored_whole_into_another_place_and_never_over_something_unasked() {
    let (origin, other) = (Copy::new("origin"), Copy::new("restored"));
    let backup = origin.folder().join("kept").display().to_string();
    let said = |output: &Output| [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    let mut running = origin.start();
    running.read_until("Ctrl-C stops everything");
    let event = r#"{"visitor_id":"alice","event_type":"page_view"}"#;
    assert_eq!(origin.post("METRICS_PORT", "/api/events", event), 201);
    let assignment = "/api/assign?visitor_id=alice&experiment_id=01980000-0000-7000-8000-000000000001";
    let variant = origin.get("ABTEST_PORT", assignment).1.replace("true", "false");
    let (experiments, tracks) =
        (origin.get("ABTEST_PORT", "/api/experiments").1, origin.get("LANDING_PORT", "/api/tracks").1);
    let made = origin.task(&["backup", &backup]);
    assert!(made.status.success(), "while it runs: {}", said(&made));
    let again = origin.task(&["backup", &backup]);
    assert!(!again.status.success() && said(&again).contains("never overwrites"), "{}", said(&again));
    let restore = |copy: &Copy, wish: &[&str]| {
        copy.task(&[&["restore", &backup, "--profile", "dev", "--no-build"], wish].concat())
    };
    let over = restore(&origin, &["--replace"]);
    assert!(!over.status.success() && said(&over).contains("stop it first"), "{}", said(&over));
    assert!(running.end_by(Signal::SIGTERM).0.success());

    let restored = restore(&other, &[]);
    assert!(restored.status.success(), "{}", said(&restored));
    assert!(said(&restored).contains("restored 1 events, 1 assignments and 3 tracks"), "{}", said(&restored));
    assert!(said(&restored).contains(" 0 differ"), "{}", said(&restored));
    let unasked = restore(&other, &[]);
    assert!(!unasked.status.success() && said(&unasked).contains("3 tracks already"), "{}", said(&unasked));
    let asked = restore(&other, &["--replace"]);
    assert!(asked.status.success(), "{}", said(&asked));

    let mut second = other.start();
    second.read_until("Ctrl-C stops everything");
    assert_eq!(other.get("ABTEST_PORT", "/api/experiments").1, experiments);
    assert_eq!(other.get("ABTEST_PORT", assignment).1, variant);
    assert_eq!(other.get("LANDING_PORT", "/api/tracks").1, tracks);
    assert!(second.end_by(Signal::SIGTERM).0.success());

    std::fs::write(origin.folder().join("kept/music.tar"), "half of it").unwrap();
    let damaged = restore(&other, &["--replace"]);
    assert!(!damaged.status.success() && said(&damaged).contains("no whole backup"), "{}", said(&damaged));
    other.assert_nothing_runs(None);
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn every_metric_of_the_dashboard_and_the_alerts_is_exported() {
    let copy = Copy::new("watched").with("ADMIN_AUTH", "off");
    let mut running = copy.start();
    running.read_until("Ctrl-C stops everything");
    let experiment = "01980000-0000-7000-8000-000000000001";
    assert_eq!(copy.get("LANDING_PORT", "/").0, 200);
    assert_eq!(copy.get("ABTEST_PORT", &format!("/api/assign?visitor_id=alice&experiment_id={experiment}")).0, 200);
    assert_eq!(copy.get("METRICS_PORT", &format!("/api/experiments/{experiment}/results")).0, 200);
    let exported = ["ABTEST_PORT", "METRICS_PORT", "LANDING_PORT"].map(|port| copy.get(port, "/metrics").1).concat();
    let rules = concat!(
        include_str!("../../common/telemetry/dashboard.json"),
        include_str!("../../common/telemetry/alerts.yml")
    );
    let is_part = |character: char| character.is_ascii_lowercase() || character == '_';
    let used: BTreeSet<&str> = rules
        .match_indices("pushnami_")
        .map(|(at, _)| rules[at..].split(|character| !is_part(character)).next().unwrap())
        .collect();
    let lacks = |name: &&&str| !exported.contains(&format!("# TYPE {} ", name.trim_end_matches("_bucket")));
    assert_eq!(used.iter().filter(lacks).collect::<Vec<_>>(), Vec::<&&str>::new(), "of {used:?}");
    assert!(used.len() > 10 && running.end_by(Signal::SIGTERM).0.success());
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn one_trace_goes_through_all_services_and_is_sent_to_a_collector() {
    let collector = Collector::listen();
    let copy = Copy::new("traced").with("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.address);
    let mut running = copy.start();
    running.read_until("Ctrl-C stops everything");
    let (trace, caller) = ([0x5a; 16], [0xc3; 8]);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let parent = format!("00-{}-{}-01", hex(&trace), hex(&caller));
    assert_eq!(copy.get_with("LANDING_PORT", "/", &format!("traceparent: {parent}\r\n")), 200);
    // Stopping sends what still waits.
    assert!(running.end_by(Signal::SIGTERM).0.success());
    let spans = collector.spans_of(trace);
    let page = spans.iter().find(|span| span.parent == caller).expect("landing's span, a child of the caller's");
    let assignment = spans.iter().find(|span| span.parent == page.id);
    assert!(assignment.is_some(), "abtest's span, a child of landing's: {spans:?}");
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn random_faults_lose_nothing_and_move_nobody() {
    let output =
        Copy::new("chaos").task(&["chaos", "--times", "0", "--seconds", "20", "--profile", "dev", "--no-build"]);
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    assert!(output.status.success(), "{said}");
    for promise in ["all 200", "none missing", "none moved", " 0 differ"] {
        assert!(said.contains(promise), "{said}");
    }
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn a_taken_port_is_one_sentence_and_nothing_is_left() {
    let copy = Copy::new("taken");
    let _holder = TcpListener::bind(("127.0.0.1", copy.port("METRICS_PORT"))).unwrap();
    let refusal = refusal(&copy.run_to_end());
    let expected = format!("METRICS_PORT is {}, but ", copy.port("METRICS_PORT"));
    assert!(refusal.contains(&expected) && refusal.contains("listens on that port already"), "{refusal}");
    copy.assert_nothing_runs(Some("METRICS_PORT"));
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn a_wrong_value_is_one_sentence() {
    let copy = Copy::new("wrong").with("ABTEST_PORT", "eight");
    let refusal = refusal(&copy.run_to_end());
    assert!(refusal.contains("ABTEST_PORT is `eight`; it may hold a port from 1 to 65535"), "{refusal}");
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn a_second_copy_on_the_folder_is_refused_and_one_beside_it_is_not() {
    let copy = Copy::new("first");
    let mut first = copy.start();
    first.read_until("Ctrl-C stops everything");
    let intruder = Copy::new("intruder").with("PUSHNAMI_DATA", &copy.folder().display().to_string());
    let refusal = refusal(&intruder.run_to_end());
    assert!(refusal.contains("another `cargo xtask up`"), "{refusal}");

    let beside = Copy::new("beside");
    let mut second = beside.start();
    second.read_until("Ctrl-C stops everything");
    assert_eq!((copy.get("LANDING_PORT", "/").0, beside.get("LANDING_PORT", "/").0), (200, 200));
    assert!(second.end_by(Signal::SIGTERM).0.success());
    assert!(first.end_by(Signal::SIGTERM).0.success());
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn a_service_that_dies_takes_everything_with_it_and_is_named() {
    let copy = Copy::new("dies");
    let mut running = copy.start();
    running.read_until("Ctrl-C stops everything");
    copy.kill("metrics");
    let (status, said) = running.end_with_error();
    assert!(!status.success());
    assert!(said.contains("metrics has ended by itself (SIGKILL)"), "{said}");
    copy.assert_nothing_runs(None);
}

#[test]
#[ignore = "needs the built services and front ends; `cargo xtask test` runs it"]
fn after_a_kill_the_next_start_finds_its_data_and_its_ports() {
    let copy = Copy::new("killed");
    let mut first = copy.start();
    first.read_until("Ctrl-C stops everything");
    let experiments = copy.get("ABTEST_PORT", "/api/experiments").1;
    assert!(!first.end_by(Signal::SIGKILL).0.success());
    let mut second = copy.start();
    second.read_until("Ctrl-C stops everything");
    assert_eq!(copy.get("ABTEST_PORT", "/api/experiments").1, experiments);
    assert!(second.end_by(Signal::SIGTERM).0.success());
    copy.assert_nothing_runs(None);
}

/// The one line on standard error of a start that failed.
fn refusal(output: &Output) -> String {
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    said
}
