//! Taking connections. `axum::serve` waits for ever for the rest of a half-sent request and takes any number of connections, so
//! that anybody in the hall's network could use them all up; this is its loop with a time-out and a bound.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Connections at a time; a large hall's kiosks, windows and hosts are some dozens. Further ones wait.
const CONNECTIONS: usize = 1024;
/// How long the head of a request may take; also how long a connection may idle between requests.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// After the system gave no connection (no descriptors left, say).
const BREATH: Duration = Duration::from_millis(100);

/// Answers requests until `stop`, then finishes those in hand.
pub(crate) async fn answer(listener: TcpListener, router: Router, stop: CancellationToken) {
    let in_hand = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "taking a connection");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .serve_connection(TokioIo::new(stream), service);
        let connection = in_hand.watch(connection);
        tokio::spawn(async move {
            // Who hangs up or sends rubbish has had their answer, or wants none.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    in_hand.shutdown().await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(tokio::net::TcpStream, Option<tokio::sync::OwnedSemaphorePermit>)> {
    // The semaphore is never closed; without a place the connection would still be taken.
    let place = Arc::clone(places).acquire_owned().await.ok();
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, place))
}
