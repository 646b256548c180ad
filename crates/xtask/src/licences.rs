//! `cargo xtask licences`: whether everything that is not ours may be used, by what Cargo's metadata and npm's lock files say
//! of it; and, where a file is named, the list of it all as a CycloneDX 1.6 document. It asks nobody on the network.
//!
//! Known weaknesses are not looked up: the databases that list them (RustSec, npm's) live on the network. Where that is to
//! be had, `cargo audit` and `npm audit` read the same lock files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::cargo::cargo;
use crate::progress::{Step, say};

/// Licences whose conditions we meet, by their SPDX names. MPL-2.0 and Python-2.0 are those of tools that build the front
/// ends, and OFL-1.1 that of fonts: their files are used as they are.
const ACCEPTED: [&str; 18] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "Apache-2.0 WITH LLVM-exception",
];

/// The packages of npm, and whether anything of them is shipped or run by a user.
const FRONT_ENDS: [(&str, bool); 3] = [("landing/client", true), ("admin-ui", true), ("crates/testkit/browser", false)];

/// What was typed behind `licences`.
#[derive(clap::Args)]
pub struct Wish {
    /// Writes the list of everything, as CycloneDX, into this file.
    #[arg(long)]
    sbom: Option<PathBuf>,
}

/// One package of somebody else's.
struct Component {
    /// Its address by the rules of package URLs: `pkg:cargo/serde@1.0.229`.
    address: String,
    name: String,
    version: String,
    licence: Option<String>,
    is_shipped: bool,
}

/// Checks, and writes the list if it is wanted.
///
/// # Errors
/// When a lock file cannot be read, or something may not be used, which is named.
pub fn licences(root: &Path, wish: &Wish) -> anyhow::Result<ExitCode> {
    let step = Step::start("Licences");
    let mut components = crates(root)?;
    for (folder, is_shipped) in FRONT_ENDS {
        components.extend(packages(root, folder, is_shipped)?);
    }
    components.sort_by(|one, other| one.address.cmp(&other.address));
    components.dedup_by(|one, other| one.address == other.address);
    let refused: Vec<_> = components.iter().filter(|component| !component.may_be_used()).collect();
    if !refused.is_empty() {
        step.failed("some packages may not be used as they are");
        for component in &refused {
            say(&format!(
                "    {}: {}",
                component.address,
                component.licence.as_deref().unwrap_or("says nothing of a licence")
            ));
        }
        bail!("{} packages have licences that nobody has accepted yet (crates/xtask/src/licences.rs)", refused.len());
    }
    if let Some(file) = &wish.sbom {
        let text = serde_json::to_string_pretty(&document(&components))? + "\n";
        std::fs::write(file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    step.done(&format!("{} packages, all of accepted licences", components.len()));
    Ok(ExitCode::SUCCESS)
}

/// What Cargo.lock names.
fn crates(root: &Path) -> anyhow::Result<Vec<Component>> {
    let output = cargo(root, &["metadata", "--format-version", "1", "--locked"]).output()?;
    if !output.status.success() {
        bail!("cargo does not tell of its packages: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    // Ours have no source.
    let others = packages.iter().filter(|package| !package["source"].is_null());
    let component = |package: &Value| {
        Some(Component::new("cargo", package["name"].as_str()?, &package["version"], &package["license"], true))
    };
    Ok(others.filter_map(component).collect())
}

/// What a package-lock.json names.
fn packages(root: &Path, folder: &str, is_shipped: bool) -> anyhow::Result<Vec<Component>> {
    let file = root.join(folder).join("package-lock.json");
    let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let lock: Value = serde_json::from_str(&text)?;
    let packages = lock["packages"].as_object().context("a lock file names no packages")?;
    let component = |(path, package): (&String, &Value)| {
        let name = path.rsplit_once("node_modules/")?.1;
        Some(Component::new("npm", name, &package["version"], &package["license"], is_shipped))
    };
    Ok(packages.iter().filter_map(component).collect())
}

impl Component {
    fn new(kind: &str, name: &str, version: &Value, licence: &Value, is_shipped: bool) -> Self {
        let version = version.as_str().unwrap_or_default().to_owned();
        let address = format!("pkg:{kind}/{}@{version}", name.replace('@', "%40"));
        Self { address, name: name.to_owned(), version, licence: licence.as_str().map(str::to_owned), is_shipped }
    }

    /// Whether its licence is accepted. What only tests use is given to nobody, and may be silent about it.
    fn may_be_used(&self) -> bool {
        self.licence.as_deref().map_or(!self.is_shipped, is_accepted)
    }
}

/// Whether an SPDX expression holds with accepted licences: one side of `OR` (or, as older crates write, `/`), both of `AND`.
fn is_accepted(expression: &str) -> bool {
    let expression = expression.trim();
    for (word, enough) in [(" AND ", false), (" OR ", true), ("/", true)] {
        let parts = split_outside_brackets(expression, word);
        if parts.len() > 1 {
            let mut verdicts = parts.iter().map(|part| is_accepted(part));
            return if enough { verdicts.any(|verdict| verdict) } else { verdicts.all(|verdict| verdict) };
        }
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_accepted(inner),
        None => ACCEPTED.contains(&expression),
    }
}

fn split_outside_brackets<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0_i32, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && at >= from && text[at..].starts_with(word) => {
                parts.push(&text[from..at]);
                from = at + word.len();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// The list, as <https://cyclonedx.org/docs/1.6/json/> says.
fn document(components: &[Component]) -> Value {
    let listed: Vec<Value> = components
        .iter()
        .map(|component| {
            let mut told = json!({
                "type": "library", "bom-ref": component.address, "purl": component.address, "name": component.name,
                "version": component.version, "scope": if component.is_shipped { "required" } else { "excluded" }
            });
            if let Some(licence) = &component.licence {
                told["licenses"] = json!([{ "expression": licence.replace(" / ", "/").replace('/', " OR ") }]);
            }
            told
        })
        .collect();
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": { "component": { "type": "application", "name": "pushnami", "version": env!("CARGO_PKG_VERSION") } },
        "components": listed
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_holds_with_one_side_of_or_and_both_of_and() {
        for accepted in
            ["MIT", "GPL-3.0 OR MIT", "Unlicense/MIT", "(MIT OR GPL-2.0) AND Unicode-3.0", "Apache-2.0 / MIT"]
        {
            assert!(is_accepted(accepted), "{accepted}");
        }
        for refused in ["GPL-3.0", "MIT AND GPL-3.0", "(GPL-2.0 OR AGPL-3.0) AND MIT", "", "MITX"] {
            assert!(!is_accepted(refused), "{refused}");
        }
        let silent = |is_shipped| Component::new("npm", "@a/b", &json!("1.0.0"), &Value::Null, is_shipped);
        assert!(!silent(true).may_be_used() && silent(false).may_be_used());
        assert_eq!(silent(true).address, "pkg:npm/%40a/b@1.0.0");
    }
}
