//! Everything that is kept of one visitor: given to them as a file, or erased, on their wish.

pub mod export;
pub mod http;
pub mod model;
pub mod store;
