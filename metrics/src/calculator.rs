//! The calculator: the statistics of results on counts that somebody types in. Public, and nothing is stored.

pub mod http;
pub mod model;
