//! OFREP 0.3.0, the open protocol of feature flags (<https://github.com/open-feature/protocol>), so that every OpenFeature
//! client can ask. Only here things are called flags: a toggle is a boolean flag under its key, its settings an object
//! under `<key>.config`, an experiment a text under its key.

mod flags;
pub mod http;
pub mod model;
pub mod stream;

pub use flags::Flags;
