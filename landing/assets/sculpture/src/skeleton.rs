//! The bones: their names, what hangs from what, and where their joints are in the standing pose.
//!
//! The standing pose is the bind pose, and no joint is turned in it: the picture that people look at longest has no error
//! of skinning, and a key of the animation is simply a rotation about the axes of the world.

use glam::Vec3;

use crate::maths::v;

/// A bone, named after the joint at its start. Right and left are the figure's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Bone {
    Hips,
    Spine,
    Chest,
    Neck,
    Head,
    ClavicleRight,
    /// Turns half as far as the upper arm: skin that follows it does not collapse when the arm is lowered.
    DeltoidRight,
    ArmRight,
    ForearmRight,
    HandRight,
    ClavicleLeft,
    ArmLeft,
    ForearmLeft,
    HandLeft,
    /// The cloth over the left forearm, and its lower half.
    DrapeUpper,
    DrapeLower,
    ThighRight,
    ShinRight,
    FootRight,
    ToesRight,
    ThighLeft,
    ShinLeft,
    FootLeft,
    ToesLeft,
}

use Bone::*;

/// How many bones there are.
pub const BONE_COUNT: usize = 24;

/// One bone's place in the skeleton.
struct Joint {
    bone: Bone,
    parent: Option<Bone>,
    name: &'static str,
    at: Vec3,
}

const fn joint(bone: Bone, parent: Option<Bone>, name: &'static str, x: f32, y: f32, z: f32) -> Joint {
    Joint { bone, parent, name, at: v(x, y, z) }
}

/// Parents stand before their children.
static JOINTS: [Joint; BONE_COUNT] = [
    joint(Hips, None, "Hips", -0.025, 0.985, 0.0),
    joint(Spine, Some(Hips), "Spine", -0.028, 1.09, -0.005),
    joint(Chest, Some(Spine), "Chest", -0.012, 1.235, -0.015),
    joint(Neck, Some(Chest), "Neck", 0.0, 1.495, -0.035),
    joint(Head, Some(Neck), "Head", -0.003, 1.575, -0.012),
    joint(ClavicleRight, Some(Chest), "ClavicleRight", -0.03, 1.46, 0.0),
    joint(DeltoidRight, Some(ClavicleRight), "DeltoidRight", -0.19, 1.475, -0.03),
    joint(ArmRight, Some(ClavicleRight), "ArmRight", -0.19, 1.475, -0.03),
    joint(ForearmRight, Some(ArmRight), "ForearmRight", -0.405, 1.62, 0.055),
    joint(HandRight, Some(ForearmRight), "HandRight", -0.445, 1.87, 0.12),
    joint(ClavicleLeft, Some(Chest), "ClavicleLeft", 0.03, 1.455, 0.0),
    joint(ArmLeft, Some(ClavicleLeft), "ArmLeft", 0.185, 1.425, -0.035),
    joint(ForearmLeft, Some(ArmLeft), "ForearmLeft", 0.275, 1.165, -0.07),
    joint(HandLeft, Some(ForearmLeft), "HandLeft", 0.265, 1.115, 0.17),
    joint(DrapeUpper, Some(ForearmLeft), "DrapeUpper", 0.285, 1.13, 0.04),
    joint(DrapeLower, Some(DrapeUpper), "DrapeLower", 0.32, 0.78, 0.04),
    joint(ThighRight, Some(Hips), "ThighRight", -0.122, 0.955, 0.0),
    joint(ShinRight, Some(ThighRight), "ShinRight", -0.112, 0.52, 0.035),
    joint(FootRight, Some(ShinRight), "FootRight", -0.105, 0.085, -0.025),
    joint(ToesRight, Some(FootRight), "ToesRight", -0.128, 0.022, 0.09),
    joint(ThighLeft, Some(Hips), "ThighLeft", 0.078, 0.925, 0.0),
    joint(ShinLeft, Some(ThighLeft), "ShinLeft", 0.128, 0.505, 0.125),
    joint(FootLeft, Some(ShinLeft), "FootLeft", 0.155, 0.125, -0.065),
    joint(ToesLeft, Some(FootLeft), "ToesLeft", 0.185, 0.025, 0.045),
];

impl Bone {
    /// All bones, parents before their children; a bone's place in this order is its number.
    pub fn all() -> impl Iterator<Item = Self> {
        JOINTS.iter().map(|joint| joint.bone)
    }

    fn joint(self) -> &'static Joint {
        &JOINTS[self as usize]
    }

    /// The name in the file.
    pub fn name(self) -> &'static str {
        self.joint().name
    }

    /// What it hangs from; only the hips hang from nothing.
    pub fn parent(self) -> Option<Self> {
        self.joint().parent
    }

    /// Where its joint is in the standing pose.
    pub fn at(self) -> Vec3 {
        self.joint().at
    }

    /// Its joint as seen from its parent's.
    pub fn offset(self) -> Vec3 {
        self.parent().map_or(self.at(), |parent| self.at() - parent.at())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bone_stands_at_its_number_and_after_its_parent() {
        for (number, bone) in Bone::all().enumerate() {
            assert_eq!(bone as usize, number);
            assert!(bone.parent().is_none_or(|parent| parent < bone), "{bone:?}");
            assert_eq!(bone.name(), format!("{bone:?}"));
        }
    }
}
