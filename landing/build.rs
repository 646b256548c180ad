//! Tells Cargo that the embedded files are part of this crate, also when their folders appear or disappear.

fn main() {
    println!("cargo::rerun-if-changed=client/dist");
    println!("cargo::rerun-if-changed=music");
    println!("cargo::rerun-if-changed=templates");
}
