//! The animation: a channel for everything that moves, and none for what does not.

use glam::{Quat, Vec3};
use serde_json::{Value, json};

use super::buffer::Buffer;
use crate::ornament::{Ornament, Place};
use crate::rise::{self, Pose};
use crate::skeleton::Bone;

/// The channels so far.
struct Channels<'a> {
    buffer: &'a mut Buffer,
    moments: usize,
    samplers: Vec<Value>,
    channels: Vec<Value>,
}

impl Channels<'_> {
    fn add(&mut self, node: usize, path: &str, output: usize) {
        self.channels.push(json!({ "sampler": self.samplers.len(), "target": { "node": node, "path": path } }));
        self.samplers.push(json!({ "input": self.moments, "output": output, "interpolation": "LINEAR" }));
    }

    fn rotation(&mut self, node: usize, mut turns: Vec<Quat>) {
        // Both q and -q are the same turn, but the way between two neighbours must be the short one.
        for frame in 1..turns.len() {
            if turns[frame].dot(turns[frame - 1]) < 0.0 {
                turns[frame] = -turns[frame];
            }
        }
        if turns.iter().any(|turn| *turn != turns[0]) {
            let output = self.buffer.rotations(&turns);
            self.add(node, "rotation", output);
        }
    }

    fn vector(&mut self, node: usize, path: &str, vectors: &[Vec3]) {
        if vectors.iter().any(|vector| *vector != vectors[0]) {
            let output = self.buffer.vectors(vectors);
            self.add(node, path, output);
        }
    }
}

/// The clip; `nodes` are those that move the ornaments.
pub fn animation(buffer: &mut Buffer, ornaments: &[Ornament], nodes: &[usize]) -> Value {
    let moments: Vec<f32> = rise::moments().collect();
    let input = buffer.moments(&moments);
    let mut channels = Channels { buffer, moments: input, samplers: Vec::new(), channels: Vec::new() };
    let poses: Vec<Pose> = moments.iter().map(|moment| rise::pose(*moment)).collect();
    let hips: Vec<Vec3> = poses.iter().map(|pose| pose.hips).collect();
    channels.vector(Bone::Hips as usize, "translation", &hips);
    for bone in Bone::all() {
        channels.rotation(bone as usize, poses.iter().map(|pose| pose.turns[bone as usize]).collect());
    }
    for (ornament, node) in ornaments.iter().zip(nodes) {
        let places: Vec<Place> = moments.iter().map(|moment| (ornament.place)(*moment)).collect();
        let list = |pick: fn(&Place) -> Vec3| places.iter().map(pick).collect::<Vec<Vec3>>();
        channels.vector(*node, "translation", &list(|place| place.at));
        channels.rotation(*node, places.iter().map(|place| place.turn).collect());
        channels.vector(*node, "scale", &list(|place| Vec3::splat(place.size)));
    }
    json!({ "name": rise::NAME, "samplers": channels.samplers, "channels": channels.channels })
}
