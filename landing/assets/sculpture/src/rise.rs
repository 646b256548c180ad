//! The one movement: from sleep to standing in 3.2 seconds. He is struck, his chest arches, he floats up and swings upright with
//! head and arm trailing, comes a little too far, sinks onto his toes, and raises the arm.
//!
//! Knees and hips bend little on the way: deep bends are what cloth on bones cannot do.

mod curve;
mod keys;

pub use keys::pose;

use glam::{Mat4, Quat, Vec3};

use crate::mesh::Mesh;
use crate::skeleton::{BONE_COUNT, Bone};

/// The name of the clip.
pub const NAME: &str = "Rise";
/// How long it takes, in seconds.
pub const DURATION: f32 = 3.2;
/// Pictures in a second.
pub const RATE: usize = 30;

/// Every bone's turn, and where the hips are.
#[derive(Clone, Debug)]
pub struct Pose {
    /// Where the hips are.
    pub hips: Vec3,
    /// How each bone is turned against its parent.
    pub turns: [Quat; BONE_COUNT],
}

/// The moments at which the clip holds a key.
pub fn moments() -> impl Iterator<Item = f32> {
    let last = (DURATION * RATE as f32).round() as usize;
    (0..=last).map(|frame| frame as f32 / RATE as f32)
}

impl Pose {
    /// What each bone does to the vertices that follow it.
    pub fn bone_matrices(&self) -> Vec<Mat4> {
        let mut places: Vec<Mat4> = Vec::with_capacity(BONE_COUNT);
        for bone in Bone::all() {
            let turn = self.turns[bone as usize];
            places.push(match bone.parent() {
                None => Mat4::from_rotation_translation(turn, self.hips),
                Some(parent) => places[parent as usize] * Mat4::from_rotation_translation(turn, bone.offset()),
            });
        }
        Bone::all().map(|bone| places[bone as usize] * Mat4::from_translation(-bone.at())).collect()
    }

    /// Where a mesh's vertices are in this pose.
    pub fn points_of(&self, mesh: &Mesh) -> Vec<Vec3> {
        let matrices = self.bone_matrices();
        let place = |(point, bonds): (&Vec3, &[(Bone, f32); 4])| {
            bonds.iter().map(|(bone, weight)| matrices[*bone as usize].transform_point3(*point) * *weight).sum()
        };
        mesh.points.iter().zip(&mesh.bonds).map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pose_is_the_bind_pose() {
        let pose = pose(DURATION);
        assert!((pose.hips - Bone::Hips.at()).length() < 1e-6);
        for bone in Bone::all() {
            assert!(pose.turns[bone as usize].angle_between(Quat::IDENTITY) < 1e-3, "{bone:?}");
        }
    }

    #[test]
    fn nothing_jumps_between_two_keys() {
        let poses: Vec<Pose> = moments().map(pose).collect();
        for (frame, pair) in poses.windows(2).enumerate() {
            assert!(pair[0].hips.distance(pair[1].hips) < 0.08, "hips at {frame}");
            for bone in Bone::all() {
                let angle = pair[0].turns[bone as usize].angle_between(pair[1].turns[bone as usize]);
                assert!(angle < 0.25, "{bone:?} turns {angle} at {frame}");
            }
        }
    }

    #[test]
    fn the_clip_has_a_key_at_both_ends() {
        let moments: Vec<f32> = moments().collect();
        assert_eq!((moments[0], moments.len()), (0.0, 97));
        assert!((moments[96] - DURATION).abs() < 1e-6);
    }
}
