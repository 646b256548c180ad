//! A curve through keys that neither overshoots between them nor stops at them: monotone cubic Hermite.

/// The value at a moment; before the first and after the last key, theirs. Keys are (moment, value), in order.
pub fn curve(moment: f32, keys: &[(f32, f32)]) -> f32 {
    let after = keys.partition_point(|key| key.0 <= moment);
    if after == 0 {
        return keys[0].1;
    }
    if after == keys.len() {
        return keys[after - 1].1;
    }
    let (from, to) = (keys[after - 1], keys[after]);
    let span = to.0 - from.0;
    let t = (moment - from.0) / span;
    let (slope_from, slope_to) = (slope(keys, after - 1) * span, slope(keys, after) * span);
    let (t2, t3) = (t * t, t * t * t);
    from.1 * (2.0 * t3 - 3.0 * t2 + 1.0)
        + slope_from * (t3 - 2.0 * t2 + t)
        + to.1 * (3.0 * t2 - 2.0 * t3)
        + slope_to * (t3 - t2)
}

/// The harmonic mean of the slopes beside a key, or none where the curve turns: that is what keeps it monotone.
fn slope(keys: &[(f32, f32)], key: usize) -> f32 {
    if key == 0 || key + 1 == keys.len() {
        return 0.0;
    }
    let rise = |a: (f32, f32), b: (f32, f32)| (b.1 - a.1) / (b.0 - a.0);
    let (before, after) = (rise(keys[key - 1], keys[key]), rise(keys[key], keys[key + 1]));
    if before * after <= 0.0 { 0.0 } else { 2.0 * before * after / (before + after) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_meets_its_keys_and_stays_between_them() {
        let keys = [(0.0, 0.0), (1.0, 1.0), (1.5, 4.0), (3.0, -2.0)];
        for key in keys {
            assert_eq!(curve(key.0, &keys), key.1);
        }
        for step in 0..=100 {
            let value = curve(step as f32 * 0.01, &keys);
            assert!((0.0..=1.0).contains(&value), "{value}");
        }
        assert_eq!((curve(-1.0, &keys), curve(9.0, &keys)), (0.0, -2.0));
    }
}
