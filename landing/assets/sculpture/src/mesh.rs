//! What is drawn: vertices with their direction and colour, triangles, and for skinned meshes the bones they follow.

use glam::Vec3;

use crate::skeleton::Bone;

/// The bones that a vertex follows, heaviest first; the weights add up to 1.
pub type Bonds = [(Bone, f32); 4];

/// A mesh. Its lists of vertices are of one length.
#[derive(Clone, Debug, Default)]
pub struct Mesh {
    /// Where the vertices are, in metres.
    pub points: Vec<Vec3>,
    /// Where the surface faces.
    pub normals: Vec<Vec3>,
    /// What share of the light the stone gives back, in red, green and blue, and how opaque it is.
    pub colours: Vec<[f32; 4]>,
    /// Three vertices each, counter-clockwise from outside.
    pub triangles: Vec<u32>,
    /// Empty when the mesh follows no bones.
    pub bonds: Vec<Bonds>,
}

impl Mesh {
    /// Adds a vertex and says which it is.
    pub fn vertex(&mut self, point: Vec3, normal: Vec3, colour: Vec3) -> u32 {
        self.points.push(point);
        self.normals.push(normal);
        self.colours.push(opaque(colour));
        (self.points.len() - 1) as u32
    }

    /// Adds a flat triangle with corners of its own.
    pub fn facet(&mut self, corners: [Vec3; 3], colour: Vec3) {
        let normal = (corners[1] - corners[0]).cross(corners[2] - corners[0]).normalize_or(Vec3::Y);
        let ids = corners.map(|corner| self.vertex(corner, normal, colour));
        self.triangles.extend(ids);
    }

    /// How many triangles there are.
    pub fn triangle_count(&self) -> usize {
        self.triangles.len() / 3
    }

    /// The smallest box around all vertices.
    pub fn bounds(&self) -> [Vec3; 2] {
        let start = [Vec3::splat(f32::MAX), Vec3::splat(f32::MIN)];
        self.points.iter().fold(start, |[low, high], point| [low.min(*point), high.max(*point)])
    }

    /// Makes normals of the mean of the triangles around each vertex, large triangles counting more.
    pub fn smooth_normals(&mut self) {
        let mut sums = vec![Vec3::ZERO; self.points.len()];
        for triangle in self.triangles.chunks_exact(3) {
            let [a, b, c] = [0, 1, 2].map(|corner| self.points[triangle[corner] as usize]);
            let normal = (b - a).cross(c - a);
            triangle.iter().for_each(|vertex| sums[*vertex as usize] += normal);
        }
        self.normals = sums.into_iter().map(|sum| sum.normalize_or(Vec3::Y)).collect();
    }

    /// Drops what no triangle uses, and numbers vertices in the order in which triangles need them.
    pub fn compact(points: &[Vec3], triangles: &[u32]) -> Self {
        let mut numbers = vec![u32::MAX; points.len()];
        let mut mesh = Self::default();
        for vertex in triangles {
            let number = &mut numbers[*vertex as usize];
            if *number == u32::MAX {
                *number = mesh.points.len() as u32;
                mesh.points.push(points[*vertex as usize]);
            }
            mesh.triangles.push(*number);
        }
        mesh
    }
}

/// A colour that nothing shines through.
pub fn opaque(colour: Vec3) -> [f32; 4] {
    [colour.x, colour.y, colour.z, 1.0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compacting_keeps_the_triangles_and_drops_the_rest() {
        let points = [Vec3::ZERO, Vec3::ONE, Vec3::X, Vec3::Y];
        let mesh = Mesh::compact(&points, &[3, 0, 2]);
        assert_eq!(mesh.points, [Vec3::Y, Vec3::ZERO, Vec3::X]);
        assert_eq!(mesh.triangles, [0, 1, 2]);
    }
}
