//! Against receivers on this machine that behave, and that do not.

use super::*;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{RootCertStore, ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};
use url::Url;

/// A receiver on this machine that answers every connection with these bytes, and counts them. It says
/// nothing where it is to hang.
pub(crate) async fn receiver(answer: Vec<u8>) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&came);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut head = vec![0; 1 << 16];
                let _ = stream.read(&mut head).await;
                if answer == b"hang" {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
                let _ = stream.write_all(&answer).await;
            });
        }
    });
    (port, came)
}

fn client(allowed: &str, found: &'static [&'static str]) -> Client {
    let allowed = match allowed {
        "" => Vec::new(),
        network => vec![network.parse().unwrap()],
    };
    let lookup: Lookup = Arc::new(move |_| {
        Box::pin(async move { Ok(found.iter().map(|ip| ip.parse::<IpAddr>().unwrap()).collect()) })
    });
    Client::with(Reach::with(allowed), RootCertStore::empty(), lookup)
        .within(Duration::from_millis(1_500))
}

async fn post(client: &Client, url: &str) -> Result<Answer, Unsent> {
    let url = Url::parse(url).unwrap();
    let request =
        Request::post(url.as_str()).header("host", "x").body(Full::new(Bytes::from("{}")));
    client.send(&url, request.unwrap()).await
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_reached_whatever_else_it_leads_to() {
    let (port, came) = receiver(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    let lists: [&[&str]; 6] = [
        &["127.0.0.1"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["8.8.8.8", "127.0.0.1"],
        &["127.0.0.1", "8.8.8.8"],
        &[],
    ];
    for found in lists {
        let client = client("", found);
        for scheme in ["https", "http"] {
            let sent = post(&client, &format!("{scheme}://siem.example.com:{port}/")).await;
            assert_eq!(sent, Err(Unsent::NoAddress), "{found:?}");
        }
    }
    // One that the operator allows does not open the others.
    let both = client("127.0.0.0/8", &["127.0.0.1", "10.0.0.1"]);
    let sent = post(&both, &format!("http://x.no:{port}/")).await;
    assert_eq!(sent, Err(Unsent::NoAddress));
    assert_eq!(came.load(Ordering::SeqCst), 0, "nobody came");
    let sent = post(&client("127.0.0.0/8", &["127.0.0.1"]), &format!("http://x.no:{port}/")).await;
    assert_eq!(sent.unwrap().status, StatusCode::OK);
}

#[tokio::test]
async fn the_name_is_looked_up_once() {
    let (port, _) = receiver(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    // Inside the second time, as somebody would who rebinds a name.
    let lookup: Lookup = Arc::new(move |_| {
        let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
        let ip: IpAddr = if first { "127.0.0.1" } else { "127.0.0.2" }.parse().unwrap();
        Box::pin(std::future::ready(Ok(vec![ip])))
    });
    let reach = Reach::with(vec!["127.0.0.1/32".parse().unwrap()]);
    let client = Client::with(reach, RootCertStore::empty(), lookup);
    let sent = post(&client, &format!("http://x.no:{port}/")).await;
    assert_eq!(sent.unwrap().status, StatusCode::NO_CONTENT);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (inside, came) = receiver(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()).await;
    let to = format!(
        "HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:{inside}/\r\ncontent-length: 0\r\n\r\n"
    );
    let (port, _) = receiver(to.into_bytes()).await;
    let client = client("127.0.0.0/8", &["127.0.0.1"]);
    let sent = post(&client, &format!("http://x.no:{port}/")).await;
    assert_eq!(sent.unwrap().status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn whoever_hangs_ends_early_or_talks_nonsense_is_told_apart_and_soon() {
    let client = client("127.0.0.0/8", &["127.0.0.1"]);
    let cases: [(&[u8], Unsent); 4] = [
        (b"hang", Unsent::Late),
        (b"", Unsent::Cut),
        (b"HTTP/1.1 200", Unsent::Cut),
        (b"220 mail.example.com ESMTP\r\n", Unsent::Cut),
    ];
    for (answer, expected) in cases {
        let (port, _) = receiver(answer.to_vec()).await;
        let began = Instant::now();
        let sent = post(&client, &format!("http://x.no:{port}/")).await;
        assert_eq!(sent, Err(expected), "{}", String::from_utf8_lossy(answer));
        assert!(began.elapsed() < Duration::from_secs(3));
    }
    let (port, _) = receiver(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()).await;
    // It speaks no TLS.
    let sent = post(&client, &format!("https://x.no:{port}/")).await;
    assert_eq!(sent, Err(Unsent::Untrusted));
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let sent = post(&client, &format!("http://x.no:{closed}/")).await;
    assert_eq!(sent, Err(Unsent::Unreachable));
}

#[tokio::test]
async fn of_a_long_answer_little_is_read_and_of_a_long_head_nothing() {
    let client = client("127.0.0.0/8", &["127.0.0.1"]);
    let mut long =
        b"HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 10485760\r\n\r\n".to_vec();
    long.resize(long.len() + (10 << 20), b'x');
    let (port, _) = receiver(long).await;
    let sent = post(&client, &format!("http://x.no:{port}/")).await.unwrap();
    assert_eq!(sent.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(sent.retry_after.unwrap(), "120");

    let mut head = b"HTTP/1.1 200 OK\r\nx: ".to_vec();
    head.resize(1 << 20, b'x');
    let (port, _) = receiver(head).await;
    let sent = post(&client, &format!("http://x.no:{port}/")).await;
    assert!(matches!(sent, Err(Unsent::Cut | Unsent::Late)), "{sent:?}");
}

/// A receiver on this machine that speaks TLS, with a certificate for this name that is over at `until`;
/// and who signed it.
async fn secret_receiver(name: &str, until: (i32, u8, u8)) -> (u16, RootCertStore) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let signed_by_itself = authority.self_signed(&authority_key).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(signed_by_itself.der().clone()).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
    leaf.not_after = date_time_ymd(until.0, until.1, until.2);
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key)).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = vec![0; 1 << 16];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        }
    });
    (port, roots)
}

#[tokio::test]
async fn a_certificate_must_be_trusted_of_this_name_and_not_be_over() {
    let send = async |roots: RootCertStore, port: u16| {
        let here: Lookup =
            Arc::new(|_| Box::pin(std::future::ready(Ok(vec![IpAddr::from([127, 0, 0, 1])]))));
        let reach = Reach::with(vec!["127.0.0.0/8".parse().unwrap()]);
        let client = Client::with(reach, roots, here);
        post(&client, &format!("https://siem.example.com:{port}/")).await
    };
    let (port, roots) = secret_receiver("siem.example.com", (4000, 1, 1)).await;
    assert_eq!(send(roots, port).await.unwrap().status, StatusCode::OK);
    assert_eq!(
        send(RootCertStore::empty(), port).await,
        Err(Unsent::Untrusted),
        "nobody trusts it"
    );
    let (port, roots) = secret_receiver("other.example.com", (4000, 1, 1)).await;
    assert_eq!(send(roots, port).await, Err(Unsent::Untrusted), "another name");
    let (port, roots) = secret_receiver("siem.example.com", (2000, 1, 1)).await;
    assert_eq!(send(roots, port).await, Err(Unsent::Untrusted), "it is over");
}
