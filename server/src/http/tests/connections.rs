//! Connections that are slow, idle or in the middle of something.

use crate::http::{
    refusal::Refusal,
    serve::serve_within,
    site::{Bounds, starting_parts},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

/// A server on a port of its own.
async fn started(
    bounds: Bounds,
) -> (SocketAddr, CancellationToken, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("bound");
    let stop = CancellationToken::new();
    let server = serve_within(listener, starting_parts(), stop.clone(), bounds);
    (at, stop, tokio::spawn(server))
}

#[tokio::test]
async fn a_client_that_dribbles_its_headers_is_cut_off() {
    let bounds = Bounds { headers: Duration::from_millis(300), ..Bounds::NORMAL };
    let (at, stop, server) = started(bounds).await;
    let mut slow = TcpStream::connect(at).await.expect("connected");
    let since = Instant::now();
    let cut = async {
        for byte in b"GET /healthz HTTP/1.1\r\nHost: probity.example\r\nX-Slow: ".iter().cycle() {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if slow.write_all(&[*byte]).await.is_err() {
                break;
            }
        }
    };
    timeout(Duration::from_secs(3), cut).await.expect("cut off");
    assert!(since.elapsed() >= Duration::from_millis(300), "not before its time");
    stop.cancel();
    server.await.expect("no panic").expect("stopped");
}

/// Headers that announce ten bytes, and the first five of them.
const HALF_A_FORM: &[u8] = b"POST /do/key/create HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nname=";

#[tokio::test]
async fn a_client_that_never_ends_its_body_is_given_up() {
    let bounds = Bounds { request: Duration::from_millis(200), ..Bounds::NORMAL };
    let (at, stop, server) = started(bounds).await;
    let mut slow = TcpStream::connect(at).await.expect("connected");
    slow.write_all(HALF_A_FORM).await.expect("sent");
    let mut said = String::new();
    let read = timeout(Duration::from_secs(3), slow.read_to_string(&mut said)).await;
    read.expect("given up").expect("answered");
    assert!(said.starts_with("HTTP/1.1 503 ") && said.contains(Refusal::Slow.title()), "{said}");
    stop.cancel();
    server.await.expect("no panic").expect("stopped");
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_end() {
    let (at, stop, server) = started(Bounds::NORMAL).await;
    let mut client = TcpStream::connect(at).await.expect("connected");
    client.write_all(HALF_A_FORM).await.expect("sent");
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    client.write_all(b"abcde").await.expect("still listened to");
    let mut said = String::new();
    client.read_to_string(&mut said).await.expect("answered");
    assert!(said.contains(Refusal::Starting.title()), "{said}");
    server.await.expect("no panic").expect("stopped");
}

#[tokio::test]
async fn an_idle_connection_does_not_hold_up_the_end() {
    let (at, stop, server) = started(Bounds::NORMAL).await;
    let mut idle = TcpStream::connect(at).await.expect("connected");
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: p\r\n\r\n").await.expect("sent");
    let mut start = [0; 15];
    idle.read_exact(&mut start).await.expect("answered");
    assert_eq!(&start, b"HTTP/1.1 200 OK");
    stop.cancel();
    timeout(Duration::from_secs(2), server).await.expect("at once").expect("no panic").expect("ok");
    assert!(TcpStream::connect(at).await.is_err(), "nobody listens any more");
}
