//! The accept loop: connections that may be slow, but not for long.

use super::{
    alarm::Alarm,
    router::{self, Front},
    site::{Bounds, HttpParts, Site},
};
use axum::body::Body;
use http::Request;
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{rt::TokioIo, server::graceful::GracefulShutdown};
use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Connections at a time; more wait in the kernel's queue.
const MOST_CONNECTIONS: usize = 4096;
/// Bytes of request line and headers.
const MOST_HEADER_BYTES: usize = 32 * 1024;
/// How long to wait when the kernel has no file descriptor left for another connection.
const OUT_OF_FILES: Duration = Duration::from_millis(100);

/// Answers on `listener` until `shutdown`; then takes no more connections, finishes what is in
/// flight for at most ten seconds, and returns.
pub async fn serve(
    listener: TcpListener,
    parts: HttpParts,
    shutdown: CancellationToken,
) -> io::Result<()> {
    serve_within(listener, parts, shutdown, Bounds::NORMAL).await
}

/// [`serve`] with other bounds.
pub(super) async fn serve_within(
    listener: TcpListener,
    parts: HttpParts,
    shutdown: CancellationToken,
    bounds: Bounds,
) -> io::Result<()> {
    let site = Site::new(parts, bounds);
    let front = router::build(&site);
    let open = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let builder = protocol(&bounds);
    loop {
        let accepted = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            accepted = accept(&listener, &room) => accepted,
        };
        if let Some(client) = accepted {
            attend(&builder, &open, front.clone(), client);
        }
    }
    drop(listener);
    drain(open, &site).await;
    Ok(())
}

fn protocol(bounds: &Bounds) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .header_read_timeout(bounds.headers)
        // Answers are small: head and body in one piece cost less than a list of two.
        .writev(false)
        .max_header_size(MOST_HEADER_BYTES);
    builder
}

/// A connection, and its right to be one of so many.
struct Client {
    stream: TcpStream,
    peer: SocketAddr,
    permit: OwnedSemaphorePermit,
}

/// The next connection; none when it went away before it was looked at.
async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> Option<Client> {
    let permit = Arc::clone(room).acquire_owned().await.expect("the semaphore is never closed");
    match listener.accept().await {
        Ok((stream, peer)) => Some(Client { stream, peer, permit }),
        Err(error) => {
            let gone = matches!(
                error.kind(),
                io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
            );
            if !gone {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(OUT_OF_FILES).await;
            }
            None
        }
    }
}

/// Answers the requests of one connection, in a task of its own.
fn attend(builder: &http1::Builder, open: &GracefulShutdown, front: Front, client: Client) {
    let Client { stream, peer, permit } = client;
    // Answers are small and whole: waiting to fill a packet only adds delay.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    let service = service_fn(move |request: Request<Incoming>| {
        // An empty body needs no box.
        let request = request.map(|body| match body.is_end_stream() {
            true => Body::empty(),
            false => Body::new(body),
        });
        let answer = front.clone().answer(request, Some(peer.ip()));
        async { Ok::<_, Infallible>(answer.await) }
    });
    let mut builder = builder.clone();
    builder.timer(Alarm::default());
    let connection = open.watch(builder.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        // Clients leave, stall and send nonsense; that is theirs to know, not an error of ours.
        if let Err(error) = connection.await {
            tracing::trace!(%error, %peer, "a connection ended early");
        }
        drop(permit);
    });
}

/// Lets requests in flight end, also those whose client has left.
async fn drain(open: GracefulShutdown, site: &Site) {
    site.tasks.close();
    let finished = async {
        open.shutdown().await;
        site.tasks.wait().await;
    };
    if timeout(site.bounds.drain, finished).await.is_err() {
        tracing::warn!(requests = site.tasks.len(), "stopped while requests were still in flight");
    }
}
