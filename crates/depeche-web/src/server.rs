//! How does the server listen, and how does it stop?

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::options::{Limits, Options};
use crate::state::App;
use crate::unread::Unread;
use crate::{Error, router};

/// When no connection can be taken, it is tried again after that long.
const BREATH: Duration = Duration::from_millis(50);

/// Listens until the process is told to stop. `ready` is told the address.
///
/// # Errors
///
/// When the archive cannot be opened, or the address not listened on.
pub fn serve(options: Options, ready: impl FnOnce(SocketAddr)) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    make_room();
    runtime.block_on(listen(options, ready, told_to_stop()))
}

/// Lets the process hold as many connections as the system allows it: often it may hold more
/// than it does at first.
fn make_room() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        // Should it be refused, fewer callers are served at once: no reason not to begin.
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit { current: limit.maximum, maximum: limit.maximum },
        );
    }
}

/// Listens until `stop` ends; then answers what is under way, and ends too.
///
/// # Errors
///
/// When the archive cannot be opened, or the address not listened on.
pub async fn listen(
    options: Options,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    if !options.host.is_loopback() && options.token.as_deref().is_none_or(str::is_empty) {
        return Err(Error::NoToken(options.host));
    }
    let address = SocketAddr::new(options.host, options.port);
    let app = App::new(options)?;
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|source| Error::Address { address, source })?;
    ready(listener.local_addr()?);
    let (tell, mut stop_here) = watch::channel(false);
    tokio::spawn(async move {
        stop.await;
        let _ = tell.send(true);
    });
    let limits = *app.limits();
    let service = router(&app);
    let room = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let permit = room.clone().acquire_owned();
        let next = async { (permit.await, listener.accept().await) };
        let (permit, accepted) = tokio::select! {
            next = next => next,
            () = told(&mut stop_here) => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of handles, most likely: others will be given back.
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let (service, stop) = (service.clone(), stop_here.clone());
        connections.spawn(async move {
            answer(stream, service, limits, stop).await;
            drop(permit);
        });
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(limits.farewell, all).await;
    Ok(())
}

/// Answers the requests of a connection.
async fn answer(
    stream: TcpStream,
    service: axum::Router,
    limits: Limits,
    mut stop: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(64 << 10);
    let service = TowerToHyperService::new(service);
    let connection = builder
        .serve_connection(TokioIo::new(Unread::new(stream, limits.unread)), service);
    tokio::pin!(connection);
    // How a connection ends is the caller's affair: nobody is there to be told.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = told(&mut stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

/// Waits until the server is told to stop.
async fn told(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Waits until somebody ends the process: Ctrl-C, or the system.
async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
}
