//! Carves the sculpture of the landing page and writes it to `landing/client/models/`. No model of anybody else is used: stone, cloth and
//! movement are computed.
//!
//! Where to start reading: [`figure`] is the body, [`drapery`] its cloth, [`carving`] makes one skin of both, [`rise`] moves it,
//! [`glb`] writes the file, [`sky`] its light.

mod carving;
mod chance;
mod cloth;
mod drapery;
mod figure;
mod glb;
mod grid;
mod marble;
mod material;
mod maths;
mod mesh;
mod noise;
mod occlusion;
mod ornament;
mod rise;
mod skeleton;
mod skin;
mod sky;
mod solid;

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use crate::drapery::Drapery;
use crate::glb::Scene;
use crate::marble::STATUARY;
use crate::mesh::{Mesh, opaque};

/// Where the finished files belong.
const MODELS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../client/models");
/// How many triangles the figure keeps of the million it is carved with.
const TRIANGLES: usize = 38_400;

fn main() -> Result<()> {
    let start = Instant::now();
    let step = |what: &str| println!("{:>6.1} s  {what}", start.elapsed().as_secs_f32());
    let models = Path::new(MODELS);
    fs::create_dir_all(models)?;
    for (name, bytes) in files(&step) {
        step(&format!("{name}: {} bytes", bytes.len()));
        fs::write(models.join(name), bytes)?;
    }
    Ok(())
}

/// Everything that is written, by name.
fn files(step: &dyn Fn(&str)) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![("sculpture.glb".to_owned(), glb::write(&sculpt(step)))];
    files.extend([sky::dusk(), sky::night()].map(|sky| (format!("sky-{}.hdr", sky.variant), sky.picture())));
    files
}

/// The whole scene, from clay to stone.
fn sculpt(step: &dyn Fn(&str)) -> Scene {
    let body = figure::body();
    step(&format!("a body of {} shapes", body.part_count()));
    let drapery = Drapery::on(&body);
    step("dressed");
    let (field, mut statue) = carving::carve(&body, &drapery, TRIANGLES);
    step(&format!("carved: {} triangles, {} vertices", statue.triangle_count(), statue.points.len()));
    let light = occlusion::light(&field, &statue);
    let stone = statue.points.iter().zip(light);
    statue.colours = stone.map(|(point, light)| opaque(STATUARY.colour(*point, light))).collect();
    statue.bonds = skin::bonds(&statue, &body, &drapery);
    step("given light, veins and bones");
    report_lowest(&statue, step);
    let ornaments = ornament::all(&statue);
    Scene { wreath: ornament::wreath(&body), ornaments, statue }
}

/// Says how deep the figure goes into its plinth, and when: a sculptor's first question.
fn report_lowest(statue: &Mesh, step: &dyn Fn(&str)) {
    let lowest = |moment: f32| {
        rise::pose(moment).points_of(statue).into_iter().map(|point| point.y).fold(f32::MAX, f32::min)
    };
    for moment in [0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 3.2] {
        step(&format!("lowest point at {moment:.1} s: {:.3} m", lowest(moment)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_makes_the_files_that_are_committed() {
        for (name, bytes) in files(&|_| {}) {
            let committed = fs::read(Path::new(MODELS).join(&name)).unwrap();
            assert!(bytes == committed, "{name}: {} bytes made, {} committed", bytes.len(), committed.len());
        }
    }
}
