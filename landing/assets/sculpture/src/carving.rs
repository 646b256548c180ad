//! From body and cloth to one skin, as if both were cut from one block: a field over everything, its surface, fewer triangles.

use glam::Vec3;

use crate::drapery::{BOUNDS, Drapery};
use crate::grid::{Axis, Grid};
use crate::maths::{soft_min, soft_step, v};
use crate::mesh::Mesh;
use crate::skeleton::Bone;
use crate::solid::Solid;

/// Steps of the field: a fold is ten of them wide.
const STEP: f32 = 0.0042;
/// Steps around the head: lids and nose are two of them thick.
const FINE_STEP: f32 = 0.0019;
/// Half the thickness of cloth.
const CLOTH: f32 = 0.0055;
/// How much of the edge between cloth and body is filled.
const CLOTH_BLEND: f32 = 0.012;
/// What a dent in a normal counts against a dent in the surface, when triangles are removed.
const NORMAL_WEIGHT: f32 = 0.010;
/// How much more it counts in the face.
const FACE_WEIGHT: f32 = 3.4;

/// The field of everything, and its surface with so many triangles left.
pub fn carve(body: &Solid, drapery: &Drapery, triangles: usize) -> (Grid, Mesh) {
    let mut field = Grid::of(body, axes());
    let roll = Grid::of(&drapery.roll, axes());
    let mut cloth = Grid::filled(axes(), 0.05);
    for sheet in drapery.sheets() {
        sheet.imprint(&mut cloth, 0.016);
    }
    for (index, value) in field.values.iter_mut().enumerate() {
        let dressed = soft_min(*value, roll.values[index], 0.010);
        *value = soft_min(dressed, cloth.values[index] - CLOTH, CLOTH_BLEND);
    }
    fill_hollows(&mut field);
    let (points, surface) = field.surface();
    let kept = thin(&field, &points, &surface, triangles);
    let mut mesh = Mesh::compact(&points, &kept);
    mesh.normals = mesh.points.iter().map(|point| field.normal(*point)).collect();
    (field, mesh)
}

fn axes() -> [Axis; 3] {
    let head = Bone::Head.at();
    let ranges = [
        (head.x - 0.118, head.x + 0.118, FINE_STEP),
        (head.y - 0.045, head.y + 0.258, FINE_STEP),
        (head.z - 0.140, head.z + 0.140, FINE_STEP),
    ];
    [0, 1, 2].map(|axis| Axis::refined(BOUNDS[0][axis], BOUNDS[1][axis], STEP, &ranges[axis..=axis]))
}

/// Makes the inside of the skirt solid, layer by layer: what cannot be reached from the layer's border is stone. It saves a
/// third of the triangles, all of which nobody would see.
fn fill_hollows(field: &mut Grid) {
    let (width, depth) = (field.axes[0].len(), field.axes[2].len());
    for layer in field.values.chunks_exact_mut(width * depth) {
        let mut open = vec![false; layer.len()];
        let mut next = vec![0];
        open[0] = true;
        while let Some(place) = next.pop() {
            let (x, z) = (place % width, place / width);
            let beside = [
                (x > 0).then(|| place - 1),
                (x + 1 < width).then_some(place + 1),
                (z > 0).then(|| place - width),
                (z + 1 < depth).then_some(place + width),
            ];
            for neighbour in beside.into_iter().flatten() {
                if !open[neighbour] && layer[neighbour] > 0.0 {
                    open[neighbour] = true;
                    next.push(neighbour);
                }
            }
        }
        for (value, open) in layer.iter_mut().zip(open) {
            if *value > 0.0 && !open {
                *value = -0.003;
            }
        }
    }
}

/// Removes triangles where neither the surface nor its shading changes much; the face is counted several times.
fn thin(field: &Grid, points: &[Vec3], triangles: &[u32], target: usize) -> Vec<u32> {
    let bytes: Vec<u8> = points.iter().flat_map(|point| point.to_array()).flat_map(f32::to_ne_bytes).collect();
    let vertices = meshopt::VertexDataAdapter::new(&bytes, size_of::<[f32; 3]>(), 0).expect("three floats per vertex");
    let attributes: Vec<f32> =
        points.iter().flat_map(|point| (field.normal(*point) * importance(*point)).to_array()).collect();
    meshopt::simplify_with_attributes_and_locks(
        triangles,
        &vertices,
        &attributes,
        &[NORMAL_WEIGHT; 3],
        size_of::<[f32; 3]>(),
        &vec![false; points.len()],
        target * 3,
        0.1,
        meshopt::SimplifyOptions::None,
        None,
    )
}

/// How much a place is looked at.
fn importance(point: Vec3) -> f32 {
    let face = Bone::Head.at() + v(-0.02, 0.085, 0.06);
    1.0 + (FACE_WEIGHT - 1.0) * soft_step(0.17, 0.09, point.distance(face))
}
