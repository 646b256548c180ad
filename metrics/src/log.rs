//! The log: events read back, newest first, page by page or as a file.

pub mod export;
pub mod hours;
pub mod http;
pub mod model;
pub mod store;
