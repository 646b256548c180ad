//! The choreography itself: degrees and metres over seconds.
//!
//! Asleep he lies as sleepers do in ancient stone, the right arm bent over his head. It is also the kindest pose for the skin
//! of that shoulder, which was carved raised.

use glam::{Quat, Vec3, vec3};

use super::curve::curve;
use super::Pose;
use crate::maths::turned;
use crate::skeleton::{BONE_COUNT, Bone::*};

/// The pose at a moment of the clip.
pub fn pose(t: f32) -> Pose {
    let mut turns = [Quat::IDENTITY; BONE_COUNT];
    trunk(t, &mut turns);
    right_arm(t, &mut turns);
    left_arm(t, &mut turns);
    legs(t, &mut turns);
    Pose { hips: hips(t), turns }
}

fn hips(t: f32) -> Vec3 {
    vec3(
        curve(t, &[(0.0, 0.06), (0.4, 0.06), (1.3, 0.04), (2.1, -0.025), (2.6, -0.025)]),
        curve(t, &[(0.0, 0.168), (0.35, 0.19), (0.9, 0.62), (1.5, 1.02), (2.0, 1.13), (2.7, 0.985)]),
        curve(t, &[(0.0, 0.02), (1.2, 0.06), (2.4, 0.0)]),
    )
}

fn trunk(t: f32, turns: &mut [Quat; BONE_COUNT]) {
    let roll = curve(t, &[(0.0, 90.0), (0.40, 91.0), (1.25, 48.0), (1.95, -5.0), (2.45, 1.0), (2.9, 0.0)]);
    let lean = curve(t, &[(0.0, -64.0), (0.45, -66.0), (1.3, -30.0), (2.0, 2.0), (2.6, 0.0)]);
    let towards_viewer = curve(t, &[(0.0, 10.0), (0.5, 10.0), (1.6, 3.0), (2.3, 0.0)]);
    turns[Hips as usize] =
        turned(0.0, towards_viewer, 0.0) * turned(lean, 0.0, 0.0) * turned(0.0, 0.0, roll);
    // Negative angles lean back.
    let arch = curve(t, &[(0.0, 4.0), (0.5, -14.0), (1.2, -20.0), (1.9, -8.0), (2.5, 1.5), (3.0, 0.0)]);
    turns[Spine as usize] = turned(arch * 0.6, 0.0, 0.0);
    turns[Chest as usize] = turned(arch * 0.7, curve(t, &[(0.0, 6.0), (1.2, 10.0), (2.4, 0.0)]), 0.0);
    let nod = curve(t, &[(0.0, -6.0), (0.5, -16.0), (1.3, -30.0), (2.0, -22.0), (2.6, 6.0), (3.1, 0.0)]);
    turns[Neck as usize] = turned(nod * 0.5, curve(t, &[(0.0, -14.0), (1.4, -4.0), (2.4, 0.0)]), 0.0);
    let aside = curve(t, &[(0.0, -24.0), (1.4, -6.0), (2.5, 0.0)]);
    turns[Head as usize] = turned(nod * 0.6, aside, curve(t, &[(0.0, -8.0), (1.6, 0.0)]));
}

