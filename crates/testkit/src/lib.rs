//! What tests share: a service called without a socket, a stopped clock, tracks that are real MP3s, and a counter of
//! SQL statements, and attacks on every call of a document. Only ever a dev-dependency.

mod app;
pub mod attacks;
mod contract_file;
pub mod mp3;
mod statements;

pub use app::{Answer, Message, Messages, TestApp, admin_key, allowed_origins};
pub use contract_file::check_file;
pub use pushnami_common::db::MIGRATOR;
pub use statements::count_statements;

/// A database as the earlier system left it, as SQL for an empty one.
pub const EARLIER_SYSTEM: &str = include_str!("earlier.sql");
/// The admin's password in tests.
pub const PASSWORD: &str = "a password of the tests";
/// The moment at which tests' clocks stand.
pub const NOON: &str = "2026-01-02T12:00:00Z";
