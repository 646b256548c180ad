//! Where a monotone function crosses a value.

/// The argument in `[low, high]` at which `function`, which rises, crosses zero, to the last digits that `f64` holds;
/// without a crossing, the end that is nearer to one.
///
/// Source: Chandrupatla 1997: inverse quadratic steps where they are sure to help, halving otherwise.
pub(crate) fn crossing(low: f64, high: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (high, low) = (Point::of(high, &function), Point::of(low, &function));
    if low.value >= 0.0 {
        return low.at;
    }
    if high.value <= 0.0 {
        return high.at;
    }
    between(high, low, 0.0, function)
}

/// The same, where it is likely to be near `guess`: looked for around it first, in steps that grow. A value of at most
/// `settled` is as good as zero: there the function itself has no more digits.
pub(crate) fn crossing_near(guess: f64, low: f64, high: f64, settled: f64, function: impl Fn(f64) -> f64) -> f64 {
    let mut near = Point::of(guess.clamp(low, high), &function);
    let (start, way) = (near.at, if near.value < 0.0 { high - near.at } else { low - near.at });
    for share in [0.01, 0.05, 0.25, 1.0] {
        if near.value.abs() <= settled {
            return near.at;
        }
        let far = Point::of(start + share * way, &function);
        if (far.value < 0.0) != (near.value < 0.0) {
            return between(far, near, settled, function);
        }
        near = far;
    }
    near.at
}

/// The crossing between two points on either side of it.
fn between(mut best: Point, mut other: Point, settled: f64, function: impl Fn(f64) -> f64) -> f64 {
    // In a straight line, where the ends say so.
    let straight = best.value / (best.value - other.value);
    let mut share = if straight > 0.0 && straight < 1.0 { straight } else { 0.5 };
    for _ in 0..200 {
        let next = Point::of(best.at + share * (other.at - best.at), &function);
        let before = if (next.value > 0.0) == (best.value > 0.0) {
            best
        } else {
            let before = other;
            other = best;
            before
        };
        best = next;
        let (root, width) = (nearer(best, other), (other.at - best.at).abs());
        let least = 2.0 * f64::EPSILON * root.at.abs() / width;
        if root.value.abs() <= settled || width == 0.0 || least > 0.5 {
            return root.at;
        }
        share = step(best, other, before).clamp(least, 1.0 - least);
    }
    nearer(best, other).at
}

#[derive(Clone, Copy)]
struct Point {
    at: f64,
    value: f64,
}

impl Point {
    fn of(at: f64, function: impl Fn(f64) -> f64) -> Self {
        Self { at, value: function(at) }
    }
}

fn nearer(one: Point, other: Point) -> Point {
    if one.value.abs() < other.value.abs() { one } else { other }
}

/// Which share of the way from `best` to `other` to go next.
fn step(best: Point, other: Point, before: Point) -> f64 {
    let place = (best.at - other.at) / (before.at - other.at);
    let height = (best.value - other.value) / (before.value - other.value);
    let straight = 1.0 - (1.0 - place).sqrt() < height && height < place.sqrt();
    if !straight {
        return 0.5;
    }
    let first = best.value / (other.value - best.value) * (before.value / (other.value - before.value));
    let second = (before.at - best.at) / (other.at - best.at)
        * (best.value / (before.value - best.value))
        * (other.value / (before.value - other.value));
    let share = first + second;
    if share.is_finite() { share } else { 0.5 }
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
    fn a_wrong_guess_costs_nothing_but_time() {
        for guess in [-50.0, 0.0, 1.4, 1.5, 9.0, 400.0] {
            let found = super::crossing_near(guess, 0.0, 10.0, 0.0, |x| x * x - 2.0);
            assert!((found - 2.0_f64.sqrt()).abs() < 1e-15, "{guess}: {found}");
        }
    }

    #[test]
    fn a_function_without_crossing_gives_the_nearer_end() {
        assert_eq!(crossing(1.0, 2.0, |x| x), 1.0);
        assert_eq!(crossing(-2.0, -1.0, |x| x), -1.0);
    }
}
