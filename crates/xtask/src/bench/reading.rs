//! What one measurement found: a few named numbers.

use std::collections::BTreeMap;
use std::fmt;

/// The numbers of one measurement, by name: `rate` (per second by the clock), `cpu` (per CPU-second of services and
/// Postgres), `p50` and so on in milliseconds, `mb`, `seconds`.
#[derive(Clone, Debug, Default)]
pub struct Reading(pub BTreeMap<&'static str, f64>);

impl Reading {
    /// The numbers with their names.
    pub fn of<const N: usize>(numbers: [(&'static str, f64); N]) -> Self {
        Self(BTreeMap::from(numbers))
    }

    /// The same with one more.
    pub fn and(mut self, name: &'static str, number: f64) -> Self {
        self.0.insert(name, number);
        self
    }

    /// A number; not a number when it was not measured, which fails every comparison.
    pub fn get(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or(f64::NAN)
    }

    /// The numbers on one line.
    pub fn in_words(&self) -> String {
        let words: Vec<_> = self.0.iter().map(|(name, number)| format!("{name} {}", short(*number))).collect();
        words.join(", ")
    }
}

/// A measurement whose object there is not (yet).
#[derive(Debug)]
pub struct NotBuilt(pub String);

impl fmt::Display for NotBuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not built yet: {}", self.0)
    }
}

impl std::error::Error for NotBuilt {}

/// The middle of several numbers.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    match numbers.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => numbers[odd / 2],
        even => f64::midpoint(numbers[even / 2 - 1], numbers[even / 2]),
    }
}

/// The number below which a share (0..1) of the numbers lies.
pub fn percentile(mut numbers: Vec<f64>, share: f64) -> f64 {
    numbers.sort_by(f64::total_cmp);
    // At most the length, which no memory makes larger than what a float can count.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "see above"
    )]
    let rank = (numbers.len() as f64 * share).ceil().max(1.0) as usize;
    numbers.get(rank - 1).copied().unwrap_or(f64::NAN)
}

/// A number with about three digits, thousands apart.
pub fn short(number: f64) -> String {
    if number.is_nan() {
        return "–".to_owned();
    }
    let size = number.abs();
    if size >= 1000.0 {
        let digits = format!("{number:.0}");
        let (sign, digits) = digits.strip_prefix('-').map_or(("", digits.as_str()), |rest| ("-", rest));
        let head = digits.len() % 3;
        let groups = digits.as_bytes()[head..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
        let first = (head > 0).then(|| digits[..head].to_owned());
        return format!("{sign}{}", first.into_iter().chain(groups).collect::<Vec<_>>().join(","));
    }
    match size {
        _ if size >= 100.0 => format!("{number:.0}"),
        _ if size >= 10.0 => format!("{number:.1}"),
        _ => format!("{number:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_edges_of_numbers() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!([0.0, 0.5, 0.99, 1.0].map(|share| percentile(hundred.clone(), share)), [1.0, 50.0, 99.0, 100.0]);
    }

    #[test]
    fn numbers_read_naturally() {
        assert_eq!(
            [0.4567, 12.34, 234.5, 1234.5, 1_234_567.0, f64::NAN].map(short),
            ["0.46", "12.3", "234", "1,234", "1,234,567", "–"]
        );
    }
}
