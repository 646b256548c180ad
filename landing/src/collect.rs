//! The page's own events, on their way to metrics.

pub mod http;
pub mod model;
