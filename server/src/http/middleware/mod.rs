//! What happens around every request, from outside to inside.
//!
//! | what | pages, `/do/*` | files, health | `/v1/*` |
//! |---|---|---|---|
//! | [`envelope`]: id, client address, access log, headers, failures dressed, 30 s | ✓ | ✓ | ✓ |
//! | cross-site check (`tower_http::csrf`) | ✓ | – | – |
//! | [`body`]: the whole body, at most 64 kB, before anything is started | ✓ | – | in its handler |
//! | in its place up to 4 MB, of whoever is admitted | – | – | the one with many events |
//! | [`body::file`] in its place, within [`session`]: up to 16 MB | the one form with a file | – | – |
//! | [`detach`]: work goes on when the client leaves | ✓ | – | – |
//! | [`session`]: the caller | ✓ | – | – |
//! | [`compress`](super::compress): pages in Brotli | ✓ | when built | – |

pub(super) mod body;
mod client_address;
pub(super) mod detach;
mod envelope;
mod headers;
pub(super) mod session;

pub(super) use envelope::envelope;
pub(super) use headers::{Protections, page_policy};

use model::RequestId;
use std::net::IpAddr;

/// What the envelope knows of a request, in its extensions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrived {
    pub(super) id: RequestId,
    /// The client's address, as limits and the ledger use it.
    pub(super) ip: Option<IpAddr>,
}
