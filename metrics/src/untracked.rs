//! What was not recorded, because visitors asked for that: a number an hour, and nothing about anybody.

pub mod http;
pub mod store;