/// Bent over the head, trailing behind as he floats up, thrown out to the side, raised.
fn right_arm(t: f32, turns: &mut [Quat; BONE_COUNT]) {
    let upper = (ForearmRight.at() - ArmRight.at()).normalize();
    let lower = (HandRight.at() - ForearmRight.at()).normalize();
    let asleep = [vec3(-0.50, 0.78, 0.36), vec3(0.74, 0.60, -0.24)].map(Vec3::normalize);
    let trailing = [vec3(-0.80, 0.10, -0.42), vec3(-0.72, 0.25, 0.25)].map(Vec3::normalize);
    let to = |target: [Vec3; 2]| {
        let arm = Quat::from_rotation_arc(upper, target[0]);
        (arm, Quat::from_rotation_arc(lower, arm.inverse() * target[1]))
    };
    let (sleeping, flying) = (to(asleep), to(trailing));
    let awake = curve(t, &[(0.0, 0.0), (0.3, 0.05), (1.15, 1.0)]);
    let raised = curve(t, &[(1.2, 0.0), (2.0, 0.55), (2.6, 1.06), (3.0, 1.0)]);
    let between = |sleep: Quat, flight: Quat| sleep.slerp(flight, awake).slerp(Quat::IDENTITY, raised);
    let arm = between(sleeping.0, flying.0);
    turns[ClavicleRight as usize] = Quat::IDENTITY.slerp(arm, 0.22);
    let shoulder = turns[ClavicleRight as usize].inverse() * arm;
    turns[ArmRight as usize] = shoulder;
    turns[DeltoidRight as usize] = Quat::IDENTITY.slerp(shoulder, 0.5);
    turns[ForearmRight as usize] = between(sleeping.1, flying.1);
    let wrist = curve(t, &[(0.0, 24.0), (1.4, 26.0), (2.2, -25.0), (2.8, 4.0), (3.1, 0.0)]);
    turns[HandRight as usize] = turned(wrist, 0.0, 0.0);
}

/// On the belly, then away from it in flight; the cloth it carries follows late.
fn left_arm(t: f32, turns: &mut [Quat; BONE_COUNT]) {
    let swing = curve(t, &[(0.0, -10.0), (0.4, -12.0), (1.3, -4.0), (2.2, 4.0), (2.9, 0.0)]);
    let away = curve(t, &[(0.0, 0.0), (1.2, 12.0), (2.4, 0.0)]);
    turns[ArmLeft as usize] = turned(swing, 0.0, away);
    let folded = curve(t, &[(0.0, -34.0), (0.5, -30.0), (1.4, 4.0), (2.4, 0.0)]);
    turns[ForearmLeft as usize] = turned(curve(t, &[(0.0, 26.0), (1.2, 4.0), (2.2, 0.0)]), folded, 0.0);
    let drape = curve(t, &[(0.0, 0.0), (0.7, -6.0), (1.3, 16.0), (1.9, 20.0), (2.4, -9.0), (2.8, 4.0), (3.15, 0.0)]);
    turns[DrapeUpper as usize] = turned(drape * 0.5, 0.0, drape * 0.6);
    let tip = curve(t, &[(0.0, 0.0), (0.8, -8.0), (1.5, 22.0), (2.1, 18.0), (2.55, -12.0), (2.95, 4.0), (3.19, 0.0)]);
    turns[DrapeLower as usize] = turned(tip * 0.6, 0.0, tip * 0.7);
}

fn legs(t: f32, turns: &mut [Quat; BONE_COUNT]) {
    let flat = |keys: &[(f32, f32)]| turned(curve(t, keys), 0.0, 0.0);
    turns[ThighRight as usize] = flat(&[(0.0, -4.0), (0.6, -2.0), (1.3, 10.0), (2.1, 3.0), (2.7, 0.0)]);
    turns[ShinRight as usize] = flat(&[(0.0, 6.0), (1.3, 16.0), (2.1, 9.0), (2.7, 0.0)]);
    turns[FootRight as usize] = flat(&[(0.0, 22.0), (1.3, 34.0), (2.2, 30.0), (2.75, 0.0)]);
    let apart = curve(t, &[(0.0, -3.0), (2.4, 0.0)]);
    turns[ThighLeft as usize] = turned(curve(t, &[(0.0, 8.0), (1.3, 14.0), (2.1, 4.0), (2.8, 0.0)]), 0.0, apart);
    turns[ShinLeft as usize] = flat(&[(0.0, -14.0), (1.3, -4.0), (2.2, -10.0), (2.8, 0.0)]);
    turns[FootLeft as usize] = flat(&[(0.0, 14.0), (1.3, 24.0), (2.2, 20.0), (2.8, 0.0)]);
}
