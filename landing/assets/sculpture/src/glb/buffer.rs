//! The binary half of the file: lists of numbers, each as small as it may be, and where they lie.

use glam::{Mat4, Quat, Vec3};
use serde_json::{Value, json};

use crate::mesh::{Bonds, Mesh};

/// glTF's names for types of numbers.
const BYTE: u32 = 5120;
const UNSIGNED_BYTE: u32 = 5121;
const SHORT: u32 = 5122;
const UNSIGNED_SHORT: u32 = 5123;
const FLOAT: u32 = 5126;
/// What a list is for.
const VERTICES: u32 = 34962;
const TRIANGLES: u32 = 34963;

/// The largest whole number of a position.
const FINEST: f32 = 16383.0;

/// A cube in which positions are whole numbers of 14 bits.
pub struct Box14 {
    low: Vec3,
    step: f32,
}

impl Box14 {
    /// The smallest cube around meshes.
    pub fn around(meshes: &[&Mesh]) -> Self {
        let bounds = meshes.iter().map(|mesh| mesh.bounds());
        let (low, high) = bounds.fold((Vec3::MAX, Vec3::MIN), |(low, high), [l, h]| (low.min(l), high.max(h)));
        Self { low, step: (high - low).max_element() / FINEST }
    }

    /// From whole numbers to metres.
    pub fn matrix(&self) -> Mat4 {
        Mat4::from_translation(self.low) * Mat4::from_scale(Vec3::splat(self.step))
    }

    /// The same as a node's place: its translation and its scale.
    pub fn place(&self) -> (Vec3, f32) {
        (self.low, self.step)
    }

    fn whole(&self, point: Vec3) -> [u16; 3] {
        ((point - self.low) / self.step).to_array().map(|value| value.round().clamp(0.0, FINEST) as u16)
    }
}

/// Bytes, views of them, and what stands in the views.
#[derive(Default)]
pub struct Buffer {
    pub bytes: Vec<u8>,
    pub views: Vec<Value>,
    pub accessors: Vec<Value>,
}

/// A list of equal elements.
struct List<'a> {
    bytes: &'a [u8],
    count: usize,
    number: u32,
    shape: &'a str,
    /// Whether the whole numbers stand for shares of 1.
    normalized: bool,
}

