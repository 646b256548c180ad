//! Experiments: questions with variants and a traffic split.

pub mod clearing;
pub mod goals;
pub mod http;
pub mod lifecycle;
pub mod model;
pub mod plan;
pub mod store;
