//! Schemathesis, which tries the services with inputs made from their OpenAPI documents. Its packages go into a folder of
//! their own, so that nothing of the machine's Python is changed.

use std::path::{Path, PathBuf};

use crate::progress::Step;
use crate::tools::wheel;

/// The released package that tries.
const PACKAGES: [&str; 1] = ["schemathesis==4.32.5"];
/// Names the folder: another version goes into another one.
const FOLDER: &str = "schemathesis-4.32.5";

/// The folder of the packages, fetched into `cache` if it is not there.
///
/// # Errors
/// When pip is not to be had or cannot fetch them.
pub fn provide(cache: &Path) -> anyhow::Result<PathBuf> {
    Step::start("Schemathesis").finish(|step| {
        let folder = cache.join(FOLDER);
        if folder.exists() {
            return Ok((folder, "is there".to_owned()));
        }
        wheel::install(step, &PACKAGES, &folder)?;
        Ok((folder, "fetched".to_owned()))
    })
}
