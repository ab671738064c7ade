//! The load generator of `./dev bench`: raw connections, one request at a time on each, and little
//! else, so that what is measured has most of the machine.
//!
//! `load <address> <connections> <ms> <what each answer holds>` reads a JSON list of requests, sends
//! them in turns, and prints `{"answers":…,"seconds":…,"p50":…,"p99":…}`, latencies in ms. An answer
//! that does not hold it ends it.

use memchr::memmem;
use serde_json::json;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::{JoinSet, LocalSet},
};

struct Plan {
    address: String,
    requests: Vec<String>,
    expected: String,
    ends: Instant,
    next: AtomicUsize,
}

fn main() -> io::Result<()> {
    let [_, address, connections, ms, expected] =
        <[String; 5]>::try_from(std::env::args().collect::<Vec<_>>()).expect("four arguments");
    let requests: Vec<String> = serde_json::from_reader(io::stdin().lock())?;
    let connections: usize = connections.parse().expect("a number of connections");
    let lasts = Duration::from_millis(ms.parse().expect("milliseconds"));
    let began = Instant::now();
    let next = AtomicUsize::default();
    let plan = Arc::new(Plan { address, requests, expected, ends: began + lasts, next });
    let threads = thread::available_parallelism()?.get().min(connections);
    let running = (0..threads).map(|number| {
        let (plan, share) = (Arc::clone(&plan), (connections + number) / threads);
        thread::spawn(move || several(&plan, share))
    });
    let mut took = Vec::new();
    for thread in running.collect::<Vec<_>>() {
        took.extend(thread.join().expect("a thread does not panic")?);
    }
    let seconds = began.elapsed().as_secs_f64();
    took.sort_unstable();
    let at = |share: f64| took[(took.len() as f64 * share) as usize].as_secs_f64() * 1e3;
    let told =
        json!({ "answers": took.len(), "seconds": seconds, "p50": at(0.5), "p99": at(0.99) });
    io::Write::write_all(&mut io::stdout(), told.to_string().as_bytes())
}

/// So many connections, on this thread.
fn several(plan: &Arc<Plan>, connections: usize) -> io::Result<Vec<Duration>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    LocalSet::new().block_on(&runtime, async {
        let mut talking = JoinSet::new();
        for _ in 0..connections {
            talking.spawn_local(converse(Arc::clone(plan)));
        }
        let mut took = Vec::new();
        while let Some(ended) = talking.join_next().await {
            took.extend(ended.expect("a connection does not panic")?);
        }
        Ok(took)
    })
}

/// Asks on one connection until it is time.
async fn converse(plan: Arc<Plan>) -> io::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(&plan.address).await?;
    stream.set_nodelay(true)?;
    let (mut took, mut received) = (Vec::new(), Vec::with_capacity(1 << 16));
    while Instant::now() < plan.ends {
        let at = plan.next.fetch_add(1, Ordering::Relaxed) % plan.requests.len();
        let asked = Instant::now();
        stream.write_all(plan.requests[at].as_bytes()).await?;
        received.clear();
        while answer_length(&received).is_none_or(|length| received.len() < length) {
            if stream.read_buf(&mut received).await? == 0 {
                return Err(io::Error::other("the program closed a connection"));
            }
        }
        took.push(asked.elapsed());
        if memmem::find(&received, plan.expected.as_bytes()).is_none() {
            return Err(io::Error::other(String::from_utf8_lossy(&received).into_owned()));
        }
    }
    Ok(took)
}

/// Bytes of head and body, once the head is there. Both programs write names of headers in small
/// letters, and neither says a length with 204.
fn answer_length(received: &[u8]) -> Option<usize> {
    let head = memmem::find(received, b"\r\n\r\n")? + 4;
    let Some(at) = memmem::find(&received[..head], b"\r\ncontent-length: ") else {
        return Some(head);
    };
    let digits = received[at + 18..head].iter().take_while(|byte| byte.is_ascii_digit());
    Some(head + digits.fold(0, |length, byte| length * 10 + usize::from(byte - b'0')))
}
