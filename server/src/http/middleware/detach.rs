//! Work that goes on when the client leaves: a connection dropped half-way must not cancel a
//! transaction at whatever point it has reached (sqlx's `begin` is not cancel-safe).

use crate::http::{refusal::Refusal, site::Site};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

/// Runs the rest of the request in a task of its own, which shutdown waits for.
pub(in crate::http) async fn detach(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    match site.tasks.spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a request handler ended without an answer");
            Refusal::Broken.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::site::{Bounds, starting};
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::post};
    use http::StatusCode;
    use std::{
        sync::atomic::{AtomicBool, Ordering},
        time::Duration,
    };
    use tokio::time::{sleep, timeout};
    use tower::ServiceExt;

    fn sent() -> Request {
        Request::builder().method("POST").uri("/").body(Body::empty()).expect("a request")
    }

    #[tokio::test]
    async fn work_is_finished_after_its_client_has_left() {
        let site = starting(Bounds::NORMAL);
        let done = Arc::new(AtomicBool::new(false));
        let finishes = Arc::clone(&done);
        let work = move || {
            let finishes = Arc::clone(&finishes);
            async move {
                sleep(Duration::from_millis(100)).await;
                finishes.store(true, Ordering::SeqCst);
            }
        };
        let router = Router::new()
            .route("/", post(work))
            .layer(from_fn_with_state(Arc::clone(&site), detach));

        let left = timeout(Duration::from_millis(10), router.oneshot(sent())).await;
        assert!(left.is_err(), "the client leaves first");
        assert!(!done.load(Ordering::SeqCst));
        site.tasks.close();
        site.tasks.wait().await;
        assert!(done.load(Ordering::SeqCst), "shutdown waits for it, and it was finished");
    }

    #[tokio::test]
    async fn a_handler_that_panics_costs_one_answer_not_the_process() {
        async fn broken() -> StatusCode {
            panic!("on purpose")
        }
        let site = starting(Bounds::NORMAL);
        let router = Router::new().route("/", post(broken)).layer(from_fn_with_state(site, detach));
        let answer = router.oneshot(sent()).await.expect("infallible");
        assert_eq!(answer.status(), Refusal::Broken.status());
    }
}
