//! Experiments: questions with variants and a traffic split.

pub mod http;
pub mod model;
pub mod store;
