//! The contact form: drawn with the page, sent to landing, stored by metrics.
//!
//! It works without the page's script. Then a browser posts the form and is led on to the page, which says thanks, or gets
//! the page again with every word still in its field and each fault beside it. With the script, the same call answers JSON.
//! Start with [`http`]; [`model`] is what was posted, [`view`] what is drawn, [`refusal`] why it
//! was not taken, [`words`] the sentences a visitor reads, and
//! [`stamp`] tells a person from a program by the time they took.

pub mod http;
pub mod model;
pub mod refusal;
pub mod stamp;
pub mod view;
pub mod words;
