//! The stylobate: three steps of dark marble with a line of light between the first and the second.

use glam::{Vec2, Vec3};

use super::{Ornament, still};
use crate::marble::NERO;
use crate::material::Material;
use crate::maths::{TURN, cos, sin, v};
use crate::mesh::Mesh;

/// Half the size of the top, in x and z.
pub const TOP: Vec2 = Vec2::new(1.04, 0.44);
/// Radius of its corners.
const CORNER: f32 = 0.09;
/// Points of a quarter turn around a corner.
const CORNER_POINTS: usize = 7;
/// How far the edges' points are apart: veins are drawn from point to point.
const SPACING: f32 = 0.075;

/// The outline from the middle of the top down to the ground: how far out it is, its height, and the light left there.
const PROFILE: [(f32, f32, f32); 19] = [
    (-0.012, 0.000, 1.00),
    (-0.004, -0.003, 1.00),
    (0.000, -0.011, 0.95),
    (0.000, -0.044, 0.75),
    (-0.016, -0.052, 0.30),
    (-0.020, -0.054, 0.30),
    (-0.020, -0.066, 0.30),
    (0.040, -0.066, 0.75),
    (0.052, -0.067, 1.00),
    (0.060, -0.076, 0.95),
    (0.060, -0.112, 0.70),
    (0.050, -0.118, 0.30),
    (0.102, -0.118, 0.75),
    (0.114, -0.119, 1.00),
    (0.122, -0.128, 0.95),
    (0.122, -0.176, 0.65),
    (0.116, -0.182, 0.50),
    (0.118, -0.183, 0.40),
    (0.116, -0.190, 0.30),
];
/// The rings of the top, as shares of its size.
const TOP_RINGS: [f32; 5] = [0.90, 0.72, 0.50, 0.28, 0.10];
/// Where the line of light lies: how far out, and between which heights.
const LIGHT: (f32, f32, f32) = (-0.0185, -0.0545, -0.0655);

/// The steps, and the light in their groove.
pub fn plinth() -> Vec<Ornament> {
    vec![still("Stylobate", steps(), Material::Nero), still("Light", light(), Material::Neon)]
}

/// A rectangle with round corners, `out` beyond the top's, counter-clockwise from above.
fn outline(out: f32) -> Vec<Vec2> {
    let inner = TOP - Vec2::splat(CORNER);
    let radius = CORNER + out;
    let mut points: Vec<Vec2> = Vec::new();
    for (quarter, corner) in [(1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)].into_iter().enumerate() {
        let centre = inner * Vec2::new(corner.0, corner.1);
        for step in 0..CORNER_POINTS {
            let angle = TURN * 0.25 * (quarter as f32 + step as f32 / (CORNER_POINTS - 1) as f32);
            points.push(centre + Vec2::new(cos(angle), sin(angle)) * radius);
        }
        let next = [Vec2::new(-1.0, 1.0), Vec2::new(-1.0, -1.0), Vec2::new(1.0, -1.0), Vec2::ONE][quarter] * inner;
        let angle = TURN * 0.25 * (quarter as f32 + 1.0);
        let (from, to) = (points[points.len() - 1], next + Vec2::new(cos(angle), sin(angle)) * radius);
        let pieces = (from.distance(to) / SPACING).round() as usize;
        points.extend((1..pieces).map(|piece| from.lerp(to, piece as f32 / pieces as f32)));
    }
    points
}

fn steps() -> Mesh {
    let mut mesh = Mesh::default();
    let edge = outline(0.0);
    let mut rings: Vec<Vec<u32>> = Vec::new();
    let mut ring = |mesh: &mut Mesh, points: &mut dyn Iterator<Item = (Vec3, f32)>| {
        rings.push(points.map(|(point, light)| mesh.vertex(point, Vec3::Y, NERO.colour(point, light))).collect());
    };
    for share in TOP_RINGS.into_iter().rev() {
        ring(&mut mesh, &mut edge.iter().map(|point| (v(point.x * share, 0.0, point.y * share), 1.0)));
    }
    for (out, height, light) in PROFILE {
        ring(&mut mesh, &mut outline(out).iter().map(|point| (v(point.x, height, point.y), light)));
    }
    let middle = mesh.vertex(Vec3::ZERO, Vec3::Y, NERO.colour(Vec3::ZERO, 1.0));
    let count = edge.len();
    for place in 0..count {
        mesh.triangles.extend([middle, rings[0][(place + 1) % count], rings[0][place]]);
    }
    for pair in rings.windows(2) {
        band(&mut mesh, &pair[0], &pair[1]);
    }
    mesh.smooth_normals();
    mesh
}

/// Two rings joined; the first is the inner or upper one.
fn band(mesh: &mut Mesh, first: &[u32], second: &[u32]) {
    for place in 0..first.len() {
        let next = (place + 1) % first.len();
        mesh.triangles.extend([first[place], first[next], second[place]]);
        mesh.triangles.extend([first[next], second[next], second[place]]);
    }
}

fn light() -> Mesh {
    let mut mesh = Mesh::default();
    let (out, high, low) = LIGHT;
    let points = outline(out);
    let [upper, lower] = [high, low].map(|height| {
        let vertex = |point: &Vec2| mesh.vertex(v(point.x, height, point.y), Vec3::Y, Vec3::ONE);
        points.iter().map(vertex).collect::<Vec<u32>>()
    });
    band(&mut mesh, &upper, &lower);
    mesh.smooth_normals();
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_is_closed_and_as_large_as_it_says() {
        let points = outline(0.06);
        let widest = points.iter().fold(Vec2::ZERO, |widest, point| widest.max(point.abs()));
        assert!((widest - TOP - Vec2::splat(0.06)).length() < 1e-3, "{widest}");
        for (place, point) in points.iter().enumerate() {
            assert!(point.distance(points[(place + 1) % points.len()]) < SPACING * 1.5, "gap at {place}");
        }
    }

    #[test]
    fn the_top_faces_up_and_the_sides_out() {
        let mesh = steps();
        for (point, normal) in mesh.points.iter().zip(&mesh.normals) {
            if point.y == 0.0 && point.x.abs() < TOP.x * 0.8 && point.z.abs() < TOP.y * 0.8 {
                assert!(normal.y > 0.99, "{point} {normal}");
            }
        }
        let outer = mesh.points.iter().zip(&mesh.normals).find(|(point, _)| point.y == -0.176 && point.x > 1.16);
        assert!(outer.is_some_and(|(_, normal)| normal.x > 0.7));
    }
}
