//! Connections: accepted up to a number, given up when they are silent, finished at the end.

use super::routes::{App, router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Headers must have come by then; also the time that an idle connection is kept.
const HEADERS: Duration = Duration::from_secs(15);
/// Bytes of headers.
const HEADER_BYTES: usize = 32 << 10;

/// Answers requests until `stop` ends, then finishes those that are running, in the time that a
/// request may take.
pub(super) async fn serve(listener: TcpListener, app: Arc<App>, most: usize, stop: impl Future<Output = ()>) {
    let (graceful, places) = (GracefulShutdown::new(), Arc::new(Semaphore::new(most)));
    let router = router(app.clone());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(HEADER_BYTES);
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, stream) = tokio::select! {
            (place, accepted) = accepted => match accepted {
                Ok((stream, _)) => (place, stream),
                // No more files, or a client that went away: others may still come.
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            // A client that breaks off is no failure of ours.
            let _ = connection.await;
        });
    }
    app.ready.store(false, Ordering::Relaxed);
    drop(listener);
    let _ = tokio::time::timeout(app.limits.time, graceful.shutdown()).await;
}

/// Ends on SIGTERM or SIGINT.
#[cfg(unix)]
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    })
}

/// Ends on Ctrl-C.
#[cfg(not(unix))]
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
