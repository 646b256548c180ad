//! Hands: the right one points at the sky with easy fingers, the left one lies half open over the cloth.

use glam::Vec3;

use crate::maths::{cos, sin, v};
use crate::skeleton::Bone::{self, *};
use crate::solid::Solid;

/// How a hand is held.
struct Hand {
    bone: Bone,
    /// From the wrist to the knuckles.
    forward: Vec3,
    /// Where the palm looks.
    palm: Vec3,
    /// The side of the thumb.
    thumb: Vec3,
    /// How far each finger is bent, in degrees, from the index to the little one.
    bent: [f32; 4],
}

/// Length of the first joint, from the index to the little finger.
const FINGERS: [f32; 4] = [0.040, 0.045, 0.042, 0.033];

pub fn build(solid: &mut Solid) {
    let right = Hand {
        bone: HandRight,
        forward: v(0.03, 0.96, 0.22),
        palm: v(0.25, -0.25, 0.95),
        thumb: v(-0.97, 0.0, 0.1),
        bent: [8.0, 42.0, 58.0, 66.0],
    };
    let left = Hand {
        bone: HandLeft,
        forward: v(-0.04, -0.03, 1.0),
        palm: v(-0.75, -0.65, 0.0),
        thumb: v(-0.65, 0.75, 0.0),
        bent: [34.0, 44.0, 54.0, 62.0],
    };
    for hand in [right, left] {
        hand.build(solid);
    }
}

impl Hand {
    fn build(&self, solid: &mut Solid) {
        let forward = self.forward.normalize();
        let palm = (self.palm - forward * self.palm.dot(forward)).normalize();
        let thumb = (self.thumb - forward * self.thumb.dot(forward) - palm * self.thumb.dot(palm)).normalize();
        let wrist = self.bone.at();
        solid.cone(self.bone, [wrist, wrist + forward * 0.03], [0.025, 0.026], 0.02);
        for finger in 0..4 {
            let aside = thumb * (0.030 - 0.0195 * finger as f32);
            let ends = [wrist + forward * 0.015 + aside * 0.6, wrist + forward * 0.085 + aside];
            solid.cone(self.bone, ends, [0.0155, 0.0125], 0.012);
            self.finger(solid, finger, ends[1] + forward * 0.003, [forward, palm, thumb]);
        }
        self.thumb(solid, wrist, [forward, palm, thumb]);
    }

    fn finger(&self, solid: &mut Solid, finger: usize, knuckle: Vec3, [forward, palm, thumb]: [Vec3; 3]) {
        let bend = self.bent[finger].to_radians();
        let spread = thumb * 0.06 * (1.5 - finger as f32);
        let (mut from, mut angle) = (knuckle, bend * 0.6);
        for (joint, share) in [1.0, 0.72, 0.55].into_iter().enumerate() {
            let direction = (forward * cos(angle) + palm * sin(angle) + spread).normalize();
            let to = from + direction * FINGERS[finger] * share;
            let joint = joint as f32;
            solid.cone(self.bone, [from, to], [0.0105 - 0.001 * joint, 0.0098 - 0.0012 * joint], 0.004);
            from = to;
            angle += bend * 0.75;
        }
    }

    fn thumb(&self, solid: &mut Solid, wrist: Vec3, [forward, palm, thumb]: [Vec3; 3]) {
        let root = wrist + forward * 0.022 + thumb * 0.026;
        let knuckle = root + (thumb * 0.75 + forward * 0.6 + palm * 0.35).normalize() * 0.042;
        let joint = knuckle + (thumb * 0.35 + forward * 0.9 + palm * 0.35).normalize() * 0.036;
        let tip = joint + (forward * 0.95 + palm * 0.45).normalize() * 0.024;
        solid.cone(self.bone, [root, knuckle], [0.018, 0.013], 0.012);
        solid.cone(self.bone, [knuckle, joint], [0.0125, 0.011], 0.006);
        solid.cone(self.bone, [joint, tip], [0.011, 0.009], 0.004);
    }
}
