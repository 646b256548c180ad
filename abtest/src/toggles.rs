//! Toggles: named switches with settings.

pub mod http;
pub mod model;
pub mod store;
