//! Makes cargo see a new migration: the macro that embeds them reads the folder at compile time.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
