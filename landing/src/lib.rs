//! The landing service: gives each visitor a page and hands on what happens there. Start with [`page`].

pub mod page;
