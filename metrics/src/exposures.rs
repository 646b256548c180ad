//! Exposures and conversions: who saw which variant and reached which goal, counted by a worker that follows the log, so
//! that results never read an event.
//!
//! [`model`] says what counts as what, without I/O; [`store`] holds the SQL; [`worker`] follows the log and counts goals
//! that came later than the events; [`measures`] keeps goals that are a number and not a yes or no; [`erasure`] takes a visitor back out, and [`verify`] recounts.

pub mod backfill;
pub mod config;
pub mod erasure;
pub mod measures;
pub mod model;
pub mod store;
pub mod verify;
pub mod worker;
