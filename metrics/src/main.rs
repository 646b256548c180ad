//! The program `metrics`.

use std::process::ExitCode;

use pushnami_common::program::run;
use pushnami_metrics::Metrics;

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() != Some("--verify") {
        return run::<Metrics>().await;
    }
    match pushnami_metrics::verify().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the rollups could not be verified: {error:#}");
            ExitCode::FAILURE
        }
    }
}
