//! What is done to a whole bus after the instruments have played onto it.

pub mod chorus;
pub mod echo;
pub mod gate;
pub mod hall;
pub mod pump;
pub mod tape;
