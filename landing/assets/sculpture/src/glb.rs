//! The file: a binary glTF 2.0 with quantised vertices (`KHR_mesh_quantization`), which every browser viewer reads without a decoder.
//!
//! Positions are whole numbers of 14 bits. What turns them back into metres stands in the inverse bind matrices for skinned
//! meshes, because their node's own place is ignored, and in a node of its own for the others.

mod buffer;
mod clip;
mod nodes;

use std::rc::Rc;

use glam::Mat4;
use serde_json::{Value, json};

use crate::glb::buffer::{Box14, Buffer};
use crate::glb::nodes::Nodes;
use crate::material::{EXTENSIONS, Material, VARIANTS};
use crate::mesh::Mesh;
use crate::ornament::Ornament;
use crate::skeleton::Bone;

/// Everything that is to be seen.
pub struct Scene {
    /// The figure and its cloth.
    pub statue: Mesh,
    /// The wreath, which follows the same bones.
    pub wreath: Mesh,
    /// The rest.
    pub ornaments: Vec<Ornament>,
}

/// The scene as a file.
pub fn write(scene: &Scene) -> Vec<u8> {
    let mut buffer = Buffer::default();
    let mut meshes = Vec::new();
    let space = Box14::around(&[&scene.statue, &scene.wreath]);
    let primitives = vec![
        primitive(&mut buffer, &scene.statue, &space, Material::Marble),
        primitive(&mut buffer, &scene.wreath, &space, Material::Gold),
    ];
    meshes.push(json!({ "name": "Statue", "primitives": primitives }));
    let bind: Vec<Mat4> =
        Bone::all().map(|bone| Mat4::from_translation(-bone.at()) * space.matrix()).collect();
    let bind = buffer.matrices(&bind);

    let mut nodes = Nodes::skeleton();
    let statue = nodes.add(json!({ "name": "Statue", "mesh": 0, "skin": 0 }));
    let mut moving = Vec::new();
    let mut drawn: Vec<(*const Mesh, usize)> = Vec::new();
    for ornament in &scene.ornaments {
        let space = Box14::around(&[&ornament.mesh]);
        let (shared, next) = (Rc::as_ptr(&ornament.mesh), meshes.len());
        let known = drawn.iter().find(|(mesh, _)| *mesh == shared).map(|(_, number)| *number);
        let number = known.unwrap_or_else(|| {
            let primitive = primitive(&mut buffer, &ornament.mesh, &space, ornament.material);
            meshes.push(json!({ "name": ornament.name, "primitives": [primitive] }));
            drawn.push((shared, next));
            next
        });
        moving.push(nodes.hang(ornament, number, &space));
    }
    let root = nodes.root();
    let animation = clip::animation(&mut buffer, &scene.ornaments, &moving);
    let bones: Vec<usize> = Bone::all().map(|bone| bone as usize).collect();
    let mut used = EXTENSIONS.to_vec();
    used.push("KHR_mesh_quantization");
    let document = json!({
        "asset": { "version": "2.0", "generator": "pushnami-sculpture" },
        "extensionsUsed": used,
        "extensionsRequired": ["KHR_mesh_quantization"],
        "extensions": { "KHR_materials_variants": { "variants": VARIANTS.map(|name| json!({ "name": name })) } },
        "scene": 0,
        "scenes": [{ "nodes": [root, statue] }],
        "nodes": nodes.list(),
        "skins": [{ "joints": bones, "inverseBindMatrices": bind, "skeleton": Bone::Hips as usize }],
        "materials": Material::ALL.map(Material::describe),
        "meshes": meshes,
        "animations": [animation],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{ "byteLength": buffer.bytes.len() }],
    });
    container(&document, buffer.bytes)
}

/// One mesh of one material.
fn primitive(buffer: &mut Buffer, mesh: &Mesh, space: &Box14, material: Material) -> Value {
    let mut attributes = json!({
        "POSITION": buffer.positions(mesh, space),
        "NORMAL": buffer.normals(&mesh.normals),
        "COLOR_0": buffer.colours(&mesh.colours),
    });
    if !mesh.bonds.is_empty() {
        let (joints, weights) = buffer.bonds(&mesh.bonds);
        attributes["JOINTS_0"] = json!(joints);
        attributes["WEIGHTS_0"] = json!(weights);
    }
    let number = |material: Material| Material::ALL.iter().position(|other| *other == material);
    let mut primitive = json!({
        "attributes": attributes,
        "indices": buffer.triangles(&mesh.triangles),
        "material": number(material),
    });
    if VARIANTS.iter().any(|variant| material.in_variant(variant) != material) {
        let mappings: Vec<Value> = (0..VARIANTS.len())
            .map(|variant| json!({ "material": number(material.in_variant(VARIANTS[variant])), "variants": [variant] }))
            .collect();
        primitive["extensions"] = json!({ "KHR_materials_variants": { "mappings": mappings } });
    }
    primitive
}

/// The two chunks of a GLB: the document, padded with spaces, and the buffer, padded with zeros.
fn container(document: &Value, mut bytes: Vec<u8>) -> Vec<u8> {
    let mut text = document.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    let length = 12 + 8 + text.len() + 8 + bytes.len();
    let mut file = Vec::with_capacity(length);
    file.extend(b"glTF");
    for word in [2, length as u32, text.len() as u32] {
        file.extend(word.to_le_bytes());
    }
    file.extend(b"JSON");
    file.extend(text);
    file.extend((bytes.len() as u32).to_le_bytes());
    file.extend(b"BIN\0");
    file.extend(bytes);
    file
}
