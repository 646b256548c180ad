//! The two hanging ends: one over the left forearm, one over the left shoulder.

use glam::Vec3;

use crate::cloth::{Cut, Fall, Sheet};
use crate::grid::Grid;
use crate::maths::{sin, v};
use crate::skeleton::Bone;

/// Cloth over the forearm: a short end inside, a long one outside.
pub fn forearm(ground: &Grid) -> Sheet {
    const ROWS: usize = 124;
    const HELD: usize = 30;
    const LENGTH: f32 = 1.16;
    let (elbow, wrist) = (Bone::ForearmLeft.at(), Bone::HandLeft.at());
    let (from, to) = (elbow.lerp(wrist, 0.05) + Vec3::Y * 0.052, elbow.lerp(wrist, 0.80) + Vec3::Y * 0.040);
    let held = HELD as f32 / (ROWS - 1) as f32;
    let hang = |across: f32, down: f32| {
        let (way, side) = away(down - held, LENGTH);
        let ripple = 0.012 * sin(across * 34.0 + 2.0 * sin(across * 9.0));
        let out = side * (0.045 * (way / 0.05).min(1.0) + 0.10 * way);
        let drop = v(out, 0.012 - (way - 0.04).max(0.0) * 0.98, (across - 0.5) * 0.25 * way);
        from.lerp(to, across) + drop + v(ripple * 0.6, ripple * 0.4, 0.0)
    };
    // The long end runs out in a point.
    let length = |across: f32| LENGTH * (1.0 - 0.10 * across);
    let size = [52, ROWS];
    let mut sheet = Sheet::cut(&Cut { size, width: 0.46, tube: false, length: &length, held: HELD, hang: &hang });
    let wind = v(0.2, 0.0, -1.2);
    sheet.fall(ground, &Fall { frames: 160, wind, thickness: 0.010, friction: 0.4, softness: 3e-6 });
    sheet
}

/// Cloth over the shoulder: short in front, long behind.
pub fn shoulder(ground: &Grid) -> Sheet {
    const ROWS: usize = 150;
    const HELD: usize = 46;
    const LENGTH: f32 = 1.46;
    let (from, to) = (v(0.075, 1.520, -0.045), v(0.205, 1.490, -0.035));
    let held = HELD as f32 / (ROWS - 1) as f32;
    let hang = |across: f32, down: f32| {
        let (way, side) = away(held - down, LENGTH);
        let ripple = 0.010 * sin(across * 30.0 + 2.0 * sin(across * 8.0));
        let inward = if side > 0.0 { 0.6 } else { -0.1 };
        let drop = v(
            -0.25 * way * inward + (across - 0.5) * 0.2 * way,
            0.014 - (way - 0.05).max(0.0) * 0.97,
            side * (0.12 * (way / 0.07).min(1.0) + 0.05 * way),
        );
        from.lerp(to, across) + drop + v(0.0, ripple * 0.5, ripple * 0.6)
    };
    let size = [50, ROWS];
    let mut sheet = Sheet::cut(&Cut { size, width: 0.44, tube: false, length: &|_| LENGTH, held: HELD, hang: &hang });
    let wind = v(-0.2, 0.0, -0.9);
    sheet.fall(ground, &Fall { frames: 160, wind, thickness: 0.010, friction: 0.4, softness: 3e-6 });
    sheet
}

/// How far a particle is from the held row, in metres, and on which side of it.
fn away(share: f32, length: f32) -> (f32, f32) {
    (share.abs() * length, if share < 0.0 { -1.0 } else { 1.0 })
}
