//! The halo: a thin ring of light with rays, behind the head once he stands.

use std::rc::Rc;

use glam::{Quat, Vec3};

use super::{Ornament, Place};
use crate::material::Material;
use crate::maths::{TURN, cos, sin, soft_step, turned, v};
use crate::mesh::Mesh;
use crate::skeleton::Bone;

const RADIUS: f32 = 0.235;
/// Half the width and half the depth of the ring.
const THICKNESS: [f32; 2] = [0.0042, 0.0030];
const PIECES: usize = 72;
const RAYS: usize = 24;

/// The ring and its rays; they open when he stands.
pub fn halo() -> Ornament {
    let mut mesh = Mesh::default();
    ring(&mut mesh);
    for ray in 0..RAYS {
        let angle = TURN * ray as f32 / RAYS as f32;
        let length = if ray % 2 == 0 { 0.052 } else { 0.026 };
        spike(&mut mesh, angle, [RADIUS + 0.016, RADIUS + 0.016 + length]);
    }
    let place = |t: f32| {
        let open = soft_step(2.05, 2.85, t);
        // A little too large on the way, like the arm.
        let size = open * (1.0 + 0.10 * sin(open * TURN * 0.5));
        Place { at: v(0.0, 0.105, -0.115), turn: turned(0.0, 0.0, 150.0 * (1.0 - open)), size: size.max(0.001) }
    };
    Ornament { name: "Halo".to_owned(), mesh: Rc::new(mesh), material: Material::Neon, carrier: Some(Bone::Head), place: Box::new(place) }
}

/// A ring of four sides around z.
fn ring(mesh: &mut Mesh) {
    const CORNERS: [(f32, f32); 4] = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)];
    let first = mesh.points.len() as u32;
    for piece in 0..PIECES {
        let out = direction(TURN * piece as f32 / PIECES as f32);
        for (wide, deep) in CORNERS {
            let point = out * (RADIUS + wide * THICKNESS[0]) + Vec3::Z * (deep * THICKNESS[1]);
            mesh.vertex(point, (out * wide + Vec3::Z * deep).normalize(), Vec3::ONE);
        }
    }
    for piece in 0..PIECES as u32 {
        let next = (piece + 1) % PIECES as u32;
        for corner in 0..4 {
            let [a, b] = [piece, next].map(|piece| first + piece * 4 + corner);
            let [c, d] = [piece, next].map(|piece| first + piece * 4 + (corner + 1) % 4);
            mesh.triangles.extend([a, b, c, b, d, c]);
        }
    }
}

/// A thin pyramid outward.
fn spike(mesh: &mut Mesh, angle: f32, [from, to]: [f32; 2]) {
    let out = direction(angle);
    let aside = Quat::from_rotation_z(TURN * 0.25) * out;
    let base = [aside * 0.0045, Vec3::Z * 0.003, aside * -0.0045, Vec3::Z * -0.003].map(|corner| out * from + corner);
    for side in 0..4 {
        mesh.facet([base[side], out * to, base[(side + 1) % 4]], Vec3::ONE);
    }
}

fn direction(angle: f32) -> Vec3 {
    v(cos(angle), sin(angle), 0.0)
}
