//! Serves HTTP/1.1 on a listener: one task a connection, upgrades allowed, no Nagle.

use std::future::Future;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answer::Body;
use super::faults::gate::{Cut, Peer};

/// How long connections get to finish their request when the gateway stops.
const GRACE: Duration = Duration::from_secs(2);

/// Accepts connections until `cancel`; each request goes to `handler`, with its [`Peer`] among its extensions. A
/// connection that a fault cuts ends without an answer.
pub fn spawn<H, F>(listener: TcpListener, tasks: &TaskTracker, cancel: &CancellationToken, handler: H)
where
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, Cut>> + Send + 'static,
{
    let (tracker, cancel) = (tasks.clone(), cancel.clone());
    tasks.spawn(async move {
        loop {
            let accepted = tokio::select! {
                () = cancel.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let (handler, cancel) = (handler.clone(), cancel.clone());
                    tracker.spawn(async move { serve(stream, Peer(peer), handler, &cancel).await });
                }
                // Too many open files passes; a tight loop would not help it.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    });
}

async fn serve<H, F>(stream: TcpStream, peer: Peer, handler: H, cancel: &CancellationToken)
where
    H: Fn(Request<Incoming>) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, Cut>> + Send + 'static,
{
    // Small answers must not wait for the acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        handler(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = cancel.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = tokio::time::timeout(GRACE, connection).await;
}
