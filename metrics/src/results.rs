//! Results: the judged comparison of an experiment's variants.
//!
//! [`model`] is the answer; [`tally`] is what was counted, by revisions; [`judge`] turns counts into numbers and is shared
//! with the calculator; [`verdict`] turns numbers into one sentence and what to do next; [`answer`] joins
//! them; [`guardrails`] acts on them.

pub mod answer;
pub mod cache;
pub mod guardrails;
pub mod http;
pub mod judge;
pub mod measured;
pub mod model;
pub mod plan;
pub mod store;
pub mod tally;
pub mod timeline;
pub mod traffic;
pub mod verdict;
pub mod words;

use model::Results;

const SRM: &str = "pushnami_experiment_srm_p_value";

/// Says what is counted of results.
pub fn watch() {
    metrics::gauge!("pushnami_sse_clients", "stream" => "live").increment(0);
    metrics::describe_gauge!(
        SRM,
        "How likely the visitors of an experiment are divided as its split says, when last judged."
    );
}

/// Notes of an experiment what an alert may be about.
fn count(results: &Results) {
    let experiment = results.experiment_id.to_string();
    metrics::gauge!(SRM, "experiment" => experiment).set(results.traffic.p_value_always_valid);
}
