//! The workspace in a browser: pages and a REST interface over one session, for one person on one machine.
//!
//! [`serve`] is the whole of it: it binds, answers until it is asked to stop, and ends what is open. Every address stands
//! in [`routes`]. Pages are rendered here and work without a script for reading; scripts and styles are inside the
//! program; nothing is fetched from anywhere.
//!
//! | module | what |
//! |---|---|
//! | [`routes`] | every address, once |
//! | [`app`] | the session, the snapshot that is read, files that wait, and work that goes on |
//! | [`uploads`], [`folders`] | files on their way in and out |
//! | [`guard`] | what every request and answer passes: whose it is, what a page may do, its size on the wire |
//! | [`problem`] | what went wrong, as a page or as problem JSON |
//! | [`pages`] | what people see |
//! | [`api`] | what programs see, with its own description |
//!
//! Invariants: a handler holds no rule of the product; what is read comes from a snapshot and never waits for a run; a
//! request from another site changes nothing.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking"))]

pub mod api;
pub mod app;
pub mod assets;
pub mod folders;
pub mod guard;
pub mod jobs;
pub mod pages;
pub mod problem;
pub mod routes;
pub mod uploads;

use app::App;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use throughline_compiler::Session;
use throughline_model::Host;

/// How long open answers may take to end once somebody asked to stop.
const GRACE_SECS: u64 = 3;
/// How often the wish to stop is looked at.
const LOOK_MS: u64 = 100;

/// What can be told to the server.
pub struct Options {
    /// Where to listen; a loopback address, because nobody is asked who they are.
    pub listen: SocketAddr,
    /// The example's files, by path, to be loaded when somebody asks for it.
    pub example: &'static [(&'static str, &'static [u8])],
}

/// The server could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address can be reached from other machines.
    #[error("{0} can be reached from other machines, and nobody is asked who they are: listen on 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// The address cannot be used.
    #[error("cannot listen on {listen}: choose another port with --listen 127.0.0.1:PORT")]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// The cause.
        source: std::io::Error,
    },
    /// The workspace cannot be used.
    #[error(transparent)]
    Workspace(#[from] throughline_compiler::Error),
    /// The surroundings gave way.
    #[error("the server stopped")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// Stable code in kebab-case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotLoopback(_) => "listen-refused",
            Self::Listen { .. } => "listen-failed",
            Self::Workspace(error) => error.code(),
            Self::Io(_) => "server-stopped",
        }
    }
}

/// Serves a workspace until the host wants to stop. `is_ready` is told the address in use.
///
/// # Errors
/// When the address cannot be used or is no loopback address, or the workspace cannot be read.
pub fn serve(
    host: Arc<dyn Host + Send + Sync>,
    session: Session,
    folder: PathBuf,
    options: &Options,
    is_ready: impl FnOnce(SocketAddr),
) -> Result<(), Error> {
    let app = Arc::new(App::new(host, session, folder, options.example)?);
    serve_app(app, options.listen, is_ready)
}

/// Serves what is there already, until its host wants to stop.
///
/// # Errors
/// When the address cannot be used or is no loopback address.
pub fn serve_app(app: Arc<App>, listen: SocketAddr, is_ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    if !listen.ip().is_loopback() {
        return Err(Error::NotLoopback(listen));
    }
    let host = Arc::clone(&app.host);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let socket = tokio::net::TcpListener::bind(listen).await.map_err(|source| Error::Listen { listen, source })?;
        is_ready(socket.local_addr()?);
        let stopping = stopping(Arc::clone(&host));
        let serving = axum::serve(socket, routes::all(app)).with_graceful_shutdown(stopping);
        let late = async {
            self::stopping(host).await;
            tokio::time::sleep(Duration::from_secs(GRACE_SECS)).await;
        };
        tokio::select! {
            ended = async { serving.await } => ended?,
            () = late => {}
        }
        Ok::<(), Error>(())
    })?;
    // Work in blocking threads stops at its next safe point, because the host says so.
    runtime.shutdown_timeout(Duration::from_secs(GRACE_SECS));
    Ok(())
}

async fn stopping(host: Arc<dyn Host + Send + Sync>) {
    while !host.is_cancelled() {
        tokio::time::sleep(Duration::from_millis(LOOK_MS)).await;
    }
}
