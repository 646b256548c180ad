//! The colour of stone: veins where two noises fold over each other, and a slow drift of tone between them.

use glam::Vec3;

use crate::maths::{power, v};
use crate::noise::octaves;

/// A kind of marble.
pub struct Marble {
    /// Between the veins.
    pub ground: Vec3,
    /// In them.
    pub vein: Vec3,
    /// How much of a vein's colour comes through, 0 to 1.
    pub strength: f32,
    /// Veins per metre, roughly.
    pub scale: f32,
}

/// Of the statue: warm white, with veins of cool grey violet.
pub const STATUARY: Marble =
    Marble { ground: v(0.975, 0.96, 0.945), vein: v(0.40, 0.37, 0.50), strength: 0.72, scale: 2.1 };

/// Of the plinth: near black, with veins of pale violet, so that the white stands before it.
pub const NERO: Marble = Marble { ground: v(0.22, 0.19, 0.27), vein: v(0.78, 0.72, 0.86), strength: 0.60, scale: 1.7 };

impl Marble {
    /// The colour at a place, of which `light` is left.
    pub fn colour(&self, place: Vec3, light: f32) -> Vec3 {
        let bend = octaves(place * self.scale * 1.5);
        let bent = place * self.scale + v(bend, octaves(place * self.scale * 1.5 + 5.0), bend * 0.5) * 1.3;
        let wide = ridge(octaves(bent), 6.5);
        let fine = ridge(octaves(bent * 2.3 + 11.0), 11.0) * 0.6;
        let tone = self.ground * (1.0 - 0.06 * octaves(place * 1.3));
        let colour = tone.lerp(self.vein, self.strength * wide.max(fine)) * light;
        // Darker tones are made darker yet: what is written is a share of light, not of brightness as an eye counts it.
        Vec3::from_array(colour.to_array().map(|share| power(share.clamp(0.0, 1.0), 1.5)))
    }
}

/// A thin line where noise passes through zero.
fn ridge(noise: f32, sharpness: f32) -> f32 {
    let line = (1.0 - (noise * 2.0).abs() * sharpness).clamp(0.0, 1.0);
    line * line
}
