//! The arithmetic that carving needs: soft minima, soft steps, angles in degrees.
//!
//! Powers and waves come from `libm`, because the machine's own library differs in the last bit from one system to the
//! next, and the sculpture is to be the same to the byte.

use glam::{EulerRot, Quat, Vec3};

/// A full turn in radians.
pub const TURN: f32 = std::f32::consts::TAU;
/// The angle between neighbours on a sunflower: points placed by it never line up.
pub const GOLDEN_ANGLE: f32 = 2.399_963;

/// A vector, in fewer letters: the figure is made of a thousand of them.
pub const fn v(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3::new(x, y, z)
}

/// Sine of an angle in radians.
pub fn sin(angle: f32) -> f32 {
    libm::sinf(angle)
}

/// Cosine of an angle in radians.
pub fn cos(angle: f32) -> f32 {
    libm::cosf(angle)
}

/// `base` to the power of `exponent`.
pub fn power(base: f32, exponent: f32) -> f32 {
    libm::powf(base, exponent)
}

/// e to the power of `x`.
pub fn exp(x: f32) -> f32 {
    libm::expf(x)
}

/// The smaller of two distances, where the edge between them is filled over a width of `blend`.
pub fn soft_min(a: f32, b: f32, blend: f32) -> f32 {
    if blend <= 0.0 {
        return a.min(b);
    }
    let overlap = (blend - (a - b).abs()).max(0.0) / blend;
    a.min(b) - overlap * overlap * blend * 0.25
}

/// The larger of two distances, where the edge between them is filled.
pub fn soft_max(a: f32, b: f32, blend: f32) -> f32 {
    -soft_min(-a, -b, blend)
}

/// 0 up to `from`, 1 after `to`, and without a corner in between. `from` may be the larger: then it falls.
pub fn soft_step(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A value between two others.
pub fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

/// A rotation about x, then y, then z, in degrees.
pub fn turned(x: f32, y: f32, z: f32) -> Quat {
    Quat::from_euler(EulerRot::XYZ, x.to_radians(), y.to_radians(), z.to_radians())
}

/// The direction at an angle around the upright axis: 0 is the figure's left, a quarter turn its front.
pub fn around(angle: f32) -> Vec3 {
    v(cos(angle), 0.0, sin(angle))
}

/// Directions spread evenly over a sphere.
pub fn sphere_of_directions(count: usize) -> impl Iterator<Item = Vec3> {
    (0..count).map(move |index| {
        let y = 1.0 - 2.0 * (index as f32 + 0.5) / count as f32;
        let radius = (1.0 - y * y).sqrt();
        let angle = GOLDEN_ANGLE * index as f32;
        v(radius * cos(angle), y, radius * sin(angle))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_soft_minimum_is_the_minimum_away_from_the_edge_and_less_on_it() {
        assert_eq!(soft_min(1.0, 2.0, 0.5), 1.0);
        assert!(soft_min(1.0, 1.0, 0.5) < 1.0);
        assert_eq!(soft_max(1.0, 2.0, 0.0), 2.0);
    }

    #[test]
    fn a_soft_step_may_rise_or_fall() {
        assert_eq!((soft_step(0.0, 1.0, -1.0), soft_step(0.0, 1.0, 2.0)), (0.0, 1.0));
        assert_eq!((soft_step(1.0, 0.0, -1.0), soft_step(1.0, 0.0, 2.0)), (1.0, 0.0));
    }

    #[test]
    fn directions_on_a_sphere_cancel_out() {
        let sum: Vec3 = sphere_of_directions(200).sum();
        assert!(sum.length() < 2.0, "{sum}");
    }
}
