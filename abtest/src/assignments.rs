//! Assignments: the remembered variant of a visitor. The rule itself is `pushnami_common::assignment`, which landing
//! shares.

pub mod http;
pub mod model;
pub mod store;
