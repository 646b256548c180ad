//! The program `metrics`.

use std::process::ExitCode;

use pushnami_common::program::run;
use pushnami_metrics::Metrics;

#[tokio::main]
async fn main() -> ExitCode {
    run::<Metrics>().await
}
