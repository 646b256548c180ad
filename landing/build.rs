//! Tells Cargo that the embedded front-end build is part of this crate, also when the folder appears or disappears.

fn main() {
    println!("cargo::rerun-if-changed=client/dist");
    println!("cargo::rerun-if-changed=templates");
}
