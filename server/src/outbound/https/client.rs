//! One request and its answer.

use super::Reach;
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use tokio_util::task::AbortOnDropHandle;
use url::{Host, Url};

/// From the look-up of the name to the status of the answer.
const TOTAL: Duration = Duration::from_secs(10);
/// For one of several addresses.
const CONNECT: Duration = Duration::from_secs(4);
/// Bytes that are read of an answer's body.
const BODY_MOST: usize = 64 * 1024;
/// Bytes of an answer's head.
const HEAD_MOST: usize = 64 * 1024;

/// Finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// Sends requests to whoever may be reached.
#[derive(Clone)]
pub struct Client {
    reach: Reach,
    tls: Arc<ClientConfig>,
    lookup: Lookup,
    total: Duration,
}

/// What came back: nothing of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: StatusCode,
    /// As it was written.
    pub retry_after: Option<HeaderValue>,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// The name is unknown, or leads to an address that may not be reached: which of the two, nobody learns.
    NoAddress,
    Unreachable,
    Untrusted,
    Late,
    Cut,
}

impl fmt::Display for Unsent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAddress => "The name leads to no address that may be reached.",
            Self::Unreachable => "Nobody answers at the address.",
            Self::Untrusted => "Its certificate is not trusted here, or is not for this name.",
            Self::Late => "No answer came within 10 seconds.",
            Self::Cut => "The connection ended before an answer came.",
        })
    }
}

impl Client {
    /// With the names and certificates that this machine knows.
    pub fn open(reach: Reach) -> Self {
        let mut roots = RootCertStore::empty();
        let (found, _) =
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if found == 0 {
            tracing::warn!("No certificates are trusted on this machine: no stream can use https.");
        }
        Self::with(reach, roots, Arc::new(|name| Box::pin(look_up(name))))
    }

    pub(super) fn with(reach: Reach, roots: RootCertStore, lookup: Lookup) -> Self {
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring knows the protocols that it is built with")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { reach, tls: Arc::new(tls), lookup, total: TOTAL }
    }

    #[cfg(test)]
    pub(super) fn within(self, total: Duration) -> Self {
        Self { total, ..self }
    }

    /// Who may be reached.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Sends a request to `url`, which `Reach::refuses` has read.
    pub async fn send(&self, url: &Url, request: Request<Full<Bytes>>) -> Result<Answer, Unsent> {
        timeout(self.total, self.exchange(url, request)).await.unwrap_or(Err(Unsent::Late))
    }

    async fn exchange(&self, url: &Url, request: Request<Full<Bytes>>) -> Result<Answer, Unsent> {
        let with_tls = url.scheme() == "https";
        let addresses = self.addresses(url, with_tls).await?;
        let stream = connect(&addresses).await.ok_or(Unsent::Unreachable)?;
        if !with_tls {
            return ask(stream, request).await;
        }
        let name = match url.host() {
            Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).ok(),
            Some(Host::Ipv4(ip)) => Some(ServerName::from(IpAddr::V4(ip))),
            Some(Host::Ipv6(ip)) => Some(ServerName::from(IpAddr::V6(ip))),
            None => None,
        };
        let name = name.ok_or(Unsent::NoAddress)?;
        let connected = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await;
        match connected {
            Ok(stream) => ask(stream, request).await,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Unsent::Untrusted),
            Err(_) => Err(Unsent::Cut),
        }
    }

    /// The addresses of a host: all of them may be reached, or none is.
    async fn addresses(&self, url: &Url, with_tls: bool) -> Result<Vec<SocketAddr>, Unsent> {
        let found = match url.host().ok_or(Unsent::NoAddress)? {
            Host::Ipv4(ip) => vec![IpAddr::V4(ip)],
            Host::Ipv6(ip) => vec![IpAddr::V6(ip)],
            Host::Domain(name) => {
                (self.lookup)(name.to_owned()).await.map_err(|_| Unsent::NoAddress)?
            }
        };
        let port = url.port_or_known_default().ok_or(Unsent::NoAddress)?;
        let all = found.iter().all(|ip| self.reach.admits(*ip, with_tls));
        if found.is_empty() || !all {
            return Err(Unsent::NoAddress);
        }
        Ok(found.into_iter().map(|ip| SocketAddr::new(ip.to_canonical(), port)).collect())
    }
}

async fn look_up(name: String) -> io::Result<Vec<IpAddr>> {
    Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect())
}

/// To the first that answers.
async fn connect(addresses: &[SocketAddr]) -> Option<TcpStream> {
    for address in addresses {
        if let Ok(Ok(stream)) = timeout(CONNECT, TcpStream::connect(address)).await {
            return Some(stream);
        }
    }
    None
}

async fn ask(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Unsent> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEAD_MOST);
    let (mut sender, connection) =
        builder.handshake(TokioIo::new(stream)).await.map_err(|_| Unsent::Cut)?;
    // Ends with this function, however it ends.
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let response = sender.send_request(request).await.map_err(|_| Unsent::Cut)?;
    let answer = Answer {
        status: response.status(),
        retry_after: response.headers().get(header::RETRY_AFTER).cloned(),
    };
    // Whatever becomes of the rest: it has answered.
    let _ = timeout(Duration::from_secs(1), pass_over(response.into_body())).await;
    Ok(answer)
}

/// Reads a little, so that the other side can say what it wants to say, and keeps nothing.
async fn pass_over(mut body: Incoming) {
    let mut read = 0;
    while let Some(Ok(frame)) = body.frame().await {
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > BODY_MOST {
            return;
        }
    }
}
