//! The statistics of experiments: pure functions, without input or output, without a clock, without chance. The same
//! counts always give the same digits.
//!
//! Start with what is counted ([`counts`]), then the numbers that decide while everybody watches ([`always_valid`]).
//! The others explain: intervals of one rate ([`proportion`]), one look at the planned end ([`fixed_horizon`]), chances
//! and losses ([`bayes`]), whether the traffic came as configured ([`traffic`]), several questions at once
//! ([`correction`]), how long to run ([`plan`]).
//!
//! Every function is defined for all counts `0 ≤ conversions ≤ visitors ≤ 10^12`. What is not defined (a lift over a
//! control without conversions, an interval that has no end) is `None`; no number is ever NaN or infinite.

pub mod always_valid;
pub mod bayes;
pub mod correction;
pub mod counts;
pub mod exact_share;
pub mod fixed_horizon;
pub mod plan;
pub mod proportion;
pub mod traffic;

mod beta;
mod dirichlet;
mod estimate;
mod joint;
mod legendre;
mod normal;
mod root;
mod student;
