//! Turns a router into a running process: flags, logging, listening, stopping.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use mimalloc::MiMalloc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use utoipa::openapi::OpenApi;

use crate::auth::{AdminAuth, Password};
use crate::config::{CommonConfig, ConfigError, Env, SHIPPED_PASSWORD};
use crate::{caller, limits, listen, pulse, telemetry};

/// glibc's own costs a fifth of a short request, and keeps what a burst of them took.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

/// A service, as far as a process needs to know it.
pub trait Service {
    /// `abtest`, `metrics` or `landing`.
    const NAME: &'static str;
    /// The variable that holds its port, and the port if it holds none.
    const PORT: (&'static str, u16);
    /// Its own configuration.
    type Config: Send;

    /// Its OpenAPI document.
    fn document() -> OpenApi;

    /// Reads its own configuration.
    ///
    /// # Errors
    /// When a variable holds what it may not.
    fn read(env: &Env, common: CommonConfig) -> Result<Self::Config, ConfigError>;

    /// Connects to what it needs and makes its routes.
    fn build(config: Self::Config) -> impl Future<Output = anyhow::Result<Router>> + Send;
}

/// The whole of a service's `main`: `--openapi` prints its document, `--healthcheck` asks a running copy how it is
/// (for containers, whose images hold no curl), nothing at all runs it until it is told to stop.
pub async fn run<S: Service>() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None => outcome(serve::<S>().await),
        Some("--openapi") => {
            println!("{}", document_text(&S::document()));
            ExitCode::SUCCESS
        }
        Some("--healthcheck") => outcome(check_health::<S>()),
        Some(other) => {
            eprintln!("{}: unknown flag `{other}`; there are --openapi and --healthcheck", S::NAME);
            ExitCode::from(2)
        }
    }
}

/// A document as it stands in `openapi.json`.
pub fn document_text(document: &OpenApi) -> String {
    document.to_pretty_json().expect("an OpenAPI document is JSON")
}

fn outcome(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn serve<S: Service>() -> anyhow::Result<()> {
    let env = Env::load()?;
    let common = CommonConfig::read(&env, S::PORT.0, S::PORT.1)?;
    let _lines = telemetry::start_logging(&common)?;
    warn_of_open_doors(&common.admin);
    let address = SocketAddr::new(common.listen_addr, common.port);
    let drain = common.drain;
    caller::trust(common.trusted_proxies.clone());
    limits::set_writes_per_minute(common.writes_per_minute);
    if let Some(endpoint) = env.get("OTEL_EXPORTER_OTLP_ENDPOINT") {
        telemetry::spans::start(endpoint, S::NAME)?;
    }
    let config = S::read(&env, common)?;
    let listener = TcpListener::bind(address).await.map_err(|error| {
        anyhow::anyhow!("{} cannot listen on {address} ({error}); {} names another port", S::NAME, S::PORT.0)
    })?;
    // Before anything counts: a counter that was looked up earlier would count into nothing.
    telemetry::recorder();
    pulse::watch();
    let router = S::build(config).await?;
    tracing::info!("{} {} listens on http://{address}", S::NAME, env!("CARGO_PKG_VERSION"));
    tokio::spawn(told_to_stop(drain));
    listen::serve(listener, router, STOP.subscribe()).await;
    telemetry::spans::finish().await;
    tracing::info!("{} has stopped", S::NAME);
    Ok(())
}

fn warn_of_open_doors(admin: &AdminAuth) {
    match admin {
        AdminAuth::Off => tracing::warn!("ADMIN_AUTH=off: everybody who reaches this service may change everything"),
        AdminAuth::Password(Password(password)) if password == SHIPPED_PASSWORD => {
            tracing::warn!(
                "ADMIN_PASSWORD is the shipped one that everybody knows; set your own before anyone else can reach this"
            );
        }
        AdminAuth::Password(_) => {}
    }
}

/// Whether this process has been told to stop, and still takes requests: a balancer that asks how it is learns to go
/// elsewhere.
static LEAVING: AtomicBool = AtomicBool::new(false);

/// Whether this process has been told to stop.
pub fn is_leaving() -> bool {
    LEAVING.load(Ordering::Relaxed)
}

/// Whether this process takes no more requests.
static STOP: LazyLock<watch::Sender<bool>> = LazyLock::new(|| watch::Sender::new(false));

/// Returns when the process is told to stop. For answers that would otherwise never end: a stop waits for every answer.
pub async fn stopping() {
    // The sender lives as long as the process.
    let _ = STOP.subscribe().wait_for(|stop| *stop).await;
}

async fn told_to_stop(drain: Duration) {
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be listened for");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    LEAVING.store(true, Ordering::Relaxed);
    if !drain.is_zero() {
        tracing::info!("stopping in {} s: until then, balancers may notice", drain.as_secs());
        tokio::time::sleep(drain).await;
    }
    tracing::info!("stopping: no new requests, finishing those that run");
    STOP.send_replace(true);
}

fn check_health<S: Service>() -> anyhow::Result<()> {
    let env = Env::load()?;
    let listen = env.get("LISTEN_ADDR").or(env.get("BIND_ADDR")).and_then(|address| address.parse::<IpAddr>().ok());
    let host = listen.filter(|address| !address.is_unspecified()).unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let address = SocketAddr::new(host, env.port(S::PORT.0, S::PORT.1)?);
    let limit = Duration::from_secs(3);
    let mut stream = TcpStream::connect_timeout(&address, limit)?;
    stream.set_read_timeout(Some(limit))?;
    stream.write_all(format!("GET /health HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    anyhow::ensure!(answer.lines().next().is_some_and(|line| line.contains(" 200 ")), "not healthy:\n{answer}");
    Ok(())
}
