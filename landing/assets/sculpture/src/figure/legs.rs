//! Legs and feet. Most of them is under cloth, which hangs over their forms.

use glam::{Quat, Vec3};

use super::along;
use crate::maths::v;
use crate::skeleton::Bone::{self, *};
use crate::solid::Solid;

/// Length and thickness of the toes, from the great one to the little one.
const TOES: [(f32, f32); 5] = [(0.052, 0.0155), (0.050, 0.012), (0.046, 0.0115), (0.040, 0.011), (0.033, 0.0105)];

pub fn build(solid: &mut Solid) {
    for (bones, outward) in [
        ([ThighRight, ShinRight, FootRight, ToesRight], -1.0),
        ([ThighLeft, ShinLeft, FootLeft, ToesLeft], 1.0),
    ] {
        thigh(solid, bones, outward);
        shin(solid, bones, outward);
        foot(solid, bones, outward);
    }
}

fn forward(outward: f32) -> Vec3 {
    v(0.1 * outward, 0.0, 1.0).normalize()
}

fn thigh(solid: &mut Solid, bones: [Bone; 4], outward: f32) {
    let [hip, knee, ..] = bones.map(Bone::at);
    let down = (knee - hip).normalize();
    let (front, aside) = (forward(outward), v(outward, 0.0, 0.0));
    solid.cone(bones[0], [hip + down * 0.02, knee - down * 0.02], [0.086, 0.050], 0.04);
    solid.ellipsoid(bones[0], hip + down * 0.19 + front * 0.022, v(0.068, 0.17, 0.06), along(down), 0.03);
    let (outer, inner) = (v(0.030, 0.07, 0.03), v(0.030, 0.06, 0.03));
    solid.ellipsoid(bones[0], hip + down * 0.33 + front * 0.018 + aside * 0.020, outer, along(down), 0.025);
    solid.ellipsoid(bones[0], hip + down * 0.34 + front * 0.018 - aside * 0.025, inner, along(down), 0.025);
}

fn shin(solid: &mut Solid, bones: [Bone; 4], outward: f32) {
    let [_, knee, ankle, _] = bones.map(Bone::at);
    let down = (ankle - knee).normalize();
    let front = forward(outward);
    solid.ellipsoid(bones[1], knee + front * 0.030, v(0.032, 0.036, 0.026), along(down), 0.02);
    solid.cone(bones[1], [knee + down * 0.02, ankle - down * 0.02], [0.050, 0.030], 0.03);
    solid.ellipsoid(bones[1], knee + down * 0.12 - front * 0.026, v(0.046, 0.105, 0.042), along(down), 0.03);
    let edge = [knee + down * 0.05 + front * 0.028, ankle + front * 0.008 - down * 0.05];
    solid.cone(bones[1], edge, [0.020, 0.014], 0.02);
}

fn foot(solid: &mut Solid, bones: [Bone; 4], outward: f32) {
    let [_, _, ankle, ball] = bones.map(Bone::at);
    let [_, _, foot, toes] = bones;
    for side in [-1.0, 1.0] {
        solid.ellipsoid(foot, ankle + v(0.028 * side, 0.0, 0.0), v(0.012, 0.016, 0.014), Quat::IDENTITY, 0.012);
    }
    let front = v(ball.x - ankle.x, 0.0, ball.z - ankle.z).normalize();
    let aside = v(front.z, 0.0, -front.x);
    let heel = ankle - front * 0.035 - Vec3::Y * (ankle.y - 0.035).min(0.055);
    solid.cone(foot, [ankle, heel], [0.034, 0.032], 0.02);
    let instep = [ankle - Vec3::Y * 0.012 + front * 0.02, ball + Vec3::Y * 0.02 - aside * 0.012];
    solid.cone(foot, instep, [0.034, 0.024], 0.03);
    solid.cone(foot, [heel, ball + aside * 0.018], [0.030, 0.022], 0.03);
    solid.cone(foot, [heel, ball - aside * 0.020], [0.028, 0.022], 0.02);
    let ground = ball + Vec3::Y * (0.022 - ball.y);
    for (toe, (length, radius)) in TOES.into_iter().enumerate() {
        let root = ground + aside * (-0.034 + 0.0175 * toe as f32) * outward;
        let tip = root + front * length - Vec3::Y * 0.006;
        solid.cone(toes, [root, tip], [radius, radius * 0.9], 0.007);
    }
}
