//! Files: the built browser side under hashed names, fonts, icons. Precompressed where the build
//! left a `.br` or `.gz` beside them.

use super::{refusal::Refusal, site::Site};
use axum::{
    Router,
    extract::Request,
    middleware::map_response,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use std::{convert::Infallible, fs, path::Path};
use tower::service_fn;
use tower_http::services::{ServeDir, ServeFile};

/// The name says which content it is: it never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Fonts and icons keep their names when they change.
const A_DAY: &str = "public, max-age=86400";
/// Files of a build without hashes: ask every time.
const ASK: &str = "no-cache";

/// A route for everything that lies in the site's folder when the program starts.
pub(super) fn routes(site: &Site) -> Router {
    let root = Path::new(&*site.leptos.site_root);
    let Ok(entries) = fs::read_dir(root) else {
        tracing::warn!(folder = %root.display(), "no browser side here: pages will be bare");
        return Router::new();
    };
    let built = if site.leptos.hash_files { FOREVER } else { ASK };
    entries.flatten().fold(Router::new(), |router, entry| {
        let Ok(name) = entry.file_name().into_string() else { return router };
        let path = entry.path();
        let keeps = if name == *site.leptos.site_pkg_dir { built } else { A_DAY };
        if name.contains(['{', '}', '*']) || name.ends_with(".br") || name.ends_with(".gz") {
            router
        } else if path.is_dir() {
            router.merge(kept(folder(&path, &name), keeps))
        } else {
            router.merge(kept(file(&path, &name), keeps))
        }
    })
}

fn folder(path: &Path, name: &str) -> Router {
    let missing =
        service_fn(|_: Request| async { Ok::<_, Infallible>(Refusal::NoFile.into_response()) });
    let files = ServeDir::new(path)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(missing);
    Router::new().nest_service(&format!("/{name}"), files)
}

fn file(path: &Path, name: &str) -> Router {
    let file = ServeFile::new(path).precompressed_br().precompressed_gzip();
    Router::new().route_service(&format!("/{name}"), file)
}

/// Says how long a file that was found may be kept.
fn kept(router: Router, keeps: &'static str) -> Router {
    router.layer(map_response(move |mut response: Response| async move {
        let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
        if found {
            let value = HeaderValue::from_static(keeps);
            response.headers_mut().insert(header::CACHE_CONTROL, value);
        }
        response
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use tower::ServiceExt;

    /// A site's folder with one built file (and its compressed twin) and one font.
    fn site_folder(name: &str) -> std::path::PathBuf {
        let root = std::env::temp_dir().join(format!("probity-{name}-{}", std::process::id()));
        for (path, text) in
            [("pkg/a.1f2e.js", "let a"), ("pkg/a.1f2e.js.br", "br"), ("robots.txt", "all")]
        {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            fs::write(path, text).expect("writable");
        }
        root
    }

    async fn got(router: &Router, path: &str, accepts: &str) -> Response {
        let request = Request::builder()
            .uri(path)
            .header(header::ACCEPT_ENCODING, accepts)
            .body(Body::empty())
            .expect("a request");
        router.clone().oneshot(request).await.expect("infallible")
    }

    #[tokio::test]
    async fn built_files_are_kept_forever_and_others_for_a_day() {
        let root = site_folder("assets");
        let router = kept(folder(&root.join("pkg"), "pkg"), FOREVER)
            .merge(kept(file(&root.join("robots.txt"), "robots.txt"), A_DAY));

        let plain = got(&router, "/pkg/a.1f2e.js", "identity").await;
        assert_eq!(plain.headers()["cache-control"], FOREVER);
        assert_eq!(plain.headers()["content-type"], "text/javascript");
        let small = got(&router, "/pkg/a.1f2e.js", "br, gzip").await;
        assert_eq!(small.headers()["content-encoding"], "br");
        let robots = got(&router, "/robots.txt", "br").await;
        assert_eq!(robots.headers()["cache-control"], A_DAY);

        for path in ["/pkg/none.js", "/pkg/../robots.txt", "/pkg/%2e%2e/robots.txt", "/pkg/"] {
            let missing = got(&router, path, "br").await;
            assert_eq!(missing.status(), StatusCode::NOT_FOUND, "{path}");
            assert!(!missing.headers().contains_key("cache-control"), "{path}");
        }
        fs::remove_dir_all(root).expect("removable");
    }
}
