//! The torso: ribcage, belly and pelvis, the muscles on them, neck and collar bones.
//!
//! The pelvis is tilted one way and the ribcage the other, as weight on one leg does.

use glam::Quat;

use crate::maths::{turned, v};
use crate::skeleton::Bone::{self, *};
use crate::solid::Solid;

pub fn build(solid: &mut Solid) {
    masses(solid);
    chest(solid);
    belly(solid);
    flanks(solid);
    back(solid);
    neck(solid);
}

/// The three great masses and the bar of the shoulders.
fn masses(solid: &mut Solid) {
    solid.ellipsoid(Chest, v(-0.002, 1.325, -0.014), v(0.163, 0.195, 0.112), turned(0.0, 0.0, -3.0), 0.0);
    solid.ellipsoid(Spine, v(-0.02, 1.13, 0.0), v(0.122, 0.17, 0.086), turned(0.0, 0.0, 2.0), 0.05);
    solid.ellipsoid(Hips, v(-0.026, 0.975, -0.005), v(0.145, 0.115, 0.098), turned(0.0, 0.0, 7.0), 0.06);
    solid.cone(Chest, [v(-0.135, 1.445, -0.03), v(0.13, 1.425, -0.03)], [0.058, 0.058], 0.05);
    // The broad muscles of the back, seen under the arms.
    solid.cone(Chest, [v(-0.138, 1.38, -0.05), v(-0.085, 1.12, -0.03)], [0.060, 0.045], 0.05);
    solid.cone(Chest, [v(0.136, 1.36, -0.05), v(0.06, 1.12, -0.03)], [0.060, 0.045], 0.05);
}

/// Both pectorals and the furrow between them. The right one is drawn up by the raised arm.
fn chest(solid: &mut Solid) {
    solid.ellipsoid(Chest, v(-0.080, 1.387, 0.060), v(0.092, 0.066, 0.038), turned(-16.0, -20.0, 14.0), 0.026);
    solid.ellipsoid(Chest, v(0.076, 1.374, 0.062), v(0.092, 0.066, 0.038), turned(-16.0, 20.0, -10.0), 0.026);
    // From the right pectoral into the raised arm.
    solid.cone(Chest, [v(-0.115, 1.405, 0.055), v(-0.205, 1.478, 0.015)], [0.036, 0.030], 0.035);
    solid.groove(Chest, [v(-0.001, 1.43, 0.114), v(-0.004, 1.32, 0.116)], [0.011, 0.009], 0.024);
    for (side, height) in [(-1.0, 1.372), (1.0, 1.358)] {
        solid.ellipsoid(Chest, v(0.092 * side, height, 0.093), v(0.007, 0.007, 0.006), Quat::IDENTITY, 0.006);
    }
}

/// Three pairs of muscles, the line between them, the navel.
fn belly(solid: &mut Solid) {
    for (row, height) in [1.258_f32, 1.192, 1.127].into_iter().enumerate() {
        let row = row as f32;
        let (half, middle) = (0.037 - 0.002 * row, -0.010 - 0.006 * row);
        for side in [-1.0, 1.0] {
            let centre = v(middle + half * side, height, 0.077 + 0.002 * row);
            solid.ellipsoid(Spine, centre, v(0.034, 0.0285, 0.0165), Quat::IDENTITY, 0.018);
        }
    }
    solid.ellipsoid(Spine, v(-0.026, 1.05, 0.068), v(0.06, 0.06, 0.025), Quat::IDENTITY, 0.03);
    solid.groove(Spine, [v(-0.008, 1.29, 0.108), v(-0.024, 1.08, 0.106)], [0.008, 0.007], 0.016);
    solid.hollow(Spine, v(-0.024, 1.085, 0.1), v(0.007, 0.010, 0.016), Quat::IDENTITY, 0.010);
    // The arch of the ribs, where the belly falls away under them.
    for side in [-1.0, 1.0] {
        let foot = v(-0.008 + 0.092 * side, 1.225, 0.078);
        solid.groove(Spine, [v(-0.004 + 0.018 * side, 1.318, 0.108), foot], [0.006, 0.006], 0.022);
    }
}

