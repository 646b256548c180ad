//! The laurel wreath: two branches of bent leaves that meet over the brow, in gold.

use glam::Vec3;

use crate::figure::{HeadFrame, head_frame};
use crate::maths::{cos, sin, v};
use crate::mesh::Mesh;
use crate::skeleton::Bone;
use crate::solid::Solid;

/// Leaves of one branch, each of them double.
const LEAVES: usize = 15;
const LENGTH: f32 = 0.040;
/// Places along a leaf, and its width there.
const PROFILE: [(f32, f32); 5] = [(0.0, 0.0), (0.22, 0.75), (0.5, 1.0), (0.78, 0.7), (1.0, 0.0)];

/// A leaf's root, the way it grows, and where its upper side looks.
struct Leaf {
    root: Vec3,
    onward: Vec3,
    up: Vec3,
}

/// The wreath on a body's head; it follows the head.
pub fn wreath(body: &Solid) -> Mesh {
    let frame = head_frame();
    let mut mesh = Mesh::default();
    for side in [-1.0, 1.0] {
        for place in 0..LEAVES {
            // From the back of the head to the brow.
            let angle = (-155.0 + 10.2 * place as f32).to_radians();
            for layer in [-1.0, 1.0] {
                leaf(&mut mesh, &grown(body, &frame, angle, side, layer));
            }
        }
    }
    mesh.bonds = vec![[(Bone::Head, 1.0), (Bone::Head, 0.0), (Bone::Head, 0.0), (Bone::Head, 0.0)]; mesh.points.len()];
    mesh
}

/// The direction from the middle of the head to a place of the wreath.
fn outward(angle: f32, side: f32) -> Vec3 {
    v(side * sin(angle).abs(), 0.30 + 0.10 * cos(angle), cos(angle)).normalize()
}

fn grown(body: &Solid, frame: &HeadFrame, angle: f32, side: f32, layer: f32) -> Leaf {
    let middle = frame.at(v(0.0, 0.125, -0.018));
    let up = frame.direction(outward(angle, side));
    let root = body.surface_along(middle, up, 0.05) + up * 0.004;
    let forward = (frame.direction(outward(angle + 0.18, side)) - up).normalize();
    let aside = forward.cross(up).normalize();
    let onward = (forward * 0.85 + aside * 0.45 * layer * side + up * 0.30).normalize();
    Leaf { root, onward, up: (up - forward * 0.2).normalize() }
}

/// A leaf with a raised rib, seen from both sides.
fn leaf(mesh: &mut Mesh, leaf: &Leaf) {
    let aside = leaf.onward.cross(leaf.up).normalize();
    let first = mesh.points.len() as u32;
    for (way, width) in PROFILE {
        let rib = leaf.root + leaf.onward * LENGTH * way + leaf.up * (0.010 * sin(way * 3.14) + 0.006 * way);
        for across in [-1.0_f32, 0.0, 1.0] {
            let point = rib + aside * across * width * LENGTH * 0.20 - leaf.up * across.abs() * width * 0.004;
            let shade = if across == 0.0 { 0.62 } else { 1.0 };
            mesh.vertex(point, (leaf.up + aside * across * 0.6).normalize(), Vec3::splat(shade));
        }
    }
    for row in 0..4 {
        for half in 0..2 {
            let corner = first + row * 3 + half;
            let [a, b, c, d] = [corner, corner + 1, corner + 3, corner + 4];
            mesh.triangles.extend([a, b, c, b, d, c]);
        }
    }
}
