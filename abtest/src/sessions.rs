//! Sessions: the admin logs in and out. abtest alone opens them; every service checks them on its own.

pub mod http;
pub mod model;
