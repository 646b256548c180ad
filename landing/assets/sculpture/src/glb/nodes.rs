//! The tree of nodes: bones first, each at its own number, then whatever hangs from them.

use serde_json::{Value, json};

use super::buffer::Box14;
use crate::ornament::{Ornament, Place};
use crate::skeleton::Bone;

/// Nodes, and the children that each of them has.
pub struct Nodes {
    nodes: Vec<Value>,
    children: Vec<Vec<usize>>,
    /// What hangs from nothing but the scene's root.
    loose: Vec<usize>,
}

impl Nodes {
    /// The bones.
    pub fn skeleton() -> Self {
        let mut nodes = Self { nodes: Vec::new(), children: Vec::new(), loose: Vec::new() };
        for bone in Bone::all() {
            let node = nodes.add(json!({ "name": bone.name(), "translation": bone.offset().to_array() }));
            nodes.attach(node, bone.parent());
        }
        nodes
    }

    /// Adds a node and says which it is.
    pub fn add(&mut self, node: Value) -> usize {
        self.nodes.push(node);
        self.children.push(Vec::new());
        self.nodes.len() - 1
    }

    fn attach(&mut self, node: usize, carrier: Option<Bone>) {
        match carrier {
            Some(bone) => self.children[bone as usize].push(node),
            None => self.loose.push(node),
        }
    }

    /// Hangs up an ornament and says which node moves it. Its mesh hangs from a second one, which undoes the quantisation.
    pub fn hang(&mut self, ornament: &Ornament, mesh: usize, space: &Box14) -> usize {
        let (low, step) = space.place();
        let drawn = self.add(json!({ "mesh": mesh, "translation": low.to_array(), "scale": [step, step, step] }));
        let Place { at, turn, size } = (ornament.place)(0.0);
        let mut outer = json!({ "name": ornament.name });
        if at != Place::ORIGIN.at {
            outer["translation"] = json!(at.to_array());
        }
        if turn != Place::ORIGIN.turn {
            outer["rotation"] = json!(turn.to_array());
        }
        if size != Place::ORIGIN.size {
            outer["scale"] = json!([size, size, size]);
        }
        let outer = self.add(outer);
        self.children[outer].push(drawn);
        self.attach(outer, ornament.carrier);
        outer
    }

    /// Adds the node above all others that are not skinned.
    pub fn root(&mut self) -> usize {
        let children = std::mem::take(&mut self.loose);
        let root = self.add(json!({ "name": "Root" }));
        self.children[root] = children;
        root
    }

    /// All nodes, as the file lists them.
    pub fn list(self) -> Vec<Value> {
        let with_children = |(mut node, children): (Value, Vec<usize>)| {
            if !children.is_empty() {
                node["children"] = json!(children);
            }
            node
        };
        self.nodes.into_iter().zip(self.children).map(with_children).collect()
    }
}
