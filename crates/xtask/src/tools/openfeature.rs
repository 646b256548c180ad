//! OpenFeature's Python client, which the browser tests run against our service. Its packages go into a folder of their
//! own, so that nothing of the machine's Python is changed.

use std::path::{Path, PathBuf};

use crate::progress::Step;
use crate::tools::wheel;

/// The released packages that are tested.
const PACKAGES: [&str; 2] = ["openfeature-sdk==0.10.0", "openfeature-provider-ofrep==0.3.0"];
/// Names the folder: another set of packages goes into another one.
const FOLDER: &str = "openfeature-python-0.10.0-0.3.0";

/// The folder of the packages, fetched into `cache` if it is not there.
///
/// # Errors
/// When pip is not to be had or cannot fetch them.
pub fn provide(cache: &Path) -> anyhow::Result<PathBuf> {
    Step::start("OpenFeature for Python").finish(|step| {
        let folder = cache.join(FOLDER);
        if folder.exists() {
            return Ok((folder, "is there".to_owned()));
        }
        wheel::install(step, &PACKAGES, &folder)?;
        Ok((folder, "fetched".to_owned()))
    })
}
