//! What a verification is measured against: a bare axum program that reads the same body, and
//! answers as many bytes as it is told. `echo <bytes>` prints its address and runs until it is
//! stopped.

use axum::{
    Router,
    body::Bytes,
    routing::{get, post},
};
use http::{StatusCode, header};
use std::io::Write;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let bytes = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(300);
    let answer = Bytes::from("x".repeat(bytes));
    let json = [(header::CONTENT_TYPE, "application/json")];
    let echo = post(move |body: Bytes| {
        let answer = answer.clone();
        async move { if body.is_empty() { Err(StatusCode::BAD_REQUEST) } else { Ok((json, answer)) } }
    });
    let router =
        Router::new().route("/", echo).route("/bare", get(|| async { StatusCode::NO_CONTENT }));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", listener.local_addr()?)?;
    out.flush()?;
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |tcp| drop(tcp.set_nodelay(true))),
        router,
    )
    .await
}
