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
