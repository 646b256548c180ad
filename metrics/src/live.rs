//! The log as it grows: every new event, and the counts as they change, sent to whoever listens.

pub mod follower;
pub mod http;
pub mod model;
pub mod store;
