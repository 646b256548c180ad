//! Where a monotone function crosses a value.

/// The argument in `[low, high]` at which `function`, which rises, crosses zero, to the last digits that `f64` holds.
///
/// Source: bisection with the Illinois rule of false position, whichever narrows more.
pub(crate) fn crossing(mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (mut at_low, mut at_high) = (function(low), function(high));
    if at_low >= 0.0 {
        return low;
    }
    if at_high <= 0.0 {
        return high;
    }
    for round in 0..200 {
        let width = high - low;
        if width <= 4.0 * f64::EPSILON * low.abs().max(high.abs()) {
            break;
        }
        let secant = low - at_low * width / (at_high - at_low);
        let inside = secant > low && secant < high;
        // Every third step halves, so that a flat stretch cannot hold the search up.
        let middle = if inside && round % 3 != 2 { secant } else { 0.5 * (low + high) };
        let value = function(middle);
        if value == 0.0 {
            return middle;
        }
        if value < 0.0 {
            (low, at_low, at_high) = (middle, value, at_high * 0.5);
        } else {
            (high, at_high, at_low) = (middle, value, at_low * 0.5);
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::crossing;

    #[test]
    fn a_crossing_is_found_to_the_last_digits() {
        assert!((crossing(0.0, 10.0, |x| x * x - 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!((crossing(-5.0, 300.0, |x: f64| x.exp() - 1.0)).abs() < 1e-15);
    }

    #[test]
    fn a_function_without_crossing_gives_the_nearer_end() {
        assert_eq!(crossing(1.0, 2.0, |x| x), 1.0);
        assert_eq!(crossing(-2.0, -1.0, |x| x), -1.0);
    }
}
