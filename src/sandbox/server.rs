//! Options into a stand-in that listens, and its end.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use tokio::runtime;
use tokio::sync::oneshot;

use super::connection::{Door, Scissors};
use super::door;
use super::journal::Calls;
use super::memory::MemoryError;
use super::options::Options;
use super::service::Service;
use super::shelf::Shelved;

/// The stand-in cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// It has no door of its own against the network.
    #[error(
        "the sandbox listens on loopback addresses only, and {0} is not one: use 127.0.0.1:PORT or [::1]:PORT"
    )]
    NotLoopback(SocketAddr),
    /// The appid would not do as part of a file's name.
    #[error("`{0}` is no appid: letters, digits, `-` and `_` only")]
    BadAppid(String),
    /// The address is taken or not to be had.
    #[error("cannot listen on {address}: {cause}; give another port with --listen, or port 0 for any")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// Why not.
        cause: io::Error,
    },
    /// The memory cannot be used.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The machine gave no thread.
    #[error("cannot start the sandbox's thread: {0}")]
    Thread(io::Error),
}

/// A stand-in that is running; it ends with the value.
pub struct Sandbox {
    address: SocketAddr,
    appid: String,
    secret: String,
    service: Arc<Mutex<Service>>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts listening; when this returns, requests are answered.
    ///
    /// # Errors
    /// See [`SandboxError`]: the address, the appid, the memory or the machine.
    pub fn start(options: Options) -> Result<Self, SandboxError> {
        let asked = options.listen;
        if !asked.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(asked));
        }
        if !is_file_name(&options.appid) {
            return Err(SandboxError::BadAppid(options.appid));
        }
        let failed = |cause| SandboxError::Listen { address: asked, cause };
        let listener = TcpListener::bind(asked).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (appid, secret, latency) = (options.appid.clone(), options.secret.clone(), options.latency);
        let service = Arc::new(Mutex::new(Service::new(options, format!("http://{address}"))?));
        let (end, ended) = oneshot::channel();
        let runtime =
            runtime::Builder::new_current_thread().enable_all().build().map_err(SandboxError::Thread)?;
        let counter = door::Counter { service: Arc::clone(&service), latency };
        let serve = move || runtime.block_on(serve(listener, counter, ended));
        let thread =
            thread::Builder::new().name("sandbox".to_owned()).spawn(serve).map_err(SandboxError::Thread)?;
        Ok(Self { address, appid, secret, service, end: Some(end), thread: Some(thread) })
    }

    /// `http://127.0.0.1:PORT`
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The mini-program it knows.
    pub fn appid(&self) -> &str {
        &self.appid
    }

    /// That mini-program's secret.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// What was asked so far.
    pub fn calls(&self) -> Calls {
        self.service().calls()
    }

    /// What is on the shelf now, oldest first.
    ///
    /// # Errors
    /// When the memory cannot be read.
    pub fn goods(&self) -> Result<Vec<Shelved>, rusqlite::Error> {
        self.service().goods()
    }

    /// Puts approved goods on the shelf as the console would, and returns their id: the API may not touch them.
    ///
    /// # Errors
    /// When the memory cannot be written.
    pub fn put_console_goods(&self, name: &str) -> Result<i64, rusqlite::Error> {
        self.service().put_console_goods(name)
    }

    /// Ends it: connections are closed, and what was answered is kept.
    pub fn stop(self) {
        drop(self);
    }

    fn service(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // A panic of that thread has been told on stderr already.
            let _ = thread.join();
        }
    }
}

/// The memory's file is named after the appid.
fn is_file_name(appid: &str) -> bool {
    !appid.is_empty() && appid.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Serves until the other end of `ended` is gone; requests under way are dropped with the runtime.
async fn serve(listener: TcpListener, counter: door::Counter, ended: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let router = door::router(counter).into_make_service_with_connect_info::<Scissors>();
    tokio::select! {
        _ = ended => {}
        _ = axum::serve(Door(listener), router) => {}
    }
}
