//! What is counted: visitors of a variant, and what they did.

use serde::Serialize;

/// The largest number of visitors that the functions of this crate are made for.
pub const MOST_VISITORS: u64 = 1_000_000_000_000;

/// Why numbers cannot be what was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// More visitors converted than came.
    #[error("must not be more than the visitors")]
    MoreConversionsThanVisitors,
    /// More than [`MOST_VISITORS`].
    #[error("must be at most {MOST_VISITORS}")]
    TooMany,
    /// A mean or a variance that is no number, or a variance below zero.
    #[error("must be a finite number, a variance at least 0")]
    NotFinite,
}

/// The visitors of one variant, and how many of them reached a goal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    visitors: u64,
    conversions: u64,
}

impl Counts {
    /// Counts that can be.
    ///
    /// # Errors
    /// When more converted than came, or more came than [`MOST_VISITORS`].
    pub fn new(visitors: u64, conversions: u64) -> Result<Self, CountError> {
        if visitors > MOST_VISITORS {
            return Err(CountError::TooMany);
        }
        if conversions > visitors {
            return Err(CountError::MoreConversionsThanVisitors);
        }
        Ok(Self { visitors, conversions })
    }

    /// How many came.
    pub fn visitors(self) -> u64 {
        self.visitors
    }

    /// How many of them converted.
    pub fn conversions(self) -> u64 {
        self.conversions
    }

    /// The share that converted, 0 to 1; `None` without visitors.
    pub fn rate(self) -> Option<f64> {
        (self.visitors > 0).then(|| self.successes() / self.size())
    }

    pub(crate) fn size(self) -> f64 {
        self.visitors as f64
    }

    pub(crate) fn successes(self) -> f64 {
        self.conversions as f64
    }

    /// Who did not convert. Taken from the counts: `1 - rate` loses its digits near 1.
    pub(crate) fn failures(self) -> f64 {
        (self.visitors - self.conversions) as f64
    }

    /// The variance of one visitor's outcome.
    pub(crate) fn variance(self) -> f64 {
        (self.successes() / self.size()) * (self.failures() / self.size())
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self { visitors: self.visitors + other.visitors, conversions: self.conversions + other.conversions }
    }
}

/// One number per visitor of one variant (seconds on the page, depth of scrolling), as its moments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    visitors: u64,
    mean: f64,
    variance: f64,
}

impl Moments {
    /// Moments that can be: `variance` is that of the sample (divided by `visitors - 1`).
    ///
    /// # Errors
    /// When a number is not finite, the variance is negative, or more came than [`MOST_VISITORS`].
    pub fn new(visitors: u64, mean: f64, variance: f64) -> Result<Self, CountError> {
        if visitors > MOST_VISITORS {
            return Err(CountError::TooMany);
        }
        if !mean.is_finite() || !variance.is_finite() || variance < 0.0 {
            return Err(CountError::NotFinite);
        }
        Ok(Self { visitors, mean, variance })
    }

    /// How many visitors have a value.
    pub fn visitors(self) -> u64 {
        self.visitors
    }

    /// The mean of their values.
    pub fn mean(self) -> f64 {
        self.mean
    }

    /// The sample variance of their values.
    pub fn variance(self) -> f64 {
        self.variance
    }

    pub(crate) fn size(self) -> f64 {
        self.visitors as f64
    }
}

/// Control and variant within one revision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair<T> {
    /// What the variant is compared with.
    pub control: T,
    /// What is judged.
    pub variant: T,
}

/// A range with both ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Whether `value` lies inside, ends included.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    pub(crate) fn clipped(self, low: f64, high: f64) -> Self {
        Self { low: self.low.max(low), high: self.high.min(high) }
    }
}

/// A range of lifts; an end that is `None` has no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LiftInterval {
    /// Its lower end.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}
