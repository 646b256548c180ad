//! The solver: extended position-based dynamics with a fixed order of constraints, so that a sheet always falls alike.

use glam::Vec3;

use super::Sheet;
use crate::chance::Chance;
use crate::grid::Grid;
use crate::maths::v;

const SUBSTEPS: usize = 8;
const FRAME: f32 = 1.0 / 60.0;
const GRAVITY: Vec3 = v(0.0, -9.8, 0.0);
/// Faster particles would fall through the body between two steps.
const SPEED_LIMIT: f32 = 4.0;
/// The plinth's top, with the thickness of the cloth.
const GROUND: f32 = 0.006;
const SEED: u64 = 99_991;

/// Two particles, how far apart they want to be, and how little they insist.
struct Link {
    ends: [usize; 2],
    length: f32,
    yielding: f32,
}

/// How a sheet falls.
#[derive(Clone, Copy, Debug)]
pub struct Fall {
    /// Sixtieths of a second.
    pub frames: usize,
    /// A steady push beside gravity, in metres per second squared.
    pub wind: Vec3,
    /// How far from the body the sheet's middle stays.
    pub thickness: f32,
    /// How much of a sliding movement the body takes away.
    pub friction: f32,
    /// How easily the sheet bends.
    pub softness: f32,
}

impl Sheet {
    /// Lets the sheet fall on a body until it has settled.
    pub fn fall(&mut self, body: &Grid, fall: &Fall) {
        let links = self.links(fall.softness);
        let step = FRAME / SUBSTEPS as f32;
        let mut speeds = vec![Vec3::ZERO; self.points.len()];
        for frame in 0..fall.frames {
            // In the last quarter the sheet comes to rest.
            let damping = if frame > fall.frames * 3 / 4 { 0.97 } else { 0.995 };
            for substep in 0..SUBSTEPS {
                let before = self.points.clone();
                self.drift(&mut speeds, (GRAVITY + fall.wind) * step, damping, step);
                self.pull(&links, step);
                if substep % 2 == 1 {
                    self.collide(&before, body, fall);
                }
                for (speed, (now, before)) in speeds.iter_mut().zip(self.points.iter().zip(&before)) {
                    *speed = (*now - *before) / step;
                }
            }
        }
    }

    /// Threads both ways, the two diagonals, and stiffeners over two and four cells, in an order without a direction.
    fn links(&self, softness: f32) -> Vec<Link> {
        let mut links = Vec::new();
        let mut link = |a: usize, b: usize, yielding: f32| {
            links.push(Link { ends: [a, b], length: self.cut_distance(a, b), yielding });
        };
        for row in 0..self.rows {
            for column in 0..self.columns {
                let here = self.index(column, row);
                let below = |steps: usize| (row + steps < self.rows).then(|| self.index(column, row + steps));
                if let Some(next) = self.column_after(column, 1) {
                    link(here, self.index(next, row), 0.0);
                    if let Some(under) = below(1) {
                        link(here, self.index(next, row + 1), 2e-5);
                        link(self.index(next, row), under, 2e-5);
                    }
                }
                for (steps, yielding) in [(2, softness), (4, softness * 8.0)] {
                    if let Some(other) = self.column_after(column, steps) {
                        link(here, self.index(other, row), yielding);
                    }
                }
                for (steps, yielding) in [(1, 0.0), (2, softness)] {
                    if let Some(under) = below(steps) {
                        link(here, under, yielding);
                    }
                }
            }
        }
        Chance::new(SEED).shuffle(&mut links);
        links
    }

    fn drift(&mut self, speeds: &mut [Vec3], push: Vec3, damping: f32, step: f32) {
        let moving = self.points.iter_mut().zip(speeds).zip(&self.free).filter(|(_, free)| **free);
        for ((point, speed), _) in moving {
            *speed = ((*speed + push) * damping).clamp_length_max(SPEED_LIMIT);
            *point += *speed * step;
        }
    }

    fn pull(&mut self, links: &[Link], step: f32) {
        for Link { ends: [a, b], length, yielding } in links {
            let weight = |particle: usize| if self.free[particle] { 1.0 } else { 0.0 };
            let (weight_a, weight_b) = (weight(*a), weight(*b));
            let apart = self.points[*b] - self.points[*a];
            let now = apart.length();
            if weight_a + weight_b == 0.0 || now < 1e-9 {
                continue;
            }
            let share = (now - length) / now / (weight_a + weight_b + yielding / (step * step));
            self.points[*a] += apart * (share * weight_a);
            self.points[*b] -= apart * (share * weight_b);
        }
    }

    fn collide(&mut self, before: &[Vec3], body: &Grid, fall: &Fall) {
        for (particle, point) in self.points.iter_mut().enumerate().filter(|(particle, _)| self.free[*particle]) {
            let depth = body.distance(*point) - fall.thickness;
            if depth < 0.0 {
                let normal = body.normal(*point);
                let lifted = *point - normal * depth;
                let moved = lifted - before[particle];
                *point = lifted - (moved - normal * moved.dot(normal)) * fall.friction;
            }
            if point.y < GROUND {
                *point = point.lerp(before[particle], 0.5);
                point.y = GROUND;
            }
        }
    }
}
