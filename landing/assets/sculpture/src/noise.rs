//! Noise in space: random values on a lattice, joined smoothly, and octaves of it.

use glam::Vec3;

use crate::maths::mix;

/// A random value from -1 to 1 for each point of the lattice.
fn lattice(x: i32, y: i32, z: i32) -> f32 {
    let mixed = x.wrapping_mul(0x1656_67B1) ^ y.wrapping_mul(0x27D4_EB2F) ^ z.wrapping_mul(0x7FF1_50FB);
    let mut bits = mixed as u32;
    bits = (bits ^ (bits >> 13)).wrapping_mul(0x4BF1_9F65);
    bits ^= bits >> 16;
    bits = bits.wrapping_mul(0x85EB_CA6B);
    bits ^= bits >> 13;
    bits as f32 / 2_147_483_648.0 - 1.0
}

/// Smooth noise from -1 to 1 with details about one unit wide.
fn smooth(point: Vec3) -> f32 {
    let cell = point.floor();
    let inside = point - cell;
    let ease = inside * inside * (Vec3::splat(3.0) - 2.0 * inside);
    let (x, y, z) = (cell.x as i32, cell.y as i32, cell.z as i32);
    let row = |y, z| mix(lattice(x, y, z), lattice(x + 1, y, z), ease.x);
    let layer = |z| mix(row(y, z), row(y + 1, z), ease.y);
    mix(layer(z), layer(z + 1), ease.z)
}

/// Five octaves of noise, from coarse to fine, about -1 to 1.
pub fn octaves(point: Vec3) -> f32 {
    let (mut sum, mut weight, mut place) = (0.0, 0.5, point);
    for _ in 0..5 {
        sum += weight * smooth(place);
        // Not quite doubled, and moved: lattices on top of each other would show.
        place = place * 2.03 + 1.7;
        weight *= 0.5;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_continuous_and_within_bounds() {
        let mut last = octaves(Vec3::ZERO);
        for step in 1..2000 {
            let next = octaves(Vec3::new(0.37, 0.11, 0.73) * (step as f32 * 0.001));
            assert!((-1.0..=1.0).contains(&next) && (next - last).abs() < 0.05, "{next} after {last}");
            last = next;
        }
    }
}
