//! Cloth: sheets cut from a pattern, dropped on the body, and settled by a solver of position-based dynamics.

mod solver;

pub use solver::Fall;

use glam::{Vec2, Vec3};

use crate::grid::Grid;

/// A sheet of cloth: columns of particles that run from its upper edge down.
#[derive(Clone, Debug)]
pub struct Sheet {
    columns: usize,
    rows: usize,
    /// The width of a pattern that is sewn into a tube.
    girth: Option<f32>,
    /// Where each particle lies in the flat pattern.
    pattern: Vec<Vec2>,
    /// Where each particle is.
    pub points: Vec<Vec3>,
    /// Whether a particle may move.
    free: Vec<bool>,
}

/// How a sheet is cut and hung up.
pub struct Cut<'a> {
    /// How many columns and rows of particles.
    pub size: [usize; 2],
    /// Width of the pattern; a tube's girth.
    pub width: f32,
    /// Whether the last column is sewn to the first.
    pub tube: bool,
    /// Length of the pattern at a share of its width: hems need not be straight.
    pub length: &'a dyn Fn(f32) -> f32,
    /// The row that is held fast.
    pub held: usize,
    /// Where a particle hangs at first, by its shares of width and length.
    pub hang: &'a dyn Fn(f32, f32) -> Vec3,
}

impl Sheet {
    /// Cuts a sheet and hangs it up.
    pub fn cut(cut: &Cut<'_>) -> Self {
        let [columns, rows] = cut.size;
        let last_column = if cut.tube { columns } else { columns - 1 };
        let (mut pattern, mut points, mut free) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..rows {
            for column in 0..columns {
                let (across, down) = (column as f32 / last_column as f32, row as f32 / (rows - 1) as f32);
                pattern.push(Vec2::new(across * cut.width, down * (cut.length)(across)));
                points.push((cut.hang)(across, down));
                free.push(row != cut.held);
            }
        }
        Self { columns, rows, girth: cut.tube.then_some(cut.width), pattern, points, free }
    }

    fn index(&self, column: usize, row: usize) -> usize {
        row * self.columns + column % self.columns
    }

    /// The column some steps further; none beyond the edge of an open sheet.
    fn column_after(&self, column: usize, steps: usize) -> Option<usize> {
        let next = column + steps;
        if self.girth.is_some() { Some(next % self.columns) } else { (next < self.columns).then_some(next) }
    }

    /// How far two particles are apart in the pattern.
    fn cut_distance(&self, a: usize, b: usize) -> f32 {
        let mut across = (self.pattern[a].x - self.pattern[b].x).abs();
        if let Some(girth) = self.girth {
            across = across.min(girth - across);
        }
        Vec2::new(across, self.pattern[a].y - self.pattern[b].y).length()
    }

    /// The sheet's triangles.
    pub fn triangles(&self) -> impl Iterator<Item = [Vec3; 3]> + '_ {
        let cells = (0..self.rows - 1).flat_map(move |row| (0..self.columns).map(move |column| (column, row)));
        cells.flat_map(move |(column, row)| {
            let next = self.column_after(column, 1);
            next.into_iter().flat_map(move |next| {
                let corners = [(column, row), (next, row), (next, row + 1), (column, row + 1)];
                let [a, b, c, d] = corners.map(|(column, row)| self.points[self.index(column, row)]);
                [[a, b, c], [a, c, d]]
            })
        })
    }

    /// Lowers a field to the distance from this sheet, as far as `reach`; the sheet itself has no thickness.
    pub fn imprint(&self, field: &mut Grid, reach: f32) {
        for triangle in self.triangles() {
            let low = triangle[0].min(triangle[1]).min(triangle[2]) - reach;
            let high = triangle[0].max(triangle[1]).max(triangle[2]) + reach;
            let [xs, ys, zs] = [0, 1, 2].map(|axis| field.axes[axis].within(low[axis], high[axis]));
            for y in ys {
                for z in zs.clone() {
                    for x in xs.clone() {
                        let distance = distance_to_triangle(field.node(x, y, z), triangle);
                        let index = field.index(x, y, z);
                        field.values[index] = field.values[index].min(distance);
                    }
                }
            }
        }
    }
}

/// The unsigned distance of a point from a triangle.
fn distance_to_triangle(point: Vec3, corners: [Vec3; 3]) -> f32 {
    let sides = [corners[1] - corners[0], corners[2] - corners[1], corners[0] - corners[2]];
    let from = corners.map(|corner| point - corner);
    let normal = sides[0].cross(sides[2]);
    let outside: f32 = (0..3).map(|side| sides[side].cross(normal).dot(from[side]).signum()).sum();
    if outside >= 2.0 {
        let height = normal.dot(from[0]);
        return (height * height / normal.length_squared().max(1e-18)).sqrt();
    }
    let to_side = |side: usize| {
        let share = sides[side].dot(from[side]) / sides[side].length_squared().max(1e-12);
        (sides[side] * share.clamp(0.0, 1.0) - from[side]).length_squared()
    };
    to_side(0).min(to_side(1)).min(to_side(2)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maths::v;

    #[test]
    fn a_triangle_is_as_far_as_its_plane_its_side_or_its_corner() {
        let triangle = [Vec3::ZERO, Vec3::X, Vec3::Z];
        assert!((distance_to_triangle(v(0.2, 2.0, 0.2), triangle) - 2.0).abs() < 1e-6);
        assert!((distance_to_triangle(v(0.5, 0.0, -3.0), triangle) - 3.0).abs() < 1e-6);
        assert!((distance_to_triangle(v(2.0, 0.0, 0.0), triangle) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_tube_is_closed_and_a_strip_is_not() {
        let cut = |tube| {
            let hang = |across: f32, down: f32| v(across, -down, 0.0);
            Sheet::cut(&Cut { size: [10, 4], width: 1.0, tube, length: &|_| 1.0, held: 0, hang: &hang })
        };
        assert_eq!(cut(true).triangles().count(), 10 * 3 * 2);
        assert_eq!(cut(false).triangles().count(), 9 * 3 * 2);
        assert!((cut(true).cut_distance(0, 9) - 0.1).abs() < 1e-6);
    }
}
