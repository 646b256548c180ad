//! The program `landing`.

use std::process::ExitCode;

use pushnami_common::program::run;
use pushnami_landing::Landing;

#[tokio::main]
async fn main() -> ExitCode {
    run::<Landing>().await
}
