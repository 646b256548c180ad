//! What every service needs before its own work begins. Start with [`program`], which turns a router into a
//! running process, then [`extract`] and [`error`], which decide how a request comes in and how a refusal goes out.
//!
//! Something enters this crate when a second service needs it.

pub mod assignment;
pub mod audit;
pub mod auth;
pub mod caller;
pub mod clock;
pub mod conditional;
pub mod config;
pub mod contract;
pub mod db;
pub mod error;
pub mod extract;
pub mod ids;
pub mod leftovers;
pub mod limits;
pub mod listen;
pub mod openapi;
pub mod patience;
pub mod privacy;
pub mod program;
pub mod protection;
pub mod pulse;
pub mod seats;
pub mod serve;
pub mod telemetry;
pub mod text;

pub use error::{ApiError, ApiResult};
