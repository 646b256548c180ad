//! Assignments: the remembered variant of a visitor. The rule itself is `pushnami_common::assignment`, which landing
//! shares.

pub mod assigner;
pub mod http;
pub mod model;
mod store;
mod writer;
