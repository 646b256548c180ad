//! Leads: what visitors sent with the contact form.

pub mod export;
pub mod http;
pub mod limit;
pub mod model;
pub mod store;
