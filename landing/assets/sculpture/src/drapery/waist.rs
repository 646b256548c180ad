//! What hangs from the waist: the skirt, the mantle over it, and the roll.
//!
//! Angles run around the body from its left (0) over its front (a quarter turn).

use glam::Vec3;

use crate::cloth::{Cut, Fall, Sheet};
use crate::grid::Grid;
use crate::maths::{TURN, around, cos, power, sin, v};
use crate::skeleton::Bone;
use crate::solid::Solid;

/// The middle of the waist.
const MIDDLE: Vec3 = v(-0.028, 1.005, 0.0);
/// Where most folds are gathered: over the left hip.
const GATHERED_AT: f32 = 0.35;

/// The line of the belt, higher over the left hip.
fn belt(body: &Solid, angle: f32) -> Vec3 {
    let start = MIDDLE + Vec3::Y * (0.050 * cos(angle) - 0.012 * sin(angle));
    body.surface_along(start, around(angle), 0.05)
}

/// The angle at which a share of the cloth's width is held: closer together where folds are gathered.
fn gathered(share: f32, much: f32) -> f32 {
    let angle = TURN * share;
    angle - much * sin(angle - GATHERED_AT)
}

/// A tube of two and a half times the waist, so that the surplus must fold.
pub fn skirt(body: &Solid, ground: &Grid) -> Sheet {
    const COLUMNS: usize = 300;
    const LENGTH: f32 = 0.93;
    let held = |share: f32| gathered(share, 0.42);
    let belts: Vec<Vec3> = (0..COLUMNS).map(|column| belt(body, held(column as f32 / COLUMNS as f32))).collect();
    // Over the right foot the hem is shorter: one walks on it otherwise.
    let length = |share: f32| LENGTH - 0.045 * (0.5 + 0.5 * cos(held(share) - 2.2)) + 0.05 * cos(held(share)).max(0.0);
    let hang = |across: f32, down: f32| {
        let angle = held(across);
        let top = belts[((across * COLUMNS as f32) as usize).min(COLUMNS - 1)];
        let thread = TURN * across;
        let pleat = sin(thread * 23.0 + 1.3 * sin(thread * 3.0) + 0.8 * sin(thread * 7.0 + 1.0));
        let out = 0.012 + 0.010 * pleat * (1.0 - down) + 0.17 * power(down, 0.8) + 0.02 * pleat * down;
        // Twisted as it falls: threads lean from the left hip to the right.
        let leaning = angle + 0.30 * down;
        let centre = v(MIDDLE.x + 0.05 * down, top.y, 0.02 * down);
        let waist = (top - v(MIDDLE.x, top.y, MIDDLE.z)).length();
        centre + around(leaning) * (waist + out) - Vec3::Y * (length(across) * down * 0.985)
    };
    let size = [COLUMNS, 104];
    let mut sheet = Sheet::cut(&Cut { size, width: 2.5, tube: true, length: &length, held: 0, hang: &hang });
    let wind = v(-1.6, 0.0, -2.4);
    sheet.fall(ground, &Fall { frames: 190, wind, thickness: 0.009, friction: 0.35, softness: 3e-6 });
    sheet
}

/// A second tube, whose hem runs from the right hip down to the left knee.
pub fn mantle(body: &Solid, ground: &Grid) -> Sheet {
    const COLUMNS: usize = 260;
    let held = |share: f32| gathered(share, 0.30);
    let belts: Vec<Vec3> = (0..COLUMNS).map(|column| belt(body, held(column as f32 / COLUMNS as f32))).collect();
    let length = |share: f32| {
        let angle = held(share);
        0.25 + 0.17 * cos(angle - 0.55) + 0.07 * sin(angle * 2.0)
    };
    let hang = |across: f32, down: f32| {
        let top = belts[((across * COLUMNS as f32) as usize).min(COLUMNS - 1)];
        let thread = TURN * across;
        let pleat = sin(thread * 17.0 + 1.1 * sin(thread * 2.0));
        let out = 0.024 + 0.008 * pleat + 0.15 * power(down, 0.8);
        let centre = v(MIDDLE.x + 0.03 * down, top.y + 0.012, 0.01 * down);
        let waist = (top - v(MIDDLE.x, top.y, MIDDLE.z)).length();
        centre + around(held(across) + 0.35 * down) * (waist + out) - Vec3::Y * (length(across) * down * 0.98)
    };
    let size = [COLUMNS, 56];
    let mut sheet = Sheet::cut(&Cut { size, width: 1.9, tube: true, length: &length, held: 0, hang: &hang });
    let wind = v(-1.8, 0.0, -1.8);
    sheet.fall(ground, &Fall { frames: 140, wind, thickness: 0.008, friction: 0.4, softness: 3e-6 });
    sheet
}

/// Three strands wound around each other along the belt.
pub fn roll(body: &Solid) -> Solid {
    const PIECES: usize = 150;
    let mut roll = Solid::default();
    for strand in 0..3 {
        let at = |piece: usize| {
            let angle = TURN * piece as f32 / PIECES as f32;
            let wound = angle * 7.0 + TURN * strand as f32 / 3.0;
            let radius = 0.0135 + 0.003 * sin(angle * 3.0 + 1.0);
            let out = around(angle) * (0.016 + radius * cos(wound));
            belt(body, angle) + out + Vec3::Y * (0.004 + radius * sin(wound))
        };
        let points: Vec<Vec3> = (0..=PIECES).map(at).collect();
        for piece in points.windows(2) {
            roll.cone(Bone::Hips, [piece[0], piece[1]], [0.0125, 0.0125], 0.004);
        }
    }
    roll
}
