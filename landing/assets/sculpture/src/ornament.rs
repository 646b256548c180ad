//! Everything beside the figure: what he stands on, wears in his hair, and what floats around him.

mod halo;
mod plinth;
mod shadow;
mod shards;
mod wreath;

pub use wreath::wreath;

use std::rc::Rc;

use glam::{Quat, Vec3};

use crate::material::Material;
use crate::mesh::Mesh;
use crate::skeleton::Bone;

/// Where a thing is, how it is turned, and how large it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its origin, from the world's or the bone's that carries it.
    pub at: Vec3,
    /// Its turn.
    pub turn: Quat,
    /// Its size; 1 is as it was made.
    pub size: f32,
}

impl Place {
    /// Where it was made.
    pub const ORIGIN: Self = Self { at: Vec3::ZERO, turn: Quat::IDENTITY, size: 1.0 };
}

/// A mesh of its own that follows no bones, though it may hang from one.
pub struct Ornament {
    /// The name in the file.
    pub name: String,
    /// What is drawn; the same may be drawn in several places.
    pub mesh: Rc<Mesh>,
    /// What it is made of.
    pub material: Material,
    /// The bone it hangs from, if any.
    pub carrier: Option<Bone>,
    /// Where it is at a moment of the clip.
    pub place: Box<dyn Fn(f32) -> Place>,
}

/// All of them, around a statue.
pub fn all(statue: &Mesh) -> Vec<Ornament> {
    let mut ornaments = plinth::plinth();
    ornaments.extend(shadow::shadows(statue));
    ornaments.extend(shards::shards());
    ornaments.push(halo::halo());
    ornaments
}

fn still(name: &str, mesh: Mesh, material: Material) -> Ornament {
    Ornament { name: name.to_owned(), mesh: Rc::new(mesh), material, carrier: None, place: Box::new(|_| Place::ORIGIN) }
}
