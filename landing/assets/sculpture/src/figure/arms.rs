//! Both arms down to the wrists.

use glam::Vec3;

use super::along;
use crate::maths::v;
use crate::skeleton::Bone::{self, *};
use crate::solid::Solid;

pub fn build(solid: &mut Solid) {
    arm(solid, [ArmRight, ForearmRight, HandRight], v(-0.2, -0.4, 0.9));
    arm(solid, [ArmLeft, ForearmLeft, HandLeft], v(0.3, 0.2, 0.9));
}

/// Shoulder, upper arm and forearm; `front` is where the biceps is.
fn arm(solid: &mut Solid, bones: [Bone; 3], front: Vec3) {
    let [shoulder, elbow, wrist] = bones.map(Bone::at);
    let [upper, lower, _] = bones;
    let down = (elbow - shoulder).normalize();
    let before = (front - down * front.dot(down)).normalize();
    // Deltoid, bone, biceps, triceps.
    solid.ellipsoid(upper, shoulder + down * 0.035, v(0.062, 0.085, 0.062), along(down), 0.030);
    solid.cone(upper, [shoulder, elbow], [0.050, 0.039], 0.03);
    solid.ellipsoid(upper, shoulder + down * 0.160 + before * 0.021, v(0.036, 0.075, 0.037), along(down), 0.016);
    solid.ellipsoid(upper, shoulder + down * 0.145 - before * 0.023, v(0.037, 0.085, 0.037), along(down), 0.016);

    let onward = (wrist - elbow).normalize();
    let above = (front - onward * front.dot(onward)).normalize_or(Vec3::Z);
    let aside = onward.cross(above);
    solid.cone(lower, [elbow, wrist], [0.037, 0.0255], 0.025);
    solid.ellipsoid(lower, elbow + onward * 0.075 + above * 0.011, v(0.040, 0.082, 0.036), along(onward), 0.018);
    solid.ellipsoid(lower, elbow + onward * 0.085 + aside * 0.016, v(0.028, 0.090, 0.030), along(onward), 0.016);
    solid.ellipsoid(lower, elbow - before * 0.010, v(0.034, 0.036, 0.034), along(onward), 0.02);
    // The tendon side of the wrist is flat.
    solid.ellipsoid(lower, wrist - onward * 0.012, v(0.029, 0.024, 0.022), along(onward), 0.012);
}
