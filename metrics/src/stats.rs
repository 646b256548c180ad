//! Stats: plain counts over the events.

pub mod http;
pub mod model;
pub mod store;
