//! The figure: a man of 1.80 m who stands on his right leg, his left knee forward and its heel raised, his head turned towards
//! the leg that carries him, his right arm calling the lightning, his left forearm carrying cloth.
//!
//! Metres, y up, facing z, the plinth's top at 0. Proportions follow the canon: seven and a half heads, the navel at three
//! fifths. Muscles are ellipsoids and cones whose blends are as wide as the hollows between them.

mod arms;
mod face;
mod hair;
mod hands;
mod legs;
mod torso;

use glam::{Quat, Vec3};

use crate::maths::turned;
use crate::skeleton::Bone;
use crate::solid::Solid;

/// Where the head's own axes lie: at the base of the skull, y up and z forward, turned as the head is.
#[derive(Clone, Copy, Debug)]
pub struct HeadFrame {
    origin: Vec3,
    turn: Quat,
}

impl HeadFrame {
    /// A point of the world, from one of the head.
    pub fn at(&self, local: Vec3) -> Vec3 {
        self.origin + self.turn * local
    }

    /// A direction of the world, from one of the head.
    pub fn direction(&self, local: Vec3) -> Vec3 {
        self.turn * local
    }

    /// How the head is turned.
    pub fn turn(&self) -> Quat {
        self.turn
    }
}

/// The head looks down a little and towards its right.
pub fn head_frame() -> HeadFrame {
    HeadFrame { origin: Bone::Head.at(), turn: turned(6.0, -16.0, 4.0) }
}

/// The whole body, without cloth.
pub fn body() -> Solid {
    let mut solid = Solid::default();
    torso::build(&mut solid);
    arms::build(&mut solid);
    hands::build(&mut solid);
    legs::build(&mut solid);
    face::build(&mut solid, &head_frame());
    hair::build(&mut solid, &head_frame());
    solid
}

/// The turn that lays an upright shape along a direction.
fn along(direction: Vec3) -> Quat {
    Quat::from_rotation_arc(Vec3::Y, direction)
}
