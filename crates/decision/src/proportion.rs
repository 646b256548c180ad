//! The rate of one variant.

use crate::counts::{Counts, Interval, Moments};
use crate::{normal, student};

/// The interval of a rate at `level` (0.95 for 95 %). Source: Wilson 1927. `None` without visitors.
pub fn wilson(counts: Counts, level: f64) -> Option<Interval> {
    let rate = counts.rate()?;
    let (size, z) = (counts.size(), normal::exceeded_with(0.5 * (1.0 - level)));
    let square = z * z;
    let stretch = 1.0 + square / size;
    let centre = (rate + 0.5 * square / size) / stretch;
    let half = z * (counts.variance() / size + 0.25 * square / (size * size)).sqrt() / stretch;
    Some(Interval {
        // Exactly the end: the difference of two equal numbers need not be 0 in binary fractions.
        low: if counts.conversions() == 0 { 0.0 } else { (centre - half).max(0.0) },
        high: if counts.conversions() == counts.visitors() { 1.0 } else { (centre + half).min(1.0) },
    })
}

/// The interval of a mean at `level`. Source: Student 1908. `None` with fewer than two values.
pub fn mean_interval(moments: Moments, level: f64) -> Option<Interval> {
    (moments.visitors() > 1).then(|| {
        let t = student::exceeded_with(0.5 * (1.0 - level), moments.size() - 1.0);
        let half = t * (moments.variance() / moments.size()).sqrt();
        Interval { low: moments.mean() - half, high: moments.mean() + half }
    })
}
