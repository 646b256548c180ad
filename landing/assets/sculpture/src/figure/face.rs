//! The head without its hair: skull, jaw, and a face after the severe style – one line from brow to nose, heavy lids, a short
//! upper lip, a round chin.

use glam::{Quat, Vec3};

use super::HeadFrame;
use crate::maths::{turned, v};
use crate::skeleton::Bone::Head;
use crate::solid::Solid;

/// A solid seen from the head's own axes, so that both halves of the face are written once.
struct Face<'a> {
    solid: &'a mut Solid,
    frame: &'a HeadFrame,
}

pub fn build(solid: &mut Solid, frame: &HeadFrame) {
    let mut face = Face { solid, frame };
    face.skull();
    face.brow();
    face.nose();
    face.eyes();
    face.mouth();
    face.ears();
}

/// Right and left of the face.
const SIDES: [f32; 2] = [-1.0, 1.0];

fn mirrored(point: Vec3, side: f32) -> Vec3 {
    v(point.x * side, point.y, point.z)
}

impl Face<'_> {
    fn ellipsoid(&mut self, centre: Vec3, radii: Vec3, blend: f32) {
        self.solid.ellipsoid(Head, self.frame.at(centre), radii, self.frame.turn(), blend);
    }

    fn hollow(&mut self, centre: Vec3, radii: Vec3, blend: f32) {
        self.solid.hollow(Head, self.frame.at(centre), radii, self.frame.turn(), blend);
    }

    fn cone(&mut self, ends: [Vec3; 2], radii: [f32; 2], blend: f32) {
        self.solid.cone(Head, ends.map(|end| self.frame.at(end)), radii, blend);
    }

    fn groove(&mut self, ends: [Vec3; 2], radii: [f32; 2], blend: f32) {
        self.solid.groove(Head, ends.map(|end| self.frame.at(end)), radii, blend);
    }

    /// The same cone on both sides.
    fn cones(&mut self, ends: [Vec3; 2], radii: [f32; 2], blend: f32) {
        for side in SIDES {
            self.cone(ends.map(|end| mirrored(end, side)), radii, blend);
        }
    }

    /// The same ellipsoid on both sides.
    fn ellipsoids(&mut self, centre: Vec3, radii: Vec3, blend: f32) {
        for side in SIDES {
            self.ellipsoid(mirrored(centre, side), radii, blend);
        }
    }

    fn skull(&mut self) {
        self.ellipsoid(v(0.0, 0.125, -0.004), v(0.076, 0.098, 0.097), 0.03);
        self.ellipsoid(v(0.0, 0.068, 0.034), v(0.057, 0.088, 0.060), 0.025);
        self.cones([v(0.047, 0.045, 0.005), v(0.015, -0.012, 0.070)], [0.019, 0.017], 0.018);
        self.ellipsoid(v(0.0, -0.009, 0.080), v(0.021, 0.017, 0.016), 0.016);
        self.ellipsoids(v(0.042, 0.073, 0.062), v(0.020, 0.016, 0.018), 0.018);
        // The plane of the cheek falls in under its bone.
        for side in SIDES {
            self.hollow(mirrored(v(0.052, 0.036, 0.068), side), v(0.013, 0.022, 0.014), 0.022);
        }
    }

    /// Sockets, and the ridge over them that runs on into the nose.
    fn brow(&mut self) {
        for side in SIDES {
            self.hollow(mirrored(v(0.0305, 0.0985, 0.099), side), v(0.021, 0.0135, 0.018), 0.012);
            // The corner beside the root of the nose is the darkest place of a face.
            self.hollow(mirrored(v(0.0165, 0.1005, 0.097), side), v(0.0075, 0.0085, 0.010), 0.008);
        }
        self.cones([v(0.047, 0.1105, 0.072), v(0.030, 0.1185, 0.0855)], [0.0075, 0.0082], 0.010);
        self.cones([v(0.030, 0.1185, 0.0855), v(0.006, 0.1165, 0.0905)], [0.0082, 0.0085], 0.010);
    }

    fn nose(&mut self) {
        self.cone([v(0.0, 0.126, 0.0845), v(0.0, 0.064, 0.1075)], [0.0092, 0.0092], 0.010);
        self.ellipsoid(v(0.0, 0.0605, 0.1085), v(0.0105, 0.0085, 0.0095), 0.006);
        self.ellipsoids(v(0.0112, 0.0585, 0.0985), v(0.0068, 0.0068, 0.0092), 0.0045);
        for side in SIDES {
            self.hollow(mirrored(v(0.0062, 0.0520, 0.1035), side), v(0.0032, 0.0028, 0.0048), 0.003);
            // From the wing down to the corner of the mouth.
            let fold = [v(0.0185, 0.0560, 0.0935), v(0.0255, 0.0340, 0.0850)];
            self.groove(fold.map(|end| mirrored(end, side)), [0.0022, 0.0030], 0.012);
        }
    }

    /// Balls under lids that are thick enough to cast a shadow.
    fn eyes(&mut self) {
        self.ellipsoids(v(0.031, 0.0965, 0.0755), v(0.0138, 0.0128, 0.0128), 0.002);
        let (inner, outer) = (v(0.0170, 0.0950, 0.0850), v(0.0462, 0.0955, 0.0765));
        let (top, bottom) = (v(0.0300, 0.1050, 0.0895), v(0.0310, 0.0888, 0.0868));
        self.cones([inner, top], [0.0026, 0.0034], 0.002);
        self.cones([top, outer], [0.0034, 0.0026], 0.002);
        self.cones([inner, bottom], [0.0022, 0.0024], 0.002);
        self.cones([bottom, outer], [0.0024, 0.0022], 0.002);
        for side in SIDES {
            // The iris is a shallow cup and the pupil its deepest point: at a distance the eye looks.
            self.hollow(mirrored(v(0.0305, 0.0968, 0.0905), side), v(0.0046, 0.0046, 0.0040), 0.0015);
            // The fold above the lid.
            let fold = [v(0.0190, 0.1070, 0.0905), v(0.0420, 0.1080, 0.0840)];
            self.groove(fold.map(|end| mirrored(end, side)), [0.0014, 0.0014], 0.003);
        }
    }

    fn mouth(&mut self) {
        self.ellipsoid(v(0.0, 0.028, 0.078), v(0.028, 0.022, 0.020), 0.02);
        self.cones([v(0.0200, 0.0282, 0.0915), v(0.0045, 0.0330, 0.0990)], [0.0030, 0.0048], 0.0035);
        self.ellipsoid(v(0.0, 0.0318, 0.0985), v(0.0050, 0.0040, 0.0045), 0.003);
        self.cone([v(-0.0125, 0.0212, 0.0930), v(0.0125, 0.0212, 0.0930)], [0.0052, 0.0052], 0.004);
        self.ellipsoids(v(0.0055, 0.0208, 0.0962), v(0.0075, 0.0056, 0.0050), 0.003);
        self.groove([v(-0.0225, 0.0270, 0.0955), v(0.0, 0.0268, 0.1020)], [0.0016, 0.0018], 0.0025);
        self.groove([v(0.0225, 0.0270, 0.0955), v(0.0, 0.0268, 0.1020)], [0.0016, 0.0018], 0.0025);
        for side in SIDES {
            self.hollow(mirrored(v(0.0245, 0.0268, 0.0915), side), v(0.0036, 0.0036, 0.0036), 0.005);
        }
        // Under the lip, and the channel above it.
        self.hollow(v(0.0, 0.0085, 0.0985), v(0.015, 0.005, 0.0075), 0.009);
        self.groove([v(0.0, 0.0495, 0.1065), v(0.0, 0.0400, 0.1065)], [0.0026, 0.0032], 0.005);
    }

    fn ears(&mut self) {
        for side in SIDES {
            let turn = self.frame.turn() * turned(0.0, 0.0, -8.0 * side);
            let at = |x: f32, y: f32, z: f32| self.frame.at(v(x * side, y, z));
            let (rim, shell, lobe) = (at(0.0765, 0.088, -0.004), at(0.0865, 0.089, 0.000), at(0.0755, 0.058, 0.001));
            self.solid.ellipsoid(Head, rim, v(0.010, 0.029, 0.0195), turn, 0.005);
            self.solid.hollow(Head, shell, v(0.0075, 0.0175, 0.0105), turn, 0.004);
            self.solid.ellipsoid(Head, lobe, v(0.006, 0.009, 0.008), Quat::IDENTITY, 0.005);
        }
    }
}
