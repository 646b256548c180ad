//! Events: what visitors did, one by one.

pub mod counters;
pub mod exclusion;
pub mod http;
pub mod metadata;
pub mod model;
pub mod recorder;
pub mod store;
mod writer;
