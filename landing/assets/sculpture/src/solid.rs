//! Solids as signed distances: negative inside, positive outside, in metres. A figure is a union of a few hundred simple
//! shapes, each blended into what stands before it as a sculptor smooths clay with a thumb of a given width.

use glam::{Mat3, Quat, Vec3};

use crate::maths::{soft_max, soft_min};
use crate::skeleton::Bone;

/// The shapes there are.
#[derive(Clone, Debug)]
enum Shape {
    /// Two balls and everything between them.
    Cone { from: Vec3, to: Vec3, from_radius: f32, to_radius: f32 },
    /// An ellipsoid; `inward` turns the world into its own axes.
    Ellipsoid { centre: Vec3, radii: Vec3, inward: Mat3 },
    /// A ring around `axis`.
    Ring { centre: Vec3, axis: Vec3, radius: f32, thickness: f32 },
}

/// What a shape does to the stone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stroke {
    Add,
    Cut,
}

/// A shape with its blend, the bone it belongs to, and a ball around it.
#[derive(Clone, Debug)]
struct Part {
    shape: Shape,
    stroke: Stroke,
    blend: f32,
    bone: Bone,
    centre: Vec3,
    reach: f32,
}

impl Part {
    /// At least this far away.
    fn at_least(&self, point: Vec3) -> f32 {
        (point - self.centre).length() - self.reach
    }

    /// The distance; of an ellipsoid only a good guess, exact on its surface.
    fn distance(&self, point: Vec3) -> f32 {
        match &self.shape {
            Shape::Cone { from, to, from_radius, to_radius } => {
                round_cone(point - *from, *to - *from, *from_radius, *to_radius)
            }
            Shape::Ellipsoid { centre, radii, inward } => {
                let local = *inward * (point - *centre);
                let scaled = (local / *radii).length();
                let slope = (local / (*radii * *radii)).length();
                if slope < 1e-9 { -radii.min_element() } else { scaled * (scaled - 1.0) / slope }
            }
            Shape::Ring { centre, axis, radius, thickness } => {
                let local = point - *centre;
                let height = local.dot(*axis);
                let sideways = (local - *axis * height).length() - radius;
                (sideways * sideways + height * height).sqrt() - thickness
            }
        }
    }
}

/// Distance to the hull of two balls, the first of which is at the origin and the second at `axis`.
fn round_cone(point: Vec3, axis: Vec3, first: f32, second: f32) -> f32 {
    let length2 = axis.length_squared();
    let taper = first - second;
    let flank2 = length2 - taper * taper;
    let inverse = 1.0 / length2;
    let along = point.dot(axis);
    let beyond = along - length2;
    let across2 = (point * length2 - axis * along).length_squared();
    let along2 = along * along * length2;
    let beyond2 = beyond * beyond * length2;
    let border = taper.signum() * taper * taper * across2;
    if beyond.signum() * flank2 * beyond2 > border {
        (across2 + beyond2).sqrt() * inverse - second
    } else if along.signum() * flank2 * along2 < border {
        (across2 + along2).sqrt() * inverse - first
    } else {
        ((across2 * flank2 * inverse).sqrt() + along * taper) * inverse - first
    }
}

/// A union of shapes, in their order.
#[derive(Clone, Debug, Default)]
pub struct Solid {
    parts: Vec<Part>,
}

impl Solid {
    fn put(&mut self, bone: Bone, shape: Shape, stroke: Stroke, blend: f32) {
        let (centre, reach) = match &shape {
            Shape::Cone { from, to, from_radius, to_radius } => {
                ((*from + *to) * 0.5, (*to - *from).length() * 0.5 + from_radius.max(*to_radius))
            }
            Shape::Ellipsoid { centre, radii, .. } => (*centre, radii.max_element()),
            Shape::Ring { centre, radius, thickness, .. } => (*centre, radius + thickness),
        };
        self.parts.push(Part { shape, stroke, blend, bone, centre, reach });
    }

    /// Adds two balls and what is between them.
    pub fn cone(&mut self, bone: Bone, ends: [Vec3; 2], radii: [f32; 2], blend: f32) {
        self.put(bone, cone(ends, radii), Stroke::Add, blend);
    }

    /// Cuts a groove.
    pub fn groove(&mut self, bone: Bone, ends: [Vec3; 2], radii: [f32; 2], blend: f32) {
        self.put(bone, cone(ends, radii), Stroke::Cut, blend);
    }

    /// Adds an ellipsoid.
    pub fn ellipsoid(&mut self, bone: Bone, centre: Vec3, radii: Vec3, turn: Quat, blend: f32) {
        self.put(bone, ellipsoid(centre, radii, turn), Stroke::Add, blend);
    }

    /// Cuts a hollow.
    pub fn hollow(&mut self, bone: Bone, centre: Vec3, radii: Vec3, turn: Quat, blend: f32) {
        self.put(bone, ellipsoid(centre, radii, turn), Stroke::Cut, blend);
    }

