//! Hair as the archaic smiths made it: snail curls over a cap, on a lattice that never lines up.

use glam::{Quat, Vec3};

use super::HeadFrame;
use crate::chance::Chance;
use crate::maths::{sphere_of_directions, v};
use crate::skeleton::Bone::Head;
use crate::solid::Solid;

/// Places for curls on the whole cap; face, ears and nape stay free of them.
const PLACES: usize = 210;
const SEED: u64 = 12_345;
/// Radii of the cap under the curls.
const CAP: Vec3 = v(0.0860, 0.0960, 0.0980);

pub fn build(solid: &mut Solid, frame: &HeadFrame) {
    solid.ellipsoid(Head, frame.at(v(0.0, 0.138, -0.022)), v(0.085, 0.096, 0.097), frame.turn(), 0.006);
    let mut chance = Chance::new(SEED);
    for direction in sphere_of_directions(PLACES) {
        let place = v(0.0, 0.137, -0.020) + direction * CAP;
        if is_bare(place) {
            continue;
        }
        let outward = frame.direction((direction / CAP).normalize());
        let centre = frame.at(place) + outward * 0.003;
        let other = frame.direction(v(chance.offset(), chance.offset(), chance.offset()));
        let lean = (outward + outward.cross(other).normalize_or(Vec3::X) * 0.55).normalize();
        // Two rings wound into each other, and the knot in the middle of a snail.
        solid.ring(Head, centre, lean, [0.0095 + 0.002 * chance.share(), 0.0052], 0.003);
        solid.ring(Head, centre + lean * 0.0035, lean, [0.0048, 0.0034], 0.002);
        solid.ellipsoid(Head, centre + outward * 0.0045, v(0.0030, 0.0030, 0.0030), Quat::IDENTITY, 0.002);
    }
}

/// Face, temples and nape.
fn is_bare(place: Vec3) -> bool {
    let face = place.z > 0.035 && place.y < 0.166;
    let temple = place.z > -0.002 && place.y < 0.104;
    face || temple || place.y < 0.030
}
