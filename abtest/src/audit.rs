//! The audit trail: who changed what and when, and taking a change back.

pub mod http;
pub mod model;
pub mod revert;
pub mod store;
