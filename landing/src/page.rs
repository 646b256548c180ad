//! What a visitor sees: the words, the markup around them and the files that the markup asks for.
//!
//! Start with [`view`], which turns a decided variant into HTML. [`copy`] holds the words, [`variant`] what
//! marketers wrote in their place, [`draft`] what they are writing, [`toggles`] what may be
//! switched off, [`assets`] the bundled script, styles and fonts, [`crawlers`] what search engines read, [`mould`] pages that are
//! drawn once for all who are shown the same. Nothing here asks a neighbour or knows a visitor.

pub mod assets;
pub mod choice;
pub mod copy;
pub mod crawlers;
pub mod draft;
pub mod http;
pub mod mould;
pub mod ranges;
pub mod toggles;
pub mod variant;
pub mod view;
pub mod writer;
