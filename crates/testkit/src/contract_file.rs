//! Files that must equal what the code says.

use std::path::Path;

/// Holds a committed file against the code.
///
/// # Panics
/// When it differs; the message says how to write it anew.
pub fn check_file(path: impl AsRef<Path>, current: &str) {
    let path = path.as_ref();
    let on_file = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        on_file.trim_end() == current.trim_end(),
        "{} is not what the code says; run `cargo xtask openapi` and look at the difference",
        path.display()
    );
}
