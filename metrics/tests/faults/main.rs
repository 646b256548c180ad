//! The real program over a real Postgres, and what can happen to both: killed, stopped, cut off, full, doubled.
//!
//! Every test ends in the same way: each event that was answered with 201 is in the table exactly once, nothing is there
//! that nobody sent, and the counts equal a recount. `PUSHNAMI_FAULTS` says how often each thing happens (3 times unless
//! it says otherwise); `cargo xtask chaos` makes it many.

mod cluster;
mod disk;
mod load;
mod service;
mod turns;

use std::time::Duration;

use cluster::Cluster;
use load::Load;
use service::Service;
use turns::Turns;

/// Whatever must come comes long before this, on any machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// How often the thing happens.
fn times() -> usize {
    std::env::var("PUSHNAMI_FAULTS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_service_has_lost_nothing_that_it_confirmed() {
    let cluster = Cluster::start().await;
    let mut service = Service::start(&cluster.url()).await;
    let load = Load::on(&[&service]);
    for _ in 0..times() {
        load.wait_for_more().await;
        service.kill();
        service.start_again().await;
    }
    load.wait_for_more().await;
    let sent = load.stop().await;
    sent.check(&cluster, &service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_crashes_and_comes_back_finds_the_service_still_there() {
    let mut cluster = Cluster::start().await;
    let service = Service::start(&cluster.url()).await;
    let load = Load::on(&[&service]);
    for _ in 0..times() {
        load.wait_for_more().await;
        cluster.crash();
        load.wait_for_a_refusal().await;
        cluster.run().await;
        service.wait_until_well().await;
    }
    load.wait_for_more().await;
    let sent = load.stop().await;
    sent.check(&cluster, &service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_are_made_anew() {
    let cluster = Cluster::start().await;
    let service = Service::start(&cluster.url()).await;
    let load = Load::on(&[&service]);
    for _ in 0..times() * 3 {
        load.wait_for_more().await;
        assert!(cluster.cut_connections().await > 0, "nobody was connected");
    }
    load.wait_for_more().await;
    let sent = load.stop().await;
    sent.check(&cluster, &service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_hangs_is_not_waited_for() {
    let cluster = Cluster::start().await;
    let service = Service::start(&cluster.url()).await;
    let load = Load::on(&[&service]);
    load.wait_for_more().await;
    cluster.hang();
    load.wait_for_a_refusal().await;
    cluster.go_on();
    load.wait_for_more().await;
    let sent = load.stop().await;
    sent.check(&cluster, &service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_count_what_both_are_sent_once() {
    let cluster = Cluster::start().await;
    let first = Service::start(&cluster.url()).await;
    let mut second = Service::start(&cluster.url()).await;
    // Every request goes to both, under the same ids.
    let load = Load::on(&[&first, &second]);
    for _ in 0..times() {
        load.wait_for_more().await;
        second.kill();
        second.start_again().await;
    }
    load.wait_for_more().await;
    let sent = load.stop().await;
    sent.check(&cluster, &first).await;
    sent.check(&cluster, &second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_that_are_restarted_in_turn_fail_no_call() {
    let cluster = Cluster::start().await;
    let mut copies = [Service::start(&cluster.url()).await, Service::start(&cluster.url()).await];
    let calls = Turns::on(&[&copies[0], &copies[1]]);
    for turn in 0..times() * 2 {
        calls.wait_for_more().await;
        let copy = &mut copies[turn % 2];
        copy.stop().await;
        copy.start_again().await;
    }
    calls.wait_for_more().await;
    assert_eq!(calls.stop().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_those_who_listen() {
    let cluster = Cluster::start().await;
    let mut service = Service::start(&cluster.url()).await;
    let mut stream = reqwest::get(service.address("/api/live")).await.unwrap();
    assert!(stream.chunk().await.unwrap().is_some(), "the stream has begun");
    service.stop().await;
    while let Some(rest) = stream.chunk().await.unwrap() {
        assert!(!rest.is_empty(), "it ends as a whole answer does");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_and_a_larger_one_goes_on() {
    let Some(disk) = disk::Disk::mount(cluster::owner().await) else {
        eprintln!("not run: only root may mount the small disk that this test fills");
        return;
    };
    let cluster = Cluster::start().await;
    let url = cluster.database_on(disk.path()).await;
    let service = Service::start(&url).await;
    let load = Load::on(&[&service]);
    load.wait_for_more().await;
    load.wait_for_a_refusal().await;
    disk.grow();
    load.wait_for_more().await;
    let sent = load.stop().await;
    service.wait_until_well().await;
    sent.check_on(&url, &service).await;
    drop(service);
    drop(cluster);
}

/// For `cargo xtask chaos`: memory that grows with what has passed would be seen after minutes, not after seconds.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes; `cargo xtask chaos` runs it"]
async fn memory_does_not_grow_with_what_has_passed() {
    let cluster = Cluster::start().await;
    let service = Service::start(&cluster.url()).await;
    let load = Load::on(&[&service]);
    let mut held = Vec::new();
    for _ in 0..times() * 4 {
        for _ in 0..20 {
            load.wait_for_more().await;
        }
        held.push(service.memory());
    }
    let sent = load.stop().await;
    sent.check(&cluster, &service).await;
    let (early, late) = held.split_at(held.len() / 2);
    let most = |part: &[u64]| part.iter().copied().max().unwrap_or_default();
    assert!(most(late) <= most(early) + most(early) / 4, "kilobytes in the course of time: {held:?}");
}
