//! Rollups: counts over the events, kept up to date by a worker, so that no question about totals reads the events.
//!
//! [`model`] says what counts as what, without I/O; [`store`] holds the SQL; [`worker`] follows the log; [`erasure`] takes
//! a visitor back out, and [`verify`] recounts.

pub mod erasure;
pub mod model;
pub mod store;
pub mod verify;
pub mod worker;
