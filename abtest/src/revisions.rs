//! Revisions: the periods of an experiment in which its variants and its split stayed as they were. They are opened by
//! triggers (see the migration), read here, and never changed.

pub mod http;
pub mod model;
pub mod store;
