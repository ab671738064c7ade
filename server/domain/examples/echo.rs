//! What a verification is measured against: a bare axum program that reads the same request, and
//! answers as many bytes. `echo <bytes of the body of a POST> <bytes of a header of a GET>` prints its
//! address and runs until it is stopped.

use axum::{
    Router,
    body::Bytes,
    routing::{get, post},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use std::io::Write;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let told = |at| std::env::args().nth(at).and_then(|text| text.parse().ok());
    let answer = Bytes::from("x".repeat(told(1).unwrap_or(300)));
    let filled = HeaderValue::from_maybe_shared(Bytes::from("x".repeat(told(2).unwrap_or(0))));
    let filled = [(HeaderName::from_static("x"), filled.expect("letters"))];
    let json = [(header::CONTENT_TYPE, "application/json")];
    let echo = post(move |body: Bytes| {
        let answer = answer.clone();
        async move { if body.is_empty() { Err(StatusCode::BAD_REQUEST) } else { Ok((json, answer)) } }
    });
    let none = get(move || {
        let filled = filled.clone();
        async { (StatusCode::NO_CONTENT, filled) }
    });
    let router = Router::new().route("/", echo).route("/bare", none);
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
