//! The program `abtest`.

use std::process::ExitCode;

use pushnami_abtest::Abtest;
use pushnami_common::program::run;

#[tokio::main]
async fn main() -> ExitCode {
    run::<Abtest>().await
}
