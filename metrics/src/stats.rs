//! Stats: plain counts over the events.

pub mod answer;
pub mod cache;
pub mod calendar;
pub mod http;
pub mod model;
pub mod store;
