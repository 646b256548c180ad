//! Tells Cargo that the migrations are a part of this crate: a new file among them would otherwise not be noticed.

fn main() {
    println!("cargo:rerun-if-changed=../../db/migrations");
}
