//! `cargo xtask openapi`: each service prints its own document, the files hold them, and the admin's types are generated
//! from the files. Code, documents and client are one thing that way.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

use crate::cargo::{Profile, build_services};
use crate::command::run;
use crate::frontend::{self, Package};
use crate::progress::{Step, say};
use crate::services;
use crate::tools::node::Node;

/// Writes the documents and the types, or with `check` says whether they are current.
///
/// # Errors
/// When a file is stale and `check` was asked for.
pub fn openapi(root: &Path, check: bool) -> anyhow::Result<ExitCode> {
    let admin = Package::admin(root);
    let node = Node::provide(&root.join(".pushnami/cache"))?;
    for package in [&Package::landing_client(root), &admin] {
        Step::start(package.name).finish(|step| {
            let _turn = frontend::take_turn(step, root)?;
            package.install(step, &node)?;
            // The landing service holds the built script inside it.
            if package.name != admin.name {
                package.build(step, &node)?;
            }
            Ok(((), "ready".to_owned()))
        })?;
    }
    build_services(root, Profile::Dev)?;
    let mut kept = documents(root);
    kept.extend(sources(&admin.folder().join("src"))?);
    let before = read(&kept);
    let outcome = write(root, &admin, &node);
    kept.extend(sources(&admin.folder().join("src"))?);
    kept.sort();
    kept.dedup();
    let stale: Vec<PathBuf> = kept.into_iter().filter(|file| fs::read(file).ok() != before_of(&before, file)).collect();
    if check || outcome.is_err() {
        restore(&stale, &before)?;
    }
    outcome?;
    report(root, &stale, check)
}

fn write(root: &Path, admin: &Package, node: &Node) -> anyhow::Result<()> {
    Step::start("Documents").finish(|step| {
        for service in services::NAMES {
            step.detail(service);
            let output = Command::new(Profile::Dev.folder(root).join(service)).arg("--openapi").output()?;
            if !output.status.success() {
                bail!("{service} --openapi failed: {}", String::from_utf8_lossy(&output.stderr).trim());
            }
            let mut text = String::from_utf8(output.stdout).context("a document is not text")?.trim_end().to_owned();
            text.push('\n');
            fs::write(root.join(service).join("openapi.json"), text)?;
        }
        Ok(((), "one for each service".to_owned()))
    })?;
    Step::start("Types of the admin").finish(|step| {
        run(step, &mut node.npm(admin.folder(), &["run", "generate"]), "the admin's types could not be generated")?;
        Ok(((), "generated".to_owned()))
    })
}

fn documents(root: &Path) -> Vec<PathBuf> {
    services::NAMES.iter().map(|service| root.join(service).join("openapi.json")).collect()
}

/// All files of the admin's sources: whichever of them `npm run generate` writes is found by comparing.
fn sources(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn read(files: &[PathBuf]) -> Vec<(PathBuf, Vec<u8>)> {
    files.iter().filter_map(|file| Some((file.clone(), fs::read(file).ok()?))).collect()
}

fn before_of(before: &[(PathBuf, Vec<u8>)], file: &Path) -> Option<Vec<u8>> {
    before.iter().find(|(known, _)| known == file).map(|(_, text)| text.clone())
}

fn restore(files: &[PathBuf], before: &[(PathBuf, Vec<u8>)]) -> anyhow::Result<()> {
    for file in files {
        match before_of(before, file) {
            Some(text) => fs::write(file, text)?,
            None => fs::remove_file(file)?,
        }
    }
    Ok(())
}

fn report(root: &Path, stale: &[PathBuf], check: bool) -> anyhow::Result<ExitCode> {
    let names: Vec<_> =
        stale.iter().map(|file| file.strip_prefix(root).unwrap_or(file).display().to_string()).collect();
    match (stale.is_empty(), check) {
        (true, _) => say("  everything was current"),
        (false, true) => bail!("stale: {}; `cargo xtask openapi` writes them anew", names.join(", ")),
        (false, false) => say(&format!("  written: {}", names.join(", "))),
    }
    Ok(ExitCode::SUCCESS)
}