impl Buffer {
    /// Adds a list and says which it is. `stride` is the way from one vertex to the next.
    fn add(&mut self, list: &List<'_>, target: Option<u32>, stride: Option<usize>) -> usize {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
        let mut view = json!({ "buffer": 0, "byteOffset": self.bytes.len(), "byteLength": list.bytes.len() });
        if let Some(target) = target {
            view["target"] = json!(target);
        }
        if let Some(stride) = stride {
            view["byteStride"] = json!(stride);
        }
        self.bytes.extend(list.bytes);
        self.views.push(view);
        let mut accessor = json!({ "bufferView": self.views.len() - 1, "componentType": list.number,
            "count": list.count, "type": list.shape });
        if list.normalized {
            accessor["normalized"] = json!(true);
        }
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    fn bounds(&mut self, accessor: usize, low: Value, high: Value) {
        self.accessors[accessor]["min"] = low;
        self.accessors[accessor]["max"] = high;
    }

    /// Positions: three whole numbers of two bytes, and two bytes of nothing, because vertices start at multiples of four.
    pub fn positions(&mut self, mesh: &Mesh, space: &Box14) -> usize {
        let whole: Vec<[u16; 3]> = mesh.points.iter().map(|point| space.whole(*point)).collect();
        let bytes: Vec<u8> =
            whole.iter().flat_map(|[x, y, z]| [*x, *y, *z, 0]).flat_map(u16::to_le_bytes).collect();
        let list =
            List { bytes: &bytes, count: whole.len(), number: UNSIGNED_SHORT, shape: "VEC3", normalized: false };
        let accessor = self.add(&list, Some(VERTICES), Some(8));
        let of = |pick: fn(u16, u16) -> u16, start: u16| {
            whole.iter().fold([start; 3], |found, point| [0, 1, 2].map(|axis| pick(found[axis], point[axis])))
        };
        self.bounds(accessor, json!(of(u16::min, u16::MAX)), json!(of(u16::max, 0)));
        accessor
    }

    /// Directions: three signed bytes.
    pub fn normals(&mut self, normals: &[Vec3]) -> usize {
        let byte = |share: f32| (share.clamp(-1.0, 1.0) * 127.0).round() as i8;
        let bytes: Vec<u8> = normals
            .iter()
            .flat_map(|normal| [byte(normal.x), byte(normal.y), byte(normal.z), 0])
            .map(i8::cast_unsigned)
            .collect();
        let list = List { bytes: &bytes, count: normals.len(), number: BYTE, shape: "VEC3", normalized: true };
        self.add(&list, Some(VERTICES), Some(4))
    }

    /// Colours: four bytes.
    pub fn colours(&mut self, colours: &[[f32; 4]]) -> usize {
        let bytes: Vec<u8> =
            colours.iter().flatten().map(|share| (share.clamp(0.0, 1.0) * 255.0).round() as u8).collect();
        let list =
            List { bytes: &bytes, count: colours.len(), number: UNSIGNED_BYTE, shape: "VEC4", normalized: true };
        self.add(&list, Some(VERTICES), Some(4))
    }

    /// Bones and their weights. The weights' bytes add up to 255, and a bone without weight is number 0.
    pub fn bonds(&mut self, bonds: &[Bonds]) -> (usize, usize) {
        let (mut bones, mut weights) = (Vec::new(), Vec::new());
        for bond in bonds {
            let mut shares = bond.map(|(_, weight)| (weight * 255.0).round() as i32);
            shares[0] += 255 - shares.iter().sum::<i32>();
            let named = |place: usize| if shares[place] > 0 { bond[place].0 as u8 } else { 0 };
            bones.extend([named(0), named(1), named(2), named(3)]);
            weights.extend(shares.map(|share| share as u8));
        }
        let list = |bytes, normalized| List { bytes, count: bonds.len(), number: UNSIGNED_BYTE, shape: "VEC4", normalized };
        let joints = self.add(&list(&bones, false), Some(VERTICES), Some(4));
        (joints, self.add(&list(&weights, true), Some(VERTICES), Some(4)))
    }

    /// Triangles, in numbers of two bytes: no mesh here has more than 65 535 vertices.
    pub fn triangles(&mut self, triangles: &[u32]) -> usize {
        let number = |vertex: &u32| u16::try_from(*vertex).expect("a mesh of at most 65 535 vertices");
        let bytes: Vec<u8> = triangles.iter().map(number).flat_map(u16::to_le_bytes).collect();
        let list =
            List { bytes: &bytes, count: triangles.len(), number: UNSIGNED_SHORT, shape: "SCALAR", normalized: false };
        self.add(&list, Some(TRIANGLES), None)
    }

    fn floats(&mut self, floats: &[f32], shape: &str, width: usize) -> usize {
        let bytes: Vec<u8> = floats.iter().copied().flat_map(f32::to_le_bytes).collect();
        let list = List { bytes: &bytes, count: floats.len() / width, number: FLOAT, shape, normalized: false };
        self.add(&list, None, None)
    }

    /// Matrices, as floats.
    pub fn matrices(&mut self, matrices: &[Mat4]) -> usize {
        let floats: Vec<f32> = matrices.iter().flat_map(Mat4::to_cols_array).collect();
        self.floats(&floats, "MAT4", 16)
    }

    /// Moments, as floats; players need to know the first and the last.
    pub fn moments(&mut self, moments: &[f32]) -> usize {
        let accessor = self.floats(moments, "SCALAR", 1);
        self.bounds(accessor, json!([moments[0]]), json!([moments[moments.len() - 1]]));
        accessor
    }

    /// Vectors, as floats.
    pub fn vectors(&mut self, vectors: &[Vec3]) -> usize {
        let floats: Vec<f32> = vectors.iter().flat_map(Vec3::to_array).collect();
        self.floats(&floats, "VEC3", 3)
    }

    /// Rotations, as four signed shorts.
    pub fn rotations(&mut self, rotations: &[Quat]) -> usize {
        let short = |share: f32| (share.clamp(-1.0, 1.0) * 32767.0).round() as i16;
        let bytes: Vec<u8> =
            rotations.iter().flat_map(Quat::to_array).flat_map(|share| short(share).to_le_bytes()).collect();
        let list = List { bytes: &bytes, count: rotations.len(), number: SHORT, shape: "VEC4", normalized: true };
        self.add(&list, None, None)
    }
}