/// The muscles over the hip bones and the fingers of the serratus.
fn flanks(solid: &mut Solid) {
    solid.ellipsoid(Hips, v(-0.125, 1.055, 0.005), v(0.042, 0.06, 0.07), turned(0.0, 0.0, 12.0), 0.03);
    solid.ellipsoid(Hips, v(0.075, 1.035, 0.005), v(0.045, 0.055, 0.07), turned(0.0, 0.0, -8.0), 0.03);
    for finger in 0..4 {
        let finger = finger as f32;
        let height = 1.285 - 0.032 * finger;
        let radii = v(0.013, 0.010, 0.032);
        let right = v(-0.136 + 0.006 * finger, height, 0.034 - 0.003 * finger);
        solid.ellipsoid(Chest, right, radii, turned(0.0, -30.0, 30.0), 0.024);
        let left = v(0.130 - 0.008 * finger, height - 0.008, 0.034 - 0.003 * finger);
        solid.ellipsoid(Chest, left, radii, turned(0.0, 30.0, -30.0), 0.024);
    }
}

/// Shoulder blades, the furrow of the spine, the seat.
fn back(solid: &mut Solid) {
    solid.ellipsoid(Chest, v(-0.075, 1.38, -0.095), v(0.06, 0.075, 0.03), turned(10.0, 0.0, 10.0), 0.03);
    solid.ellipsoid(Chest, v(0.075, 1.365, -0.095), v(0.06, 0.075, 0.03), turned(10.0, 0.0, -10.0), 0.03);
    solid.groove(Chest, [v(0.0, 1.45, -0.135), v(-0.02, 1.05, -0.115)], [0.014, 0.012], 0.03);
    solid.ellipsoid(Hips, v(-0.105, 0.925, -0.075), v(0.08, 0.085, 0.065), Quat::IDENTITY, 0.03);
    solid.ellipsoid(Hips, v(0.06, 0.905, -0.07), v(0.08, 0.085, 0.065), Quat::IDENTITY, 0.03);
}

/// Neck, the slopes to the shoulders, throat and collar bones.
fn neck(solid: &mut Solid) {
    solid.cone(Neck, [v(0.0, 1.46, -0.035), v(-0.003, 1.60, -0.005)], [0.060, 0.053], 0.035);
    solid.cone(Chest, [v(-0.02, 1.53, -0.055), v(-0.155, 1.475, -0.04)], [0.036, 0.040], 0.04);
    solid.cone(Chest, [v(0.02, 1.53, -0.055), v(0.15, 1.445, -0.04)], [0.036, 0.040], 0.04);
    // The straps from behind the ears to the pit of the throat: what makes a turned head a turned head.
    solid.cone(Neck, [v(-0.05, 1.60, -0.015), v(-0.014, 1.475, 0.035)], [0.014, 0.012], 0.014);
    solid.cone(Neck, [v(0.047, 1.60, -0.01), v(0.014, 1.475, 0.036)], [0.015, 0.012], 0.014);
    solid.hollow(Neck, v(0.0, 1.468, 0.052), v(0.012, 0.014, 0.012), Quat::IDENTITY, 0.014);
    solid.ellipsoid(Neck, v(-0.005, 1.54, 0.032), v(0.013, 0.018, 0.014), Quat::IDENTITY, 0.018);
    collar_bone(solid, ClavicleRight, [v(-0.018, 1.468, 0.04), v(-0.155, 1.50, -0.01)]);
    collar_bone(solid, ClavicleLeft, [v(0.018, 1.466, 0.04), v(0.15, 1.468, -0.012)]);
}

fn collar_bone(solid: &mut Solid, bone: Bone, ends: [glam::Vec3; 2]) {
    solid.cone(bone, ends, [0.010, 0.011], 0.015);
}
