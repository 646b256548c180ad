//! What he wears: a himation of four sheets, and the twisted roll that holds it at the waist.
//!
//! The sheets fall one after another, each on what lies under it. Wind from his left front lays the skirt against the legs and
//! draws its folds in long diagonals from the gathered left hip to the right ankle.

mod arm;
mod waist;

use glam::Vec3;

use crate::cloth::Sheet;
use crate::grid::{Axis, Grid};
use crate::maths::{soft_min, v};
use crate::skeleton::Bone;
use crate::solid::Solid;

/// The corners of everything that is carved.
pub const BOUNDS: [Vec3; 2] = [v(-0.66, -0.03, -0.56), v(0.62, 2.12, 0.52)];

/// Steps of the field on which cloth falls.
const STEP: f32 = 0.006;
/// How close to the middle of a sheet another one may come.
const LAYER: f32 = 0.006;

/// All cloth, settled.
#[derive(Debug)]
pub struct Drapery {
    /// The tube around the legs.
    pub skirt: Sheet,
    /// The shorter one over it, with the slanting hem.
    pub mantle: Sheet,
    /// What hangs over the left forearm.
    pub forearm: Sheet,
    /// What hangs over the left shoulder.
    pub shoulder: Sheet,
    /// The twisted roll.
    pub roll: Solid,
}

impl Drapery {
    /// Dresses a body.
    pub fn on(body: &Solid) -> Self {
        let mut ground = body_with_bridge(body);
        let skirt = waist::skirt(body, &ground);
        lay(&mut ground, &skirt);
        let mantle = waist::mantle(body, &ground);
        lay(&mut ground, &mantle);
        let forearm = arm::forearm(&ground);
        let shoulder = arm::shoulder(&ground);
        Self { skirt, mantle, forearm, shoulder, roll: waist::roll(body) }
    }

    /// All sheets.
    pub fn sheets(&self) -> [&Sheet; 4] {
        [&self.skirt, &self.mantle, &self.forearm, &self.shoulder]
    }
}

/// The body as cloth sees it: with the gap between the legs bridged, or the skirt would be drawn in and look like trousers.
fn body_with_bridge(body: &Solid) -> Grid {
    let mut bridge = Solid::default();
    bridge.cone(Bone::Hips, [v(-0.02, 0.90, 0.02), v(0.015, 0.25, 0.045)], [0.085, 0.070], 0.0);
    bridge.cone(Bone::Hips, [v(-0.01, 0.60, 0.05), v(0.03, 0.18, 0.02)], [0.06, 0.06], 0.03);
    let axes = [0, 1, 2].map(|axis| Axis::even(BOUNDS[0][axis], BOUNDS[1][axis], STEP));
    let mut field = Grid::of(body, axes);
    field.change(|point, distance| soft_min(distance, bridge.distance(point), 0.06));
    field
}

/// Makes a settled sheet part of what the next one falls on.
fn lay(ground: &mut Grid, sheet: &Sheet) {
    let mut layer = Grid::filled(ground.axes.clone(), 0.05);
    sheet.imprint(&mut layer, 0.016);
    for (value, distance) in ground.values.iter_mut().zip(&layer.values) {
        *value = soft_min(*value, distance - LAYER, 0.01);
    }
}
