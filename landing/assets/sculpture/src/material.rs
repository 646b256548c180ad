//! What things are made of, as glTF says it. Colours that differ between the page's variants are `KHR_materials_variants`.

use serde_json::{Value, json};

/// The materials, in their order in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Material {
    /// Polished white marble.
    Marble,
    /// The wreath.
    Gold,
    /// The plinth's dark marble.
    Nero,
    /// Light, in the first variant's colour.
    Neon,
    /// Light, in the second variant's colour.
    NeonNight,
    /// Splinters, whose breaks shimmer.
    Crystal,
    /// Nothing but dark.
    Shadow,
}

/// The page's variants, in the order of their mappings.
pub const VARIANTS: [&str; 2] = ["neon", "synthwave"];

/// Extensions that the materials use.
pub const EXTENSIONS: [&str; 4] = [
    "KHR_materials_clearcoat",
    "KHR_materials_emissive_strength",
    "KHR_materials_iridescence",
    "KHR_materials_variants",
];

impl Material {
    /// All materials.
    pub const ALL: [Self; 7] =
        [Self::Marble, Self::Gold, Self::Nero, Self::Neon, Self::NeonNight, Self::Crystal, Self::Shadow];

    /// What a variant shows in the place of this one.
    pub fn in_variant(self, variant: &str) -> Self {
        if self == Self::Neon && variant == VARIANTS[1] { Self::NeonNight } else { self }
    }

    /// Its entry in the file.
    pub fn describe(self) -> Value {
        let stone = |name: &str, roughness: f32, extensions: Value| {
            json!({ "name": name, "extensions": extensions,
                "pbrMetallicRoughness": { "metallicFactor": 0, "roughnessFactor": roughness } })
        };
        let coat = |factor: f32, roughness: f32| {
            json!({ "KHR_materials_clearcoat": { "clearcoatFactor": factor, "clearcoatRoughnessFactor": roughness } })
        };
        match self {
            Self::Marble => stone("Marble", 0.42, coat(0.35, 0.22)),
            Self::Nero => stone("Nero", 0.30, coat(0.5, 0.12)),
            Self::Crystal => stone(
                "Crystal",
                0.16,
                json!({ "KHR_materials_iridescence": { "iridescenceFactor": 0.9, "iridescenceIor": 1.5,
                    "iridescenceThicknessMaximum": 420 } }),
            ),
            Self::Gold => json!({ "name": "Gold", "doubleSided": true, "pbrMetallicRoughness": {
                "baseColorFactor": [1.0, 0.71, 0.29, 1.0], "metallicFactor": 1, "roughnessFactor": 0.28 } }),
            Self::Neon => light("Neon", [1.0, 0.22, 0.66]),
            Self::NeonNight => light("NeonNight", [0.10, 0.86, 1.0]),
            Self::Shadow => json!({ "name": "Shadow", "alphaMode": "BLEND", "pbrMetallicRoughness": {
                "baseColorFactor": [0, 0, 0, 1], "metallicFactor": 0, "roughnessFactor": 1 } }),
        }
    }
}

fn light(name: &str, colour: [f32; 3]) -> Value {
    json!({ "name": name, "emissiveFactor": colour,
        "extensions": { "KHR_materials_emissive_strength": { "emissiveStrength": 3.2 } },
        "pbrMetallicRoughness": { "baseColorFactor": [0, 0, 0, 1], "metallicFactor": 0, "roughnessFactor": 1 } })
}