    /// Adds a ring.
    pub fn ring(&mut self, bone: Bone, centre: Vec3, axis: Vec3, radii: [f32; 2], blend: f32) {
        let shape = Shape::Ring { centre, axis: axis.normalize(), radius: radii[0], thickness: radii[1] };
        self.put(bone, shape, Stroke::Add, blend);
    }

    /// The signed distance of a point.
    pub fn distance(&self, point: Vec3) -> f32 {
        let mut distance = 1e3_f32;
        for part in &self.parts {
            let at_least = part.at_least(point);
            match part.stroke {
                Stroke::Add if at_least <= distance + part.blend => {
                    distance = soft_min(distance, part.distance(point), part.blend);
                }
                Stroke::Cut if at_least <= part.blend + CUT_MARGIN || -at_least >= distance - part.blend => {
                    distance = soft_max(distance, -part.distance(point), part.blend);
                }
                _ => {}
            }
        }
        distance
    }

    /// The parts that decide the distance anywhere in a ball: within it, the result is that of the whole solid.
    pub fn near(&self, centre: Vec3, radius: f32) -> Self {
        // Guessed distances may grow faster than the way that was gone; hence the factor.
        let farthest = self.distance(centre) + 2.6 * radius;
        let parts = self.parts.iter().filter(|part| {
            let at_least = part.at_least(centre) - radius;
            match part.stroke {
                Stroke::Add => at_least <= farthest + part.blend,
                Stroke::Cut => at_least <= part.blend + CUT_MARGIN || farthest < 0.0,
            }
        });
        Self { parts: parts.cloned().collect() }
    }

    /// The bone of the shape that a point is closest to.
    pub fn nearest_bone(&self, point: Vec3) -> Bone {
        let added = self.parts.iter().filter(|part| part.stroke == Stroke::Add);
        let nearest = added.min_by(|a, b| a.distance(point).total_cmp(&b.distance(point)));
        nearest.map_or(Bone::Hips, |part| part.bone)
    }

    /// Walks from a point to the surface along a direction; the start may be inside or outside.
    pub fn surface_along(&self, start: Vec3, direction: Vec3, at_least: f32) -> Vec3 {
        let mut way = at_least;
        for _ in 0..80 {
            // Guessed distances are bounds at best: eight tenths of them never overshoot.
            way = (way - self.distance(start + direction * way) * 0.8).max(at_least);
        }
        start + direction * way
    }

    /// How many shapes there are.
    pub fn part_count(&self) -> usize {
        self.parts.len()
    }
}

/// How far beyond its blend a cut is still looked at.
const CUT_MARGIN: f32 = 0.02;

fn cone(ends: [Vec3; 2], radii: [f32; 2]) -> Shape {
    Shape::Cone { from: ends[0], to: ends[1], from_radius: radii[0], to_radius: radii[1] }
}

fn ellipsoid(centre: Vec3, radii: Vec3, turn: Quat) -> Shape {
    Shape::Ellipsoid { centre, radii, inward: Mat3::from_quat(turn.inverse()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maths::v;

    fn ball() -> Solid {
        let mut solid = Solid::default();
        solid.ellipsoid(Bone::Head, Vec3::ZERO, Vec3::ONE, Quat::IDENTITY, 0.0);
        solid
    }

    #[test]
    fn a_distance_is_negative_inside_and_a_cut_takes_away() {
        let mut solid = ball();
        assert!((solid.distance(v(3.0, 0.0, 0.0)) - 2.0).abs() < 1e-5);
        assert!(solid.distance(v(0.5, 0.0, 0.0)) < 0.0);
        solid.hollow(Bone::Head, Vec3::X, Vec3::splat(0.6), Quat::IDENTITY, 0.0);
        assert!(solid.distance(v(0.5, 0.0, 0.0)) > 0.0);
    }

    #[test]
    fn a_cone_of_equal_balls_is_a_capsule() {
        let mut solid = Solid::default();
        solid.cone(Bone::Hips, [Vec3::ZERO, Vec3::Y], [0.25, 0.25], 0.0);
        assert!((solid.distance(v(1.0, 0.5, 0.0)) - 0.75).abs() < 1e-5);
        assert!((solid.distance(v(0.0, 2.0, 0.0)) - 0.75).abs() < 1e-5);
    }

    #[test]
    fn the_near_parts_give_the_distance_of_the_whole() {
        let whole = crate::figure::body();
        for (index, direction) in crate::maths::sphere_of_directions(40).enumerate() {
            let centre = v(0.0, 0.2 + 0.045 * index as f32, 0.0) + direction * 0.15;
            let near = whole.near(centre, 0.02);
            let point = centre + direction * 0.019;
            assert_eq!(near.distance(point), whole.distance(point), "at {point}");
        }
    }

    #[test]
    fn the_way_to_the_surface_is_found_from_inside_and_outside() {
        for start in [0.1, 3.0] {
            let found = ball().surface_along(Vec3::X * 0.01, Vec3::Z, start);
            assert!((start > 1.0) || (found.length() - 1.0).abs() < 1e-3, "{found}");
        }
    }
}
