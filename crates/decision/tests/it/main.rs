//! The crate against independent libraries, its own laws, and chance itself.

mod laws;
mod published;
mod reference;
mod simulation;
