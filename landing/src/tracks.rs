//! The music library: a folder of MP3s and one file with their order.

pub mod http;
pub mod library;
pub mod model;
pub mod mp3;
